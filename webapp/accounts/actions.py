"""Writes about people: accounts, passwords, and the links by which they sign in."""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import Session

from webapp.accounts.queries import TRIES_COUNT_FOR, active_user_named, wait_before_next_try
from webapp.config import SESSION_LIFETIME, command
from webapp.db import db_write, lock_rows, now
from webapp.domain.errors import BadAccount, BadPeople, SignInRefused, TooSoon
from webapp.domain.plain_text import clear_name, storable
from webapp.domain.sign_in_tries import network_of
from webapp.domain.tokens import hash_of, new_token
from webapp.models import NOBODY, SHELL, Actor, LinkPurpose, SignInAttempt, SignInLink, User, UserSession, Via, audit

LINK_LIFETIME = timedelta(minutes=15)
INVITATION_LIFETIME = timedelta(hours=24)
LONGEST_NAME = 200
LONGEST_PASSWORD = 1_000
SHORTEST_PASSWORD = 10

LINK_GONE = (
    f"This sign-in link was used already or is too old. On the machine itself, `{command('link')}` prints a new one."
)
NO_MATCH = "Name and password do not match; check both and try again."
INVITATION_GONE = "This link was used already, was replaced by a newer one, or is older than a day. Ask for a new one."

hasher = PasswordHasher(time_cost=3, memory_cost=19_456, parallelism=1)
# Verified when there is no such person, so that the answer takes as long as for a wrong password.
_NOBODY = hasher.hash(secrets.token_hex())


@dataclass(frozen=True)
class Device:
    """What somebody signs in on."""

    label: str | None = None
    address: str = ""
    session_id: int | None = None
    """The session that is open on it, which the next one ends."""


@dataclass(frozen=True)
class NewSession:
    """Who is signed in now, and the token that says so."""

    user: User
    token: str


UNKNOWN = Device()


@contextmanager
def _holding(people: ColumnElement[bool]) -> Iterator[Session]:
    """A write about people whose rows are locked: nobody is signed in beside the end of all their sessions."""
    with db_write() as session:
        lock_rows(session, select(User.id).where(people).order_by(User.id))
        yield session


def _whose(token: str) -> ColumnElement[bool]:
    return User.id.in_(select(SignInLink.user_id).where(SignInLink.token_sha256 == hash_of(token)))


def add_user(name: str, *, is_admin: bool = False, by: Actor = SHELL) -> User:
    """A new person without a password. Raises BadAccount for an empty, overlong, misleading or taken name."""
    clean = clear_name(name, LONGEST_NAME, BadAccount)
    if clean is None:
        raise BadAccount("A person needs a name.")
    with db_write() as session:
        if session.scalar(select(User.id).where(User.name == clean)) is not None:
            raise BadAccount(f"Somebody is called “{clean}” already; choose another name.")
        user = User(name=clean, is_admin=is_admin)
        session.add(user)
        session.flush()
        audit(session, by, "user added", user_id=user.id)
    return user


def set_password(user: User, password: str, *, by: Actor = SHELL) -> None:
    """Give the person this password and end their sessions. Raises BadAccount for a short one."""
    hashed = _hashed(password)
    with _holding(User.id == user.id) as session:
        _take_password(session, user, hashed, by)


def change_password(user: User, old: str, new: str, device: Device = UNKNOWN) -> NewSession:
    """Change one's own password, knowing the old one; every session ends but a new one here.

    Raises BadAccount, and TooSoon after wrong ones.
    """
    if user.password_hash is not None and not _right_password(user.name, user.password_hash, old, device.address):
        raise BadAccount("The old password is not right.")
    hashed = _hashed(new)
    with _holding(User.id == user.id) as session:
        _take_password(session, user, hashed, _themselves(user))
        return _begun(session, user, device, "a new password")


def _hashed(password: str) -> str:
    if len(password) < SHORTEST_PASSWORD:
        raise BadAccount(f"A password has at least {SHORTEST_PASSWORD} characters.")
    if len(password) > LONGEST_PASSWORD:
        raise BadAccount(f"A password has at most {LONGEST_PASSWORD} characters.")
    return hasher.hash(password)


def _take_password(session: Session, user: User, hashed: str, by: Actor) -> None:
    user.password_hash = hashed
    _shut_out(session, user)
    audit(session, by, "password set", user_id=user.id)


def _verified(hashed: str, password: str) -> bool:
    try:
        return hasher.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False


def _themselves(user: User) -> Actor:
    """The person as who acts on their own account, before there is a session."""
    return Actor(user.id, user.name, user.is_admin, {}, Via.SESSION)


# ---- signing in


