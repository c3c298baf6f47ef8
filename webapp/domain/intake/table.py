"""Reads tables of articles, CSV or JSONL, row by row: which columns there are, and which article each row holds."""

import codecs
import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any, BinaryIO, Generic, TypeVar

from webapp.domain.errors import BadArticle, BadTable
from webapp.domain.intake.decoding import BROKEN_UTF8, LARGEST, NOT_SAID, bom_of, decoded, doubtful, is_text_encoding
from webapp.domain.intake.description import Description, described
from webapp.domain.intake.text import check_text
from webapp.domain.plain_text import storable

R = TypeVar("R")

LONGEST_RECORD = 2 * LARGEST
"""Characters that one row may have; a longer one is named and passed over without being held in memory."""
MOST_COLUMNS = 1_000
MOST_BLANK = 100_000
"""Empty lines in a row: whoever looks at the beginning of a table may have to read past them all."""
DELIMITERS = ",;\t"
PREVIEWED_ROWS = 5
PREVIEWED_CHARACTERS = 200
# Rows of JSONL need not have the same keys; this many are looked at to know the columns.
ROWS_FOR_KEYS = 100
CHUNK = 64 * 1024

COMMON_NAMES = {
    "text": ("text", "body", "content", "full text", "fulltext", "article text", "article body", "article", "story"),
    "title": ("title", "headline", "heading", "article title"),
    "outlet": ("outlet", "source", "publisher", "publication", "newspaper", "medium", "site name", "sitename"),
    "author": ("author", "authors", "byline", "by", "writer", "journalist"),
    "url": ("url", "link", "address", "web address", "article url", "permalink"),
    "published": ("published", "date", "published at", "publication date", "publish date", "date published", "pubdate",
                  "published on", "published date", "datetime", "day"),
}  # fmt: skip
"""What a column may hold, and the names that such columns have, the likeliest first."""

TOO_LONG = "The row is longer than two articles may be (10 million characters); split it, please."
NO_OBJECT = 'The line is no JSON object; write one article a line, as in {"text": "…", "title": "…"}.'


