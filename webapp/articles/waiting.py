"""What waits for a person, as the front page tells it: their own work first, then what a supervisor looks after."""

import enum
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, func, select

from webapp import backups, visibility
from webapp.article_list import ListedArticle, listed_articles
from webapp.db import db, now
from webapp.models import (
    TAKEN_AWAY,
    Actor,
    Annotation,
    Article,
    Assignment,
    AssignmentState,
    DayCount,
    Job,
    JobItem,
    JobItemState,
    JobState,
    Membership,
    Project,
    Role,
    Sentence,
    Submission,
    User,
    WorkCount,
)
from webapp.work_counts import held_counts, number_to_settle

MOST = 3
"""Articles of one kind that are named; how many there are besides is told as a number."""
STUCK_AFTER = 3
"""Days without a tag, after which an analyst with work in hand is told of."""
RECENT = timedelta(days=7)
"""So long an import with failures is told of."""


NO_REASONS: Mapping[int, str | None] = {}


class Kind(enum.StrEnum):
    """Why an article waits for its analyst; in this order."""

    RETURNED = "returned"
    TO_CONFIRM = "to_confirm"
    GO_ON = "go_on"
    START = "start"
    TO_SUBMIT = "to_submit"


@dataclass(frozen=True)
class OwnWork:
    """One article that waits for the person as an analyst."""

    kind: Kind
    article: ListedArticle
    project_id: int
    answered: int
    why: str | None = None
    """The reason for which it was returned."""
    sentence_id: int | None = None
    """The first of the sentences to confirm."""
    to_confirm: int = 0


@dataclass(frozen=True)
class Own:
    """What waits for the person as an analyst, the first thing first."""

    work: list[OwnWork]
    returned: int
    """How many articles are returned, those that are not named among them."""
    submitted: int
    held: int
    """Of all that they hold in running rounds."""

    @property
    def is_finished(self) -> bool:
        return self.held > 0 and self.submitted == self.held


def own_work(reader: Actor, project_id: int | None) -> Own:
    """Of all projects; what to go on with is looked for in this one first."""
    counts = _own_counts(reader)
    returned = counts.get(AssignmentState.RETURNED, 0)
    begun = counts.get(AssignmentState.STARTED, 0)
    found = [*(_returned(reader) if returned else ()), *_to_confirm(reader)]
    found += _to_go_on_with(reader, project_id, {one.article.id for one in found})
    found += _to_submit(reader) if begun else ()
    return Own(found, returned, counts.get(AssignmentState.SUBMITTED, 0), sum(counts.values()))


def _own_counts(reader: Actor) -> dict[AssignmentState, int]:
    rounds = visibility.running_rounds_in(reader.projects(Role.ANALYST))
    rows = db.session.execute(
        select(WorkCount.state, func.sum(WorkCount.assignments))
        .where(
            WorkCount.analyst_id == reader.user_id,
            WorkCount.state.not_in(TAKEN_AWAY),
            WorkCount.round_id.in_(rounds),
        )
        .group_by(WorkCount.state)
    )
    return {state: int(count) for state, count in rows if count}


def _returned(reader: Actor) -> list[OwnWork]:
    rows = _first(visibility.work_in_hand(reader, AssignmentState.RETURNED))
    newest = (
        select(Submission.assignment_id, Submission.returned_why)
        .where(Submission.assignment_id.in_([row.id for row in rows]), Submission.returned_at.is_not(None))
        .order_by(Submission.number)
    )
    why = {row.assignment_id: row.returned_why for row in db.session.execute(newest)}
    return _told(Kind.RETURNED, rows, why)


def _to_submit(reader: Actor) -> list[OwnWork]:
    """What is answered to its end and was not handed in."""
    started = visibility.work_in_hand(reader, AssignmentState.STARTED)
    whole = started.where(Assignment.answered >= Article.sentence_count)
    return _told(Kind.TO_SUBMIT, _first(whole))


class _Row(NamedTuple):
    id: int
    article_id: int
    project_id: int
    answered: int


def _first(work: Select[Assignment]) -> list[_Row]:
    columns = (Assignment.id, Assignment.article_id, Article.project_id, Assignment.answered)
    query = work.with_only_columns(*columns, maintain_column_froms=True)
    return [_Row(*row) for row in db.session.execute(query.order_by(Assignment.article_id).limit(MOST))]


def _told(kind: Kind, rows: Sequence[_Row], why: Mapping[int, str | None] = NO_REASONS) -> list[OwnWork]:
    articles = listed_articles([row.article_id for row in rows])
    return [OwnWork(kind, articles[row.article_id], row.project_id, row.answered, why.get(row.id)) for row in rows]


def _to_confirm(reader: Actor) -> list[OwnWork]:
    """Answers that a repair of the split carried along and that their author has not confirmed."""
    count, first = func.count().label("count"), func.min(Annotation.sentence_id).label("first")
    rows = db.session.execute(
        visibility.work_in_hand(reader)
        .join(Annotation, Annotation.assignment_id == Assignment.id)
        .join(Sentence, Sentence.id == Annotation.sentence_id)
        .where(
            Annotation.analyst_id == reader.user_id, Annotation.to_confirm, Annotation.is_current, Sentence.is_counted
        )
        .with_only_columns(Article.id, Article.project_id, Assignment.answered, count, first)
        .group_by(Article.id, Article.project_id, Assignment.answered)
        .order_by(Article.id)
        .limit(MOST)
    ).all()
    articles = listed_articles([row.id for row in rows])
    return [
        OwnWork(Kind.TO_CONFIRM, articles[id_], project_id, answered, None, sentence_id, number)
        for id_, project_id, answered, number, sentence_id in rows
    ]


