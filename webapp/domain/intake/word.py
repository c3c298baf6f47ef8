"""Reads the text of a Word document (DOCX): paragraphs, lists and tables, and what the file says of itself."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import NoReturn
from xml.etree.ElementTree import ParseError, XMLParser

from webapp.domain.errors import BadArticle
from webapp.domain.intake.description import Description, self_described
from webapp.domain.intake.text import ExtractedText, check_text

LARGEST_PART = 50 * 1024 * 1024
LARGEST_PROPERTIES = 1024 * 1024
# XML of honest documents shrinks to a tenth or a fiftieth; what shrinks further is made to fill a memory.
LARGEST_RATIO = 200
RATIO_COUNTS_FROM = 1024 * 1024
CHUNK = 64 * 1024

# Word knows some hundred names of elements and attributes; each new one costs memory.
MOST_NAMES = 5_000

MAIN_PART = "word/document.xml"
PROPERTIES_PART = "docProps/core.xml"
WORD = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
OLD_OFFICE = b"\xd0\xcf\x11\xe0"

# What zipfile, zlib and expat raise for bytes that they cannot read.
BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, ParseError, EOFError,
    LookupError, NotImplementedError, OSError, RuntimeError, ValueError,
)  # fmt: skip
NOT_READABLE = "This is no readable Word document, or it is damaged; open it in Word and save it again as .docx."
ENCRYPTED = "The Word document is encrypted; save it without a password first."
OLD_OR_ENCRYPTED = "This is an old Word file (.doc) or an encrypted one; save it as .docx without a password first."
TOO_LARGE = "The Word document unpacks to more than 50 MB of text and marks; split it, please."
BOMB = "The Word document unpacks to more than 200 times its size, as no article does; it is not read."
DOCTYPE = "The Word document declares a document type (DTD), as Word never does; it is not read."


def extracted(upload: bytes) -> ExtractedText:
    """The text of a DOCX file, one paragraph a line, and the title of its properties: their author and date are
    those of the file, or of its template, and not of the article.

    A table gives its cells one after the other; tabs and line breaks stay. Left out: empty paragraphs, notes,
    comments, page headers, the numbers of lists, hidden and deleted text, and the second copy that Word keeps
    of a text box. Raises BadArticle for a file that is broken, encrypted, or made to exhaust the reader.
    """
    if upload.startswith(OLD_OFFICE):
        raise BadArticle(OLD_OR_ENCRYPTED)
    try:
        with zipfile.ZipFile(io.BytesIO(upload)) as archive:
            prose = _Prose()
            _feed(archive, MAIN_PART, prose, LARGEST_PART)
            description = _description(archive)
    except BROKEN:
        raise BadArticle(NOT_READABLE) from None
    text = "\n".join(prose.lines())
    check_text(text)
    return ExtractedText(text, "docx", description=description)


def _description(archive: zipfile.ZipFile) -> Description:
    if PROPERTIES_PART not in archive.namelist():
        return Description()
    properties = _Properties()
    _feed(archive, PROPERTIES_PART, properties, LARGEST_PROPERTIES)
    found = properties.found
    return self_described(Description(title=found.get("title")))


def _feed(archive: zipfile.ZipFile, name: str, target: "_Target", most: int) -> None:
    parser = XMLParser(target=target)
    for chunk in _unpacked(archive, archive.getinfo(name), most):
        parser.feed(chunk)
    parser.close()


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo, most: int) -> Iterator[bytes]:
    """The part piece by piece, counted while it unpacks: the sizes that the file states may lie."""
    if part.flag_bits & 0x1:
        raise BadArticle(ENCRYPTED)
    if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise BadArticle(NOT_READABLE)
    size = 0
    with archive.open(part) as file:
        while chunk := file.read(CHUNK):
            size += len(chunk)
            if size > most:
                raise BadArticle(TOO_LARGE)
            if size > max(RATIO_COUNTS_FROM, LARGEST_RATIO * part.compress_size):
                raise BadArticle(BOMB)
            yield chunk


class _Target:
    """What the parser tells as it reads; the file is never a tree in memory."""

    def doctype(self, *_: object) -> NoReturn:
        raise BadArticle(DOCTYPE)

    def start(self, tag: str, attributes: dict[str, str], /) -> None: ...

    def end(self, tag: str, /) -> None: ...

    def data(self, text: str) -> None: ...

    def close(self) -> None: ...


# `pPr` holds no text but the places of tab stops, which are called `tab` as well; `rt` is the reading of a ruby.
LEFT_OUT = frozenset({"pPr", "tblPr", "sectPr", "del", "moveFrom", "rt"})
CHARACTERS = {
    "tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad",
}  # fmt: skip


class _Prose(_Target):
    """The paragraphs of a main part, a text box behind the paragraph that it is anchored in."""

    def __init__(self) -> None:
        self.paragraphs: list[list[str]] = []
        self.open: list[list[str]] = []
        self.left_out = 0
        self.in_text = self.hidden = False
        self.names: dict[str, str] = {}
        self.attributes: set[str] = set()

    def lines(self) -> Iterator[str]:
        return (line for parts in self.paragraphs if (line := "".join(parts).strip()))

    def start(self, tag: str, attributes: dict[str, str], /) -> None:
        name = self._name(tag)
        self.attributes.update(attributes)
        if len(self.names) + len(self.attributes) > MOST_NAMES:
            raise BadArticle(NOT_READABLE)
        if self.left_out or name in LEFT_OUT or name == "Fallback":
            self.left_out += 1
        elif name == "p":
            self.open.append([])
            self.paragraphs.append(self.open[-1])
        elif name == "r":
            self.hidden = False
        elif name == "vanish":
            self.hidden = not any(value in ("0", "false", "off") for value in attributes.values())
        elif self.open and not self.hidden:
            self.in_text = name == "t"
            if name in CHARACTERS:
                self.open[-1].append(CHARACTERS[name])

    def end(self, tag: str, /) -> None:
        self.in_text = False
        if self.left_out:
            self.left_out -= 1
        elif self._name(tag) == "p":
            self.open.pop()
        elif self._name(tag) == "r":
            self.hidden = False

    def data(self, text: str) -> None:
        if self.in_text and not self.left_out:
            self.open[-1].append(text)

    def _name(self, tag: str) -> str:
        """The local name of an element of Word's, or `Fallback`; empty for any other."""
        if tag not in self.names:
            space, _, local = tag[1:].rpartition("}")
            known = space in WORD or (space == COMPATIBILITY and local == "Fallback")
            self.names[tag] = local if known else ""
        return self.names[tag]


class _Properties(_Target):
    """The text of each element of the properties, by its local name."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}
        self.name = ""

    def start(self, tag: str, _attributes: dict[str, str], /) -> None:
        self.name = tag.rpartition("}")[2]

    def end(self, _tag: str, /) -> None:
        self.name = ""

    def data(self, text: str) -> None:
        if self.name:
            self.found[self.name] = self.found.get(self.name, "") + text
