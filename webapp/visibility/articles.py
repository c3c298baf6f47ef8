"""Which articles and drafts a person reads, works on and supervises."""

from collections.abc import Collection

from sqlalchemy import BindParameter, ColumnElement, Select, SQLColumnExpression, and_, false, func, or_, select
from sqlalchemy.orm import aliased, contains_eager

from webapp.db import db
from webapp.models import (
    TAKEN_AWAY,
    Actor,
    Article,
    Assignment,
    AssignmentState,
    Draft,
    Membership,
    Project,
    Role,
    Round,
    WorkCount,
    is_theirs,
)
from webapp.visibility.projects import OPEN, in_projects
from webapp.visibility.rows import one

UserId = int | BindParameter[int]


def articles_visible_to(actor: Actor) -> Select[Article]:
    """Live articles: all for supervisors and researchers; for analysts all of an open project, else their own."""
    everything = in_projects(actor, Article.project_id, Role.SUPERVISOR, Role.RESEARCHER)
    in_open_project = and_(in_projects(actor, Article.project_id, Role.ANALYST), Article.project_id.in_(OPEN))
    return _articles(or_(everything, in_open_project, may_tag_as(actor))).where(Article.is_live)


def ids_in_project(actor: Actor, project_id: int, analyst_id: int | None = None) -> Select[int]:
    """The ids of those articles of one project, or of those that an analyst holds of them; for a page along indexes."""
    whole, open_ = _projects_read_whole(actor)
    if project_id in {*whole, *open_}:
        return _live_in(project_id) if analyst_id is None else _held_in(project_id, analyst_id)
    own = _held_in(project_id, actor.id or 0)
    return own if actor.has(project_id, Role.ANALYST) else own.where(false())


def outlets_in_project(actor: Actor, project_id: int) -> Select[str | None]:
    """The outlets of those articles: from one to the next by the index, past all articles that are alike. Of an analyst
    who holds few of them these are looked at instead.
    """
    whole, open_ = _projects_read_whole(actor)
    articles = _live_in(project_id)
    if project_id not in {*whole, *open_}:
        if not actor.has(project_id, Role.ANALYST) or _number_held(actor.user_id) < MANY:
            return ids_in_project(actor, project_id).with_only_columns(Article.outlet).distinct()
        articles = articles.where(_own_work(actor.user_id).where(_OWN.state.in_(HELD)).exists())
    # Not min(), for which PostgreSQL goes through all that the analyst holds, once for each outlet.
    lowest = articles.with_only_columns(Article.outlet).order_by(Article.outlet).limit(1)
    outlet = select(lowest.where(Article.outlet.is_not(None)).scalar_subquery().label("outlet")).cte(recursive=True)
    behind = lowest.where(Article.outlet > outlet.c.outlet).correlate(outlet).scalar_subquery()
    every = outlet.union_all(select(behind).where(outlet.c.outlet.is_not(None)))
    return select(every.c.outlet)


MANY = 5_000
"""Articles of one analyst. Of ten times as many it takes a tenth of a second to look at all of them."""


def _number_held(user_id: int) -> int:
    kept = select(func.sum(WorkCount.assignments)).where(WorkCount.analyst_id == user_id)
    return db.session.scalar(kept) or 0


def _projects_read_whole(actor: Actor) -> tuple[list[int], list[int]]:
    """Ids of live projects of which the actor reads all articles: for their role there, and as an analyst."""
    if actor.reads_all:
        return list(db.session.scalars(select(Project.id).where(Project.is_live))), []
    as_analyst = select(Project.id).where(Project.id.in_(actor.projects(Role.ANALYST)), Project.id.in_(OPEN))
    return actor.projects(Role.SUPERVISOR, Role.RESEARCHER), list(db.session.scalars(as_analyst))


def _live_in(project_id: int) -> Select[int]:
    return select(Article.id).where(Article.project_id == project_id, Article.is_live)


