"""Which article is a later edition of which: the same address, other words."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Base, now
from webapp.models.revisions import append_only


@append_only(shown_by="editions_visible_to", not_exported="a package tells of it in its records")
class Edition(Base):
    """An article from the address of an earlier one of its project, with another text; of more than one earlier the
    newest. Linked when it came in, or when an address was amended; shown while both have one address. Nothing that was
    said of the one is taken for the other."""

    __tablename__ = "edition"
    __table_args__ = (CheckConstraint("article_id <> earlier_id", name="other"),)

    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), primary_key=True, autoincrement=False)
    earlier_id: Mapped[int] = mapped_column(ForeignKey("article.id"), index=True)
    linked_at: Mapped[datetime] = mapped_column(default=now)
