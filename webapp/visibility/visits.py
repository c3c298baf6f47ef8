"""Who acts: a person with their roles, as a session or a shell brings them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, null, select

from webapp.db import current_connection, db, now
from webapp.domain.errors import NotFound
from webapp.domain.tokens import hash_of
from webapp.models import Actor, Membership, Project, Role, SessionKind, User, UserSession, Via
from webapp.prepared import Prepared
from webapp.visibility.rows import one

HELD = {
    Role.ANALYST: Membership.is_analyst,
    Role.SUPERVISOR: Membership.is_supervisor,
    Role.RESEARCHER: Membership.is_researcher,
}


@dataclass(frozen=True)
class Visit:
    """What one statement tells of an active person: who acts, and what a session and its pages ask besides."""

    actor: Actor
    single_keys: bool
    asks_who: bool | None
    session_id: int | None
    """The session in which they came, if they did."""
    rooms_known: frozenset[str]
    """The rooms whose first line they have put away."""
    projects: Mapping[int, str]
    """The names of the live projects of which they are a member."""


def visit_by(token: str) -> Visit | None:
    """Whoever is signed in on the device that holds this token, read with their roles in one statement."""
    return _visit(_VISIT_BY_TOKEN.run(current_connection(), token_sha256=hash_of(token), now=now()), Via.SESSION)


def visit_of(user_id: int, via: Via = Via.SESSION) -> Visit | None:
    """The active person of that number with their roles, read in one statement."""
    return _visit(_VISIT.run(current_connection(), user_id=user_id), via)


def _visit(rows: list[tuple[Any, ...]], via: Via) -> Visit | None:
    """What the rows tell, one for each project; None when there are none."""
    if not rows:
        return None
    session_id, user_id, name, is_admin, single_keys, asks_who, rooms, *_ = rows[0]
    roles = {
        project_id: frozenset(role for role, is_held in zip(HELD, held, strict=True) if is_held)
        for _, _, _, _, _, _, _, project_id, _, *held in rows
        if project_id is not None
    }
    projects = {project_id: name for _, _, _, _, _, _, _, project_id, name, *_ in rows if project_id is not None}
    known = frozenset(rooms.split())
    return Visit(Actor(user_id, name, is_admin, roles, via), single_keys, asks_who, session_id, known, projects)


def actor_for(user: User, via: Via) -> Actor:
    """The person as somebody who acts. Raises NotFound for a deactivated one."""
    visit = visit_of(user.id, via)
    if visit is None:
        raise NotFound(f"“{user.name}” is deactivated.")
    return visit.actor


def devices_of(actor: Actor) -> list[UserSession]:
    """The devices on which the person is signed in, the one signed in last first."""
    return list(db.session.scalars(_devices_of(actor).order_by(UserSession.id.desc())))


def device_of(actor: Actor, key: UUID) -> UserSession:
    return one(_devices_of(actor).where(UserSession.key == key), "device")


def _devices_of(actor: Actor) -> Select[UserSession]:
    return select(UserSession).where(
        UserSession.user_id == actor.user_id,
        UserSession.kind == SessionKind.DEVICE,
        UserSession.ended_at.is_(None),
        UserSession.expires_at > now(),
    )


# Asked with every request: they are built once.
_PERSON = (
    User.id,
    User.name,
    User.is_admin,
    User.single_keys,
    User.asks_who,
    User.rooms_known,
    Project.id,
    Project.name,
    *HELD.values(),
)
_ROLES = and_(
    Membership.user_id == User.id,
    Membership.project_id.in_(select(Project.id).where(Project.is_live)),
)
_NAMED = Membership.project_id == Project.id
_VISIT = Prepared(
    select(null(), *_PERSON)
    .select_from(User)
    .outerjoin(Membership, _ROLES)
    .outerjoin(Project, _NAMED)
    .where(User.id == bindparam("user_id"), User.deactivated_at.is_(None))
)
_VISIT_BY_TOKEN = Prepared(
    select(UserSession.id, *_PERSON)
    .select_from(UserSession)
    .join(User, User.id == UserSession.user_id)
    .outerjoin(Membership, _ROLES)
    .outerjoin(Project, _NAMED)
    .where(
        UserSession.token_sha256 == bindparam("token_sha256"),
        UserSession.kind == SessionKind.DEVICE,
        UserSession.ended_at.is_(None),
        # The time of the last use is not asked: a clock that was set back signs nobody out.
        UserSession.expires_at > bindparam("now"),
        User.deactivated_at.is_(None),
    )
)
