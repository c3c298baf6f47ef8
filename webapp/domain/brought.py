"""What an answer brings along: sources that nobody entered yet, and a rating of its source, given or taken back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from webapp.domain.chains import LONGEST_CHAIN, LONGEST_WORDS, source_uuid
from webapp.domain.errors import BadAnswer, BadSource
from webapp.domain.plain_text import storable
from webapp.domain.sources import Entry, Rating, entry_from, rating_from

MOST_RATINGS = 50


@dataclass(frozen=True)
class Refused:
    """A new source that cannot be taken: the answer is saved with its words alone."""

    words: str
    why: str


@dataclass(frozen=True)
class Brought:
    """What comes with an answer and is written in the same transaction; empty with most."""

    sources: Mapping[UUID, Entry | Refused] = field(default_factory=dict)
    """By the ids that the browser drew for them."""
    rating: tuple[UUID, Rating] | None = None
    taken_back: tuple[UUID, ...] = ()
    """Ratings that are withdrawn, as when they are undone at the desk."""

    def __bool__(self) -> bool:
        return bool(self.sources or self.rating or self.taken_back)


NOTHING = Brought()


def brought_from(sources: Any, rating: Any, today: date) -> Brought:
    """What the `sources` and the `rating` of a write hold.

    `sources` is a list of `{"id", "name", "kind"}`; `rating` is `{"id", "reliability", "basis", "rated_on"}`, or
    `{"id", "withdrawn": true}`, or a list of these in which one at most is given. A name that cannot be taken is
    Refused. Raises BadAnswer and BadSource for all else.
    """
    if not sources and not rating:
        return NOTHING
    if not isinstance(sources or [], list) or len(sources or []) > LONGEST_CHAIN:
        raise BadAnswer(f"“sources” is a list of at most {LONGEST_CHAIN} sources.")
    entries = dict(map(_entry, sources or []))
    ratings = rating if isinstance(rating, list) else [rating] if rating else []
    if len(ratings) > MOST_RATINGS or not all(isinstance(one, Mapping) for one in ratings):
        raise BadAnswer(f"“rating” is an object, or a list of at most {MOST_RATINGS}.")
    given = [(_id(one), rating_from(one, today)) for one in ratings if not one.get("withdrawn")]
    if len(given) > 1:
        raise BadAnswer("An answer comes with one rating at most; withdraw the other one.")
    taken_back = tuple(_id(one) for one in ratings if one.get("withdrawn"))
    return Brought(entries, given[0] if given else None, taken_back)


def _entry(value: Any) -> tuple[UUID, Entry | Refused]:
    if not isinstance(value, Mapping):
        raise BadAnswer("Each of “sources” is an object.")
    try:
        return _id(value), entry_from(value)
    except BadSource as refused:
        return _id(value), Refused(storable(str(value.get("name") or ""))[:LONGEST_WORDS].strip(), str(refused))


def _id(value: Mapping[str, Any]) -> UUID:
    found = source_uuid("id", value.get("id"))
    if found is None:
        raise BadAnswer("“id” is a UUID.")
    return found
