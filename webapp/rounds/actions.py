"""Writes about rounds: one is closed where the next begins, and what was done in it stays."""

from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from webapp import standings
from webapp.db import db_write, lock_rows, now
from webapp.domain.assignment import check_overlap
from webapp.domain.errors import BadProject
from webapp.domain.plain_text import clear_name
from webapp.models import Actor, Codebook, Project, Round, audit
from webapp.rounds import queries

LONGEST_NAME = 60
CLOSES = (
    "{count} in this round {are} not handed in and will take no more answers; tick that it may be closed with them, or "
    "wait for them."
)


@dataclass(frozen=True)
class NewRound:
    """What a round is begun with."""

    name: str
    is_blind: bool = False
    overlap: int = 1


def begin_next(project: Project, wanted: NewRound, closes: bool, by: Actor) -> Round:
    """Close the running round and begin another, under the newest codebook.

    Raises BadProject: for a name that is taken or none, and for work that is not handed in, unless `closes` it.
    """
    check_overlap(wanted.overlap)
    project_id = project.id
    with db_write() as session:
        lock_rows(session, select(Round.id).where(Round.project_id == project_id).order_by(Round.id))
        name = _free_name(session, project_id, wanted.name)
        running = session.scalars(queries.running_round(project_id)).one()
        if (waiting := queries.number_not_handed_in(running)) and not closes:
            pieces = "1 piece of work" if waiting == 1 else f"{waiting:,} pieces of work"
            raise BadProject(CLOSES.format(count=pieces, are="is" if waiting == 1 else "are"))
        own_or_shipped = or_(Codebook.project_id == project_id, Codebook.project_id.is_(None))
        newest = select(Codebook).where(own_or_shipped).order_by(Codebook.project_id.is_(None), Codebook.id.desc())
        running.closed_at = now()
        session.flush()
        begun = Round(
            project_id=project_id,
            name=name,
            codebook_id=session.scalars(newest.limit(1)).one().id,
            is_blind=wanted.is_blind,
            overlap=wanted.overlap,
        )
        session.add(begun)
        session.flush()
        told = {"closed": running.name, "not_handed_in": waiting, "round": name, "is_blind": wanted.is_blind}
        audit(session, by, "round begun", project_id=project_id, **told)
        standings.note_change(session, project_id)
        session.expire(project, ["running"])
    return begun


def rename_running(project: Project, name: str, by: Actor) -> None:
    """Give the running round another name. Raises BadProject."""
    project_id = project.id
    with db_write() as session:
        lock_rows(session, select(Round.id).where(Round.project_id == project_id).order_by(Round.id))
        running = session.scalars(queries.running_round(project_id)).one()
        before, running.name = running.name, _free_name(session, project_id, name, running.id)
        audit(session, by, "round renamed", project_id=project_id, changed={"name": [before, running.name]})
        standings.note_change(session, project_id)


def _free_name(session: Session, project_id: int, name: str, own_id: int | None = None) -> str:
    cleaned = clear_name(name, LONGEST_NAME, BadProject)
    if cleaned is None:
        raise BadProject("A round needs a name.")
    taken = select(Round.id).where(Round.project_id == project_id, func.lower(Round.name) == cleaned.lower())
    with session.no_autoflush:
        if session.scalar(taken) not in (None, own_id):
            raise BadProject(f"A round is called “{cleaned}” already; choose another name.")
    return cleaned
