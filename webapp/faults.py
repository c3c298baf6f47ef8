"""Errors of databases and disks as sentences for people: what cannot be done just now, and what helps."""

import errno
import sqlite3
import time

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from webapp.config import command
from webapp.db import HELD
from webapp.domain.errors import Unavailable

AT_ONCE = "Others changed the same at the same moment, so nothing was saved; try again in a few seconds."
FULL = "The disk is full, so nothing could be saved; free some space on it, and saving goes on."
DAMAGED = (
    f"The database file is damaged; `{command('verify')}` says what can still be read, "
    f"and `{command('restore', 'FILE')}` puts a backup in its place."
)
BROKEN_DISK = "The disk with the database reports an error; look at the disk and at its free space, then try again."
READ_ONLY = (
    "The database cannot be written; the account that runs Claimtag needs the right to write the database file and "
    "its folder."
)
NOT_OPENED = (
    "The database file cannot be opened; its folder must exist, and the account that runs Claimtag must be allowed to "
    "read and write it."
)
NOT_REACHED = "PostgreSQL cannot be reached; see that it runs and that CLAIMTAG_DATABASE_URL names it."
NOT_ADMITTED = "PostgreSQL does not let Claimtag in; look at user, password and database in CLAIMTAG_DATABASE_URL."

OF_SQLITE: dict[int, tuple[str, int]] = {
    sqlite3.SQLITE_BUSY: (HELD, 2),
    sqlite3.SQLITE_LOCKED: (HELD, 2),
    sqlite3.SQLITE_FULL: (FULL, 30),
    sqlite3.SQLITE_IOERR: (BROKEN_DISK, 30),
    sqlite3.SQLITE_CORRUPT: (DAMAGED, 60),
    sqlite3.SQLITE_NOTADB: (DAMAGED, 60),
    sqlite3.SQLITE_READONLY: (READ_ONLY, 30),
    sqlite3.SQLITE_PERM: (READ_ONLY, 30),
    sqlite3.SQLITE_CANTOPEN: (NOT_OPENED, 30),
}
"""By SQLite's primary code: the sentence, and the seconds after which another try is worth it."""

OF_POSTGRES: dict[str, tuple[str, int]] = {
    "08": (NOT_REACHED, 5),  # connection
    "40": (AT_ONCE, 1),  # refused time and again: see `reruns`
    "28": (NOT_ADMITTED, 30),  # authorization
    "3D": (NOT_ADMITTED, 30),  # no such database
    "53100": (FULL, 30),
    "53": ("PostgreSQL has no connection or memory left for this; try again in a few seconds.", 5),
    "55P03": (HELD, 2),
    "57": (NOT_REACHED, 5),  # shut down, or starting up
    "58": (BROKEN_DISK, 30),
    "25006": (READ_ONLY, 30),
}
"""By the beginning of an SQLSTATE, the longest first."""

NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def unavailable(error: BaseException) -> Unavailable | None:
    """What an error says about the database or the disk; None when it says nothing about them."""
    if isinstance(error, Unavailable):
        return error
    if isinstance(error, NoConnectionFree):
        return Unavailable("The server is too busy just now; try again in a few seconds.", 5)
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", None)
        known = OF_SQLITE.get(code & 0xFF) if code else None
        return Unavailable(*known) if known else None
    if isinstance(cause, OSError) and cause.errno in NO_ROOM:
        return Unavailable(FULL, 30)
    if type(cause).__module__.startswith("psycopg"):
        return _of_postgres(cause)
    return None


def _of_postgres(error: BaseException | None) -> Unavailable | None:
    state = getattr(error, "sqlstate", None)
    if state is None:  # no answer of the server at all
        refused = "authentication failed" in str(error) or "does not exist" in str(error)
        is_about_the_connection = type(error).__name__ in ("OperationalError", "ConnectionTimeout", "AdminShutdown")
        return Unavailable(NOT_ADMITTED if refused else NOT_REACHED, 5) if is_about_the_connection else None
    for length in (5, 2):
        if known := OF_POSTGRES.get(state[:length]):
            return Unavailable(*known)
    return None


class Repeated:
    """Keeps a log from filling with one sentence: told once, and once a minute while it goes on."""

    def __init__(self) -> None:
        self._told: dict[str, float] = {}

    def is_news(self, sentence: str) -> bool:
        now = time.monotonic()
        if now - self._told.get(sentence, -60) < 60:
            return False
        self._told[sentence] = now
        return True


def sentence(error: BaseException) -> str | None:
    """For the command line, where addresses and files are the person's own: the same, and what a setting lacks."""
    if known := unavailable(error):
        return str(known)
    if isinstance(error, ModuleNotFoundError) and error.name == "psycopg":
        return "PostgreSQL needs the extra `postgres`, which is not installed: `pip install claimtag[postgres]`."
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}."
    return None
