"""How a table is written: a name, a media type, an ending, and what makes bytes of its CSV.

A format either streams, or is filled into a file that goes out once it is whole.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import IO, Any

from webapp.domain.export import Column
from webapp.export.parquet import write_parquet
from webapp.export.sav import write_sav
from webapp.export.spreadsheet import write_xlsx

Columns = Sequence[Column]


@dataclass(frozen=True)
class TableFormat:
    """One of `stream` and `fill` is there."""

    label: str
    media: str
    ending: str
    stream: Callable[[Columns, Iterable[str]], Iterator[bytes]] | None = None
    fill: Callable[[Columns, Iterable[str], IO[bytes]], None] | None = None
    module: str | None = None
    """What has to be installed for it beside the app."""

    @property
    def told(self) -> str:
        """Its label, and whether it cannot be written here."""
        is_missing = self.module is not None and find_spec(self.module) is None
        return f"{self.label} (not installed here)" if is_missing else self.label


def _csv(_columns: Columns, pieces: Iterable[str]) -> Iterator[bytes]:
    return (piece.encode() for piece in pieces)


def _jsonl(columns: Columns, pieces: Iterable[str]) -> Iterator[bytes]:
    """One object a row, under the names of the columns; numbers, booleans and lists are such, nothing is null."""
    names, values = [column.name for column in columns], [_VALUES.get(column.type, str) for column in columns]
    is_header = True
    for piece in pieces:
        lines = []
        for row in csv.reader(io.StringIO(piece, newline="")):
            if is_header:
                is_header = False
                continue
            told = {name: value(cell) if cell else None for name, value, cell in zip(names, values, row, strict=True)}
            lines.append(json.dumps(told, ensure_ascii=False, separators=(",", ":")))
        if lines:
            yield ("\n".join(lines) + "\n").encode()


_VALUES: dict[str, Callable[[str], Any]] = {"integer": int, "json": json.loads, "boolean": "true".__eq__}

TABLE_FORMATS = {
    "csv": TableFormat("CSV", "text/csv", "csv", stream=_csv),
    "jsonl": TableFormat("JSON Lines", "application/jsonl", "jsonl", stream=_jsonl),
    "xlsx": TableFormat(
        "XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", fill=write_xlsx
    ),
    "parquet": TableFormat(
        "Parquet", "application/vnd.apache.parquet", "parquet", fill=write_parquet, module="pyarrow"
    ),
    "sav": TableFormat("SPSS", "application/x-spss-sav", "sav", fill=write_sav),
}
