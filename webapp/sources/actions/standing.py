"""What stands of a source: entries and ratings are published, and whatever was a mistake is withdrawn."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import visibility
from webapp.db import db_write
from webapp.domain.errors import BadSource, NotFound
from webapp.models import Actor, Source, SourceAlias, SourceEntry, SourceFact, SourceRating, audit
from webapp.models.revisions import append, repeated
from webapp.sources.actions.registry import registry_of
from webapp.sources.parts import Part

AboutSource = SourceEntry | SourceAlias | SourceFact | SourceRating


TABLES: dict[Part, tuple[type[AboutSource], str]] = {
    Part.SOURCE: (SourceEntry, "source_id"),
    Part.ALIAS: (SourceAlias, "alias_id"),
    Part.FACT: (SourceFact, "fact_id"),
    Part.RATING: (SourceRating, "rating_id"),
}


def withdraw(
    source: Source, part: Part, part_id: UUID, by: Actor, reason: str, seen: int, client_id: UUID
) -> AboutSource:
    """Take something back as made by mistake; it stays on record with the reason.

    Raises NotFound for what is neither one's own nor one's to supervise, BadSource for what was withdrawn before,
    Conflict.
    """
    table, key = TABLES[part]
    source_id, project_id = source.id, source.project_id

    def check(current: AboutSource | None) -> None:
        (visibility.source_to_rate if part is Part.RATING else visibility.source_to_edit)(by, source_id)
        if current is None or current.source_id != source_id or not _may_withdraw(session, current, source, by):
            raise NotFound("There is nothing of that kind here, or it is not yours to withdraw.")
        if current.withdrawn_why:
            raise BadSource(f"This {table.noun} was withdrawn already; it says why in the history.")

    with db_write() as session:
        row, is_new = append(
            session,
            table,
            {key: part_id},
            by.user_id,
            seen,
            client_id,
            {"withdrawn_why": reason},
            lock=registry_of(project_id),
            closed=check,
            besides=lambda current: repeated(current, "withdrawn_why"),
        )
        if is_new:
            audit(session, by, f"{table.noun} withdrawn", project_id=project_id, **{key: str(part_id)}, why=reason)
    return row


def _may_withdraw(session: Session, current: AboutSource, source: Source, by: Actor) -> bool:
    """Whether it is one's own, by who wrote its first revision, or one supervises the project. What a supervisor
    published in a blind round is theirs to take back: the others see it.
    """
    if visibility.supervises(by, source.project_id):
        return True
    if getattr(current, "is_published", False) and source.project.running.is_blind:
        return False
    table = type(current)
    is_same = [getattr(table, name) == getattr(current, name) for name in table.revision_of]
    author_id = session.scalar(select(table.author_id).where(table.version == 1, *is_same))
    return author_id == by.id


def set_published(
    source: Source, part: Part, part_id: UUID, by: Actor, is_published: bool, seen: int, client_id: UUID
) -> AboutSource:
    """Show an entry or a rating to all analysts of a blind round, or no longer.

    Raises NotFound for those who do not supervise, BadSource for what was withdrawn, Conflict.
    """
    table, key = TABLES[part]
    source_id, project_id = source.id, source.project_id

    def check(current: AboutSource | None) -> None:
        visibility.source_to_supervise(by, source_id)
        if current is None or current.source_id != source_id or part not in (Part.SOURCE, Part.RATING):
            raise NotFound("There is nothing of that kind here to publish.")
        if current.withdrawn_why:
            raise BadSource(f"This {table.noun} was withdrawn; it cannot be published.")

    with db_write() as session:
        row, is_new = append(
            session,
            table,
            {key: part_id},
            by.user_id,
            seen,
            client_id,
            {"is_published": is_published},
            lock=registry_of(project_id),
            closed=check,
            besides=lambda current: repeated(current, "is_published"),
        )
        if is_new:
            what = f"{table.noun} published" if is_published else f"{table.noun} no longer published"
            audit(session, by, what, project_id=project_id, **{key: str(part_id)})
    return row
