"""What somebody found out about a claim of a sentence: revisions that are added, never changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.db import Base, now, one_of
from webapp.domain.corroboration import Finding
from webapp.domain.terms import CorroborationStatus
from webapp.models.article import Sentence
from webapp.models.people import User


class CorroborationNote(Base):
    """One revision of one note; the revisions of a note share its `note_key`."""

    __tablename__ = "corroboration_note"
    __table_args__ = (
        UniqueConstraint("note_key", "version"),
        UniqueConstraint("author_id", "client_id"),
        Index(
            "uq_corroboration_note_current",
            "note_key",
            unique=True,
            sqlite_where=text("is_current = 1"),  # as SQLAlchemy asks for it there
            postgresql_where=text("is_current"),
        ),
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("length(trim(claim)) > 0", name="claim_not_blank"),
        one_of("status", CorroborationStatus),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    note_key: Mapped[UUID]
    sentence_id: Mapped[int] = mapped_column(ForeignKey("sentence.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    version: Mapped[int] = mapped_column(default=1)
    is_current: Mapped[bool] = mapped_column(default=True)
    client_id: Mapped[UUID]
    status: Mapped[CorroborationStatus]
    to_confirm: Mapped[bool] = mapped_column(default=False)
    """Moved to another sentence by a repair of the split, until its author confirms it by a new revision."""
    claim: Mapped[str]
    note: Mapped[str | None]
    url: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(default=now)

    sentence: Mapped[Sentence] = relationship()
    author: Mapped[User] = relationship()

    @property
    def finding(self) -> Finding:
        return Finding(self.status, self.claim, self.note, self.url)

    def values(self, reader_id: int) -> dict[str, Any]:
        """The note as JSON values for this reader."""
        return {
            "key": str(self.note_key),
            "version": self.version,
            "client_id": str(self.client_id),
            "status": self.status.value,
            "claim": self.claim,
            "note": self.note,
            "url": self.url,
            "to_confirm": self.to_confirm,
            "is_mine": self.author_id == reader_id,
            "created_at": self.created_at.isoformat().replace("+00:00", "Z"),
        }
