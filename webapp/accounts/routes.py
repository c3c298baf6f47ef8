"""Signing in and out."""

from typing import TypeGuard
from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_login import current_user as whoever
from flask_login import login_user, logout_user
from werkzeug.wrappers import Response

from webapp.access import ANYONE, SIGNED_IN, allow
from webapp.accounts import actions
from webapp.accounts.forms import SignInForm
from webapp.models import User

bp = Blueprint("accounts", __name__)


@bp.route("/sign-in", methods=["GET", "POST"])
@allow(ANYONE)
def sign_in() -> str | Response:
    form = SignInForm()
    if form.submitted():
        try:
            user = actions.sign_in_by_password(form.name.data, form.password.data)
        except actions.SignInRefused as refused:
            form.form_errors.append(str(refused))
        else:
            return _welcome(user, request.args.get("next"))
    return render_template("accounts/sign_in.html", form=form)


@bp.get("/sign-in/<token>")
@allow(ANYONE)
def sign_in_by_link(token: str) -> Response:
    try:
        user = actions.sign_in_by_link(token)
    except actions.SignInRefused as refused:
        if whoever.is_authenticated:  # the link in the terminal, clicked a second time
            return redirect(url_for("articles.index"))
        flash(str(refused), "error")
        return redirect(url_for(".sign_in"))
    return _welcome(user, request.args.get("next"))


@bp.post("/sign-out")
@allow(SIGNED_IN)
def sign_out() -> Response:
    logout_user()
    return redirect(url_for(".sign_in"))


def _welcome(user: User, target: str | None) -> Response:
    session.clear()
    session.permanent = True
    login_user(user)
    return redirect(target if is_local(target) else url_for("articles.index"))


def is_local(target: str | None) -> TypeGuard[str]:
    """Whether this is a path of our own, so that a link cannot lead a person who signs in elsewhere."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")) or "\\" in target:
        return False
    parts = urlsplit(target)
    return not parts.scheme and not parts.netloc
