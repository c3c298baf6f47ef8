"""Reads about rounds: which there are, how far their work is, how their articles were drawn."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from webapp.db import db
from webapp.domain.errors import NotFound
from webapp.entry_tests import Taken, mark_of, taken_in
from webapp.models import Adjudication, AssignmentState, Membership, Project, Release, Round, RoundRule, WorkCount
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
    rule: RoundRule | None
    """What it asks besides its work."""
    is_released: bool


def running_round(project_id: int) -> Select[Round]:
    return select(Round).where(Round.project_id == project_id, Round.closed_at.is_(None))


def number_not_handed_in(round_: Round) -> int:
    states = AssignmentState.STARTED, AssignmentState.RETURNED, AssignmentState.ASSIGNED
    counted = select(func.coalesce(func.sum(WorkCount.assignments), 0))
    return db.session.scalar(counted.where(WorkCount.round_id == round_.id, WorkCount.state.in_(states))) or 0


def has_gold(round_: Round) -> bool:
    """Whether anything is settled in the round."""
    settled = select(Adjudication.id).where(Adjudication.round_id == round_.id, Adjudication.is_current)
    return db.session.scalar(settled.limit(1)) is not None


def round_with_key(project: Project, round_id: int) -> tuple[Round, RoundRule]:
    """A round that trains or tests, with its rule. Raises NotFound."""
    query = select(Round, RoundRule).join(RoundRule, RoundRule.round_id == Round.id)
    found = db.session.execute(
        query.where(Round.project_id == project.id, Round.id == round_id, RoundRule.key_round_id.is_not(None))
    ).one_or_none()
    if found is None:
        raise NotFound("There is no such round with a key.")
    return found[0], found[1]


@dataclass(frozen=True)
class ResultRow:
    """One analyst, by code, against the key."""

    code: str
    taken: Taken
    needed: int | None
    """How many sentences the mark asks for; None where the round only trains."""


def results_of(project: Project, rule: RoundRule) -> list[ResultRow]:
    """How everybody with work in the round did, for its supervisors, by code."""
    mark = mark_of(rule)
    codes = select(Membership.user_id, Membership.coder_code).where(Membership.project_id == project.id)
    code_of = {row.user_id: row.coder_code for row in db.session.execute(codes)}
    rows = [
        ResultRow(code_of.get(one.analyst_id, "a former member"), one, one.result.needed(mark) if mark else None)
        for one in taken_in(rule)
    ]
    return sorted(rows, key=lambda row: row.code)


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
    released = set(db.session.scalars(select(Release.round_id).where(Release.round_id.in_(analysts))))
    asked = select(RoundRule).where(RoundRule.round_id.in_(analysts))
    asked = asked.options(joinedload(RoundRule.key_round), joinedload(RoundRule.entry_round))
    rules = {rule.round_id: rule for rule in db.session.scalars(asked)}
    return [
        RoundRow(
            one,
            work[one.id],
            submitted[one.id],
            len(analysts[one.id]),
            frames.get(one.id),
            rules.get(one.id),
            one.id in released,
        )
        for one in rounds
    ]
