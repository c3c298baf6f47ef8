"""Reads about studies: members, progress, the trash."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from webapp import visibility
from webapp.db import db
from webapp.domain.errors import NotFound
from webapp.models import (
    Actor,
    Annotation,
    Article,
    Assignment,
    AssignmentState,
    Membership,
    Project,
    Sentence,
    User,
    is_held,
)


@dataclass(frozen=True)
class ProjectRow:
    """A project on the list, with what is in it."""

    project: Project
    articles: int
    members: int
    is_mine: bool
    is_supervised: bool
    is_researched: bool


def project_rows(reader: Actor) -> list[ProjectRow]:
    """The person's projects; for an admin all of them, those in the trash too."""
    memberships = visibility.memberships_of(reader)
    mine = {membership.project_id for membership in memberships}
    supervised = {membership.project_id for membership in memberships if membership.is_supervisor}
    researched = {membership.project_id for membership in memberships if membership.is_researcher}
    query = select(Project).order_by(Project.id)
    if not reader.is_admin:
        query = query.where(Project.id.in_(mine))
    articles = _counts(select(Article.project_id, func.count()).where(Article.is_live), Article.project_id)
    members = _counts(select(Membership.project_id, func.count()), Membership.project_id)
    return [
        ProjectRow(
            project,
            articles.get(project.id, 0),
            members.get(project.id, 0),
            project.id in mine,
            project.id in supervised,
            project.id in researched,
        )
        for project in db.session.scalars(query)
    ]


def _counts(query, column) -> dict[int, int]:  # type: ignore[no-untyped-def]
    return {key: count for key, count in db.session.execute(query.group_by(column))}  # noqa: C416 (rows, not pairs)


def members_of(project: Project) -> list[Membership]:
    """The project's members, people loaded, by name."""
    return list(
        db.session.scalars(
            select(Membership)
            .join(Membership.user)
            .options(joinedload(Membership.user))
            .where(Membership.project_id == project.id)
            .order_by(User.name)
        )
    )


def analysts_of(project: Project) -> list[Membership]:
    """The active members who may be handed work."""
    return [member for member in members_of(project) if member.is_analyst and member.user.is_active]


def columns_of(project: Project) -> list[Membership]:
    """Whose work the grid shows: the active analysts, and whoever else holds work."""
    holders = {assignment.analyst_id for assignment in assignments_of(project)}
    return [
        member
        for member in members_of(project)
        if (member.is_analyst and member.user.is_active) or member.user_id in holders
    ]


def people_outside(project: Project) -> list[User]:
    """Active people who are not members yet."""
    inside = select(Membership.user_id).where(Membership.project_id == project.id)
    query = select(User).where(User.id.not_in(inside), User.deactivated_at.is_(None)).order_by(User.name)
    return list(db.session.scalars(query))


def live_articles(project: Project) -> list[Article]:
    query = select(Article).where(Article.project_id == project.id, Article.is_live).order_by(Article.id)
    return list(db.session.scalars(query))


def trashed_articles(project: Project) -> list[Article]:
    query = select(Article).where(Article.project_id == project.id, ~Article.is_live)
    return list(db.session.scalars(query.order_by(Article.trashed_at.desc())))


def assignments_of(project: Project) -> list[Assignment]:
    """Every assignment of the project's live articles in the running round, its first pass, that was not withdrawn."""
    return list(db.session.scalars(_work_in(project).where(is_held())))


def withdrawn_from(project: Project) -> Select[Assignment]:
    """Those that were."""
    return _work_in(project).where(~is_held())


def _work_in(project: Project) -> Select[Assignment]:
    return (
        select(Assignment)
        .join(Assignment.article)
        .where(
            Article.project_id == project.id,
            Article.is_live,
            Assignment.round_id == project.running.id,
            Assignment.pass_ == 1,
        )
        .order_by(Assignment.id)
    )


def assignment_in(project: Project, assignment_id: int) -> Assignment:
    """One assignment of the project. Raises NotFound."""
    found = next((a for a in assignments_of(project) if a.id == assignment_id), None)
    if found is None:
        raise NotFound("There is no such assignment in this project.")
    return found


# ---- progress


@dataclass(frozen=True)
class Cell:
    """One article in the hands of one analyst."""

    assignment: Assignment
    answered: int


@dataclass(frozen=True)
class GridRow:
    article: Article
    sentences: int
    cells: list[Cell | None]


def progress_grid(project: Project, analysts: Sequence[Membership]) -> list[GridRow]:
    """Articles × analysts, with how far each is; counted in three statements."""
    sentences = _counts(select(Sentence.article_id, func.count()).where(Sentence.is_live), Sentence.article_id)
    answered = _counts(
        select(Annotation.assignment_id, func.count())
        .join(Annotation.sentence)
        .join(Sentence.article)
        .where(
            Article.project_id == project.id,
            Sentence.is_live,
            Annotation.is_current,
            Annotation.tag.is_not(None),
        ),
        Annotation.assignment_id,
    )
    held = {(a.article_id, a.analyst_id): a for a in assignments_of(project)}
    return [
        GridRow(
            article,
            sentences.get(article.id, 0),
            [
                Cell(work, answered.get(work.id, 0)) if (work := held.get((article.id, member.user_id))) else None
                for member in analysts
            ],
        )
        for article in live_articles(project)
    ]


def submissions_in(project: Project) -> dict[int, int]:
    """For each live article that is submitted and not returned: by how many analysts."""
    return _counts(
        select(Article.id, func.count(Assignment.id))
        .join(Assignment, Assignment.article_id == Article.id)
        .where(
            Article.project_id == project.id,
            Article.is_live,
            Assignment.round_id == project.running.id,
            Assignment.pass_ == 1,
            Assignment.state == AssignmentState.SUBMITTED,
        ),
        Article.id,
    )


@dataclass(frozen=True)
class Waiting:
    """An article that enough analysts have submitted to be adjudicated: how many of how many have."""

    article: Article
    submitted: int
    analysts: int


def waiting_for_adjudication(project: Project, grid: Sequence[GridRow]) -> list[Waiting]:
    """In the order of the grid; analysts who left the project after they submitted count as well."""
    submitted = submissions_in(project)
    return [
        Waiting(row.article, count, max(count, sum(cell is not None for cell in row.cells)))
        for row in grid
        if (count := submitted.get(row.article.id, 0)) >= project.running.overlap
    ]


def tags_per_day(project: Project) -> list[tuple[date, int]]:
    """How many answers were given on each day, in UTC; days without any are left out."""
    day = func.date(Annotation.created_at)
    rows = db.session.execute(
        select(day, func.count())
        .join(Annotation.sentence)
        .join(Sentence.article)
        .where(
            Article.project_id == project.id,
            Article.is_live,
            Annotation.tag.is_not(None),
            Annotation.to_confirm.is_(False),
        )
        .group_by(day)
        .order_by(day)
    )
    return [(date.fromisoformat(str(when)), count) for when, count in rows]
