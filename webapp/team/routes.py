"""The page of a team."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp import visibility
from webapp.access import ADMIN, allow, current_actor
from webapp.config import base_url
from webapp.domain.errors import BadAccount, BadPlan, BadProject, BadTeam
from webapp.ids import whole_number
from webapp.models import Project, Role
from webapp.projects.queries import size_of
from webapp.team import actions, queries
from webapp.team.actions import Invited

bp = Blueprint("team", __name__)


@bp.route("/projects/<int:project_id>/team", methods=["GET", "POST"])
@allow(ADMIN, "supervisor")
def index(project_id: int) -> str | Response | tuple[str, int]:
    """Who is in the team; for an admin also the list by which people are taken in."""
    project = visibility.project_to_manage(current_actor(), project_id)
    if request.method == "GET":
        return _page(project)
    if not current_actor().is_admin:
        flash("Only an admin adds people; ask one of them.", "error")
        return redirect(url_for(".index", project_id=project_id))
    text = request.form.get("people", "").replace("\0", "")
    try:
        count, invited = actions.take_in(project, text, current_actor())
    except BadTeam as refused:
        return _page(project, text=text, faults=refused.faults), 422
    except BadAccount as refused:
        return _page(project, text=text, faults=[str(refused)]), 422
    return _page(project, came=count, invited=invited)


@bp.post("/projects/<int:project_id>/team/<int:user_id>/link")
@allow(ADMIN)
def link(project_id: int, user_id: int) -> str | Response:
    project = visibility.project_to_manage(current_actor(), project_id)
    try:
        return _page(project, invited=[actions.invite_again(project, user_id, current_actor())])
    except BadAccount as refused:
        flash(str(refused), "error")
        return redirect(url_for(".index", project_id=project_id))


@bp.post("/projects/<int:project_id>/team/hand-out")
@allow("supervisor")
def hand_out(project_id: int) -> Response:
    project = visibility.project_for(current_actor(), project_id, Role.SUPERVISOR)
    try:
        overlap, also_new = whole_number(request.form.get("overlap")) or 0, "also_new" in request.form
        count = actions.hand_out_evenly(project, overlap, current_actor(), also_new=also_new)
        done = f"Handed out: {count:,}." if count else "Nothing is missing: every article has its analysts."
        to_come = "New articles go out the same way as they come in." if also_new else ""
        flash(f"{done if size_of(project).articles else ''} {to_come}".strip() or "New articles wait.", "success")
    except (BadPlan, BadProject) as refused:
        flash(str(refused), "error")
    return redirect(url_for(".index", project_id=project_id))


def _page(
    project: Project,
    *,
    text: str = "",
    faults: list[str] | None = None,
    came: int = 0,
    invited: list[Invited] | None = None,
) -> str:
    # From the configured address: the Host header of a request is anybody's to choose.
    base = base_url(current_app.config)
    links = [(one.name, base + url_for("accounts.accept_invitation", token=one.token)) for one in invited or ()]
    return render_template(
        "team/index.html",
        project=project,
        team=queries.team_of(project, current_actor()),
        articles=size_of(project).articles,
        supervises=visibility.supervises(current_actor(), project.id),
        text=text,
        faults=faults or [],
        came=came,
        links=links,
    )
