"""The desk, and the form for one sentence."""

from functools import partial
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp import visibility
from webapp.access import allow, current_actor, script_token, visit
from webapp.db import now
from webapp.domain.answers import ANSWER_FIELDS, LONGEST_STAY, REQUIRED, TERMS, Answer, answer_values
from webapp.domain.brought import NOTHING
from webapp.domain.chains import LONGEST_CHAIN
from webapp.domain.errors import BadAnswer, BadSource, NotFound
from webapp.domain.terms import (
    FOUR_TAGS,
    CorroborationStatus,
    Independence,
    MentionKind,
    SourceKind,
    SourceType,
    Stance,
    Tag,
    Term,
)
from webapp.domain.writes import assignment_key
from webapp.mentioned_claims import mention_values, told_claims
from webapp.models import Article, Assignment, AssignmentState, Role, Round
from webapp.models.conflicts import Conflict, Incomplete, NotOpen
from webapp.named_sources import Registry, entry_called, named_sources, names_at_hand
from webapp.tagging import actions, queries
from webapp.tagging.forms import TagForm
from webapp.tagging.queries import DeskSentence, Revision

bp = Blueprint("tagging", __name__)


@bp.get("/articles/<int:article_id>")
@allow(*Role)
def desk(article_id: int) -> str | Response:
    try:
        article = visibility.article_to_tag(current_actor(), article_id)
    except NotFound:
        visibility.article_for(current_actor(), article_id)
        return redirect(url_for("reading.room", article_id=article_id))  # for who reads it without tagging it
    assignment = queries.assignment_for(article, current_actor())
    every = queries.desk_sentences(article, current_actor(), assignment)
    sentences = [sentence for sentence in every if not sentence.is_excluded]
    round_ = assignment.round if assignment else article.project.running
    untagged = [sentence for sentence in sentences if sentence.answer.tag is None]
    state = assignment.state if assignment else AssignmentState.ASSIGNED
    locked = assignment is not None and assignment.is_done
    return render_template(
        "tagging/desk.html",
        article=article,
        paragraphs=queries.in_paragraphs(every),
        count=len(sentences),
        answered=len(sentences) - len(untagged),
        here=(untagged or sentences or every)[0].id,
        state=state.value,
        returned=queries.last_return(assignment) if assignment and state is AssignmentState.RETURNED else None,
        locked=locked,
        settled=queries.settled_count(article, current_actor()),
        to_confirm=[sentence for sentence in sentences if sentence.to_confirm],
        is_blind=round_.is_blind,
        cues_allowed=not round_.is_blind,
        can_repair=visibility.supervises(current_actor(), article.project_id),
        codebook=round_.codebook,
        longest_chain=LONGEST_CHAIN,
        asks_who=visit().asks_who,
        round=round_,
        assignment=assignment,
        next=queries.next_article(current_actor(), article.project_id) if locked else None,
        can_take_back=state is AssignmentState.SUBMITTED
        and round_.closed_at is None
        and visibility.supervises(current_actor(), article.project_id),
        trains=(trains := queries.trains(round_, current_actor())),
        desk=_desk_data(article, round_, assignment, sentences, trains=trains),
    )


def _desk_data(
    article: Article, round_: Round, assignment: Assignment | None, sentences: list[DeskSentence], *, trains: bool
) -> dict[str, Any]:
    """What the desk's scripts start from."""
    registry = Registry(current_actor(), article.project_id, round_.is_blind, article.id)
    outlet = entry_called(registry, article.outlet, SourceKind.OUTLET) if article.outlet else None
    reader_id = current_actor().user_id
    mentions = [mention for sentence in sentences for mention in sentence.mentions]
    claims = told_claims([mention.claim_id for mention in mentions], current_actor())
    return {
        "article_id": article.id,
        "assignment_key": str(assignment.key) if assignment else None,
        "user_id": reader_id,
        "instance": current_app.config["INSTANCE_ID"],
        "csrf": script_token(),
        "codebook_version": round_.codebook.version,
        "locked": assignment is not None and assignment.is_done,
        "single_keys": visit().single_keys,
        "asks_who": visit().asks_who,
        "is_blind": round_.is_blind,
        "urls": {
            "codebook": url_for("codebooks.text", codebook_id=round_.codebook_id),
            "annotation": url_for("api.put_annotation", sentence_id=0),
            "history": url_for("api.get_history", sentence_id=0),
            **({"key": url_for("api.get_key", sentence_id=0)} if trains else {}),
            "claims_at_hand": url_for("api_claims.get_claims", article_id=article.id),
            "claims": url_for("api_claims.get_mentioned", sentence_id=0),
            "search": url_for("search.search"),
            "elsewhere": url_for("api_claims.get_elsewhere", sentence_id=0),
            "claim": "/api/v1/claims/ID",
            "assessment": "/api/v1/claims/ID/assessment",
            "mention": "/api/v1/mentions/ID",
            "item": "/api/v1/evidence/ID",
            "page_of_claim": "/claims/ID",
            "cues": url_for("api.get_cues", article_id=article.id),
            "sources": url_for("api.get_sources", article_id=article.id),
            "submit": url_for("api.post_submission", article_id=article.id),
            "me": url_for("api.get_me"),
            "csrf": url_for("api.get_me"),
            "preferences": url_for("api.put_preferences"),
            "sign_in": url_for("accounts.sign_in"),
        },
        "sentences": [
            {
                "id": sentence.id,
                "version": sentence.version,
                "answer": answer_values(sentence.answer),
                "to_confirm": sentence.to_confirm,
            }
            for sentence in sentences
        ],
        "claims": [claim.values(reader_id) for claim in claims.values()],
        "mentions": [mention_values(mention, reader_id) for mention in mentions if mention.claim_id in claims],
        "fields": field_wording(),
        "sources": [source.values() for source in queries.desk_sources(registry, sentences, outlet)],
        "outlet": {"id": outlet and str(outlet), "name": article.outlet} if article.outlet else None,
        "kind_of": {type_.value: type_.kind for type_ in SourceType if type_.kind},
        "answer_fields": (*ANSWER_FIELDS, "chain"),
        "required": REQUIRED,
        "tag_keys": {key: tag for tag in Tag for key in tag.keys},
        "longest_stay": LONGEST_STAY,
    }


