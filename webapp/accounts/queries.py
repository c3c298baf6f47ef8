"""Reads about people."""

from sqlalchemy import func, select

from webapp.db import db
from webapp.domain.errors import NotFound
from webapp.models import User


def user_named(name: str) -> User:
    """The person of that name, active or not. Raises NotFound."""
    user = db.session.scalar(select(User).where(User.name == name.strip()))
    if user is None:
        raise NotFound(f"There is nobody called “{name.strip()}”; `claimtag user list` shows who there is.")
    return user


def all_users() -> list[User]:
    return list(db.session.scalars(select(User).order_by(User.name)))


def first_user() -> User | None:
    """The person for whom the installation was set up."""
    return db.session.scalar(select(User).where(User.deactivated_at.is_(None)).order_by(User.id).limit(1))


def somebody_has_a_password() -> bool:
    has_password = User.password_hash.is_not(None), User.deactivated_at.is_(None)
    return bool(db.session.scalar(select(func.count()).select_from(User).where(*has_password)))
