"""Who may call which view: each carries a mark, and a view without one lets nobody in."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, request
from flask_login import LoginManager
from flask_login import current_user as _current_user
from werkzeug.wrappers import Response

from webapp import visibility
from webapp.db import db
from webapp.models import Role, User

ANYONE = "anyone"
SIGNED_IN = "signed in"
ADMIN = "admin"

View = TypeVar("View", bound=Callable[..., Any])

login_manager = LoginManager()
login_manager.login_view = "accounts.sign_in"
login_manager.login_message = None
login_manager.session_protection = None  # moving between networks must not sign an analyst out


def allow(*who: str) -> Callable[[View], View]:
    """Mark a view with who may call it: ANYONE, SIGNED_IN, ADMIN, or roles held in at least one project."""
    marks = frozenset(who)
    if not marks or not marks <= {ANYONE, SIGNED_IN, ADMIN, *Role}:
        raise ValueError(f"allow() takes {ANYONE!r}, {SIGNED_IN!r} or roles, not {sorted(marks)}.")

    def mark(view: View) -> View:
        view.allowed = marks  # type: ignore[attr-defined]
        return view

    return mark


def current_user() -> User:
    """The person signed in; only for views whose mark asks for one."""
    user = _current_user._get_current_object()
    assert isinstance(user, User)
    return user


def my_roles() -> set[Role]:
    """The roles of the person signed in, over all projects; looked up once a request."""
    if "roles" not in g:
        g.roles = visibility.roles_of(current_user()) if _current_user.is_authenticated else set()
    roles: set[Role] = g.roles
    return roles


def init_app(app: Flask) -> None:
    login_manager.init_app(app)
    app.before_request(_guard)


def _guard() -> Response | None:
    if request.endpoint is None or request.endpoint == "static":
        return None  # no such page: the 404 is for everybody
    marks: frozenset[str] = getattr(request_view(), "allowed", frozenset())
    if ANYONE in marks:
        return None
    if not marks:
        abort(403)
    if not _current_user.is_authenticated:
        if is_api():
            abort(401)
        response: Response = login_manager.unauthorized()
        return response
    if request.headers.get("X-Claimtag-User", type=int) not in (None, current_user().id):
        abort(401)  # a page left open by somebody else: what it holds is theirs to send
    if SIGNED_IN in marks or (ADMIN in marks and current_user().is_admin) or marks & my_roles():
        return None
    return abort(403)


def request_view() -> Callable[..., Any] | None:
    return current_app.view_functions.get(request.endpoint or "")


def is_api() -> bool:
    """Whether the caller is a script or program that expects JSON."""
    return request.path.startswith("/api/")


@login_manager.user_loader  # type: ignore[untyped-decorator]
def load_user(session_id: str) -> User | None:
    """The person of a session, unless deactivated or signed out everywhere since."""
    user_id, _, version = session_id.partition(":")
    user = db.session.get(User, int(user_id)) if user_id.isdecimal() else None
    if user is None or not user.is_active or str(user.session_version) != version:
        return None
    return user
