"""An article's text: checked once and never changed, and how it was read."""

import hashlib
import re
from dataclasses import dataclass

from webapp.domain.errors import BadArticle
from webapp.domain.intake.decoding import LARGEST, NUL_FOUND
from webapp.domain.intake.description import NOTHING_KNOWN, Description

# Control characters that no article has and many binary files do; C1 stays, because text taken for
# Latin-1 carries Windows-1252 quotes there.
CONTROLS = re.compile("[\x01-\x08\x0e-\x1a\x1c-\x1f]")


def pasted(text: str) -> str:
    """Pasted text with LF line ends, as a form sends CRLF. Raises BadArticle."""
    text = text.replace("\r\n", "\n")
    check_text(text)
    return text


def check_text(text: str) -> None:
    """Refuse what cannot be an article's text, with a sentence that says why. Raises BadArticle."""
    if "\x00" in text:
        raise BadArticle(NUL_FOUND)
    if not text.isascii() and re.search("[\ud800-\udfff]", text):
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


@dataclass(frozen=True)
class ExtractedText:
    """What a file says once read: its text as it will be stored, how it was read, and what it says of itself."""

    text: str
    encoding: str
    had_bom: bool = False
    description: Description = NOTHING_KNOWN
    doubt: str | None = None
    """Why the encoding is a guess, as a sentence."""
