"""What else changed, by whom, from where and when; append-only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, bindparam, insert
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from webapp.db import Base, now, one_of_or_null
from webapp.models.actor import Actor, Via
from webapp.models.people import User
from webapp.models.revisions import append_only
from webapp.prepared import Prepared


@append_only(shown_by="events_visible_to", not_exported="it tells of people's comings and goings, not of texts")
class AuditEvent(Base):
    """One thing that happened: a sign-in, an import, an export, an edit."""

    __tablename__ = "audit_event"
    __table_args__ = (
        one_of_or_null("via", Via),
        Index("ix_audit_event_what_id", "what", "id"),
        Index("ix_audit_event_project_id_id", "project_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    """None for the machine's own shell, and for whoever has not signed in."""
    via: Mapped[Via | None]
    """None for what happened before this was recorded."""
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"))
    what: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    actor: Mapped[User | None] = relationship()


def audit(session: Session, actor: Actor, what: str, /, *, project_id: int | None = None, **details: Any) -> None:
    """Put an event on record, within the transaction of the change it tells of."""
    session.add(AuditEvent(what=what, actor_id=actor.id, via=actor.via, project_id=project_id, details=details))


def audit_many(
    session: Session, actor: Actor, what: str, /, details: Sequence[dict[str, Any]], *, project_id: int | None = None
) -> None:
    """The same of several at once, each with its details."""
    about = {"at": now(), "what": what, "actor_id": actor.id, "via": actor.via, "project_id": project_id}
    _ADD.run_many(session.connection(), [about | {"details": told} for told in details])


_ADD = Prepared(
    insert(AuditEvent)
    .inline()
    .values({name: bindparam(name) for name in ("at", "what", "actor_id", "via", "project_id", "details")})
)
