"""The SQLite file as the file system knows it: whether it is still the one that was opened."""

import os
from pathlib import Path

from webapp.domain.errors import Unavailable


class DatabaseFile:
    """Remembers which file a process opened, by device and inode, and tells when another one, or none, is in its place.

    SQLite goes on writing to a file that was renamed or deleted under it, without a word.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self._name = os.fspath(self.path)
        self._wal = f"{self._name}-wal"
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
