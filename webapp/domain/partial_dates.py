"""Dates as people know them: a year, a year and month, or a day; kept as they were given."""

import re
from datetime import date, datetime
from typing import Any

from webapp.domain.errors import DomainError
from webapp.domain.plain_text import clean_line

_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


def partial_date(value: Any, noun: str, error: type[DomainError]) -> str | None:
    """A year, a year and month, or a day (ISO 8601), as it stands; None for nothing. Raises `error`."""
    given = clean_line(noun, "" if value is None else value, 40, error)
    if given is None:
        return None
    found = _PARTIAL.fullmatch(given)
    try:
        if not found:
            raise ValueError
        date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError:
        raise error(f"“{given}” is no date; write it as 2013, 2013-10 or 2013-10-28.") from None
    return given


_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", re.ASCII)


def date_or_moment(value: Any, noun: str, error: type[DomainError]) -> str | None:
    """A partial date, or a moment in UTC to the second, such as 2013-10-28T09:30:00Z; None for nothing."""
    given = clean_line(noun, "" if value is None else value, 40, error)
    if given is None or not _MOMENT.fullmatch(given):
        return partial_date(given, noun, error)
    try:
        datetime.fromisoformat(given)
    except ValueError:
        raise error(f"“{given}” is no time; write it as 2013-10-28 or 2013-10-28T09:30:00Z.") from None
    return given
