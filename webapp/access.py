"""Who may call which view: each carries a mark, and a view without one lets nobody in."""

from collections.abc import Callable
from hmac import compare_digest
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, request, session
from flask_login import LoginManager, login_user
from flask_login import current_user as whoever
from flask_wtf.csrf import CSRFError, generate_csrf
from werkzeug.wrappers import Response

from webapp import visibility
from webapp.db import db
from webapp.models import Actor, Role, User

ANYONE = "anyone"
SIGNED_IN = "signed in"
ADMIN = "admin"

View = TypeVar("View", bound=Callable[..., Any])

login_manager = LoginManager()
login_manager.login_view = "accounts.sign_in"
login_manager.login_message = None
# Moving between networks must not sign an analyst out.
login_manager.session_protection = None


def allow(*who: str) -> Callable[[View], View]:
    """Mark a view with who may call it: ANYONE, SIGNED_IN, ADMIN, or roles held in at least one project."""
    marks = frozenset(who)
    if not marks or not marks <= {ANYONE, SIGNED_IN, ADMIN, *Role}:
        raise ValueError(f"allow() takes {ANYONE!r}, {SIGNED_IN!r} or roles, not {sorted(marks)}.")

    def mark(view: View) -> View:
        view.allowed = marks  # type: ignore[attr-defined]
        return view

    return mark


class SignedIn:
    """Who Flask-Login takes for signed in: a visit, with what it asks of one."""

    is_active = True
    is_authenticated = True
    is_anonymous = False

    def __init__(self, visit: visibility.Visit) -> None:
        self.visit = visit

    def get_id(self) -> str:
        return f"{self.visit.actor.id}:{self.visit.session_version}"


def visit() -> visibility.Visit:
    """Who is signed in, with their preferences; only for views whose mark asks for a person."""
    person = whoever._get_current_object()
    assert isinstance(person, SignedIn)
    return person.visit


def current_actor() -> Actor:
    """Who acts in this request; only for views whose mark asks for a person."""
    return visit().actor


def current_user() -> User:
    """The row of the person signed in, for the few views that edit it or tell what it holds."""
    person = g.person = db.session.get_one(User, current_actor().user_id)  # held, or each call would read it again
    return person


def init_app(app: Flask) -> None:
    login_manager.init_app(app, add_context_processor=False)  # its own would ask the database for every error page
    app.before_request(_guard)


def _guard() -> Response | None:
    if request.endpoint is None or request.endpoint == "static":
        return None  # no such page: the 404 is for everybody
    marks: frozenset[str] = getattr(request_view(), "allowed", frozenset())
    if ANYONE in marks:
        return None
    if not marks:
        abort(403)
    if not whoever.is_authenticated:
        if is_api():
            abort(401)
        response: Response = login_manager.unauthorized()
        return response
    actor = current_actor()
    if request.headers.get("X-Claimtag-User", type=int) not in (None, actor.id):
        abort(401)  # a page left open by somebody else: what it holds is theirs to send
    if not (
        SIGNED_IN in marks or (ADMIN in marks and actor.is_admin) or any(marks & held for held in actor.roles.values())
    ):
        abort(403)
    if is_api() and request.method in current_app.config["WTF_CSRF_METHODS"]:
        _require_token()
    return None


def script_token() -> str:
    """What a script sends in `X-CSRFToken`: the secret of its session that forms carry signed."""
    generate_csrf()  # makes the secret, when the session has none yet
    return str(session["csrf_token"])


def _require_token() -> None:
    """A call that changes something carries the token of its session in a header, which no other site can set."""
    if not current_app.config["WTF_CSRF_ENABLED"]:
        return
    sent = request.headers.get("X-CSRFToken", "")
    if "csrf_token" not in session or not compare_digest(sent.encode(), session["csrf_token"].encode()):
        raise CSRFError("The token in X-CSRFToken is not that of this session.")


def request_view() -> Callable[..., Any] | None:
    return current_app.view_functions.get(request.endpoint or "")


def is_api() -> bool:
    """Whether the caller is a script or program that expects JSON."""
    return request.path.startswith("/api/")


@login_manager.user_loader  # type: ignore[untyped-decorator]
def load_user(session_id: str) -> SignedIn | None:
    """The person of a session, unless deactivated or signed out everywhere since."""
    user_id, _, version = session_id.partition(":")
    visit = visibility.visit_of(int(user_id)) if user_id.isdecimal() else None
    return SignedIn(visit) if visit and str(visit.session_version) == version else None


def sign_in(user: User) -> None:
    """Begin a session of this person, unless deactivated this very moment."""
    session.clear()
    session.permanent = True
    if visit := visibility.visit_of(user.id):
        login_user(SignedIn(visit))
