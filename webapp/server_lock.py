"""One server on one database file: a lock on a file beside it, which the system lets go when its holder ends."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from webapp.domain.errors import InUse

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_held: dict[Path, int] = {}
"""Of this process: the open lock file of each database."""

FAR_AWAY = 2**30
"""Where the locked byte lies on Windows, so that others can read what is written at the beginning."""


def take(database: Path, doing: str) -> None:
    """Hold the lock until this process ends or lets it go. Raises InUse when another process has it."""
    if database in _held:
        return
    file = os.open(_lock_file(database), os.O_RDWR | os.O_CREAT, 0o600)
    if not _locked(file):
        os.close(file)
        raise InUse(database, _holder(database))
    _held[database] = file
    tell(database, doing)


def tell(database: Path, doing: str) -> None:
    """Write down what the holder does, for whoever finds the lock taken."""
    if (file := _held.get(database)) is not None:
        os.ftruncate(file, 0)
        os.lseek(file, 0, os.SEEK_SET)
        os.write(file, f"process {os.getpid()}, which {doing}".encode())


def release(database: Path) -> None:
    """Let go; the file stays, because deleting it would let two processes lock two files of that name."""
    if (file := _held.pop(database, None)) is not None:
        os.close(file)


@contextmanager
def held(database: Path, doing: str, wait: float = 0) -> Iterator[None]:
    """Hold the lock for as long as this takes; a process that has it already keeps it. Raises InUse after `wait` s."""
    had_it = database in _held
    until = time.monotonic() + wait
    while True:
        try:
            take(database, doing)
            break
        except InUse:
            if time.monotonic() >= until:
                raise
            time.sleep(0.1)
    try:
        yield
    finally:
        if not had_it:
            release(database)


def in_use(database: Path) -> str | None:
    """Who holds the lock, in words; None when nobody does."""
    if database in _held:
        return None
    try:
        file = os.open(_lock_file(database), os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    except OSError:  # no server was ever started, or it is another account's
        return None
    try:
        return None if _locked(file) else _holder(database)
    finally:
        os.close(file)


def _lock_file(database: Path) -> Path:
    return database.with_name(f"{database.name}.lock")


def _holder(database: Path) -> str:
    try:
        return _lock_file(database).read_text() or "another process"
    except OSError:
        return "another process"


def _locked(file: int) -> bool:
    try:
        if sys.platform == "win32":
            os.lseek(file, FAR_AWAY, os.SEEK_SET)
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True
