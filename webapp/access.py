"""Who may call which view: each carries a mark, and a view without one lets nobody in."""

from collections.abc import Callable
from hmac import compare_digest
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from flask_wtf.csrf import CSRFError, generate_csrf
from werkzeug.wrappers import Response

from webapp import visibility
from webapp.db import db
from webapp.last_uses import LastUses
from webapp.models import Actor, Role, User
from webapp.visibility import Visit

ANYONE = "anyone"
SIGNED_IN = "signed in"
ADMIN = "admin"
LAST_USES = "claimtag_last_uses"

View = TypeVar("View", bound=Callable[..., Any])


def allow(*who: str) -> Callable[[View], View]:
    """Mark a view with who may call it: ANYONE, SIGNED_IN, ADMIN, or roles held in at least one project."""
    marks = frozenset(who)
    if not marks or not marks <= {ANYONE, SIGNED_IN, ADMIN, *Role}:
        raise ValueError(f"allow() takes {ANYONE!r}, {SIGNED_IN!r} or roles, not {sorted(marks)}.")

    def mark(view: View) -> View:
        view.allowed = marks  # type: ignore[attr-defined]
        return view

    return mark


def visitor() -> Visit | None:
    """Whoever is signed in on the device that asks; read once a request."""
    if "visitor" not in g:
        token = session.get("token")
        g.visitor = visibility.visit_by(token) if isinstance(token, str) else None
    seen: Visit | None = g.visitor
    return seen


def visit() -> Visit:
    """Who is signed in, with their preferences; only for views whose mark asks for a person."""
    seen = visitor()
    assert seen is not None
    return seen


def current_actor() -> Actor:
    """Who acts in this request; only for views whose mark asks for a person."""
    return visit().actor


def current_user() -> User:
    """The row of the person signed in, for the few views that edit it or tell what it holds."""
    person = g.person = db.session.get_one(User, current_actor().user_id)  # held, or each call would read it again
    return person


def init_app(app: Flask) -> None:
    app.extensions[LAST_USES] = LastUses()
    app.before_request(_guard)


def _guard() -> Response | None:
    if request.endpoint is None or request.endpoint == "static":
        return None  # no such page: the 404 is for everybody
    marks: frozenset[str] = getattr(request_view(), "allowed", frozenset())
    if ANYONE in marks:
        return None
    if not marks:
        abort(403)
    seen = visitor()
    if seen is None:
        return _to_sign_in()
    actor = seen.actor
    if request.headers.get("X-Claimtag-User", type=int) not in (None, actor.id):
        abort(401)  # a page left open by somebody else: what it holds is theirs to send
    if seen.session_id is not None:
        last_uses(current_app).note(seen.session_id)
    if not (
        SIGNED_IN in marks or (ADMIN in marks and actor.is_admin) or any(marks & held for held in actor.roles.values())
    ):
        abort(403)
    if is_api() and request.method in current_app.config["WTF_CSRF_METHODS"]:
        _require_token()
    return None


def _to_sign_in() -> Response:
    """A page asked for comes after signing in; a script is told."""
    if is_api():
        abort(401)
    target = request.full_path.removesuffix("?") if request.method == "GET" else None
    return redirect(url_for("accounts.sign_in", next=target))


def last_uses(app: Flask) -> LastUses:
    """When its sessions were used, as far as that is not written down yet."""
    noted: LastUses = app.extensions[LAST_USES]
    return noted


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


def keep_token(token: str) -> None:
    """Sign this device in: its cookie carries the token of a session, and a new secret against forgery."""
    session.clear()
    session.permanent = True
    session["token"] = token
    g.pop("visitor", None)


def forget_token() -> None:
    """Take the session's token from this device."""
    session.clear()
    g.pop("visitor", None)
