"""The list of a project's sources: search, filters, and what each row tells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Subquery, case, func, literal, or_, select

from webapp import visibility
from webapp.db import db
from webapp.domain.sources import Rating
from webapp.domain.terms import Reliability, SourceKind
from webapp.merged_sources import merges_seen_by
from webapp.models import Actor, EntryCount, EntryKind, Project, Source, SourceAlias, SourceEntry, SourceRating
from webapp.paging import FIRST_PAGE, LONG, Asked, Order, Page, page_in_order
from webapp.sources.queries.merged import groups_of, merged_into, root_column
from webapp.sources.queries.names import newest_ratings, other_names
from webapp.sources.queries.uses import uses


@dataclass(frozen=True)
class Wanted:
    """Which sources of a list are asked for."""

    words: tuple[str, ...] = ()
    """Beginnings of words, as `domain.sources.search_words` gives them."""
    kind: SourceKind | None = None
    letter: Reliability | None = None
    never_rated: bool = False
    in_one_article: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether all are."""
        return self == Wanted()


@dataclass(frozen=True)
class Row:
    """One source on the list."""

    id: UUID
    name: str
    kind: SourceKind
    is_published: bool
    also_called: Sequence[str] = ()
    rating: Rating | None = None
    """The newest that the reader sees."""
    sentences: int = 0
    articles: int = 0
    doubles: int = 0


@dataclass(frozen=True)
class Listed:
    """One page of the list."""

    rows: Page[Row]
    total: int
    among: int
    """How many there are without a filter."""

    @property
    def is_long(self) -> bool:
        """Whether a filter, which looks at all of them, takes a moment."""
        return self.among > LONG


def listed(reader: Actor, project: Project, wanted: Wanted, asked: Asked = FIRST_PAGE) -> Listed:
    """The page asked for, or the nearest there is, of the sources that pass the filter, by name."""
    merged = merged_into(reader, project)
    query = _wanted(reader, project, wanted, merged)
    total = among = _number_of_all(reader, project, merged)
    if not wanted.is_empty:
        total = db.session.scalar(query.with_only_columns(func.count())) or 0
    page = page_in_order(query, Order((SourceEntry.name_key, SourceEntry.source_id)), asked, total)
    return Listed(page.with_rows(_rows(reader, project, page.rows)), total, among)


def _number_of_all(reader: Actor, project: Project, merged: Subquery) -> int:
    """From what is kept, without those that stand with another one."""
    kept = visibility.entry_counts_visible_to(reader, EntryKind.SOURCE).where(EntryCount.project_id == project.id)
    every = db.session.scalar(kept.with_only_columns(func.sum(EntryCount.entries))) or 0
    merged_ones = visibility.entries_visible_to(reader).where(
        SourceEntry.withdrawn_why.is_(None), Source.id.in_(select(merged.c.source_id))
    )
    return every - (db.session.scalar(merged_ones.with_only_columns(func.count())) or 0)


# ---- which


def _wanted(reader: Actor, project: Project, wanted: Wanted, merged: Subquery) -> Select[UUID, str, SourceKind, bool]:
    query = (
        visibility.entries_visible_to(reader)
        .with_only_columns(SourceEntry.source_id, SourceEntry.name, SourceEntry.kind, SourceEntry.is_published)
        .where(
            visibility.without_index(Source.project_id) == project.id,
            SourceEntry.withdrawn_why.is_(None),
            Source.id.not_in(select(merged.c.source_id)),
        )
    )
    for word in wanted.words:
        query = query.where(_is_called(word, reader, project, merged))
    if wanted.kind:
        query = query.where(SourceEntry.kind == wanted.kind)
    if wanted.letter:
        query = query.where(Source.id.in_(_with_letter(wanted.letter, reader, project, merged)))
    if wanted.never_rated:
        query = query.where(Source.id.not_in(_rated(reader, project, merged)))
    if wanted.in_one_article:
        query = query.where(Source.id.in_(_in_one_article(reader, project, merged)))
    return query


