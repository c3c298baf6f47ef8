"""Reads a package: counts and hashes all of it, and says in one sentence where it first differs from what it says."""

import csv
import hashlib
import io
import json
import stat
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from webapp.domain.errors import BadPackage

MANIFEST, DIGEST = "datapackage.json", "datapackage-digest.json"
FORMAT = 1
"""Counts up when a package changes so that an older version could not read it."""
LARGEST_MANIFEST = 200 * 2**20
LARGEST_RATIO = 200
RATIO_COUNTS_FROM = 100 * 2**20
"""A package of that many bytes, unpacked, is not made of text that compresses to less than a two-hundredth."""
LONGEST_CELL = 2**20
CHUNK = 2**16
BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, LookupError, NotImplementedError, OSError, RuntimeError, ValueError,
    RecursionError,
)  # fmt: skip
NOT_READABLE = (
    "This is no package, or not a whole one: it is no readable ZIP file. Copy it once more from where it was made."
)
AGAIN = "copy the package once more from where it was made."
BOMB = "The file unpacks to more than 200 times its size, as no package does; it is not read."


@dataclass(frozen=True)
class Checked:
    """What a package was found to hold."""

    digest: str
    tables: int
    rows: int
    articles: int
    files: int

    def __str__(self) -> str:
        return (
            f"{self.files:,} files, {self.tables:,} tables with {self.rows:,} rows, {self.articles:,} articles: "
            f"all is as the package says. {self.digest}"
        )


class PackageFile:
    """A package that is open, of which every file was found to be what its manifest says."""

    def __init__(self, path: Path, report: Callable[[str], None] = lambda _: None) -> None:
        """Raises BadPackage, naming the file at fault."""
        try:
            self._zip = zipfile.ZipFile(path)
        except BROKEN:
            raise BadPackage(NOT_READABLE) from None
        try:
            self._check(path, report)
        except BROKEN:
            self._zip.close()
            raise BadPackage(NOT_READABLE) from None
        except BadPackage:
            self._zip.close()
            raise

    def __enter__(self) -> "PackageFile":
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    # ---- what it holds

    def holds(self, path: str) -> bool:
        return path in self._resources

    def paths(self, folder: str) -> list[str]:
        """The files of a folder, in the order in which they lie there."""
        return [path for path in self._resources if path.startswith(folder)]

    def read(self, path: str) -> bytes:
        """The bytes of a file. Raises BadPackage where there is none."""
        if not self.holds(path):
            raise BadPackage(f"The package has no “{path[:80]}”, of which its records tell.")
        return self._zip.read(path)

    def text(self, path: str) -> str:
        """A file that is text. Raises BadPackage for what is not UTF-8."""
        try:
            return self.read(path).decode()
        except UnicodeDecodeError:
            raise BadPackage(f"“{path}” is not text in UTF-8.") from None

    def rows(self, path: str) -> Generator[list[str]]:
        """The rows of a table behind its header. Raises BadPackage for one that is not as its columns say."""
        names, has_header = self.columns(path), _has_header(self._resources[path])
        n = 0
        for n, row in enumerate(self._csv(path)):
            if n == 0 and has_header:
                if row != names:
                    raise BadPackage(f"The header of “{path}” is not that of the columns which {MANIFEST} lists.")
                continue
            if len(row) != len(names):
                raise BadPackage(f"“{path}”, row {n}: it has {len(row)} cells and the table {len(names)} columns.")
            yield row

    def count(self, path: str) -> int:
        """How many rows a table has."""
        return int(self._resources[path]["rows"])

    def columns(self, path: str) -> list[str]:
        """The names of a table's columns. Raises BadPackage for a file that the manifest calls no table."""
        if self._resources[path].get("type") != "table":
            raise BadPackage(f"“{path}” is no table, as {MANIFEST} tells of it.")
        return [field["name"] for field in self._resources[path]["schema"]["fields"]]

    def _csv(self, path: str) -> Iterator[list[str]]:
        with self._zip.open(path) as member, io.TextIOWrapper(member, "utf-8", newline="") as text:
            reader = csv.reader(text, strict=True)
            try:
                yield from reader
            except (csv.Error, UnicodeDecodeError):
                raise BadPackage(f"“{path}”, behind line {reader.line_num}: this is not CSV in UTF-8.") from None

    # ---- whether it is what it says

    def _check(self, path: Path, report: Callable[[str], None]) -> None:
        csv.field_size_limit(max(csv.field_size_limit(), LONGEST_CELL))
        infos = self._zip.infolist()
        _refuse_unsafe(infos)
        infos = [info for info in infos if not info.is_dir()]  # which other programs put in when they pack it anew
        if sum(info.file_size for info in infos) > max(RATIO_COUNTS_FROM, LARGEST_RATIO * path.stat().st_size):
            raise BadPackage(BOMB)
        self.manifest, self.digest = self._manifest({info.filename: info for info in infos})
        self._resources: dict[str, dict[str, Any]] = {one["path"]: one for one in self.manifest["resources"]}
        self._require_listed(infos)
        rows = tables = 0
        for name, resource in self._resources.items():
            report(name)
            self._require_unchanged(name, resource)
            if resource.get("type") == "table":
                tables += 1
                rows += self._require_counted(name, resource)
        articles = self._require_texts()
        self._require_spans()
        self.checked = Checked(self.digest, tables, rows, articles, len(infos))

    def _manifest(self, infos: dict[str, zipfile.ZipInfo]) -> tuple[dict[str, Any], str]:
        for name in (MANIFEST, DIGEST):
            if name not in infos:
                raise BadPackage(f"There is no “{name}” in it: this is a ZIP file, but no package of Claimtag.")
            if infos[name].file_size > LARGEST_MANIFEST:
                raise BadPackage(f"“{name}” is larger than that of any package; it is not read.")
        content = self._zip.read(MANIFEST)
        told = _json(self._zip.read(DIGEST), DIGEST)
        digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
        if not isinstance(told, dict) or told.get("hash") != digest:
            raise BadPackage(f"“{MANIFEST}” is not the one whose digest “{DIGEST}” keeps: one of the two was changed.")
        manifest = _json(content, MANIFEST)
        about = manifest.get("claimtag") if isinstance(manifest, dict) else None
        if not isinstance(about, dict) or not isinstance(about.get("format"), int) or not _is_whole(manifest):
            raise BadPackage(f"“{MANIFEST}” does not tell of a package of Claimtag.")
        if about["format"] > FORMAT:
            version = str(about.get("app_version", ""))[:40]
            raise BadPackage(f"The package was made by a newer version of Claimtag ({version}); read it with that one.")
        return manifest, digest

    def _require_listed(self, infos: Sequence[zipfile.ZipInfo]) -> None:
        there = {info.filename for info in infos} - {MANIFEST, DIGEST}
        if unlisted := sorted(there - set(self._resources)):
            raise BadPackage(f"The package holds “{unlisted[0]}”, which {MANIFEST} does not list.")
        if missing := sorted(set(self._resources) - there):
            raise BadPackage(f"{MANIFEST} lists “{missing[0]}”, which the package does not hold.")

    def _require_unchanged(self, name: str, resource: dict[str, Any]) -> None:
        size = self._zip.getinfo(name).file_size
        if size != resource["bytes"]:
            raise BadPackage(
                f"“{name}” has {size:,} bytes, and {resource['bytes']:,} where {MANIFEST} tells of it; {AGAIN}"
            )
        running = hashlib.sha256()
        try:
            with self._zip.open(name) as member:
                while piece := member.read(CHUNK):
                    running.update(piece)
        except BROKEN:
            raise BadPackage(
                f"“{name}” cannot be unpacked: it was changed or cut after the package was made; {AGAIN}"
            ) from None
        if f"sha256:{running.hexdigest()}" != resource["hash"]:
            raise BadPackage(f"“{name}” is not as it was: its SHA-256 is another than {MANIFEST} tells; {AGAIN}")

    def _require_counted(self, name: str, resource: dict[str, Any]) -> int:
        rows = sum(1 for _ in self.rows(name))
        if rows != resource.get("rows"):
            raise BadPackage(f"“{name}” has {rows:,} rows, and {resource.get('rows')} where {MANIFEST} tells of it.")
        return rows

    def _require_texts(self) -> int:
        """The text of each article has the hash that the table of articles tells."""
        if not self.holds("articles.csv"):
            return 0
        number, sha256 = (self.columns("articles.csv").index(name) for name in ("article_id", "text_sha256"))
        count = 0
        for row in self.rows("articles.csv"):
            path = f"articles/{row[number]}.txt"
            if not self.holds(path):
                raise BadPackage(f"The package has no “{path}”, the text of an article in “articles.csv”.")
            if self._resources[path]["hash"] != f"sha256:{row[sha256]}":
                raise BadPackage(f"“{path}” is not the text that “articles.csv” tells of: its SHA-256 is another.")
            count += 1
        return count

    def _require_spans(self) -> None:
        """Every sentence of the long table stands in its article where the table says."""
        if not self.holds("long.csv"):
            return
        names = self.columns("long.csv")
        place = [names.index(name) for name in ("article_id", "char_start", "char_end", "text")]
        of, text = "", ""
        for n, row in enumerate(self.rows("long.csv"), start=1):
            article, start, end, words = (row[index] for index in place)
            if article != of:
                of, text = article, self.text(f"articles/{article}.txt")
            if text[int(start) : int(end)] != words:
                raise BadPackage(f"“long.csv”, row {n}: its text does not stand in article {article} at {start}.")


