"""Answers as a package keeps them, and which of them were handed in, by far the most of its rows: what many of them say
alike is written once.
"""

import json
from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from webapp.domain.export import Cells, Column
from webapp.domain.uuids import dashed

FIRST = ("sentence_id", "assignment_id", "analyst_id")
LAST = ("note", "active_seconds", "id", "version", "is_current", "client_id", "created_at")
"""Columns that differ from row to row. What stands between them is what an answer says: in a row one list in JSON,
which a driver hands over in a third of the time of as many cells.
"""
DISTINCT = 20_000
"""Answers whose cells are kept in case the same is said again, as most are."""


class AnswerLines:
    """Writes rows as lines of CSV; uuids come as they are stored, and what is true or false as the database has it."""

    def __init__(self, columns: Sequence[Column]) -> None:
        names = tuple(column.name for column in columns)
        assert (*names[: len(FIRST)], *names[-len(LAST) :]) == (*FIRST, *LAST), "rows are taken apart by place"
        said = columns[len(FIRST) : -len(LAST)]
        self._uuids = [place for place, column in enumerate(said) if column.type == "uuid"]
        self._flags = [place for place, column in enumerate(said) if column.type == "boolean"]
        self._cells = Cells()
        self._written: dict[str, str] = {}

    def __call__(self, rows: Iterable[tuple[Any, ...]]) -> str:
        """Lines of rows, whose cells are in the order of the columns."""
        one, written = self._cells.one, self._written
        keys: dict[str, str] = {}
        coders = {None: ""}
        lines: list[str] = []
        for sentence, key, coder, said, note, seconds, number, version, is_current, client_id, at in rows:
            if (words := written.get(said)) is None:
                words = self._write(said)
            if key not in keys:
                keys[key] = dashed(key)
            if coder not in coders:
                coders[coder] = one(coder)
            lines.append(
                f"{sentence},{keys[key]},{coders[coder]},{words},{one(note) if note else ''},"
                f"{'' if seconds is None else seconds},{number},{version},{'true' if is_current else 'false'},"
                f"{dashed(client_id)},{at}\r\n"
            )
        return "".join(lines)

    def _write(self, said: str) -> str:
        if len(self._written) == DISTINCT:
            self._written.clear()
        cells = json.loads(said)
        for place in self._uuids:
            cells[place] = dashed(cells[place])
        for place in self._flags:
            cells[place] = "true" if cells[place] else "false"
        words = self._written[said] = self._cells(cells)
        return words


def handed_in_lines(rows: Iterable[tuple[str, int, int]]) -> str:
    """Lines of answers that were handed in: the key of the work as it is stored, which time, and the answer."""
    lines: list[str] = []
    for (key, submission), answers in groupby(rows, key=itemgetter(0, 1)):
        head = f"{dashed(key)},{submission}"
        lines += [f"{head},{answer}\r\n" for *_, answer in answers]
    return "".join(lines)
