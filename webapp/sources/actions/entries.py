"""A source is made, and what it is called and what kind it is changes."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from webapp import visibility
from webapp.db import db_write
from webapp.domain.sources import Entry, name_key
from webapp.models import Actor, Project, Role, Source, SourceEntry
from webapp.models.revisions import append, repeated
from webapp.sources.actions.registry import refuse_double, refuse_withdrawn, registry_of


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
            besides=lambda current: {**repeated(current, *vars(entry)), "name_key": name_key(entry.name)},
        )
    return row
