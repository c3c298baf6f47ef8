"""Reads of the audit record."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from webapp import visibility
from webapp.article_list import OPENING_WITHOUT_TITLE
from webapp.db import db
from webapp.domain.first_words import first_words
from webapp.models import Actor, Article, AuditEvent, ClaimWording, Project, Sentence, SourceEntry, User, display_title
from webapp.paging import Asked, Page, page_of


@dataclass(frozen=True)
class Filter:
    """Which events are wanted; None: all."""

    what: str | None = None
    actor_id: int | None = None
    project_id: int | None = None
    since: date | None = None
    until: date | None = None


def events(wanted: Filter, asked: Asked, reader: Actor) -> Page[AuditEvent]:
    """A page of the events that the reader sees and that pass the filter, newest first. Days are counted in UTC."""
    query = visibility.events_visible_to(reader)
    for column in ("what", "actor_id", "project_id"):
        if (value := getattr(wanted, column)) is not None:
            query = query.where(getattr(AuditEvent, column) == value)
    if wanted.since:
        query = query.where(AuditEvent.at >= datetime.combine(wanted.since, time.min, UTC))
    if wanted.until:
        query = query.where(AuditEvent.at < datetime.combine(wanted.until + timedelta(days=1), time.min, UTC))
    page = page_of(query.with_only_columns(AuditEvent.id), asked=asked, newest_first=True)
    found = {
        event.id: event
        for event in db.session.scalars(
            select(AuditEvent).options(joinedload(AuditEvent.actor)).where(AuditEvent.id.in_(page.rows))
        )
    }
    return page.with_rows([found[id_] for id_ in page.rows])


MOST_PAIRS = 5
"""That are told of a plan or a hand-out; how many more there are is said."""


@dataclass(frozen=True)
class Names:
    """What the things that events name are called, by their ids, as far as the reader may read them."""

    people: Mapping[int, str]
    articles: Mapping[int, str]
    sentences: Mapping[int, str]
    """In which article."""
    sources: Mapping[str, str]
    claims: Mapping[str, str]


def names_in(events: Iterable[AuditEvent], reader: Actor) -> Names:
    """What is named in these events."""
    named: dict[str, set[Any]] = {key: set() for key in ("people", "articles", "sentences", "sources", "claims")}
    for event in events:
        for key, value in event.details.items():
            if key in _NAMED and isinstance(value, int | str):
                named[_NAMED[key]].add(value)
        for article_id, analyst_id in event.details.get("pairs", ())[:MOST_PAIRS]:
            named["articles"].add(article_id)
            named["people"].add(analyst_id)
    return Names(
        _people(named["people"]),
        _articles(named["articles"], reader),
        _sentences(named["sentences"], reader),
        _sources(named["sources"], reader),
        _claims(named["claims"], reader),
    )


_NAMED = {
    "user_id": "people",
    "analyst_id": "people",
    "article_id": "articles",
    "to_article_id": "articles",
    "earlier_id": "articles",
    "sentence_id": "sentences",
    "source_id": "sources",
    "into_id": "sources",
    "claim_id": "claims",
}
"""Of which kind the thing is that a detail of this name gives the id of."""
_TITLE = Article.title, OPENING_WITHOUT_TITLE


def _people(ids: Collection[int]) -> dict[int, str]:
    rows = db.session.execute(select(User.id, User.name).where(User.id.in_(ids))) if ids else ()
    return {id_: name for id_, name in rows}  # noqa: C416 (rows, not pairs)


def _articles(ids: Collection[int], reader: Actor) -> dict[int, str]:
    if not ids:
        return {}
    query = visibility.articles_visible_to(reader).where(Article.id.in_(ids))
    rows = db.session.execute(query.with_only_columns(Article.id, *_TITLE))
    return {id_: display_title(*title) for id_, *title in rows}


def _sentences(ids: Collection[int], reader: Actor) -> dict[int, str]:
    if not ids:
        return {}
    articles = visibility.articles_visible_to(reader).with_only_columns(Article.id)
    query = select(Sentence.id, *_TITLE).join(Sentence.article).where(Sentence.id.in_(ids), Article.id.in_(articles))
    return {id_: display_title(*title) for id_, *title in db.session.execute(query)}


def _sources(ids: Collection[str], reader: Actor) -> dict[str, str]:
    if not ids:
        return {}
    query = visibility.entries_visible_to(reader).where(SourceEntry.source_id.in_(map(UUID, ids)))
    return {str(entry.source_id): entry.name for entry in db.session.scalars(query)}


def _claims(ids: Collection[str], reader: Actor) -> dict[str, str]:
    if not ids:
        return {}
    query = visibility.wordings_visible_to(reader).where(ClaimWording.claim_id.in_(map(UUID, ids)))
    return {str(one.claim_id): first_words(one.wording) for one in db.session.scalars(query)}


def kinds() -> list[str]:
    """What ever happened, each once; from one kind to the next by the index, past all events alike."""
    lowest = select(func.min(AuditEvent.what).label("what"))
    kind = lowest.cte(recursive=True)
    behind = lowest.where(AuditEvent.what > kind.c.what).correlate(kind).scalar_subquery()
    every = kind.union_all(select(behind).where(kind.c.what.is_not(None)))
    return list(db.session.scalars(select(every.c.what).where(every.c.what.is_not(None)).order_by(every.c.what)))


def people() -> list[User]:
    return list(db.session.scalars(select(User).order_by(User.name)))


def projects() -> list[Project]:
    return list(db.session.scalars(select(Project).order_by(Project.id)))
