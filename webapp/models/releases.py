"""What was published of a round: its figures as they were, the codebook, and the digest of a package."""

from __future__ import annotations

import json
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.db import Base, now
from webapp.models.people import User
from webapp.models.project import Round
from webapp.models.revisions import append_only


@append_only(shown_by="release_visible_to", not_exported="a package tells of it in its records")
class Release(Base):
    """One closed round as it was published; repairs, merges and the trash change nothing of it."""

    __tablename__ = "release"
    __table_args__ = (CheckConstraint("length(figures_sha256) = 64", name="figures_sha256"),)

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True, autoincrement=False)
    released_at: Mapped[datetime] = mapped_column(default=now)
    released_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    app_version: Mapped[str]
    figures: Mapped[str]
    """The file, as it is taken away: JSON."""
    figures_sha256: Mapped[str]
    package_sha256: Mapped[str | None]
    """The digest of the newest package that was made since the round was closed, if there was one."""

    round: Mapped[Round] = relationship()
    released_by: Mapped[User] = relationship()

    @cached_property
    def told(self) -> dict[str, Any]:
        """What the file says."""
        found: dict[str, Any] = json.loads(self.figures)
        return found
