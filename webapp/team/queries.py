"""Reads about a team: its members, when each was last there, and what they hold."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from webapp import visibility
from webapp.db import db
from webapp.models import Actor, Membership, Project, User, UserSession
from webapp.projects.queries import Load, loads_in, members_of


@dataclass(frozen=True)
class Mate:
    """One member of the team."""

    member: Membership
    seen: datetime | None
    """When they were last there; None for whoever has not come yet."""
    load: Load | None


def team_of(project: Project, reader: Actor) -> list[Mate]:
    """The members, by name; what they hold for who supervises them, and not for an admin who only manages them."""
    members = members_of(project)
    last = func.max(UserSession.last_used_at).label("last")
    ids = [member.user_id for member in members]
    rows = db.session.execute(
        select(UserSession.user_id, last).where(UserSession.user_id.in_(ids)).group_by(UserSession.user_id)
    )
    seen = {row.user_id: row.last for row in rows}
    loads = loads_in(project) if visibility.supervises(reader, project.id) else {}
    return [Mate(member, seen.get(member.user_id), loads.get(member.user_id)) for member in members]


def people_named(names: list[str]) -> dict[str, User]:
    """Those of these people whom there are, by name."""
    return {user.name: user for user in db.session.scalars(select(User).where(User.name.in_(names)))}
