"""A table as XLSX: row after row in bounded memory, and no text ever becomes a formula, a link or a number."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from importlib import import_module
from typing import IO, Any

from webapp.domain.errors import BadExport
from webapp.domain.export import Column, csv_rows

MOST_ROWS = 1_048_575
"""Of one sheet, behind its header; what is more goes on in the next."""
LONGEST_CELL = 32_767
CREATED = datetime(2000, 1, 1)  # the same for all, so that the same data is the same bytes
OPTIONS = {"constant_memory": True, **{f"strings_to_{kind}": False for kind in ("numbers", "formulas", "urls")}}


def write_xlsx(columns: Sequence[Column], pieces: Iterable[str], file: IO[bytes]) -> None:
    """Write the CSV of a table, of which no piece ends within a row, as a workbook. Columns of numbers hold numbers.

    Raises BadExport for a cell that no spreadsheet holds; the file is of no use then.
    """
    # Loaded by whoever wants it: most starts of the program do not.
    workbook: Any = import_module("xlsxwriter").Workbook(file, OPTIONS)
    workbook.set_properties({"created": CREATED})
    try:
        _fill(workbook, columns, csv_rows(pieces))
    finally:
        workbook.close()  # which removes its own files for the time being


def _fill(workbook: Any, columns: Sequence[Column], rows: Iterator[list[str]]) -> None:
    header = next(rows)
    numbers = {place for place, column in enumerate(columns) if column.type == "integer"}
    sheet, at = _sheet(workbook, header), 0
    for row in rows:
        if at == MOST_ROWS:
            sheet, at = _sheet(workbook, header), 0
        at += 1
        for column, cell in enumerate(row):
            if column in numbers and cell:
                sheet.write_number(at, column, int(cell))
            elif cell:
                _require_short(cell, header[column])
                sheet.write_string(at, column, cell)


def _sheet(workbook: Any, header: Sequence[str]) -> Any:
    sheet = workbook.add_worksheet()
    sheet.freeze_panes(1, 0)
    for column, name in enumerate(header):
        sheet.write_string(0, column, name)
    return sheet


def _require_short(cell: str, column: str) -> None:
    if len(cell.encode("utf-16-le")) > 2 * LONGEST_CELL:
        raise BadExport(
            f"“{cell[:40]}…” in the column “{column}” has more than the {LONGEST_CELL:,} characters that a cell of a "
            "spreadsheet holds; take the file as CSV."
        )
