"""The page from which annotations are taken away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from flask import Blueprint, current_app, jsonify, make_response, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from webapp import visibility
from webapp.access import SIGNED_IN, allow, current_actor
from webapp.domain.errors import BadExport, NotFound
from webapp.downloads import attachment, file_name, form_on, whole_file
from webapp.export import actions, packages_kept, queries, taking
from webapp.export.choices import Choices
from webapp.export.documents import DOCUMENTS
from webapp.export.formats import TABLE_FORMATS
from webapp.export.opens_in import opened
from webapp.export.shapes import COMPARING, FOR_WHO_COMPARES, HISTORY, SHAPES, Part
from webapp.ids import row_ids, whole_number
from webapp.models import Job, Project, Role
from webapp.profiles.routes import columns_asked
from webapp.review.filters import articles_asked, filter_from
from webapp.review.queries import choices_in, coders_of, rounds_and_passes_in

bp = Blueprint("export", __name__)


Listed = Sequence[tuple[str, str]]
"""Values of a list to choose from, with their words."""


@dataclass(frozen=True)
class ProjectRow:
    id: int
    name: str
    rows: int
    parts: list[tuple[str, str, Listed, str]]
    """Lists of which there is more than one to choose from: name, label, choices, the chosen one."""
    shapes: Listed
    may_pack: bool
    may_name: bool
    packages: list[Job]
    has_settled_claims: bool
    sent: Mapping[str, str] | None = None
    """What its form sent that was refused."""
    faults: Mapping[str, str] = field(default_factory=dict)
    """What is wrong with that, by the name of the field; "" for what is wrong with none."""


@bp.get("/export")
@allow(SIGNED_IN)
def index() -> str:
    return _page(_rows())


def _rows() -> list[ProjectRow]:
    return [_row(member.project) for member in visibility.memberships_of(current_actor())]


def _page(projects: Sequence[ProjectRow]) -> str:
    return render_template(
        "export/index.html",
        projects=projects,
        formats=[(name, format_.told) for name, format_ in TABLE_FORMATS.items()],
        documents=list(DOCUMENTS.items()),
        brings=_brings(),
        opened=opened(),
    )


def _brings() -> list[tuple[str, str, str]]:
    """What may come in by whoever asks: address, label, and what it is."""
    actor, brings = current_actor(), []
    if actor.projects(Role.SUPERVISOR):
        told = "of doccano, Label Studio, REFI-QDA, or a long CSV: as a round of their own"
        brings.append((url_for("coming_in.tags"), "Tags made elsewhere", told))
    if actor.is_admin or actor.projects(Role.SUPERVISOR):
        told = "a ZIP with records: as a project of its own, or merged into one that is here"
        brings.append((url_for("coming_in.package"), "A package", told))
    return brings


def _row(project: Project) -> ProjectRow:
    actor = current_actor()
    compares = actor.has(project.id, *COMPARING)
    sources, claims = (count(actor, project) > 0 for count in (queries.exportable_sources, queries.exportable_claims))
    is_there = {"sources": sources, "claims": claims}
    return ProjectRow(
        project.id,
        project.name,
        queries.exportable_rows(actor, project),
        [one for one in _parts(project) if len(one[2]) > 2],
        [
            (shape, words)
            for shape, words in TABLES.items()
            if is_there.get(NEEDS.get(shape, ""), True)
            and (compares or shape not in FOR_WHO_COMPARES)
            and (shape != HISTORY or actor.has(project.id, Role.SUPERVISOR, Role.ANALYST))
        ],
        compares,
        visibility.supervises(actor, project.id),
        packages_kept.newest_packages(actor, project),
        queries.is_any_claim_settled(actor, project),
    )


def _parts(project: Project) -> list[tuple[str, str, Listed, str]]:
    rounds, passes = rounds_and_passes_in(project, current_actor())
    return [
        ("round", "Round", [*((name, name) for name in rounds), (ALL, ALL)], project.running.name),
        ("pass", "Pass", [*((str(number), str(number)) for number in passes), (ALL, ALL)], "1"),
    ]


TABLES = {
    "long": "Answers: a sentence and an analyst",
    "history": "History: an event, every revision",
    "gold": "Settled tags: a settled sentence",
    "wide": "Analysts × sentences: a sentence",
    "reliability": "Reliability: an answer that counts",
    "recal": "ReCal: a sentence that all answered",
    "articles": "Articles: an article",
    "sources": "Sources: an entry of the registry",
    "ratings": "Ratings: a rating of a source",
    "claims": "Claims: a claim",
    "mentions": "Mentions: a sentence and a claim",
    "evidence": "Evidence: an item",
    "dates": "Dates: a relative date",
}
"""Each table by its word, and what a row of it is."""
NEEDS = {"ratings": "sources", "sources": "sources"} | dict.fromkeys(("claims", "mentions", "evidence"), "claims")
"""What there has to be for a table to hold anything."""


@bp.post("/export/<int:project_id>/file")
@allow(SIGNED_IN)
@form_on("export.index")
def take(project_id: int) -> Response:
    """Any shape in any format, and the formats that are no tables."""
    if request.values.get("document"):  # the button of a format that takes no table, whatever is chosen above it
        return _taken(project_id, taking.Asked(format=_one_of("document", tuple(DOCUMENTS))))
    return _taken(project_id, taking.Asked(_one_of("shape", SHAPES), _one_of("format", taking.FORMATS)))


@bp.post("/export/<int:project_id>/long.csv")
@allow(SIGNED_IN)
@form_on("export.index")
def long_csv(project_id: int) -> Response:
    return _taken(project_id, taking.Asked("long"))


@bp.post("/export/<int:project_id>/long.xlsx")
@allow(SIGNED_IN)
@form_on("export.index")
def long_xlsx(project_id: int) -> Response:
    return _taken(project_id, taking.Asked("long", "xlsx"))


@bp.post("/export/<int:project_id>/sources.csv")
@allow(SIGNED_IN)
@form_on("export.index")
def sources_csv(project_id: int) -> Response:
    return _taken(project_id, taking.Asked("sources"))


@bp.post("/export/<int:project_id>/ratings.csv")
@allow(SIGNED_IN)
@form_on("export.index")
def ratings_csv(project_id: int) -> Response:
    return _taken(project_id, taking.Asked("ratings"))


@bp.post("/export/<int:project_id>/claims.csv")
@allow(SIGNED_IN)
@form_on("export.index")
def claims_csv(project_id: int) -> Response:
    return _taken(project_id, taking.Asked("claims"))


@bp.post("/export/<int:project_id>/mentions.csv")
@allow(SIGNED_IN)
@form_on("export.index")
def mentions_csv(project_id: int) -> Response:
    return _taken(project_id, taking.Asked("mentions"))


@bp.post("/export/<int:project_id>/evidence.csv")
@allow(SIGNED_IN)
@form_on("export.index")
def evidence_csv(project_id: int) -> Response:
    return _taken(project_id, taking.Asked("evidence"))


@bp.post("/export/<int:project_id>/dates.csv")
@allow(SIGNED_IN)
@form_on("export.index")
def dates_csv(project_id: int) -> Response:
    return _taken(project_id, taking.Asked("dates"))


@bp.post("/export/<int:project_id>/package")
@allow("supervisor", "researcher")
@form_on("export.index")
def pack(project_id: int) -> Response:
    project = visibility.project_for(current_actor(), project_id, Role.SUPERVISOR, Role.RESEARCHER)
    job = packages_kept.start_package(project, current_actor(), copies="no_copies" not in request.form)
    return redirect(url_for(".package", job_id=job.id))


@bp.get("/export/packages/<int:job_id>")
@allow("supervisor", "researcher")
def package(job_id: int) -> str:
    job = visibility.package_job_for(current_actor(), job_id)
    instance = Path(current_app.instance_path)
    return render_template(
        "export/package.html",
        job=job,
        is_here=packages_kept.file_of(instance, job_id).exists(),
        progress=packages_kept.progress_of(instance, job),
        was_cancelled=job.fault == packages_kept.CANCELLED,
    )


@bp.get("/export/packages/<int:job_id>/progress")
@allow("supervisor", "researcher")
def package_progress(job_id: int) -> Response:
    job = visibility.package_job_for(current_actor(), job_id)
    return jsonify(state=job.state, **packages_kept.progress_of(Path(current_app.instance_path), job))


@bp.post("/export/packages/<int:job_id>/cancel")
@allow("supervisor", "researcher")
def cancel_package(job_id: int) -> Response:
    job = packages_kept.cancel_package(Path(current_app.instance_path), current_actor(), job_id)
    return redirect(url_for(".package", job_id=job.id))


@bp.get("/export/packages/<int:job_id>/package.zip")
@allow("supervisor", "researcher")
def package_file(job_id: int) -> Response:
    job, path = packages_kept.kept_package(Path(current_app.instance_path), current_actor(), job_id)
    name = file_name(job.project.name, "package", ending="zip")
    return send_file(path, mimetype="application/zip", as_attachment=True, download_name=name, max_age=0)


def _one_of(name: str, known: Sequence[str]) -> str:
    """What the form asks for under this name; the first one there is where it says nothing."""
    wanted = request.values.get(name) or known[0]
    if wanted not in known:
        raise NotFound(f"There is no {name} “{wanted[:60]}”.")
    return wanted


def _taken(project_id: int, asked: taking.Asked) -> Response:
    """The file, or the page once more with what was chosen and what is wrong with it."""
    project = visibility.project_for(current_actor(), project_id, *asked.roles)
    try:
        return _file(project, asked)
    except BadExport as refused:
        faults = {refused.field: str(refused)}
        rows = [replace(row, sent=request.form, faults=faults) if row.id == project_id else row for row in _rows()]
        return make_response(_page(rows), 422)


def _file(project: Project, asked: taking.Asked) -> Response:
    asked = replace(asked, part=_part_of(project, asked), choices=_choices(project))
    taken = taking.take(project, current_actor(), asked)
    of = asked.format if asked.format in DOCUMENTS else asked.shape
    words = [project.name, of, *(["safe for spreadsheets"] if asked.part.guard else [])]
    if taken.pieces:
        return attachment(taken.pieces, taken.media, *words, ending=taken.ending)
    assert taken.fill
    return whole_file(taken.fill, taken.media, *words, ending=taken.ending)


def _choices(project: Project) -> Choices:
    """What the form narrows it down to; the boxes of the table of articles name theirs by id."""
    lists = {"articles": ",", "outlets": ";", "analysts": ","}
    listed = {
        name: tuple(filter(None, (one.strip() for one in request.values.get(name, "").split(sign))))
        for name, sign in lists.items()
    }
    if ticked := row_ids(request.form.getlist("article")):
        listed["articles"] = queries.numbers_of(project, ticked) or (NONE_OF_THEM,)
    days = {name: request.values.get(name, "").strip() for name in ("since", "until")}
    yes = {one: one in request.values for one in ("submitted", "no_text", "no_notes", "fresh_codes", "names")}
    return Choices(**listed, **days, **yes)  # type: ignore[arg-type]


def _options() -> dict[str, bool]:
    return {name: name in request.values for name in ("bom", "guard")}


ALL = "all"
NONE_OF_THEM = "0"
"""The number of an article that no project holds, by which those that are gone are refused and not taken for all."""


def _part_of(project: Project, asked: taking.Asked) -> Part:
    """Of answers the round and pass that the form asks for: the running round and the first pass unless it says
    otherwise. Guarded cells and a byte order mark are for CSV alone.
    """
    is_safe = "safe" in request.values
    bom, guard = (asked.format == taking.CSV and (is_safe or name in request.values) for name in ("bom", "guard"))
    if asked.shape == taking.RECAL:
        return Part()
    if asked.shape not in ("long", HISTORY):
        return Part(bom=bom, guard=guard)
    round_name = request.values.get("round") or project.running.name
    number = request.values.get("pass") or "1"
    if number != ALL and whole_number(number) is None:
        raise NotFound(f"There is no pass “{number[:60]}”.")
    return Part(
        None if round_name == ALL else round_name,
        None if number == ALL else whole_number(number),
        unanswered=asked.shape == "long" and "unanswered" in request.values,
        bom=bom,
        guard=guard,
    )


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
    wanted = filter_from(args, choices_in(project, coders, current_actor(), names=False, asked=articles_asked(args)))
    parts = actions.export_wide_csv(project, current_actor(), wanted)
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
