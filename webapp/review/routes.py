"""The agreement page, the sentences behind its cells, and its figures as files."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, current_app, flash, json, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from webapp import visibility
from webapp.access import allow, current_actor
from webapp.db import db
from webapp.domain.agreement.drift import LENGTHS, Drift, Series
from webapp.domain.agreement.ratings import Ints
from webapp.domain.agreement.reading import ENOUGH_UNITS, between, decimal, percent, percent_between, percent_of
from webapp.domain.errors import BadFilter, BadProject, NotFound
from webapp.domain.plots import Track, track
from webapp.domain.terms import FOUR_TAGS, Tag
from webapp.downloads import attachment, form_on
from webapp.models import Actor, Project, Role
from webapp.paging import nearest_page
from webapp.review import actions, files, queries, statistics
from webapp.review.by_field import FieldFigures
from webapp.review.claim_status import NO_CLAIM, claim_status
from webapp.review.filters import Choices, Filter, articles_asked, filter_from
from webapp.review.forms import ReleaseForm
from webapp.review.kept import KeptFigures, drift_for, fields_for, figures_for
from webapp.review.statistics import Coder
from webapp.shown_names import hide_names, names_are_shown, show_names

bp = Blueprint("review", __name__)
bp.add_app_template_filter(decimal, "decimal")
bp.add_app_template_filter(percent, "percent")
bp.add_app_template_filter(percent_of, "percent_of")
bp.add_app_template_filter(between, "between")
bp.add_app_template_filter(percent_between, "percent_between")

DRIFT_METHOD = {
    "window": "answers by the day, in UTC, on which their article was handed in; alpha of the sentences of articles"
    " whose last answer that counts came in the window",
    "gold": "answers with the gold tag of the round, of those to settled sentences",
    "shares": "of each tag among the answers with one of the four",
    "drifted": "figures whose intervals in the first and the last window that have one lie apart",
}


@dataclass(frozen=True)
class Scene:
    """What every page here starts from: project and reader, who may be shown by name, the filter in the address."""

    project: Project
    reader: Actor
    supervises: bool
    names: bool
    coders: dict[int, Coder]
    choices: Choices
    wanted: Filter

    @property
    def kept(self) -> dict[str, Any]:
        """The arguments that links to other pages here keep."""
        return self.wanted.as_args()

    def figures(self) -> KeptFigures:
        return figures_for(self.project, self.reader, self.wanted, self.coders)

    def fields(self) -> FieldFigures:
        return fields_for(self.project, self.reader, self.wanted, self.coders)

    def drift(self) -> Drift | None:
        length = next((one for one in LENGTHS if one == request.args.get("by")), None)
        return drift_for(self.project, self.reader, self.wanted, self.coders, length)

    def shown(self, coder: Coder) -> str:
        """The analyst as the page writes them: by code until names are wanted."""
        return coder.name if self.names else coder.code


def _scene(project_id: int, *roles: Role) -> Scene:
    reader = current_actor()
    project = visibility.project_for(reader, project_id, *(roles or (Role.SUPERVISOR, Role.RESEARCHER)))
    supervises = visibility.supervises(reader, project.id)
    names = supervises and names_are_shown(project.id)
    coders = queries.coders_of(project)
    args = request.args.to_dict(flat=False)
    choices = queries.choices_in(project, coders, current_actor(), names=names, asked=articles_asked(args))
    wanted = filter_from(args, choices)
    return Scene(project, reader, supervises, names, coders, choices, wanted)


@bp.get("/projects/<int:project_id>/agreement")
@allow("supervisor", "researcher")
def agreement(project_id: int) -> str:
    scene = _scene(project_id)
    kept = scene.figures()
    coverage = queries.coverage_of(scene.project, scene.reader, scene.wanted, kept.handed_in)
    return render_template(
        "review/agreement.html",
        **_common(scene),
        **_list_of(scene, kept.disputed),
        coverage=coverage,
        figures=kept.figures,
        report=kept.figures.report,
        fewest_shared=statistics.FEWEST_SHARED,
        only_shared=_only_shared(scene, kept),
        sample=kept.sample,
        methods=files.methods(scene.project, scene.wanted, kept, coverage),
    )


@bp.get("/projects/<int:project_id>/agreement/cell")
@allow("supervisor", "researcher")
def cell(project_id: int) -> str:
    scene = _scene(project_id)
    a, b = _tag("a"), _tag("b")
    listed = _list_of(scene, scene.figures().in_cell(a, b))
    return render_template("review/agreement_cell.html", **_common(scene), **listed, a=a, b=b)


@bp.get("/projects/<int:project_id>/agreement/field")
@allow("supervisor", "researcher")
def field(project_id: int) -> str:
    """The sentences to which analysts gave different values of a field."""
    scene = _scene(project_id)
    name = request.args.get("field", "")
    row = next((one for one in scene.fields().rows if one.judged.name == name), None)
    if row is None:
        raise BadFilter(f"“{name[:60]}” is no field that people judge; choose one on the page of the fields.")
    listed = _list_of(scene, row.differing, name)
    return render_template("review/field.html", **_common(scene), **listed, row=row)


@bp.get("/projects/<int:project_id>/agreement/fields")
@allow("supervisor", "researcher")
def fields(project_id: int) -> str:
    scene = _scene(project_id)
    common = _common(scene) | {"all_answers": ".fields"}
    claims = claim_status(scene.project, scene.reader)
    return render_template(
        "review/fields.html", **common, figures=scene.fields(), enough=ENOUGH_UNITS, claims=claims, no_claim=NO_CLAIM
    )


@bp.get("/projects/<int:project_id>/agreement/drift")
@allow("supervisor", "researcher")
def over_time(project_id: int) -> str:
    scene = _scene(project_id)
    common = _common(scene) | {"all_answers": ".over_time"}
    found = scene.drift()
    plotted = _tracks(found) if found else []
    return render_template("review/drift.html", **common, drift=found, plotted=plotted, lengths=LENGTHS, tags=FOUR_TAGS)


def _tracks(found: Drift) -> list[tuple[Series, Track]]:
    labels = [one.window.label for one in found.spans]
    return [(one, track([(value.value, value.interval) for value in one.values], labels)) for one in found.series]


@bp.post("/projects/<int:project_id>/agreement/names")
@allow("supervisor")
@form_on("review.agreement")
def names(project_id: int) -> AnyResponse:
    """Show the names for an hour in this session, or hide them; back to the page from which it was asked."""
    scene = _scene(project_id, Role.SUPERVISOR)
    if "hide" in request.values:
        hide_names(scene.project.id)
    else:
        show_names(scene.project, scene.reader, "agreement")
    if "a" in request.args:
        return redirect(url_for(".cell", project_id=project_id, **scene.kept, a=_tag("a").value, b=_tag("b").value))
    return redirect(url_for(".agreement", project_id=project_id, **scene.kept, _anchor="disagreements"))


def _common(scene: Scene) -> dict[str, Any]:
    return {
        "scene": scene,
        "project": scene.project,
        "supervises": scene.supervises,
        "researches": not scene.supervises,
        "all_answers": ".agreement",
        "can_settle": scene.supervises and "adjudication.sentence" in current_app.view_functions,
    }


AT_ONCE = 10
"""Sentences on a page of disagreements, with all that was said of each."""


def _list_of(scene: Scene, ids_listed: Ints, field: str = "tag") -> dict[str, Any]:
    """One page of sentences, the one that the address asks for or the nearest there is."""
    page, pages = nearest_page(request.args.get("page", 1, type=int), len(ids_listed), AT_ONCE)
    first = (page - 1) * AT_ONCE
    ids = ids_listed[first : first + AT_ONCE].tolist()
    sentences = queries.sentences_with_answers(scene.project, scene.reader, ids, scene.wanted, scene.coders, field)
    return {"sentences": sentences, "total": len(ids_listed), "page": page, "pages": pages, "number": first + 1}


def _only_shared(scene: Scene, kept: KeptFigures) -> Any:
    """The one sentence that is shared, which is shown in place of a figure; None where there are more or none."""
    if kept.figures.report.status != "one_item":
        return None
    ids = kept.shared.tolist()
    return queries.sentences_with_answers(scene.project, scene.reader, ids, scene.wanted, scene.coders)[0]


def _tag(name: str) -> Tag:
    given = request.args.get(name, "")
    try:
        return Tag(given)
    except ValueError:
        known = ", ".join(tag.value for tag in Tag)
        raise BadFilter(f"“{given[:60]}” is not a tag; the tags are {known}.") from None


# ---- what was published


@bp.route("/projects/<int:project_id>/rounds/<int:round_id>/release", methods=["GET", "POST"])
@allow("supervisor", "researcher")
def release(project_id: int, round_id: int) -> str | AnyResponse:
    """A round as it was released; for supervisors of one that is not yet, where it is."""
    reader = current_actor()
    project = visibility.project_for(reader, project_id, Role.SUPERVISOR, Role.RESEARCHER)
    round_ = queries.round_numbered(project, round_id)
    form = ReleaseForm()
    if form.submitted():
        visibility.project_for(reader, project_id, Role.SUPERVISOR)
        try:
            actions.release(project, round_, reader)
        except BadProject as refused:
            flash(str(refused), "error")
        else:
            flash(f"The round “{round_.name}” is released.", "success")
        return redirect(url_for(".release", project_id=project_id, round_id=round_id))
    found = db.session.scalar(visibility.release_visible_to(reader, round_id))
    return render_template(
        "review/release.html",
        project=project,
        round=round_,
        supervises=visibility.supervises(reader, project_id),
        researches=not visibility.supervises(reader, project_id),
        release=found,
        differs=found is not None and files.differs(found, project, reader),
        form=form,
    )


@bp.post("/projects/<int:project_id>/rounds/<int:round_id>/release.json")
@allow("supervisor", "researcher")
@form_on("review.release")
def release_json(project_id: int, round_id: int) -> Response:
    reader = current_actor()
    project = visibility.project_for(reader, project_id, Role.SUPERVISOR, Role.RESEARCHER)
    found = db.session.scalar(visibility.release_visible_to(reader, round_id))
    if found is None or found.round.project_id != project_id:
        raise NotFound("There is no such release.")
    actions.record_figures_taken(project, reader, Filter(round=found.round.name), "release")
    return attachment([found.figures], "application/json", project.name, found.round.name, "release", ending="json")


# ---- files


@bp.post("/projects/<int:project_id>/agreement.json")
@allow("supervisor", "researcher")
@form_on("review.agreement")
def agreement_json(project_id: int) -> Response:
    scene = _scene(project_id)
    actions.record_figures_taken(scene.project, scene.reader, scene.wanted)
    content = files.agreement(scene.project, scene.reader, scene.wanted, scene.coders)
    return _json_file(scene, files.head(scene.project, scene.wanted) | content, "agreement")


@bp.post("/projects/<int:project_id>/agreement/drift.json")
@allow("supervisor", "researcher")
@form_on("review.over_time")
def drift_json(project_id: int) -> Response:
    scene = _scene(project_id)
    actions.record_figures_taken(scene.project, scene.reader, scene.wanted, "drift")
    found = scene.drift()
    content = {
        **files.head(scene.project, scene.wanted),
        "method": {"answers": files.METHOD["answers"], "interval": files.METHOD["interval"]} | DRIFT_METHOD,
        "length": found.length if found else None,
        "drifted": [one.name for one in found.drifted] if found else [],
        "windows": [one.as_json() for one in found.spans] if found else [],
    }
    return _json_file(scene, content, "agreement over time")


@bp.post("/projects/<int:project_id>/agreement/fields.json")
@allow("supervisor", "researcher")
@form_on("review.fields")
def fields_json(project_id: int) -> Response:
    scene = _scene(project_id)
    actions.record_figures_taken(scene.project, scene.reader, scene.wanted, "agreement by field")
    content = files.fields(scene.project, scene.reader, scene.wanted, scene.coders)
    content["claim_status"] = claim_status(scene.project, scene.reader).as_json() | {"where": files.CLAIM_STATUS}
    return _json_file(scene, files.head(scene.project, scene.wanted) | content, "agreement by field")


def _json_file(scene: Scene, content: dict[str, Any], name: str) -> Response:
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=False)
    return attachment([text], "application/json", scene.project.name, name, ending="json")
