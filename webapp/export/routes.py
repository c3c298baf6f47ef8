"""The page from which annotations are taken away."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, current_app, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from webapp import visibility
from webapp.access import SIGNED_IN, allow, current_actor
from webapp.domain.errors import NotFound
from webapp.downloads import attachment, file_name, form_on
from webapp.export import actions, packages_kept, queries
from webapp.export.opens_in import opened
from webapp.export.spreadsheet import write_xlsx
from webapp.ids import whole_number
from webapp.models import Job, Project, Role
from webapp.profiles.routes import columns_asked
from webapp.review.filters import articles_asked, filter_from
from webapp.review.queries import choices_in, coders_of, rounds_and_passes_in

bp = Blueprint("export", __name__)


@dataclass(frozen=True)
class ProjectRow:
    id: int
    name: str
    rows: int
    rounds: list[str]
    passes: list[int]
    running: str
    sources: int
    claims: int
    may_pack: bool
    packages: list[Job]


@bp.get("/export")
@allow(SIGNED_IN)
def index() -> str:
    memberships = visibility.memberships_of(current_actor())
    projects = [
        ProjectRow(
            member.project.id,
            member.project.name,
            queries.exportable_rows(current_actor(), member.project),
            *rounds_and_passes_in(member.project),
            member.project.running.name,
            queries.exportable_sources(current_actor(), member.project),
            queries.exportable_claims(current_actor(), member.project),
            current_actor().has(member.project_id, Role.SUPERVISOR, Role.RESEARCHER),
            packages_kept.newest_packages(current_actor(), member.project),
        )
        for member in memberships
    ]
    return render_template("export/index.html", projects=projects, opened=opened())


@bp.post("/export/<int:project_id>/long.csv")
@allow(SIGNED_IN)
@form_on("export.index")
def long_csv(project_id: int) -> Response:
    project = visibility.project_for(current_actor(), project_id)
    chosen = {name: name in request.values for name in ("unanswered", "bom", "guard")}
    round_name, number_of_pass = _part_of(project)
    parts = actions.export_long_csv(project, current_actor(), round_name, number_of_pass, **chosen)
    return attachment(parts, "text/csv", project.name, "long", ending="csv")


@bp.post("/export/<int:project_id>/long.xlsx")
@allow(SIGNED_IN)
@form_on("export.index")
def long_xlsx(project_id: int) -> Response:
    """Guarded or not, no cell of a workbook is a formula, and it needs no byte order mark."""
    project = visibility.project_for(current_actor(), project_id)
    unanswered = "unanswered" in request.values
    round_name, number_of_pass = _part_of(project)
    parts = actions.export_long_csv(
        project, current_actor(), round_name, number_of_pass, unanswered=unanswered, xlsx=True
    )
    file = tempfile.TemporaryFile()  # noqa: SIM115  # closed with the response
    write_xlsx("long", parts, file)
    file.seek(0)
    name = file_name(project.name, "long", ending="xlsx")
    return send_file(file, mimetype=XLSX, as_attachment=True, download_name=name, max_age=0)


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.post("/export/<int:project_id>/sources.csv")
@allow(SIGNED_IN)
@form_on("export.index")
def sources_csv(project_id: int) -> Response:
    return _of_project(project_id, "sources")


@bp.post("/export/<int:project_id>/ratings.csv")
@allow(SIGNED_IN)
@form_on("export.index")
def ratings_csv(project_id: int) -> Response:
    return _of_project(project_id, "ratings")


@bp.post("/export/<int:project_id>/claims.csv")
@allow(SIGNED_IN)
@form_on("export.index")
def claims_csv(project_id: int) -> Response:
    return _of_project(project_id, "claims")


@bp.post("/export/<int:project_id>/mentions.csv")
@allow(SIGNED_IN)
@form_on("export.index")
def mentions_csv(project_id: int) -> Response:
    return _of_project(project_id, "mentions")


@bp.post("/export/<int:project_id>/evidence.csv")
@allow(SIGNED_IN)
@form_on("export.index")
def evidence_csv(project_id: int) -> Response:
    return _of_project(project_id, "evidence")


@bp.post("/export/<int:project_id>/dates.csv")
@allow(SIGNED_IN)
@form_on("export.index")
def dates_csv(project_id: int) -> Response:
    return _of_project(project_id, "dates")


@bp.post("/export/<int:project_id>/package")
@allow("supervisor", "researcher")
@form_on("export.index")
def pack(project_id: int) -> Response:
    project = visibility.project_for(current_actor(), project_id, Role.SUPERVISOR, Role.RESEARCHER)
    job = packages_kept.start_package(project, current_actor())
    return redirect(url_for(".package", job_id=job.id))


@bp.get("/export/packages/<int:job_id>")
@allow("supervisor", "researcher")
def package(job_id: int) -> str:
    job = visibility.package_job_for(current_actor(), job_id)
    is_here = packages_kept.file_of(Path(current_app.instance_path), job_id).exists()
    watches = visibility.supervises(current_actor(), job.project_id)
    return render_template("export/package.html", job=job, is_here=is_here, watches=watches)


@bp.get("/export/packages/<int:job_id>/package.zip")
@allow("supervisor", "researcher")
def package_file(job_id: int) -> Response:
    job, path = packages_kept.kept_package(Path(current_app.instance_path), current_actor(), job_id)
    name = file_name(job.project.name, "package", ending="zip")
    return send_file(path, mimetype="application/zip", as_attachment=True, download_name=name, max_age=0)


def _of_project(project_id: int, shape: str) -> Response:
    project = visibility.project_for(current_actor(), project_id)
    parts = actions.export_csv_of(shape, project, current_actor(), **_options())
    return attachment(parts, "text/csv", project.name, shape, ending="csv")


def _options() -> dict[str, bool]:
    return {name: name in request.values for name in ("bom", "guard")}


ALL = "all"


def _part_of(project: Project) -> tuple[str | None, int | None]:
    """The round and pass that the form asks for: the running round and the first pass unless it says otherwise."""
    round_name = request.values.get("round") or project.running.name
    number = request.values.get("pass") or "1"
    if number != ALL and whole_number(number) is None:
        raise NotFound(f"There is no pass “{number[:60]}”.")
    return (None if round_name == ALL else round_name), (None if number == ALL else whole_number(number))


@bp.post("/projects/<int:project_id>/gold.csv")
@allow("supervisor", "researcher")
@form_on("review.agreement")
def gold_csv(project_id: int) -> Response:
    project = visibility.project_for(current_actor(), project_id, Role.SUPERVISOR, Role.RESEARCHER)
    parts = actions.export_gold_csv(project, current_actor(), None, **_options())
    return attachment(parts, "text/csv", project.name, "gold", ending="csv")


@bp.post("/projects/<int:project_id>/agreement/wide.csv")
@allow("supervisor", "researcher")
@form_on("review.agreement")
def wide_csv(project_id: int) -> Response:
    project = visibility.project_for(current_actor(), project_id, Role.SUPERVISOR, Role.RESEARCHER)
    coders = coders_of(project)
    args = request.args.to_dict(flat=False)
    wanted = filter_from(args, choices_in(project, coders, names=False, asked=articles_asked(args)))
    parts = actions.export_wide_csv(project, current_actor(), wanted, coders)
    return attachment(parts, "text/csv", project.name, "analysts by sentences", ending="csv")


@bp.post("/articles/<int:article_id>/profile.csv")
@allow(*Role)
@form_on("profiles.article")
def profile_csv(article_id: int) -> Response:
    article = visibility.article_for(current_actor(), article_id)
    parts = actions.export_profile_csv(article, current_actor(), **_options())
    return attachment(parts, "text/csv", "profile", article.display_title, ending="csv")


@bp.post("/projects/<int:project_id>/profiles.csv")
@allow(*Role)
@form_on("profiles.compare")
def profiles_csv(project_id: int) -> Response:
    project = visibility.project_for(current_actor(), project_id)
    parts = actions.export_profiles_csv(project, current_actor(), columns_asked(project), **_options())
    return attachment(parts, "text/csv", project.name, "profiles", ending="csv")
