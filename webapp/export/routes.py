"""The page from which annotations are taken away."""

from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, Response, render_template, request, stream_with_context
from werkzeug.utils import secure_filename

from webapp import visibility
from webapp.access import SIGNED_IN, allow, current_actor
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


@bp.get("/export/<int:project_id>/long.csv")
@allow(SIGNED_IN)
def long_csv(project_id: int) -> Response:
    project = visibility.project_for(current_actor(), project_id)
    chosen = {name: name in request.args for name in ("unanswered", "bom", "guard")}
    parts = actions.export_long_csv(project, current_actor(), **chosen)
    name = secure_filename(f"{project.name} long {datetime.now(UTC):%Y-%m-%d}.csv")
    return Response(
        stream_with_context(part.encode() for part in parts),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )
