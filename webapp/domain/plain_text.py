"""What every short text that a person sends must be: a string, not too long, storable as UTF-8."""

import re
from typing import Any
from urllib.parse import urlsplit

from webapp.domain.errors import DomainError

LONGEST_URL = 2_000

# A database stores neither: NUL ends a string in PostgreSQL, and half a surrogate pair has no UTF-8.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(text: str) -> str:
    """The text with what no database stores replaced by U+FFFD: for names that a machine gave, such as of files."""
    return UNSTORABLE.sub("\ufffd", text)


def clean_line(name: str, value: Any, longest: int, error: type[DomainError]) -> str | None:
    """The text without white space at its ends and with LF line ends, or None when nothing is left."""
    if not isinstance(value, str):
        raise error(f"“{name}” must be text.")
    if UNSTORABLE.search(value):
        raise error(f"“{name}” holds a character that cannot be stored; please type it again.")
    text = value.replace("\r\n", "\n").strip()
    if len(text) > longest:
        raise error(f"“{name}” is {len(text):,} characters long; the most is {longest:,}.")
    return text or None


def web_address(value: Any, error: type[DomainError]) -> str | None:
    """A complete http or https address, or None when nothing was given. Raises `error` for anything else."""
    address = clean_line("url", value, LONGEST_URL, error)
    if address is None:
        return None
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        host = None
    if not host or parts.scheme not in ("http", "https") or re.search(r"[\s<>\"]", address):
        raise error(f"“{address[:80]}” is no web address; write it whole, as in https://example.org/page.")
    return address
