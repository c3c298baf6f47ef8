"""Reads about studies: members, progress, the trash."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, func, literal, select
from sqlalchemy.orm import aliased, joinedload

from webapp import visibility
from webapp.article_list import ListedArticle, listed_articles
from webapp.db import db
from webapp.domain.assignment import Assigned
from webapp.domain.errors import NotFound
from webapp.entry_tests import let_in
from webapp.models import (
    TAKEN_AWAY,
    Actor,
    Article,
    Assignment,
    AssignmentState,
    DaySentences,
    Membership,
    Project,
    ProjectCount,
    Round,
    RoundArticle,
    User,
    WorkCount,
    is_held,
    is_theirs,
)
from webapp.paging import FIRST_PAGE, Asked, Order, Page, page_in_order, page_of
from webapp.work_counts import held_counts, work_counts


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
    articles = {row.project_id: row.articles for row in db.session.scalars(select(ProjectCount))}
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
    """The active members who may be handed work: where the round asks for a test, those who passed it."""
    found = [member for member in members_of(project) if member.takes_work]
    passed = let_in(project.running, [member.user_id for member in found])
    return [member for member in found if member.user_id in passed]


def columns_of(project: Project) -> list[Membership]:
    """Whose work the grid shows: the active analysts, and whoever else holds work."""
    holders = {row.analyst_id for row in work_counts(project) if row.assignments}
    return [member for member in members_of(project) if member.takes_work or member.user_id in holders]


def people_outside(project: Project) -> list[User]:
    """Active people who are not members yet."""
    inside = select(Membership.user_id).where(Membership.project_id == project.id)
    query = select(User).where(User.id.not_in(inside), User.deactivated_at.is_(None)).order_by(User.name)
    return list(db.session.scalars(query))


def live_article_ids(project: Project, among: Collection[int] | None = None) -> list[int]:
    """Of these alone where any are named, and few."""
    query = select(Article.id).where(Article.project_id == project.id, Article.is_live).order_by(Article.id)
    if among is not None and len(among) <= MOST_NAMED:
        query = query.where(Article.id.in_(among))
    return list(db.session.scalars(query))


def frame_of(project: Project, strata: str, held: Collection[int]) -> tuple[dict[int, str], set[int]]:
    """The live articles that no plan of the running round has seen, nor anybody holds, with their strata; and those
    that a plan did not draw.
    """
    kept = select(RoundArticle.article_id, RoundArticle.drawn).where(RoundArticle.round_id == project.running.id)
    drawn: dict[int, bool] = dict(db.session.execute(kept).all())
    rows = db.session.execute(
        select(Article.id, _STRATUM[strata]).where(Article.project_id == project.id, Article.is_live)
    )
    seen = drawn.keys() | held
    frame = {article_id: stratum for article_id, stratum in rows if article_id not in seen}
    return frame, {article_id for article_id, is_drawn in drawn.items() if not is_drawn}


_STRATUM: dict[str, ColumnElement[str]] = {
    "": literal(""),
    "outlet": func.coalesce(Article.outlet, ""),
    "month": func.coalesce(func.substr(Article.published, 1, 7), ""),
}


def size_of(project: Project) -> ProjectCount:
    """How many live articles and sentences it has."""
    return db.session.get(ProjectCount, project.id) or ProjectCount(articles=0, sentences=0)


@dataclass(frozen=True)
class TrashedArticle:
    article: ListedArticle
    trashed_at: datetime


def trashed_articles(project: Project, asked: Asked = FIRST_PAGE) -> Page[TrashedArticle]:
    """A page of them, what was put there last first."""
    query = select(Article.id, Article.trashed_at).where(Article.project_id == project.id, ~Article.is_live)
    page = page_in_order(query, Order((Article.trashed_at, Article.id), falls=True), asked)
    found = listed_articles([row.id for row in page])
    return page.with_rows([TrashedArticle(found[row.id], row.trashed_at) for row in page])


def assignments_of(project: Project) -> list[Assignment]:
    """Every assignment of the project's live articles in the running round, its first pass, that was not withdrawn."""
    return list(db.session.scalars(_work_in(project).where(is_held())))