@dataclass(frozen=True)
class Preview:
    """The columns of a table and its first rows, cells cut short, with a guess at what the columns hold."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    mapping: Mapping[str, str]
    """From `text` and the parts of a Description to the name of a column; any may be missing."""
    encoding: str
    delimiter: str | None
    """None: not CSV but JSONL."""
    doubt: str | None = None
    """Why the encoding is a guess, as a sentence."""


@dataclass(frozen=True)
class Row:
    """The article that the row beginning at this line (from 1) holds."""

    line: int
    text: str
    description: Description


@dataclass(frozen=True)
class BadRow:
    """A row that holds no article, and the reason in a sentence."""

    line: int
    why: str


def columns_of(file: BinaryIO, encoding: str | None = None) -> Preview:
    """What the table looks like, for a person to choose the columns. Raises BadTable.

    A file whose first character is `{` is JSONL, any other CSV; of comma, semicolon and tab the one that
    cuts the header into most cells delimits it.
    """
    encoding, doubt = _encoding_of(file, encoding)
    with _opened(file, encoding) as lines:
        table = _table(lines)
        cells = [row.cells for row in islice(table.rows, PREVIEWED_ROWS) if isinstance(row, _Cells)]
    rows = tuple(tuple(_shown(row.get(name)) for name in table.columns) for row in cells)
    return Preview(table.columns, rows, guessed(table.columns), encoding, table.delimiter, doubt)


def guessed(columns: Sequence[str]) -> dict[str, str]:
    """The columns whose names are common for something; each column is taken once."""
    by_name = {" ".join(re.split(r"[\W_]+", name.casefold())).strip(): name for name in reversed(columns)}
    mapping: dict[str, str] = {}
    for field, names in COMMON_NAMES.items():
        if known := next((by_name[name] for name in names if name in by_name), None):
            mapping[field] = known
    return mapping


def articles_in(
    file: BinaryIO,
    mapping: Mapping[str, str] | None = None,
    encoding: str | None = None,
    otherwise: str | None = None,
) -> Iterator[Row | BadRow]:
    """The articles of the table one by one; a bad row is named and the rest goes on.

    `mapping` as in a Preview; without one, the guessed one. Empty lines are passed over; a row may be shorter
    than the header, not longer. A date may carry a time, which is cut off. The file must stay open meanwhile;
    only one row is in memory. `otherwise` is the encoding of a table that does not say its own; without one
    that is DoubtfulEncoding. Raises BadTable: before the first article, or in the middle for bytes that do
    not fit the encoding.
    """
    encoding, doubt = _encoding_of(file, encoding, otherwise)
    if doubt:
        raise doubtful(doubt, encoding)
    with _opened(file, encoding) as lines:
        table = _table(lines)
        mapping = guessed(table.columns) if mapping is None else mapping
        _check(mapping, table.columns)
        for row in table.rows:
            yield _article(row, mapping) if isinstance(row, _Cells) else row


def count_rows(file: BinaryIO, encoding: str | None = None, otherwise: str | None = None) -> int:
    """How many rows, bad ones too, the table gives before its end, or before what is wrong with it as a whole."""
    rows = 0
    try:
        encoding, doubt = _encoding_of(file, encoding, otherwise)
        if not doubt:
            with _opened(file, encoding) as lines:
                for _ in _table(lines).records:
                    rows += 1
    except BadTable:
        pass
    return rows


def _check(mapping: Mapping[str, str], columns: Sequence[str]) -> None:
    there = ", ".join(f"“{name[:60]}”" for name in columns[:40])
    if unknown := [field for field in mapping if field not in COMMON_NAMES]:
        raise BadTable(f"A column can hold {', '.join(COMMON_NAMES)}; “{unknown[0][:60]}” is none of them.")
    if "text" not in mapping:
        raise BadTable(f"No column with the text was found; say which it is. The table has {there}.")
    if missing := [name for name in mapping.values() if name not in columns]:
        raise BadTable(f"There is no column “{missing[0][:60]}”; the table has {there}.")


# ---- one row


@dataclass(frozen=True)
class _Cells:
    line: int
    cells: Mapping[str, object]


def _article(row: _Cells, mapping: Mapping[str, str]) -> Row | BadRow:
    try:
        cells = {field: _words(row.cells.get(name), name) for field, name in mapping.items()}
        text = cells.pop("text")
        check_text(text)
        if "published" in cells:
            cells["published"] = re.sub(r"(?<=^\d{4}-\d\d-\d\d)[T ].*", "", cells["published"].strip(), flags=re.ASCII)
        return Row(row.line, text, described(Description(**cells)))
    except BadArticle as refused:
        return BadRow(row.line, str(refused))


def _words(cell: object, name: str) -> str:
    """The cell as text; a list of texts, as authors are given, is joined. Raises BadArticle."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, list) and all(isinstance(part, str) for part in cell):
        return "; ".join(cell)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return str(cell)
    raise BadArticle(f"“{name[:60]}” must be text.")


def _shown(cell: object) -> str:
    words = cell if isinstance(cell, str) else "" if cell is None else json.dumps(cell, ensure_ascii=False)
    return storable(words[:PREVIEWED_CHARACTERS])


# ---- CSV and JSONL


@dataclass(frozen=True)
class _Table(Generic[R]):
    columns: tuple[str, ...]
    delimiter: str | None
    records: Iterator[R | BadRow]
    """Not read yet, which counting them need not wait for."""
    read: Callable[[R], _Cells | BadRow]

    @property
    def rows(self) -> Iterator[_Cells | BadRow]:
        return (record if isinstance(record, BadRow) else self.read(record) for record in self.records)


def _table(lines: "_Lines") -> _Table[Any]:
    beginning = lines.peek().lstrip()
    if not beginning:
        raise BadTable("The file is empty; choose a table with a header and at least one row.")
    if re.match(r"\[\s*([\[{\]]|$)", beginning):
        raise BadTable("This is one JSON list; write one object a line instead (JSONL).")
    return _jsonl(lines) if beginning.startswith("{") else _csv(lines)


