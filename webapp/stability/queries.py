"""Reads about repeats, for supervisors: which articles may be done once more, which are, and what the two times say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from webapp.db import db, in_parts
from webapp.domain.agreement.stability import Repeat, Stability, Twice, stability
from webapp.domain.terms import Tag
from webapp.judgements import FIRST, counting_answers
from webapp.models import (
    TAKEN_AWAY,
    Annotation,
    Article,
    Assignment,
    AssignmentState,
    Membership,
    Project,
    Round,
    Submission,
    WorkCount,
)

_AGAIN, _BEFORE, _BETWEEN = aliased(Assignment), aliased(Assignment), aliased(Assignment)


@dataclass(frozen=True)
class AnalystRow:
    """One analyst, by code: how far their repeats are, and how far they agree with themselves."""

    code: str
    open: int
    handed_in: int
    figures: Stability | None


@dataclass(frozen=True)
class Shown:
    """The repeats of one round."""

    round: Round
    rows: list[AnalystRow]
    together: Stability | None
    """None where nothing that counts was handed in twice."""
    other_codebook: int
    """Repeats that are left out: the codebook changed between the two times."""

    @property
    def open(self) -> int:
        return sum(row.open for row in self.rows)

    @property
    def handed_in(self) -> int:
        return sum(row.handed_in for row in self.rows)


def may_be_done_again(project: Project, handed_in_before: datetime) -> dict[int, list[int]]:
    """For each analyst the articles that they handed in before then, and have had only once."""
    any_other = (
        select(_BETWEEN.id)
        .where(
            _BETWEEN.article_id == Assignment.article_id,
            _BETWEEN.analyst_id == Assignment.analyst_id,
            _BETWEEN.id != Assignment.id,
            _BETWEEN.state != AssignmentState.WITHDRAWN,
        )
        .exists()
    )
    is_analyst = and_(
        Membership.user_id == Assignment.analyst_id, Membership.project_id == project.id, Membership.is_analyst
    )
    rows = db.session.execute(
        select(Assignment.analyst_id, Assignment.article_id)
        .join(Assignment.article)
        .join(Membership, is_analyst)
        .where(
            Article.project_id == project.id,
            Article.is_live,
            Assignment.state == AssignmentState.SUBMITTED,
            Assignment.submitted_at <= handed_in_before,
            ~any_other,
        )
        .order_by(Assignment.analyst_id, Assignment.article_id)
    )
    found: dict[int, list[int]] = {}
    for analyst_id, article_id in rows:
        found.setdefault(analyst_id, []).append(article_id)
    return found


def passes_of(article_ids: Sequence[int], analyst_ids: Sequence[int]) -> dict[tuple[int, int], int]:
    """The highest pass of each (article, analyst) in any round."""
    found: dict[tuple[int, int], int] = {}
    for some in in_parts(article_ids):
        rows = db.session.execute(
            select(Assignment.article_id, Assignment.analyst_id, func.max(Assignment.pass_))
            .where(Assignment.article_id.in_(some), Assignment.analyst_id.in_(analyst_ids))
            .group_by(Assignment.article_id, Assignment.analyst_id)
        )
        found |= {(article_id, analyst_id): number for article_id, analyst_id, number in rows}
    return found


def rounds_of(project: Project) -> list[Round]:
    """The rounds of the project, the newest first."""
    query = select(Round).where(Round.project_id == project.id).order_by(Round.id.desc())
    return list(db.session.scalars(query))


def shown(project: Project, round_: Round) -> Shown:
    """Of what analysts did once more in this round: how far it is, and what both times say."""
    works = _works(project, round_) if _has_repeats(project, round_) else []
    handed_in = [work for work in works if work.is_handed_in]
    compared = [work for work in handed_in if work.same_codebook]
    sentences = _sentences(project, compared)
    by_analyst: dict[int, list[_Work]] = {}
    for work in works:
        by_analyst.setdefault(work.analyst_id, []).append(work)
    codes = _codes(project, list(by_analyst))
    rows = [
        AnalystRow(
            codes.get(analyst_id, "a former member"),
            sum(work.is_open for work in some),
            sum(work.is_handed_in for work in some),
            _figures(
                [work for work in some if work in compared], [one for one in sentences if one.analyst_id == analyst_id]
            ),
        )
        for analyst_id, some in by_analyst.items()
    ]
    together = _figures(compared, sentences)
    return Shown(round_, sorted(rows, key=lambda row: row.code), together, len(handed_in) - len(compared))


@dataclass(frozen=True)
class _Work:
    """What one analyst did once more, beside the time before it."""

    id: int
    before_id: int
    analyst_id: int
    article_id: int
    state: AssignmentState
    first_at: datetime
    again_at: datetime | None
    same_codebook: bool

    @property
    def is_open(self) -> bool:
        return self.state not in (AssignmentState.SUBMITTED, *TAKEN_AWAY)

    @property
    def is_handed_in(self) -> bool:
        return self.again_at is not None


def _figures(works: Sequence[_Work], sentences: Sequence[Twice]) -> Stability | None:
    if not sentences:
        return None
    repeats = [
        Repeat(work.analyst_id, work.article_id, work.first_at, work.again_at) for work in works if work.again_at
    ]
    return stability(repeats, sentences)


def _has_repeats(project: Project, round_: Round) -> bool:
    """Whether there may be any: a later round may have articles of an earlier one, the first one later passes only."""
    later_pass = select(WorkCount.round_id).where(
        WorkCount.round_id == round_.id, WorkCount.pass_ > FIRST, WorkCount.assignments > 0
    )
    earlier_round = select(Round.id).where(Round.project_id == project.id, Round.id < round_.id)
    return db.session.scalar(select(or_(later_pass.exists(), earlier_round.exists()))) or False


def _works(project: Project, round_: Round) -> list[_Work]:
    first, again, before = aliased(Submission), aliased(Submission), aliased(Round)
    query = (
        select(
            _AGAIN.id,
            _BEFORE.id,
            _AGAIN.analyst_id,
            _AGAIN.article_id,
            _AGAIN.state,
            first.at,
            again.at,
            before.codebook_id == round_.codebook_id,
        )
        .select_from(_AGAIN)
        .join(Article, Article.id == _AGAIN.article_id)
        .join(_BEFORE, _is_the_time_before())
        .join(before, before.id == _BEFORE.round_id)
        .join(first, and_(first.assignment_id == _BEFORE.id, first.number == FIRST))
        .outerjoin(again, and_(again.assignment_id == _AGAIN.id, again.number == FIRST))
        .where(
            _AGAIN.round_id == round_.id,
            _AGAIN.state != AssignmentState.WITHDRAWN,
            Article.project_id == project.id,
            Article.is_live,
        )
        .order_by(_AGAIN.id)
    )
    return [_Work(*row) for row in db.session.execute(query)]


def _is_the_time_before() -> ColumnElement[bool]:
    """Whether `_BEFORE` is the last that the analyst of `_AGAIN` had handed in of the article before."""

    def earlier(one: type[Assignment]) -> ColumnElement[bool]:
        handed_in = select(Submission.id).where(Submission.assignment_id == one.id).exists()
        return and_(
            one.article_id == _AGAIN.article_id, one.analyst_id == _AGAIN.analyst_id, one.id < _AGAIN.id, handed_in
        )

    between: Select[int] = select(_BETWEEN.id).where(earlier(_BETWEEN), _BETWEEN.id > _BEFORE.id)
    return and_(earlier(_BEFORE), ~between.exists())


def _sentences(project: Project, works: Sequence[_Work]) -> list[Twice]:
    """The sentences that count both times."""
    tags: dict[int, dict[int, Tag]] = {}
    ids = [id_ for work in works for id_ in (work.before_id, work.id)]
    for some in in_parts(ids):
        rows = db.session.execute(
            counting_answers()
            .where(Article.project_id == project.id, Assignment.id.in_(some))
            .with_only_columns(Assignment.id, Annotation.sentence_id, Annotation.tag)
        )
        for work_id, sentence_id, tag in rows:
            if tag is not None:  # and what counts has one
                tags.setdefault(work_id, {})[sentence_id] = tag
    found = []
    for work in works:
        before, again = tags.get(work.before_id, {}), tags.get(work.id, {})
        found += [
            Twice(work.analyst_id, work.article_id, before[id_], again[id_]) for id_ in sorted(before.keys() & again)
        ]
    return found


def _codes(project: Project, analyst_ids: Sequence[int]) -> dict[int, str]:
    rows = db.session.execute(
        select(Membership.user_id, Membership.coder_code).where(
            Membership.project_id == project.id, Membership.user_id.in_(analyst_ids)
        )
    )
    return {row.user_id: row.coder_code for row in rows}
