"""Writes of assessments, which pages call notes: with a claim of their own on a sentence, or of one that is there."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.claim_standing import counts_of, families, merges_of_claims
from webapp.claims import queries
from webapp.claims.actions.claims import (
    added_claim,
    assign_in_open_round,
    confirm_mentions,
    require_claim_open,
    reworded,
)
from webapp.db import db_write
from webapp.domain.corroboration import Assessed, Finding, proposed
from webapp.domain.errors import NotFound
from webapp.domain.merges import root_of
from webapp.models import Actor, Article, Assessment, Claim, Sentence, require_open
from webapp.models.conflicts import refuse_closed
from webapp.models.revisions import append


def add_note(sentence: Sentence, author: Actor, finding: Finding, client_id: UUID) -> Assessment:
    """A new note on a sentence: a claim that it makes, and how that stands; a client_id met before gives back what it
    wrote then.

    As the first thing written about the article it assigns it where it was not handed out, in an open project.

    Raises Gone for an article in the trash, Replaced for a sentence that a repair replaced, BadNote for a
    client_id that wrote something else.
    """
    note_key = uuid4()  # which names the claim and its mention, too
    sentence_id, article_id, project_id = sentence.id, sentence.article_id, sentence.article.project_id
    with db_write() as session:
        note, is_new = append(
            session,
            Assessment,
            {"note_key": note_key},
            author.user_id,
            0,
            client_id,
            vars(finding),
            lock=select(Article.id).where(Article.id == article_id),
            closed=lambda _: require_open(session, sentence_id),
            besides=lambda _: {
                "claim_id": added_claim(session, project_id, author, finding.claim, note_key, sentence_id)
            },
            about={"sentence_id": sentence_id},
        )
        if is_new:
            assign_in_open_round(session, article_id, author)
    return note


def amend_note(
    note_key: UUID, author: Actor, finding: Finding, seen: int, client_id: UUID, sentence_id: int | None = None
) -> Assessment:
    """The next revision of one's own note; another wording rewords the claim, where that is the author's own.

    A client_id met before gives back what it wrote then. Raises NotFound for a note that is not the
    author's, Conflict when `seen` is not its version, Gone for an article in the trash, BadNote for a
    client_id that wrote something else.
    """

    def refuse(current: Assessment | None) -> None:
        theirs = current if current and current.author_id == author.id else None
        if theirs is None or not queries.may_note(author, theirs, sentence_id):
            raise NotFound("There is no such note, or it is not yours to amend.")
        refuse_closed(is_trashed=queries.lies_in_trash(theirs.claim_id, author))

    with db_write() as session:
        note, is_new = append(
            session,
            Assessment,
            {"note_key": note_key},
            author.user_id,
            seen,
            client_id,
            vars(finding),
            # A repair of the split holds the article, too, and moves the mentions of its claims.
            lock=select(Article.id).where(Article.id.in_(queries.articles_of_note(note_key))).order_by(Article.id),
            closed=refuse,
            besides=lambda current: _as_before(session, author, current),
        )
        if is_new:
            confirm_mentions(session, note.claim_id, author)
            if queries.may_word(author, note.claim_id):
                reworded(session, note.claim_id, author, finding.claim)
    return note


def assess(claim: Claim, author: Actor, assessed: Assessed, seen: int, client_id: UUID) -> Assessment:
    """The analyst's next assessment of a claim, with what the records propose at that moment.

    Raises Conflict when `seen` is not the version of their assessment, Gone for a claim all of whose articles lie in
    the trash, BadNote for a client_id that wrote something else.
    """
    claim_id = claim.id
    with db_write() as session:
        own = select(Assessment.note_key).where(
            Assessment.claim_id == claim_id, Assessment.author_id == author.user_id, Assessment.is_current
        )
        note, _ = append(
            session,
            Assessment,
            {"claim_id": claim_id, "author_id": author.user_id},
            author.user_id,
            seen,
            client_id,
            vars(assessed),
            lock=select(Claim.id).where(Claim.id == claim_id),
            closed=lambda _: require_claim_open(session, claim_id, author),
            besides=lambda current: {
                "note_key": session.scalar(own) or uuid4(),
                "claim": queries.wording_of(claim_id),
                "sentence_id": current.sentence_id if current else None,
                "url": current.url if current else None,
                **_proposal(session, author, claim_id),
            },
        )
    return note


def _as_before(session: Session, author: Actor, current: Assessment | None) -> Mapping[str, Any]:
    """What an amended note keeps of the one before, and what the records propose now."""
    if current is None:
        return {}
    kept = {name: getattr(current, name) for name in ("claim_id", "sentence_id", "look_again_by", "why_other")}
    return kept | _proposal(session, author, current.claim_id)


def _proposal(session: Session, author: Actor, claim_id: UUID) -> dict[str, Any]:
    """What the items come to that the author sees on the page of the claim, those of its doubles among them; nothing
    where there are none.
    """
    merges = merges_of_claims(author, session.get_one(Claim, claim_id).project_id)
    members = families([root := root_of(claim_id, merges)], merges)
    count = counts_of(session, author, members)[root]
    if not count.n_items:
        return {}
    return {
        "proposed_status": proposed(count).status,
        "independent_supporting": count.independent_supporting,
        "independent_refuting": count.independent_refuting,
    }
