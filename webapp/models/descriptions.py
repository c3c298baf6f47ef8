"""What is known of an article besides its text, as people amended it: revisions that are added, never changed."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.domain.errors import BadArticle
from webapp.models.article import Article
from webapp.models.people import User
from webapp.models.revisions import Revised

AS_IMPORTED = 1
"""The version of the description with which an article came in: a row once there is a second one."""


class DescriptionRevision(Revised):
    """One revision of an article's description; the article itself holds the newest."""

    __tablename__ = "description"
    revision_of = ("article_id",)
    author_column = "author_id"
    noun = "description"
    refused_by = BadArticle
    shown_by = "descriptions_visible_to"
    exported_in = ("long",)

    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    title: Mapped[str | None]
    outlet: Mapped[str | None]
    author: Mapped[str | None]
    url: Mapped[str | None]
    published: Mapped[str | None]
    language: Mapped[str | None]

    article: Mapped[Article] = relationship()
    editor: Mapped[User] = relationship()
