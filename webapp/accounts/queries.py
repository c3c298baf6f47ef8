"""Reads about people."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager

from webapp.config import command
from webapp.db import db, now
from webapp.domain.errors import NotFound
from webapp.domain.sign_in_tries import wait_after
from webapp.domain.tokens import hash_of
from webapp.models import LinkPurpose, Membership, Project, SignInAttempt, SignInLink, User

TRIES_COUNT_FOR = timedelta(days=1)


def user_named(name: str) -> User:
    """The person of that name, active or not. Raises NotFound."""
    user = db.session.scalar(select(User).where(User.name == name.strip()))
    if user is None:
        raise NotFound(f"There is nobody called “{name.strip()}”; `{command('user', 'list')}` shows who there is.")
    return user


def all_users() -> list[User]:
    return list(db.session.scalars(select(User).order_by(User.name)))


def projects_by_person() -> dict[int, list[Project]]:
    """By the ids of people the live projects in which they have a role, oldest first."""
    query = select(Membership).join(Membership.project).options(contains_eager(Membership.project))
    found: dict[int, list[Project]] = {}
    for member in db.session.scalars(query.where(Project.is_live).order_by(Project.id)):
        if member.roles:
            found.setdefault(member.user_id, []).append(member.project)
    return found


def first_user() -> User | None:
    """The person for whom the installation was set up."""
    return db.session.scalar(select(User).where(User.deactivated_at.is_(None)).order_by(User.id).limit(1))


def somebody_has_a_password() -> bool:
    has_password = User.password_hash.is_not(None), User.deactivated_at.is_(None)
    return bool(db.session.scalar(select(func.count()).select_from(User).where(*has_password)))


def user_with(user_id: int) -> User:
    """The person with that id. Raises NotFound."""
    user = db.session.get(User, user_id)
    if user is None:
        raise NotFound("There is no such person.")
    return user


def active_user_named(name: str) -> User | None:
    return db.session.scalar(select(User).where(User.name == name, User.deactivated_at.is_(None)))


def wait_before_next_try(name: str, network: str) -> timedelta:
    """How long a password for this name from there is not looked at, after those that were wrong of late."""
    # What is said to lie ahead was written before the clock was set back, and would else shut the door for long.
    of_late = SignInAttempt.at > now() - TRIES_COUNT_FOR, SignInAttempt.at <= now()
    tries = select(func.count(), func.max(SignInAttempt.at)).where(
        SignInAttempt.name == name, SignInAttempt.address == network, *of_late
    )
    count, last = db.session.execute(tries).one()
    return last + wait_after(count) - now() if last else timedelta(0)


def link_holder(token: str, purpose: LinkPurpose) -> User | None:
    """The person whom a link that still holds is for; looking does not use it up."""
    link = db.session.scalar(
        select(SignInLink).where(
            SignInLink.token_sha256 == hash_of(token),
            SignInLink.purpose == purpose,
            SignInLink.used_at.is_(None),
            SignInLink.expires_at > now(),
        )
    )
    return link.user if link and link.user.is_active else None
