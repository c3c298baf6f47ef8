"""From what a person pastes or uploads to the text that is stored: decoded once, then never changed."""

import calendar
import codecs
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from bs4.dammit import EncodingDetector
from charset_normalizer import from_bytes

from webapp.domain.errors import BadArticle
from webapp.domain.plain_text import UNSTORABLE, clean_line, web_address

LARGEST = 5 * 1024 * 1024
LONGEST_TITLE = 500

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
ENCODINGS = (
    "utf-8",
    "windows-1252",
    "iso-8859-1",
    "iso-8859-2",
    "iso-8859-15",
    "windows-1250",
    "windows-1251",
    "windows-1253",
    "windows-1254",
    "windows-1255",
    "windows-1256",
    "koi8-r",
    "utf-16-le",
    "utf-16-be",
    "shift_jis",
    "euc-jp",
    "gb18030",
    "big5",
    "euc-kr",
)
"""What a person may choose from when the detected encoding is wrong."""

NO_ENCODINGS = {"undefined", "idna", "punycode", "unicode_escape", "raw_unicode_escape", "utf-7", "mbcs", "oem"}
"""Codecs of Python that a page may name, and that no page is written in."""

MAGIC = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP or Office file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a compressed file"),
    (b"\xd0\xcf\x11\xe0", "an old Office file"),
    (b"{\\rtf", "an RTF file"),
    (b"\x7fELF", "a program"),
)

NUL_FOUND = "This holds NUL characters, so it is a binary file or UTF-16 without a mark; save it as UTF-8 text first."

# Control characters that no article has and many binary files do; C1 stays, because text taken for
# Latin-1 carries Windows-1252 quotes there.
CONTROLS = re.compile("[\x01-\x08\x0e-\x1a\x1c-\x1f]")


@dataclass(frozen=True)
class Decoded:
    """Text as it will be stored, and how it was read."""

    text: str
    encoding: str
    had_bom: bool


@dataclass(frozen=True)
class Description:
    """What is known of an article besides its text; None: not recorded."""

    title: str | None = None
    outlet: str | None = None
    author: str | None = None
    url: str | None = None
    published: str | None = None


def described(
    title: str | None = None,
    outlet: str | None = None,
    author: str | None = None,
    url: str | None = None,
    published: str | None = None,
) -> Description:
    """The description with white space folded and checked. Raises BadArticle, saying what to do."""
    return Description(
        title=_line("title", title),
        outlet=_line("outlet", outlet),
        author=_line("author", author),
        url=web_address(url or "", BadArticle),
        published=partial_date(published),
    )


def self_described(
    title: str | None = None,
    outlet: str | None = None,
    author: str | None = None,
    url: str | None = None,
    published: str | None = None,
) -> Description:
    """What a file says of itself, which nobody typed: too long a line is cut, a bad address or date dropped."""
    address, date = (url or "").strip(), re.match(r"\d{4}(-\d\d){0,2}(?=T|$)", (published or "").strip())
    try:
        address = web_address(address, BadArticle) or ""
    except BadArticle:
        address = ""
    try:
        day = partial_date(date[0]) if date else None
    except BadArticle:
        day = None
    return Description(_cut(title), _cut(outlet), _cut(author), address or None, day)


def _cut(value: str | None) -> str | None:
    return " ".join(UNSTORABLE.sub("", value or "").split())[:LONGEST_TITLE].strip() or None


def partial_date(value: str | None) -> str | None:
    """A year, month or day as ISO 8601 (`2013`, `2013-10`, `2013-10-22`). Raises BadArticle for others."""
    value = (value or "").strip()
    if not value:
        return None
    match = re.fullmatch(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", value, re.ASCII)
    if match:
        year, month, day = (int(part) if part else 1 for part in match.groups())
        if year >= 1 and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]:
            return value
    raise BadArticle(f"“{value[:40]}” is no date; write it as 2013-10-22, 2013-10 or 2013.")


def pasted(text: str) -> str:
    """Pasted text with LF line ends, as a form sends CRLF. Raises BadArticle."""
    text = text.replace("\r\n", "\n")
    check_text(text)
    return text


