"""Pages of a list: fifty rows, found by the key of the row beside them, so that each costs the same wherever it is."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import BigInteger, ColumnElement, Select, select, tuple_, union

from webapp.db import UtcDateTime, db
from webapp.ids import LARGEST_ID, whole_number

PAGE = 50
LONG = 1_000
"""A list of more rows is told to be looked at whole, where no index serves what is asked of it."""
T = TypeVar("T")
Key = int | str
"""Where a row stands in its list, as an address tells it: its id, or what an `Order` makes of it."""


@dataclass(frozen=True)
class Asked:
    """Which page is asked for: by its number, and from a link beside it also by the key of the row it follows."""

    page: int = 1
    after: Key | None = None
    before: Key | None = None


FIRST_PAGE = Asked()
OF_PAGE = frozenset({"page", "after", "before"})
"""What of an address tells the page, and none of what is listed."""


def asked_in(args: Mapping[str, str]) -> Asked:
    """What the address asks for; what is no number asks for nothing."""
    number = whole_number(args.get("page")) or 1
    return Asked(min(number, LARGEST_ID // PAGE), args.get("after"), args.get("before"))


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list."""

    rows: Sequence[T]
    number: int = 1
    pages: int | None = 1
    """How many there are; None where nobody counted."""
    has_next: bool = False
    first: Key | None = None
    last: Key | None = None
    """The keys of its first and last row."""

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
    if number > 1 and (before := _id(asked.before)) is not None:
        ids = _ids(lists, falling=not newest_first, beyond=before, limit=PAGE)[::-1]
        if len(ids) == PAGE:
            return Page(ids, number, pages, True, ids[0], ids[-1])
    beyond = _id(asked.after) if number > 1 else None
    offset = 0 if beyond is not None else (number - 1) * PAGE
    ids = _ids(lists, falling=newest_first, beyond=beyond, limit=PAGE + 1, offset=offset)
    if not ids and number > 1:
        number = pages or 1
        ids = _ids(lists, falling=newest_first, limit=PAGE + 1, offset=(number - 1) * PAGE)
    shown = ids[:PAGE]
    first, last = (shown[0], shown[-1]) if shown else (None, None)
    return Page(shown, number, pages, len(ids) > PAGE, first, last)


def _id(key: Key | None) -> int | None:
    return whole_number(key) if isinstance(key, str) else key


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


# ---- in another order than that of ids


@dataclass(frozen=True)
class Order:
    """The columns that put the rows of a list in order, no two rows alike; an index has to begin with them."""

    columns: tuple[Any, ...]
    falls: bool = False

    def key(self, values: Sequence[Any]) -> str:
        """Where a row stands that has these values."""
        return json.dumps(list(values), default=str, ensure_ascii=False, separators=(",", ":"))

    def values(self, key: Key | None) -> tuple[Any, ...] | None:
        """The values that such a key tells; None where it tells none, as anybody may write anything into an address."""
        try:
            told = json.loads(str(key))
            return tuple(_read(*pair) for pair in zip(self.columns, told, strict=True))
        except (ValueError, TypeError, OverflowError, RecursionError):
            return None

    def beyond(self, values: Sequence[Any], *, back: bool = False) -> ColumnElement[bool]:
        """Whether a row comes behind the one of these values, or going back before it."""
        here = tuple_(*values, types=[column.type for column in self.columns])
        return tuple_(*self.columns) < here if self.falls is not back else tuple_(*self.columns) > here

    def by(self, *, back: bool = False) -> list[ColumnElement[Any]]:
        return [column.desc() if self.falls is not back else column.asc() for column in self.columns]


LARGEST_NUMBER = 2**63 - 1


def _read(column: Any, told: Any) -> Any:
    """A value of the column from an address. Raises ValueError, TypeError or OverflowError for what is none."""
    kind = column.type.python_type
    if kind is int:
        largest = LARGEST_NUMBER if isinstance(column.type, BigInteger) else LARGEST_ID
        if type(told) is not int or abs(told) > largest:
            raise ValueError(told)
        return told
    if isinstance(column.type, UtcDateTime):
        moment = datetime.fromisoformat(told)
        if moment.tzinfo is None:
            raise ValueError(told)
        return moment.astimezone(UTC)
    if not isinstance(told, str) or "\0" in told:
        raise ValueError(told)
    told.encode()
    return kind(told)


def page_in_order(query: Any, order: Order, asked: Asked = FIRST_PAGE, total: int | None = None) -> Page[Any]:
    """The page asked for, or the nearest there is, of the rows of a query; behind their columns they have their key."""
    pages = None if total is None else pages_of(total)
    number = max(1, asked.page if pages is None else min(asked.page, pages))
    keyed = query.add_columns(*(column.label(f"key_{place}") for place, column in enumerate(order.columns)))
    onward = keyed.order_by(None).order_by(*order.by()).limit(PAGE + 1)
    if number > 1 and (before := order.values(asked.before)):
        back = keyed.order_by(None).order_by(*order.by(back=True)).limit(PAGE).where(order.beyond(before, back=True))
        if len(rows := db.session.execute(back).all()) == PAGE:
            return _page(rows[::-1], order, number, pages, has_next=True)
    after = order.values(asked.after) if number > 1 else None
    behind = onward.where(order.beyond(after)) if after else onward.offset((number - 1) * PAGE)
    rows = db.session.execute(behind).all()
    if not rows and number > 1:
        number = pages or 1
        rows = db.session.execute(onward.offset((number - 1) * PAGE)).all()
    return _page(rows[:PAGE], order, number, pages, has_next=len(rows) > PAGE)


def _page(rows: Sequence[Any], order: Order, number: int, pages: int | None, *, has_next: bool) -> Page[Any]:
    ends = [order.key(row[-len(order.columns) :]) for row in (*rows[:1], *rows[-1:])]
    first, last = ends or (None, None)
    return Page(rows, number, pages, has_next, first, last)
