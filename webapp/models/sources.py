"""Sources: who is quoted, what is known of them, how far people rely on them, and through whom a word came."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import (
    BindParameter,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    Select,
    UniqueConstraint,
    exists,
    select,
)
from sqlalchemy.orm import Mapped, aliased, mapped_column, relationship

from webapp.db import Base, now, one_of, one_of_or_null
from webapp.domain.chains import Link
from webapp.domain.errors import BadSource
from webapp.domain.sources import Entry, Fact, Rating, name_key
from webapp.domain.terms import CueStance, Property, Reliability, SourceKind, SourceType
from webapp.models.people import User
from webapp.models.project import Project
from webapp.models.revisions import OF_CURRENT, Revised, append_only


@append_only(shown_by="sources_visible_to", exported_in=("sources",))
class Source(Base):
    """One entry of a project's registry; what it is called and all else are revisions of their own."""

    __tablename__ = "source"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    """Random, often drawn in a browser that was offline; the only id anybody sees."""
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    maker_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)

    project: Mapped[Project] = relationship()
    maker: Mapped[User] = relationship()


class _AboutSource(Revised):
    """What the tables about a source share."""

    __abstract__ = True

    author_column = "author_id"
    refused_by = BadSource
    exported_in = ("sources",)

    source_id: Mapped[UUID] = mapped_column(ForeignKey("source.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    withdrawn_why: Mapped[str | None]
    """Why it was taken back as made by mistake; None while it holds."""


class SourceEntry(_AboutSource):
    """One revision of the name and kind of a source, and whether a supervisor shows it to all."""

    __tablename__ = "source_entry"
    __table_args__ = (
        CheckConstraint("length(trim(name)) > 0", name="name_not_blank"),
        one_of("kind", SourceKind),
        Index("ix_source_entry_name_key", "name_key", **OF_CURRENT),
    )
    revision_of = ("source_id",)
    noun = "source"
    shown_by = "entries_visible_to"

    name: Mapped[str]
    name_key: Mapped[str]
    """The name as it is compared and looked up (`domain.sources.name_key`)."""
    kind: Mapped[SourceKind]
    is_published: Mapped[bool] = mapped_column(default=False)

    source: Mapped[Source] = relationship()
    author: Mapped[User] = relationship()

    @property
    def entry(self) -> Entry:
        return Entry(self.name, self.kind)


def called_the_same(entry: Entry, project_id: int, maker_id: int | None) -> Select[SourceEntry]:
    """Entries of that name and kind, which no second one may have: in the project, or where a maker is given, as in a
    blind round, of theirs. The oldest first.
    """
    same = (
        select(SourceEntry)
        .join(SourceEntry.source)
        .where(
            SourceEntry.is_current,
            SourceEntry.withdrawn_why.is_(None),
            SourceEntry.name_key == name_key(entry.name),
            SourceEntry.kind == entry.kind,
            Source.project_id == project_id,
        )
        .order_by(Source.created_at)
    )
    return same if maker_id is None else same.where(Source.maker_id == maker_id)


class SourceAlias(_AboutSource):
    """One revision of another name of a source."""

    __tablename__ = "source_alias"
    __table_args__ = (
        CheckConstraint("length(trim(alias)) > 0", name="alias_not_blank"),
        Index("ix_source_alias_alias_key", "alias_key", **OF_CURRENT),
    )
    revision_of = ("alias_id",)
    noun = "alias"
    shown_by = "aliases_visible_to"

    alias_id: Mapped[UUID]
    alias: Mapped[str]
    alias_key: Mapped[str]

    author: Mapped[User] = relationship()


class SourceFact(_AboutSource):
    """One revision of a fact about a source: it is added, and at most withdrawn."""

    __tablename__ = "source_fact"
    __table_args__ = (one_of("property", Property),)
    revision_of = ("fact_id",)
    noun = "fact"
    shown_by = "facts_visible_to"

    fact_id: Mapped[UUID]
    property: Mapped[Property]
    value: Mapped[str]
    issuer: Mapped[str | None]
    as_of: Mapped[str | None]
    link: Mapped[str | None]

    author: Mapped[User] = relationship()

    def told(self) -> Fact:
        return Fact(self.property, self.value, self.issuer, self.as_of, self.link)


class SourceRating(_AboutSource):
    """One revision of a rating: it is given, may be published, and at most withdrawn. The first has its id."""

    __tablename__ = "source_rating"
    __table_args__ = (one_of("reliability", Reliability),)
    revision_of = ("rating_id",)
    noun = "rating"
    shown_by = "ratings_visible_to"
    exported_in = ("ratings",)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)  # type: ignore[assignment]
    rating_id: Mapped[UUID]
    reliability: Mapped[Reliability]
    rated_on: Mapped[str]
    """A day, or a year, or a year and month, as who rated it said."""
    basis: Mapped[str | None]
    is_published: Mapped[bool] = mapped_column(default=False)

    author: Mapped[User] = relationship()

    @property
    def rating(self) -> Rating:
        return Rating(self.reliability, self.rated_on, self.basis)


def rated_by(user_id: int | BindParameter[int] | None) -> ColumnElement[bool]:
    """Whether the person gave a SourceRating: its newest revision may be that of who published it."""
    first = aliased(SourceRating)
    return exists().where(first.id == SourceRating.rating_id, first.author_id == user_id)


def in_force_first(
    rater_id: int | BindParameter[int],
) -> tuple[ColumnElement[bool], ColumnElement[str], ColumnElement[datetime]]:
    """The order in which ratings of a source count for somebody: own before published ones, the newest first."""
    return (
        rated_by(rater_id).desc(),
        SourceRating.rated_on.desc(),
        SourceRating.created_at.desc(),
    )


class SourceMerge(Revised):
    """Into which other one an entry was merged as its double; the undo of a merge is the next revision."""

    __tablename__ = "source_merge"
    __table_args__ = (CheckConstraint("source_id <> into_id", name="not_itself"),)
    revision_of = ("source_id",)
    author_column = "author_id"
    noun = "merge"
    refused_by = BadSource
    shown_by = "merges_visible_to"
    exported_in = ("sources",)

    source_id: Mapped[UUID] = mapped_column(ForeignKey("source.id"))
    into_id: Mapped[UUID | None] = mapped_column(ForeignKey("source.id"), index=True)
    """None: the merge was taken back."""
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    reason: Mapped[str | None]

    author: Mapped[User] = relationship()


@append_only(shown_by="links_visible_to", exported_in=("long",))
class AttributionLink(Base):
    """One link of the chain of one revision of an answer; the first repeats the answer's own columns."""

    __tablename__ = "attribution_link"
    __table_args__ = (
        UniqueConstraint("annotation_id", "position"),
        CheckConstraint("position >= 1", name="position"),
        one_of_or_null("source_type", SourceType),
        one_of_or_null("cue_stance", CueStance),
        Index("ix_attribution_link_source_id", "source_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    annotation_id: Mapped[int] = mapped_column(ForeignKey("annotation.id"))
    position: Mapped[int]
    """From 1, who said it, to the last, who prints it."""
    source_id: Mapped[UUID | None] = mapped_column(ForeignKey("source.id"))
    source_text: Mapped[str | None]
    source_type: Mapped[SourceType | None]
    cue_text: Mapped[str | None]
    cue_stance: Mapped[CueStance | None]

    @property
    def link(self) -> Link:
        return Link(self.source_id, self.source_text, self.source_type, self.cue_text, self.cue_stance)
