"""From the bytes of a file to its characters: as the file says, as a person chose, else by a guess that is named."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

from bs4.dammit import EncodingDetector
from charset_normalizer import from_bytes

from webapp.domain.errors import BadArticle, DoubtfulEncoding

LARGEST = 5 * 1024 * 1024

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
BROKEN_UTF8 = "utf-8-broken"
"""Our word for UTF-8 in which each byte that is broken is read as U+FFFD (�)."""
ENCODINGS = (
    "utf-8",
    BROKEN_UTF8,
    "windows-1252",
    "iso-8859-1",
    "iso-8859-15",
    "mac-roman",
    "windows-1250",
    "iso-8859-2",
    "windows-1251",
    "koi8-r",
    "koi8-u",
    "cp866",
    "iso-8859-5",
    "windows-1253",
    "iso-8859-7",
    "windows-1254",
    "windows-1255",
    "windows-1256",
    "windows-1257",
    "windows-1258",
    "cp874",
    "cp932",
    "euc-jp",
    "gb18030",
    "big5",
    "cp949",
    "utf-16-le",
    "utf-16-be",
)
"""What a person may choose from when the encoding is a guess, or wrong: what news has been written in."""
GUESSED = [codecs.lookup(name).name for name in ENCODINGS if not name.startswith("utf-")]

NOT_SAID = "The file is not UTF-8 and does not say what it is."

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

CUT_LEADS = frozenset(b"\xc2\xc3\xe2\xf0\xf1\xf2\xf3\xf4")
"""First bytes of UTF-8 sequences that in Western encodings stand for letters with which no text ends."""

LONGEST_SEQUENCE = 4
"""Bytes of a character in UTF-8; where one is broken, the others mean nothing either."""
# Decoded by `surrogateescape`: what is left of one character, also around a byte that became another character.
BROKEN_PLACE = re.compile("[\udc80-\udcff]{1,4}(?:[^\udc80-\udcff][\udc80-\udcff]{1,2})?")


@dataclass(frozen=True)
class Decoded:
    """Text as it will be stored, and how it was read."""

    text: str
    encoding: str
    had_bom: bool
    doubt: str | None = None
    """Why the encoding is a guess, as a sentence; None: the file says it itself, or a person chose it."""


def decoded(
    upload: bytes,
    encoding: str | None = None,
    *,
    html: bool = False,
    otherwise: str | None = None,
    largest: int | None = LARGEST,
) -> Decoded:
    """The characters of an uploaded file, under the encoding given or the one detected.

    A byte order mark decides alone and is dropped; then UTF-8 if the bytes are valid UTF-8; then, in HTML, what
    the page declares. A file that says nothing of itself is read in the encoding `otherwise`; without one it is
    guessed, and the result has a doubt. UTF-8 with few broken bytes is never taken for anything else unless
    `encoding` says so.
    Raises BadArticle for a file over `largest` bytes, a binary one, or bytes that the encoding does not know.
    """
    if largest is not None and len(upload) > largest:
        raise BadArticle(f"The file has {len(upload) / 1024**2:.1f} MB; the most is 5 MB. Split it, please.")
    for magic, kind in MAGIC:
        if upload.startswith(magic):
            raise BadArticle(f"This is {kind}, not text; save it as plain text or HTML first.")
    if bom := bom_of(upload):
        mark, name = bom
        return _decoded(upload[len(mark) :], name, had_bom=True)
    if b"\x00" in upload and not (encoding or "").startswith("utf-16"):
        raise BadArticle(NUL_FOUND)
    if encoding:
        return _decoded(upload, encoding)
    for name in _said_by(upload, html):
        try:
            return _decoded(upload, name)
        except BadArticle:
            continue
    breaks = _why_broken_utf8(upload)
    if breaks and otherwise != BROKEN_UTF8:
        return _decoded(upload, BROKEN_UTF8, doubt=breaks)
    return _decoded(upload, otherwise) if otherwise else _guessed(upload)


def bom_of(upload: bytes) -> tuple[bytes, str] | None:
    """The byte order mark with which the bytes begin, and the encoding that it stands for."""
    return next(((mark, name) for mark, name in BOMS if upload.startswith(mark)), None)


def doubt_about(upload: bytes, *, html: bool = False) -> str | None:
    """Why nobody can be sure of the encoding, as a sentence; None where the file leaves no doubt of it."""
    if bom_of(upload) or any(_fits(upload, name) for name in _said_by(upload, html)):
        return None
    return _why_broken_utf8(upload) or NOT_SAID


def words_in(upload: bytes, encoding: str) -> list[str]:
    """The telling words of a file's beginning, whatever else it holds."""
    return telling_words(upload[:LARGEST].decode("utf-8" if encoding == BROKEN_UTF8 else encoding, "replace"))


