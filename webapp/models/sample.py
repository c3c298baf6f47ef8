"""Which articles of a round were drawn to be tagged, and the chance that each had."""

from sqlalchemy import CheckConstraint, ForeignKey, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Base
from webapp.models.revisions import append_only


@append_only(shown_by="frame_visible_to", exported_in=("articles",))
class RoundArticle(Base):
    """An article of a round's frame. Whatever a plan did not know, such as work handed out by hand, has no row."""

    __tablename__ = "round_article"
    __table_args__ = (
        PrimaryKeyConstraint("round_id", "article_id"),
        CheckConstraint("places >= 1 AND places <= among", name="chance"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), index=True)
    drawn: Mapped[bool]
    stratum: Mapped[str]
    """What it was drawn from: an outlet, a month; empty: all of the frame."""
    places: Mapped[int]
    """So many were drawn from there,"""
    among: Mapped[int]
    """of so many: the chance of each is the quotient."""
