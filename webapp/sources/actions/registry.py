"""What every write about a project's sources begins with: its lock, and what it may not be about."""

from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from webapp.domain.errors import BadSource
from webapp.domain.sources import Entry
from webapp.models import Project, Source, SourceEntry
from webapp.models.sources import called_the_same


def registry_of(project_id: int) -> Select[int]:
    """What every write about a project's sources locks, so that they come one after the other."""
    return select(Project.id).where(Project.id == project_id)


def refuse_withdrawn(session: Session, source_id: UUID) -> None:
    """Raises BadSource for a source that takes nothing more."""
    withdrawn = select(SourceEntry.id).where(
        SourceEntry.source_id == source_id, SourceEntry.is_current, SourceEntry.withdrawn_why.is_not(None)
    )
    if session.scalar(withdrawn):
        raise BadSource("This source was withdrawn and stays as it is; make a new one if it is needed after all.")


def refuse_double(session: Session, project_id: int, maker_id: int, entry: Entry, besides: UUID | None = None) -> None:
    """Raises BadSource where the project, or in a blind round the maker, has a source of that name and kind."""
    is_blind = session.get_one(Project, project_id).running.is_blind
    same = called_the_same(entry, project_id, maker_id if is_blind else None).with_only_columns(SourceEntry.name)
    if besides:
        same = same.where(Source.id != besides)
    if name := session.scalar(same.limit(1)):
        kind = entry.kind.label.lower()
        raise BadSource(f"There is a source called “{name}” ({kind}) already; open it, or choose another name.")
