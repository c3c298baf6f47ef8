"""Sessions: the devices on which people are signed in, each until it is signed out or expires."""

from __future__ import annotations

import enum
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.db import Base, now, one_of
from webapp.models.people import User
from webapp.models.revisions import append_only


class SessionKind(enum.StrEnum):
    DEVICE = "device"
    TOKEN = "token"


@append_only(
    shown_by="device_of",
    not_exported="it is about a device, not about texts",
    never_changes=("key", "token_sha256", "user_id"),
)
class UserSession(Base):
    """One device on which a person is signed in, or a program's token; only the hash of its secret is kept."""

    __tablename__ = "session"
    __table_args__ = (one_of("kind", SessionKind),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[UUID] = mapped_column(unique=True, default=uuid4)
    """By which people name it: the id would tell them how often others sign in."""
    kind: Mapped[SessionKind] = mapped_column(default=SessionKind.DEVICE)
    token_sha256: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    label: Mapped[str | None]
    """The device in a few words, as its browser names itself."""
    address: Mapped[str | None]
    """From where it was signed in."""
    created_at: Mapped[datetime] = mapped_column(default=now)
    last_used_at: Mapped[datetime] = mapped_column(default=now)
    """As of the last minute that was written down."""
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()
