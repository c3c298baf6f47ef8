"""The queue of disputed sentences, the page that settles one, and the gold as analysts see it."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl
from uuid import uuid4

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from webapp import visibility
from webapp.access import allow, current_actor, visit
from webapp.adjudication import actions, queries
from webapp.adjudication.forms import FirstTagForm
from webapp.adjudication.queries import QueueRow
from webapp.decision_form import DecisionForm
from webapp.domain.adjudication import draft_of_rules, rule_named, rule_names, rules_in
from webapp.domain.errors import BadAnswer, BadDecision, NotFound, UnfinishedDecision
from webapp.domain.writes import write_key
from webapp.models import Project, Role, Sentence, StandingState
from webapp.models.conflicts import Conflict
from webapp.paging import PAGE, Page, asked_in

bp = Blueprint("adjudication", __name__)


# ---- the queue


@bp.get("/projects/<int:project_id>/adjudication")
@allow("supervisor")
def queue(project_id: int) -> str:
    project = visibility.project_for(current_actor(), project_id, Role.SUPERVISOR)
    queue = queries.queue_of(project, current_actor())
    page = queries.page_of_queue(project, current_actor(), queue, asked_in(request.args))
    rules = {row.deciding_rule for row in page}
    return render_template(
        "adjudication/queue.html",
        project=project,
        queue=queue,
        to_settle=[row for row in page if row.is_to_settle],
        decided=[row for row in page if not row.is_to_settle],
        most_divided=_most_divided(project, page),
        passages=queries.passages([row.sentence_id for row in page]),
        rules={rule: rule_named(rule, project.running.codebook.text) for rule in rules},
        gaps=queries.number_of_gaps(project, current_actor()),
        page=page,
    )


def _most_divided(project: Project, page: Page[QueueRow]) -> int | None:
    """The sentence to begin with; None where none is to settle."""
    rows = page.rows if page.number == 1 else queries.rows_in(project, current_actor(), StandingState.TO_SETTLE)[:1]
    return next((row.sentence_id for row in rows if row.is_to_settle), None)


@bp.route("/projects/<int:project_id>/adjudication/unanimous", methods=["GET", "POST"])
@allow("supervisor")
def unanimous(project_id: int) -> str | AnyResponse:
    project = visibility.project_for(current_actor(), project_id, Role.SUPERVISOR)
    if request.method == "POST":
        try:
            expected = request.form.get("expected", -1, type=int)
            _, client_id = write_key(0, request.form.get("client_id") or uuid4())
            count = actions.accept_unanimous(project, current_actor(), expected, client_id)
        except (BadDecision, BadAnswer) as refused:
            flash(str(refused), "error")
            return redirect(url_for(".unanimous", project_id=project_id))
        flash(f"Accepted as gold: {count:,}.", "success")
        return redirect(url_for(".queue", project_id=project_id))
    queue = queries.queue_of(project, current_actor())
    return render_template(
        "adjudication/unanimous.html",
        project=project,
        count=queue.acceptable,
        per_tag=queue.acceptable_by_tag(),
        coders=queue.coders_of_acceptable(),
        client_id=uuid4(),
    )


@bp.get("/projects/<int:project_id>/codebook-gaps")
@allow("supervisor")
def gaps(project_id: int) -> str:
    project = visibility.project_for(current_actor(), project_id, Role.SUPERVISOR)
    page = queries.gaps_of(project, current_actor(), asked_in(request.args))
    codebook, before = project.running.codebook, (page.number - 1) * PAGE
    draft = draft_of_rules(codebook.version, [row.gap for row in page], rules_in(codebook.text), before)
    height = min(4 + 5 * len(page), 28)
    number = queries.number_of_gaps(project, current_actor())
    return render_template(
        "adjudication/gaps.html", project=project, page=page, number=number, draft=draft, height=height
    )


@bp.get("/projects/<int:project_id>/second-look")
@allow("supervisor")
def second_look(project_id: int) -> str:
    """The sentences on which a rule decided before a version of the codebook worded it anew."""
    project = visibility.project_for(current_actor(), project_id, Role.SUPERVISOR)
    version = queries.version_called(project, request.args.get("version", ""))
    rule = rule_names(version.text).get(request.args.get("rule", ""))
    if rule is None:
        raise NotFound(f"Version {version.version} of the codebook has no such rule.")
    page = queries.second_look(project, current_actor(), rule.value, version, asked_in(request.args))
    return render_template("adjudication/second_look.html", project=project, page=page, rule=rule, version=version)


# ---- one sentence


@bp.route("/sentences/<int:sentence_id>/adjudication", methods=["GET", "POST"])
@allow("supervisor")
def sentence(sentence_id: int) -> str | AnyResponse | tuple[str, int]:
    sentence = visibility.sentence_to_adjudicate(current_actor(), sentence_id)
    project = sentence.article.project
    first_tag = queries.first_tag_of(sentence_id, current_actor())
    if project.own_tag_first and first_tag is None:
        return _own_tag_first(sentence, project)
    form = DecisionForm(data=queries.decided_before(sentence_id))
    form.choose_among(rule_names(project.running.codebook.text))
    conflict: object = None
    status = 200
    if form.submitted():
        try:
            actions.adjudicate(sentence, current_actor(), form.decision(), *form.write_key())
        except UnfinishedDecision as refused:
            form.say(refused.faults)
            status = 422
        except (BadDecision, BadAnswer) as refused:
            form.form_errors.append(str(refused))
            status = 422
        except Conflict as late:
            conflict, status = late.current, 409
        else:
            return redirect(_onward(project, sentence, str(form.then.data or "")))
    elif not form.is_submitted():
        form.then.data = request.args.get("then", "")
    current = queries.current_decision(sentence_id)
    form.follow(current.version if current else 0)
    page = render_template(
        "adjudication/sentence.html",
        project=project,
        **_about(sentence),
        form=form,
        conflict=conflict,
        first_tag=first_tag,
        answers=queries.shuffled_answers(sentence, current_actor()),
        votes=queries.votes_on(sentence, current_actor()),
        history=queries.decisions_on(sentence_id),
        rules=rules_in(project.running.codebook.text),
        single_keys=visit().single_keys,
    )
    return page, status


def _about(sentence: Sentence) -> dict[str, object]:
    return {"article": sentence.article, "sentence": sentence, "context": queries.context_of(sentence)}


READING = "reading?"
"""How `then` begins when a decision was made in the reading room; its filters follow."""
FILTERS = ("disputed", "tag", "analyst", "notes", "others")


def _onward(project: Project, sentence: Sentence, then: str) -> str:
    """Where a saved decision leads: to the next that waits, or back when none does."""
    if then.startswith(READING):
        return _onward_in_article(project, sentence, dict(parse_qsl(then.removeprefix(READING))))
    onward = queries.next_to_settle(project, current_actor(), sentence.id)
    if onward is None:
        flash("Settled. Nothing else waits for a decision.", "success")
        return url_for(".queue", project_id=project.id)
    flash("Settled. This is the next one.", "success")
    return url_for(".sentence", sentence_id=onward)


def _onward_in_article(project: Project, sentence: Sentence, asked: Mapping[str, str]) -> str:
    """The next dispute of the article in the order of reading, in the reading room as it was filtered."""
    onward = queries.next_in_article(project, current_actor(), sentence)
    flash("Settled. This is the next one." if onward else "Settled. Nothing else in this article waits.", "success")
    here = onward or sentence.id
    kept: dict[str, Any] = {name: asked[name] for name in FILTERS if name in asked}
    return url_for("reading.room", article_id=sentence.article_id, at=here, **kept, _anchor=f"s{here}")


@bp.get("/sentences/<int:sentence_id>/adjudication/later")
@allow("supervisor")
def later(sentence_id: int) -> AnyResponse:
    """To the next one without a decision."""
    sentence = visibility.sentence_to_adjudicate(current_actor(), sentence_id)
    project = sentence.article.project
    onward = queries.next_to_settle(project, current_actor(), sentence_id)
    if onward is None:
        flash("No other sentence waits for a decision.", "success")
        return redirect(url_for(".queue", project_id=project.id))
    return redirect(url_for(".sentence", sentence_id=onward))


def _own_tag_first(sentence: Sentence, project: Project) -> str | AnyResponse | tuple[str, int]:
    """The page before the analysts' tags are shown; none of them, nor any decision, is on it."""
    form = FirstTagForm()
    if form.submitted():
        try:
            actions.keep_first_tag(sentence, current_actor(), form.chosen())
            return redirect(url_for(".sentence", sentence_id=sentence.id, then=request.args.get("then")))
        except BadDecision as refused:
            form.form_errors.append(str(refused))
    page = render_template(
        "adjudication/first.html",
        project=project,
        **_about(sentence),
        form=form,
        single_keys=visit().single_keys,
    )
    return page, 422 if form.form_errors else 200


# ---- gold


@bp.get("/articles/<int:article_id>/gold")
@allow("analyst")
def gold(article_id: int) -> str:
    article = visibility.article_to_tag(current_actor(), article_id)
    rows = queries.gold_for_analyst(article, current_actor())
    return render_template("adjudication/gold.html", article=article, rows=rows)
