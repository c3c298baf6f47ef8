"""Projects: the list, the settings, the members, the work handed out and how far it is."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from webapp import visibility
from webapp.access import ADMIN, SIGNED_IN, allow, current_actor
from webapp.domain.assignment import Plan
from webapp.domain.errors import BadPlan, BadProject, BadSettings
from webapp.domain.plots import per_day
from webapp.ids import row_ids, whole_number
from webapp.models import AssignmentState, Membership, Project, Role
from webapp.navigation import address_in, address_of_table, choose_project
from webapp.paging import asked_in
from webapp.projects import actions, queries
from webapp.projects.forms import PlanForm, ProjectForm
from webapp.projects.queries import EVERYTHING, Wanted
from webapp.work_counts import number_to_settle

bp = Blueprint("projects", __name__)


@bp.get("/projects")
@allow(SIGNED_IN)
def index() -> str:
    return render_template("projects/index.html", rows=queries.project_rows(current_actor()))


@bp.post("/projects/choose")
@allow(SIGNED_IN)
def choose() -> Response:
    """Be in another project, on the same page of it where there is one."""
    project_id = whole_number(request.form.get("project")) or 0
    choose_project(project_id)
    return redirect(address_in(project_id, request.form.get("page", "")))


@bp.route("/projects/new", methods=["GET", "POST"])
@allow(ADMIN)
def new() -> str | Response:
    form = ProjectForm()
    if form.submitted():
        try:
            project = actions.add_project(form.settings(), current_actor())
        except BadSettings as refused:
            form.say(refused.faults)
        else:
            return redirect(url_for(".settings", project_id=project.id))
    return render_template("projects/new.html", form=form)


@bp.route("/projects/<int:project_id>/settings", methods=["GET", "POST"])
@allow(ADMIN, "supervisor")
def settings(project_id: int) -> str | Response:
    project = visibility.project_to_manage(current_actor(), project_id)
    form = ProjectForm(obj=project, data={name: getattr(project.running, name) for name in actions.OF_ROUND})
    if form.submitted():
        try:
            actions.change_settings(project, form.settings(), current_actor())
        except BadSettings as refused:
            form.say(refused.faults)
        else:
            flash("Saved.", "success")
            return redirect(url_for(".settings", project_id=project_id))
    return render_template(
        "projects/settings.html",
        project=project,
        form=form,
        members=queries.members_of(project),
        outside=queries.people_outside(project),
        may_add=current_actor().is_admin,
        roles=list(Role),
    )


@bp.post("/projects/<int:project_id>/members")
@allow(ADMIN, "supervisor")
def members(project_id: int) -> Response:
    project = visibility.project_to_manage(current_actor(), project_id)
    user_id = whole_number(request.form.get("user_id"))
    person = next((m.user for m in queries.members_of(project) if m.user_id == user_id), None)
    if person is None and current_actor().is_admin:
        person = next((user for user in queries.people_outside(project) if user.id == user_id), None)
    if person is None:
        flash("Choose a person first.", "error")
    else:
        roles = {role for role in Role if role.value in request.form.getlist("role")}
        actions.add_member(project, person, roles, current_actor())
        flash(f"{person.name} is {', '.join(sorted(roles)) if roles else 'without a role'} in this project.", "success")
    return redirect(url_for(".settings", project_id=project_id))


@bp.post("/projects/<int:project_id>/roles")
@allow(ADMIN, "supervisor")
def roles(project_id: int) -> Response:
    """The roles of all members that the form names, saved at once."""
    project = visibility.project_to_manage(current_actor(), project_id)
    wanted = {
        user_id: {role for role in Role if role.value in request.form.getlist(f"role-{user_id}")}
        for user_id in row_ids(request.form.getlist("member"))
    }
    count = actions.set_roles(project, wanted, current_actor())
    whose = "1 person" if count == 1 else f"{count:,} people"
    flash(f"Saved: the roles of {whose}." if count else "No role was different.", "success")
    return redirect(url_for(".settings", project_id=project_id))


@bp.post("/projects/<int:project_id>/trash")
@allow(ADMIN)
def trash(project_id: int) -> Response:
    project = visibility.project_to_manage(current_actor(), project_id)
    try:
        actions.set_trashed(project, "restore" not in request.form, current_actor())
    except BadProject as refused:
        flash(str(refused), "error")
    return redirect(url_for(".index"))


# ---- work


@bp.get("/projects/<int:project_id>")
@allow("supervisor")
def progress(project_id: int) -> str:
    project = visibility.project_for(current_actor(), project_id, Role.SUPERVISOR)
    analysts = queries.columns_of(project)
    wanted = _wanted(analysts)
    returning = whole_number(request.args.get("return"))
    return render_template(
        "projects/progress.html",
        project=project,
        analysts=analysts,
        grid=queries.progress_grid(project, analysts, wanted, asked_in(request.args)),
        size=queries.size_of(project),
        loads=queries.loads_in(project),
        to_settle=number_to_settle(project, current_actor()),
        wanted=wanted,
        number=queries.number_of(project, wanted),
        chosen=next((member for member in analysts if member.user_id == wanted.analyst_id), None),
        kept=_address_of(wanted),
        states=STATES,
        lacks_analyst=_state_of_nobody(wanted),
        returning=queries.submitted_work(project, returning) if returning else None,
        plot=per_day(queries.tags_per_day(project)),
    )


STATES = {
    "none": "not handed out",
    "assigned": "not begun",
    "started": "in work",
    "submitted": "submitted",
    "returned": "returned",
    "handed_over": "handed over",
}
"""What the grid may be narrowed down to, for one analyst."""


def _wanted(analysts: list[Membership]) -> Wanted:
    """The part of the grid that the address or a form names; what is none names all of it."""
    analyst_id, state = whole_number(request.values.get("analyst")), request.values.get("state", "")
    if state not in STATES or analyst_id not in {member.user_id for member in analysts}:
        return EVERYTHING
    return Wanted(analyst_id, None if state == "none" else AssignmentState(state))


def _state_of_nobody(wanted: Wanted) -> str | None:
    """The state that the address asks for without an analyst; the form names its first one where nobody chose any."""
    state = request.args.get("state", "")
    return state if wanted.analyst_id is None and state in STATES and state != next(iter(STATES)) else None


def _address_of(wanted: Wanted) -> dict[str, Any]:
    if wanted.analyst_id is None:
        return {}
    return {"analyst": wanted.analyst_id, "state": wanted.state.value if wanted.state else "none"}


@bp.post("/projects/<int:project_id>/assignments")
@allow("supervisor")
def assign(project_id: int) -> Response:
    project = visibility.project_for(current_actor(), project_id, Role.SUPERVISOR)
    wanted = _wanted(queries.columns_of(project))
    try:
        flash(_hand_out_or_withdraw(project, wanted), "success")
    except BadProject as refused:
        flash(str(refused), "error")
    return redirect(url_for(".progress", project_id=project_id, **_address_of(wanted), page=_page_before()))


@bp.post("/projects/<int:project_id>/hand-out")
@allow("supervisor")
def hand_out(project_id: int) -> Response:
    """Hand the articles chosen in the table to an analyst."""
    project = visibility.project_for(current_actor(), project_id, Role.SUPERVISOR)
    analyst_id, chosen = whole_number(request.form.get("analyst")), row_ids(request.form.getlist("article"))
    if not chosen or analyst_id is None:
        flash("Choose articles first, by the boxes before them, and an analyst.", "error")
        return redirect(address_of_table(project_id))
    try:
        count = actions.assign(project, [(article_id, analyst_id) for article_id in chosen], current_actor())
        flash(f"Handed out: {count:,}." if count else "They hold all of these already.", "success")
    except BadProject as refused:
        flash(str(refused), "error")
    return redirect(address_of_table(project_id))


@bp.post("/projects/<int:project_id>/hand-over")
@allow("supervisor")
def hand_over(project_id: int) -> Response:
    """Hand the open work of an analyst over to another one."""
    project = visibility.project_for(current_actor(), project_id, Role.SUPERVISOR)
    from_id, to_id = (whole_number(request.form.get(name)) or 0 for name in ("from", "to"))
    try:
        expected = whole_number(request.form.get("expected")) or 0
        closed, new = actions.hand_over(project, from_id, to_id, expected, current_actor())
        flash(f"Handed over: {closed:,}; new to the other person: {new:,}.", "success")
    except BadProject as refused:
        flash(str(refused), "error")
    return redirect(url_for(".progress", project_id=project_id, analyst=from_id, state="handed_over"))


def _page_before() -> int | None:
    """The page of the grid from which a form was sent; None for the first one."""
    number = asked_in(request.form).page
    return number if number > 1 else None


def _hand_out_or_withdraw(project: Project, wanted: Wanted) -> str:
    """What the buttons below the grid do, for what is ticked or for all that it is narrowed down to; a sentence."""
    expected = request.form.get("expected", -1, type=int)
    if "withdraw" in request.form:
        count = actions.withdraw_ticked(project, _ticked_work(), current_actor())
        return f"Withdrawn: {count:,}." if count else "Tick what is to be withdrawn; what is begun stays."
    if "withdraw_all" in request.form and wanted.analyst_id and wanted.state is AssignmentState.ASSIGNED:
        return f"Withdrawn: {actions.withdraw_all(project, wanted.analyst_id, expected, current_actor()):,}."
    if "hand_out_all" in request.form and wanted.analyst_id and wanted.state is None:
        return f"Handed out: {actions.assign_all(project, wanted.analyst_id, expected, current_actor()):,}."
    count = actions.assign(project, _ticked(), current_actor())
    return f"Handed out: {count:,}." if count else "Tick the empty places that are to be filled."


def _ticked_work() -> list[int]:
    ids = [whole_number(value) for value in request.form.getlist("work")]
    if None in ids:
        abort(400)
    return [id_ for id_ in ids if id_ is not None]


TAKEN_BACK = "Your article is open again; what was handed in stays on record."


def _ticked() -> list[tuple[int, int]]:
    pairs = []
    for value in request.form.getlist("pair"):
        article_id, analyst_id = (whole_number(part) for part in value.partition("-")[::2])
        if article_id is None or analyst_id is None:
            abort(400)
        pairs.append((article_id, analyst_id))
    return pairs


@bp.post("/projects/<int:project_id>/assignments/<int:assignment_id>")
@allow("supervisor")
def change_assignment(project_id: int, assignment_id: int) -> Response:
    project = visibility.project_for(current_actor(), project_id, Role.SUPERVISOR)
    assignment = queries.assignment_in(project, assignment_id)
    try:
        if "withdraw" in request.form:
            actions.withdraw(assignment, current_actor())
            flash("Withdrawn.", "success")
        else:
            actions.return_work(assignment, current_actor(), request.form.get("why", ""))
            is_own = assignment.analyst_id == current_actor().user_id
            flash(TAKEN_BACK if is_own else "Returned; the analyst finds it in the queue with your reason.", "success")
    except BadProject as refused:
        flash(str(refused), "error")
    if request.form.get("back") == "desk":
        return redirect(url_for("tagging.desk", article_id=assignment.article_id))
    wanted = _wanted(queries.columns_of(project))
    return redirect(url_for(".progress", project_id=project_id, **_address_of(wanted), page=_page_before()))


@bp.route("/projects/<int:project_id>/plan", methods=["GET", "POST"])
@allow("supervisor")
def plan(project_id: int) -> str | Response:
    project = visibility.project_for(current_actor(), project_id, Role.SUPERVISOR)
    analysts = queries.analysts_of(project)
    form = PlanForm(data={"overlap": project.running.overlap, "analysts": [member.user_id for member in analysts]})
    form.analysts.choices = [SelectChoice(str(member.user_id), member.user.name) for member in analysts]
    preview = None
    if form.submitted():
        try:
            if form.carry_out.data:
                count = actions.carry_out(project, form.wish(), form.expected.data or 0, current_actor())
                flash(f"Handed out: {count}.", "success")
                return redirect(url_for(".progress", project_id=project_id))
            preview = actions.planned(project, form.wish())
        except (BadPlan, BadProject) as refused:
            form.form_errors.append(str(refused))
    return render_template(
        "projects/plan.html",
        project=project,
        form=form,
        preview=preview.plan if preview else None,
        sample=preview.sample if preview and form.draw.data else None,
        loads=_loads(preview.plan if preview else None, analysts),
        articles=queries.size_of(project).articles,
    )


def _loads(plan: Plan | None, analysts: list[Membership]) -> list[tuple[str, int, int]]:
    """For each analyst: the name, how many articles are new, how many they would be in all."""
    if plan is None:
        return []
    new = [one.analyst for one in plan.new]
    return [(m.user.name, new.count(m.user_id), plan.loads.get(m.user_id, 0)) for m in analysts]


# ---- the trash


@bp.get("/projects/<int:project_id>/trash")
@allow("supervisor")
def trashed(project_id: int) -> str:
    project: Project = visibility.project_for(current_actor(), project_id, Role.SUPERVISOR)
    page = queries.trashed_articles(project, asked_in(request.args))
    return render_template("projects/trash.html", project=project, page=page)
