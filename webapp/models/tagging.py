"""Work handed to an analyst, and what the analyst answered: revisions that are added, never changed."""

from __future__ import annotations

import enum
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    Select,
    SQLColumnExpression,
    UniqueConstraint,
    and_,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Mapped, contains_eager, mapped_column, relationship

from webapp.db import Base, now, one_of, one_of_or_null
from webapp.domain.answers import ANSWER_FIELDS, TERMS, Answer
from webapp.domain.terms import (
    FOUR_TAGS,
    AttributedContent,
    Certainty,
    CheckPriority,
    Confidence,
    Credibility,
    CueStance,
    Directness,
    Likelihood,
    NotCodableReason,
    Reliability,
    SourceAccess,
    SourceType,
    Tag,
)
from webapp.models.article import Article, Sentence
from webapp.models.people import User
from webapp.models.project import Codebook, Round
from webapp.models.revisions import Revised, append_only
from webapp.models.sources import AttributionLink


class AssignmentState(enum.StrEnum):
    ASSIGNED = "assigned"
    STARTED = "started"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    """Taken back before anything was done; handing it out again revives the row."""
    HANDED_OVER = "handed_over"
    """Closed, as somebody else does the article in place of its analyst; what was answered stays on record. Handing it
    out to them again revives the row.
    """


TAKEN_AWAY = (AssignmentState.WITHDRAWN, AssignmentState.HANDED_OVER)
"""Work that its analyst does not have any more."""


