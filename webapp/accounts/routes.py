"""Signing in and out."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from types import MappingProxyType
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp import access, backups, visibility
from webapp.access import ADMIN, ANYONE, SIGNED_IN, allow, current_actor, current_user
from webapp.accounts import actions, queries
from webapp.accounts.forms import InvitationForm, LinkForm, PasswordForm, PersonForm, SignInForm
from webapp.config import base_url
from webapp.domain.devices import device_label
from webapp.domain.errors import BadAccount, BadPeople, SignInRefused, TooSoon
from webapp.ids import whole_number
from webapp.models import LinkPurpose, User
from webapp.navigation import is_local

bp = Blueprint("accounts", __name__)

Waiting = tuple[str, int, dict[str, str]]
"""A page, 429, and after how many seconds the next try is worth it."""


@bp.route("/sign-in", methods=["GET", "POST"])
@allow(ANYONE)
def sign_in() -> str | Response | Waiting:
    form = SignInForm()
    if form.submitted():
        try:
            begun = actions.sign_in_by_password(form.name.data, form.password.data, _device())
        except SignInRefused as refused:
            form.form_errors.append(str(refused))
        except TooSoon as refused:
            form.form_errors.append(str(refused))
            return _sign_in_page(form), 429, {"Retry-After": str(refused.seconds)}
        else:
            return _welcome(begun, request.args.get("next"))
    return _sign_in_page(form)


def _sign_in_page(form: SignInForm) -> str:
    """A page of one form, whoever is signed in here already."""
    return render_template("accounts/sign_in.html", form=form, me=None)


@bp.route("/sign-in/<token>", methods=["GET", "POST"])
@allow(ANYONE)
def sign_in_by_link(token: str) -> str | Response:
    """A page with one form: what looks at an address ahead of a person, a chat say, does not use the link up."""
    form = LinkForm()
    try:
        if form.submitted():
            return _welcome(actions.sign_in_by_link(token, _device()), request.args.get("next"))
        person = queries.link_holder(token, LinkPurpose.SIGN_IN)
        if person is None:
            raise SignInRefused(actions.LINK_GONE)
    except SignInRefused as refused:
        if access.visitor():  # the link in the terminal, clicked a second time
            return redirect(url_for("articles.index"))
        flash(str(refused), "error")
        return redirect(url_for(".sign_in"))
    return render_template("accounts/link.html", person=person, form=form, me=None)


@bp.post("/sign-out")
@allow(SIGNED_IN)
def sign_out() -> Response:
    if here := access.visit().session_id:
        actions.sign_out(current_actor(), here)
    return _farewell()


@bp.route("/invitation/<token>", methods=["GET", "POST"])
@allow(ANYONE)
def accept_invitation(token: str) -> str | Response | tuple[str, int]:
    person = queries.link_holder(token, LinkPurpose.SET_PASSWORD)
    form = InvitationForm()
    if person and form.submitted():
        try:
            return _welcome(actions.accept_invitation(token, form.password.data, _device()), None)
        except BadAccount as refused:
            form.password.errors = [str(refused)]
        except SignInRefused:
            person = None
    page = render_template(
        "accounts/invitation.html", person=person, form=form, gone=None if person else actions.INVITATION_GONE
    )
    return page, 200 if person else 410


# ---- one's own account


@bp.route("/account", methods=["GET", "POST"])
@allow(SIGNED_IN)
def account() -> str | Response:
    form = PasswordForm()
    if form.submitted():
        try:
            begun = actions.change_password(current_user(), form.old.data or "", form.password.data, _device())
        except (BadAccount, TooSoon) as refused:
            form.form_errors.append(str(refused))
        else:
            answer = _welcome(begun, url_for(".account"))
            flash("The password is changed; you are signed out everywhere else, and open links have ended.", "success")
            return answer
    return render_template(
        "accounts/account.html",
        form=form,
        has_password=current_user().password_hash is not None,
        memberships=visibility.memberships_of(current_actor()),
        devices=visibility.devices_of(current_actor()),
        here=access.visit().session_id,
    )


@bp.post("/account/devices/<uuid:session_key>")
@allow(SIGNED_IN)
def sign_out_device(session_key: UUID) -> Response:
    device = visibility.device_of(current_actor(), session_key)
    actions.sign_out_device(device, current_actor())
    if device.id == access.visit().session_id:
        return _farewell()
    flash("That device is signed out.", "success")
    return redirect(url_for(".account"))


@bp.post("/account/sign-out-everywhere")
@allow(SIGNED_IN)
def sign_out_everywhere() -> Response:
    actions.sign_out_everywhere(current_user())
    answer = _farewell()
    flash("You are signed out everywhere.", "success")
    return answer


@bp.post("/account/keys")
@allow(SIGNED_IN)
def keys() -> Response:
    actions.choose(current_user(), {"single_keys": "single_keys" in request.form})
    flash("Saved.", "success")
    return redirect(url_for(".account"))


# ---- people, for admins


@bp.route("/people", methods=["GET", "POST"])
@allow(ADMIN)
def people() -> str:
    form = PersonForm()
    invitation = None
    if form.submitted():
        try:
            person = actions.add_user(form.name.data, is_admin=form.is_admin.data, by=current_actor())
        except BadAccount as refused:
            form.name.errors = [str(refused)]
        else:
            invitation = person, _invitation_link(person)
            form = PersonForm(formdata=None)
    return _people_page(form, invitation)


@bp.post("/people/<int:user_id>/invitation")
@allow(ADMIN)
def invite(user_id: int) -> str | Response:
    person = queries.user_with(user_id)
    try:
        invitation = person, _invitation_link(person)
    except BadAccount as refused:
        flash(str(refused), "error")
        return redirect(url_for(".people"))
    return _people_page(PersonForm(formdata=None), invitation)


def _people_page(
    form: PersonForm,
    invitation: tuple[User, str] | None = None,
    faults: Mapping[int, str] = MappingProxyType({}),
    ticked: Collection[str] | None = None,
) -> str:
    """The page of people, with what is wrong at each of them and the boxes as they were `ticked`."""
    folder = current_app.config["BACKUP_DIR"]
    people = queries.all_users()
    shown = {f"admin-{one.id}" for one in people if one.is_admin} | {
        f"active-{one.id}" for one in people if one.is_active
    }
    return render_template(
        "accounts/people.html",
        people=people,
        projects=queries.projects_by_person(),
        shown=shown,
        ticked=shown if ticked is None else ticked,
        faults=faults,
        form=form,
        invitation=invitation,
        backup=backups.newest(folder),
        backup_trouble=backups.why_not(folder),
    )


@bp.post("/people/changes")
@allow(ADMIN)
def change_people() -> str | Response | tuple[str, int]:
    """Who is an admin and who may sign in: whatever differs from what the page showed, saved at once."""
    shown, ticked = set(request.form.getlist("was")), set(request.form.getlist("is"))
    try:
        count = actions.change_people(_changes(shown, ticked), current_actor())
    except BadPeople as refused:
        return _people_page(PersonForm(formdata=None), faults=refused.faults, ticked=ticked), 422
    whose = "1 person" if count == 1 else f"{count:,} people"
    flash(f"Saved: {whose}." if count else "Nothing was different.", "success")
    return redirect(url_for(".people"))


def _changes(shown: set[str], ticked: set[str]) -> dict[int, actions.Change]:
    """By person what became of the boxes: `admin-3` is ticked where the person with the id 3 is one."""
    found: dict[int, actions.Change] = {}
    for box in shown ^ ticked:
        what, _, number = box.partition("-")
        if (id_ := whole_number(number)) and what in ("admin", "active"):
            found[id_] = replace(found.get(id_, actions.Change()), **{f"is_{what}": box in ticked})
    return found


def _invitation_link(person: User) -> str:
    """Built from the configured address: the Host header of a request is anybody's to choose."""
    token = actions.new_invitation(person, current_actor())
    return base_url(current_app.config) + url_for(".accept_invitation", token=token)


def _device() -> actions.Device:
    here = access.visitor()
    label = device_label(request.user_agent.string)
    return actions.Device(label, request.remote_addr or "", here.session_id if here else None)


def _farewell() -> Response:
    access.forget_token()
    return redirect(url_for(".sign_in"))


def _welcome(begun: actions.NewSession, target: str | None) -> Response:
    access.keep_token(begun.token)
    return redirect(target if is_local(target) else url_for("articles.index"))
