"""Claims by the beginnings of their words, while somebody says which one a sentence mentions."""

import re
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, select

from webapp import visibility
from webapp.claim_standing import merges_of_claims
from webapp.db import db
from webapp.domain.merges import root_of
from webapp.domain.sources import name_key, search_words
from webapp.mentioned_claims import ToldClaim, told_claims
from webapp.models import Actor, Claim, ClaimWording

MOST = 8
MOST_LISTED = 500
MOST_TRIED = 400
"""Wordings that may fit, the newest first, of which those are told that do."""
FEW = 400

# Letters that may stand for one with a mark above or below: the database does not know that they are alike.
_ALIKE = re.compile(r"[acdeghijklnorstuwyz]|[^\x00-\x7f]")


def claims_called(reader: Actor, project_id: int, asked: str, *, is_blind: bool) -> list[ToldClaim]:
    """Claims at hand in whose wording every word asked for begins a word; whole beginnings first, then the newest.

    In a blind round one's own and published ones; a merged double is given as the claim that stands for it, which in a
    blind round nobody knows of.
    """
    words = search_words(asked)
    if not words:
        return []
    merges = {} if is_blind else merges_of_claims(reader, project_id)
    found: dict[UUID, int] = {}
    for claim_id, wording in _worded(_at_hand(reader, project_id, is_blind), words, MOST_TRIED):
        key = name_key(wording)
        if all(f" {word}" in key for word in words):
            begins = key.startswith(f" {' '.join(words)}")
            found.setdefault(root_of(claim_id, merges), 0 if begins else 1)
    best = sorted(found, key=lambda id_: found[id_])[:MOST]
    told = told_claims(best, reader)
    return [told[id_] for id_ in best if id_ in told]


def claims_at_hand(reader: Actor, project_id: int, *, is_blind: bool) -> list[tuple[UUID, str]]:
    """The newest claims at hand with their wording, for a page on which nothing can be looked up."""
    return _worded(_at_hand(reader, project_id, is_blind), [], MOST_LISTED)


def _worded(at_hand: Select[UUID], words: list[str], most: int) -> list[tuple[UUID, str]]:
    """Wordings at hand that hold something like these words, the newest first.

    Where few claims are at hand their wordings are read; where many are, those that fit until there are enough.
    """
    few = len(list(db.session.scalars(at_hand.limit(FEW + 1)))) <= FEW
    is_at_hand = ClaimWording.claim_id.in_(at_hand) if few else exists(at_hand.where(Claim.id == ClaimWording.claim_id))
    rows = db.session.execute(
        select(ClaimWording.claim_id, ClaimWording.wording)
        .where(ClaimWording.is_current, ClaimWording.withdrawn_why.is_(None), *_hold(words), is_at_hand)
        .order_by(ClaimWording.id.desc())
        .limit(most)
    )
    return [(id_, wording) for id_, wording in rows]


def _at_hand(reader: Actor, project_id: int, is_blind: bool) -> Select[UUID]:
    """The ids of claims that may be mentioned."""
    query = visibility.claims_visible_to(reader).where(Claim.project_id == project_id).with_only_columns(Claim.id)
    return query.where(visibility.is_own_or_published(reader)) if is_blind else query


def _hold(words: list[str]) -> list[ColumnElement[bool]]:
    return [ClaimWording.wording.ilike(f"%{_ALIKE.sub('_', word)}%") for word in words]