def places_of(project: Project, article_ids: Collection[int] | None = None) -> list[Assigned]:
    """The same as places in the analysts' orders; of these articles alone, where any are named."""
    columns = (Assignment.article_id, Assignment.analyst_id, Assignment.position)
    query = _among(_work_in(project).where(is_theirs()), article_ids).with_only_columns(*columns)
    return [Assigned(*row) for row in db.session.execute(query)]


def last_place_in(project: Project) -> int:
    """The highest place in anybody's order."""
    highest = _work_in(project).where(is_held()).order_by(None).with_only_columns(func.max(Assignment.position))
    return db.session.scalar(highest) or 0


def held_among(project: Project, assignment_ids: Collection[int]) -> list[Assignment]:
    return list(db.session.scalars(_work_in(project).where(is_held(), Assignment.id.in_(assignment_ids))))


def work_of_analyst(project: Project, analyst_id: int, state: AssignmentState) -> Select[int]:
    """The ids of their pieces of work in this state."""
    theirs = _work_in(project).where(Assignment.analyst_id == analyst_id, Assignment.state == state)
    return theirs.order_by(None).with_only_columns(Assignment.id)


def open_work_of(project: Project, analyst_id: int, states: Collection[AssignmentState]) -> Select[Assignment]:
    """The analyst's work in these states."""
    return _work_in(project).where(Assignment.analyst_id == analyst_id, Assignment.state.in_(states))


def repeat_of(work: Assignment) -> Select[int]:
    """The open work in which the analyst does the article of this work once more, if there is any."""
    later = aliased(Assignment)
    states = (AssignmentState.ASSIGNED, AssignmentState.STARTED, AssignmentState.RETURNED)
    same = (later.article_id == work.article_id, later.analyst_id == work.analyst_id, later.id > work.id)
    running = select(Round.id).where(Round.closed_at.is_(None))
    return select(later.id).where(*same, later.state.in_(states), later.round_id.in_(running)).limit(1)


def withdrawn_from(project: Project, article_ids: Collection[int]) -> Select[Assignment]:
    """Those of these articles that were withdrawn or handed over."""
    return _among(_work_in(project).where(~is_theirs()), article_ids)


MOST_NAMED = 500
"""Ids in one statement; of more the whole project is read."""


def _among(query: Select[Assignment], article_ids: Collection[int] | None) -> Select[Assignment]:
    if article_ids is None or len(article_ids) > MOST_NAMED:
        return query
    return query.where(Assignment.article_id.in_(article_ids))


def articles_named(project_id: int, article_ids: Collection[int]) -> Select[int]:
    """The ids of these articles of the project, or of all of it where they are many, for a write to lock."""
    query = select(Article.id).where(Article.project_id == project_id).order_by(Article.id)
    return query if len(article_ids) > MOST_NAMED else query.where(Article.id.in_(article_ids))


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
    found = db.session.scalar(_work_in(project).where(is_theirs(), Assignment.id == assignment_id))
    if found is None:
        raise NotFound("There is no such assignment in this project.")
    return found


def submitted_work(project: Project, assignment_id: int) -> Assignment | None:
    """The piece of work, if it is submitted; with its article and analyst, to be named."""
    work = _work_in(project).where(Assignment.state == AssignmentState.SUBMITTED, Assignment.id == assignment_id)
    return db.session.scalar(work.options(joinedload(Assignment.analyst), joinedload(Assignment.article)))


# ---- progress


@dataclass(frozen=True)
class Wanted:
    """Which articles the grid shows: all, or those on which one analyst is so far."""

    analyst_id: int | None = None
    state: AssignmentState | None = None
    """None: those that the analyst does not hold."""

    @property
    def is_empty(self) -> bool:
        return self.analyst_id is None


EVERYTHING = Wanted()


