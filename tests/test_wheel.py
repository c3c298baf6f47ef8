"""The built wheel, installed in an environment of its own and driven from an unrelated folder."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urljoin
from urllib.request import HTTPCookieProcessor, OpenerDirector, ProxyHandler, build_opener

import pytest
from bs4 import BeautifulSoup

from tests.signing_in import open_link

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60  # seconds; only a server that never answers comes near it

pytestmark = pytest.mark.wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
    (built,) = folder.glob("claimtag-*.whl")
    return built


LOCKED = re.findall(r"^([\w.-]+)==([^\s;]+)", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
"""Names and versions; a name has a line for each version that an older Python needs."""


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The folder of commands of an environment that holds the locked packages and the wheel, nothing else.

    The packages are copied from the environment of the tests, which `run.py` has installed by their hashes.
    """
    venv = tmp_path_factory.mktemp("elsewhere ü") / "env"
    run(sys.executable, "-m", "venv", "--without-pip", venv)
    python = venv / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    packages = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip())
    for name in {name for name, _ in LOCKED}:
        copy_package(name, packages)
    run(sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index", wheel)
    yield python.parent
    shutil.rmtree(venv)


def copy_package(name: str, packages: Path) -> None:
    """Put a package that is installed here, if this kind of machine has it, with its data beside it, elsewhere."""
    try:
        package = distribution(name)
    except PackageNotFoundError:
        return  # of another system: the lock is for all; what is missing shows as soon as the command starts
    assert (name, package.version) in LOCKED
    for top in {file.parts[0] for file in package.files or () if file.parts[0] not in ("..", "__pycache__")}:
        here, there = Path(str(package.locate_file(top))), packages / top
        shutil.copytree(here, there, dirs_exist_ok=True) if here.is_dir() else shutil.copy(here, there)


def test_the_wheel_carries_templates_static_files_seeds_docs_and_migrations(wheel):
    with zipfile.ZipFile(wheel) as archive:
        inside = {name for name in archive.namelist() if not name.endswith("/")}

    for folder in ("templates", "static", "seeds", "docs", "webapp/migrations"):
        files = [path.relative_to(ROOT) for path in (ROOT / folder).rglob("*") if path.is_file()]
        wanted = {f"webapp/{path.as_posix().removeprefix('webapp/')}" for path in files if path.suffix != ".pyc"}
        assert wanted, f"{folder} is empty"
        assert wanted <= inside


def test_the_wheel_carries_nothing_but_the_package(wheel):
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.split("/")[0] for name in archive.namelist()}

    assert {top for top in tops if not top.endswith(".dist-info")} == {"webapp"}


def test_the_installed_command_explains_itself(installed, tmp_path):
    said = run(installed / "claimtag", "--help", cwd=tmp_path)

    assert said.startswith("Usage: claimtag ")
    assert "serve" in said


def test_the_installed_package_is_the_one_that_runs(installed, tmp_path):
    found = run(installed / "python", "-c", "import webapp; print(webapp.__file__)", cwd=tmp_path)

    assert Path(found.strip()).is_relative_to(installed.parent)


def test_the_printed_link_opens_the_sample_article_signed_in(installed, tmp_path):
    with served(installed, tmp_path) as (address, printed):
        browser = build_opener(ProxyHandler({}), HTTPCookieProcessor(CookieJar()))
        assert status(browser, f"{address}/healthz") == 200

        (link,) = re.findall(rf"{re.escape(address)}/sign-in/\S+", printed)
        with open_link(browser, link) as answer:
            page = BeautifulSoup(answer.read(), "html.parser")
            here = answer.url
        assert "/sign-in" not in here
        assert len(page.select("#sentences .s")) == 16
        stylesheets = [urljoin(here, str(sheet["href"])) for sheet in page.select("link[rel=stylesheet]")]
        assert stylesheets
        assert {status(browser, sheet) for sheet in stylesheets} == {200}

        with browser.open(link) as again:
            assert "/sign-in" not in again.url
        stranger = build_opener(ProxyHandler({}), HTTPCookieProcessor(CookieJar()))
        with stranger.open(link) as refused:
            assert "/sign-in" in refused.url

    assert (tmp_path / "instance" / "claimtag.sqlite").exists()


@contextmanager
def served(installed: Path, folder: Path) -> Iterator[tuple[str, str]]:
    """The installed server's address and what it has printed; it must end cleanly when it is asked to."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    log = folder / "printed.txt"
    unrelated = folder / "unrelated"
    unrelated.mkdir()
    environment = bare_environment() | {
        "CLAIMTAG_INSTANCE": str(folder / "instance"),
        "PYTHONUNBUFFERED": "1",
    }
    command = [installed / "claimtag", "serve", "--no-browser", "--port", str(port)]
    with log.open("wb") as out:
        server = subprocess.Popen(command, cwd=unrelated, env=environment, stdout=out, stderr=out)
    try:
        wait_until_healthy(server, address, log)
        yield address, log.read_text()
    finally:
        server.terminate()
        server.wait(PATIENCE)
        print(log.read_text())  # pytest shows it when the test fails
    if sys.platform != "win32":
        assert server.returncode in (0, -signal.SIGTERM)
    assert "Traceback" not in log.read_text()
    assert list(unrelated.iterdir()) == []


def wait_until_healthy(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    browser = build_opener(ProxyHandler({}))
    deadline = time.monotonic() + PATIENCE
    while server.poll() is None and time.monotonic() < deadline:
        try:
            if status(browser, f"{address}/healthz") == 200 and "/sign-in/" in log.read_text():
                return
        except URLError:
            pass
        time.sleep(0.1)
    pytest.fail(f"The server did not answer. It printed:\n{log.read_text()}")


def status(browser: OpenerDirector, url: str) -> int:
    with browser.open(url, timeout=PATIENCE) as answer:
        return int(answer.status)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def bare_environment() -> dict[str, str]:
    """This environment without what would lead Python or Claimtag back to the checkout."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "CLAIMTAG_"))}


def run(*command: object, cwd: Path | None = None) -> str:
    words = [str(word) for word in command]
    done = subprocess.run(words, capture_output=True, text=True, cwd=cwd, env=bare_environment())
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
