"""What a corroboration note on a sentence says: the claim checked, how it stands, and where to look."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from webapp.domain.errors import BadNote
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