def _csv(lines: "_Lines") -> _Table[tuple[int, list[str]]]:
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST_RECORD))
    first = lines.peek()
    delimiter = max(DELIMITERS, key=lambda mark: len(next(csv.reader([first], delimiter=mark), [])))
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    header = next(_records(reader, lines), None)
    if header is None or isinstance(header, BadRow):
        raise BadTable("The header of the table cannot be read; its first line must name the columns.")
    columns = tuple(name.strip() or f"column {number}" for number, name in enumerate(header[1], 1))
    if len(columns) > MOST_COLUMNS:
        raise BadTable(f"The table has {len(columns):,} columns; {MOST_COLUMNS:,} are the most.")
    if twice := [name for name, count in Counter(columns).items() if count > 1]:
        raise BadTable(f"Two columns are called “{twice[0][:60]}”; give each a name of its own.")
    return _Table(columns, delimiter, _records(reader, lines), partial(_csv_row, columns))


def _csv_row(columns: tuple[str, ...], record: tuple[int, list[str]]) -> _Cells | BadRow:
    line, cells = record
    if len(cells) > len(columns):
        why = f"The row has {len(cells)} cells, the header {len(columns)}; a quotation mark may be missing."
        return BadRow(line, why)
    return _Cells(line, dict(zip(columns, cells, strict=False)))


def _records(reader: Iterator[list[str]], lines: "_Lines") -> Iterator[tuple[int, list[str]] | BadRow]:
    """The records that are not empty, each with the line it begins at."""
    while True:
        line = lines.begin_record()
        try:
            cells = next(reader, None)
        except csv.Error:
            why = TOO_LONG if lines.is_too_long else "The row has a quotation mark too many or too few."
            yield BadRow(line, why)
            continue
        if cells is None:
            return
        if lines.is_too_long:
            yield BadRow(line, TOO_LONG)
        elif cells:
            lines.blank = 0
            yield line, cells
        else:
            lines.pass_blank()


def _jsonl(lines: "_Lines") -> _Table[tuple[int, str]]:
    first = islice(_Table((), None, _jsonl_lines(lines), _json_object).rows, ROWS_FOR_KEYS)
    columns = tuple(dict.fromkeys(name for row in first if isinstance(row, _Cells) for name in row.cells))
    if not columns:
        raise BadTable(NO_OBJECT)
    lines.rewind()
    return _Table(columns, None, _jsonl_lines(lines), _json_object)


def _jsonl_lines(lines: "_Lines") -> Iterator[tuple[int, str] | BadRow]:
    while True:
        number = lines.begin_record()
        line = next(lines, None)
        if line is None:
            return
        if lines.is_too_long:
            yield BadRow(number, TOO_LONG)
        elif line.strip():
            lines.blank = 0
            yield number, line
        else:
            lines.pass_blank()


def _json_object(record: tuple[int, str]) -> _Cells | BadRow:
    number, line = record
    try:
        cells = json.loads(line)
    # A line may nest deeper than Python can call.
    except (ValueError, RecursionError):
        cells = None
    if not isinstance(cells, dict):
        return BadRow(number, NO_OBJECT)
    return _Cells(number, {storable(name): cell for name, cell in cells.items()})


# ---- bytes and lines


