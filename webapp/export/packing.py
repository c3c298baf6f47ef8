"""What a package says of itself: its files with their sizes and hashes, the columns of its tables, one digest of all.

Data Package 2.0 says it to programs that read tables; `dataset_cards` says it to others, and to people.
"""

import hashlib
import json
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import IO, Any

from webapp.domain.export import Column, compact_json
from webapp.domain.package_check import FORMAT, MANIFEST

STANDARD = "https://datapackage.org/profiles/2.0"
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The date of every file in a ZIP, so that the same data is the same bytes."""
NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True)
class Table:
    """What a table of a package is: a row for what, its columns, and how its rows are told apart."""

    name: str
    path: str
    title: str
    columns: Sequence[Column]
    key: tuple[str, ...] = ()
    refers_to: tuple[tuple[str, str], ...] = ()
    """Columns that name a row of another table, by its name; there the column has the same name."""
    has_header: bool = True


@dataclass(frozen=True)
class Packed:
    """One file of a package as it was written."""

    path: str
    size: int
    sha256: str
    table: Table | None = None
    rows: int | None = None
    """Of a table, without its header."""


@dataclass
class Packing:
    """A ZIP that is written file after file; the same files make the same bytes."""

    file: IO[bytes]
    files: list[Packed] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._zip = zipfile.ZipFile(self.file, "w", zipfile.ZIP_DEFLATED, allowZip64=True, compresslevel=LEVEL)

    def add(self, path: str, content: bytes) -> None:
        """Write a small file, of which there may be one for each article.

        Its size is known before, so that its head is written once and with it, in half the time that zipfile takes.
        """
        about, archive = _about(path), self._zip
        assert archive.fp
        packing = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
        packed = packing.compress(content) + packing.flush()
        about.CRC, about.file_size, about.compress_size = zlib.crc32(content), len(content), len(packed)
        about.header_offset = archive.start_dir
        member = about.FileHeader() + packed
        archive.fp.write(member)
        archive.start_dir += len(member)
        archive.filelist.append(about)
        self.files.append(Packed(path, len(content), hashlib.sha256(content).hexdigest()))

    def add_pieces(self, path: str, pieces: Iterable[bytes]) -> None:
        """Write a file piece by piece."""
        self._write(path, pieces)

    def add_table(self, table: Table, pieces: Iterable[str]) -> None:
        """Write a table, of which no piece ends within a row."""
        counting = _Counting(pieces)
        self._write(table.path, counting, table)
        self.files[-1] = replace(self.files[-1], rows=counting.rows - table.has_header)

    def _write(self, path: str, pieces: Iterable[bytes], table: Table | None = None) -> None:
        running, size = hashlib.sha256(), 0
        with self._zip.open(_about(path), "w", force_zip64=True) as member:
            for piece in pieces:
                running.update(piece)
                size += len(piece)
                member.write(piece)
        self.files.append(Packed(path, size, running.hexdigest(), table))

    def close(self) -> None:
        """Write the directory, without which a ZIP is none."""
        self._zip.close()

    def abandon(self) -> None:
        """Leave the file without its directory, so that a part is never taken for the whole."""
        self._zip.fp = None


def _about(path: str) -> zipfile.ZipInfo:
    about = zipfile.ZipInfo(path, EPOCH)
    about.compress_type, about.create_system, about.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
    about._compresslevel = LEVEL  # type: ignore[attr-defined]  # the one name that all versions of Python know
    return about


LEVEL = 1
"""Of compression: a higher one takes three times as long for a tenth of the size."""


class _Counting:
    """The pieces of a table in UTF-8, and how many rows they were."""

    def __init__(self, pieces: Iterable[str]) -> None:
        self._pieces = pieces
        self.rows = 0

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            # Between quotation marks an end of line is part of a cell.
            self.rows += '"'.join(piece.split('"')[::2]).count("\n")
            yield piece.encode()


# ---- the manifest


def resource(file: Packed) -> dict[str, Any]:
    """How the manifest tells of one file."""
    told: dict[str, Any] = {"name": resource_name(file.path), "path": file.path}
    if table := file.table:
        told |= {
            "$schema": f"{STANDARD}/dataresource.json",
            "type": "table",
            "title": table.title,
            "format": "csv",
            "schema": table_schema(table),
        }
        if not table.has_header:
            told["dialect"] = {"$schema": f"{STANDARD}/tabledialect.json", "header": False}
    media = next((media for ending, media in MEDIA.items() if file.path.endswith(ending)), "application/octet-stream")
    told |= {"mediatype": media, **({"encoding": "utf-8"} if media != "application/octet-stream" else {})}
    told |= {"bytes": file.size, "hash": f"sha256:{file.sha256}"}
    if file.rows is not None:
        told["rows"] = file.rows
    return told


MEDIA = {".csv": "text/csv", ".json": "application/json", ".md": "text/markdown", ".txt": "text/plain"}


def resource_name(path: str) -> str:
    """A name as the standard asks for it, made of the path."""
    stem = re.sub(r"\.(csv|txt)$", "", path)
    return re.sub(r"[^a-z0-9._-]+", "-", stem.lower())


def table_schema(table: Table) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "$schema": f"{STANDARD}/tableschema.json",
        "fieldsMatch": "exact",
        "fields": [_field(column) for column in table.columns],
        "missingValues": [{"value": "", "label": "not recorded"}],
    }
    if table.key:
        schema["primaryKey"] = list(table.key)
    if table.refers_to:
        schema["foreignKeys"] = [
            {"fields": [name], "reference": {"resource": other, "fields": [name]}} for name, other in table.refers_to
        ]
    return schema


TYPES = {"text": "string", "integer": "integer", "boolean": "boolean", "time": "datetime", "json": "array"}
"""Dates are strings: they may be partial."""


def _field(column: Column) -> dict[str, Any]:
    told: dict[str, Any] = {"name": column.name, "type": TYPES.get(column.type, "string")}
    if column.type == "uuid":
        told["format"] = "uuid"
    if column.type == "boolean":
        told |= {"trueValues": ["true"], "falseValues": ["false"]}
    if column.meaning:
        told["description"] = column.meaning[0].upper() + column.meaning[1:] + "."
    if column.unit:
        told["unit"] = column.unit
    labels = {value: label for value, label in MISSING.get(column.name, {}).items() if value in column.allowed}
    if NOT_APPLICABLE in column.allowed:
        labels[NOT_APPLICABLE] = "does not belong to this tag"
    if labels:
        told["missingValues"] = [{"value": "", "label": "not recorded"}] + [
            {"value": value, "label": label} for value, label in labels.items()
        ]
    known = [value for value in column.allowed if value not in labels]
    if known and column.type != "boolean":
        told["constraints"] = {"enum": [int(value) for value in known] if column.type == "integer" else known}
    return told


MISSING = {"tag_code": {"8": "not codable", "9": "not answered by this analyst"}}


@dataclass(frozen=True)
class About:
    """What a package tells of its project and of itself."""

    project: str
    id: str
    created: str
    app_version: str
    has_records: bool
    has_copies: bool = True
    """Of the records: whether the files that people uploaded as evidence are among them."""
    codebooks: tuple[str, ...] = ()
    coders: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Codes, each with the roles."""
    articles: int = 0
    answers: int = 0
    per_item: str = ""
    """How many people answered a sentence."""
    agreement: str = ""
    """How far they agree, in a sentence."""
    language: str | None = None
    machines: tuple[str, ...] = ()


