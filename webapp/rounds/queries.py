"""Reads about rounds: which there are, how far their work is, how their articles were drawn."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import joinedload

from webapp import visibility
from webapp.db import db
from webapp.models import Actor, AssignmentState, Project, Round, RoundArticle, WorkCount

FIRST = 1
"""The pass that counts, where nobody asks for another."""


@dataclass(frozen=True)
class Drawn:
    """Of a round's frame."""

    drawn: int
    of: int


@dataclass(frozen=True)
class RoundRow:
    """A round as the list shows it."""

    round: Round
    work: int
    """Pieces of work that were handed out and not taken back."""
    submitted: int
    analysts: int
    sample: Drawn | None
    """None where no plan was carried out."""


def running_round(project_id: int) -> Select[Round]:
    return select(Round).where(Round.project_id == project_id, Round.closed_at.is_(None))


def number_not_handed_in(round_: Round) -> int:
    states = AssignmentState.STARTED, AssignmentState.RETURNED, AssignmentState.ASSIGNED
    counted = select(func.coalesce(func.sum(WorkCount.assignments), 0))
    return db.session.scalar(counted.where(WorkCount.round_id == round_.id, WorkCount.state.in_(states))) or 0


def rounds_of(project: Project, reader: Actor) -> list[RoundRow]:
    """The rounds of the project, the newest first."""
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
    return [
        RoundRow(one, work[one.id], submitted[one.id], len(analysts[one.id]), sample_of(one, reader)) for one in rounds
    ]


def sample_of(round_: Round, reader: Actor) -> Drawn | None:
    """How many articles of the round's frame were drawn, of how many."""
    drawn = func.coalesce(func.sum(case((RoundArticle.drawn, 1), else_=0)), 0)
    count, of = db.session.execute(
        visibility.frame_visible_to(reader, round_.id).with_only_columns(drawn, func.count())
    ).one()
    return Drawn(count, of) if of else None
