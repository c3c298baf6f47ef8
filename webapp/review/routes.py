"""The agreement page, the sentences behind its cells, and its figures as files."""

from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, Response, current_app, json, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from webapp import __version__, visibility
from webapp.access import allow, current_actor
from webapp.db import now
from webapp.domain.agreement.drift import LENGTHS, Drift, Series
from webapp.domain.agreement.intervals import SCALES
from webapp.domain.agreement.methods import Study, methods_paragraph
from webapp.domain.agreement.ratings import Ints
from webapp.domain.agreement.reading import ENOUGH_UNITS, between, decimal, percent, percent_between, percent_of
from webapp.domain.agreement.report import NOTHING_DRAWN
from webapp.domain.errors import BadFilter
from webapp.domain.moments import moment
from webapp.domain.plots import Track, track
from webapp.domain.terms import FOUR_TAGS, Tag
from webapp.downloads import attachment, form_on
from webapp.models import Actor, Project, Role
from webapp.paging import PAGE, nearest_page
from webapp.review import actions, queries, statistics
from webapp.review.by_field import FieldFigures
from webapp.review.filters import Choices, Filter, articles_asked, filter_from
from webapp.review.kept import KeptFigures, drift_for, fields_for, figures_for
from webapp.review.queries import Coverage
from webapp.review.statistics import Coder
from webapp.shown_names import hide_names, names_are_shown, show_names

bp = Blueprint("review", __name__)
bp.add_app_template_filter(decimal, "decimal")
bp.add_app_template_filter(percent, "percent")
bp.add_app_template_filter(percent_of, "percent_of")
bp.add_app_template_filter(between, "between")
bp.add_app_template_filter(percent_between, "percent_between")

METHOD = {
    "answers": "the first submission of each analyst and article; confirmed answers to live sentences that are part of"
    " the article; pooled",
    "alpha": "Krippendorff's alpha, nominal over the four tags, ordinal over ratings (Krippendorff 2011)",
    "interval": "95 % jackknife over the articles with a sentence that two analysts tagged, with Student's t, on the"
    " scale that ci_scales names (with gold: that of specific_agreement); none under three articles; of one tag only"
    " articles that tell of it count; analysts are taken as given",
    "conventions": "no pair of analysts has a kappa on the page under 10 shared sentences, and nothing is called sound"
    " under 30: these are conventions of this program; .667 and .800 are Krippendorff's",
    "other": "Gwet's AC1, Fleiss' kappa and Brennan-Prediger with unequal raters (Gwet 2014); Cohen's kappa by pair",
    "set_aside": "NOT_CODABLE, F and 6 are gaps with an agreement of their own",
    "letters": "source_reliability counts letters of the analyst's own ratings; others are letters_left_out",
    "same_source": "pairs of answers to one sentence that both name a source; the same after merges; not corrected for"
    " chance, which from the sources of all sentences would be next to nothing",
}

FIELD_METHOD = {
    "alpha": "Krippendorff's alpha of each field at its own level, which stands under level (Krippendorff 2011)",
    "where": "a field is compared among the answers that it belongs to, which stand under where: a source type where"
    " both said ATTRIBUTION; what stays stored under a tag that does not call for it does not count",
    "step": "the question before it: whether analysts agree that the sentence is told (ATTRIBUTION among the four"
    " tags), that it is NOT_CODABLE, or, of a field that may stay empty, when to give one",
    "flags": "an empty flag says no (false) wherever the answer has one of the four tags",
    "set_aside": "NOT_CODABLE, F and 6 are gaps with an agreement of their own",
}


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
        methods=_methods(scene, kept, coverage),
    )


@bp.get("/projects/<int:project_id>/agreement/cell")
@allow("supervisor", "researcher")
def cell(project_id: int) -> str:
    scene = _scene(project_id)
    a, b = _tag("a"), _tag("b")
    listed = _list_of(scene, scene.figures().in_cell(a, b))
    return render_template("review/agreement_cell.html", **_common(scene), **listed, a=a, b=b)


@bp.get("/projects/<int:project_id>/agreement/fields")
@allow("supervisor", "researcher")
def fields(project_id: int) -> str:
    scene = _scene(project_id)
    common = _common(scene) | {"all_answers": ".fields"}
    return render_template("review/fields.html", **common, figures=scene.fields(), enough=ENOUGH_UNITS)


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


def _list_of(scene: Scene, ids_listed: Ints) -> dict[str, Any]:
    """One page of sentences, the one that the address asks for or the nearest there is."""
    page, pages = nearest_page(request.args.get("page", 1, type=int), len(ids_listed))
    first = (page - 1) * PAGE
    ids = ids_listed[first : first + PAGE].tolist()
    sentences = queries.sentences_with_answers(scene.project, scene.reader, ids, scene.wanted, scene.coders)
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


# ---- files


@bp.post("/projects/<int:project_id>/agreement.json")
@allow("supervisor", "researcher")
@form_on("review.agreement")
def agreement_json(project_id: int) -> Response:
    scene = _scene(project_id)
    actions.record_figures_taken(scene.project, scene.reader, scene.wanted)
    kept = scene.figures()
    coverage = queries.coverage_of(scene.project, scene.reader, scene.wanted, kept.handed_in)
    content = {
        **_head_of_file(scene),
        "method": METHOD,
        "ci_scales": SCALES,
        **NOTHING_DRAWN,
        "sample": kept.sample,
        "coverage": vars(coverage) | {"answers": kept.figures.n_answers},
        "methods_paragraph": _methods(scene, kept, coverage),
        **kept.figures.as_json(supervises=scene.supervises),
    }
    return _json_file(scene, content, "agreement")


@bp.post("/projects/<int:project_id>/agreement/drift.json")
@allow("supervisor", "researcher")
@form_on("review.over_time")
def drift_json(project_id: int) -> Response:
    scene = _scene(project_id)
    actions.record_figures_taken(scene.project, scene.reader, scene.wanted, "drift")
    found = scene.drift()
    content = {
        **_head_of_file(scene),
        "method": {"answers": METHOD["answers"], "interval": METHOD["interval"]} | DRIFT_METHOD,
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
    figures = scene.fields()
    method = {name: METHOD[name] for name in ("answers", "interval", "conventions", "other", "letters")} | FIELD_METHOD
    content = _head_of_file(scene) | {"method": method, "answers": figures.n_answers, "fields": figures.as_json()}
    return _json_file(scene, content, "agreement by field")


def _methods(scene: Scene, kept: KeptFigures, coverage: Coverage) -> str:
    round_ = queries.round_of(scene.project, scene.wanted)
    study = Study(
        project=scene.project.name,
        round=round_.name,
        is_blind=round_.is_blind,
        codebook=scene.wanted.codebook or round_.codebook.version,
        program=f"Claimtag {__version__}",
        articles=coverage.articles,
        sentences=coverage.sentences,
        analysts=len(kept.figures.coders),
        sample=kept.sample,
        is_filtered=replace(scene.wanted, round=None, pass_=None) != Filter(),
    )
    return methods_paragraph(kept.figures.report, study)


def _head_of_file(scene: Scene) -> dict[str, Any]:
    return {
        "project": scene.project.name,
        "app_version": __version__,
        "codebook_version": scene.wanted.codebook or scene.project.running.codebook.version,
        "computed_at": moment(now()),
        "filter": scene.wanted.as_args(),
    }


def _json_file(scene: Scene, content: dict[str, Any], name: str) -> Response:
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=False)
    return attachment([text], "application/json", scene.project.name, name, ending="json")
