"""Writes of evidence: items added, amended by new revisions, and withdrawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import visibility
from webapp.claims import queries
from webapp.claims.actions.claims import require_claim_open
from webapp.db import db_write
from webapp.domain.corroboration import EvidenceItem
from webapp.domain.errors import BadEvidence, NotFound
from webapp.models import Actor, Claim, Evidence, Sentence, require_open
from webapp.models.conflicts import refuse_closed
from webapp.models.revisions import append, append_firsts, repeated


def add_evidence(
    claim: Claim,
    author: Actor,
    item: EvidenceItem,
    evidence_id: UUID,
    sentence: Sentence | None = None,
    client_id: UUID | None = None,
) -> Evidence:
    """A new item of the claim, or a sentence of the corpus as one. The id, drawn by whoever asks, names the write,
    unless it has a client_id of its own.

    Raises BadEvidence for a same origin that is no other item of the claim, and for an id used otherwise; Gone, also
    for a sentence that lies in the trash, and Replaced for one that a repair replaced.
    """
    claim_id = claim.id
    corpus = _corpus(claim, sentence)

    def refuse(current: Evidence | None) -> None:
        if current and (current.author_id != author.id or current.claim_id != claim_id):
            raise BadEvidence("This id was used for another item; every item needs one of its own.")
        if sentence is not None:
            require_open(session, corpus["sentence_id"])
        _refuse(session, claim_id, evidence_id, item, author)

    with db_write() as session:
        row, _ = append(
            session,
            Evidence,
            {"evidence_id": evidence_id},
            author.user_id,
            0,
            client_id or evidence_id,
            {"claim_id": claim_id, **vars(item), **corpus},
            lock=select(Claim.id).where(Claim.id == claim_id),
            closed=refuse,
        )
    return row


@dataclass(frozen=True)
class CameIn:
    """What of a sheet was new."""

    items: int
    there_already: int


def bring_in_items(claim: Claim, author: Actor, items: Sequence[EvidenceItem], client_id: UUID) -> CameIn:
    """Many items at once, all or none of them; those whose address is that of an own item stay out.

    A repeat of the write says the same. Raises Gone, BadClaim for a withdrawn claim, BadEvidence for a client_id that
    wrote something else.
    """
    claim_id = claim.id

    def new_rows() -> list[dict[str, Any]]:
        require_claim_open(session, claim_id, author)
        own = select(Evidence.url).where(
            Evidence.claim_id == claim_id,
            Evidence.author_id == author.user_id,
            Evidence.is_current,
            Evidence.withdrawn_why.is_(None),
        )
        there = set(session.scalars(own))
        by_url = {item.url: item for item in items if item.url not in there}
        nothing = dict.fromkeys(("sentence_id", "words", "withdrawn_why"))
        return [{"evidence_id": uuid4(), "claim_id": claim_id, **vars(item), **nothing} for item in by_url.values()]

    with db_write() as session:
        lock = select(Claim.id).where(Claim.id == claim_id)
        count, _ = append_firsts(session, Evidence, author.user_id, client_id, new_rows, lock=lock)
    return CameIn(count, len(items) - count)


def amend_evidence(evidence_id: UUID, author: Actor, item: EvidenceItem, seen: int, client_id: UUID) -> Evidence:
    """The next revision of one's own item. Raises NotFound for one that is not, Conflict, BadEvidence, Gone."""

    def refuse(current: Evidence | None) -> None:
        if current is None or not visibility.may_amend(author, current):
            raise NotFound("There is no such item, or it is not yours to amend.")
        _refuse(session, current.claim_id, evidence_id, item, author)

    with db_write() as session:
        row, _ = append(
            session,
            Evidence,
            {"evidence_id": evidence_id},
            author.user_id,
            seen,
            client_id,
            vars(item),
            lock=_claim_of(evidence_id),
            closed=refuse,
            besides=lambda current: repeated(current, *vars(item), "withdrawn_why"),
        )
    return row


def withdraw_evidence(evidence_id: UUID, author: Actor, why: str, seen: int, client_id: UUID) -> Evidence:
    """Take back an item entered by mistake. Raises NotFound where it is not the author's to withdraw, Conflict."""

    def refuse(current: Evidence | None) -> None:
        if current is None or not visibility.may_withdraw(author, current):
            raise NotFound("There is no such item, or it is not yours to withdraw.")
        refuse_closed(is_trashed=queries.lies_in_trash(current.claim_id, author))

    with db_write() as session:
        row, _ = append(
            session,
            Evidence,
            {"evidence_id": evidence_id},
            author.user_id,
            seen,
            client_id,
            {"withdrawn_why": why},
            lock=_claim_of(evidence_id),
            closed=refuse,
            besides=lambda current: repeated(current, "withdrawn_why"),
        )
    return row


def _claim_of(evidence_id: UUID) -> Any:
    return select(Claim.id).where(Claim.id.in_(select(Evidence.claim_id).where(Evidence.evidence_id == evidence_id)))


def _corpus(claim: Claim, sentence: Sentence | None) -> dict[str, Any]:
    """The sentence that is the item, with its words as they are now. Raises BadEvidence."""
    if sentence is None:
        return {}
    if sentence.article.project_id != claim.project_id:
        raise BadEvidence("The sentence is of another project than the claim.")
    return {"sentence_id": sentence.id, "words": sentence.article.text[sentence.start : sentence.end]}


def _refuse(session: Session, claim_id: UUID, evidence_id: UUID, item: EvidenceItem, author: Actor) -> None:
    require_claim_open(session, claim_id, author)
    if item.same_origin_as is None:
        return
    if item.same_origin_as == evidence_id:
        raise BadEvidence("An item cannot have its own origin as that of another; choose another item of this claim.")
    query = visibility.evidence_visible_to(author).where(
        Evidence.evidence_id == item.same_origin_as, Evidence.claim_id == claim_id
    )
    if session.scalar(query) is None:
        raise BadEvidence("The item with the same origin is none of this claim; choose one that is.")
