"""What all shapes of an export share: what a column is, a CSV file in pieces, and the guard against formulas."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal
from uuid import UUID

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


@lru_cache(maxsize=10_000)
def dashed(stored: str | UUID | None) -> str:
    """A uuid as every shape writes it, given as it is stored; empty for none."""
    return "" if stored is None else str(stored if isinstance(stored, UUID) else UUID(stored))


def compact_json(value: Any) -> str:
    """What a cell of a json column holds, in one line."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def chosen(**options: bool) -> list[str]:
    """The names of the options that were chosen, for the audit."""
    return [name for name, wanted in options.items() if wanted]


def csv_parts(
    columns: Sequence[Column], parts: Iterable[Sequence[Sequence[str]]], *, bom: bool = False, guard: bool = False
) -> Iterator[str]:
    """A CSV file (RFC 4180) of rows in pieces: the header, then one piece for each part that has rows."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow([column.name for column in columns])
    yield ("\ufeff" if bom else "") + _emptied(buffer)
    for rows in parts:
        writer.writerows(map(_guarded_row, rows) if guard else rows)
        if rows:
            yield _emptied(buffer)


def _guarded_row(row: Sequence[str]) -> list[str]:
    return [guarded(cell) for cell in row]


def _emptied(buffer: io.StringIO) -> str:
    content = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return content


FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")


def guarded(cell: str) -> str:
    """The cell with one apostrophe in front where a spreadsheet would take it for a formula.

    The reader takes exactly one apostrophe away from a cell that `FORMULA` matches behind it.
    """
    return "'" + cell if FORMULA.match(cell) else cell
