"""Sets up Claimtag in this folder, when that is needed, and runs it.

    python3 run.py [--port N] [--host H] [--no-browser]    start the server and open the browser
    python3 run.py test [words for pytest]                 run every test
    python3 run.py WORD ...                                the same as `claimtag WORD ...`

It needs Python 3.11 and nothing else. The packages that the locks name, with their hashes, go into
`.venv`, which is made anew whenever the lock, the Python or the place of this folder has changed.
"""

import sys

# Older Pythons read the whole file before they come to this line, so it keeps to the syntax of 3.6.
if sys.version_info < (3, 11):  # noqa: UP036
    sys.exit(f"Claimtag needs Python 3.11 or newer, and this is Python {sys.version.split()[0]}.")

import hashlib
import importlib.util
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
LOCK = ROOT / "requirements.lock"
TEST_LOCK = ROOT / "requirements-test.lock"

GATE = VENV / "setup.gate"  # held by the one start that may change .venv
UNFINISHED = VENV / "setup.unfinished"  # there while packages come in, and after an interruption

SERVE_OPTIONS = ("--port", "--host", "--no-browser")
NOT_FOR_US = ("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "__PYVENV_LAUNCHER__", "PIP_TARGET", "PIP_PREFIX")


def main(words: list[str]) -> NoReturn:
    if words[:1] == ["test"]:
        set_up([LOCK, TEST_LOCK])
        os.chdir(ROOT)
        hand_over("pytest", words[1:])
    set_up([LOCK])
    wants_server = not words or words[0].split("=")[0] in SERVE_OPTIONS
    hand_over("webapp", ["serve", *words] if wants_server else words)


def set_up(locks: list[Path]) -> None:
    if is_ready(locks):
        return
    if VENV.is_symlink():
        VENV.unlink()  # what it leads to is another folder's, and stays as it is
    VENV.mkdir(exist_ok=True)
    with one_start_at_a_time():
        if is_ready(locks):  # another start has just done it
            return
        if not is_ready([LOCK]):
            make_venv()
        install(locks)


def is_ready(locks: list[Path]) -> bool:
    if UNFINISHED.exists() or not PYTHON.exists():
        return False
    return all(stamp(lock).exists() and stamp(lock).read_text() == fingerprint(lock) for lock in locks)


def stamp(lock: Path) -> Path:
    return VENV / f"{lock.name}.installed"


def fingerprint(lock: Path) -> str:
    """What a finished install depends on: the lock, the Python, and where both stand."""
    place = "\n".join((sys.version.split()[0], sys.base_prefix, str(ROOT)))
    return hashlib.sha256(lock.read_bytes() + os.fsencode(place)).hexdigest()


@contextmanager
def one_start_at_a_time() -> Iterator[None]:
    """Hold the gate. The system lets it go when its holder ends, however that happens."""
    with GATE.open("a") as gate:
        if not taken(gate.fileno()):
            say("Another start is setting up .venv; waiting for it ...")
            while not taken(gate.fileno()):
                time.sleep(0.2)
        # A pip that outlives its killed parent keeps the gate shut until it ends as well.
        os.set_inheritable(gate.fileno(), True)
        yield


def taken(gate: int) -> bool:
    try:
        if sys.platform == "win32":
            msvcrt.locking(gate, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(gate, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def make_venv() -> None:
    if importlib.util.find_spec("ensurepip") is None:
        sys.exit(
            "This Python cannot make a virtual environment. On Debian and Ubuntu this command helps:\n"
            f"    sudo apt install {debian_package()}"
        )
    say("Setting up .venv (once; needs the network) ...")
    UNFINISHED.touch()
    for old in set(VENV.iterdir()) - {GATE, UNFINISHED}:
        if old.is_dir() and not old.is_symlink():
            shutil.rmtree(old)
        else:
            old.unlink()
    venv = [sys.executable, "-I", "-m", "venv", str(VENV)]
    run_quietly(venv, "Could not make the virtual environment .venv.")


def debian_package() -> str:
    ours = f"python3.{sys.version_info.minor}"
    is_default = os.path.realpath("/usr/bin/python3") == f"/usr/bin/{ours}"
    return "python3-venv" if is_default else f"{ours}-venv"


def install(locks: list[Path]) -> None:
    say("Installing packages: " + ", ".join(lock.name for lock in locks) + " ...")
    UNFINISHED.touch()
    pip = [str(PYTHON), "-I", "-m", "pip", "install", "--disable-pip-version-check", "--require-hashes"]
    for lock in locks:
        pip += ["-r", str(lock)]
    run_quietly(pip, "Could not install the packages that Claimtag needs. Is there a network connection?")
    for lock in locks:
        stamp(lock).write_text(fingerprint(lock))
    UNFINISHED.unlink()


def run_quietly(command: list[str], complaint: str) -> None:
    """Run one step of the set-up; when it fails, say the complaint and the step's last lines."""
    step = subprocess.run(
        command,
        env={**environment(), "PIP_USER": "0"},
        close_fds=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    if step.returncode != 0:
        # What a step refused to do it has left as it was; only an interrupted one leaves the mark.
        UNFINISHED.unlink(missing_ok=True)
        sys.exit("\n    ".join([complaint, *step.stdout.strip().splitlines()[-6:]]))


def hand_over(module: str, words: list[str]) -> NoReturn:
    """Become `python -m module words`, so that signals, streams and exit code are the module's own."""
    # -P keeps the caller's folder out of sys.path; PYTHONPATH puts this checkout there.
    command = [str(PYTHON), "-P", "-m", module, *words]
    env = {**environment(), "PYTHONPATH": str(ROOT)}
    if sys.platform == "win32":  # where execve would give the shell its prompt back at once
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the module too, which decides
        sys.exit(subprocess.run(command, env=env).returncode)
    os.execve(command[0], command, env)


def environment() -> dict[str, str]:
    """The caller's environment without what would lead our Python to another one's packages."""
    return {name: value for name, value in os.environ.items() if name not in NOT_FOR_US}


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        say("Stopped. The next start begins the set-up again.")
        sys.exit(130)
    except OSError as problem:
        sys.exit(f"Claimtag could not be set up: {problem}")
