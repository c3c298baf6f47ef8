"""The SQLite file as the file system knows it: still the one that was opened? damaged? copied whole?"""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from webapp.domain.errors import Unavailable


class DatabaseFile:
    """Remembers which file a process opened, by device and inode, and tells when another one, or none, is in its place.

    SQLite goes on writing to a file that was renamed or deleted under it, without a word.
    """

    def __init__(self, path: Path) -> None:
        self._name = os.fspath(path.absolute())  # looked at as it was named, so that a link led elsewhere is noticed
        self.path = path.resolve()  # SQLite keeps its log beside the file itself
        self._wal = f"{self.path}-wal"
        self._identity: tuple[int, int] | None = None
        self._has_wal = False

    def address(self) -> str:
        """What to open: as a rule an existing file only, since an empty one in its place would pass for the database.

        Raises Unavailable when the file is not the one that was opened first, or when it is missing and left its log.
        """
        if self._identity is None:
            if not self.path.exists() and _size(self._wal):
                raise Unavailable(
                    f"{self.path.name} is missing, but {self.path.name}-wal with its newest changes is there: "
                    "put the database file back beside it."
                )
            if not self.path.exists() and restoring(self.path).exists():
                raise Unavailable(
                    f"{self.path.name} is missing because a restore was interrupted: restore the backup once more, "
                    f"or, to begin with an empty database, delete {restoring(self.path).name}."
                )
            return f"{self.path.as_uri()}?mode=rwc"
        self.require_in_place()
        return f"{self.path.as_uri()}?mode=rw"

    def opened(self, has_wal: bool) -> None:
        """A connection is open; the first one says which file this is about."""
        if self._identity is None:
            self._identity = _identity(self._name)
            self._has_wal = has_wal

    def forget(self, *_: object) -> None:
        """All connections are closed: whatever is there at the next one counts."""
        self._identity = None

    def require_in_place(self) -> None:
        """Raises Unavailable when the path no longer leads to the open file."""
        if self._identity is not None and _identity(self._name) != self._identity:
            raise Unavailable(
                f"The database file {self.path.name} was moved, deleted or replaced under the running server, "
                "so nothing can be saved: put it back, or stop the server and start it again."
            )

    def require_saved(self) -> None:
        """After a commit: raises Unavailable when what was committed is in no file that the next start will read."""
        self.require_in_place()
        if self._has_wal and self._identity is not None and _identity(self._wal) is None:
            raise Unavailable(
                f"{self.path.name}-wal, which holds the newest changes of the database, was moved or deleted under "
                "the running server: put it back, or stop the server and start it again."
            )

    def fault(self) -> str | None:
        """What is wrong with the file's place, in a sentence."""
        try:
            self.require_in_place()
        except Unavailable as gone:
            return str(gone)
        return None


def _identity(path: str) -> tuple[int, int] | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except OSError:
        return 0


# ---- files at rest


def with_companions(database: Path) -> list[Path]:
    """The file and what SQLite keeps beside it while it is open: one without the others is not whole."""
    return [database.with_name(database.name + suffix) for suffix in ("", "-wal", "-shm")]


def size_of(database: Path) -> int:
    """Bytes of the database, its newest changes included."""
    return sum(_size(os.fspath(file)) for file in with_companions(database)[:2])


def restoring(database: Path) -> Path:
    """Where a restore prepares the file that is to take the place of this one."""
    return database.with_name(f"{database.name}.restoring")


def is_damage(error: BaseException | None) -> bool:
    """Whether SQLite says that the content of the file is broken."""
    error = getattr(error, "orig", None) or error
    code = getattr(error, "sqlite_errorcode", None)
    if code is not None and code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return True
    return isinstance(error, sqlite3.OperationalError) and "Could not decode" in str(error)


def open_for_reading(database: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True, timeout=10)


def copy_database(source: Path, target: Path) -> None:
    """A copy as of one moment, of a file that may be in use; one file on the disk, which stands for itself."""
    for file in with_companions(target):
        file.unlink(missing_ok=True)
    if (free := shutil.disk_usage(target.absolute().parent).free) < (needed := size_of(source)):
        raise Unavailable(f"There is no room for {target.name}: it needs {_mb(needed)}, and {_mb(free)} are free.")
    with closing(open_for_reading(source)) as original, closing(sqlite3.connect(target)) as copy:
        original.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # else its first reader would put a log beside it
    sync(target)


def is_whole(database: Path) -> bool:
    """Whether SQLite can read the file from end to end."""
    try:
        with closing(open_for_reading(database)) as opened:
            return bool(opened.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        return False


def put_in_place(part: Path, target: Path) -> None:
    """Give a finished file its name, for good also if the power fails now."""
    sync(part)
    part.replace(target)
    sync(target.parent)


def sync(path: Path) -> None:
    """Have the file, or the names in a folder, written to the disk."""
    try:
        opened = os.open(path, os.O_RDONLY if path.is_dir() or os.name != "nt" else os.O_RDWR)
    except PermissionError:  # Windows opens no folders
        return
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _mb(size: int) -> str:
    return f"{size / 1_000_000:,.1f} MB"
