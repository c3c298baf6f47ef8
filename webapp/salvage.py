"""What a damaged SQLite file still gives: the rows of a table that can be read, counted around the damage."""

import sqlite3
from contextlib import closing
from pathlib import Path

from webapp.sqlite_file import open_for_reading

TABLES = {"articles": "article", "sentences": "sentence", "answers": "annotation", "notes": "assessment"}
MOST_TRIED = 200_000
"""Numbers between the last row read from the front and the first one from the end that are tried one by one."""


def readable(database: Path) -> str:
    """How many rows of each table can be read, in words."""
    found = []
    for noun, table in TABLES.items():
        with closing(open_for_reading(database)) as opened:
            found.append(f"{noun} {len(_readable_ids(opened, table)):,}")
    return ", ".join(found)


def _readable_ids(database: sqlite3.Connection, table: str) -> set[int]:
    """The numbers of the rows whose every column can be read."""
    front, is_whole = _read_on(database, table, "ASC")
    if is_whole:
        return front
    back, _ = _read_on(database, table, "DESC")
    found = front | back
    first, last = max(front, default=0) + 1, min(back, default=max(front, default=0) + 1)
    for number in range(first, min(last, first + MOST_TRIED)):
        try:
            if database.execute(f"SELECT * FROM {table} WHERE id = ?", (number,)).fetchone():
                found.add(number)
        except sqlite3.DatabaseError:
            continue
    return found


def _read_on(database: sqlite3.Connection, table: str, order: str) -> tuple[set[int], bool]:
    """Rows in this order up to the first that cannot be read, and whether there was none of that kind."""
    found: set[int] = set()
    try:
        for row in database.execute(f"SELECT id, * FROM {table} ORDER BY id {order}"):
            found.add(row[0])
    except sqlite3.DatabaseError:
        return found, False
    return found, True