def _is_called(word: str, reader: Actor, project: Project, merged: Subquery) -> ColumnElement[bool]:
    """Whether a word of one of its names begins like this: of its own, an alias, or what a double is called."""
    pattern = f"% {word}%"
    of_double = visibility.entries_visible_to(reader).where(
        SourceEntry.name_key.like(pattern), Source.id.in_(select(merged.c.source_id))
    )
    in_alias = visibility.aliases_visible_to(reader).where(
        SourceAlias.alias_key.like(pattern), SourceAlias.withdrawn_why.is_(None)
    )
    others = [
        query.where(Source.project_id == project.id)
        .outerjoin(merged, merged.c.source_id == Source.id)
        .with_only_columns(root_column(Source.id, merged), maintain_column_froms=True)
        for query in (of_double, in_alias)
    ]
    return or_(SourceEntry.name_key.like(pattern), *(Source.id.in_(query) for query in others))


def _ratings(reader: Actor, project: Project, merged: Subquery) -> Select[SourceRating]:
    return (
        visibility.ratings_visible_to(reader)
        .where(Source.project_id == project.id, SourceRating.withdrawn_why.is_(None))
        .outerjoin(merged, merged.c.source_id == Source.id)
    )


def _rated(reader: Actor, project: Project, merged: Subquery) -> Select[UUID]:
    return _ratings(reader, project, merged).with_only_columns(
        root_column(Source.id, merged), maintain_column_froms=True
    )


def _with_letter(letter: Reliability, reader: Actor, project: Project, merged: Subquery) -> Select[UUID]:
    """The sources whose newest rating has this letter."""
    root = root_column(Source.id, merged)
    newest = func.row_number().over(
        partition_by=root, order_by=(SourceRating.rated_on.desc(), SourceRating.created_at.desc())
    )
    ranked = (
        _ratings(reader, project, merged)
        .with_only_columns(
            root.label("root_id"), SourceRating.reliability, newest.label("place"), maintain_column_froms=True
        )
        .subquery()
    )
    return select(ranked.c.root_id).where(ranked.c.place == 1, ranked.c.reliability == letter)


def _in_one_article(reader: Actor, project: Project, merged: Subquery) -> Select[UUID]:
    everything = select(Source.id).where(Source.project_id == project.id)
    found = uses(reader, project, everything)
    root = root_column(found.c.source_id, merged)
    return (
        select(root)
        .select_from(found)
        .outerjoin(merged, merged.c.source_id == found.c.source_id)
        .group_by(root)
        .having(func.count(found.c.article_id.distinct()) == 1)
    )


# ---- what their rows tell


def _rows(reader: Actor, project: Project, entries: Sequence[Any]) -> list[Row]:
    doubles = groups_of(merges_seen_by(reader, project.id))
    groups = {entry.source_id: [entry.source_id, *doubles.get(entry.source_id, ())] for entry in entries}
    roots = {source_id: root for root, group in groups.items() for source_id in group}
    names = other_names(reader, roots)
    ratings = newest_ratings(reader, roots)
    counts = _counts(reader, project, roots)
    return [
        Row(
            entry.source_id,
            entry.name,
            entry.kind,
            entry.is_published,
            [name for name in names.get(entry.source_id, ()) if name != entry.name],
            ratings.get(entry.source_id),
            *counts.get(entry.source_id, (0, 0)),
            len(doubles.get(entry.source_id, ())),
        )
        for entry in entries
    ]


def _counts(reader: Actor, project: Project, roots: Mapping[UUID, UUID]) -> dict[UUID, tuple[int, int]]:
    """In how many sentences and articles each is named."""
    if not roots:
        return {}
    found = uses(reader, project, list(roots))
    source_id = found.c.source_id
    doubles = [(source_id == double, literal(root, source_id.type)) for double, root in roots.items() if double != root]
    root = case(*doubles, else_=source_id).label("root_id") if doubles else source_id
    rows = db.session.execute(
        select(root, func.count(found.c.sentence_id.distinct()), func.count(found.c.article_id.distinct())).group_by(
            root
        )
    )
    return {source_id: (sentences, articles) for source_id, sentences, articles in rows}