def field_wording() -> dict[str, list[dict[str, str]]]:
    """Every value list with its wording, for scripts; said once, in `domain.terms`."""
    lists: dict[str, Any] = {**TERMS, "tag": Tag, "second_choice": FOUR_TAGS}
    lists |= {"corroboration_status": CorroborationStatus, "source_kind": SourceKind}
    lists |= {"mention_kind": MentionKind, "stance": Stance, "independence": Independence}
    return {name: [_wording(term) for term in terms] for name, terms in lists.items()}


def _wording(term: Term) -> dict[str, str]:
    wording = {"value": term.value, "label": term.label}
    return wording | {"meaning": term.meaning} if term.meaning else wording


@bp.route("/sentences/<int:sentence_id>/tag", methods=["GET", "POST"])
@allow("analyst")
def tag(sentence_id: int) -> str | Response | tuple[str, int]:
    sentence = visibility.sentence_to_tag(current_actor(), sentence_id)
    work = queries.assignment_for(sentence.article, current_actor())
    every = queries.desk_sentences(sentence.article, current_actor(), work)
    sentences = [one for one in every if not one.is_excluded or one.id == sentence_id]
    position = next(i for i, shown in enumerate(sentences) if shown.id == sentence_id)
    shown = sentences[position]
    before = sentences[position - 1] if position else None
    after = sentences[position + 1] if position + 1 < len(sentences) else None
    registry = queries.registry_for(sentence.article, current_actor())
    named = named_sources(registry, shown.answer.source_ids)
    form = TagForm(obj=shown.answer, seen=shown.version, assignment_key=str(work.key) if work else "")
    conflict = None
    if not form.is_submitted():
        form.tell(shown.answer, {id_: source.name for id_, source in named.items()})
    if form.submitted():
        try:
            answer, brought = Answer(), NOTHING
            if not form.clear.data:
                answer, brought = form.answer(shown.answer, partial(queries.entry_named, registry, named), now().date())
            seen, client_id = form.write_key()
            saved = actions.record_answer(
                sentence_id, current_actor(), answer, seen, client_id, form.work_key(), brought
            )
            for problem in saved.problems:
                flash(f"Sentence {shown.index}: {problem}", "error")
        except (BadAnswer, BadSource) as refused:
            form.form_errors.append(str(refused))
        except Conflict as late:
            conflict = late.current if isinstance(late.current, Revision) else None
            form.follow(conflict.version if conflict else 0)
            form.form_errors.append(str(late))
        else:
            trains = queries.trains(queries.round_of_work(sentence.article, current_actor()), current_actor())
            return redirect(url_for(".tag", sentence_id=after.id if after and not trains else sentence_id))
    page = render_template(
        "tagging/tag.html",
        article=sentence.article,
        sentence=shown,
        before=before,
        after=after,
        form=form,
        key=queries.key_to(sentence, current_actor()),
        named=named,
        names=names_at_hand(registry),
        conflict=conflict,
        conflicting=named_sources(registry, conflict.answer.source_ids) if conflict else {},
    )
    return (page, 409) if conflict else page


@bp.post("/articles/<int:article_id>/submit")
@allow("analyst")
def submit(article_id: int) -> Response:
    article = visibility.article_to_tag(current_actor(), article_id)
    try:
        actions.submit(article, current_actor(), assignment_key(request.form.get("assignment_key")))
    except (Incomplete, NotOpen) as refused:
        flash(str(refused), "error")
        return redirect(url_for(".desk", article_id=article_id))
    flash("Submitted. Your answers are locked until the article is returned to you.", "success")
    return redirect(url_for("articles.index"))
