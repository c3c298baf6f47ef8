"""The page of rounds: what each was, and where the next begins."""

import json

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from webapp import __version__, visibility
from webapp.access import allow, current_actor
from webapp.db import now
from webapp.domain.agreement.entry import NO_LOWER_END
from webapp.domain.errors import BadProject
from webapp.domain.moments import moment
from webapp.downloads import attachment, form_on
from webapp.models import Role
from webapp.rounds import actions, queries
from webapp.rounds.forms import NameForm, NewRoundForm

bp = Blueprint("rounds", __name__)

COMMON_NAMES = ("pilot", "training", "main", "repeat")


@bp.route("/projects/<int:project_id>/rounds", methods=["GET", "POST"])
@allow("supervisor")
def index(project_id: int) -> str | Response:
    project = visibility.project_for(current_actor(), project_id, Role.SUPERVISOR)
    running = project.running
    form = NewRoundForm(data={"overlap": running.overlap, "is_blind": running.is_blind})
    rows = queries.rounds_of(project)
    form.offer(
        [row.round.name for row in rows if queries.has_gold(row.round)],
        [row.round.name for row in rows if row.rule and row.rule.tests],
    )
    name_form = NameForm(formdata=None, data={"name": running.name})
    if form.begin.data and form.validate_on_submit():
        try:
            begun = actions.begin_next(project, form.new_round(), form.closes.data, current_actor())
        except BadProject as refused:
            form.form_errors.append(str(refused))
        else:
            flash(f"The round “{begun.name}” runs now; hand out its articles by a plan.", "success")
            return redirect(url_for(".index", project_id=project_id))
    return render_template(
        "rounds/index.html",
        project=project,
        rows=rows,
        waiting=queries.number_not_handed_in(running),
        form=form,
        name_form=name_form,
        common_names=COMMON_NAMES,
    )


@bp.get("/projects/<int:project_id>/rounds/<int:round_id>/results")
@allow("supervisor")
def results(project_id: int, round_id: int) -> str:
    project = visibility.project_for(current_actor(), project_id, Role.SUPERVISOR)
    round_, rule = queries.round_with_key(project, round_id)
    rows = queries.results_of(project, rule)
    passed = sum(row.taken.passed for row in rows)
    return render_template(
        "rounds/results.html", project=project, round=round_, rule=rule, rows=rows, passed=passed, why=NO_LOWER_END
    )


@bp.post("/projects/<int:project_id>/rounds/<int:round_id>/results.json")
@allow("supervisor")
@form_on("rounds.results")
def results_json(project_id: int, round_id: int) -> Response:
    project = visibility.project_for(current_actor(), project_id, Role.SUPERVISOR)
    round_, rule = queries.round_with_key(project, round_id)
    rows = queries.results_of(project, rule)
    actions.record_results_taken(round_, current_actor())
    content = {
        "project": project.name,
        "round": round_.name,
        "key": rule.key_round.name if rule.key_round else None,
        "pass_mark": rule.pass_mark,
        "by_lower_end": rule.by_lower_end,
        "computed_at": moment(now()),
        "app_version": __version__,
        "analysts": [
            {
                "coder_id": row.code,
                "waiting": row.taken.waiting,
                "needed": row.needed,
                "passed": row.taken.passed if rule.tests else None,
                **row.taken.result.as_json(),
            }
            for row in rows
        ],
    }
    text = json.dumps(content, ensure_ascii=False, indent=1)
    return attachment([text], "application/json", project.name, round_.name, "results", ending="json")


@bp.post("/projects/<int:project_id>/rounds/name")
@allow("supervisor")
def rename(project_id: int) -> Response:
    project = visibility.project_for(current_actor(), project_id, Role.SUPERVISOR)
    form = NameForm()
    try:
        if form.validate_on_submit():
            actions.rename_running(project, form.name.data or "", current_actor())
            flash("Renamed.", "success")
        else:
            flash("Write a name.", "error")
    except BadProject as refused:
        flash(str(refused), "error")
    return redirect(url_for(".index", project_id=project_id))
