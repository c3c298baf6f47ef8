"""Reads the cells of a package's records: of each kind of column what it may hold, so that every page can show it."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from webapp.domain.errors import BadDate, DomainError
from webapp.domain.partial_dates import date_or_moment, partial_date
from webapp.domain.relative_dates import resolved_from
from webapp.domain.released import figures_in
from webapp.export.records import read_json
from webapp.ids import LARGEST_ID

BOOLEANS = {"true": True, "false": False}


def or_none(read: Callable[[str], Any]) -> Callable[[str], Any]:
    """The same reader, to which an empty cell is nothing."""
    return lambda told: read(told) if told else None


def whole(told: str) -> int:
    """A number as a database can hold it. Raises ValueError."""
    number = int(told)
    if not 0 <= number <= LARGEST_ID:
        raise ValueError(told)
    return number


def moment(told: str) -> datetime:
    """A moment with its zone, in UTC. Raises ValueError."""
    at = datetime.fromisoformat(told)
    if at.tzinfo is None:
        raise ValueError(told)
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise ValueError(told) from None


def words(told: str) -> str:
    """Text that both databases can hold. Raises ValueError."""
    if "\0" in told:
        raise ValueError(told)
    return told


def one_of(terms: Iterable[str]) -> Callable[[str], str]:
    """A reader of these terms alone; it raises KeyError."""
    return {term: term for term in terms}.__getitem__


def places_of_sentences(told: str) -> list[dict[str, int]]:
    """The sentences that a repair took away, or made: at least one, each by its number and span. Raises ValueError."""
    listed = read_json(told)
    if not isinstance(listed, list) or not listed or not all(map(_is_place, listed)):
        raise ValueError(told)
    return listed


def _is_place(told: Any) -> bool:
    return (
        isinstance(told, dict)
        and told.keys() == {"id", "start", "end"}
        and {type(one) for one in told.values()} == {int}
    )


def words_of(table: str, column: str) -> Callable[[str], str]:
    """The reader of a column of words."""
    return _CHECKED.get((table, column), words)


def _date(read: Callable[..., str | None]) -> Callable[[str], str]:
    def checked(told: str) -> str:
        if read(told) != told:
            raise ValueError(told)
        return told

    return _refusing(checked)


def _refusing(read: Callable[[str], str]) -> Callable[[str], str]:
    def checked(told: str) -> str:
        try:
            return read(told)
        except DomainError as fault:
            raise ValueError(told) from fault

    return checked


def _address(told: str) -> str:
    """Where a page links to: nothing that a browser would run."""
    if urlsplit(words(told)).scheme not in ("http", "https"):
        raise ValueError(told)
    return told


def _figures(told: str) -> str:
    figures_in(words(told))
    return told


_PARTIAL = _date(lambda told: partial_date(told, "date", BadDate))
_CHECKED: dict[tuple[str, str], Callable[[str], str]] = {
    **dict.fromkeys(
        (
            ("article", "published"),
            ("assessment", "look_again_by"),
            ("description", "published"),
            ("evidence", "known_since"),
            ("evidence", "published_date"),
            ("source_fact", "as_of"),
            ("source_rating", "rated_on"),
        ),
        _PARTIAL,
    ),
    **dict.fromkeys(
        (
            ("article", "url"),
            ("assessment", "url"),
            ("description", "url"),
            ("evidence", "archive_url"),
            ("evidence", "url"),
            ("source_fact", "link"),
        ),
        _address,
    ),
    ("date_reading", "resolved"): _date(resolved_from),
    ("evidence", "accessed_at"): _date(lambda told: date_or_moment(told, "date", BadDate)),
    ("release", "figures"): _figures,
}
"""Columns whose words have a form that pages rely on."""
