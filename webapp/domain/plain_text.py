"""What every short text that a person sends must be: a string, not too long, storable as UTF-8."""

import re
from typing import Any, TypeVar
from urllib.parse import urlsplit

from webapp.domain.errors import DomainError
from webapp.domain.misleading import hidden_characters, mixed_scripts, without_hidden, words_of
from webapp.domain.terms import Term

T = TypeVar("T", bound=Term)

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


def one_line(name: str, value: Any, longest: int, error: type[DomainError]) -> str | None:
    """The text with white space folded, or None when nothing is left. Raises `error`."""
    line = clean_line(name, "" if value is None else value, longest, error)
    return " ".join(line.split()) if line else None


def term_of(name: str, value: Any, terms: type[T], error: type[DomainError]) -> T | None:
    """The term of that value, or None for nothing. Raises `error`, naming the field and what it may be."""
    if value in (None, ""):
        return None
    try:
        return terms(str(value))
    except ValueError:
        known = ", ".join(term.value for term in terms)
        raise error(f"“{name}” is one of {known}; got “{str(value)[:40]}”.") from None


def clear_name(value: Any, longest: int, error: type[DomainError]) -> str | None:
    """A name with white space folded, or None when nothing is left. Raises `error` for one that misleads."""
    line = " ".join((clean_line("name", value, longest, error) or "").split())
    if hidden_characters(line):
        raise error(f"The name “{without_hidden(line)}” holds a character that nobody sees; type it anew.")
    if mixed := mixed_scripts(words_of(line)):
        word, scripts = mixed
        raise error(
            f"“{word}” mixes letters of {' and '.join(scripts)}, which look alike; write each word in one script."
        )
    return line or None


_BEGINS_WITH_HOST = re.compile(r"(?:[\w-]+\.)+[^\W\d_]{2,}\.?(?::\d{1,5})?(?:[/?#]|$)")
"""As in example.org/page; known to scripts as well (`static/js/lib/address.js`)."""


def web_address(value: Any, error: type[DomainError]) -> str | None:
    """A complete http or https address that shows where it leads, or None when nothing was given.

    One that begins with its host, as people write it, gets `https://`. Raises `error` for anything else.
    """
    address = clean_line("url", value, LONGEST_URL, error)
    if address is None:
        return None
    if _BEGINS_WITH_HOST.match(address) and len(address) + len("https://") <= LONGEST_URL:
        address = f"https://{address}"
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        host = None
    if not host or parts.scheme not in ("http", "https") or re.search(r"[\s<>\"]", address):
        raise error(f"“{address[:80]}” is no web address; write it whole, as in https://example.org/page.")
    if hidden_characters(address):
        shown = without_hidden(address)[:80]
        raise error(f"The address “{shown}” holds a character that nobody sees; copy it anew from where it leads.")
    if "@" in parts.netloc:
        raise error(f"What stands before “@{host}” is no part of where the address leads; leave it out.")
    if mixed := mixed_scripts(host.split(".")):
        raise error(
            f"The host “{host}” mixes letters of {' and '.join(mixed[1])}, which look alike; check where it leads."
        )
    return address