def _to_go_on_with(reader: Actor, project_id: int | None, told: Collection[int]) -> list[OwnWork]:
    here = [] if project_id is None else visibility.ids_to_go_on_with(reader, [project_id])
    for article_id in here or visibility.ids_to_go_on_with(reader):
        if article_id in told:
            return []
        of_project = select(Article.project_id).where(Article.id == article_id)
        answered = select(Assignment.answered).where(
            Assignment.article_id == article_id,
            Assignment.analyst_id == reader.user_id,
            Assignment.state.in_((AssignmentState.STARTED, AssignmentState.RETURNED)),
        )
        done = db.session.scalar(answered.order_by(Assignment.id.desc()).limit(1)) or 0
        article = listed_articles([article_id])[article_id]
        kind = Kind.GO_ON if done else Kind.START
        return [OwnWork(kind, article, db.session.scalar(of_project) or 0, done)]
    return []


# ---- what a supervisor looks after


@dataclass(frozen=True)
class Stuck:
    """An analyst with work in hand who has tagged nothing for some days."""

    name: str
    user_id: int
    days: int
    open: int
    """Articles that they hold and have not handed in."""


@dataclass(frozen=True)
class ImportToLookAt:
    """An import that waits for somebody to say what its columns hold, or of which something did not come in."""

    id: int
    is_waiting: bool
    failures: int


@dataclass(frozen=True)
class Watched:
    """What a supervisor of the project looks after."""

    to_settle: int
    submitted: int
    held: int
    stuck: list[Stuck]
    imports: list[ImportToLookAt]
    backup: datetime | None
    """Until when the newest one holds everything; None where there is none."""

    @property
    def backup_days(self) -> int | None:
        return None if self.backup is None else (now() - self.backup).days


def watched(project: Project, reader: Actor, backup_folder: Path) -> Watched:
    counts = held_counts(project)
    newest = backups.newest(backup_folder)
    return Watched(
        number_to_settle(project, reader),
        sum(row.assignments for row in counts if row.state is AssignmentState.SUBMITTED),
        sum(row.assignments for row in counts),
        _stuck(project, counts),
        _imports(project, reader),
        newest[1] if newest else None,
    )


def _stuck(project: Project, counts: list[WorkCount]) -> list[Stuck]:
    """The analysts who have tagged nothing for days, the longest first; of whoever never did, since they got work."""
    in_hand: dict[int, int] = {}
    for row in counts:
        if row.state is not AssignmentState.SUBMITTED and row.assignments:
            in_hand[row.analyst_id] = in_hand.get(row.analyst_id, 0) + row.assignments
    last = _last_days(project, in_hand)
    analysts = (
        select(User.id, User.name)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.project_id == project.id, Membership.is_analyst, User.id.in_(in_hand))
    )
    names = {row.id: row.name for row in db.session.execute(analysts)}
    today = now().date()
    found = [
        Stuck(name, user_id, (today - last[user_id]).days, in_hand[user_id])
        for user_id, name in names.items()
        if user_id in last
    ]
    return sorted((one for one in found if one.days >= STUCK_AFTER), key=lambda one: (-one.days, one.name))


def _last_days(project: Project, analyst_ids: Collection[int]) -> dict[int, date]:
    """When each last gave a sentence a tag, else when the oldest of the work in their hands was handed out."""
    tagged = db.session.execute(
        select(DayCount.analyst_id, func.max(DayCount.day))
        .where(DayCount.project_id == project.id, DayCount.analyst_id.in_(analyst_ids), DayCount.answers > 0)
        .group_by(DayCount.analyst_id)
    )
    days = {analyst_id: date.fromisoformat(day) for analyst_id, day in tagged}
    oldest = (
        select(Assignment.assigned_at)
        .where(
            Assignment.analyst_id == User.id,
            Assignment.state == AssignmentState.ASSIGNED,
            Assignment.round_id == project.running.id,
        )
        .order_by(Assignment.article_id)
        .limit(1)
        .scalar_subquery()
    )
    others = select(User.id, oldest).where(User.id.in_(set(analyst_ids) - set(days)))
    return days | {user_id: at.date() for user_id, at in db.session.execute(others) if at}


def _imports(project: Project, reader: Actor) -> list[ImportToLookAt]:
    failures = _failures(JobItem.state == JobItemState.FAILED)
    rows = db.session.execute(
        visibility.jobs_visible_to(reader)
        .where(Job.project_id == project.id, Job.total > 0, Job.created_at > now() - RECENT)
        .where(Job.state.in_((JobState.DRAFT, JobState.DONE, JobState.FAILED)))
        .with_only_columns(Job.id, Job.state, failures)
        .order_by(Job.id.desc())
        .limit(50)
    )
    found = [ImportToLookAt(id_, state is JobState.DRAFT, number) for id_, state, number in rows]
    return [one for one in found if one.is_waiting or one.failures][:MOST]


def _failures(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return select(func.count()).select_from(JobItem).where(JobItem.job_id == Job.id, condition).scalar_subquery()
