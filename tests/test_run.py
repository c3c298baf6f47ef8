"""run.py in folders of its own, with a small stand-in for the app and locks that need no network."""

import ast
import json
import os
import re
import runpy
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
RUN = ROOT / "run.py"
LOCKS = ("requirements.lock", "requirements-test.lock")

on_posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and process groups of POSIX")

STAND_IN = """
import json, os, sys, time
words = sys.argv[1:]
if words == ["exit"]:
    print("a complaint", file=sys.stderr)
    sys.exit(7)
if words == ["wait"]:
    print(os.getpid(), flush=True)
    time.sleep(60)
if words == ["echo"]:
    sys.stdout.buffer.write(sys.stdin.buffer.read())
else:
    names = ("PYTHONHOME", "VIRTUAL_ENV", "PYTHONPATH")
    environment = {name: os.environ[name] for name in names if name in os.environ}
    print(json.dumps({"words": words, "prefix": sys.prefix, "cwd": os.getcwd(), "environment": environment}))
"""

# The locks here are empty, so that no test needs a network; this package nobody has.
UNOBTAINABLE = "claimtag-no-such-package==1.0 --hash=sha256:" + "0" * 64 + "\n"


def make_checkout(folder: Path) -> Path:
    (folder / "webapp").mkdir(parents=True)
    (folder / "webapp" / "__init__.py").touch()
    (folder / "webapp" / "__main__.py").write_text(STAND_IN)
    for lock in LOCKS:
        (folder / lock).touch()
    shutil.copy(RUN, folder)
    return folder


def command(checkout: Path, *words: str) -> list[str]:
    return [sys.executable, str(checkout / "run.py"), *words]


def start(checkout, *words, **options):
    return subprocess.run(command(checkout, *words), capture_output=True, timeout=900, **options)


