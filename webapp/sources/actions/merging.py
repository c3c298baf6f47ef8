"""An entry becomes the double of another one, and is itself again when that is taken back; nothing else is written."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import standings, visibility
from webapp.db import db_write
from webapp.domain.errors import BadSource
from webapp.domain.merges import refuse_circle
from webapp.models import Actor, Source, SourceMerge, audit
from webapp.models.revisions import append
from webapp.sources.actions.registry import refuse_withdrawn, registry_of


def merge(source: Source, into_id: UUID, by: Actor, reason: str | None, seen: int, client_id: UUID) -> SourceMerge:
    """Make the source a double of another one of its project.

    Raises NotFound where either is not theirs to supervise; BadSource for a merge into itself or in a circle, of what
    was merged before, and of what was withdrawn; Conflict.
    """
    source_id, project_id = source.id, source.project_id

    def check(current: SourceMerge | None) -> None:
        visibility.source_to_supervise(by, source_id)
        if visibility.source_to_supervise(by, into_id).project_id != project_id:
            raise BadSource("Both sources have to be of one project.")
        refuse_circle(source_id, into_id, _merges_in(session, project_id), BadSource, "source")
        if current and current.into_id:
            raise BadSource("It was merged into another source already; take that merge back first.")
        refuse_withdrawn(session, source_id)
        refuse_withdrawn(session, into_id)

    with db_write() as session:
        row, is_new = append(
            session,
            SourceMerge,
            {"source_id": source_id},
            by.user_id,
            seen,
            client_id,
            {"into_id": into_id, "reason": reason},
            lock=registry_of(project_id),
            closed=check,
        )
        if is_new:
            about = {"source_id": str(source_id), "into_id": str(into_id)}
            audit(session, by, "source merged", project_id=project_id, **about)
            standings.note_change(session, project_id)
    return row


def _merges_in(session: Session, project_id: int) -> dict[UUID, UUID]:
    """Every merge of the project that holds, whoever may know of it."""
    query = (
        select(SourceMerge.source_id, SourceMerge.into_id)
        .join(Source, Source.id == SourceMerge.source_id)
        .where(Source.project_id == project_id, SourceMerge.is_current)
    )
    return {source_id: into_id for source_id, into_id in session.execute(query) if into_id}


def take_merge_back(source: Source, by: Actor, reason: str | None, seen: int, client_id: UUID) -> SourceMerge:
    """The double is an entry of its own again; what came to the other one meanwhile stays there.

    Raises NotFound, BadSource where there is no merge, Conflict.
    """
    source_id, project_id = source.id, source.project_id

    def check(current: SourceMerge | None) -> None:
        visibility.source_to_supervise(by, source_id)
        if current is None or current.into_id is None:
            raise BadSource("This source is not merged into another one, or that was taken back already.")

    with db_write() as session:
        row, is_new = append(
            session,
            SourceMerge,
            {"source_id": source_id},
            by.user_id,
            seen,
            client_id,
            {"into_id": None, "reason": reason},
            lock=registry_of(project_id),
            closed=check,
        )
        if is_new:
            audit(session, by, "merge of a source taken back", project_id=project_id, source_id=str(source_id))
            standings.note_change(session, project_id)
    return row
