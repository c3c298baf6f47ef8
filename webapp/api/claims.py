"""JSON under /api/v1 about claims: looked up, made with their mention, mentioned, assessed, and their evidence."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, jsonify, request
from sqlalchemy import select

from webapp import visibility
from webapp.access import allow, current_actor
from webapp.api.bodies import json_body
from webapp.claims import actions
from webapp.claims.lookup import claims_called
from webapp.db import db
from webapp.domain.claims import mention_kind_from, reason_from, wording_from
from webapp.domain.corroboration import assessed_from, evidence_from
from webapp.domain.errors import BadClaim, NotFound
from webapp.domain.writes import write_key
from webapp.errors import reply
from webapp.ids import LARGEST_ID
from webapp.mentioned_claims import (
    assessment_values,
    item_values,
    mention_values,
    mentions_in,
    told_claims,
    wording_values,
)
from webapp.models import MAKERS, Article, Assessment, ClaimMention, ClaimWording, Evidence, Sentence
from webapp.models.conflicts import Conflict
from webapp.said_elsewhere import alike_to
from webapp.tagging.queries import round_of_work
from webapp.templating import partial_date

bp = Blueprint("api_claims", __name__, url_prefix="/api/v1")

Reply = Response | tuple[Response | str, int]


@bp.get("/articles/<int:article_id>/claims")
@allow("analyst")
def get_claims(article_id: int) -> Reply:
    """Claims that a sentence of the article may mention, by the beginnings of their words."""
    article = visibility.article_to_tag(current_actor(), article_id)
    is_blind = round_of_work(article, current_actor()).is_blind
    found = claims_called(current_actor(), article.project_id, request.args.get("q", ""), is_blind=is_blind)
    answer = jsonify(claims=[claim.values(current_actor().user_id) for claim in found])
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bp.get("/sentences/<int:sentence_id>/claims")
@allow("analyst")
def get_mentioned(sentence_id: int) -> Reply:
    """The claims that the sentence mentions, and how."""
    visibility.require_sentence_to_tag(current_actor(), sentence_id)
    mentions = mentions_in(select(Sentence.id).where(Sentence.id == sentence_id), current_actor())
    claims = told_claims([mention.claim_id for mention in mentions], current_actor())
    return jsonify(
        mentions=[_told(mention) for mention in mentions if mention.claim_id in claims],
        claims=[claim.values(current_actor().user_id) for claim in claims.values()],
    )


@bp.get("/sentences/<int:sentence_id>/elsewhere")
@allow("analyst")
def get_elsewhere(sentence_id: int) -> Reply:
    """Where else the sentence was said, the most alike first, and what of it may be taken over."""
    sentence = visibility.sentence_to_tag(current_actor(), sentence_id)
    hits = alike_to(sentence.text, current_actor(), [sentence_id])
    answered = visibility.articles_to_tag(current_actor()).with_only_columns(Article.id)
    may_tag = set(db.session.scalars(answered.where(Article.id.in_({hit.article.id for hit in hits}))))
    told = [
        hit.values()
        | {
            "may_mention": hit.article.id in may_tag and hit.project_id == sentence.article.project_id,
            "when": partial_date(hit.article.published) if hit.article.published else None,
            "may_be_item": hit.project_id == sentence.article.project_id,
        }
        for hit in hits
    ]
    answer = jsonify(hits=told)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bp.post("/sentences/<int:sentence_id>/claims")
@allow("analyst")
def post_claim(sentence_id: int) -> Reply:
    """A new claim with its first mention, which bears the same id; whoever asks has drawn it."""
    body = json_body()
    _, client_id = write_key(0, body.get("client_id"))
    claim_id = _uuid(body, "id")
    wording, kind = wording_from(body.get("wording")), mention_kind_from(body.get("kind"))
    sentence = visibility.sentence_to_tag(current_actor(), sentence_id)
    made = actions.make_claim(sentence, current_actor(), wording, kind, claim_id, client_id)
    mention = db.session.scalar(
        visibility.mentions_visible_to(current_actor()).where(ClaimMention.mention_id == made.id)
    )
    told = told_claims([made.id], current_actor()).get(made.id)
    if told is None or mention is None:  # withdrawn since it was made
        return jsonify(id=str(claim_id), version=1, withdrawn_why=""), 201
    return jsonify(told.values(current_actor().user_id) | {"mention": _told(mention)}), 201


@bp.delete("/claims/<uuid:claim_id>")
@allow(*MAKERS)
def delete_claim(claim_id: UUID) -> Reply:
    """Take a claim back, with the reason."""
    body, seen, client_id = _write()
    claim = visibility.claim_to_change(current_actor(), claim_id, *MAKERS)
    return jsonify(_told(actions.withdraw_claim(claim, current_actor(), _why(body), seen, client_id)))


@bp.put("/claims/<uuid:claim_id>/assessment")
@allow(*MAKERS)
def put_assessment(claim_id: UUID) -> Reply:
    """How one finds that the claim stands, and what was found."""
    body, seen, client_id = _write()
    assessed = assessed_from(body)
    claim = visibility.claim_to_change(current_actor(), claim_id, *MAKERS)
    return jsonify(_told(actions.assess(claim, current_actor(), assessed, seen, client_id)))


@bp.put("/mentions/<uuid:mention_id>")
@allow("analyst")
def put_mention(mention_id: UUID) -> Reply:
    """That a sentence mentions a claim that is there, and how; with a version, that it does so otherwise."""
    body, seen, client_id = _write()
    kind = mention_kind_from(body.get("kind"))
    if seen:
        mention = actions.amend_mention(mention_id, current_actor(), kind, seen, client_id)
    else:
        claim_id, sentence_id = _uuid(body, "claim_id"), _number(body, "sentence_id")
        sentence = visibility.sentence_to_tag(current_actor(), sentence_id)
        claim = visibility.claim_for(current_actor(), claim_id)
        mention = actions.mention_claim(claim, sentence, current_actor(), kind, mention_id, client_id)
    claim_now = told_claims([mention.claim_id], current_actor()).get(mention.claim_id)
    return jsonify(_told(mention) | {"claim": claim_now and claim_now.values(current_actor().user_id)})


@bp.delete("/mentions/<uuid:mention_id>")
@allow(*MAKERS)
def delete_mention(mention_id: UUID) -> Reply:
    """Take a mention back, with the reason; the claim stays."""
    body, seen, client_id = _write()
    return jsonify(_told(actions.withdraw_mention(mention_id, current_actor(), _why(body), seen, client_id)))


@bp.put("/evidence/<uuid:evidence_id>")
@allow(*MAKERS)
def put_item(evidence_id: UUID) -> Reply:
    """A new item of a claim, which may be a sentence of an article; with a version, one's own item otherwise."""
    body, seen, client_id = _write()
    item = evidence_from(body)
    if seen:
        return jsonify(_told(actions.amend_evidence(evidence_id, current_actor(), item, seen, client_id)))
    claim = visibility.claim_to_change(current_actor(), _uuid(body, "claim_id"), *MAKERS)
    named = "sentence_id" in body
    sentence = visibility.sentence_to_read(current_actor(), _number(body, "sentence_id")) if named else None
    return jsonify(_told(actions.add_evidence(claim, current_actor(), item, evidence_id, sentence, client_id)))


