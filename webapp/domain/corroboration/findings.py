"""What an analyst says of a claim: how it stands, what was found, where to look and when to look again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from webapp.domain.errors import BadNote
from webapp.domain.partial_dates import partial_date
from webapp.domain.plain_text import clean_line, web_address
from webapp.domain.terms import CorroborationStatus

LONGEST_CLAIM = 2_000
LONGEST_NOTE = 10_000


@dataclass(frozen=True)
class Finding:
    """The content of one revision of a note: status and claim always, note and URL when there are any."""

    status: CorroborationStatus
    claim: str
    note: str | None = None
    url: str | None = None


def finding_from(values: Mapping[str, Any]) -> Finding:
    """The finding that JSON or a form holds. Raises BadNote, saying what to do."""
    try:
        status = CorroborationStatus(str(values.get("status") or ""))
    except ValueError:
        raise BadNote("Choose how the claim stands.") from None
    claim = clean_line("claim", values.get("claim") or "", LONGEST_CLAIM, BadNote)
    if claim is None:
        raise BadNote("State the claim that was checked, in one sentence of its own.")
    return Finding(
        status,
        claim,
        note=clean_line("note", values.get("note") or "", LONGEST_NOTE, BadNote),
        url=web_address(values.get("url") or "", BadNote),
    )


@dataclass(frozen=True)
class Assessed:
    """How an analyst finds that a claim stands: the content of one revision of an assessment."""

    status: CorroborationStatus
    note: str | None = None
    look_again_by: str | None = None
    """A day, when it is worth another look."""
    why_other: str | None = None
    """Why the status is another than the records propose."""


def assessed_from(values: Mapping[str, Any]) -> Assessed:
    """The assessment that JSON or a form holds. Raises BadNote, saying what to do."""
    try:
        status = CorroborationStatus(str(values.get("status") or ""))
    except ValueError:
        raise BadNote("Choose how the claim stands.") from None
    return Assessed(
        status,
        clean_line("note", values.get("note") or "", LONGEST_NOTE, BadNote),
        partial_date(values.get("look_again_by"), "look again by", BadNote),
        clean_line("why another status", values.get("why_other") or "", LONGEST_CLAIM, BadNote),
    )
