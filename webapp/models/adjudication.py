"""What was decided about a sentence: revisions that are added, never changed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    SQLColumnExpression,
    String,
    UniqueConstraint,
    and_,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.db import Base, now, one_of
from webapp.domain.adjudication import VOTE_COLUMNS, Cause, Method, RuleName, Votes, rule_named
from webapp.domain.errors import BadDecision
from webapp.domain.terms import Tag
from webapp.models.article import Sentence
from webapp.models.people import User
from webapp.models.project import Codebook
from webapp.models.revisions import Revised, append_only


class Adjudication(Revised):
    """One decision on the gold tag of a sentence, with the votes it was made on."""

    __tablename__ = "adjudication"
    __table_args__ = (
        CheckConstraint(
            f"{' AND '.join(f'{column} >= 0' for column in VOTE_COLUMNS.values())} "
            f"AND {' + '.join(VOTE_COLUMNS.values())} <= n_coders",
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
        CheckConstraint(
            "deciding_rule = 'codebook_gap' OR (substr(deciding_rule, 1, 1) = 'R' "
            "AND length(deciding_rule) BETWEEN 2 AND 5 AND substr(deciding_rule, 2, 1) <> '0' "
            "AND ltrim(substr(deciding_rule, 2), '0123456789') = '')",
            name="deciding_rule",
        ),
        one_of("cause", Cause),
        one_of("first_tag", Tag),
        # Of the few that no rule carried.
        Index(
            "ix_adjudication_gap",
            "round_id",
            "sentence_id",
            sqlite_where=text("is_current = 1 AND deciding_rule = 'codebook_gap'"),
            postgresql_where=text("is_current AND deciding_rule = 'codebook_gap'"),
        ),
        # By the rule that decided, for a second look once it is worded anew.
        Index(
            "ix_adjudication_rule",
            "round_id",
            "deciding_rule",
            "id",
            sqlite_where=text("is_current = 1 AND deciding_rule IS NOT NULL"),
            postgresql_where=text("is_current AND deciding_rule IS NOT NULL"),
        ),
    )
    revision_of = ("sentence_id", "round_id")
    author_column = "adjudicator_id"
    noun = "decision"
    refused_by = BadDecision
    shown_by = "gold_visible_to"
    exported_in = ("gold",)

    sentence_id: Mapped[int] = mapped_column(ForeignKey("sentence.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    gold_tag: Mapped[Tag]
    method: Mapped[Method]
    deciding_rule: Mapped[str | None] = mapped_column(String(40))
    """`R` and its number in the text of the codebook, or `codebook_gap`."""
    cause: Mapped[Cause | None]
    reason: Mapped[str | None]
    first_tag: Mapped[Tag | None]
    """The adjudicator's own tag, as their `FirstTag` has it."""
    adjudicator_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    codebook_id: Mapped[int] = mapped_column(ForeignKey("codebook.id"))
    created_at: Mapped[datetime] = mapped_column("at", default=now)
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
    def rule(self) -> RuleName | None:
        """What decided, in the words of the codebook under which it did."""
        return rule_named(self.deciding_rule, self.codebook.text)

    @property
    def votes(self) -> Votes:
        four = {tag.column: getattr(self, column) for tag, column in VOTE_COLUMNS.items()}
        return Votes(**four, not_codable=self.n_coders - sum(four.values()))


def newest_decision_in(round_id: int | SQLColumnExpression[int]) -> ColumnElement[bool]:
    """On which an Adjudication joins its Sentence: the decision that counts in this round."""
    return and_(
        Adjudication.sentence_id == Sentence.id,
        Adjudication.round_id == round_id,
        Adjudication.is_current,
    )


@append_only(shown_by="first_tags_of", not_exported="it is the adjudicator's own; the decision keeps it")
class FirstTag(Base):
    """The tag that an adjudicator would give, chosen before they saw those of the analysts."""

    __tablename__ = "first_tag"
    __table_args__ = (UniqueConstraint("sentence_id", "adjudicator_id"), one_of("tag", Tag))

    id: Mapped[int] = mapped_column(primary_key=True)
    sentence_id: Mapped[int] = mapped_column(ForeignKey("sentence.id"))
    adjudicator_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    tag: Mapped[Tag]
    at: Mapped[datetime] = mapped_column(default=now)
