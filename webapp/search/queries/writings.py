"""What people wrote: claims, notes, evidence, and the notes of answers, in the order in which it was written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, select, union_all

from webapp import visibility, word_index
from webapp.domain.terms import CorroborationStatus, Tag
from webapp.domain.word_query import Search
from webapp.models import Actor, Annotation, Article, Assessment, ClaimWording, Evidence, Sentence
from webapp.paging import Asked, Page, page_in_order
from webapp.search.queries.conditions import answers_read, holds_words, names_source, newest, numbers_in, written
from webapp.search.queries.shown import Runs, SentenceFound, places_of, runs

R = TypeVar("R", ClaimWording, Assessment, Evidence)


@dataclass(frozen=True)
class WritingFound:
    """What somebody wrote about a claim: its wording, a note, or an item."""

    claim_id: UUID
    evidence_id: UUID | None
    at: datetime
    runs: Runs


# ---- what people wrote


def claims(search: Search, reader: Actor, asked: Asked) -> Page[Any]:
    query = visibility.wordings_visible_to(reader).where(ClaimWording.withdrawn_why.is_(None))
    if "status" in search.filters:
        query = query.where(ClaimWording.claim_id.in_(_assessed(search, reader).with_only_columns(Assessment.claim_id)))
    return _writings(search, query, ClaimWording, asked)


def shown_claims(search: Search, _reader: Actor, rows: Sequence[Any]) -> list[WritingFound]:
    return [WritingFound(row.claim_id, None, row.created_at, runs(row.wording, search)) for row, *_ in rows]


def notes(search: Search, reader: Actor, asked: Asked) -> Page[Any]:
    return _writings(search, _assessed(search, reader), Assessment, asked)


def shown_notes(search: Search, _reader: Actor, rows: Sequence[Any]) -> list[WritingFound]:
    return [WritingFound(row.claim_id, None, row.created_at, runs(row.note or "", search)) for row, *_ in rows]


def _assessed(search: Search, reader: Actor) -> Select[Assessment]:
    query = visibility.notes_visible_to(reader)
    return (
        query.where(Assessment.status == CorroborationStatus(search.filters["status"]))
        if "status" in search.filters
        else query
    )


def evidence(search: Search, reader: Actor, asked: Asked) -> Page[Any]:
    query = visibility.evidence_visible_to(reader).where(Evidence.withdrawn_why.is_(None))
    if "outlet" in search.filters:
        query = query.where(holds_words(Evidence.outlet, search.filters["outlet"]))
    return _writings(search, query, Evidence, asked)


def shown_evidence(search: Search, _reader: Actor, rows: Sequence[Any]) -> list[WritingFound]:
    told = []
    for row, *_ in rows:
        parts = [part for name in word_index.WRITTEN["evidence"] if (part := getattr(row, name))]
        text = " · ".join(dict.fromkeys(parts))
        told.append(WritingFound(row.claim_id, row.evidence_id, row.created_at, runs(text, search)))
    return told


def _writings(search: Search, query: Select[R], table: type[R], asked: Asked) -> Page[Any]:
    """A page of those revisions that the search finds; their order is that in which they were written."""
    query = query.where(table.id.in_(numbers_in(search, table)), *written(search.filters, table.created_at))
    return page_in_order(query, newest(table), asked)


# ---- notes of answers


def answer_notes(search: Search, reader: Actor, asked: Asked) -> Page[Any]:
    conditions: list[Any] = [
        Annotation.id.in_(numbers_in(search, Annotation)),
        Sentence.is_live,
        *written(search.filters, Annotation.created_at),
    ]
    if "outlet" in search.filters:
        conditions.append(holds_words(Article.outlet, search.filters["outlet"]))
    if "tag" in search.filters:
        conditions.append(Annotation.tag == Tag(search.filters["tag"]))
    if "source" in search.filters:
        conditions.append(names_source(search.filters["source"], reader))
    ids = [query.with_only_columns(Annotation.id) for query in answers_read(reader, *conditions)]
    if not ids:
        return Page([])
    query = select(Annotation.sentence_id, Annotation.note, Annotation.created_at)
    return page_in_order(query.where(Annotation.id.in_(union_all(*ids))), newest(Annotation), asked)


def shown_answer_notes(search: Search, _reader: Actor, rows: Sequence[Any]) -> list[SentenceFound]:
    places = places_of([row.sentence_id for row in rows])
    told = ((row, places[row.sentence_id]) for row in rows)
    return [
        SentenceFound(row.sentence_id, place.index, place.article, runs(row.note, search), row.created_at)
        for row, place in told
    ]