def sign_in_by_password(name: str, password: str, device: Device = UNKNOWN) -> NewSession:
    """Sign the person in whose password this is.

    Raises SignInRefused, saying the same whatever was wrong, and TooSoon after many of those.
    """
    name = storable(" ".join(name.split())[:LONGEST_NAME])
    user = active_user_named(name)
    hashed = user.password_hash if user else None
    right = _right_password(name, hashed, password, device.address)
    if user is None or not right:
        with db_write() as session:
            audit(session, NOBODY, "sign-in refused", name=name, address=device.address)
        raise SignInRefused(NO_MATCH)
    rehashed = hasher.hash(password) if hashed and hasher.check_needs_rehash(hashed) else hashed
    with _holding(User.id == user.id) as session:
        if user.password_hash != hashed or not user.is_active:  # changed while this one was looked at
            raise SignInRefused(NO_MATCH)
        user.password_hash = rehashed
        return _begun(session, user, device, "password")


def _right_password(name: str, hashed: str | None, password: str, address: str) -> bool:
    """Whether this is the password, None being nobody's; takes as long either way. Raises TooSoon.

    Each try is counted before the password is looked at, so that many at once count as many, and by name and
    address together: nobody keeps another from signing in elsewhere, nor all who share an address.
    """
    network = network_of(address)
    with _holding(User.name == name) as session:
        if (wait := wait_before_next_try(name, network)) > timedelta(0):
            raise TooSoon(wait)
        session.execute(delete(SignInAttempt).where(SignInAttempt.at < now() - TRIES_COUNT_FOR))
        session.add(SignInAttempt(name=name, address=network))
    right = _verified(hashed or _NOBODY, password) and hashed is not None
    if right:
        with _holding(User.name == name) as session:
            session.execute(delete(SignInAttempt).where(SignInAttempt.name == name, SignInAttempt.address == network))
    return right


def new_link(user: User) -> str:
    """A token that signs this person in once, within a quarter of an hour. Raises BadAccount if deactivated."""
    return _new_link(user, LinkPurpose.SIGN_IN, LINK_LIFETIME, SHELL)


def new_invitation(user: User, by: Actor) -> str:
    """A token with which this person sets a password, once, within a day; for a start and for a reset alike."""
    return _new_link(user, LinkPurpose.SET_PASSWORD, INVITATION_LIFETIME, by)


def _new_link(user: User, purpose: LinkPurpose, lifetime: timedelta, by: Actor) -> str:
    if not user.is_active:
        raise BadAccount(f"“{user.name}” is deactivated and cannot sign in.")
    token = new_token()
    with db_write() as session:
        if purpose is LinkPurpose.SET_PASSWORD:
            # A new invitation ends the ones before: a link that went astray is made worthless by the next.
            open_ones = SignInLink.user_id == user.id, SignInLink.purpose == purpose, SignInLink.used_at.is_(None)
            session.execute(update(SignInLink).where(*open_ones).values(used_at=now()))
        audit(session, by, "invited" if purpose is LinkPurpose.SET_PASSWORD else "link made", user_id=user.id)
        session.add(
            SignInLink(token_sha256=hash_of(token), user_id=user.id, purpose=purpose, expires_at=now() + lifetime)
        )
    return token


def sign_in_by_link(token: str, device: Device = UNKNOWN) -> NewSession:
    """Sign the person of an unused link in, which is used up by this. Raises SignInRefused."""
    with _holding(_whose(token)) as session:
        user = _use_up(session, token, LinkPurpose.SIGN_IN)
        if user is None:
            raise SignInRefused(LINK_GONE)
        return _begun(session, user, device, "link")


def accept_invitation(token: str, password: str, device: Device = UNKNOWN) -> NewSession:
    """Sign the person of an unused invitation in, with this password from now on. Raises SignInRefused, BadAccount."""
    hashed = _hashed(password)
    with _holding(_whose(token)) as session:
        user = _use_up(session, token, LinkPurpose.SET_PASSWORD)
        if user is None:
            raise SignInRefused(INVITATION_GONE)
        _take_password(session, user, hashed, _themselves(user))
        return _begun(session, user, device, "invitation")


def _use_up(session: Session, token: str, purpose: LinkPurpose) -> User | None:
    # One statement both finds and uses up the link: two clicks at once cannot both succeed.
    user_id = session.scalar(
        update(SignInLink)
        .where(
            SignInLink.token_sha256 == hash_of(token),
            SignInLink.purpose == purpose,
            SignInLink.used_at.is_(None),
            SignInLink.expires_at > now(),
        )
        .values(used_at=now())
        .returning(SignInLink.user_id)
    )
    user = session.get(User, user_id) if user_id is not None else None
    return user if user and user.is_active else None


