"""How analysts did against the key of a round, and who passed its test."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import and_, case, func, select

from webapp.db import db
from webapp.domain.agreement.entry import Mark, Result, result_of
from webapp.judgements import FIRST, counting_answers
from webapp.models import (
    TAKEN_AWAY,
    Adjudication,
    Annotation,
    Assignment,
    AssignmentState,
    Round,
    RoundRule,
    WorkCount,
)


@dataclass(frozen=True)
class Taken:
    """What one analyst did in a round with a key."""

    analyst_id: int
    result: Result
    waiting: int
    """Pieces of their work that are not handed in yet."""
    passed: bool
    """Whether all is handed in and the mark is reached; never in a round that only trains."""


def rule_of(round_: Round) -> RoundRule | None:
    return db.session.get(RoundRule, round_.id)


def taken_in(rule: RoundRule) -> list[Taken]:
    """Of everybody with work in the round, for its supervisors: first submissions, first pass, sentences of the key."""
    same = func.sum(case((Annotation.tag == Adjudication.gold_tag, 1), else_=0))
    key = and_(
        Adjudication.sentence_id == Annotation.sentence_id,
        Adjudication.round_id == rule.key_round_id,
        Adjudication.is_current,
    )
    rows = db.session.execute(
        counting_answers()
        .join(Adjudication, key)
        .where(Assignment.round_id == rule.round_id, Assignment.pass_ == FIRST)
        .with_only_columns(Assignment.analyst_id, Assignment.article_id, same, func.count())
        .group_by(Assignment.analyst_id, Assignment.article_id)
    )
    by_analyst: dict[int, dict[int, tuple[int, int]]] = {}
    for analyst_id, article_id, k, n in rows:
        by_analyst.setdefault(analyst_id, {})[article_id] = (int(k), int(n))
    return [
        _taken(rule, analyst_id, result_of(by_analyst.get(analyst_id, {})), waiting)
        for analyst_id, waiting in sorted(_waiting(rule.round_id).items())
    ]


def _taken(rule: RoundRule, analyst_id: int, result: Result, waiting: int) -> Taken:
    mark = mark_of(rule)
    return Taken(analyst_id, result, waiting, mark is not None and not waiting and result.passes(mark))


def mark_of(rule: RoundRule) -> Mark | None:
    return None if rule.pass_mark is None else Mark(rule.pass_mark, rule.by_lower_end)


def _waiting(round_id: int) -> dict[int, int]:
    """How much each analyst with work in the round has still to hand in."""
    held = select(WorkCount).where(
        WorkCount.round_id == round_id, WorkCount.pass_ == FIRST, WorkCount.state.not_in(TAKEN_AWAY)
    )
    found: dict[int, int] = {}
    for row in db.session.scalars(held):
        if row.assignments:
            open_ = row.assignments if row.state is not AssignmentState.SUBMITTED else 0
            found[row.analyst_id] = found.get(row.analyst_id, 0) + open_
    return found


def let_in(round_: Round, analyst_ids: Collection[int]) -> set[int]:
    """Those of the analysts who may be handed work in the round: all, or who passed the test that it asks for."""
    rule = rule_of(round_)
    test = db.session.get(RoundRule, rule.entry_round_id) if rule and rule.entry_round_id else None
    if test is None:
        return set(analyst_ids)
    return {one.analyst_id for one in taken_in(test) if one.passed} & set(analyst_ids)
