"""What stands side by side: articles, outlets, spans of time, and the articles that quote a source."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from webapp import visibility
from webapp.db import db
from webapp.domain.errors import BadFilter
from webapp.domain.merges import root_of
from webapp.domain.partial_dates import partial_date
from webapp.domain.profile import Profile
from webapp.ids import whole_number
from webapp.merged_sources import merges_seen_by
from webapp.models import (
    Actor,
    Annotation,
    Article,
    AttributionLink,
    Project,
    Sentence,
    SourceEntry,
)
from webapp.profiles.queries import profile_of

MOST_COLUMNS = 6
MOST_ARTICLES = 300
"""Of one column, the newest; more would keep everybody waiting."""


class Kind(StrEnum):
    ARTICLE = "article"
    OUTLET = "outlet"
    SOURCE = "source"
    TIME = "time"


@dataclass(frozen=True)
class Column:
    """One column as its address says it: `article:3`, `outlet:Reuters`, `source:<id>`, `time:2013-10..2013-12`."""

    kind: Kind
    value: str

    @property
    def address(self) -> str:
        return f"{self.kind}:{self.value}"


@dataclass(frozen=True)
class Told:
    """A column with what it comes to."""

    column: Column
    title: str
    articles: int
    """How many belong to it, of which the newest are looked at."""
    profile: Profile
    is_own: bool

    @property
    def newest(self) -> int | None:
        """How many of its articles are looked at, where that is not all of them."""
        return MOST_ARTICLES if self.articles > MOST_ARTICLES else None


def column_from(text: str) -> Column:
    """Raises BadFilter for what is no column."""
    kind, _, value = text.partition(":")
    if kind not in set(Kind) or not value.strip() or "\0" in value or len(value) > 300:
        raise BadFilter("A column is article:, outlet:, source: or time: with what is meant, such as outlet:Reuters.")
    column = Column(Kind(kind), value.strip())
    if column.kind is Kind.TIME:
        _span(column.value)
    return column


def _span(value: str) -> tuple[str | None, str | None]:
    """The first and the last day, month or year; None for an open end. Raises BadFilter."""
    since, dots, until = value.partition("..")
    first = partial_date(since, "the beginning", BadFilter)
    last = partial_date(until if dots else since, "the end", BadFilter)
    if not first and not last:
        raise BadFilter("A span of time needs a beginning or an end, as in 2013-10..2013-12.")
    if first and last and first[: len(last)] > last:
        raise BadFilter("The beginning is after the end; swap them.")
    return first, last


def told(reader: Actor, project: Project, column: Column) -> Told:
    """The column for this reader. Raises BadFilter where it is of nothing that they see."""
    query = _articles_of(reader, project, column)
    total = db.session.scalar(query.with_only_columns(func.count(), maintain_column_froms=True).order_by(None)) or 0
    articles = list(db.session.scalars(query.order_by(Article.id.desc()).limit(MOST_ARTICLES)))
    if not articles:
        raise BadFilter(_nothing_for(column))
    shown = profile_of(reader, project, articles)
    return Told(column, _title(reader, column, articles), total, shown.profile, shown.is_own)


def check(reader: Actor, project: Project, column: Column) -> None:
    """Raises BadFilter where the column is of nothing that the reader sees."""
    some = _articles_of(reader, project, column).with_only_columns(Article.id, maintain_column_froms=True).limit(1)
    if db.session.scalar(some) is None:
        raise BadFilter(_nothing_for(column))


def _articles_of(reader: Actor, project: Project, column: Column) -> Select[Article]:
    readable = visibility.articles_visible_to(reader).where(Article.project_id == project.id)
    return readable.where(_condition(reader, project, column))


def _nothing_for(column: Column) -> str:
    match column.kind:
        case Kind.ARTICLE:
            said = f"“{_short(column.value)}” leads to no article of this project"
            return f"{said} that you may read; give the address of its page, or the number in it."
        case Kind.OUTLET:
            return (
                f"No article of “{_short(column.value)}” that you may read is in this project; choose another outlet."
            )
        case Kind.SOURCE:
            return "No answer that you may read quotes this source; choose another one."
        case Kind.TIME:
            return f"No article that you may read is dated {_span_in_words(*_span(column.value))}; choose another span."


def _short(value: str) -> str:
    return value if len(value) <= 60 else f"{value[:60]}…"


def _condition(reader: Actor, project: Project, column: Column) -> ColumnElement[bool]:
    if column.kind is Kind.ARTICLE:
        return Article.id == (whole_number(column.value) or 0)
    if column.kind is Kind.OUTLET:
        return Article.outlet == column.value
    if column.kind is Kind.TIME:
        return _within(*_span(column.value))
    return Article.id.in_(_quoting(reader, project, column.value))


def _within(since: str | None, until: str | None) -> ColumnElement[bool]:
    """Whether the article's date, which may be partial, falls into the span."""
    return and_(
        Article.published.is_not(None),
        *([Article.published >= since] if since else []),
        *([func.substr(Article.published, 1, len(until)) <= until] if until else []),
    )


def _quoting(reader: Actor, project: Project, source_id: str) -> Select[int]:
    """The articles in which an answer that the reader sees names the source, or one merged into it."""
    try:
        wanted = UUID(source_id)
    except ValueError:
        raise BadFilter("There is no such source; choose one from the list of sources.") from None
    merges = merges_seen_by(reader, project.id)
    ids = {wanted, *(double for double in merges if root_of(double, merges) == wanted)}
    passed_on = select(AttributionLink.annotation_id).where(AttributionLink.source_id.in_(ids))
    return (
        visibility.annotations_visible_to(reader, project)
        .where(Sentence.is_live, or_(Annotation.source_id.in_(ids), Annotation.id.in_(passed_on)))
        .with_only_columns(Sentence.article_id, maintain_column_froms=True)
    )


def _title(reader: Actor, column: Column, articles: Sequence[Article]) -> str:
    if column.kind is Kind.ARTICLE:
        return articles[0].display_title
    if column.kind is Kind.SOURCE:
        name = db.session.scalar(
            visibility.entries_visible_to(reader)
            .where(SourceEntry.source_id == UUID(column.value))
            .with_only_columns(SourceEntry.name)
        )
        return f"quotes {name}" if name else "quotes a source without an entry"
    if column.kind is Kind.TIME:
        return _span_in_words(*_span(column.value))
    return column.value


def _span_in_words(since: str | None, until: str | None) -> str:
    if since and until:
        return since if since == until else f"{since} to {until}"
    return f"from {since}" if since else f"until {until}"


def outlets_of(reader: Actor, project: Project) -> list[str]:
    """The outlets of the articles that the reader may read, as many as a list to choose from can hold."""
    outlets = visibility.outlets_in_project(reader, project.id)
    [outlet] = outlets.selected_columns
    query = outlets.where(outlet.is_not(None)).order_by(outlet).limit(200)
    return [outlet for outlet in db.session.scalars(query) if outlet]
