"""A table in CSV as rows with the numbers of their lines, for commands that name the line at fault."""

import csv
import io
from collections.abc import Iterator

from webapp.domain.errors import DomainError


def text_of(content: str | bytes, error: type[DomainError]) -> str:
    """The text of a file in UTF-8, without a byte order mark. Raises `error` for another encoding."""
    if isinstance(content, bytes):
        try:
            content = content.decode("utf-8")
        except UnicodeDecodeError:
            raise error("The file is not UTF-8 text; save it as CSV in UTF-8.") from None
    return content.removeprefix("\ufeff")


def csv_rows(text: str, error: type[DomainError]) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not blank, cells trimmed, with the number of its first line. Raises `error`, naming the line."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if any(cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as fault:
        raise error(f"Line {line}: this is not valid CSV ({fault}).") from None


def place_of(name: str, header: list[str], error: type[DomainError]) -> int:
    """Where the column stands. Raises `error` where it is missing, or there twice."""
    if header.count(name) == 1:
        return header.index(name)
    if name in header:
        raise error(f"Line 1: there are two columns “{name}”.")
    raise error(f"Line 1: there is no column “{name}”; the columns are {', '.join(header)}.")
