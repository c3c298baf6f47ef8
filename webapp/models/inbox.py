"""What happened to a person: work handed to them, returned, or settled; read in the app, never sent by mail."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from webapp.db import Base, now, one_of
from webapp.models.actor import Actor
from webapp.models.revisions import append_only


class Happening(enum.StrEnum):
    ASSIGNED = "assigned"
    RETURNED = "returned"
    SETTLED = "settled"


@append_only(
    shown_by="inbox_of",
    not_exported="it tells one person what happened to their work; the work itself is exported",
    may_change=("read_at",),
)
class InboxEntry(Base):
    """One thing that happened to somebody's work."""

    __tablename__ = "inbox_entry"
    __table_args__ = (
        one_of("what", Happening),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("article_id IS NOT NULL OR number > 1", name="article"),
        Index("ix_inbox_entry_user_id_at_id", "user_id", "at", "id"),
        Index(
            "ix_inbox_entry_unread",
            "user_id",
            "article_id",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    """Random: it tells nothing of what happened to others."""
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    article_id: Mapped[int | None] = mapped_column(ForeignKey("article.id"))
    """None where it is about several."""
    what: Mapped[Happening]
    number: Mapped[int] = mapped_column(default=1)
    """How many articles it is about."""
    why: Mapped[str | None]
    """The reason for which work was returned."""
    at: Mapped[datetime] = mapped_column(default=now)
    read_at: Mapped[datetime | None]


def tell(
    session: Session,
    by: Actor,
    user_ids: Iterable[int],
    what: Happening,
    round_id: int,
    article_ids: Iterable[int],
    why: str | None = None,
) -> None:
    """Put it into the inbox of these people, whoever did it left out; what is settled once until it is read."""
    articles, whom = sorted(set(article_ids)), sorted(set(user_ids) - {by.id})
    only = articles[0] if len(articles) == 1 else None
    if what is Happening.SETTLED:
        told = select(InboxEntry.user_id).where(
            InboxEntry.user_id.in_(whom),
            InboxEntry.article_id == only,
            InboxEntry.read_at.is_(None),
            InboxEntry.what == what,
            InboxEntry.round_id == round_id,
        )
        whom = sorted(set(whom) - set(session.scalars(told)))
    about = {"round_id": round_id, "article_id": only, "what": what, "number": len(articles), "why": why}
    session.add_all(InboxEntry(user_id=user_id, **about) for user_id in whom)
