"""What a search finds, by kind: sentences, claims, notes, evidence and sources, as far as the reader may read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, func, or_, select

from webapp import visibility, word_index
from webapp.article_list import ListedArticle, listed_articles
from webapp.db import db
from webapp.domain.folded_words import folded, words_in
from webapp.domain.terms import CorroborationStatus, Tag
from webapp.domain.text_runs import TextRun, text_runs
from webapp.domain.word_query import Search, holds, words_of
from webapp.models import (
    Actor,
    Annotation,
    Article,
    Assessment,
    ClaimWording,
    Evidence,
    Sentence,
    SourceEntry,
    index_of,
)
from webapp.word_index import MOST_KINDS

MOST = 20
"""Results of a kind that are shown, the newest first."""
ROWS_AT_ONCE = (300, 3_000, 10_000)
"""Sentences of the index that are looked at, portion after portion, until there are enough that the reader may read."""
MOST_NAMES = 1_000
"""Entries with one of the words in their names that are looked at."""
AROUND = 240
"""Letters of a long text that are shown, around the first word found."""

R = TypeVar("R", ClaimWording, Assessment, Evidence)


@dataclass(frozen=True)
class SentenceFound:
    """A sentence with its place."""

    id: int
    index: int
    article: ListedArticle
    runs: list[TextRun[bool]]


@dataclass(frozen=True)
class WritingFound:
    """What somebody wrote about a claim: its wording, a note, or an item."""

    claim_id: UUID
    evidence_id: UUID | None
    at: Any
    runs: list[TextRun[bool]]


@dataclass(frozen=True)
class SourceFound:
    """An entry of the registry."""

    id: UUID
    kind: Any
    runs: list[TextRun[bool]]


@dataclass(frozen=True)
class Found:
    """Everything on the page; kinds that a filter leaves out are empty."""

    sentences: list[SentenceFound]
    is_cut_short: bool
    """Whether the search for sentences was given up before it came to its end."""
    claims: list[WritingFound]
    notes: list[WritingFound]
    evidence: list[WritingFound]
    sources: list[SourceFound]

    @property
    def is_empty(self) -> bool:
        return not any((self.sentences, self.claims, self.notes, self.evidence, self.sources))


def found(search: Search, reader: Actor) -> Found:
    """What the search finds for the reader."""
    filters, words = search.filters, words_of(search.query)
    about_sentences = "status" not in filters
    about_writings = not {"tag", "source"} & filters.keys()
    sentences, is_cut_short = _sentences(search, reader, words) if about_sentences else ([], False)
    return Found(
        sentences,
        is_cut_short,
        _claims(search, reader, words) if about_writings and "outlet" not in filters else [],
        _notes(search, reader, words) if about_writings and "outlet" not in filters else [],
        _evidence(search, reader, words) if about_writings and "status" not in filters else [],
        [] if filters else _sources(search, reader, words),
    )


# ---- sentences of articles


def _sentences(search: Search, reader: Actor, words: set[str]) -> tuple[list[SentenceFound], bool]:
    index = word_index.look_up(db.session.connection(), search.query)
    wanted = _readable_sentences(search.filters, reader)
    ids: list[int] = []
    last: int | None = None
    for most in ROWS_AT_ONCE:
        rows = select(index.id).where(index.condition).order_by(index.id.desc()).limit(most)
        some = list(db.session.scalars(rows if last is None else rows.where(index.id < last)))
        ids += db.session.scalars(wanted.where(Sentence.id.in_(some)).order_by(Sentence.id.desc()).limit(MOST))
        if len(ids) >= MOST or len(some) < most:
            return _shown(ids[:MOST], words), False
        last = some[-1]
    return _shown(ids, words), True


def _readable_sentences(filters: Any, reader: Actor) -> Select[int]:
    query = visibility.articles_visible_to(reader).join(Sentence, Sentence.article_id == Article.id)
    query = query.where(Sentence.is_live)
    if "outlet" in filters:
        query = query.where(_holds(Article.outlet, filters["outlet"]))
    if "before" in filters:
        query = query.where(Article.published < filters["before"])
    if "after" in filters:
        query = query.where(Article.published >= filters["after"])
    if "tag" in filters:
        query = query.where(_answered(reader, Annotation.tag == Tag(filters["tag"])))
    if "source" in filters:
        named = visibility.entries_visible_to(reader).where(_holds(SourceEntry.name, filters["source"]))
        entered = Annotation.source_id.in_(named.with_only_columns(SourceEntry.source_id))
        query = query.where(_answered(reader, or_(entered, _holds(Annotation.source_text, filters["source"]))))
    return query.with_only_columns(Sentence.id)


def _answered(reader: Actor, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether an answer that the reader may see, without spoiling work of their own, is such a one."""
    projects = [member.project for member in visibility.memberships_of(reader)]
    answers = [visibility.annotations_beside_work(reader, project).where(condition) for project in projects]
    given = (Sentence.id.in_(query.with_only_columns(Annotation.sentence_id)) for query in answers)
    return or_(false(), *given)