def doubtful(doubt: str, guess: str) -> DoubtfulEncoding:
    """What an upload whose encoding is a guess is refused with: why, and where a person chooses another."""
    way = "Get it anew, or take � for what is broken" if guess == BROKEN_UTF8 else f"It may be {guess}"
    where = f"choose on the page of this import, or in the shell with --encoding {guess}"
    return DoubtfulEncoding(f"To look at: {doubt} {way}: {where}.", doubt, guess)


def telling_words(text: str, most: int = 12) -> list[str]:
    """The first different words with letters beyond ASCII, by which a person sees whether the encoding is right.

    Words with � come first.
    """
    words = dict.fromkeys(word[:40] for word in text.split() if not word.isascii())
    return sorted(words, key=lambda word: "\ufffd" not in word)[:most]


def is_text_encoding(encoding: str) -> bool:
    """Whether this is the name of an encoding of text; Python has codecs that are none."""
    try:
        return codecs.lookup(encoding).name not in NO_ENCODINGS and "".encode(encoding) == b""
    except (LookupError, UnicodeError, ValueError):
        return encoding == BROKEN_UTF8


def _said_by(upload: bytes, html: bool) -> Iterator[str]:
    yield "utf-8"
    declared = EncodingDetector.find_declared_encoding(upload, is_html=True) if html else None
    if declared and declared != BROKEN_UTF8 and is_text_encoding(declared):
        yield declared


def _fits(upload: bytes, encoding: str) -> bool:
    try:
        upload.decode(encoding)
    except (UnicodeError, LookupError):
        return False
    return True


# ---- what does not say


def _why_broken_utf8(upload: bytes) -> str | None:
    """What is broken, as a sentence, where the bytes are UTF-8 but for few of them; None where they are not.

    They are when a character beyond ASCII is whole and one place is broken, or four are whole for each place;
    or when all that is broken is the beginning of a character at the very end.
    """
    try:
        upload.decode()
    except UnicodeDecodeError as first:
        at, rest, is_cut = first.start, upload[first.start :], first.reason == "unexpected end of data"
    else:
        return None
    kept = upload.decode(errors="ignore")
    whole = len(kept) - len(kept.encode("ascii", "ignore"))
    if is_cut and (whole or len(rest) > 1 or rest[0] in CUT_LEADS):
        return f"The file is UTF-8 and ends within a character (byte {at + 1:,}); it may have been cut off."
    most = max(1, whole // 4)
    if not whole or len(upload) - len(kept.encode()) > most * LONGEST_SEQUENCE:
        return None
    places = len(BROKEN_PLACE.findall(upload.decode(errors="surrogateescape")))
    if places > most:
        return None
    many = f"broken bytes at {places:,} places, the first" if places > 1 else "a broken byte"
    return f"The file is UTF-8 with {many} at {at + 1:,}."


def _guessed(upload: bytes) -> Decoded:
    for name in _guesses(upload):
        try:
            read = _decoded(upload, name)
        except BadArticle:
            continue
        return Decoded(read.text, read.encoding, had_bom=False, doubt=NOT_SAID)
    raise AssertionError("ISO 8859-1 reads any bytes.")


def _guesses(upload: bytes) -> Iterator[str]:
    sample = upload[:65_536]  # tells as much as megabytes do, and takes no seconds
    # Too little to guess from: a short text with a few accents is most often from a Western machine.
    if len(sample) < 500 and sum(byte > 127 for byte in sample) < len(sample) * 0.15:
        yield "windows-1252"
    if guess := from_bytes(sample, cp_isolation=GUESSED).best():
        yield guess.encoding
    yield "windows-1252"
    yield "iso-8859-1"


def _decoded(content: bytes, encoding: str, *, had_bom: bool = False, doubt: str | None = None) -> Decoded:
    if encoding == BROKEN_UTF8:
        return Decoded(content.decode(errors="replace"), BROKEN_UTF8, had_bom, doubt)
    try:
        text = content.decode(encoding)
    except (UnicodeError, LookupError):
        raise BadArticle(f"The file is not written in {encoding}; choose another encoding.") from None
    return Decoded(text, _called(encoding), had_bom, doubt)


def _called(encoding: str) -> str:
    """The encoding by the name that a person may choose it by."""
    name = codecs.lookup(encoding).name
    return next((known for known in ENCODINGS if known != BROKEN_UTF8 and codecs.lookup(known).name == name), name)
