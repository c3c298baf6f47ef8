"""One item of evidence for or against a claim: the record of the codebook's section 9, complete."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from webapp.domain.errors import BadEvidence
from webapp.domain.partial_dates import date_or_moment, partial_date
from webapp.domain.plain_text import clean_line, one_line, term_of, web_address
from webapp.domain.terms import Covers, Credibility, Independence, Reliability, Stance

LINES = {"title": 500, "outlet": 300, "author": 300, "origin": 500}
TEXTS = {"description": 2_000, "quote": 10_000, "note": 10_000}
ADDRESSES = ("url", "archive_url")
DATES = {"published_date": "published", "known_since": "known since"}


@dataclass(frozen=True)
class EvidenceItem:
    """What one revision of an item says; None: not recorded."""

    stance: Stance
    independence: Independence
    url: str | None = None
    description: str | None = None
    """What the item is, where it has no address."""
    title: str | None = None
    outlet: str | None = None
    author: str | None = None
    published_date: str | None = None
    accessed_at: str | None = None
    """A partial date, or the moment at which an archive captured it."""
    archive_url: str | None = None
    quote: str | None = None
    origin: str | None = None
    same_origin_as: UUID | None = None
    """Another item of the same claim."""
    source_reliability: Reliability | None = None
    information_credibility: Credibility | None = None
    covers: Covers | None = None
    known_since: str | None = None
    note: str | None = None


def evidence_from(values: Mapping[str, Any]) -> EvidenceItem:
    """The item that JSON or a form holds. Raises BadEvidence, naming the field and saying what to do."""
    stance = term_of("stance", values.get("stance"), Stance, BadEvidence)
    independence = term_of("independence", values.get("independence"), Independence, BadEvidence)
    if stance is None:
        raise BadEvidence("Say whether the item supports or refutes the claim, or takes no side.")
    if independence is None:
        raise BadEvidence("Say whether the item rests on something of its own.")
    told: dict[str, Any] = {name: _text(name, values.get(name), longest) for name, longest in TEXTS.items()}
    told |= {name: one_line(name, values.get(name), longest, BadEvidence) for name, longest in LINES.items()}
    told |= {name: web_address(values.get(name) or "", BadEvidence) for name in ADDRESSES}
    told |= {name: partial_date(values.get(name), noun, BadEvidence) for name, noun in DATES.items()}
    told["accessed_at"] = date_or_moment(values.get("accessed_at"), "accessed", BadEvidence)
    if told["url"] is None and told["description"] is None:
        raise BadEvidence("Give the item an address, or say in a few words what it is.")
    return EvidenceItem(
        stance,
        independence,
        **told,
        same_origin_as=_uuid("same_origin_as", values.get("same_origin_as")),
        source_reliability=term_of("source_reliability", values.get("source_reliability"), Reliability, BadEvidence),
        information_credibility=term_of(
            "information_credibility", values.get("information_credibility"), Credibility, BadEvidence
        ),
        covers=term_of("covers", values.get("covers"), Covers, BadEvidence),
    )


def _text(name: str, value: Any, longest: int) -> str | None:
    return clean_line(name, "" if value is None else value, longest, BadEvidence)


def _uuid(name: str, value: Any) -> UUID | None:
    if value in (None, ""):
        return None
    try:
        return value if isinstance(value, UUID) else UUID(str(value))
    except ValueError:
        raise BadEvidence(f"“{name}” names another item of this claim.") from None