def pretending(checkout, pretence):
    """Start run.py in a Python that was first told something untrue about itself."""
    program = f"import runpy, sys\n{pretence}\nrunpy.run_path('run.py', run_name='__main__')"
    return subprocess.run([sys.executable, "-c", program], capture_output=True, cwd=checkout, timeout=900)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A checkout that has been started once, in a folder with a blank and letters beyond ASCII."""
    folder = make_checkout(tmp_path_factory.mktemp("Meine Übungen") / "ein Ordner")
    first = start(folder)
    assert first.returncode == 0, first.stderr.decode()
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    return make_checkout(tmp_path / "frisch ü")


@pytest.mark.parametrize(
    ("words", "passed_on"),
    [
        ([], ["serve"]),
        (["--no-browser"], ["serve", "--no-browser"]),
        (["--port", "9000", "--host", "::1"], ["serve", "--port", "9000", "--host", "::1"]),
        (["--port=9000"], ["serve", "--port=9000"]),
        (["serve", "--port", "9000"], ["serve", "--port", "9000"]),
        (["split", "-"], ["split", "-"]),
        (["import", "a file.txt", "Köln.txt"], ["import", "a file.txt", "Köln.txt"]),
        (["--help"], ["--help"]),
    ],
)
def test_no_words_and_options_start_the_server_and_other_words_are_passed_on(checkout, words, passed_on):
    answer = json.loads(start(checkout, *words).stdout)

    assert answer["words"] == passed_on
    assert Path(answer["prefix"]).samefile(checkout / ".venv")


def test_the_first_word_test_runs_pytest_in_the_checkout_from_wherever_it_is_called(checkout, tmp_path):
    modules = next((checkout / ".venv").glob("**/site-packages"))
    report = "import os, sys; print(sys.argv[1:], os.path.exists('run.py'))"
    (modules / "pytest.py").write_text(report)

    tests = start(checkout, "test", "-k", "two words", cwd=tmp_path)

    assert tests.stdout.decode().strip() == "['-k', 'two words'] True"


def test_a_second_start_is_silent_and_installs_nothing(checkout):
    stamps = sorted((checkout / ".venv").glob("*.installed"))
    before = [stamp.stat().st_mtime_ns for stamp in stamps]

    second = start(checkout, "split")

    assert second.stderr == b""
    assert [stamp.stat().st_mtime_ns for stamp in stamps] == before != []


def test_standard_input_and_output_pass_through_byte_for_byte(checkout):
    everything = bytes(range(256)) * 3 + b"\r\n\n"

    assert start(checkout, "echo", input=everything).stdout == everything


def test_the_exit_code_and_the_complaint_are_those_of_the_command(checkout):
    failed = start(checkout, "exit")

    assert (failed.returncode, failed.stdout, failed.stderr.strip()) == (7, b"", b"a complaint")


def test_the_callers_folder_and_python_settings_lead_nowhere_else(checkout, tmp_path):
    decoy = tmp_path / "webapp"
    decoy.mkdir()
    for name in ("__init__.py", "__main__.py"):
        (decoy / name).write_text("raise SystemExit('the wrong webapp')")
    misleading = {"PYTHONPATH": str(tmp_path), "PYTHONHOME": sys.base_prefix, "VIRTUAL_ENV": str(tmp_path)}

    started = start(checkout, "where", cwd=tmp_path, env={**os.environ, **misleading})

    answer = json.loads(started.stdout)
    assert answer["environment"] == {"PYTHONPATH": str(checkout)}
    assert Path(answer["cwd"]).samefile(tmp_path)
    assert started.stderr == b""


@on_posix
def test_a_signal_reaches_the_command_itself(checkout):
    with subprocess.Popen(command(checkout, "wait"), stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert int(process.stdout.readline()) == process.pid
        process.terminate()

    assert process.returncode == -signal.SIGTERM


def test_packages_that_cannot_be_had_are_said_in_a_sentence_and_leave_the_rest_working(checkout):
    lock = checkout / "requirements-test.lock"
    before = lock.read_text()
    lock.write_text(UNOBTAINABLE)

    failed = start(checkout, "test", env={**os.environ, "PIP_NO_INDEX": "1"})
    lock.write_text(before)

    assert failed.returncode == 1
    assert failed.stdout == b""
    complaint = failed.stderr.decode()
    assert "Could not install the packages that Claimtag needs. Is there a network connection?" in complaint
    assert "No matching distribution found for claimtag-no-such-package==1.0" in complaint
    assert "Traceback" not in complaint
    assert start(checkout, "split").stderr == b""


@on_posix
def test_after_a_killed_set_up_two_starts_at_once_make_one_sound_environment(fresh):
    killed = subprocess.Popen(command(fresh), stderr=subprocess.DEVNULL, start_new_session=True)
    while not (fresh / ".venv" / "pyvenv.cfg").exists():
        time.sleep(0.01)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.wait()

    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    both = [subprocess.Popen(command(fresh, word), **pipes) for word in ("one", "two")]
    said = [process.communicate(timeout=900) for process in both]

    assert [json.loads(out)["words"] for out, _ in said] == [["one"], ["two"]]
    assert sum(b"Setting up .venv" in err for _, err in said) == 1
    assert start(fresh, "third").stderr == b""


@on_posix
def test_an_environment_whose_python_has_vanished_is_made_anew(checkout):
    venv = checkout / ".venv"
    (venv / "leftover").mkdir()
    (venv / "bin" / "python").unlink()
    (venv / "bin" / "python").symlink_to(checkout / "no python here")

    repaired = start(checkout, "again")

    assert json.loads(repaired.stdout)["words"] == ["again"]
    assert b"Setting up .venv" in repaired.stderr
    assert not (venv / "leftover").exists()


@on_posix
def test_a_link_to_the_environment_of_another_folder_leaves_that_one_alone(checkout, fresh):
    (fresh / ".venv").symlink_to(checkout / ".venv")

    assert start(fresh, "one").returncode == 0
    assert not (fresh / ".venv").is_symlink()
    assert start(checkout, "two").stderr == b""


@pytest.mark.parametrize("change", ["the lock", "the Python", "the place"])
def test_a_change_of_the_lock_the_python_or_the_place_asks_for_a_new_install(fresh, monkeypatch, change):
    before = runpy.run_path(str(fresh / "run.py"))["fingerprint"](fresh / "requirements.lock")

    if change == "the lock":
        (fresh / "requirements.lock").write_text("# another")
    if change == "the Python":
        monkeypatch.setattr(sys, "version", "3.99.0 (main)")
    if change == "the place":
        fresh = fresh.rename(fresh.parent / "moved")

    assert runpy.run_path(str(fresh / "run.py"))["fingerprint"](fresh / "requirements.lock") != before


def test_a_python_without_ensurepip_is_told_the_one_command_that_helps(fresh):
    failed = pretending(fresh, "sys.modules['ensurepip'] = None")

    assert failed.returncode == 1
    assert re.search(rb"^ *sudo apt install python3(\.\d+)?-venv$", failed.stderr, re.MULTILINE)
    assert b"Traceback" not in failed.stderr


def test_a_python_that_is_too_old_is_told_so_in_one_sentence(fresh):
    failed = pretending(fresh, "sys.version_info, sys.version = (3, 9, 2, 'final', 0), '3.9.2 (default)'")

    assert failed.returncode == 1
    assert failed.stderr.decode().splitlines() == ["Claimtag needs Python 3.11 or newer, and this is Python 3.9.2."]


def test_old_pythons_can_read_the_file_as_far_as_that_sentence():
    ast.parse(RUN.read_text(), feature_version=(3, 6))


def test_run_py_imports_nothing_beyond_the_standard_library():
    statements = list(ast.walk(ast.parse(RUN.read_text())))
    imported = {alias.name for node in statements if isinstance(node, ast.Import) for alias in node.names}
    imported |= {str(node.module) for node in statements if isinstance(node, ast.ImportFrom)}

    assert {name.split(".")[0] for name in imported} <= sys.stdlib_module_names


def requirements(lock: str) -> dict[str, list[str]]:
    """Package and version of each requirement with the lines that follow it, up to the next one."""
    found: dict[str, list[str]] = {}
    for line in (ROOT / lock).read_text().splitlines():
        if re.match(r"[a-z0-9]", line):
            found[line.removesuffix(" \\")] = []
        elif found:
            found[next(reversed(found))].append(line.strip())
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_every_requirement_of_a_lock_is_pinned_and_hashed(lock):
    for requirement, lines in requirements(lock).items():
        assert [spec.operator for spec in Requirement(requirement).specifier] == ["=="]
        assert any(re.match(r"--hash=sha256:[0-9a-f]{64}\b", line) for line in lines), requirement


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_host_no_index_and_no_folder(lock):
    text = (ROOT / lock).read_text()

    assert re.findall(r"(?i).*(?:://|index|find-links|\.(?:org|com|net|io)\b| @ |file:|\s[~/]\S).*", text) == []


def test_the_lock_holds_every_direct_dependency_in_a_version_that_suits():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    direct = {
        "requirements.lock": project["project"]["dependencies"],
        "requirements-test.lock": project["dependency-groups"]["test"],
    }
    for lock, dependencies in direct.items():
        pins = [Requirement(requirement) for requirement in requirements(lock)]
        for dependency in map(Requirement, dependencies):
            versions = [
                spec.version
                for pin in pins
                for spec in pin.specifier
                if canonicalize_name(pin.name) == canonicalize_name(dependency.name)
            ]
            assert versions, f"{dependency} is not in {lock}: `make lock` writes it anew"
            assert all(dependency.specifier.contains(version) for version in versions), dependency


def test_the_lock_for_tests_holds_the_same_packages_as_the_lock_for_running_and_more():
    assert set(requirements("requirements.lock")) < set(requirements("requirements-test.lock"))
