"""A study: its people, their roles, and the codebook they follow."""

from __future__ import annotations

import enum
import secrets
from datetime import datetime

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.db import Base, now
from webapp.models.people import User
from webapp.models.revisions import append_only

MAIN = "main"
"""The round that every project begins with."""


class Role(enum.StrEnum):
    """What a member may do in a project; one person may have several."""

    ANALYST = "analyst"
    SUPERVISOR = "supervisor"
    RESEARCHER = "researcher"


MAKERS = (Role.ANALYST, Role.SUPERVISOR)
"""Who adds to the registry of sources and to the claims of a project."""


@append_only(shown_by="memberships_of", exported_in=("long",))
class Codebook(Base):
    """One published version of the codebook's text."""

    __tablename__ = "codebook"
    __table_args__ = (
        UniqueConstraint("project_id", "version"),
        Index(
            "uq_codebook_shipped_version",
            "version",
            unique=True,
            sqlite_where=text("project_id IS NULL"),
            postgresql_where=text("project_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"))
    """The project that published it; None for those that come with the program."""
    version: Mapped[str]
    text: Mapped[str]
    published_at: Mapped[datetime] = mapped_column(default=now)


class CodebookDraft(Base):
    """The next version of a project's codebook while it is written; dropped when published or discarded."""

    __tablename__ = "codebook_draft"

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), primary_key=True)
    base_id: Mapped[int] = mapped_column(ForeignKey("codebook.id"))
    """The version that it is to follow."""
    text: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)
    """How often it was saved, so that nobody writes over what they have not seen."""
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    """Who saved it last."""
    saved_at: Mapped[datetime] = mapped_column(default=now)

    base: Mapped[Codebook] = relationship()
    author: Mapped[User] = relationship()


class Project(Base):
    """One study."""

    __tablename__ = "project"
    __table_args__ = (CheckConstraint("length(trim(name)) > 0", name="name_not_blank"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    own_tag_first: Mapped[bool] = mapped_column(default=False)
    """Whether who adjudicates gives a tag of their own before they see those of the analysts."""
    description: Mapped[str | None]
    language: Mapped[str | None]
    """What new articles are taken to be written in (BCP 47)."""
    created_at: Mapped[datetime] = mapped_column(default=now)
    trashed_at: Mapped[datetime | None]

    running: Mapped[Round] = relationship(
        primaryjoin="and_(Round.project_id == Project.id, Round.closed_at.is_(None))",
        viewonly=True,
        uselist=False,
        lazy="joined",
    )
    """The round in which work goes on."""

    @hybrid_property
    def is_live(self) -> bool:
        """Whether it is not in the trash; on the class, the same as a condition."""
        return self.trashed_at is None

    @is_live.inplace.expression
    @classmethod
    def _is_live(cls) -> ColumnElement[bool]:
        return cls.trashed_at.is_(None)


@append_only(shown_by="memberships_of", exported_in=("long",), never_changes=("project_id",))
class Round(Base):
    """One round of a study's work: under which codebook, whether blind, and by what plan articles are handed out."""

    __tablename__ = "round"
    __table_args__ = (
        UniqueConstraint("project_id", "name"),
        Index(
            "uq_round_running",
            "project_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        CheckConstraint("overlap >= 1", name="overlap"),
        CheckConstraint("length(trim(name)) > 0", name="name_not_blank"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    name: Mapped[str] = mapped_column(default=MAIN)
    codebook_id: Mapped[int] = mapped_column(ForeignKey("codebook.id"))
    is_blind: Mapped[bool] = mapped_column(default=False)
    """In a blind round nobody learns of another's answers; in an open one, the first tag assigns the article."""
    overlap: Mapped[int] = mapped_column(default=1)
    """How many analysts an article is meant for."""
    hands_out_new: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    """Whether articles that come in are handed out at once, each to so many."""
    plan_seed: Mapped[int] = mapped_column(default=lambda: secrets.randbelow(2**31))
    """From it the assignment plan draws, so that a plan can be repeated."""
    created_at: Mapped[datetime] = mapped_column(default=now)
    closed_at: Mapped[datetime | None]
    """One round of a project runs, the others are closed."""

    project: Mapped[Project] = relationship()
    codebook: Mapped[Codebook] = relationship()


class Membership(Base):
    """A person in a project, with their roles and the code that stands for them in exports."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("project_id", "user_id"),
        UniqueConstraint("project_id", "coder_code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    coder_code: Mapped[str]
    is_analyst: Mapped[bool] = mapped_column(default=False)
    is_supervisor: Mapped[bool] = mapped_column(default=False)
    is_researcher: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=now)

    project: Mapped[Project] = relationship()
    user: Mapped[User] = relationship()

    @property
    def takes_work(self) -> bool:
        """Whether articles can be handed to them: analysts who can sign in."""
        return self.is_analyst and self.user.is_active

    @property
    def roles(self) -> set[Role]:
        held = {
            Role.ANALYST: self.is_analyst,
            Role.SUPERVISOR: self.is_supervisor,
            Role.RESEARCHER: self.is_researcher,
        }
        return {role for role, is_held in held.items() if is_held}