def _holds(column: Any, said: str) -> ColumnElement[bool]:
    """Whether the column holds these words, in either case."""
    held: ColumnElement[bool] = column.icontains(said, autoescape=True)
    return held


def _shown(ids: Sequence[int], words: set[str]) -> list[SentenceFound]:
    text = func.substr(Article.text, Sentence.start + 1, Sentence.end - Sentence.start)
    about = (Sentence.id, Sentence.article_id, index_of(Sentence), text)
    rows = {
        row[0]: row for row in db.session.execute(select(*about).join(Sentence.article).where(Sentence.id.in_(ids)))
    }
    articles = listed_articles({row[1] for row in rows.values()})
    return [SentenceFound(id_, rows[id_][2], articles[rows[id_][1]], _runs(rows[id_][3], words)) for id_ in ids]


# ---- what people wrote


def _claims(search: Search, reader: Actor, words: set[str]) -> list[WritingFound]:
    query = visibility.wordings_visible_to(reader).where(ClaimWording.withdrawn_why.is_(None))
    if "status" in search.filters:
        query = query.where(ClaimWording.claim_id.in_(_assessed(search, reader).with_only_columns(Assessment.claim_id)))
    return [
        WritingFound(row.claim_id, None, row.created_at, _runs(row.wording, words))
        for row in _writings(search, query, ClaimWording)
    ]


def _notes(search: Search, reader: Actor, words: set[str]) -> list[WritingFound]:
    return [
        WritingFound(row.claim_id, None, row.created_at, _runs(row.note or "", words))
        for row in _writings(search, _assessed(search, reader), Assessment)
    ]


def _assessed(search: Search, reader: Actor) -> Select[Assessment]:
    query = visibility.notes_visible_to(reader)
    return (
        query.where(Assessment.status == CorroborationStatus(search.filters["status"]))
        if "status" in search.filters
        else query
    )


def _evidence(search: Search, reader: Actor, words: set[str]) -> list[WritingFound]:
    query = visibility.evidence_visible_to(reader).where(Evidence.withdrawn_why.is_(None))
    if "outlet" in search.filters:
        query = query.where(_holds(Evidence.outlet, search.filters["outlet"]))
    told = []
    for row in _writings(search, query, Evidence):
        parts = [part for name in word_index.WRITTEN["evidence"] if (part := getattr(row, name))]
        text = " · ".join(dict.fromkeys(parts))
        told.append(WritingFound(row.claim_id, row.evidence_id, row.created_at, _runs(text, words)))
    return told


def _writings(search: Search, query: Select[R], table: type[R]) -> list[R]:
    """The newest of those revisions that the search finds; their order is that in which they were written."""
    index = word_index.look_up(db.session.connection(), search.query, word_index.WRITINGS)
    kind = word_index.KINDS.index(table.__tablename__)
    numbers = select(index.id // MOST_KINDS).where(index.condition, index.id % MOST_KINDS == kind)
    query = query.where(table.id.in_(numbers))
    if "before" in search.filters:
        query = query.where(table.created_at < _beginning_of(search.filters["before"]))
    if "after" in search.filters:
        query = query.where(table.created_at >= _beginning_of(search.filters["after"]))
    return list(db.session.scalars(query.order_by(table.created_at.desc(), table.id.desc()).limit(MOST)))


def _beginning_of(partial: str) -> datetime:
    """The first moment of a year, a month or a day."""
    year, month, day = (*map(int, partial.split("-")), 1, 1)[:3]
    return datetime(year, month, day, tzinfo=UTC)


# ---- sources


def _sources(search: Search, reader: Actor, words: set[str]) -> list[SourceFound]:
    """Entries whose names the search finds."""
    is_near = or_(*(SourceEntry.name_key.contains(word, autoescape=True) for word in sorted(words)))
    query = visibility.entries_visible_to(reader).where(SourceEntry.withdrawn_why.is_(None), is_near)
    rows = db.session.scalars(query.order_by(SourceEntry.created_at.desc(), SourceEntry.id.desc()).limit(MOST_NAMES))
    named = (row for row in rows if holds(search.query, folded(row.name).split()))
    return [SourceFound(row.source_id, row.kind, _runs(row.name, words)) for row in islice(named, MOST)]


# ---- as it is shown


def _runs(text: str, words: set[str]) -> list[TextRun[bool]]:
    """The text, or of a long one what stands around the first word found, with what was found marked."""
    places = [(word.start, word.end) for word in words_in(text) if words & set(folded(word.folded).split())]
    first = max(0, (places[0][0] if places else 0) - AROUND // 3)
    begin = first if len(text) > 2 * AROUND else 0
    end = begin + 2 * AROUND if len(text) > 2 * AROUND else len(text)
    within = ((start - begin, stop - begin, True) for start, stop in places if begin <= start and stop <= end)
    runs = text_runs(text[begin:end], within)
    return [*([TextRun("… ")] if begin else []), *runs, *([TextRun(" …")] if end < len(text) else [])]
