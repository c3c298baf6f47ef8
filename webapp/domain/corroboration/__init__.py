"""Corroboration by the codebook, section 9: what a note says, and how many origins stand behind many reports."""

from webapp.domain.corroboration.evidence import EvidenceItem, evidence_from
from webapp.domain.corroboration.findings import Assessed, Finding, assessed_from, finding_from
from webapp.domain.corroboration.items import read
from webapp.domain.corroboration.origins import (
    Count,
    Item,
    Origin,
    Proposal,
    Tally,
    counted,
    origin_key,
    proposed,
    proposed_by,
)
from webapp.domain.corroboration.provenance import ClaimingArticle, Piece, with_provenance
from webapp.domain.corroboration.report import as_json, as_text
from webapp.domain.corroboration.sheet import COLUMNS as SHEET_COLUMNS
from webapp.domain.corroboration.sheet import items_of_sheet

__all__ = [
    "SHEET_COLUMNS",
    "Assessed",
    "ClaimingArticle",
    "Count",
    "EvidenceItem",
    "Finding",
    "Item",
    "Origin",
    "Piece",
    "Proposal",
    "Tally",
    "as_json",
    "as_text",
    "assessed_from",
    "counted",
    "evidence_from",
    "finding_from",
    "items_of_sheet",
    "origin_key",
    "proposed",
    "proposed_by",
    "read",
    "with_provenance",
]
