"""What is known of an article besides its text: said here, and its rules with it."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from webapp.domain.errors import BadArticle
from webapp.domain.partial_dates import partial_date
from webapp.domain.plain_text import UNSTORABLE, clean_line, web_address

LONGEST_TITLE = 500


@dataclass(frozen=True)
class Description:
    """What is known of an article besides its text; None: not recorded."""

    title: str | None = None
    outlet: str | None = None
    author: str | None = None
    url: str | None = None
    published: str | None = None
    """ISO 8601, perhaps only a month or a year."""


NOTHING_KNOWN = Description()
DESCRIBED = tuple(field.name for field in fields(Description))
"""The names of what is known, in the order in which it is asked for."""


def described(written: Description) -> Description:
    """What a person wrote, with white space folded and checked. Raises BadArticle, saying what to do."""
    return Description(**{name: checked(name, value) if value else None for name, value in vars(written).items()})


def self_described(found: Description) -> Description:
    """What a file says of itself, which nobody typed: too long a line is cut, a bad address or date dropped."""
    return Description(**{name: _TAKEN.get(name, _cut)(value or "") for name, value in vars(found).items()})


def completed(given: Description, own: Description) -> Description:
    """What a person wrote about the article, and for what they left blank, what the file says of itself."""
    return Description(**{name: getattr(own, name) if value is None else value for name, value in vars(given).items()})


# ---- the address, for comparing

PREFIXES = re.compile(r"^(?:www\d?|m|mobile|amp)\.")
OF_THE_WAY = re.compile(
    r"utm_\w+|(?:fb|g|ms|dc)clid|mc_[ce]id|at_\w+|cmp(?:id)?|ref(?:errer)?|share|smid|partner", re.I
)
"""Names of what an address says of the way on which somebody came to the page."""


def address_key(url: str | None) -> str | None:
    """By what it is known that two addresses lead to the same article: a hash; None where they lead to no article.

    Scheme, `www.`, case of the host, a slash at the end, the place on the page, the order of parameters and those that
    tell of the way make no difference. The front page of an outlet is no article.
    """
    if not url:
        return None
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    path = unquote(parts.path).rstrip("/")
    asked = sorted(one for one in parse_qsl(parts.query, keep_blank_values=True) if not OF_THE_WAY.fullmatch(one[0]))
    if not host or not (path or asked):
        return None
    where = PREFIXES.sub("", host.rstrip(".")) + (f":{port}" if port not in (None, 80, 443) else "")
    return hashlib.sha256(f"{where}{path}?{urlencode(asked)}".encode()).hexdigest()


# ---- what a person wrote


def checked(name: str, value: str) -> str | None:
    """What a person wrote of one of `DESCRIBED`, as it is kept. Raises BadArticle, saying what to do."""
    check = _CHECKS.get(name)
    return check(value) if check else _line(name, value)


def _line(name: str, value: str) -> str | None:
    text = clean_line(name, value, LONGEST_TITLE, BadArticle)
    return " ".join(text.split()) if text else None


def _address(value: str) -> str | None:
    return web_address(value, BadArticle)


def _date(value: str) -> str | None:
    return partial_date(value, "published", BadArticle)


_CHECKS: dict[str, Callable[[str], str | None]] = {"url": _address, "published": _date}
"""Of what is not a line of words."""


# ---- what a file says


def _cut(value: str) -> str | None:
    return " ".join(UNSTORABLE.sub("", value).split())[:LONGEST_TITLE].strip() or None


def _address_if_good(value: str) -> str | None:
    try:
        return _address(value)
    except BadArticle:
        return None


def _date_if_good(value: str) -> str | None:
    date = re.match(r"\d{4}(-\d\d){0,2}(?=T|$)", value.strip())
    try:
        return _date(date[0]) if date else None
    except BadArticle:
        return None


_TAKEN: dict[str, Callable[[str], str | None]] = {"url": _address_if_good, "published": _date_if_good}