def _held_in(project_id: int, analyst_id: int) -> Select[int]:
    """The articles of the project that are handed to the analyst, each once."""
    return (
        select(Assignment.article_id)
        .join(Assignment.article)
        .where(
            Assignment.analyst_id == analyst_id,
            is_theirs(),
            Article.project_id == project_id,
            Article.is_live,
            ~_had_before(analyst_id).exists(),
        )
    )


def _had_before(analyst_id: int) -> Select[int]:
    """Work of the analyst on the article of an Assignment that is older: of an article done twice one is enough."""
    return select(_OWN.id).where(
        _OWN.article_id == Assignment.article_id,
        _OWN.analyst_id == analyst_id,
        _OWN.id < Assignment.id,
        _OWN.state.not_in(TAKEN_AWAY),
    )


def ids_to_go_on_with(actor: Actor, projects: Collection[int] | None = None) -> list[int]:
    """The article on which the actor may go on, if there is one: begun ones before others, the oldest first; in these
    projects alone, where any are named.

    In an open project what was left out is looked for among the newest thousand that the actor took up, and behind.
    """
    own = [id_ for id_ in actor.projects(Role.ANALYST) if projects is None or id_ in projects]
    begun = [_oldest_open(actor, state, own, is_begun=True) for state in _IN_WORK]
    if found := _lowest(begun):
        return [found]
    not_begun = [_oldest_open(actor, state, own, is_begun=False) for state in (AssignmentState.ASSIGNED, *_IN_WORK)]
    if found := _lowest([*not_begun, *_not_taken_up(actor, own)]):
        return [found]
    return []


_IN_WORK = (AssignmentState.STARTED, AssignmentState.RETURNED)


def _oldest_open(actor: Actor, state: AssignmentState, projects: list[int], *, is_begun: bool) -> Select[int]:
    """The oldest article on which the actor has work in this state that is not answered to its end."""
    return (
        work_in_hand(actor, state)
        .where(
            Assignment.answered > 0 if is_begun else Assignment.answered == 0,
            Assignment.answered < Article.sentence_count,
            Article.project_id.in_(projects),
        )
        .with_only_columns(Assignment.article_id)
        .order_by(Assignment.article_id)
        .limit(1)
    )


def work_in_hand(actor: Actor, *states: AssignmentState) -> Select[Assignment]:
    """The actor's work as an analyst on live articles in running rounds that is in one of these states; in any but
    handed in where none is named.
    """
    return (
        select(Assignment)
        .join(Assignment.article)
        .join(Assignment.round)
        .where(
            Assignment.analyst_id == actor.user_id,
            Assignment.state == states[0] if len(states) == 1 else Assignment.state.in_(states or STILL_OPEN),
            Round.closed_at.is_(None),
            Article.is_live,
            Article.project_id.in_(actor.projects(Role.ANALYST)),
        )
    )


STILL_OPEN = (AssignmentState.ASSIGNED, *_IN_WORK)


def _not_taken_up(actor: Actor, projects: Collection[int]) -> list[Select[int]]:
    own = select(Assignment.article_id).where(Assignment.analyst_id == actor.user_id)
    newest = own.order_by(Assignment.article_id.desc()).limit(1).offset(999).scalar_subquery()
    behind = func.coalesce(newest, 0)
    _, open_ = _projects_read_whole(actor)
    return [
        _live_in(project_id)
        .where(
            Article.id > behind,
            Article.sentence_count > 0,
            ~own.where(Assignment.article_id == Article.id).exists(),
        )
        .order_by(Article.id)
        .limit(1)
        for project_id in open_
        if project_id in projects
    ]


def _lowest(queries: list[Select[int]]) -> int | None:
    return min((found for query in queries if (found := db.session.scalar(query)) is not None), default=None)


def articles_to_tag(actor: Actor) -> Select[Article]:
    """Those of the visible articles on which the person may work as an analyst."""
    return _articles(may_tag_as(actor)).where(Article.is_live)


