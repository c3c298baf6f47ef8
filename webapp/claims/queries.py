"""Reads about claims, their mentions and assessments."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Select, func, select

from webapp import visibility
from webapp.db import db
from webapp.domain.errors import NotFound
from webapp.models import (
    Actor,
    Article,
    Assessment,
    Assignment,
    AssignmentState,
    Claim,
    ClaimMention,
    ClaimMerge,
    ClaimWording,
    Membership,
    Round,
    Sentence,
)
from webapp.models.conflicts import Gone


def articles_of_note(note_key: UUID) -> Select[int]:
    """The articles in which the claim of the note is mentioned, as ids for a condition."""
    return (
        select(Sentence.article_id)
        .join(ClaimMention, ClaimMention.sentence_id == Sentence.id)
        .join(Assessment, Assessment.claim_id == ClaimMention.claim_id)
        .where(Assessment.note_key == note_key, ClaimMention.is_current)
    )


def may_note(author: Actor, note: Assessment, sentence_id: int | None = None) -> bool:
    """Whether the author still works on an article that mentions the claim, and which may lie in the trash; where a
    sentence is given, on its article.
    """
    mentioned = select(ClaimMention.sentence_id).where(
        ClaimMention.claim_id == note.claim_id, ClaimMention.is_current, ClaimMention.withdrawn_why.is_(None)
    )
    if sentence_id is not None:
        mentioned = mentioned.where(ClaimMention.sentence_id == sentence_id)
    return any(_may_answer(author, found) for found in db.session.scalars(mentioned).all())


def _may_answer(author: Actor, sentence_id: int) -> bool:
    try:
        visibility.require_sentence_to_tag(author, sentence_id)
    except Gone:
        return True
    except NotFound:
        return False
    return True


def lies_in_trash(claim_id: UUID, author: Actor) -> bool:
    """Whether the claim is mentioned, as far as the author may know, and only in articles that lie in the trash."""
    mentions = (
        visibility.mentions_wherever_for(author)
        .where(ClaimMention.claim_id == claim_id, ClaimMention.withdrawn_why.is_(None))
        .with_only_columns(func.count(), func.count().filter(Article.is_live))
    )
    there, live = db.session.execute(mentions).one()
    return there > 0 and live == 0


def wording_of(claim_id: UUID) -> str:
    """How the claim is worded now."""
    query = select(ClaimWording.wording).where(ClaimWording.claim_id == claim_id, ClaimWording.is_current)
    return db.session.scalars(query).one()


def may_word(actor: Actor, claim_id: UUID) -> bool:
    """Whether the actor may word the claim anew, and take it back."""
    return db.session.scalar(select(Claim.id).where(Claim.id == claim_id, visibility.may_word(actor))) is not None


def merges_in(project_id: int) -> dict[UUID, UUID]:
    """Into which other one each merged claim of the project went; for writes, which know all."""
    rows = db.session.execute(
        select(ClaimMerge.claim_id, ClaimMerge.into_id)
        .join(Claim, Claim.id == ClaimMerge.claim_id)
        .where(Claim.project_id == project_id, ClaimMerge.is_current)
    )
    return {claim_id: into_id for claim_id, into_id in rows if into_id}


def still_to_hand_in(claim_ids: Collection[UUID]) -> set[int]:
    """The ids of those who assessed a claim, one of these that are the same, and still have to hand in an article of a
    blind round in which they mention it.
    """
    query = (
        select(Assessment.author_id)
        .distinct()
        .join(ClaimMention, ClaimMention.author_id == Assessment.author_id)
        .join(Sentence, Sentence.id == ClaimMention.sentence_id)
        .join(Assignment, Assignment.article_id == Sentence.article_id)
        .join(Round, Round.id == Assignment.round_id)
        .where(
            Assessment.claim_id.in_(claim_ids),
            Assessment.is_current,
            ClaimMention.claim_id.in_(claim_ids),
            ClaimMention.is_current,
            ClaimMention.withdrawn_why.is_(None),
            Assignment.analyst_id == Assessment.author_id,
            Assignment.state.not_in((AssignmentState.SUBMITTED, AssignmentState.WITHDRAWN)),
            Round.is_blind.is_(True),
            Round.closed_at.is_(None),
        )
    )
    return set(db.session.scalars(query))


def coder_code_of(note: Assessment) -> str:
    """The pseudonym of the note's author in its project: names are hidden until wanted."""
    return (
        db.session.scalar(
            select(Membership.coder_code)
            .join(Claim, Claim.project_id == Membership.project_id)
            .where(Claim.id == note.claim_id, Membership.user_id == note.author_id)
        )
        or "a former member"
    )