def _refuse_unsafe(infos: Sequence[zipfile.ZipInfo]) -> None:
    """Names that lead elsewhere when somebody unpacks the file, or stand for two files."""
    seen: set[str] = set()
    for info in infos:
        name, shown = info.filename, info.filename[:80]
        parts = name.removesuffix("/").split("/")
        is_link = stat.S_ISLNK(info.external_attr >> 16)
        if name.startswith("/") or "\\" in name or ":" in name or ".." in parts or "" in parts or is_link:
            raise BadPackage(
                f"The file holds “{shown}”, which leads out of the folder it is unpacked to; it is not read."
            )
        if name in seen:
            raise BadPackage(f"The file holds “{shown}” twice, as no package does.")
        if info.flag_bits & 1:
            raise BadPackage(f"“{shown}” is encrypted, as nothing in a package is.")
        seen.add(name)


def _json(content: bytes, name: str) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        raise BadPackage(f"“{name}” is not readable: it is no JSON.") from None


def _is_whole(manifest: dict[str, Any]) -> bool:
    """Whether the manifest tells of each file all that is asked of it."""
    resources = manifest.get("resources")
    return isinstance(resources, list) and all(map(_is_resource, resources))


def _is_resource(told: Any) -> bool:
    if not isinstance(told, dict):
        return False
    kinds = {"path": str, "bytes": int, "hash": str}
    if any(not isinstance(told.get(name), kind) for name, kind in kinds.items()):
        return False
    if told.get("type") != "table":
        return True
    schema = told.get("schema")
    fields = schema.get("fields") if isinstance(schema, dict) else None
    return isinstance(fields, list) and all(
        isinstance(field, dict) and isinstance(field.get("name"), str) for field in fields
    )


def _has_header(resource: dict[str, Any]) -> bool:
    dialect = resource.get("dialect")
    return not (isinstance(dialect, dict) and dialect.get("header") is False)
