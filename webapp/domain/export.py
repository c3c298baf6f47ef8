"""What all shapes of an export share: what a column is, a CSV file in pieces, and the guard against formulas."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Type = Literal["text", "integer", "boolean", "date", "time", "uuid", "json"]


@dataclass(frozen=True)
class Column:
    """One column of a shape: its header and its row in docs/export.md are made from this."""

    name: str
    type: Type
    meaning: str
    unit: str = ""
    allowed: tuple[str, ...] = ()
    """What a cell may hold beside nothing; empty where the type alone says it."""


def compact_json(value: Any) -> str:
    """What a cell of a json column holds, in one line."""
    return _COMPACT.encode(value)


_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def chosen(**options: bool) -> list[str]:
    """The names of the options that were chosen, for the audit."""
    return [name for name, wanted in options.items() if wanted]


def csv_parts(
    columns: Sequence[Column], parts: Iterable[Sequence[Sequence[str]]], *, bom: bool = False, guard: bool = False
) -> Iterator[str]:
    """A CSV file (RFC 4180) of rows in pieces: the header, then one piece for each part that has rows."""
    cells = Cells(guard=guard)
    return csv_of_lines(columns, map(cells.lines, parts), bom=bom)


def csv_of_lines(columns: Sequence[Column], pieces: Iterable[str], *, bom: bool = False) -> Iterator[str]:
    """The same of lines that are written already, as many in a piece as its maker likes."""
    yield ("\ufeff" if bom else "") + Cells()([column.name for column in columns]) + "\r\n"
    yield from filter(None, pieces)


def csv_rows(pieces: Iterable[str]) -> Iterator[list[str]]:
    """The rows of a CSV file in pieces, its header first; no piece ends within a row."""
    for piece in pieces:
        yield from csv.reader(io.StringIO(piece, newline=""))


QUOTE, DOUBLED = '"', '""'
NEEDS_QUOTES = re.compile('[,"\r\n]')


class Cells:
    """Writes cells side by side as a line of CSV holds them, without its end; each guarded where that is asked for."""

    def __init__(self, *, guard: bool = False) -> None:
        self._guard = guard
        self._buffer = io.StringIO(newline="")
        self._writer = csv.writer(self._buffer)

    def __call__(self, cells: Sequence[str]) -> str:
        return self.lines([cells])[: -len("\r\n")]

    def lines(self, rows: Iterable[Sequence[str]]) -> str:
        """Whole lines, one for each row."""
        self._writer.writerows([[guarded(cell) for cell in row] for row in rows] if self._guard else rows)
        lines = self._buffer.getvalue()
        self._buffer.seek(0)
        self._buffer.truncate()
        return lines

    def one(self, cell: str) -> str:
        """A single cell among others, as `csv` writes it, in a third of the time."""
        if self._guard:
            cell = guarded(cell)
        return f'"{cell.replace(QUOTE, DOUBLED)}"' if NEEDS_QUOTES.search(cell) else cell


FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")


def guarded(cell: str) -> str:
    """The cell with one apostrophe in front where a spreadsheet would take it for a formula.

    The reader takes exactly one apostrophe away from a cell that `FORMULA` matches behind it.
    """
    return "'" + cell if FORMULA.match(cell) else cell
