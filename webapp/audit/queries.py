"""Reads of the audit record."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from webapp import visibility
from webapp.db import db
from webapp.models import Actor, AuditEvent, Project, User
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
