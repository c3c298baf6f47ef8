"""What of a text is not part of the article, such as a byline: revisions that are added, never changed."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.db import one_of_or_null
from webapp.domain.errors import BadRepair
from webapp.domain.terms import NotPart
from webapp.models.article import Sentence
from webapp.models.people import User
from webapp.models.revisions import Revised


class Exclusion(Revised):
    """One revision of whether a sentence is part of the article. It stays live and keeps its index either way."""

    __tablename__ = "exclusion"
    __table_args__ = (one_of_or_null("why", NotPart),)
    revision_of = ("sentence_id",)
    author_column = "author_id"
    noun = "exclusion"
    refused_by = BadRepair
    shown_by = "exclusions_visible_to"
    not_exported = "the long file says of each sentence whether it is part of the article"

    sentence_id: Mapped[int] = mapped_column(ForeignKey("sentence.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    why: Mapped[NotPart | None]
    """None: it is part of the article again."""

    sentence: Mapped[Sentence] = relationship()
    author: Mapped[User] = relationship()
