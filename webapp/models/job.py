"""Long work with progress, done by a worker process that may die and be started again."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.db import Base, now, one_of
from webapp.models.people import User
from webapp.models.project import Project

PACKAGE = "make a package"
"""The name of the work that makes one; it has no items and so no total."""


class JobState(enum.StrEnum):
    DRAFT = "draft"
    """Not whole yet: a person still has to say what the columns of a table mean."""
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(Base):
    """One piece of long work: what it is called, what it needs to know, and how far it is."""

    __tablename__ = "job"
    __table_args__ = (
        one_of("state", JobState),
        CheckConstraint("done <= total", name="done"),
        Index(None, "state", "lease"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    options: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[JobState] = mapped_column(default=JobState.QUEUED)
    lease: Mapped[datetime | None]
    """Until when the worker that took it may be believed alive."""
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    fault: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    ended_at: Mapped[datetime | None]

    project: Mapped[Project] = relationship()
    user: Mapped[User] = relationship()


class JobItemState(enum.StrEnum):
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


class JobItem(Base):
    """One file or row that a job has to deal with; its state is what makes a job resumable without doubles."""

    __tablename__ = "job_item"
    __table_args__ = (
        UniqueConstraint("job_id", "number"),
        one_of("state", JobItemState),
        Index(None, "job_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("job.id"))
    number: Mapped[int]
    name: Mapped[str]
    content: Mapped[bytes | None] = mapped_column(deferred=True)
    """The upload, dropped once it is dealt with."""
    options: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[JobItemState] = mapped_column(default=JobItemState.WAITING)
    article_id: Mapped[int | None] = mapped_column(ForeignKey("article.id"))
    fault: Mapped[str | None]
