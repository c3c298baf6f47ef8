"""What somebody found out about a claim of a sentence: revisions that are added, never changed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.db import one_of
from webapp.domain.corroboration import Finding
from webapp.domain.errors import BadNote
from webapp.domain.moments import moment
from webapp.domain.terms import CorroborationStatus
from webapp.models.article import Sentence
from webapp.models.people import User
from webapp.models.revisions import Revised


class Assessment(Revised):
    """One revision of one note; the revisions of a note share its `note_key`."""

    __tablename__ = "corroboration_note"
    __table_args__ = (
        CheckConstraint("length(trim(claim)) > 0", name="claim_not_blank"),
        one_of("status", CorroborationStatus),
    )
    revision_of = ("note_key",)
    author_column = "author_id"
    noun = "note"
    refused_by = BadNote
    shown_by = "notes_visible_to"
    exported_in = ("long",)

    note_key: Mapped[UUID]
    sentence_id: Mapped[int] = mapped_column(ForeignKey("sentence.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    status: Mapped[CorroborationStatus]
    to_confirm: Mapped[bool] = mapped_column(default=False)
    """Moved to another sentence by a repair of the split, until its author confirms it by a new revision."""
    claim: Mapped[str]
    note: Mapped[str | None]
    url: Mapped[str | None]

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
            "created_at": moment(self.created_at),
        }