def manifest(about: About, files: Sequence[Packed]) -> Iterable[bytes]:
    """`datapackage.json`, in pieces."""
    head = {
        "$schema": f"{STANDARD}/datapackage.json",
        "name": resource_name(about.project) or "project",
        "id": f"urn:uuid:{about.id}",
        "title": about.project,
        "description": DESCRIPTION,
        "created": about.created,
        "contributors": [{"title": code, "roles": list(roles)} for code, roles in about.coders],
        "claimtag": {
            "format": FORMAT,
            "app_version": about.app_version,
            "project": about.project,
            "has_records": about.has_records,
            **({} if about.has_copies else {"has_copies": False}),
        },
    }
    if not about.coders:
        del head["contributors"]
    text = json.dumps(head, ensure_ascii=False, indent=2)
    yield (text.removesuffix("\n}") + ',\n  "resources": [').encode()
    for first in range(0, len(files), AT_ONCE):
        told = ",\n    ".join(compact_json(resource(file)) for file in files[first : first + AT_ONCE])
        yield f"{',' if first else ''}\n    {told}".encode()
    yield b"\n  ]\n}\n"


AT_ONCE = 500
"""Files that the manifest tells of in one piece."""


DESCRIPTION = (
    "News articles, split into sentences; what analysts judged each to be (fact, attribution, speculation or opinion), "
    "on whom it relies, and what speaks for and against its claims."
)


def digest(manifest_sha256: str) -> bytes:
    """`datapackage-digest.json`: one line that pins the whole package."""
    told = {"path": MANIFEST, "hash": f"sha256:{manifest_sha256}"}
    return (json.dumps(told, indent=2) + "\n").encode()
