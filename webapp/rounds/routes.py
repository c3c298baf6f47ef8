"""The page of rounds: what each was, and where the next begins."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from webapp import visibility
from webapp.access import allow, current_actor
from webapp.domain.errors import BadProject
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
        rows=queries.rounds_of(project),
        waiting=queries.number_not_handed_in(running),
        form=form,
        name_form=name_form,
        common_names=COMMON_NAMES,
    )


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
