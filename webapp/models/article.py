"""An imported text, the draft it was before, and the sentences it is split into."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    ScalarSelect,
    Select,
    UniqueConstraint,
    and_,
    func,
    select,
    text,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column, object_session, relationship

from webapp.db import Base, now, one_of
from webapp.domain.first_words import first_words
from webapp.domain.repair import Kind
from webapp.domain.segmentation import split
from webapp.domain.spans import Span
from webapp.models.conflicts import refuse_closed
from webapp.models.people import User
from webapp.models.project import Project
from webapp.models.revisions import append_only

OPENING = 200
"""Characters at the beginning of a text that are enough to find its first words."""


def display_title(title: str | None, opening: str) -> str:
    """The title, or the first words of the text in its place."""
    return title or first_words(opening) or "Untitled"


class _Described:
    """The columns that a draft and the article made of it share."""

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]
    text_sha256: Mapped[str]
    encoding: Mapped[str]
    """How the upload was read; `pasted` for pasted text."""
    had_bom: Mapped[bool] = mapped_column(default=False)
    media_type: Mapped[str]
    file_name: Mapped[str | None]
    original: Mapped[bytes] = mapped_column(deferred=True)
    """The upload itself, or the UTF-8 of what was pasted; large, so loaded only when asked for."""
    original_sha256: Mapped[str]
    title: Mapped[str | None]
    outlet: Mapped[str | None]
    author: Mapped[str | None]
    url: Mapped[str | None]
    published: Mapped[str | None]
    """ISO 8601, perhaps only a month or a year."""
    dateline: Mapped[str | None]
    language: Mapped[str | None]
    """Its code, as the project says it or by a guess; whose rules split the text."""
    created_at: Mapped[datetime] = mapped_column(default=now)

    @property
    def display_title(self) -> str:
        return display_title(self.title, self.text[:OPENING])


class Draft(_Described, Base):
    """An article before it is saved: what the preview shows; dropped when saved or discarded."""

    __tablename__ = "draft"

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    spans: Mapped[list[list[int]] | None] = mapped_column(JSON(none_as_null=True))
    """The sentences that its text was split into, each as a `Span`; None in drafts older than this column."""

    project: Mapped[Project] = relationship()

    @property
    def sentences(self) -> list[Span]:
        return split(self.text) if self.spans is None else [Span(*span) for span in self.spans]


@append_only(
    shown_by="articles_visible_to",
    exported_in=("long", "gold"),
    never_changes=("text", "text_sha256", "original", "original_sha256", "project_id"),
)
class Article(_Described, Base):
    """One imported text; the text never changes."""

    __tablename__ = "article"
    __table_args__ = (
        # A text may be imported again only when its first import lies in the trash.
        Index(
            "uq_article_live_text",
            "project_id",
            "text_sha256",
            unique=True,
            sqlite_where=text("trashed_at IS NULL"),
            postgresql_where=text("trashed_at IS NULL"),
        ),
        # Lists of articles go along these.
        Index(
            "ix_article_live",
            "project_id",
            "id",
            sqlite_where=text("trashed_at IS NULL"),
            postgresql_where=text("trashed_at IS NULL"),
        ),
        Index(
            "ix_article_outlet",
            "project_id",
            "outlet",
            "id",
            sqlite_where=text("trashed_at IS NULL"),
            postgresql_where=text("trashed_at IS NULL"),
        ),
        Index(
            "ix_article_published",
            "project_id",
            "published",
            "id",
            sqlite_where=text("trashed_at IS NULL"),
            postgresql_where=text("trashed_at IS NULL"),
        ),
        Index(
            "ix_article_address",
            "project_id",
            "address_key",
            "id",
            sqlite_where=text("trashed_at IS NULL"),
            postgresql_where=text("trashed_at IS NULL"),
        ),
        Index(
            "ix_article_trashed",
            "project_id",
            "trashed_at",
            "id",
            sqlite_where=text("trashed_at IS NOT NULL"),
            postgresql_where=text("trashed_at IS NOT NULL"),
        ),
    )

    number: Mapped[int | None]
    """Its id in exports where it came in a package."""
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    imported_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    address_key: Mapped[str | None]
    """By what other editions of it are found; follows from the address."""
    segmentation_version: Mapped[int] = mapped_column(default=1)
    """Counts up with every repair of the split."""
    trashed_at: Mapped[datetime | None]
    sentence_count: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """How many sentences count; kept by whatever adds, retires or excludes any."""

    project: Mapped[Project] = relationship()
    imported_by: Mapped[User] = relationship()

    @hybrid_property
    def is_live(self) -> bool:
        """Whether it is not in the trash; on the class, the same as a condition."""
        return self.trashed_at is None

    @is_live.inplace.expression
    @classmethod
    def _is_live(cls) -> ColumnElement[bool]:
        return cls.trashed_at.is_(None)


@append_only(shown_by="sentence_to_tag", exported_in=("long", "gold"), may_change=("retired_in", "is_excluded"))
class Sentence(Base):
    """A span of an article in code points; retired, never changed."""

    __tablename__ = "sentence"
    __table_args__ = (
        CheckConstraint('start >= 0 AND "end" > start', name="span"),
        CheckConstraint("retired_in IS NULL OR retired_in > added_in", name="retired_later"),
        UniqueConstraint("article_id", "start", "end", "added_in"),
        Index(
            "uq_sentence_live_start",
            "article_id",
            "start",
            unique=True,
            sqlite_where=text("retired_in IS NULL"),
            postgresql_where=text("retired_in IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int | None]
    """Its id in exports where it came in a package."""
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"))
    start: Mapped[int]
    end: Mapped[int]
    paragraph: Mapped[int]
    added_in: Mapped[int] = mapped_column(default=1)
    """The segmentation version in which the sentence came."""
    retired_in: Mapped[int | None]
    """The one in which it went; but for `is_excluded` the only thing about a sentence that is ever set later."""
    is_excluded: Mapped[bool] = mapped_column(server_default=text("false"))
    """Whether it is not part of the article, as its newest `Exclusion` says; kept by a trigger."""

    article: Mapped[Article] = relationship()

    @hybrid_property
    def is_live(self) -> bool:
        """Whether it belongs to the split as it is now; on the class, the same as a condition."""
        return self.retired_in is None

    @is_live.inplace.expression
    @classmethod
    def _is_live(cls) -> ColumnElement[bool]:
        return cls.retired_in.is_(None)

    @hybrid_property
    def is_counted(self) -> bool:
        """Whether it is live and part of the article: somebody is asked for its tag, and what they say counts."""
        return self.retired_in is None and not self.is_excluded

    @is_counted.inplace.expression
    @classmethod
    def _is_counted(cls) -> ColumnElement[bool]:
        return and_(cls.retired_in.is_(None), cls.is_excluded.is_(False))

    @property
    def span(self) -> Span:
        return Span(self.start, self.end, self.paragraph)

    @property
    def text(self) -> str:
        return self.article.text[self.start : self.end]

    @property
    def index(self) -> int:
        """Its place among the live sentences of the article, from 1; counted, because repairs move it."""
        return object_session(self).scalar(select(index_of(self))) or 0  # type: ignore[union-attr]


def index_of(sentence: Sentence | type[Sentence]) -> ScalarSelect[int]:
    """The place among the live sentences of the article, from 1: of one row, or as a column of a query on Sentence."""
    earlier = aliased(Sentence)
    live_up_to = select(func.count()).where(
        earlier.article_id == sentence.article_id, earlier.is_live, earlier.start <= sentence.start
    )
    return live_up_to.correlate(Sentence).scalar_subquery()


@append_only(shown_by="article_to_supervise", not_exported="each sentence names the version in which it came")
class SegmentationEdit(Base):
    """One repair of an article's split: what went, what came, who did it and why."""

    __tablename__ = "segmentation_edit"
    __table_args__ = (
        UniqueConstraint("article_id", "version"),
        CheckConstraint("version >= 2", name="version"),
        one_of("kind", Kind),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"))
    version: Mapped[int]
    """The segmentation version that it made."""
    kind: Mapped[Kind]
    actor_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    reason: Mapped[str | None]
    before: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    after: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """Sentences as `{"id", "start", "end"}`."""

    actor: Mapped[User] = relationship()


def require_open(session: Session, sentence_id: int) -> None:
    """Raises Replaced or Gone for a sentence that takes no more writes, as it is at this moment of a transaction."""
    columns = ~Sentence.is_live, ~Article.is_live
    is_replaced, is_trashed = session.execute(
        select(*columns).join(Sentence.article).where(Sentence.id == sentence_id)
    ).one()
    refuse_closed(is_replaced=is_replaced, is_trashed=is_trashed)


def live_sentences(article_id: int) -> Select[Sentence]:
    """The sentences that the article consists of now, in document order."""
    return select(Sentence).where(Sentence.article_id == article_id, Sentence.is_live).order_by(Sentence.start)
