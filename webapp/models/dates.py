"""What relative dates in articles were resolved to: revisions that are added, never changed."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.domain.errors import BadDate
from webapp.models.article import Article
from webapp.models.people import User
from webapp.models.revisions import Revised


class DateReading(Revised):
    """One revision of what one person takes a relative date for. It stands at a place of the text, which never changes,
    so no repair of the split moves it.
    """

    __tablename__ = "date_reading"
    __table_args__ = (CheckConstraint('start >= 0 AND "end" > start', name="span"),)
    revision_of = ("article_id", "start", "end", "author_id")
    author_column = "author_id"
    noun = "date"
    refused_by = BadDate
    shown_by = "date_readings_visible_to"
    exported_in = ("dates",)

    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"))
    start: Mapped[int]
    end: Mapped[int]
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    words: Mapped[str]
    resolved: Mapped[str | None]
    """A year, a month, a day, or two of them with a stroke between; None: taken back."""

    article: Mapped[Article] = relationship()
    author: Mapped[User] = relationship()
