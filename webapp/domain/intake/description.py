"""What is known of an article besides its text."""

import calendar
import re
from dataclasses import dataclass

from webapp.domain.errors import BadArticle
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


def _line(name: str, value: str | None) -> str | None:
    text = clean_line(name, value or "", LONGEST_TITLE, BadArticle)
    return " ".join(text.split()) if text else None
