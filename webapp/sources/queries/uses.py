"""Which sentences name a source, and for whom it speaks in them, as far as the reader sees answers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, exists, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from webapp import visibility
from webapp.db import db
from webapp.domain.chains import Link
from webapp.domain.sources import Entry, Rating
from webapp.domain.terms import CueStance, SourceKind, SourceType, Tag
from webapp.models import (
    OPENING,
    Actor,
    Annotation,
    Article,
    AttributionLink,
    Project,
    Sentence,
    SourceEntry,
    display_title,
    index_of,
)
from webapp.paging import PAGE, nearest_page
from webapp.sources.queries.merged import merged_into, root_column
from webapp.sources.queries.names import entries_of, newest_ratings
from webapp.sources.queries.page import Shown

UNNAMED = [type_ for type_ in SourceType if type_.named == "unnamed"]


def uses(reader: Actor, project: Project, source_ids: Collection[UUID] | Select[UUID]) -> Subquery:
    """Each place in an answer that counts now and that the reader sees, at which one of the sources stands.

    A source that says something itself stands at position 1, whoever passes it on behind.
    """
    first = select(
        Annotation.id.label("annotation_id"),
        Annotation.source_id.label("source_id"),
        literal(1).label("position"),
        Annotation.cue_stance.label("cue_stance"),
    ).where(Annotation.is_current, Annotation.source_id.in_(source_ids))
    later = select(
        AttributionLink.annotation_id,
        AttributionLink.source_id,
        AttributionLink.position,
        AttributionLink.cue_stance,
    ).where(AttributionLink.position > 1, AttributionLink.source_id.in_(source_ids))
    named = union_all(first, later).subquery("named")
    return (
        visibility.annotations_visible_to(reader, project, found_otherwise=True)
        .join(named, named.c.annotation_id == Annotation.id)
        .where(Sentence.is_live)
        .with_only_columns(
            named.c.source_id,
            named.c.annotation_id,
            named.c.position,
            named.c.cue_stance,
            Annotation.rating_id,
            Annotation.sentence_id,
            Annotation.created_at,
            Sentence.article_id,
            maintain_column_froms=True,
        )
        .subquery("uses")
    )


def _uses_of(shown: Shown) -> Subquery:
    return uses(shown.reader, shown.source.project, shown.ids)


# ---- counts


@dataclass(frozen=True)
class Figures:
    """In how many sentences something holds of a source."""

    sentences: int
    articles: int
    passed_on: int
    """In which it passes on what somebody else said."""
    for_unnamed: int
    """In which that somebody is not named."""
    at_a_distance: int
    """In which the cue keeps its distance."""


def figures_of(shown: Shown) -> Figures:
    found = _uses_of(shown)

    def sentences(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.count(case((condition, found.c.sentence_id)).distinct())

    row = db.session.execute(
        select(
            func.count(found.c.sentence_id.distinct()),
            func.count(found.c.article_id.distinct()),
            sentences(found.c.position > 1),
            sentences(_speaks_for_unnamed(found)),
            sentences(found.c.cue_stance == CueStance.DISTANCING),
        )
    ).one()
    return Figures(*row)


def _speaks_for_unnamed(found: Subquery) -> ColumnElement[bool]:
    """Whether somebody who is not named stands before it in the chain."""
    described = select(SourceEntry.source_id).where(SourceEntry.is_current, SourceEntry.kind == SourceKind.DESCRIBED)
    return exists().where(
        AttributionLink.annotation_id == found.c.annotation_id,
        AttributionLink.position < found.c.position,
        or_(AttributionLink.source_type.in_(UNNAMED), AttributionLink.source_id.in_(described)),
    )


def answers_by_rating(shown: Shown) -> dict[UUID, int]:
    """How many answers took each rating and keep it."""
    found = _uses_of(shown)
    rows = db.session.execute(
        select(found.c.rating_id, func.count())
        .where(found.c.position == 1, found.c.rating_id.is_not(None))
        .group_by(found.c.rating_id)
    )
    return {rating_id: count for rating_id, count in rows}  # noqa: C416 (rows, not pairs)


# ---- for whom it speaks


@dataclass(frozen=True)
class SpeaksFor:
    """Somebody whose words the source passes on: an entry, or words as printed."""

    words: str
    what: str
    """What kind of source it is."""
    sentences: int
    source_id: UUID | None = None
    rating: Rating | None = None


MOST_SPOKEN_FOR = 20


def speaks_for(shown: Shown) -> list[SpeaksFor]:
    """Whose words it passes on, most often first: the links before its own."""
    found, before = _uses_of(shown), aliased(AttributionLink)
    merged = merged_into(shown.reader, shown.source.project)
    root = root_column(before.source_id, merged)
    words = case((before.source_id.is_(None), before.source_text))
    count = func.count(found.c.sentence_id.distinct())
    rows = db.session.execute(
        select(root, func.min(before.source_text), func.min(before.source_type), count)
        .select_from(found)
        .join(before, and_(before.annotation_id == found.c.annotation_id, before.position < found.c.position))
        .outerjoin(merged, merged.c.source_id == before.source_id)
        .where(or_(before.source_id.is_(None), before.source_id.not_in(shown.ids)))
        .group_by(root, words)
        .order_by(count.desc(), root, words)
        .limit(MOST_SPOKEN_FOR)
    ).all()
    roots = {source_id: source_id for source_id, *_ in rows if source_id}
    entries, ratings = entries_of(shown.reader, roots), newest_ratings(shown.reader, roots)
    told = [_spoken_for(row, entries, ratings) for row in rows]
    return sorted(told, key=lambda one: (-one.sentences, one.words))


def _spoken_for(row: Any, entries: Mapping[UUID, Entry], ratings: Mapping[UUID, Rating]) -> SpeaksFor:
    source_id, words, type_, sentences = row
    if entry := entries.get(source_id):
        return SpeaksFor(entry.name, entry.kind.label.lower(), sentences, source_id, ratings.get(source_id))
    what = SourceType(type_).label.lower() if type_ else ""
    return SpeaksFor(words or "somebody", what, sentences)


# ---- what it was quoted for


@dataclass(frozen=True)
class Step:
    """One link of a chain as it is told: a name, or words."""

    words: str
    is_here: bool
    """Whether it is the source whose page this is."""
    source_id: UUID | None = None
    cue: str | None = None


@dataclass(frozen=True)
class Quoted:
    """A sentence that names the source, with the tags it got and the chains that were told of it."""

    sentence_id: int
    article_id: int
    title: str
    published: str | None
    index: int
    text: str
    tags: Sequence[Tag]
    chains: Sequence[Sequence[Step]]


@dataclass(frozen=True)
class QuotedPage:
    sentences: Sequence[Quoted]
    total: int
    page: int
    pages: int


def quoted(shown: Shown, rating_id: UUID | None = None, page: int = 1, per_page: int = PAGE) -> QuotedPage:
    """The sentences that name the source, of the newest articles first; or those whose answers took one rating."""
    found = _uses_of(shown)
    is_wanted = and_(found.c.position == 1, found.c.rating_id == rating_id) if rating_id else literal(True)
    total = db.session.scalar(select(func.count(found.c.sentence_id.distinct())).where(is_wanted)) or 0
    page, pages = nearest_page(page, total, per_page)
    rows = db.session.execute(
        select(
            Sentence.id,
            Article.id,
            Article.title,
            func.substr(Article.text, 1, OPENING),
            Article.published,
            index_of(Sentence),
            func.substr(Article.text, Sentence.start + 1, Sentence.end - Sentence.start),
        )
        .join(Sentence.article)
        .where(Sentence.id.in_(select(found.c.sentence_id).where(is_wanted)))
        .order_by(Article.published.desc().nulls_last(), Article.id.desc(), Sentence.start)
        .limit(per_page)
        .offset((page - 1) * per_page)
    ).all()
    told = _told(shown, found, [row[0] for row in rows])
    sentences = [
        Quoted(id_, article_id, display_title(title, opening), published, index, text, *told.get(id_, ((), ())))
        for id_, article_id, title, opening, published, index, text in rows
    ]
    return QuotedPage(sentences, total, page, pages)


Told = tuple[list[Tag], list[list[Step]]]


def _told(shown: Shown, found: Subquery, sentence_ids: list[int]) -> dict[int, Told]:
    """The tags and chains of the answers to these sentences in which the source stands."""
    answers = db.session.scalars(
        select(Annotation)
        .where(Annotation.id.in_(select(found.c.annotation_id).where(found.c.sentence_id.in_(sentence_ids))))
        .order_by(Annotation.sentence_id, Annotation.created_at, Annotation.id)
    ).all()
    named = {link.source_id for answer in answers for link in answer.links if link.source_id}
    entries = entries_of(shown.reader, named)
    told: dict[int, Told] = {}
    for answer in answers:
        tags, chains = told.setdefault(answer.sentence_id, ([], []))
        if answer.tag and answer.tag not in tags:
            tags.append(answer.tag)
        chain = [_step(link.link, shown, entries) for link in answer.links]
        if chain and chain not in chains:
            chains.append(chain)
    return told


def _step(link: Link, shown: Shown, entries: Mapping[UUID, Entry]) -> Step:
    entry = entries.get(link.source_id) if link.source_id else None
    words = entry.name if entry else link.source_text or (link.source_type.label.lower() if link.source_type else "?")
    return Step(words, link.source_id in shown.ids, link.source_id if entry else None, link.cue_text)
