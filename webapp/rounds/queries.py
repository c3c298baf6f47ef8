"""Reads about rounds: which there are, how far their work is, how their articles were drawn."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from webapp.db import db
from webapp.models import AssignmentState, Project, Round, WorkCount
from webapp.samples import frames_of

FIRST = 1
"""The pass that counts, where nobody asks for another."""


@dataclass(frozen=True)
class RoundRow:
    """A round as the list shows it."""

    round: Round
    work: int
    """Pieces of work that were handed out and not taken back."""
    submitted: int
    analysts: int
    frame: tuple[int, int] | None
    """How many articles were drawn, of how many; None where no plan was carried out."""


def running_round(project_id: int) -> Select[Round]:
    return select(Round).where(Round.project_id == project_id, Round.closed_at.is_(None))


def number_not_handed_in(round_: Round) -> int:
    states = AssignmentState.STARTED, AssignmentState.RETURNED, AssignmentState.ASSIGNED
    counted = select(func.coalesce(func.sum(WorkCount.assignments), 0))
    return db.session.scalar(counted.where(WorkCount.round_id == round_.id, WorkCount.state.in_(states))) or 0


def rounds_of(project: Project) -> list[RoundRow]:
    """The rounds of the project, for its supervisors, the newest first."""
    query = select(Round).where(Round.project_id == project.id).options(joinedload(Round.codebook))
    rounds = db.session.scalars(query.order_by(Round.id.desc())).all()
    work: Counter[int] = Counter()
    submitted: Counter[int] = Counter()
    analysts: dict[int, set[int]] = {one.id: set() for one in rounds}
    held = select(WorkCount).where(
        WorkCount.round_id.in_(analysts), WorkCount.pass_ == FIRST, WorkCount.state != AssignmentState.WITHDRAWN
    )
    for row in db.session.scalars(held):
        work[row.round_id] += row.assignments
        submitted[row.round_id] += row.assignments * (row.state is AssignmentState.SUBMITTED)
        if row.assignments:
            analysts[row.round_id].add(row.analyst_id)
    frames = frames_of(analysts)
    return [RoundRow(one, work[one.id], submitted[one.id], len(analysts[one.id]), frames.get(one.id)) for one in rounds]
