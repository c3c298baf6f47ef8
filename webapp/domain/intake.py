"""What an article may be: its text, checked once and never changed, and what is known of it besides."""

import calendar
import hashlib
import re
from dataclasses import dataclass

from webapp.domain.decoding import LARGEST, NUL_FOUND
from webapp.domain.errors import BadArticle
from webapp.domain.plain_text import UNSTORABLE, clean_line, web_address

LONGEST_TITLE = 500

# Control characters that no article has and many binary files do; C1 stays, because text taken for
# Latin-1 carries Windows-1252 quotes there.
CONTROLS = re.compile("[\x01-\x08\x0e-\x1a\x1c-\x1f]")


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
class ExtractedText:
    """What a file says once read: its text as it will be stored, how it was read, and what it says of itself."""

    text: str
    encoding: str
    had_bom: bool = False
    title: str | None = None
    outlet: str | None = None
    author: str | None = None
    url: str | None = None
    published: str | None = None
    doubt: str | None = None
    """Why the encoding is a guess, as a sentence."""
