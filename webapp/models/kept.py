"""What lists and figures would else have to count anew each time: kept beside the rows, following every write.

Nothing here says anything of its own. `verify` proves each of these tables against what it was counted from, and
`claimtag recount` makes them anew. Those of work, days, entries and outlets are kept by triggers (`counting_triggers`),
the standings by `standings.follow()`.
"""

from __future__ import annotations

import enum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Base, one_of
from webapp.models.tagging import AssignmentState


class ProjectCount(Base):
    """How much a project holds, without what lies in the trash."""

    __tablename__ = "project_count"

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), primary_key=True, autoincrement=False)
    articles: Mapped[int]
    sentences: Mapped[int]
    """Live ones."""


class WorkCount(Base):
    """How many pieces of work an analyst has in a state, in one pass of a round, and how many answers they hold."""

    __tablename__ = "work_count"
    __table_args__ = (
        PrimaryKeyConstraint("round_id", "pass", "analyst_id", "state"),
        one_of("state", AssignmentState),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    pass_: Mapped[int] = mapped_column("pass")
    analyst_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    state: Mapped[AssignmentState]
    assignments: Mapped[int]
    answered: Mapped[int]
    """Live sentences whose answer has a tag."""


class DayCount(Base):
    """How many sentences an analyst gave their first tag on a day, in UTC."""

    __tablename__ = "day_count"
    __table_args__ = (PrimaryKeyConstraint("project_id", "analyst_id", "day"),)

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    analyst_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    day: Mapped[str]
    answers: Mapped[int]


class DaySentences(Base):
    """How many sentences of a project got their first tag on a day, whoever gave it, in UTC."""

    __tablename__ = "day_sentences"
    __table_args__ = (PrimaryKeyConstraint("project_id", "day"),)

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    day: Mapped[str]
    sentences: Mapped[int]


class EntryKind(enum.StrEnum):
    """What people enter into the registries of a project."""

    SOURCE = "source"
    CLAIM = "claim"


class EntryCount(Base):
    """How many sources or claims somebody made in a project that stand, shown to all or not; merged ones among them."""

    __tablename__ = "entry_count"
    __table_args__ = (
        PrimaryKeyConstraint("project_id", "kind", "maker_id", "is_published"),
        one_of("kind", EntryKind),
    )

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    kind: Mapped[EntryKind]
    maker_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    is_published: Mapped[bool]
    entries: Mapped[int]


class OutletCount(Base):
    """How many mentions of claims somebody has in live articles of an outlet."""

    __tablename__ = "outlet_count"
    __table_args__ = (PrimaryKeyConstraint("project_id", "outlet", "author_id"),)

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    outlet: Mapped[str]
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    """Whose words the newest revisions of the mentions are."""
    mentions: Mapped[int]


class StandingState(enum.StrEnum):
    """Where a sentence with two or more counting answers stands."""

    TO_SETTLE = "to_settle"
    """Disputed, and no decision that holds."""
    DECIDED = "decided"
    """A supervisor decided."""
    ACCEPTED = "accepted"
    """Gold for being unanimous."""
    ACCEPTABLE = "acceptable"
    """Unanimous and not accepted yet."""


class Standing(Base):
    """One sentence with two or more counting answers in a round: how they divide, and whether it is settled."""

    __tablename__ = "standing"
    __table_args__ = (
        PrimaryKeyConstraint("round_id", "sentence_id"),
        CheckConstraint(
            "fact >= 0 AND attribution >= 0 AND speculation >= 0 AND opinion >= 0 AND not_codable >= 0 "
            "AND fact + attribution + speculation + opinion + not_codable >= 2",
            name="votes",
        ),
        one_of("state", StandingState),
        Index("ix_standing_in_order", "round_id", "state", "division", "article_id", "start"),
        Index("ix_standing_article_id", "article_id"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    sentence_id: Mapped[int] = mapped_column(ForeignKey("sentence.id"), index=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"))
    start: Mapped[int]
    """That of the sentence, for the order of the texts."""
    fact: Mapped[int]
    attribution: Mapped[int]
    speculation: Mapped[int]
    opinion: Mapped[int]
    not_codable: Mapped[int]
    state: Mapped[StandingState]
    division: Mapped[int] = mapped_column(BigInteger)
    """Of those to settle how the answers divide (`domain.adjudication.division_of`), 0 of all others."""


class StandingCount(Base):
    """How many sentences of a round are in one state with the same answers."""

    __tablename__ = "standing_count"
    __table_args__ = (
        PrimaryKeyConstraint("round_id", "state", "fact", "attribution", "speculation", "opinion", "not_codable"),
        one_of("state", StandingState),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    state: Mapped[StandingState]
    fact: Mapped[int]
    attribution: Mapped[int]
    speculation: Mapped[int]
    opinion: Mapped[int]
    not_codable: Mapped[int]
    sentences: Mapped[int]


class ProjectChange(Base):
    """Counts up with every write that changes what the figures of a project are made of."""

    __tablename__ = "project_change"

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), primary_key=True, autoincrement=False)
    number: Mapped[int]
