"""Claims by the beginnings of their words, while somebody says which one a sentence mentions."""

import re
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_

from webapp import visibility
from webapp.claim_standing import merges_of_claims
from webapp.db import db
from webapp.domain.merges import root_of
from webapp.domain.sources import name_key, search_words
from webapp.mentioned_claims import ToldClaim, told_claims
from webapp.models import Actor, Claim, ClaimWording

MOST = 8
MOST_LISTED = 500
MOST_TRIED = 2_000
"""Wordings that may fit, the newest first, of which those are told that do."""

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
    for claim_id, wording in _fitting(reader, project_id, words, is_blind):
        key = name_key(wording)
        if all(f" {word}" in key for word in words):
            begins = key.startswith(f" {' '.join(words)}")
            found.setdefault(root_of(claim_id, merges), 0 if begins else 1)
    best = sorted(found, key=lambda id_: found[id_])[:MOST]
    told = told_claims(best, reader)
    return [told[id_] for id_ in best if id_ in told]


def claims_at_hand(reader: Actor, project_id: int, *, is_blind: bool) -> list[tuple[UUID, str]]:
    """The newest claims at hand with their wording, for a page on which nothing can be looked up."""
    return _worded(_at_hand(reader, project_id, is_blind).limit(MOST_LISTED))


def _fitting(reader: Actor, project_id: int, words: list[str], is_blind: bool) -> list[tuple[UUID, str]]:
    """Wordings at hand that hold something like these words."""
    return _worded(_at_hand(reader, project_id, is_blind).where(_holds(words)).limit(MOST_TRIED))


def _at_hand(reader: Actor, project_id: int, is_blind: bool) -> Select[ClaimWording]:
    """The wordings of claims that may be mentioned, the newest first."""
    return (
        visibility.wordings_visible_to(reader)
        .where(
            Claim.project_id == project_id,
            ClaimWording.withdrawn_why.is_(None),
            *([visibility.is_own_or_published(reader)] if is_blind else []),
        )
        .order_by(Claim.created_at.desc(), Claim.id)
    )


def _worded(query: Select[ClaimWording]) -> list[tuple[UUID, str]]:
    rows = db.session.execute(query.with_only_columns(Claim.id, ClaimWording.wording))
    return [(id_, wording) for id_, wording in rows]


def _holds(words: list[str]) -> ColumnElement[bool]:
    return and_(*(ClaimWording.wording.ilike(f"%{_ALIKE.sub('_', word)}%") for word in words))