class _Lines:
    """The lines of a text, counted. Of a record that grows too long only the sense of its quotes is handed on."""

    def __init__(self, text: io.TextIOWrapper, encoding: str) -> None:
        self.text, self.encoding, self.beginning = text, encoding, text.tell()
        self.number = self.size = self.blank = 0
        self.ahead: str | None = None

    def rewind(self) -> None:
        self.text.seek(self.beginning)
        self.number, self.blank, self.ahead = 0, 0, None

    def begin_record(self) -> int:
        self.size = 0
        return self.number + 1

    @property
    def is_too_long(self) -> bool:
        return self.size >= LONGEST_RECORD

    def peek(self) -> str:
        """The first line that is not blank; blank ones before it are passed over."""
        while self.ahead is None or (self.ahead and not self.ahead.strip()):
            if self.ahead is not None:
                self.number += 1
                self.pass_blank()
            self.ahead = self._read()
        return self.ahead

    def pass_blank(self) -> None:
        """Count a line on which nothing stands. Raises BadTable when there are too many of them in a row."""
        self.blank += 1
        if self.blank > MOST_BLANK:
            raise BadTable(
                f"The table has over {MOST_BLANK:,} empty lines in a row; take out those before line {self.number:,}."
            )

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line, self.ahead = self._read() if self.ahead is None else self.ahead, None
        if not line:
            raise StopIteration
        self.number += 1
        self.size += len(line)
        if not self.is_too_long:
            return line
        quotes = line.count('"')
        while line and not line.endswith(("\n", "\r")):
            line = self._read()
            quotes += line.count('"')
        # An odd number of quotes opens or closes a cell, an even one leaves it as it is.
        return '"' * (quotes % 2) + "\n"

    def _read(self) -> str:
        try:
            return self.text.readline(LONGEST_RECORD)
        except UnicodeDecodeError:
            raise BadTable(
                f"From line {self.number + 1} on the table is not written in {self.encoding}; choose another encoding."
            ) from None


@contextmanager
def _opened(file: BinaryIO, encoding: str) -> Iterator[_Lines]:
    """The lines of the file from its beginning, byte order mark dropped; the file itself stays open."""
    file.seek(0)
    bom = bom_of(file.read(4))
    file.seek(len(bom[0]) if bom else 0)
    if encoding == BROKEN_UTF8:
        text = io.TextIOWrapper(file, "utf-8", errors="replace", newline="")
    else:
        text = io.TextIOWrapper(file, encoding, newline="")
    try:
        yield _Lines(text, encoding)
    finally:
        text.detach()


def _encoding_of(file: BinaryIO, wanted: str | None, otherwise: str | None = None) -> tuple[str, str | None]:
    """The encoding by the rules of `decoded`, guessed where UTF-8 ends to fit, and the doubt. Raises BadTable."""
    file.seek(0)
    head = file.read(CHUNK)
    if head.startswith(b"PK\x03\x04"):
        raise BadTable("This is an Excel or ZIP file, not a table in text; save it as CSV first.")
    if not head:
        raise BadTable("The file is empty; choose a table with a header and at least one row.")
    if bom := bom_of(head):
        return bom[1], None
    if wanted:
        if not is_text_encoding(wanted):
            raise BadTable(f"The table is not written in {wanted}; choose another encoding.")
        return wanted, None
    misfit = _misfit(file, head)
    if misfit is None:
        return "utf-8", None
    try:
        read = decoded(misfit.piece, otherwise=otherwise)
    except BadArticle as refused:
        raise BadTable(str(refused)) from None
    if read.doubt in (None, NOT_SAID):
        return read.encoding, read.doubt
    return read.encoding, f"The table is UTF-8 with broken bytes, the first in line {misfit.line:,}."


@dataclass(frozen=True)
class _Misfit:
    """The first lines of a file that are not UTF-8, and the number of the very one that is not."""

    piece: bytes
    line: int


def _misfit(file: BinaryIO, head: bytes) -> _Misfit | None:
    """Also a piece that is no text at all; None: all is UTF-8."""
    reader, before, chunk, line = codecs.getincrementaldecoder("utf-8")(), b"", head, 1
    while True:
        try:
            reader.decode(chunk, final=not chunk)
        except UnicodeDecodeError as broken:
            line += broken.object[: broken.start].count(b"\n")
            return _Misfit(before + chunk + file.readline(CHUNK), line)
        if not chunk:
            return None
        if b"\x00" in chunk:
            return _Misfit(chunk, line)
        line += chunk.count(b"\n")
        before, chunk = chunk[chunk.rfind(b"\n") + 1 :], file.read(CHUNK)
