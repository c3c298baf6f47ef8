"""What was decided about a sentence: rows that are added, never changed; the newest counts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.db import Base, now, one_of
from webapp.domain.adjudication import Cause, DecidingRule, Method, Votes
from webapp.domain.terms import Tag
from webapp.models.article import Sentence
from webapp.models.people import User
from webapp.models.project import Codebook


class Adjudication(Base):
    """One decision on the gold tag of a sentence, with the votes it was made on."""

    __tablename__ = "adjudication"
    __table_args__ = (
        UniqueConstraint("sentence_id", "version"),
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint(
            "votes_fact >= 0 AND votes_attribution >= 0 AND votes_speculation >= 0 AND votes_opinion >= 0 "
            "AND votes_fact + votes_attribution + votes_speculation + votes_opinion <= n_coders",
            name="votes",
        ),
        CheckConstraint(
            "(method = 'unanimous' AND deciding_rule IS NULL AND cause IS NULL AND reason IS NULL) OR "
            "(method = 'adjudicated' AND deciding_rule IS NOT NULL AND cause IS NOT NULL AND reason IS NOT NULL "
            "AND length(trim(reason)) > 0)",
            name="why",
        ),
        one_of("gold_tag", Tag),
        one_of("method", Method),
        one_of("deciding_rule", DecidingRule),
        one_of("cause", Cause),
        one_of("first_tag", Tag),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sentence_id: Mapped[int] = mapped_column(ForeignKey("sentence.id"))
    version: Mapped[int]
    gold_tag: Mapped[Tag]
    method: Mapped[Method]
    deciding_rule: Mapped[DecidingRule | None]
    cause: Mapped[Cause | None]
    reason: Mapped[str | None]
    first_tag: Mapped[Tag | None]
    """The adjudicator's own tag, as their `FirstTag` has it."""
    adjudicator_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    codebook_id: Mapped[int] = mapped_column(ForeignKey("codebook.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    n_coders: Mapped[int]
    """How many answers counted at that moment; those that said *not codable* are in no column of votes."""
    votes_fact: Mapped[int]
    votes_attribution: Mapped[int]
    votes_speculation: Mapped[int]
    votes_opinion: Mapped[int]

    sentence: Mapped[Sentence] = relationship()
    adjudicator: Mapped[User] = relationship()
    codebook: Mapped[Codebook] = relationship()

    @property
    def votes(self) -> Votes:
        four = self.votes_fact, self.votes_attribution, self.votes_speculation, self.votes_opinion
        return Votes(*four, not_codable=self.n_coders - sum(four))


class FirstTag(Base):
    """The tag that an adjudicator would give, chosen before they saw those of the analysts; append-only."""

    __tablename__ = "first_tag"
    __table_args__ = (UniqueConstraint("sentence_id", "adjudicator_id"), one_of("tag", Tag))

    id: Mapped[int] = mapped_column(primary_key=True)
    sentence_id: Mapped[int] = mapped_column(ForeignKey("sentence.id"))
    adjudicator_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    tag: Mapped[Tag]
    at: Mapped[datetime] = mapped_column(default=now)
