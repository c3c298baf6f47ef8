"""Reads of the audit record."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from webapp import visibility
from webapp.db import db
from webapp.ids import LARGEST_ID
from webapp.models import Actor, AuditEvent, Project, User

PER_PAGE = 100


@dataclass(frozen=True)
class Filter:
    """Which events are wanted; None: all."""

    what: str | None = None
    actor_id: int | None = None
    project_id: int | None = None
    since: date | None = None
    until: date | None = None


def events(wanted: Filter, page: int, reader: Actor) -> Pagination:
    """The events that the reader sees and that pass the filter, newest first. Days are counted in UTC."""
    query = visibility.events_visible_to(reader).options(joinedload(AuditEvent.actor)).order_by(AuditEvent.id.desc())
    for column in ("what", "actor_id", "project_id"):
        if (value := getattr(wanted, column)) is not None:
            query = query.where(getattr(AuditEvent, column) == value)
    if wanted.since:
        query = query.where(AuditEvent.at >= datetime.combine(wanted.since, time.min, UTC))
    if wanted.until:
        query = query.where(AuditEvent.at < datetime.combine(wanted.until + timedelta(days=1), time.min, UTC))
    page = min(page, LARGEST_ID // PER_PAGE)  # far behind the last one
    return db.paginate(query, page=page, per_page=PER_PAGE, max_per_page=PER_PAGE, error_out=False)


def kinds() -> list[str]:
    return list(db.session.scalars(select(AuditEvent.what).distinct().order_by(AuditEvent.what)))


def people() -> list[User]:
    return list(db.session.scalars(select(User).order_by(User.name)))


def projects() -> list[Project]:
    return list(db.session.scalars(select(Project).order_by(Project.id)))
