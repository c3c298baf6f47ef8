"""What an analyst found out about a claim: revisions that are added, never changed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.db import one_of, one_of_or_null
from webapp.domain.corroboration import Assessed, Finding
from webapp.domain.errors import BadNote
from webapp.domain.moments import moment
from webapp.domain.terms import CorroborationStatus
from webapp.models.article import Sentence
from webapp.models.people import User
from webapp.models.revisions import Revised


class Assessment(Revised):
    """One revision of one analyst's assessment of a claim, which pages call a note."""

    __tablename__ = "assessment"
    __table_args__ = (
        CheckConstraint("length(trim(claim)) > 0", name="claim_not_blank"),
        one_of("status", CorroborationStatus),
        one_of_or_null("proposed_status", CorroborationStatus),
        # Of the few that are to be looked at again.
        Index(
            "ix_assessment_look_again_by",
            "look_again_by",
            sqlite_where=text("look_again_by IS NOT NULL"),
            postgresql_where=text("look_again_by IS NOT NULL"),
        ),
        # One of each analyst.
        Index(
            "uq_assessment_claim",
            "claim_id",
            "author_id",
            unique=True,
            sqlite_where=text("is_current = 1"),
            postgresql_where=text("is_current"),
        ),
    )
    revision_of = ("note_key",)
    author_column = "author_id"
    noun = "note"
    refused_by = BadNote
    shown_by = "notes_visible_to"
    exported_in = ("long",)

    note_key: Mapped[UUID]
    claim_id: Mapped[UUID] = mapped_column(ForeignKey("claim.id"))
    sentence_id: Mapped[int | None] = mapped_column(ForeignKey("sentence.id"), index=True)
    """The sentence at which it was written, if at one; where the claim is mentioned now, its mentions say."""
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    status: Mapped[CorroborationStatus]
    to_confirm: Mapped[bool] = mapped_column(default=False)
    """Before there were mentions: moved to another sentence by a repair, until its author confirmed it."""
    claim: Mapped[str]
    """The wording when it was made."""
    note: Mapped[str | None]
    url: Mapped[str | None]
    look_again_by: Mapped[str | None]
    proposed_status: Mapped[CorroborationStatus | None]
    """What the records proposed when it was made; with the next two, None where nothing was counted yet."""
    independent_supporting: Mapped[int | None]
    independent_refuting: Mapped[int | None]
    why_other: Mapped[str | None]
    """Why the analyst's status is another than the one proposed."""

    sentence: Mapped[Sentence | None] = relationship()
    author: Mapped[User] = relationship()

    @property
    def finding(self) -> Finding:
        return Finding(self.status, self.claim, self.note, self.url)

    @property
    def assessed(self) -> Assessed:
        return Assessed(self.status, self.note, self.look_again_by, self.why_other)

    def values(self, reader_id: int, *, to_confirm: bool = False) -> dict[str, Any]:
        """The note as JSON values for this reader; `to_confirm` is that of its mention on a sentence."""
        return {
            "key": str(self.note_key),
            "claim_id": str(self.claim_id),
            "version": self.version,
            "client_id": str(self.client_id),
            "status": self.status.value,
            "claim": self.claim,
            "note": self.note,
            "url": self.url,
            "to_confirm": to_confirm,
            "is_mine": self.author_id == reader_id,
            "created_at": moment(self.created_at),
        }
