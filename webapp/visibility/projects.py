"""Which projects a person sees, supervises and manages."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, or_, select, true
from sqlalchemy.orm import contains_eager

from webapp.db import db
from webapp.models import Actor, Membership, Project, Release, Role, Round, RoundArticle, RoundRule
from webapp.visibility.rows import one

OPEN = select(Round.project_id).where(Round.closed_at.is_(None), Round.is_blind.is_(False))
"""The projects whose running round is not blind."""
OPEN_ROUNDS = select(Round.id).where(Round.is_blind.is_(False))


def running_rounds_in(projects: Collection[int]) -> Select[int]:
    """The ids of the rounds in which work goes on."""
    return select(Round.id).where(Round.project_id.in_(projects), Round.closed_at.is_(None))


def memberships_of(actor: Actor) -> list[Membership]:
    """The person's memberships in live projects, projects loaded, oldest first."""
    return list(
        db.session.scalars(
            select(Membership)
            .join(Membership.project)
            .options(contains_eager(Membership.project))
            .where(Membership.user_id == actor.user_id, Project.is_live)
            .order_by(Project.id)
        )
    )


def projects_where(actor: Actor, *roles: Role) -> ColumnElement[bool]:
    """Whether it is a live project in which the actor has one of these roles, as a condition on Project."""
    return and_(Project.is_live, in_projects(actor, Project.id, *roles))


def in_projects(actor: Actor, project_id: SQLColumnExpression[int], *roles: Role) -> ColumnElement[bool]:
    """Whether it is the id of a project in which the actor has one of these roles; for the shell, of any."""
    return true() if actor.reads_all else project_id.in_(actor.projects(*roles))


def reads_everybodys(actor: Actor, project_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
    """Whether the actor reads what others entered about sources and claims of the project, and which were merged: all
    of an open one; in a blind one supervisors, and researchers who are no analysts there.
    """
    if actor.reads_all:
        return true()
    return or_(
        in_projects(actor, project_id, Role.SUPERVISOR),
        and_(in_projects(actor, project_id, *Role), project_id.in_(OPEN)),
        and_(in_projects(actor, project_id, Role.RESEARCHER), project_id.not_in(actor.projects(Role.ANALYST))),
    )


def frame_visible_to(actor: Actor, round_id: int) -> Select[RoundArticle]:
    """Which articles of a round were drawn, for its supervisors and researchers: analysts see what they are handed."""
    readers = in_projects(actor, Round.project_id, Role.SUPERVISOR, Role.RESEARCHER)
    return select(RoundArticle).join(Round, Round.id == RoundArticle.round_id).where(Round.id == round_id, readers)


def rule_visible_to(actor: Actor, round_id: int) -> Select[RoundRule]:
    """What a round asks besides its work, for everybody in its project."""
    rounds = select(Round.id).where(Round.id == round_id, in_projects(actor, Round.project_id, *Role))
    return select(RoundRule).where(RoundRule.round_id.in_(rounds))


def release_visible_to(actor: Actor, round_id: int) -> Select[Release]:
    """What was published of a round, for its supervisors and researchers."""
    readers = in_projects(actor, Round.project_id, Role.SUPERVISOR, Role.RESEARCHER)
    rounds = select(Round.id).where(Round.id == round_id, readers)
    return select(Release).where(Release.round_id.in_(rounds))


def without_index(project_id: SQLColumnExpression[int]) -> ColumnElement[int]:
    """The project, for a condition on rows that are found otherwise; no index of projects serves it. By such an index
    SQLite would go through all there is in the project, rather than look at the few rows that are wanted.
    """
    return project_id + 0


def supervises(actor: Actor, project_id: int) -> bool:
    """Whether the actor reads all of the project: its supervisor, or the machine's own shell."""
    return actor.reads_all or actor.has(project_id, Role.SUPERVISOR)


def reads_only_own(actor: Actor, project: Project) -> bool:
    """Whether the actor reads nobody's answers but their own in this project."""
    return not (supervises(actor, project.id) or actor.has(project.id, Role.RESEARCHER))


def project_for(actor: Actor, project_id: int, *roles: Role) -> Project:
    """The live project, if the person has one of the roles in it (any role when none is named). Raises NotFound."""
    allowed = projects_where(actor, *(roles or tuple(Role)))
    return one(select(Project).where(Project.id == project_id, allowed), "project")


def project_to_manage(actor: Actor, project_id: int) -> Project:
    """The project, for an admin (also from the trash) or its supervisor: settings and members, not content."""
    query = select(Project).where(Project.id == project_id)
    if not actor.is_admin:
        query = query.where(in_projects(actor, Project.id, Role.SUPERVISOR))
    return one(query, "project")


def project_named(name: str | None) -> Project | None:
    """For the machine's own shell, which sees all: the live project of that name, or the first one."""
    query = select(Project).where(Project.is_live).order_by(Project.id).limit(1)
    return db.session.scalar(query.where(Project.name == name) if name else query)
