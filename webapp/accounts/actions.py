"""Writes about people: accounts, passwords, and the links by which they sign in."""

import hashlib
import secrets
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select, update

from webapp.accounts.queries import user_named
from webapp.db import db_write, now
from webapp.domain.errors import DomainError, NotFound
from webapp.domain.plain_text import clean_line
from webapp.models import SignInLink, User, audit

LINK_LIFETIME = timedelta(minutes=15)
LONGEST_NAME = 200
SHORTEST_PASSWORD = 10

hasher = PasswordHasher(time_cost=3, memory_cost=19_456, parallelism=1)
# Verified when there is no such person, so that the answer takes as long as for a wrong password.
_NOBODY = hasher.hash(secrets.token_hex())


class BadAccount(DomainError):
    """A name or password cannot be taken."""


class SignInRefused(DomainError):
    """Name and password do not belong together, or the link is used up."""


def add_user(name: str, *, is_admin: bool = False) -> User:
    """A new person without a password. Raises BadAccount for an empty, overlong or taken name."""
    clean = clean_line("name", name, LONGEST_NAME, BadAccount)
    clean = " ".join(clean.split()) if clean else None
    if clean is None:
        raise BadAccount("A person needs a name.")
    with db_write() as session:
        if session.scalar(select(User.id).where(User.name == clean)) is not None:
            raise BadAccount(f"Somebody is called “{clean}” already; choose another name.")
        user = User(name=clean, is_admin=is_admin)
        session.add(user)
        session.flush()
        audit(session, "user added", actor_id=None, user_id=user.id)
    return user


def set_password(user: User, password: str) -> None:
    """Give the person this password and end their sessions. Raises BadAccount for a short one."""
    if len(password) < SHORTEST_PASSWORD:
        raise BadAccount(f"A password has at least {SHORTEST_PASSWORD} characters.")
    hashed = hasher.hash(password)
    with db_write() as session:
        user.password_hash = hashed
        user.session_version += 1
        audit(session, "password set", actor_id=user.id)


def sign_in_by_password(name: str, password: str) -> User:
    """The person whose password this is. Raises SignInRefused, saying the same whatever was wrong."""
    try:
        user = user_named(name)
    except NotFound:
        user = None
    hashed = (user.password_hash if user and user.is_active else None) or _NOBODY
    try:
        hasher.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        user = None
    if user is None or user.password_hash is None:
        raise SignInRefused("Name and password do not match; check both and try again.")
    rehashed = hasher.hash(password) if hasher.check_needs_rehash(user.password_hash) else None
    with db_write() as session:
        if rehashed:
            user.password_hash = rehashed
        audit(session, "signed in", actor_id=user.id, by="password")
    return user


def new_link(user: User) -> str:
    """A token that signs this person in once, within a quarter of an hour. Raises BadAccount if deactivated."""
    if not user.is_active:
        raise BadAccount(f"“{user.name}” is deactivated and cannot sign in.")
    token = secrets.token_urlsafe(32)
    with db_write() as session:
        session.add(SignInLink(token_sha256=_hash(token), user_id=user.id, expires_at=now() + LINK_LIFETIME))
    return token


def sign_in_by_link(token: str) -> User:
    """The person of an unused link, which is used up by this. Raises SignInRefused."""
    with db_write() as session:
        # One statement both finds and uses up the link: two clicks at once cannot both succeed.
        user_id = session.scalar(
            update(SignInLink)
            .where(
                SignInLink.token_sha256 == _hash(token),
                SignInLink.used_at.is_(None),
                SignInLink.expires_at > now(),
            )
            .values(used_at=now())
            .returning(SignInLink.user_id)
        )
        user = session.get(User, user_id) if user_id is not None else None
        if user is None or not user.is_active:
            raise SignInRefused(
                "This sign-in link was used already or is too old. "
                "On the machine itself, `claimtag link` prints a new one."
            )
        audit(session, "signed in", actor_id=user.id, by="link")
    return user


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def choose_single_keys(user: User, wanted: bool) -> None:
    """Whether single letters and digits act at this person's desk."""
    with db_write():
        user.single_keys = wanted
