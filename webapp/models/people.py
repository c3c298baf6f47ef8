"""People who sign in, and the one-time links by which they may."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.db import Base, now, one_of


class User(Base):
    """A person who signs in; deactivated at most, never deleted."""

    __tablename__ = "user"
    __table_args__ = (CheckConstraint("length(trim(name)) > 0", name="name_not_blank"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str | None]
    """argon2; None for the person of a laptop, who signs in by link."""
    is_admin: Mapped[bool] = mapped_column(default=False)
    single_keys: Mapped[bool] = mapped_column(default=True)
    """Whether single letters and digits act at the desk (WCAG 2.1.4)."""
    asks_who: Mapped[bool | None] = mapped_column(default=True)
    """Whether the desk asks for the source type right after ATTRIBUTION, by the same digits.

    None for whoever tagged before there was this: they go on as they were used to until they have chosen.
    """
    rooms_known: Mapped[str] = mapped_column(default="", server_default="")
    """The rooms whose line of a first visit the person has put away, by name."""
    created_at: Mapped[datetime] = mapped_column(default=now)
    deactivated_at: Mapped[datetime | None]

    @property
    def is_active(self) -> bool:
        return self.deactivated_at is None


class LinkPurpose(enum.StrEnum):
    SIGN_IN = "sign_in"
    SET_PASSWORD = "set_password"


class SignInLink(Base):
    """A link that lets one person in once, or set a password once; only the hash of its token is kept."""

    __tablename__ = "sign_in_link"
    __table_args__ = (one_of("purpose", LinkPurpose),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_sha256: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    purpose: Mapped[LinkPurpose] = mapped_column(default=LinkPurpose.SIGN_IN)
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()


class SignInAttempt(Base):
    """A try of a password that was not right, by the name and from where it came; old ones are swept away."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (Index(None, "name", "address", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    address: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)
