"""What a search and its filters ask of rows, whatever kind they are of."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select

from webapp import visibility, word_index
from webapp.db import db
from webapp.domain.folded_words import folded
from webapp.domain.word_query import Search, holds, holds_nearly
from webapp.models import Actor, Annotation, Article, SourceEntry
from webapp.paging import Order
from webapp.word_index import MOST_KINDS

MOST = 10
"""Results of a kind that are shown beside those of other kinds, the newest first."""
MOST_NAMES = 300
"""Names that may be nearly what was asked for, of which each is compared."""


def numbers_in(search: Search, table: Any) -> Select[int]:
    """The ids of the rows of a table whose words the search finds, whoever may read them."""
    index = word_index.look_up(db.session.connection(), search.query, word_index.WRITINGS)
    kind = word_index.KINDS.index(table.__tablename__)
    return select(index.id // MOST_KINDS).where(index.condition, index.id % MOST_KINDS == kind)


def described(filters: Mapping[str, str]) -> Iterator[ColumnElement[bool]]:
    """What filters ask of an article."""
    if "outlet" in filters:
        yield holds_words(Article.outlet, filters["outlet"])
    if "before" in filters:
        yield Article.published < filters["before"]
    if "after" in filters:
        yield Article.published >= filters["after"]


def written(filters: Mapping[str, str], at: Any) -> Iterator[ColumnElement[bool]]:
    """What filters ask of the moment at which somebody wrote something."""
    if "before" in filters:
        yield at < _beginning_of(filters["before"])
    if "after" in filters:
        yield at >= _beginning_of(filters["after"])


def _beginning_of(partial: str) -> datetime:
    """The first moment of a year, a month or a day."""
    year, month, day = (*map(int, partial.split("-")), 1, 1)[:3]
    return datetime(year, month, day, tzinfo=UTC)


def holds_words(column: Any, said: str) -> ColumnElement[bool]:
    """Whether the column holds these words, in either case."""
    held: ColumnElement[bool] = column.icontains(said, autoescape=True)
    return held


def names_source(said: str, reader: Actor) -> ColumnElement[bool]:
    """Whether an Annotation names a source that is called so."""
    named = visibility.entries_visible_to(reader).where(holds_words(SourceEntry.name, said))
    entered = Annotation.source_id.in_(named.with_only_columns(SourceEntry.source_id))
    return or_(entered, holds_words(Annotation.source_text, said))


def answers_read(reader: Actor, *conditions: ColumnElement[bool]) -> list[Select[Annotation]]:
    """The answers that the reader may see without spoiling work of their own, project by project."""
    projects = [member.project for member in visibility.memberships_of(reader)]
    return [visibility.annotations_beside_work(reader, project).where(*conditions) for project in projects]


def newest(table: Any) -> Order:
    """That of revisions. The number of one would tell, in the address of a page, how many others wrote meanwhile."""
    return Order((table.created_at, table.client_id), falls=True)


def is_only_nearly(search: Search, name: str) -> bool:
    words = folded(name).split()
    return holds_nearly(search.query, words) and not holds(search.query, words)
