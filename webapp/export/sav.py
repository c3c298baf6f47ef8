"""A table as a system file of SPSS (`.sav`), which SPSS, PSPP, R, Stata and pandas read.

Written by us, because programs that write it hold the whole table: rows go to a temporary file while it is found out
how wide each text has to be, and from there into the system file, compressed. A column of given values becomes numbers
with those values as labels; what is not recorded is a system-missing value, what does not apply a labelled missing one.
"""

import csv
import struct
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO

from webapp.domain.errors import BadExport
from webapp.domain.export import Column, csv_rows
from webapp.domain.terms import Tag, Term

NOT_APPLICABLE = "not_applicable"
MISSING_CODE = -1.0
NO_TAG = {"8": "NOT_CODABLE", "9": "not answered"}
"""Numbers in place of a tag that SPSS is to leave out."""
TAG_NUMBERS = {**{str(tag.code): tag.value for tag in Tag}, **NO_TAG}
LONGEST = 32_767
"""Bytes of a text; more no variable holds."""
SEGMENT, EFFECTIVE = 255, 252
"""A longer text is several variables: so many bytes each, counted as so many."""
SINCE_1582 = 12_219_379_200
"""Seconds from the first moment that SPSS counts from to that of Unix."""
BIAS = 100
SPACES, SYSTEM_MISSING, RAW, NUMBER = 254, 255, 253, range(1, 252)
NUMERIC, DATETIME, STRING = 5, 22, 1


