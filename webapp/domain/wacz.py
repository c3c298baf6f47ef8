"""Reads a web archive (WACZ 1.1.1): whether every hash in it holds, and which pages it holds from when.

A WACZ is a ZIP with the manifest `datapackage.json`, its hash in `datapackage-digest.json` where there is one, the list
`pages/pages.jsonl`, WARC files under `archive/` and their index under `indexes/`. Nothing is unpacked to anywhere.
"""

import hashlib
import io
import json
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NoReturn

from webapp.domain.errors import BadEvidence
from webapp.domain.moments import moment
from webapp.domain.plain_text import web_address

MANIFEST = "datapackage.json"
DIGEST = "datapackage-digest.json"
PAGES = "pages/pages.jsonl"

MOST_FILES = 1_000
LARGEST_MANIFEST = 2 * 2**20
LARGEST_LIST = 20 * 2**20
LARGEST_IN_ALL = 300 * 2**20
LARGEST_RATIO = 200
RATIO_COUNTS_FROM = 2**20
CHUNK = 64 * 1024
HASHES = ("sha256", "sha512", "sha1", "md5")

BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, LookupError, NotImplementedError, OSError, RuntimeError, ValueError,
    RecursionError,
)  # fmt: skip
NOT_READABLE = "This is no readable WACZ file, or it is damaged; save it once more from the tool that made it."
ENCRYPTED = "The WACZ file is encrypted, as no web archive is; save it without a password."
BOMB = "The WACZ file unpacks to far more than a web archive does; it is not read."
TOO_MANY = f"The WACZ file holds more than {MOST_FILES:,} files; keep an archive of fewer pages."
NO_PAGES = f"The WACZ file names no page: there is no line with “url” and “ts” in “{PAGES}”."


@dataclass(frozen=True)
class Capture:
    """One page of an archive: its address, and when it was captured, in UTC."""

    url: str
    at: str


def captures(upload: bytes) -> list[Capture]:
    """The pages that the archive names, its main page first, once every hash in it was found to hold.

    Raises BadEvidence for what is no WACZ, lacks a file, holds one that is not listed or whose hash is another, has
    paths that lead elsewhere, or is made to exhaust the reader.
    """
    if upload.count(b"PK\x01\x02") > MOST_FILES:  # one for each file; told before any of them is read
        raise BadEvidence(TOO_MANY)
    try:
        with zipfile.ZipFile(io.BytesIO(upload)) as archive:
            reader = _Reader(archive)
            manifest = reader.manifest()
            reader.check_hashes(manifest)
            pages = list(reader.pages())
    except BROKEN:
        raise BadEvidence(NOT_READABLE) from None
    if not pages:
        raise BadEvidence(NO_PAGES)
    main = [manifest.get(name) for name in ("mainPageUrl", "mainPageURL")]  # the standard's name, and its own tool's
    return sorted(pages, key=lambda page: page.url not in main)


def capture_of(url: str | None, pages: list[Capture]) -> Capture:
    """The capture of this address, or the first of all where it was not captured, or none is given."""
    return next((page for page in pages if url and _address_key(page.url) == _address_key(url)), pages[0])


def _address_key(url: str) -> str:
    """An address without scheme, fragment and the slash at its end."""
    return re.sub(r"^https?://(www\.)?", "", url.partition("#")[0]).rstrip("/")


