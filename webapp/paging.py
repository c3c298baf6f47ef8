"""Pages of a list: fifty rows, found by the id of the row beside them, so that a page costs the same wherever it is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, select, union

from webapp.db import db
from webapp.ids import LARGEST_ID, whole_number

PAGE = 50
T = TypeVar("T")


@dataclass(frozen=True)
class Asked:
    """Which page is asked for: by its number, and from a link beside it also by the id of the row it follows."""

    page: int = 1
    after: int | None = None
    before: int | None = None


FIRST_PAGE = Asked()


def asked_in(args: Mapping[str, str]) -> Asked:
    """What the address asks for; what is no number asks for nothing."""
    number = whole_number(args.get("page")) or 1
    return Asked(min(number, LARGEST_ID // PAGE), whole_number(args.get("after")), whole_number(args.get("before")))


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list."""

    rows: Sequence[T]
    number: int = 1
    pages: int | None = 1
    """How many there are; None where nobody counted."""
    has_next: bool = False
    first: int | None = None
    last: int | None = None
    """The ids of its first and last row."""

    def __iter__(self) -> Iterator[T]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def with_rows(self, rows: Sequence[Any]) -> "Page[Any]":
        """The same page, showing these."""
        return replace(self, rows=rows)


def pages_of(total: int, per_page: int = PAGE) -> int:
    """How many pages so many rows fill; nothing fills one."""
    return max(1, -(-total // per_page))


def nearest_page(number: int, total: int, per_page: int = PAGE) -> tuple[int, int]:
    """The page of that number or the nearest there is, and how many there are."""
    pages = pages_of(total, per_page)
    return min(max(number, 1), pages), pages


def page_of(
    *lists: Select[Any], asked: Asked = FIRST_PAGE, total: int | None = None, newest_first: bool = False
) -> Page[int]:
    """The page asked for, or the nearest there is, of ids; of several lists together, each id once.

    Each list selects ids alone. An index has to give them in order, or the page costs as much as the whole list.
    """
    pages = None if total is None else pages_of(total)
    number = max(1, asked.page if pages is None else min(asked.page, pages))
    if number > 1 and asked.before is not None:
        ids = _ids(lists, falling=not newest_first, beyond=asked.before, limit=PAGE)[::-1]
        if len(ids) == PAGE:
            return Page(ids, number, pages, True, ids[0], ids[-1])
    beyond = asked.after if number > 1 else None
    offset = 0 if beyond is not None else (number - 1) * PAGE
    ids = _ids(lists, falling=newest_first, beyond=beyond, limit=PAGE + 1, offset=offset)
    if not ids and number > 1:
        number = pages or 1
        ids = _ids(lists, falling=newest_first, limit=PAGE + 1, offset=(number - 1) * PAGE)
    shown = ids[:PAGE]
    first, last = (shown[0], shown[-1]) if shown else (None, None)
    return Page(shown, number, pages, len(ids) > PAGE, first, last)


def _ids(
    lists: Sequence[Select[Any]], *, falling: bool, beyond: int | None = None, limit: int, offset: int = 0
) -> list[int]:
    """So many ids in order, those behind one of them, or after so many."""
    if not lists:
        return []
    parts = [_begun(one, falling, beyond, limit + offset).subquery() for one in lists]
    found = union(*(select(part.c[0].label("id")) for part in parts)).subquery()
    ordered = select(found.c.id).order_by(found.c.id.desc() if falling else found.c.id)
    return list(db.session.scalars(ordered.limit(limit).offset(offset)))


def _begun(one: Select[Any], falling: bool, beyond: int | None, limit: int) -> Select[Any]:
    """The beginning of one of the lists, which the database need not go through any further."""
    [key] = one.selected_columns
    if beyond is not None:
        one = one.where(key < beyond if falling else key > beyond)
    return one.order_by(key.desc() if falling else key).limit(limit)
