"""Writes about claims: notes on sentences, claims and their mentions, evidence, settling and merging."""

from webapp.claims.actions.claims import (
    amend_mention,
    make_claim,
    mention_claim,
    merge_claim,
    publish_claim,
    reword_claim,
    settle_claim,
    split_claim,
    unsettle_claim,
    withdraw_claim,
    withdraw_mention,
)
from webapp.claims.actions.copies import LARGEST, blank_copy, content_of, keep_copy
from webapp.claims.actions.evidence import CameIn, add_evidence, amend_evidence, bring_in_items, withdraw_evidence
from webapp.claims.actions.notes import add_note, amend_note, assess

__all__ = [
    "LARGEST",
    "CameIn",
    "add_evidence",
    "add_note",
    "amend_evidence",
    "amend_mention",
    "amend_note",
    "assess",
    "blank_copy",
    "bring_in_items",
    "content_of",
    "keep_copy",
    "make_claim",
    "mention_claim",
    "merge_claim",
    "publish_claim",
    "reword_claim",
    "settle_claim",
    "split_claim",
    "unsettle_claim",
    "withdraw_claim",
    "withdraw_evidence",
    "withdraw_mention",
]
