"""The page from which annotations are taken away."""

from dataclasses import dataclass

from flask import Blueprint, Response, render_template, request

from webapp import visibility
from webapp.access import SIGNED_IN, allow, current_actor
from webapp.downloads import attachment, form_on
from webapp.export import actions, queries

bp = Blueprint("export", __name__)


@dataclass(frozen=True)
class ProjectRow:
    id: int
    name: str
    rows: int


@bp.get("/export")
@allow(SIGNED_IN)
def index() -> str:
    memberships = visibility.memberships_of(current_actor())
    projects = [
        ProjectRow(member.project.id, member.project.name, queries.exportable_rows(current_actor(), member.project))
        for member in memberships
    ]
    return render_template("export/index.html", projects=projects)


@bp.post("/export/<int:project_id>/long.csv")
@allow(SIGNED_IN)
@form_on("export.index")
def long_csv(project_id: int) -> Response:
    project = visibility.project_for(current_actor(), project_id)
    chosen = {name: name in request.values for name in ("unanswered", "bom", "guard")}
    parts = actions.export_long_csv(project, current_actor(), **chosen)
    return attachment(parts, "text/csv", project.name, "long", ending="csv")
