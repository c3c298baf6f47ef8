"""A table as Parquet, in groups of rows; for who has installed the extra."""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from importlib import import_module
from itertools import islice
from typing import IO, Any

from webapp.domain.errors import BadExport
from webapp.domain.export import Column, csv_rows

AT_ONCE = 5_000
"""Rows that are held, and make a group."""
MISSING = "Parquet is written by pyarrow, which is not installed here: `pip install 'claimtag[parquet]'` gets it."


def write_parquet(columns: Sequence[Column], pieces: Iterable[str], file: IO[bytes]) -> None:
    """Write the CSV of a table. Raises BadExport where the extra is not installed."""
    try:
        arrow: Any = import_module("pyarrow")
    except ImportError:
        raise BadExport(MISSING, "format") from None
    kinds = {"integer": arrow.int64(), "boolean": arrow.bool_(), "time": arrow.timestamp("ms", "UTC")}
    schema = arrow.schema(
        [
            arrow.field(column.name, kinds.get(column.type, arrow.string()), metadata={"description": column.meaning})
            for column in columns
        ],
        metadata={"claimtag": json.dumps({"empty": "null: not recorded"})},
    )
    rows = csv_rows(pieces)
    next(rows)
    values = [_VALUES.get(column.type, str) for column in columns]
    with import_module("pyarrow.parquet").ParquetWriter(file, schema) as writer:
        while some := list(islice(rows, AT_ONCE)):
            held = [
                arrow.array([value(row[place]) if row[place] else None for row in some], type=field.type)
                for place, (value, field) in enumerate(zip(values, schema, strict=True))
            ]
            writer.write_batch(arrow.record_batch(held, schema=schema))


def _moment(cell: str) -> datetime:
    return datetime.fromisoformat(cell.replace("Z", "+00:00"))


_VALUES: dict[str, Callable[[str], Any]] = {"integer": int, "boolean": "true".__eq__, "time": _moment}