class _Reader:
    """An open archive, its files by name, counted while they unpack: the sizes that they state may lie."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._files: dict[str, zipfile.ZipInfo] = {}
        self._left = LARGEST_IN_ALL
        for file in archive.infolist():
            self._add(file)
        if len(self._files) > MOST_FILES:
            raise BadEvidence(TOO_MANY)
        for name in (MANIFEST, PAGES):
            if name not in self._files:
                raise BadEvidence(f"The WACZ file lacks “{name}”; save it once more from the tool that made it.")
        for folder, ends in (("archive/", (".warc", ".warc.gz")), ("indexes/", "")):
            if not any(name.startswith(folder) and name.endswith(ends) for name in self._files):
                raise BadEvidence(f"The WACZ file has nothing under “{folder}”; save it once more from its tool.")

    def _add(self, file: zipfile.ZipInfo) -> None:
        name = file.orig_filename
        parts = name.split("/")
        leads_away = name.startswith("/") or "\\" in name or "\0" in name or ":" in parts[0] or {"..", "."} & {*parts}
        if leads_away or stat.S_ISLNK(file.external_attr >> 16):
            raise BadEvidence(f"The WACZ file holds “{_shown(name)}”, which leads out of it; it is not read.")
        if name in self._files:
            raise BadEvidence(f"The WACZ file holds “{_shown(name)}” twice; it is not read.")
        if file.flag_bits & 0x1:
            raise BadEvidence(ENCRYPTED)
        if file.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise BadEvidence(NOT_READABLE)
        if not file.is_dir():
            self._files[name] = file

    def manifest(self) -> dict[str, Any]:
        """What the manifest says, once its own hash was found to hold."""
        content = self._content(MANIFEST, LARGEST_MANIFEST)
        if DIGEST in self._files:
            digest = _object(self._content(DIGEST, LARGEST_MANIFEST), DIGEST)
            if digest.get("path") != MANIFEST:
                raise BadEvidence(f"“{DIGEST}” of the WACZ file is not about “{MANIFEST}”; it is not read.")
            kind, expected = _hash_of(digest.get("hash"), DIGEST)
            if hashlib.new(kind, content, usedforsecurity=False).hexdigest() != expected:
                _refuse_hash(MANIFEST)
        return _object(content, MANIFEST)

    def check_hashes(self, manifest: dict[str, Any]) -> None:
        """That all files of the archive are listed, and each listed one is there with its hash and size."""
        resources = manifest.get("resources")
        if not isinstance(resources, list) or not all(isinstance(one, dict) for one in resources):
            raise BadEvidence(f"“{MANIFEST}” of the WACZ file does not list what is in it.")
        listed: set[str] = set()
        for resource in resources:
            name = resource.get("path")
            if not isinstance(name, str) or name not in self._files:
                raise BadEvidence(f"The WACZ file lacks “{_shown(name)}”, which its “{MANIFEST}” lists.")
            if name not in listed:
                self._check(name, resource)
            listed.add(name)
        if others := sorted(set(self._files) - listed - {MANIFEST, DIGEST}):
            raise BadEvidence(f"The WACZ file holds “{_shown(others[0])}”, which its “{MANIFEST}” does not list.")

    def _check(self, name: str, resource: dict[str, Any]) -> None:
        kind, expected = _hash_of(resource.get("hash"), name)
        found, size = hashlib.new(kind, usedforsecurity=False), 0
        for chunk in self._unpacked(name):
            found.update(chunk)
            size += len(chunk)
        if found.hexdigest() != expected or resource.get("bytes", size) != size:
            _refuse_hash(name)

    def pages(self) -> Iterator[Capture]:
        """The pages of the list; a line that says of which format the list is, is none."""
        for number, line in enumerate(self._content(PAGES, LARGEST_LIST).splitlines(), start=1):
            if not line.strip():
                continue
            told = _object(line, f"{PAGES}, line {number},")
            if "url" in told or "ts" in told or number > 1:
                yield _capture(told, number)

    def _content(self, name: str, most: int) -> bytes:
        parts, size = [], 0
        for chunk in self._unpacked(name):
            size += len(chunk)
            if size > most:
                raise BadEvidence(
                    f"“{name}” of the WACZ file is over {most // 2**20} MB; keep an archive of fewer pages."
                )
            parts.append(chunk)
        return b"".join(parts)

    def _unpacked(self, name: str) -> Iterator[bytes]:
        size, part = 0, self._files[name]
        with self._archive.open(part) as file:
            while chunk := file.read(CHUNK):
                size += len(chunk)
                self._left -= len(chunk)
                if self._left < 0 or size > max(RATIO_COUNTS_FROM, LARGEST_RATIO * part.compress_size):
                    raise BadEvidence(BOMB)
                yield chunk


def _capture(told: dict[str, Any], number: int) -> Capture:
    url, at = told.get("url"), told.get("ts")
    if not isinstance(url, str) or not isinstance(at, str):
        raise BadEvidence(f"Line {number} of “{PAGES}” in the WACZ file has no “url” or no “ts”.")
    try:
        when = datetime.fromisoformat(at)
        in_utc = when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise BadEvidence(f"Line {number} of “{PAGES}” in the WACZ file: “{_shown(at)}” is no time.") from None
    return Capture(web_address(url, BadEvidence) or "", moment(in_utc.replace(tzinfo=None)))


def _object(content: bytes, name: str) -> dict[str, Any]:
    try:
        told = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise BadEvidence(f"“{name}” of the WACZ file cannot be read; save it once more from the tool that made it.")
    return told


def _hash_of(told: Any, name: str) -> tuple[str, str]:
    """The kind and the digits of a hash as a manifest writes it: `sha256:…`; bare digits are MD5."""
    kind, _, digits = told.rpartition(":") if isinstance(told, str) else ("", "", "")
    kind = kind or "md5"
    if kind not in HASHES or not re.fullmatch(r"[0-9a-fA-F]+", digits):
        raise BadEvidence(f"The WACZ file gives no hash of “{_shown(name)}” that can be checked, such as sha256:…")
    return kind, digits.lower()


def _refuse_hash(name: str) -> NoReturn:
    raise BadEvidence(f"The WACZ file was changed or damaged: “{_shown(name)}” does not have the hash recorded for it.")


def _shown(name: Any) -> str:
    """A name from the file, as it can be shown in a sentence."""
    return "".join(char if char.isprintable() else "�" for char in str(name)[:80])