@dataclass(frozen=True)
class Cell:
    """One article in the hands of one analyst."""

    assignment: Assignment

    @property
    def answered(self) -> int:
        return self.assignment.answered


@dataclass(frozen=True)
class GridRow:
    article: ListedArticle
    cells: list[Cell | None]

    @property
    def sentences(self) -> int:
        return self.article.sentences

    @property
    def submitted(self) -> int:
        """By how many analysts it is submitted and not returned."""
        return sum(cell.assignment.state is AssignmentState.SUBMITTED for cell in self.cells if cell)

    @property
    def held(self) -> int:
        return sum(cell is not None and cell.assignment.state not in TAKEN_AWAY for cell in self.cells)


def progress_grid(
    project: Project, analysts: Sequence[Membership], wanted: Wanted = EVERYTHING, asked: Asked = FIRST_PAGE
) -> Page[GridRow]:
    """A page of articles × analysts, with how far each is."""
    page = page_of(_ids_in(project, wanted), asked=asked, total=number_of(project, wanted))
    held = {
        (work.article_id, work.analyst_id): Cell(work)
        for work in db.session.scalars(_work_in(project).where(is_held(), Assignment.article_id.in_(page.rows)))
    }
    articles = listed_articles(page.rows).values()
    return page.with_rows(
        [GridRow(article, [held.get((article.id, member.user_id)) for member in analysts]) for article in articles]
    )


def ids_wanted(project: Project, wanted: Wanted) -> list[int]:
    """All of the articles wanted, for what is done to a whole list."""
    return list(db.session.scalars(_ids_in(project, wanted).order_by("id")))


def _ids_in(project: Project, wanted: Wanted) -> Select[int]:
    everything = select(Article.id).where(Article.project_id == project.id, Article.is_live)
    if wanted.is_empty:
        return everything
    work = select(Assignment.article_id.label("id")).where(
        Assignment.analyst_id == wanted.analyst_id,
        Assignment.round_id == project.running.id,
        Assignment.pass_ == 1,
    )
    if wanted.state is None:
        # No index tells what somebody does not hold: it is asked of article after article.
        return everything.where(~work.where(is_theirs(), Assignment.article_id == Article.id).exists())
    return work.where(Assignment.state == wanted.state).join(Assignment.article).where(Article.is_live)


def number_of(project: Project, wanted: Wanted) -> int:
    """How many articles are wanted, from what is kept."""
    articles = size_of(project).articles
    if wanted.is_empty:
        return articles
    counts = {row.state: row.assignments for row in work_counts(project) if row.analyst_id == wanted.analyst_id}
    if wanted.state is not None:
        return counts.get(wanted.state, 0)
    return articles - sum(count for state, count in counts.items() if state not in TAKEN_AWAY)


@dataclass(frozen=True)
class Load:
    """How far one analyst is with all of theirs."""

    states: Mapping[AssignmentState, int]
    answered: int

    @property
    def held(self) -> int:
        return sum(self.states.values())

    @property
    def submitted(self) -> int:
        return self.states.get(AssignmentState.SUBMITTED, 0)

    @property
    def open(self) -> int:
        """What could be handed over."""
        return self.held - self.submitted


def loads_in(project: Project) -> dict[int, Load]:
    """By the id of each analyst who holds anything."""
    by_analyst: dict[int, list[WorkCount]] = {}
    for row in held_counts(project):
        if row.assignments:
            by_analyst.setdefault(row.analyst_id, []).append(row)
    return {
        analyst_id: Load({row.state: row.assignments for row in rows}, sum(row.answered for row in rows))
        for analyst_id, rows in by_analyst.items()
    }


def tags_per_day(project: Project) -> list[tuple[date, int]]:
    """How many sentences got their first tag on each day, whoever gave it, in UTC; days without any are left out."""
    rows = db.session.scalars(
        select(DaySentences)
        .where(DaySentences.project_id == project.id, DaySentences.sentences > 0)
        .order_by(DaySentences.day)
    )
    return [(date.fromisoformat(row.day), row.sentences) for row in rows]
