"""JSON under /api/v1: an answer saved or taken back, its history, notes, and who one is."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, jsonify, request

from webapp import visibility
from webapp.access import SIGNED_IN, allow, current_actor, current_user, script_token
from webapp.accounts.actions import PREFERENCES, choose
from webapp.api.bodies import json_body
from webapp.claims import actions as claims
from webapp.db import now
from webapp.domain.answers import Answer, answer_from
from webapp.domain.brought import Brought, brought_from
from webapp.domain.chains import link_values
from webapp.domain.corroboration import finding_from
from webapp.domain.cues import cues_in
from webapp.domain.errors import BadAnswer, NotFound
from webapp.domain.moments import moment
from webapp.domain.writes import assignment_key, write_key
from webapp.errors import reply
from webapp.models import Article, Assessment
from webapp.models.conflicts import Conflict, Gone, Incomplete, NotOpen
from webapp.named_sources import named_sources
from webapp.notes import notes_on
from webapp.save_queue import queued_save
from webapp.sources.lookup import sources_called
from webapp.tagging import actions as tagging
from webapp.tagging import queries as tagging_queries
from webapp.tagging.queries import Revision

bp = Blueprint("api", __name__, url_prefix="/api/v1")

Reply = Response | tuple[Response | str, int]


@bp.put("/sentences/<int:sentence_id>/annotation")
@allow("analyst")
@queued_save
def put_annotation(sentence_id: int) -> Reply:
    body = json_body()
    seen, client_id = write_key(body.pop("version", None), body.pop("client_id", None))
    key = assignment_key(body.pop("assignment_key", None))
    brought = brought_from(body.pop("sources", None), body.pop("rating", None), now().date())
    answer = answer_from(body)
    if answer.tag is None:
        raise BadAnswer("An answer has a tag; DELETE takes an answer back.")
    return _record(sentence_id, answer, seen, client_id, key, brought)


@bp.delete("/sentences/<int:sentence_id>/annotation")
@allow("analyst")
@queued_save
def delete_annotation(sentence_id: int) -> Reply:
    body = json_body()
    seen, client_id = write_key(body.get("version"), body.get("client_id"))
    brought = brought_from(None, body.get("rating"), now().date())
    if brought.rating:
        raise BadAnswer("An answer taken back brings no rating; it can only withdraw one.")
    return _record(sentence_id, Answer(), seen, client_id, assignment_key(body.get("assignment_key")), brought)


def _record(sentence_id: int, answer: Answer, seen: int, client_id: UUID, key: UUID | None, brought: Brought) -> Reply:
    try:
        revision = tagging.record_answer(sentence_id, current_actor(), answer, seen, client_id, key, brought)
    except (Conflict, NotOpen) as late:
        current = _with_sources(late.current) if isinstance(late.current, Revision) else None
        return reply(409, str(late), late.code, current=current)
    return jsonify(_with_sources(revision) if brought.sources else stored_answer(revision))


def stored_answer(revision: Revision) -> dict[str, Any]:
    """A revision as JSON: every field of the answer, null where it is not recorded; `problems` where there are any."""
    answer = revision.answer
    return {
        "sentence_id": revision.sentence_id,
        "assignment_key": str(revision.assignment_key),
        "version": revision.version,
        "client_id": str(revision.client_id),
        "created_at": moment(revision.created_at),
        **vars(answer),
        "chain": [link_values(link) for link in answer.links],
        **({"problems": list(revision.problems)} if revision.problems else {}),
    }


def _with_sources(revision: Revision) -> dict[str, Any]:
    """The same, and what the sources are that it names, which the desk may never have heard of."""
    told = stored_answer(revision)
    if revision.answer.source_ids:
        try:
            article = visibility.sentence_to_tag(current_actor(), revision.sentence_id).article
        except (NotFound, Gone):  # since it was saved; the answer stands all the same
            return told
        told["sources"] = _sources_told(article, revision.answer.source_ids)
    return told


def _sources_told(article: Article, ids: Iterable[UUID]) -> list[dict[str, Any]]:
    found = named_sources(tagging_queries.registry_for(article, current_actor()), ids)
    return [source.values() for source in found.values()]


@bp.get("/sentences/<int:sentence_id>/history")
@allow("analyst")
def get_history(sentence_id: int) -> Reply:
    sentence = visibility.sentence_to_tag(current_actor(), sentence_id)
    revisions = tagging_queries.revisions_of(sentence, current_actor())
    named = frozenset[UUID]().union(*(revision.answer.source_ids for revision in revisions))
    return jsonify(
        revisions=[stored_answer(revision) for revision in revisions],
        sources=_sources_told(sentence.article, named),
    )


@bp.get("/sentences/<int:sentence_id>/key")
@allow("analyst")
def get_key(sentence_id: int) -> Reply:
    """What the key of a round that trains says, once one has answered."""
    found = tagging_queries.key_to(visibility.sentence_to_tag(current_actor(), sentence_id), current_actor())
    return jsonify(key=found.values() if found else None)


@bp.get("/sentences/<int:sentence_id>/notes")
@allow("analyst")
def get_notes(sentence_id: int) -> Reply:
    visibility.require_sentence_to_tag(current_actor(), sentence_id)
    notes = notes_on(sentence_id, current_actor())
    return jsonify(notes=[note.values(current_actor().user_id) for note in notes])


@bp.post("/sentences/<int:sentence_id>/notes")
@allow("analyst")
def post_note(sentence_id: int) -> Reply:
    body = json_body()
    _, client_id = write_key(0, body.get("client_id"))
    sentence = visibility.sentence_to_tag(current_actor(), sentence_id)
    note = claims.add_note(sentence, current_actor(), finding_from(body), client_id)
    return jsonify(note.values(current_actor().user_id)), 201


@bp.put("/notes/<uuid:note_key>")
@allow("analyst")
def put_note(note_key: UUID) -> Reply:
    body = json_body()
    seen, client_id = write_key(body.get("version"), body.get("client_id"))
    try:
        note = claims.amend_note(note_key, current_actor(), finding_from(body), seen, client_id)
    except Conflict as late:
        current = late.current
        shown = current.values(current_actor().user_id) if isinstance(current, Assessment) else None
        return reply(409, str(late), late.code, current=shown)
    return jsonify(note.values(current_actor().user_id))


@bp.get("/articles/<int:article_id>/cues")
@allow("analyst")
def get_cues(article_id: int) -> Reply:
    article = visibility.article_to_tag(current_actor(), article_id)
    if tagging_queries.round_of_work(article, current_actor()).is_blind:
        return reply(403, "In a blind round no words are marked.", "blind")
    found = [
        {
            "sentence_id": sentence.id,
            "start": cue.start,
            "end": cue.end,
            "kind": cue.kind.value,
            "kind_label": f"{cue.kind.label}: {cue.kind.meaning}",
        }
        for sentence in tagging_queries.sentences_of(article)
        for cue in cues_in(article.text[sentence.start : sentence.end])
    ]
    return jsonify(cues=found)


@bp.get("/articles/<int:article_id>/sources")
@allow("analyst")
def get_sources(article_id: int) -> Reply:
    """Entries that an answer may name, by the beginnings of their names."""
    article = visibility.article_to_tag(current_actor(), article_id)
    registry = tagging_queries.registry_for(article, current_actor())
    found = sources_called(registry, request.args.get("q", ""))
    answer = jsonify(sources=[source.values() for source in found])
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bp.get("/jobs/<int:job_id>")
@allow("supervisor")
def get_job(job_id: int) -> Reply:
    job = visibility.job_for(current_actor(), job_id)
    return jsonify(state=job.state, done=job.done, total=job.total, fault=job.fault)


@bp.post("/articles/<int:article_id>/submission")
@allow("analyst")
def post_submission(article_id: int) -> Reply:
    article = visibility.article_to_tag(current_actor(), article_id)
    try:
        key = assignment_key(json_body().get("assignment_key")) if request.content_length else None
        submission = tagging.submit(article, current_actor(), key)
    except Incomplete as gaps:
        missing = [{"sentence_id": sentence_id, "field": field} for sentence_id, field in gaps.gaps]
        return reply(422, str(gaps), "incomplete", missing=missing)
    return jsonify(number=submission.number, at=moment(submission.at))


@bp.get("/me")
@allow(SIGNED_IN)
def get_me() -> Reply:
    return jsonify(user_id=current_actor().id, name=current_actor().name, csrf=script_token())


@bp.put("/me/preferences")
@allow(SIGNED_IN)
def put_preferences() -> Reply:
    body = json_body()
    wanted = {name: body[name] for name in PREFERENCES if name in body}
    if not wanted:
        return reply(422, f"Name one or more of {', '.join(PREFERENCES)}.")
    if wrong := [name for name, value in wanted.items() if not isinstance(value, bool)]:
        return reply(422, f"“{wrong[0]}” is either true or false.")
    choose(current_user(), wanted)
    return jsonify(wanted)
