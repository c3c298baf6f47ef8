"""Which articles and drafts a person reads, works on and supervises."""

from sqlalchemy import BindParameter, ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import aliased, contains_eager

from webapp.models import Actor, Article, Assignment, AssignmentState, Draft, Membership, Project, Role, Round, is_held
from webapp.visibility.projects import OPEN, in_projects
from webapp.visibility.rows import one

UserId = int | BindParameter[int]


def articles_visible_to(actor: Actor) -> Select[Article]:
    """Live articles: all for supervisors and researchers; for analysts all of an open project, else their own."""
    everything = in_projects(actor, Article.project_id, Role.SUPERVISOR, Role.RESEARCHER)
    in_open_project = and_(in_projects(actor, Article.project_id, Role.ANALYST), Article.project_id.in_(OPEN))
    return _articles(or_(everything, in_open_project, may_tag_as(actor))).where(Article.is_live)


def articles_to_tag(actor: Actor) -> Select[Article]:
    """Those of the visible articles on which the person may work as an analyst."""
    return _articles(may_tag_as(actor)).where(Article.is_live)


def _articles(condition: ColumnElement[bool]) -> Select[Article]:
    return select(Article).join(Article.project).options(contains_eager(Article.project)).where(condition)


def may_tag(user_id: UserId) -> ColumnElement[bool]:
    """Whether the person may work on an article as an analyst, as a condition on Article.

    In an open project on all but what was withdrawn from them, in a blind one on what was handed to them.
    """
    own = select(Assignment.article_id).where(Assignment.analyst_id == user_id)
    return and_(
        is_analyst_of(user_id),
        or_(
            and_(Article.project_id.in_(OPEN), Article.id.not_in(own.where(~is_held()))),
            Article.id.in_(own.where(is_held())),
        ),
    )


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
    mine = aliased(Assignment)
    done = (AssignmentState.SUBMITTED, AssignmentState.WITHDRAWN)
    still_running = select(Round.id).where(Round.closed_at.is_(None))
    return select(mine.article_id).where(
        mine.analyst_id == actor.id, mine.state.not_in(done), mine.round_id.in_(still_running)
    )


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
