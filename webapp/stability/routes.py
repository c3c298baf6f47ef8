"""The page of repeats, for supervisors alone: who does what once more, and how far each agrees with themselves."""

import json

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp import __version__, visibility
from webapp.access import allow, current_actor
from webapp.db import now
from webapp.domain.errors import BadPlan, NotFound
from webapp.domain.moments import moment
from webapp.downloads import attachment, form_on
from webapp.models import Project, Role, Round
from webapp.stability import actions, queries
from webapp.stability.forms import RepeatsForm

bp = Blueprint("stability", __name__)

METHOD = {
    "answers": "of each article what was handed in first, both times, under one codebook; sentences that count",
    "share": "sentences with the same tag both times",
    "alpha": "Krippendorff's alpha, nominal, of the two times as two coders",
    "interval": "jackknife over articles with Student's t; analysts are taken as given",
}


@bp.route("/projects/<int:project_id>/stability", methods=["GET", "POST"])
@allow("supervisor")
def index(project_id: int) -> str | Response:
    project = _project(project_id)
    form = RepeatsForm()
    if form.submitted():
        try:
            articles, analysts = actions.hand_out_repeats(
                project, form.days.data or 0, form.each.data or 0, current_actor()
            )
        except BadPlan as refused:
            form.form_errors.append(str(refused))
        else:
            pieces = "1 article" if articles == 1 else f"{articles:,} articles"
            whom = "1 analyst" if analysts == 1 else f"{analysts:,} analysts"
            flash(f"Handed out once more: {pieces} to {whom}. Nothing tells them so.", "success")
            return redirect(url_for(".index", project_id=project_id))
    rounds = queries.rounds_of(project)
    return render_template(
        "stability/index.html",
        project=project,
        rounds=rounds,
        shown=queries.shown(project, _round_among(rounds, project)),
        form=form,
    )


@bp.post("/projects/<int:project_id>/stability.json")
@allow("supervisor")
@form_on("stability.index")
def figures_json(project_id: int) -> Response:
    project = _project(project_id)
    shown = queries.shown(project, _round_among(queries.rounds_of(project), project))
    actions.record_figures_taken(project, current_actor())
    content = {
        "project": project.name,
        "round": shown.round.name,
        "codebook": shown.round.codebook.version,
        "computed_at": moment(now()),
        "app_version": __version__,
        "method": METHOD,
        "repeats": {"open": shown.open, "handed_in": shown.handed_in, "other_codebook": shown.other_codebook},
        "together": shown.together and shown.together.as_json(),
        "analysts": [
            {
                "coder_id": row.code,
                "open": row.open,
                "handed_in": row.handed_in,
                **(row.figures.as_json() if row.figures else {}),
            }
            for row in shown.rows
        ],
    }
    text = json.dumps(content, ensure_ascii=False, indent=1)
    return attachment([text], "application/json", project.name, "stability", ending="json")


def _project(project_id: int) -> Project:
    return visibility.project_for(current_actor(), project_id, Role.SUPERVISOR)


def _round_among(rounds: list[Round], project: Project) -> Round:
    """The round in the address, else the running one. Raises NotFound."""
    name = request.args.get("round")
    if not name:
        return project.running
    for one in rounds:
        if one.name == name:
            return one
    raise NotFound("There is no such round in this project.")
