"""Claims: their wording, the sentences that mention them, what was settled, which are one, and the evidence."""

from __future__ import annotations

import re
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.db import Base, now, one_of, one_of_or_null
from webapp.domain.claims import Settlement
from webapp.domain.corroboration import EvidenceItem
from webapp.domain.errors import BadClaim, BadEvidence
from webapp.domain.terms import (
    CorroborationStatus,
    Covers,
    Credibility,
    Independence,
    MentionKind,
    Reliability,
    Stance,
)
from webapp.models.article import Sentence
from webapp.models.people import User
from webapp.models.project import Project
from webapp.models.revisions import Revised, append_only

LONGEST_NAME = 80
"""Characters of what an item is called in a line."""


@append_only(shown_by="claims_visible_to", exported_in=("claims",))
class Claim(Base):
    """One claim of a project; its wording and all else are revisions of their own."""

    __tablename__ = "claim"
    __table_args__ = (Index("ix_claim_project_id_created_at", "project_id", "created_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    """Random; the only id anybody sees."""
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    maker_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)

    project: Mapped[Project] = relationship()
    maker: Mapped[User] = relationship()


class ClaimWording(Revised):
    """One revision of a claim's wording, and whether a supervisor shows it to all."""

    __tablename__ = "claim_wording"
    __table_args__ = (CheckConstraint("length(trim(wording)) > 0", name="wording_not_blank"),)
    revision_of = ("claim_id",)
    author_column = "author_id"
    noun = "claim"
    refused_by = BadClaim
    shown_by = "wordings_visible_to"
    exported_in = ("claims",)

    claim_id: Mapped[UUID] = mapped_column(ForeignKey("claim.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    wording: Mapped[str]
    is_published: Mapped[bool] = mapped_column(default=False)
    withdrawn_why: Mapped[str | None]

    claim: Mapped[Claim] = relationship()
    author: Mapped[User] = relationship()


class ClaimMention(Revised):
    """One revision of a mention: a sentence that makes, repeats or denies the claim."""

    __tablename__ = "claim_mention"
    __table_args__ = (one_of("kind", MentionKind),)
    revision_of = ("mention_id",)
    author_column = "author_id"
    noun = "mention"
    refused_by = BadClaim
    shown_by = "mentions_visible_to"
    exported_in = ("mentions",)

    mention_id: Mapped[UUID]
    claim_id: Mapped[UUID] = mapped_column(ForeignKey("claim.id"), index=True)
    sentence_id: Mapped[int] = mapped_column(ForeignKey("sentence.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    kind: Mapped[MentionKind]
    to_confirm: Mapped[bool] = mapped_column(default=False)
    """Moved to another sentence by a repair of the split, until its author confirms it by a new revision."""
    withdrawn_why: Mapped[str | None]

    claim: Mapped[Claim] = relationship()
    sentence: Mapped[Sentence] = relationship()
    author: Mapped[User] = relationship()


class ClaimSettlement(Revised):
    """One decision of a supervisor on how a claim stands."""

    __tablename__ = "claim_settlement"
    __table_args__ = (
        one_of("status", CorroborationStatus),
        CheckConstraint("length(trim(reason)) > 0", name="reason_not_blank"),
    )
    revision_of = ("claim_id",)
    author_column = "author_id"
    noun = "settlement"
    refused_by = BadClaim
    shown_by = "settlements_visible_to"
    exported_in = ("claims",)

    claim_id: Mapped[UUID] = mapped_column(ForeignKey("claim.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    status: Mapped[CorroborationStatus]
    reason: Mapped[str]
    withdrawn_why: Mapped[str | None]

    author: Mapped[User] = relationship()

    @property
    def settlement(self) -> Settlement:
        return Settlement(self.status, self.reason)


class ClaimMerge(Revised):
    """Into which other one a claim was merged as its double; the undo of a merge is the next revision."""

    __tablename__ = "claim_merge"
    __table_args__ = (CheckConstraint("claim_id <> into_id", name="not_itself"),)
    revision_of = ("claim_id",)
    author_column = "author_id"
    noun = "merge"
    refused_by = BadClaim
    shown_by = "claim_merges_visible_to"
    exported_in = ("claims",)

    claim_id: Mapped[UUID] = mapped_column(ForeignKey("claim.id"))
    into_id: Mapped[UUID | None] = mapped_column(ForeignKey("claim.id"), index=True)
    """None: the merge was taken back."""
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    reason: Mapped[str | None]

    author: Mapped[User] = relationship()


class Evidence(Revised):
    """One revision of one item of evidence for a claim."""

    __tablename__ = "evidence"
    __table_args__ = (
        one_of("stance", Stance),
        one_of("independence", Independence),
        one_of_or_null("source_reliability", Reliability),
        one_of_or_null("information_credibility", Credibility),
        one_of_or_null("covers", Covers),
        CheckConstraint("same_origin_as <> evidence_id", name="not_its_own_origin"),
        CheckConstraint("url IS NOT NULL OR description IS NOT NULL", name="address_or_description"),
        CheckConstraint("(sentence_id IS NULL) = (words IS NULL)", name="sentence_with_words"),
    )
    revision_of = ("evidence_id",)
    author_column = "author_id"
    noun = "item"
    refused_by = BadEvidence
    shown_by = "evidence_visible_to"
    exported_in = ("evidence",)

    evidence_id: Mapped[UUID]
    claim_id: Mapped[UUID] = mapped_column(ForeignKey("claim.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    stance: Mapped[Stance]
    independence: Mapped[Independence]
    url: Mapped[str | None]
    description: Mapped[str | None]
    title: Mapped[str | None]
    outlet: Mapped[str | None]
    author: Mapped[str | None]
    published_date: Mapped[str | None]
    accessed_at: Mapped[str | None]
    archive_url: Mapped[str | None]
    quote: Mapped[str | None]
    origin: Mapped[str | None]
    same_origin_as: Mapped[UUID | None]
    source_reliability: Mapped[Reliability | None]
    information_credibility: Mapped[Credibility | None]
    covers: Mapped[Covers | None]
    known_since: Mapped[str | None]
    note: Mapped[str | None]
    sentence_id: Mapped[int | None] = mapped_column(ForeignKey("sentence.id"), index=True)
    """A sentence of the corpus that is the item; it stays the one it was, also when a repair replaced it."""
    words: Mapped[str | None]
    """The words of that sentence as they were."""
    withdrawn_why: Mapped[str | None]

    claim: Mapped[Claim] = relationship()
    sentence: Mapped[Sentence | None] = relationship()
    entered_by: Mapped[User] = relationship()

    @property
    def is_named_by_address(self) -> bool:
        return not (self.outlet or self.title or self.description)

    @property
    def name(self) -> str:
        """What it is called in a line, here as at the desk."""
        address = re.sub(r"^https?://(www\.)?", "", self.url or "", flags=re.IGNORECASE)
        name = self.outlet or self.title or self.description or address
        return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"

    @property
    def told(self) -> EvidenceItem:
        return EvidenceItem(**{name: getattr(self, name) for name in EvidenceItem.__dataclass_fields__})


@append_only(
    shown_by="copies_visible_to",
    not_exported="a file of its own; a package holds it",
    may_change=("blanked_at", "blanked_by_id", "blanked_why"),
)
class EvidenceCopy(Base):
    """A file kept with an item of evidence as it was uploaded; unchanged since, and nothing more is said of it."""

    __tablename__ = "evidence_copy"
    __table_args__ = (
        CheckConstraint("size >= 1", name="size"),
        CheckConstraint("(blanked_at IS NULL) = (blanked_why IS NULL)", name="blanked_with_why"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    """Drawn by the form, so that a second click is one upload."""
    claim_id: Mapped[UUID] = mapped_column(ForeignKey("claim.id"), index=True)
    evidence_id: Mapped[UUID] = mapped_column(index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    name: Mapped[str]
    size: Mapped[int]
    """In bytes."""
    sha256: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=now)
    blanked_at: Mapped[datetime | None]
    """When its content was removed by law; its hash and who added it stay."""
    blanked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    blanked_why: Mapped[str | None]

    author: Mapped[User] = relationship(foreign_keys=[author_id])


@append_only(shown_by="pieces_visible_to", not_exported="part of a file", may_change=("data",))
class EvidencePiece(Base):
    """A piece of a copy, so that no row is large; emptied when the copy is blanked."""

    __tablename__ = "evidence_piece"

    copy_id: Mapped[UUID] = mapped_column(ForeignKey("evidence_copy.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    """From 0."""
    data: Mapped[bytes]