@append_only(
    shown_by="answers_shown_to",
    exported_in=("long",),
    never_changes=("key", "round_id", "article_id", "analyst_id", "pass"),
)
class Assignment(Base):
    """One piece of work: an article in the hands of an analyst, in a round; never deleted."""

    __tablename__ = "assignment"
    __table_args__ = (
        # The article first: much is asked by article and analyst.
        UniqueConstraint("article_id", "analyst_id", "round_id", "pass"),
        UniqueConstraint("key"),
        Index("ix_assignment_analyst_id_article_id", "analyst_id", "article_id"),
        Index("ix_assignment_analyst_id_state_article_id", "analyst_id", "state", "article_id"),
        CheckConstraint("pass >= 1", name="pass"),
        one_of("state", AssignmentState),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[UUID] = mapped_column(default=uuid4)
    """By which whoever writes names it; random."""
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"))
    analyst_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    pass_: Mapped[int] = mapped_column("pass", default=1)
    """Counts up where the same analyst does the same article once more as a repeat, in this round or a later one."""
    position: Mapped[int] = mapped_column(default=0)
    """Its place in the analyst's queue; shuffled for each analyst when a plan hands articles out."""
    state: Mapped[AssignmentState] = mapped_column(default=AssignmentState.ASSIGNED)
    assigned_at: Mapped[datetime] = mapped_column(default=now)
    started_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    answered: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """How many live sentences have an answer with a tag; kept by triggers (`counting_triggers`)."""
    strip: Mapped[str | None]
    """The tags in miniature as they were handed in last (`domain.strip`)."""
    median_seconds: Mapped[int | None]
    """How long the analyst was at a sentence, as it was handed in last; for supervisors and the analyst alone."""

    round: Mapped[Round] = relationship()
    article: Mapped[Article] = relationship()
    analyst: Mapped[User] = relationship()

    @property
    def is_done(self) -> bool:
        """Whether it takes no more answers: it was handed in, or its round is closed."""
        return self.state is AssignmentState.SUBMITTED or self.round.closed_at is not None


def is_held() -> ColumnElement[bool]:
    """Whether an Assignment was handed out and not withdrawn, so that its answers are on record."""
    return Assignment.state != AssignmentState.WITHDRAWN


def is_theirs() -> ColumnElement[bool]:
    """Whether an Assignment is with its analyst: handed out, and neither withdrawn nor handed over."""
    return Assignment.state.not_in(TAKEN_AWAY)


def work_of(analyst_id: int) -> Select[Assignment]:
    """The analyst's pieces of work that were not taken away; of an article the one to show first: what is open, in the
    running round, the earliest pass.
    """
    is_done = or_(Assignment.state == AssignmentState.SUBMITTED, Round.closed_at.is_not(None))
    return (
        select(Assignment)
        .join(Assignment.round)
        .options(contains_eager(Assignment.round))
        .where(Assignment.analyst_id == analyst_id, is_theirs())
        .order_by(is_done, Round.closed_at.is_not(None), Assignment.pass_, Assignment.id)
    )


def assignment_of(article_id: int, analyst_id: int) -> Select[Assignment]:
    """The one of them to show for the article."""
    return work_of(analyst_id).where(Assignment.article_id == article_id).limit(1)


@append_only(
    shown_by="judgements_shown_to",
    not_exported="the assignment tells when the article was handed in",
    may_change=("returned_at", "returned_by_id", "returned_why"),
)
class Submission(Base):
    """An analyst's handing in of an article: pins the revisions handed in; the first is what agreement counts."""

    __tablename__ = "submission"
    __table_args__ = (
        UniqueConstraint("assignment_id", "number"),
        CheckConstraint("number >= 1", name="number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    number: Mapped[int]
    at: Mapped[datetime] = mapped_column(default=now)
    returned_at: Mapped[datetime | None]
    returned_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    returned_why: Mapped[str | None]

    assignment: Mapped[Assignment] = relationship()
    returned_by: Mapped[User | None] = relationship()


@append_only(shown_by="judgements_shown_to", not_exported="an export holds the answers that count now")
class SubmissionAnnotation(Base):
    """One revision that a submission pins."""

    __tablename__ = "submission_annotation"

    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    annotation_id: Mapped[int] = mapped_column(ForeignKey("annotation.id"), primary_key=True, index=True)


class Annotation(Revised):
    """One revision of one analyst's answer to one sentence; a tag of None takes the answer back."""

    __tablename__ = "annotation"
    __table_args__ = (
        CheckConstraint("active_seconds >= 0", name="active_seconds"),
        CheckConstraint("second_choice <> tag", name="second_choice_differs"),
        one_of_or_null("tag", Tag),
        *(one_of_or_null(field, FOUR_TAGS if terms is Tag else terms) for field, terms in TERMS.items()),
        # Of the few that name a source: an answer that names none does not touch it.
        Index(
            "ix_annotation_source_id",
            "source_id",
            sqlite_where=text("source_id IS NOT NULL"),
            postgresql_where=text("source_id IS NOT NULL"),
        ),
        # Of the few that a repair carried along and that their authors still have to confirm.
        Index(
            "ix_annotation_to_confirm",
            "analyst_id",
            sqlite_where=text("to_confirm = 1 AND is_current = 1"),
            postgresql_where=text("to_confirm AND is_current"),
        ),
    )
    revision_of = ("sentence_id", "assignment_id")
    author_column = "analyst_id"
    noun = "answer"
    shown_by = "annotations_visible_to"
    exported_in = ("long",)

    number: Mapped[int | None]
    """Its id in exports where it came in a package."""
    sentence_id: Mapped[int] = mapped_column(ForeignKey("sentence.id"))
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    analyst_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    codebook_id: Mapped[int] = mapped_column(ForeignKey("codebook.id"))
    is_blind: Mapped[bool]
    """Given in a blind project by somebody with no role there that reads others' answers."""
    to_confirm: Mapped[bool] = mapped_column(default=False)
    """Carried over by a repair of the split; counts once the analyst has confirmed it by a new revision."""
    carried_from_id: Mapped[int | None] = mapped_column(ForeignKey("annotation.id"))

    tag: Mapped[Tag | None]
    not_codable_reason: Mapped[NotCodableReason | None]
    second_choice: Mapped[Tag | None]
    tag_certainty: Mapped[Certainty | None]
    attributed_content: Mapped[AttributedContent | None]
    source_id: Mapped[UUID | None] = mapped_column(ForeignKey("source.id"))
    rating_id: Mapped[UUID | None] = mapped_column(ForeignKey("source_rating.id"))
    source_text: Mapped[str | None]
    source_type: Mapped[SourceType | None]
    cue_text: Mapped[str | None]
    cue_stance: Mapped[CueStance | None]
    directness: Mapped[Directness | None]
    source_access: Mapped[SourceAccess | None]
    flag_loaded_language: Mapped[bool] = mapped_column(default=False)
    flag_mixed: Mapped[bool] = mapped_column(default=False)
    flag_presupposition: Mapped[bool] = mapped_column(default=False)
    flag_hedged: Mapped[bool] = mapped_column(default=False)
    check_priority: Mapped[CheckPriority | None]
    source_reliability: Mapped[Reliability | None]
    information_credibility: Mapped[Credibility | None]
    likelihood_code: Mapped[Likelihood | None]
    confidence: Mapped[Confidence | None]
    note: Mapped[str | None]
    active_seconds: Mapped[int | None]

    sentence: Mapped[Sentence] = relationship()
    assignment: Mapped[Assignment] = relationship()
    analyst: Mapped[User] = relationship()
    codebook: Mapped[Codebook] = relationship()
    links: Mapped[list[AttributionLink]] = relationship(
        order_by=AttributionLink.position, lazy="selectin", viewonly=True
    )
    """The whole chain, or none."""

    @property
    def answer(self) -> Answer:
        chain = tuple(link.link for link in self.links[1:])
        return Answer(**{name: getattr(self, name) for name in ANSWER_FIELDS}, chain=chain)


def current_answer_in(assignment_id: int | SQLColumnExpression[int]) -> ColumnElement[bool]:
    """On which an Annotation joins its Sentence: the revision that counts now in this piece of work."""
    return and_(
        Annotation.sentence_id == Sentence.id,
        Annotation.assignment_id == assignment_id,
        Annotation.is_current,
    )
