"""Dates that a text tells from where it stands, such as “last week”: found, and what they may mean is proposed.

English, as the cues are. A date with its year is none of these.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from webapp.domain.errors import BadDate
from webapp.domain.partial_dates import partial_date
from webapp.domain.plain_text import clean_line

_DAYS = {name.lower(): number for number, name in enumerate(calendar.day_name)}
_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_MONTH_OF = _MONTHS | {name[:3]: number for name, number in _MONTHS.items()} | {"sept": 9}
_COUNTED = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NUMBERS = {"a": 1} | {word: number for number, word in enumerate(_COUNTED, start=1)}

_DAY = "|".join(_DAYS)
_MONTH = "|".join([*_MONTHS, *(rf"{name[:3]}\." for name in _MONTHS if name != "may"), r"sept\."])
_UNIT = "day|week|month|year|decade|century"
_OF_MONTH = rf"(?:(?:{_MONTH})\s+\d{{1,2}}(?:st|nd|rd|th)?|\d{{1,2}}(?:st|nd|rd|th)?\s+(?:{_MONTH}))"
_NO_YEAR = r"(?!\s*,?\s*(?:of\s+)?\d{4})"
_RELATIVE = re.compile(
    rf"""(?<![\w-])(?:
      (?:earlier\s+|later\s+)?(?:(?:{_DAY})\s*,\s*)?{_OF_MONTH}{_NO_YEAR}
    | (?:the\s+)?(?:last|next|this|past|coming|previous|following)\s+
        (?:{_UNIT}|{_DAY}|{_MONTH}|weekend|night|morning|afternoon|evening|spring|summer|autumn|fall|winter){_NO_YEAR}
    | (?:{_DAY}){_NO_YEAR}(?!\s*,?\s*{_OF_MONTH})
    | yesterday|today|tonight|tomorrow
    | (?:{"|".join(_NUMBERS)}|\d{{1,3}})\s+(?:{_UNIT})s?\s+(?:ago|earlier|later|from\s+now)
    | (?:in|over|within)\s+the\s+(?:last|past|next|coming)\s+(?:(?:{"|".join(_NUMBERS)}|\d{{1,3}})\s+)?(?:{_UNIT})s?
    )(?![\w-])""",
    re.IGNORECASE | re.VERBOSE,
)
LONGEST = 21
"""Letters of what a relative date is resolved to: two days."""


@dataclass(frozen=True)
class RelativeDate:
    """Where it stands, `[start, end)` in code points, and its words."""

    start: int
    end: int
    words: str


def relative_dates(text: str) -> list[RelativeDate]:
    """Those of a text, in their order, none overlapping."""
    return [RelativeDate(*found.span(), found[0]) for found in _RELATIVE.finditer(text)]


def resolved_from(value: object) -> str | None:
    """A year, a month or a day, or two of them with a stroke between (ISO 8601), as it stands; None for nothing.

    Raises BadDate.
    """
    given = clean_line("the date", "" if value is None else value, LONGEST, BadDate)
    if given is None:
        return None
    first, stroke, last = given.partition("/")
    ends = [partial_date(end, "the date", BadDate) for end in ((first, last) if stroke else (first,))]
    if not all(ends):
        raise BadDate("A span has two ends; write it as 2013-10-14/2013-10-20.")
    if stroke and first > last:
        raise BadDate(f"“{given}” ends before it begins; write the earlier date first.")
    return given


def proposed(words: str, published: str | None) -> str | None:
    """What the words mean in a text of that day, month or year (ISO 8601): where they are plain, and mean the same on
    its first day and on its last; else None.
    """
    said = " ".join(words.lower().replace(",", " ").split()).removeprefix("the ")
    meant = {_meant(said, day) for day in _first_and_last(published or "")}
    return meant.pop() if len(meant) == 1 else None


def _first_and_last(published: str) -> list[date]:
    year, month, day = (int(part) if part.isdecimal() else 0 for part in f"{published}--".split("-")[:3])
    try:
        if day:
            return [date(year, month, day)]
        return [date(year, month or 1, 1), date(year, month or 12, calendar.monthrange(year, month or 12)[1])]
    except ValueError:
        return []


def _meant(said: str, day: date) -> str | None:
    try:
        return resolved_from(
            _plain(said, day) or _weekday(said, day) or _day_of_month(said, day) or _span(said, day) or _ago(said, day)
        )
    except (OverflowError, BadDate):  # before the first year there is, or behind the last
        return None


def _plain(said: str, day: date) -> str | None:
    away = {"today": 0, "tonight": 0, "this morning": 0, "this afternoon": 0, "this evening": 0}
    away |= {"yesterday": -1, "last night": -1, "tomorrow": 1}
    return str(day + timedelta(away[said])) if said in away else None


def _weekday(said: str, day: date) -> str | None:
    """The last one, this day included; of a *next* or *coming* one the next. A *last* one is told in two ways."""
    which, _, name = said.rpartition(" ")
    if name not in _DAYS or which not in ("", "this", "past", "next", "coming", "following"):
        return None
    if which in ("next", "coming", "following"):
        return str(day + timedelta((_DAYS[name] - day.weekday() - 1) % 7 + 1))
    return str(day - timedelta((day.weekday() - _DAYS[name]) % 7))


def _day_of_month(said: str, day: date) -> str | None:
    """In the year in which it lies nearest; None where it is not the day of the week that is told."""
    found = re.search(rf"(?P<month>{_MONTH})\s+(?P<day>\d+)|(?P<day2>\d+)\w*\s+(?P<month2>{_MONTH})", said)
    if not found:
        return None
    month = _MONTH_OF[(found["month"] or found["month2"]).rstrip(".")]
    number = int(found["day"] or found["day2"])
    candidates = []
    for year in (day.year - 1, day.year, day.year + 1):
        try:
            candidates.append(date(year, month, number))
        except ValueError:
            continue
    nearest = min(candidates, key=lambda one: abs(one - day), default=None)
    told = next((number for name, number in _DAYS.items() if name in said), None)
    return str(nearest) if nearest and told in (None, nearest.weekday()) else None


def _span(said: str, day: date) -> str | None:
    which, _, unit = said.rpartition(" ")
    step = {"last": -1, "past": -1, "previous": -1, "this": 0, "next": 1, "coming": 1, "following": 1}.get(which)
    if step is None:
        return None
    if unit == "week":
        monday = day - timedelta(day.weekday()) + timedelta(7 * step)
        return f"{monday}/{monday + timedelta(6)}"
    if unit == "month":
        months = 12 * day.year + day.month - 1 + step
        return f"{months // 12:04}-{months % 12 + 1:02}"
    return f"{day.year + step:04}" if unit == "year" else None


def _ago(said: str, day: date) -> str | None:
    found = re.fullmatch(r"(\w+) (day|week|month|year)s? (ago|earlier|later|from now)", said)
    if not found:
        return None
    count = _NUMBERS.get(found[1]) or (int(found[1]) if found[1].isdecimal() else 0)
    count = count if found[3] in ("later", "from now") else -count
    if not count:
        return None
    try:
        if found[2] == "day":
            return str(day + timedelta(count))
        if found[2] == "month":
            months = 12 * day.year + day.month - 1 + count
            return f"{months // 12:04}-{months % 12 + 1:02}"
        return f"{day.year + count:04}" if found[2] == "year" else None
    except OverflowError:
        return None