def _begun(session: Session, user: User, device: Device, by: str) -> NewSession:
    """A session of the person on this device, in place of the one that was open there."""
    if device.session_id is not None:
        _end_sessions(session, UserSession.id == device.session_id)
    token = new_token()
    begun = UserSession(
        token_sha256=hash_of(token),
        user_id=user.id,
        label=device.label,
        address=device.address or None,
        expires_at=now() + SESSION_LIFETIME,
    )
    session.add(begun)
    session.flush()
    audit(session, _themselves(user), "signed in", by=by, session_id=begun.id, device=device.label)
    return NewSession(user, token)


# ---- signing out


def sign_out(by: Actor, session_id: int) -> None:
    """End the session in which somebody acts; its cookie opens nothing any more."""
    with db_write() as session:
        _end_sessions(session, UserSession.id == session_id)
        audit(session, by, "signed out", session_id=session_id)


def sign_out_device(device: UserSession, by: Actor) -> None:
    """End one session of one's own, most likely on another device."""
    with db_write() as session:
        _end_sessions(session, UserSession.id == device.id)
        audit(session, by, "device signed out", session_id=device.id, device=device.label)


def _shut_out(session: Session, user: User) -> None:
    """End all sessions of the person, and the links by which new ones could begin."""
    _end_sessions(session, UserSession.user_id == user.id)
    open_links = SignInLink.user_id == user.id, SignInLink.used_at.is_(None)
    session.execute(update(SignInLink).where(*open_links).values(used_at=now()))


def _end_sessions(session: Session, which: ColumnElement[bool]) -> None:
    session.execute(update(UserSession).where(which, UserSession.ended_at.is_(None)).values(ended_at=now()))


# ---- an account's life


def sign_out_everywhere(user: User) -> None:
    """End every session of this person, this one included, and the links that would begin another."""
    with _holding(User.id == user.id) as session:
        _shut_out(session, user)
        audit(session, _themselves(user), "signed out everywhere")


@dataclass(frozen=True)
class Change:
    """What becomes of a person; None: it stays as it is."""

    is_admin: bool | None = None
    is_active: bool | None = None


def set_active(user: User, active: bool, by: Actor) -> None:
    """Deactivate a person, or take that back; their work stays. Raises BadAccount for the last active admin."""
    change_people({user.id: Change(is_active=active)}, by)


def set_admin(user: User, is_admin: bool, by: Actor) -> None:
    """Make a person an admin of the installation, or take that back. Raises BadAccount for the last active admin."""
    change_people({user.id: Change(is_admin=is_admin)}, by)


def change_people(changes: Mapping[int, Change], by: Actor) -> int:
    """Change people, by their ids, all or none; returns how many are different now.

    Raises BadPeople, with a sentence for each of them, where no active admin would be left.
    """
    with _holding(or_(User.is_admin, User.id.in_(changes))) as session:
        people = session.scalars(select(User).where(or_(User.is_admin, User.id.in_(changes))).order_by(User.id)).all()
        wanted = {person.id: _as_wanted(person, changes.get(person.id, Change())) for person in people}
        leaving = [person.id for person in people if person.is_admin and person.is_active]
        if leaving and not any(all(both) for both in wanted.values()):
            raise BadPeople(dict.fromkeys(leaving, "No active admin would be left; make somebody else an admin first."))
        different = [person for person in people if wanted[person.id] != (person.is_admin, person.is_active)]
        for person in different:
            is_admin, is_active = wanted[person.id]
            if is_active is not person.is_active:
                _shut_out(session, person)
                person.deactivated_at = None if is_active else now()
                audit(session, by, "reactivated" if is_active else "deactivated", user_id=person.id)
            if is_admin is not person.is_admin:
                person.is_admin = is_admin
                audit(session, by, "made admin" if is_admin else "no admin any more", user_id=person.id)
    return len(different)


def _as_wanted(person: User, change: Change) -> tuple[bool, bool]:
    """Whether the person is an admin then, and active."""
    is_admin = person.is_admin if change.is_admin is None else change.is_admin
    return is_admin, person.is_active if change.is_active is None else change.is_active


PREFERENCES = ("single_keys", "asks_who")


def choose(user: User, wanted: Mapping[str, bool]) -> None:
    """How this person's desk behaves: one or more of PREFERENCES, the others stay."""
    with db_write():
        for name in PREFERENCES:
            if name in wanted:
                setattr(user, name, wanted[name])