@dataclass
class Variable:
    """A column as SPSS holds it."""

    column: Column
    place: int
    """Of its first part among all, from 1."""
    width: int = 0
    """Of a text in bytes; 0: numbers."""
    codes: dict[str, float] = field(default_factory=dict)
    """What the values of a closed list are as numbers."""

    @property
    def short(self) -> str:
        return f"V{self.place}"

    @property
    def parts(self) -> list[int]:
        """The widths of the variables that it takes."""
        if self.width <= SEGMENT:
            return [self.width]
        count = -(-self.width // EFFECTIVE)
        return [SEGMENT] * (count - 1) + [self.width - (count - 1) * EFFECTIVE]

    @property
    def slots(self) -> int:
        """How many times eight bytes it takes."""
        return sum(max(1, -(-width // 8)) for width in self.parts)


def write_sav(columns: Sequence[Column], pieces: Iterable[str], file: IO[bytes]) -> None:
    """Write the CSV of a table as a system file. Raises BadExport for a text that no variable holds."""
    with tempfile.TemporaryFile("w+", encoding="utf-8", newline="") as kept:
        count, widths = _keep(columns, pieces, kept)
        kept.seek(0)
        variables = _variables(columns, widths)
        file.write(_header(variables, count))
        file.write(_dictionary(variables))
        rows = csv.reader(kept)
        next(rows)
        file.writelines(_data(variables, rows))


def _keep(columns: Sequence[Column], pieces: Iterable[str], kept: IO[str]) -> tuple[int, list[int]]:
    """How many rows there are, and how many bytes each column needs; the rows are kept."""
    widths, count = [1] * len(columns), -1  # the header is no row
    texts = [place for place, column in enumerate(columns) if _is_text(column)]
    for piece in pieces:
        kept.write(piece)
        for row in csv_rows([piece]):
            if count >= 0:
                for place in texts:
                    if 4 * len(row[place]) > widths[place]:
                        widths[place] = max(widths[place], _bytes_of(row[place], columns[place]))
            count += 1
    return count, widths


def _bytes_of(cell: str, column: Column) -> int:
    needed = len(cell.encode())
    if needed > LONGEST:
        raise BadExport(
            f"“{cell[:40]}…” in the column “{column.name}” has more than the {LONGEST:,} bytes that a variable of SPSS "
            "holds; take the file as CSV."
        )
    return needed


def _is_text(column: Column) -> bool:
    return column.type not in ("integer", "boolean", "time") and not column.allowed


def _variables(columns: Sequence[Column], widths: Sequence[int]) -> list[Variable]:
    variables, place = [], 1
    for column, width in zip(columns, widths, strict=True):
        one = Variable(column, place, width if _is_text(column) else 0, _codes(column))
        variables.append(one)
        place += len(one.parts)
    return variables


def _codes(column: Column) -> dict[str, float]:
    if column.type == "boolean":
        return {"false": 0.0, "true": 1.0}
    if column.type == "integer" or not column.allowed:
        return {}
    known = [value for value in column.allowed if value != NOT_APPLICABLE]
    codes = {value: float(code) for code, value in enumerate(known, start=1)}
    return codes | ({NOT_APPLICABLE: MISSING_CODE} if NOT_APPLICABLE in column.allowed else {})


# ---- what stands before the rows


def _header(variables: Sequence[Variable], count: int) -> bytes:
    slots = sum(one.slots for one in variables)
    return struct.pack(
        "<4s60siiiiid9s8s64s3x",
        b"$FL2",
        _padded("@(#) SPSS DATA FILE Claimtag", 60),
        2,
        slots,
        1,  # compressed
        0,
        count,
        BIAS,
        b"01 Jan 00",  # the same for all, so that the same data is the same bytes
        b"00:00:00",
        _padded("", 64),
    )


def _padded(words: str, width: int) -> bytes:
    return words.encode()[:width].ljust(width)


def _dictionary(variables: Sequence[Variable]) -> bytes:
    records = [_declared(one) for one in variables]
    at = 1
    for one in variables:
        if labels := _labels(one):
            records.append(_value_labels(labels, at))
        at += one.slots
    records.append(_extension(3, 4, struct.pack("<8i", 1, 0, 0, -1, 1, 1, 2, 65001)))
    records.append(_extension(4, 8, struct.pack("<3d", -FLOAT_MAX, FLOAT_MAX, -FLOAT_MAX)))
    names = "\t".join(f"{one.short}={one.column.name}" for one in variables)
    records.append(_extension(13, 1, names.encode()))
    if long := "".join(f"{one.short}={one.width:05d}\0\t" for one in variables if one.width > SEGMENT):
        records.append(_extension(14, 1, long.encode()))
    records.append(_extension(20, 1, b"UTF-8"))
    records.append(struct.pack("<ii", 999, 0))
    return b"".join(records)


FLOAT_MAX = float.fromhex("0x1.fffffffffffffp+1023")


def _extension(subtype: int, size: int, content: bytes) -> bytes:
    return struct.pack("<iiii", 7, subtype, size, len(content) // size) + content


def _declared(one: Variable) -> bytes:
    """The variable, each of its parts, and what says that a part goes on."""
    records = []
    for number, width in enumerate(one.parts):
        kind, shown = (STRING, min(width, 255)) if width else (NUMERIC, 8)
        if one.column.type == "time":
            kind, shown = DATETIME, 20
        shape = kind << 16 | shown << 8
        missing = _missing(one) if not number else ()
        name = f"V{one.place + number}"
        label = _label(one.column.meaning) if not number else b""
        head = struct.pack("<iiiiii8s", 2, width, bool(label), len(missing), shape, shape, _padded(name, 8))
        records.append(head + label + struct.pack(f"<{len(missing)}d", *missing))
        records += [struct.pack("<iiiiii8s", 2, -1, 0, 0, 0, 0, b" " * 8)] * (max(1, -(-width // 8)) - 1)
    return b"".join(records)


def _missing(one: Variable) -> tuple[float, ...]:
    if _holds_tags(one.column):
        return tuple(float(number) for number in NO_TAG if number in one.column.allowed)
    return (MISSING_CODE,) if NOT_APPLICABLE in one.codes else ()


def _holds_tags(column: Column) -> bool:
    return column.type == "integer" and set(NO_TAG) & set(column.allowed) != set()


def _label(words: str) -> bytes:
    told = _cut(words, 120)
    return struct.pack("<i", len(told)) + told.ljust(-(-len(told) // 4) * 4)


def _cut(words: str, most: int) -> bytes:
    """As many letters as fit into so many bytes."""
    return words.encode()[:most].decode("utf-8", "ignore").encode()


def _labels(one: Variable) -> dict[float, str]:
    if one.codes:
        return {number: words for words, number in one.codes.items()}
    allowed = one.column.allowed
    if _holds_tags(one.column):
        return {float(number): TAG_NUMBERS[number] for number in allowed}
    return {float(value): value.label for value in allowed if isinstance(value, Term) and value.label}


def _value_labels(labels: dict[float, str], at: int) -> bytes:
    """The labels, and of which variable they are."""
    records = [struct.pack("<ii", 3, len(labels))]
    for value, words in labels.items():
        told = _cut(words, 120)
        records.append(struct.pack("<dB", value, len(told)) + told.ljust(-(-(len(told) + 1) // 8) * 8 - 1))
    return b"".join([*records, struct.pack("<iii", 4, 1, at)])


# ---- the rows


def _data(variables: Sequence[Variable], rows: Iterable[list[str]]) -> Iterator[bytes]:
    """Blocks of eight codes with what they announce."""
    codes, raw = bytearray(), bytearray()
    for row in rows:
        for one, cell in zip(variables, row, strict=True):
            for code, eight in _cells(one, cell):
                codes.append(code)
                raw += eight
                if len(codes) == 8:
                    yield bytes(codes + raw)
                    codes, raw = bytearray(), bytearray()
    if codes:
        yield bytes(codes.ljust(8, b"\0") + raw)


def _cells(one: Variable, cell: str) -> Iterator[tuple[int, bytes]]:
    if not one.width:
        yield _number(one, cell)
        return
    told = cell.encode()
    for part, width in enumerate(one.parts):
        padded = told[part * SEGMENT : (part + 1) * SEGMENT].ljust(-(-width // 8) * 8)
        for start in range(0, len(padded), 8):
            eight = padded[start : start + 8]
            yield (SPACES, b"") if eight == b" " * 8 else (RAW, eight)


def _number(one: Variable, cell: str) -> tuple[int, bytes]:
    if not cell:
        return SYSTEM_MISSING, b""
    if one.column.type == "time":
        value = datetime.fromisoformat(cell.replace("Z", "+00:00")).timestamp() + SINCE_1582
    else:
        value = one.codes[cell] if one.codes else float(cell)
    code = int(value) + BIAS
    return (code, b"") if value.is_integer() and code in NUMBER else (RAW, struct.pack("<d", value))
