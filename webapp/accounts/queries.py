"""Reads about people."""

from datetime import timedelta

from sqlalchemy import func, select

from webapp.config import command
from webapp.db import db, now
from webapp.domain.errors import NotFound
from webapp.domain.tokens import hash_of
from webapp.models import LinkPurpose, SignInAttempt, SignInLink, User

WINDOW = timedelta(minutes=15)
MOST_PER_NAME = 10
MOST_PER_ADDRESS = 30


def user_named(name: str) -> User:
    """The person of that name, active or not. Raises NotFound."""
    user = db.session.scalar(select(User).where(User.name == name.strip()))
    if user is None:
        raise NotFound(f"There is nobody called “{name.strip()}”; `{command('user', 'list')}` shows who there is.")
    return user


def all_users() -> list[User]:
    return list(db.session.scalars(select(User).order_by(User.name)))


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


def active_admins() -> int:
    admins = User.is_admin, User.deactivated_at.is_(None)
    return db.session.scalar(select(func.count()).select_from(User).where(*admins)) or 0


def too_many_attempts(name: str, address: str) -> bool:
    """Whether so many wrong passwords came of late that the next one is not even looked at."""
    recent = select(func.count()).select_from(SignInAttempt).where(SignInAttempt.at > now() - WINDOW)
    for_name = db.session.scalar(recent.where(SignInAttempt.name == name)) or 0
    from_address = db.session.scalar(recent.where(SignInAttempt.address == address)) or 0
    return for_name >= MOST_PER_NAME or from_address >= MOST_PER_ADDRESS


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