def _articles(condition: ColumnElement[bool]) -> Select[Article]:
    return select(Article).join(Article.project).options(contains_eager(Article.project)).where(condition)


def may_tag(user_id: UserId) -> ColumnElement[bool]:
    """Whether the person may work on an article as an analyst, as a condition on Article.

    In an open project on all but what was taken from them, in a blind one on what was handed to them.
    """
    taken_away = _own_work(user_id).where(_OWN.state.in_(TAKEN_AWAY)).exists()
    held = _own_work(user_id).where(_OWN.state.in_(HELD)).exists()
    return and_(is_analyst_of(user_id), or_(and_(Article.project_id.in_(OPEN), ~taken_away), held))


def _own_work(user_id: UserId) -> Select[int]:
    """The person's work on an Article, asked of article after article: whoever has thousands looks at fifty."""
    return select(_OWN.id).where(_OWN.analyst_id == user_id, _OWN.article_id == Article.id)


_OWN = aliased(Assignment)
"""Made once, as a search asks three times which articles its reader may read."""
HELD = tuple(state for state in AssignmentState if state not in TAKEN_AWAY)


def may_tag_as(actor: Actor) -> ColumnElement[bool]:
    """The same for whoever acts; never for the shell, which is nobody."""
    return false() if actor.id is None else may_tag(actor.id)


def is_analyst_of(user_id: UserId) -> ColumnElement[bool]:
    """Whether the person is an analyst of the live project of an Article."""
    return Article.project_id.in_(
        select(Membership.project_id)
        .join(Membership.project)
        .where(Membership.user_id == user_id, Project.is_live, Membership.is_analyst)
    )


def still_to_submit(actor: Actor) -> Select[int]:
    """The articles that were handed to the actor in a round that still runs and are not handed in."""
    open_ = (AssignmentState.ASSIGNED, *_IN_WORK)
    still_running = select(Round.id).where(Round.closed_at.is_(None))
    return select(_MINE.article_id).where(
        _MINE.analyst_id == actor.id, _MINE.state.in_(open_), _MINE.round_id.in_(still_running)
    )


def has_still_to_submit(actor: Actor, article_id: SQLColumnExpression[int] | int) -> ColumnElement[bool]:
    """Whether it is one of them: asked article by article, as an analyst may have thousands open."""
    return still_to_submit(actor).where(_MINE.article_id == article_id).exists()


_MINE = aliased(Assignment)
"""Made once, as some pages ask a dozen times what their reader still has to submit."""


def article_for(actor: Actor, article_id: int) -> Article:
    """The article, if the person may read it. Raises NotFound."""
    return one(articles_visible_to(actor).where(Article.id == article_id), "article")


def article_to_tag(actor: Actor, article_id: int) -> Article:
    """The article, if the person may work on it as an analyst. Raises NotFound."""
    return one(articles_to_tag(actor).where(Article.id == article_id), "article")


def article_to_supervise(actor: Actor, article_id: int) -> Article:
    """The article, if the person supervises its project. Raises NotFound."""
    supervised = in_projects(actor, Article.project_id, Role.SUPERVISOR)
    return one(_articles(supervised).where(Article.id == article_id, Article.is_live), "article")


def article_to_restore(actor: Actor, article_id: int) -> Article:
    """The article in the trash, if the person supervises its project. Raises NotFound."""
    supervised = in_projects(actor, Article.project_id, Role.SUPERVISOR)
    return one(_articles(supervised).where(Article.id == article_id, ~Article.is_live), "article")


def draft_for(actor: Actor, draft_id: int) -> Draft:
    """The person's own draft, while they supervise its project. Raises NotFound."""
    supervised = in_projects(actor, Draft.project_id, Role.SUPERVISOR)
    return one(select(Draft).where(Draft.id == draft_id, Draft.user_id == actor.id, supervised), "draft")
