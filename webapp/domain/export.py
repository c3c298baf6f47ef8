"""What all shapes of an export share: a CSV file in pieces, and the guard against formulas."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence


def chosen(**options: bool) -> list[str]:
    """The names of the options that were chosen, for the audit."""
    return [name for name, wanted in options.items() if wanted]


def csv_parts(
    parts: Iterable[Sequence[Sequence[str]]], *, bom: bool, guard: bool, columns: Sequence[str]
) -> Iterator[str]:
    """A CSV file (RFC 4180) of rows in pieces: the header, then one piece for each part that has rows."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(columns)
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