@bp.delete("/evidence/<uuid:evidence_id>")
@allow(*MAKERS)
def delete_item(evidence_id: UUID) -> Reply:
    """Take an item back, with the reason."""
    body, seen, client_id = _write()
    return jsonify(_told(actions.withdraw_evidence(evidence_id, current_actor(), _why(body), seen, client_id)))


# ---- what is sent, and what is answered


def _write() -> tuple[dict[str, Any], int, UUID]:
    """The body of a write, the version seen and its client id."""
    body = json_body()
    return body, *write_key(body.get("version"), body.get("client_id"))


def _uuid(body: dict[str, Any], name: str) -> UUID:
    try:
        return UUID(str(body.get(name)))
    except ValueError:
        raise BadClaim(f"“{name}” is a UUID.") from None


def _number(body: dict[str, Any], name: str) -> int:
    value = body.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= LARGEST_ID:
        raise BadClaim(f"“{name}” is the number of a sentence.")
    return value


def _why(body: dict[str, Any]) -> str:
    return reason_from(body.get("reason"))


def _told(row: object) -> dict[str, Any]:
    """A revision as JSON, for whoever acts."""
    reader_id = current_actor().user_id
    match row:
        case ClaimWording():
            return wording_values(row)
        case ClaimMention():
            return mention_values(row, reader_id)
        case Evidence():
            return item_values(row, reader_id)
        case Assessment():
            return assessment_values(row)
    raise NotFound("There is no such thing.")


@bp.errorhandler(Conflict)
def _late(late: Conflict) -> Reply:
    """With what counts now: each write refuses first whoever may not see it."""
    return reply(409, str(late), late.code, current=_told(late.current) if late.current else None)
