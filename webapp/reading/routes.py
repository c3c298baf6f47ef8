"""The reading room: an article with all voices that its reader may read."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp import visibility
from webapp.access import allow, current_actor, visit
from webapp.decision_form import DecisionForm
from webapp.domain.adjudication import rule_names, rules_in
from webapp.domain.errors import BadAnswer, BadArticle, BadFilter, BadRepair, NotFound
from webapp.domain.terms import NotPart
from webapp.domain.word_edits import Edit
from webapp.downloads import form_on
from webapp.ids import row_id, row_ids, whole_number
from webapp.models import AS_IMPORTED, Article, DescriptionRevision, Role, Sentence
from webapp.models.conflicts import Conflict
from webapp.near_copies import near_copies
from webapp.reading import actions, queries
from webapp.reading.editions import compared_editions, editions_beside
from webapp.reading.forms import DescriptionForm, ExclusionForm
from webapp.reading.queries import Place, Room, Row
from webapp.reading.wanted import wanted_from
from webapp.shown_names import hide_names, names_are_shown, show_names
from webapp.templating import plural

bp = Blueprint("reading", __name__)


@bp.get("/articles/<int:article_id>/reading")
@allow(*Role)
def room(article_id: int) -> str | Response:
    article = visibility.article_for(current_actor(), article_id)
    rounds = queries.round_names(article.project)
    room = queries.room_for(article, current_actor(), wanted_from(request.args, rounds))
    if room.wanted.analyst and room.wanted.analyst not in {voice.code for voice in room.voices}:
        raise BadFilter(f"There is no analyst “{room.wanted.analyst[:60]}” here; choose from the list.")
    here = _place_asked_for(room)
    if here and (here.id != row_id(request.args.get("at")) or here not in room.listed):
        kept = {name: value for name, value in room.wanted.as_args().items() if name in ("round", "others")}
        return redirect(url_for(".room", article_id=article_id, at=here.id, **kept, _anchor=f"s{here.id}"))
    part = room.part_of(here.id) if here else min(whole_number(request.args.get("part")) or 1, room.parts)
    rows = queries.rows_of(room, room.shown_in(part))
    mine = queries.said_in(room) if not room.has_others else None
    return render_template(
        "reading/room.html",
        room=room,
        article=article,
        project=article.project,
        rounds=rounds,
        rows=rows,
        part=part,
        bars=queries.bars_of(room, mine),
        here=here,
        rules=rules_in(room.round.codebook.text),
        **_about(room, next((row for row in rows if here and row.id == here.id), None)),
        next_dispute=room.after(here, room.to_settle if room.supervises else room.disputed),
        names=room.supervises and names_are_shown(article.project_id),
        may_tag=queries.may_tag(article, current_actor()),
        copies=near_copies(article, current_actor()) if part == 1 else [],
        editions=editions_beside(article, current_actor()) if part == 1 else [],
        describing=_describing(room),
        single_keys=visit().single_keys,
    )


def _describing(room: Room) -> DescriptionForm | None:
    """The form that amends what is known of the article, for its supervisors."""
    if not room.supervises:
        return None
    form = DescriptionForm(formdata=None, data={name: getattr(room.article, name) for name in actions.TOLD})
    form.follow(queries.description_version(room.article, room.reader))
    return form


@bp.get("/articles/<int:article_id>/earlier")
@allow(*Role)
def earlier(article_id: int) -> str:
    """What the article changed in the one that it is a later edition of."""
    article = visibility.article_for(current_actor(), article_id)
    found = compared_editions(article, current_actor(), whole_number(request.args.get("part")) or 1)
    return render_template("reading/earlier.html", article=article, editions=found, edit=Edit)


@bp.get("/sentences/<int:sentence_id>")
@allow(*Role)
def sentence(sentence_id: int) -> Response:
    """The lasting address of a sentence; of one that a repair replaced it leads to what stands there now."""
    article_id = visibility.sentence_to_read(current_actor(), sentence_id).article_id
    return redirect(url_for(".room", article_id=article_id, at=sentence_id, _anchor=f"s{sentence_id}"))


@bp.post("/sentences/<int:sentence_id>/exclusion")
@allow("supervisor")
def exclusion(sentence_id: int) -> Response:
    """Take the sentence out of the article, or back in; back to it."""
    sentence = visibility.sentence_to_repair(current_actor(), sentence_id)
    form = ExclusionForm()
    try:
        if form.submitted():
            why = form.reason()
            actions.exclude(sentence, current_actor(), why, *form.write_key())
            flash(_said_of_exclusion(sentence, why), "success")
    except (BadRepair, BadAnswer) as refused:
        flash(str(refused), "error")
    except Conflict:
        flash("Somebody changed it meanwhile; it stands below as it is now.", "error")
    kept = wanted_from(request.args, queries.round_names(sentence.article.project)).as_args()
    return redirect(url_for(".room", article_id=sentence.article_id, at=sentence_id, **kept, _anchor=f"s{sentence_id}"))


def _said_of_exclusion(sentence: Sentence, why: NotPart | None) -> str:
    if why:
        return "It is not part of the article now: nobody is asked for its tag, and no count holds it."
    if without := queries.handed_in_without(sentence):
        works = f"{plural(without, 'piece')} of work {'was' if without == 1 else 'were'}"
        return (
            f"It is part of the article again. {works} handed in without its tag: where it is wanted, return them to "
            "their analysts on Progress."
        )
    return "It is part of the article again."


@bp.post("/articles/<int:article_id>/proposals")
@allow("supervisor")
def proposals(article_id: int) -> Response:
    """Say of some proposals that they are no part of the article, or that they are; back to those that are left."""
    article = visibility.article_to_supervise(current_actor(), article_id)
    is_part, ids = "part" in request.form, row_ids(request.form.getlist("sentence"))
    count = actions.decide_proposals(article, current_actor(), ids, is_part=is_part)
    what = "Part of the article" if is_part else "Not part of the article now"
    flash(f"{what}: {plural(count, 'sentence')}." if count else "Nothing was left to decide there.", "success")
    kept = wanted_from(request.args, queries.round_names(article.project)).as_args()
    if not queries.proposals_in(article):
        kept.pop("proposed", None)
    return redirect(url_for(".room", article_id=article_id, **kept))


@bp.route("/articles/<int:article_id>/description", methods=["GET", "POST"])
@allow("supervisor")
def description(article_id: int) -> str | Response | tuple[str, int]:
    """What is known of the article besides its text, to be amended, and how it was before."""
    article = visibility.article_to_supervise(current_actor(), article_id)
    form = DescriptionForm(data={name: getattr(article, name) for name in actions.TOLD})
    status = 422 if form.is_submitted() else 200
    if form.submitted():
        try:
            said = form.description(), form.language_code()
            actions.describe(article, current_actor(), *said, *form.write_key())
        except (BadArticle, BadAnswer) as refused:
            form.form_errors.append(str(refused))
        except Conflict as late:
            form.form_errors.append(
                "Somebody amended it meanwhile; what stands now is below. Saving puts yours after it."
            )
            form.follow(late.current.version if isinstance(late.current, DescriptionRevision) else AS_IMPORTED)
            status = 409
        else:
            flash("The description is amended; what it was stays on record.", "success")
            return redirect(url_for(".room", article_id=article_id))
    history = queries.descriptions_of(article, current_actor())
    if not form.is_submitted():
        form.follow(queries.description_version(article, current_actor()))
    page = render_template("reading/description.html", article=article, form=form, history=history)
    return page, status


def _place_asked_for(room: Room) -> Place | None:
    """The sentence in the address; of one that a repair replaced what stands there now. Raises NotFound."""
    if not (wanted := request.args.get("at")):
        return None
    by_id = {place.id: place for place in room.places}
    id_ = row_id(wanted)
    if id_ in by_id:
        return by_id[id_]
    sentence = visibility.sentence_to_read(current_actor(), id_ or 0)
    live = queries.live_place_of(room.article, sentence) if sentence.article_id == room.article.id else None
    if live is None:
        raise NotFound("There is no such sentence in this article.")
    return by_id[live]


def _about(room: Room, row: Row | None) -> dict[str, Any]:
    """What is told of the sentence in hand, with the form that settles it for whoever may."""
    if row is None:
        return {"opened": None, "form": None, "part_form": None}
    exclusion = queries.exclusion_of(row.id, room.reader)
    part = ExclusionForm(formdata=None, why=exclusion and exclusion.why)
    part.follow(exclusion.version if exclusion else 0)
    return {"opened": queries.opened(room, row), "form": _form(room, row), "part_form": part}


def _form(room: Room, row: Row) -> DecisionForm | None:
    is_running = room.round.id == room.project.running.id
    if not (room.supervises and room.reads_others and is_running and row.votes.n_coders) or row.is_hidden:
        return None
    gold = row.gold
    form = DecisionForm(
        formdata=None,
        gold_tag=gold and gold.tag,
        deciding_rule=gold and gold.deciding_rule,
        cause=gold and gold.cause,
        reason=gold and gold.reason,
    )
    form.choose_among(rule_names(room.round.codebook.text))
    form.follow(gold.version if gold else 0)
    form.then.data = f"reading?{urlencode(room.wanted.as_args())}"
    return form


@bp.post("/articles/<int:article_id>/names")
@allow("supervisor")
@form_on("reading.room")
def names(article_id: int) -> Response:
    """Show the names of analysts for an hour in this session, or hide them; back to the article."""
    article: Article = visibility.article_to_supervise(current_actor(), article_id)
    if "hide" in request.values:
        hide_names(article.project_id)
    else:
        show_names(article.project, current_actor(), "reading room")
    kept = wanted_from(request.args, queries.round_names(article.project)).as_args()
    return redirect(url_for(".room", article_id=article_id, **kept))
