"""Which sources a person sees, and what of them: in a blind round one's own entries and those published."""

from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import aliased

from webapp.db import db
from webapp.models import (
    Actor,
    EntryCount,
    EntryKind,
    Project,
    Role,
    Source,
    SourceAlias,
    SourceEntry,
    SourceFact,
    SourceMerge,
    SourceRating,
    rated_by,
)
from webapp.visibility.projects import OPEN, in_projects, reads_everybodys, supervises, without_index
from webapp.visibility.rows import one

About = TypeVar("About", SourceEntry, SourceAlias, SourceFact, SourceRating)

OF_SOURCE = without_index(Source.project_id)
"""The project of a Source, asked of the rows that are found otherwise."""


def sources_visible_to(actor: Actor) -> Select[Source]:
    """Entries of the registry: all for supervisors, and in an open project; in a blind one all for researchers who are
    no analysts there, for analysts their own and what a supervisor published.
    """
    return select(Source).join(Source.project).where(Project.is_live, may_read_source(actor))


def may_read_source(actor: Actor) -> ColumnElement[bool]:
    """The same as a condition on Source."""
    is_member = in_projects(actor, OF_SOURCE, *Role)
    return or_(reads_everybodys_entries(actor), and_(is_member, is_at_hand(actor)))


def reads_everybodys_entries(actor: Actor) -> ColumnElement[bool]:
    """Whether the actor reads what others entered about a Source, and which entries were merged."""
    return reads_everybodys(actor, OF_SOURCE)


def is_at_hand(actor: Actor) -> ColumnElement[bool]:
    """Whether a Source is the actor's own or published: what an analyst has at hand in a blind round, whatever else
    they may read as supervisor.
    """
    return or_(Source.maker_id == actor.id, _is_published())


def _is_published() -> ColumnElement[bool]:
    return exists().where(_SHOWN.source_id == Source.id, _SHOWN.is_current, _SHOWN.is_published.is_(True))


_SHOWN = aliased(SourceEntry)
"""A query of SourceEntry would take the table for its own; made once, as a search asks often."""


def entries_visible_to(actor: Actor) -> Select[SourceEntry]:
    """The current names and kinds of the sources the person sees, those withdrawn among them."""
    return _about(SourceEntry, actor)


def entry_counts_visible_to(actor: Actor, kind: EntryKind) -> Select[EntryCount]:
    """What is kept of how many sources or claims there are, as far as the person sees them."""
    everybodys = reads_everybodys(actor, EntryCount.project_id)
    at_hand = or_(EntryCount.maker_id == actor.id, EntryCount.is_published)
    return select(EntryCount).where(EntryCount.kind == kind, or_(everybodys, at_hand))


def aliases_visible_to(actor: Actor) -> Select[SourceAlias]:
    """Their current other names."""
    return _about(SourceAlias, actor)


def facts_visible_to(actor: Actor) -> Select[SourceFact]:
    """What is known of them now."""
    return _about(SourceFact, actor)


def ratings_visible_to(actor: Actor) -> Select[SourceRating]:
    """Ratings of them: everybody's for those who see everybody's entries, else one's own and those published."""
    return _about(SourceRating, actor).where(
        or_(
            rated_by(actor.id),
            SourceRating.is_published.is_(True),
            reads_everybodys_entries(actor),
        )
    )


def merges_visible_to(actor: Actor) -> Select[SourceMerge]:
    """Which entry was merged into which: nothing of it shows to an analyst of a blind round."""
    return (
        select(SourceMerge)
        .join(Source, Source.id == SourceMerge.source_id)
        .join(Source.project)
        .where(
            SourceMerge.is_current,
            SourceMerge.into_id.is_not(None),
            Project.is_live,
            reads_everybodys_entries(actor),
        )
    )


def _about(table: type[About], actor: Actor) -> Select[About]:
    return (
        select(table)
        .join(Source, Source.id == table.source_id)
        .join(Source.project)
        .where(table.is_current, Project.is_live, may_read_source(actor))
    )


def source_for(actor: Actor, source_id: UUID) -> Source:
    """The entry, if the person may read it. Raises NotFound."""
    return one(sources_visible_to(actor).where(Source.id == source_id), "source")


# ---- who adds to them


def may_edit_source(actor: Actor) -> ColumnElement[bool]:
    """Whether the actor adds to what is known of a Source: supervisors to all, analysts to all of an open project and
    in a blind round to their own, until it is published: what they then added the others would see.
    """
    is_theirs = or_(and_(Source.maker_id == actor.id, ~_is_published()), OF_SOURCE.in_(OPEN))
    return or_(
        in_projects(actor, OF_SOURCE, Role.SUPERVISOR),
        and_(in_projects(actor, OF_SOURCE, Role.ANALYST), is_theirs),
    )


def may_rate_source(actor: Actor) -> ColumnElement[bool]:
    """Whether the actor rates a Source: what they may edit, and in a blind round the published ones as well."""
    published = and_(in_projects(actor, OF_SOURCE, Role.ANALYST), is_at_hand(actor))
    return or_(may_edit_source(actor), published)


def source_to_edit(actor: Actor, source_id: UUID) -> Source:
    """The entry, if the person may add to it. Raises NotFound."""
    return one(sources_visible_to(actor).where(Source.id == source_id, may_edit_source(actor)), "source")


def source_to_rate(actor: Actor, source_id: UUID) -> Source:
    """The entry, if the person may rate it. Raises NotFound."""
    return one(sources_visible_to(actor).where(Source.id == source_id, may_rate_source(actor)), "source")


def source_to_supervise(actor: Actor, source_id: UUID) -> Source:
    """The entry, if the person supervises its project. Raises NotFound."""
    supervised = in_projects(actor, OF_SOURCE, Role.SUPERVISOR)
    return one(sources_visible_to(actor).where(Source.id == source_id, supervised), "source")


@dataclass(frozen=True)
class SourceRights:
    """What an actor may do with a source that they see."""

    reads_all: bool
    """Whatever anybody entered about it, and which entries were merged into it."""
    edits: bool
    rates: bool
    supervises: bool


def rights_over(actor: Actor, source: Source) -> SourceRights:
    """What the actor may do with the source."""
    columns = select(reads_everybodys_entries(actor), may_edit_source(actor), may_rate_source(actor))
    reads_all, edits, rates = db.session.execute(columns.select_from(Source).where(Source.id == source.id)).one()
    return SourceRights(bool(reads_all), bool(edits), bool(rates), supervises(actor, source.project_id))