def decoded(
    upload: bytes, encoding: str | None = None, *, html: bool = False, largest: int | None = LARGEST
) -> Decoded:
    """The characters of an uploaded file, under the encoding given or the one detected.

    A byte order mark decides alone and is dropped; then UTF-8 if the bytes are valid UTF-8; then, in
    HTML, what the page declares; then what charset-normalizer finds likely; Windows-1252 and ISO 8859-1 last.
    Raises BadArticle for a file over `largest` bytes, a binary one, or bytes that the encoding does not know.
    """
    if largest is not None and len(upload) > largest:
        raise BadArticle(f"The file has {len(upload) / 1024**2:.1f} MB; the most is 5 MB. Split it, please.")
    for magic, kind in MAGIC:
        if upload.startswith(magic):
            raise BadArticle(f"This is {kind}, not text; save it as plain text or HTML first.")
    bom = next(((mark, name) for mark, name in BOMS if upload.startswith(mark)), None)
    if bom:
        mark, name = bom
        return _decoded(upload[len(mark) :], name, had_bom=True)
    if b"\x00" in upload and not (encoding or "").startswith("utf-16"):
        raise BadArticle(NUL_FOUND)
    if encoding:
        return _decoded(upload, encoding, had_bom=False)
    for name in _candidates(upload, html):
        try:
            return _decoded(upload, name, had_bom=False)
        except BadArticle:
            continue
    raise AssertionError("ISO 8859-1 reads any bytes.")


def _candidates(upload: bytes, html: bool) -> Iterator[str]:
    yield "utf-8"
    # A page may declare anything, also codecs of Python that are no encoding of text.
    declared = EncodingDetector.find_declared_encoding(upload, is_html=True) if html else None
    if declared and _is_known(declared):
        yield declared
    sample = upload[:65_536]  # tells as much as megabytes do, and takes no seconds
    # Too little to guess from: a short text with a few accents is most often from a Western machine.
    if len(sample) < 500 and sum(byte > 127 for byte in sample) < len(sample) * 0.15:
        yield "windows-1252"
    if guess := from_bytes(sample).best():
        yield guess.encoding
    yield "windows-1252"
    yield "iso-8859-1"


def _is_known(encoding: str) -> bool:
    try:
        return codecs.lookup(encoding).name not in NO_ENCODINGS and "".encode(encoding) == b""
    except (LookupError, UnicodeError):
        return False


def _decoded(content: bytes, encoding: str, *, had_bom: bool) -> Decoded:
    try:
        text = content.decode(encoding)
    except (UnicodeError, LookupError):
        raise BadArticle(f"The file is not written in {encoding}; choose another encoding.") from None
    return Decoded(text, codecs.lookup(encoding).name.replace("cp125", "windows-125"), had_bom)


def check_text(text: str) -> None:
    """Refuse what cannot be an article's text, with a sentence that says why. Raises BadArticle."""
    if "\x00" in text:
        raise BadArticle(NUL_FOUND)
    if re.search("[\ud800-\udfff]", text):
        raise BadArticle("The text holds half characters (lone surrogates); copy it again from its source.")
    if len(text.encode()) > LARGEST:
        raise BadArticle("The text is over 5 MB; split it into several articles, please.")
    if not re.search(r"\w", text):
        raise BadArticle("There is no text in it; paste the article or choose its file.")
    controls = len(CONTROLS.findall(text))
    if controls > 8 and controls > len(text) / 200:
        raise BadArticle("This looks like a binary file, not text; save it as plain text or HTML first.")


def sha256(text: str) -> str:
    """The hash that names a text: SHA-256 of its UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def _line(name: str, value: str | None) -> str | None:
    text = clean_line(name, value or "", LONGEST_TITLE, BadArticle)
    return " ".join(text.split()) if text else None


@dataclass(frozen=True)
class Reading:
    """What a file says once read: its text as it will be stored, how it was read, and what it says of itself."""

    text: str
    encoding: str
    had_bom: bool = False
    title: str | None = None
    outlet: str | None = None
    author: str | None = None
    url: str | None = None
    published: str | None = None
