"""A source is made, and what it is called and what kind it is changes."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import Session

from webapp import visibility
from webapp.db import db_write
from webapp.domain.errors import BadSource
from webapp.domain.sources import Entry, name_key
from webapp.models import Actor, Project, Role, Source, SourceEntry
from webapp.models.revisions import append


def registry_of(project_id: int) -> Select[int]:
    """What every write about a project's sources locks, so that they come one after the other."""
    return select(Project.id).where(Project.id == project_id)


def make_source(project: Project, maker: Actor, entry: Entry, client_id: UUID) -> UUID:
    """A new source; returns its id. A client_id met before gives back the source that it made.

    Raises BadSource where there is one of that name and kind; NotFound where the maker may make none any more.
    """
    project_id, source_id = project.id, uuid4()

    def put_source(_: SourceEntry | None) -> Mapping[str, Any]:
        visibility.project_for(maker, project_id, Role.ANALYST, Role.SUPERVISOR)
        refuse_double(session, project_id, maker.user_id, entry)
        session.add(Source(id=source_id, project_id=project_id, maker_id=maker.user_id))
        session.flush()
        return {"name_key": name_key(entry.name)}

    with db_write() as session:
        made, _ = append(
            session,
            SourceEntry,
            {"source_id": source_id},
            maker.user_id,
            0,
            client_id,
            vars(entry),
            lock=registry_of(project_id),
            besides=put_source,
            about={},
        )
    return made.source_id


def change_entry(source: Source, by: Actor, entry: Entry, seen: int, client_id: UUID) -> SourceEntry:
    """Another name or kind.

    Raises Conflict, BadSource where there is one of that name and kind, NotFound for a source that is not theirs to
    change.
    """
    source_id, project_id, maker_id = source.id, source.project_id, source.maker_id

    def refuse(_: SourceEntry | None) -> None:
        visibility.source_to_edit(by, source_id)
        refuse_withdrawn(session, source_id)
        refuse_double(session, project_id, maker_id, entry, besides=source_id)

    with db_write() as session:
        row, _ = append(
            session,
            SourceEntry,
            {"source_id": source_id},
            by.user_id,
            seen,
            client_id,
            vars(entry),
            lock=registry_of(project_id),
            closed=refuse,
            besides=lambda current: {
                "name_key": name_key(entry.name),
                "is_published": current is not None and current.is_published,
            },
        )
    return row


def refuse_withdrawn(session: Session, source_id: UUID) -> None:
    """Raises BadSource for a source that takes nothing more."""
    withdrawn = select(SourceEntry.id).where(
        SourceEntry.source_id == source_id, SourceEntry.is_current, SourceEntry.withdrawn_why.is_not(None)
    )
    if session.scalar(withdrawn):
        raise BadSource("This source was withdrawn and stays as it is; make a new one if it is needed after all.")


def refuse_double(session: Session, project_id: int, maker_id: int, entry: Entry, besides: UUID | None = None) -> None:
    """Raises BadSource where the project, or in a blind round the maker, has a source of that name and kind."""
    same = (
        select(SourceEntry.name)
        .join(Source, and_(Source.id == SourceEntry.source_id, SourceEntry.is_current))
        .where(
            Source.project_id == project_id,
            SourceEntry.name_key == name_key(entry.name),
            SourceEntry.kind == entry.kind,
            SourceEntry.withdrawn_why.is_(None),
        )
    )
    if besides:
        same = same.where(Source.id != besides)
    if session.get_one(Project, project_id).running.is_blind:
        same = same.where(Source.maker_id == maker_id)
    if name := session.scalar(same.limit(1)):
        kind = entry.kind.label.lower()
        raise BadSource(f"There is a source called “{name}” ({kind}) already; open it, or choose another name.")
