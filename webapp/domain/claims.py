"""Claims that can be checked: where they are made, how each analyst and then a supervisor finds that they stand."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from webapp.domain.errors import BadClaim
from webapp.domain.plain_text import clean_line, term_of
from webapp.domain.terms import CorroborationStatus, MentionKind

LONGEST_WORDING = 2_000
LONGEST_REASON = 2_000


def wording_from(value: Any) -> str:
    """The claim in one neutral sentence of its own. Raises BadClaim, saying what to do."""
    wording = clean_line("claim", value or "", LONGEST_WORDING, BadClaim)
    if wording is None:
        raise BadClaim("State the claim that is to be checked, in one neutral sentence of its own.")
    return wording


def mention_kind_from(value: Any) -> MentionKind:
    """What the sentence does with the claim. Raises BadClaim where nothing is said, or something else."""
    kind = term_of("kind", value, MentionKind, BadClaim)
    if kind is None:
        raise BadClaim("Say whether the sentence makes the claim, repeats or denies it.")
    return kind


@dataclass(frozen=True)
class Settlement:
    """What a supervisor decided of a claim on which analysts may differ."""

    status: CorroborationStatus
    reason: str


def settlement_from(values: Mapping[str, Any]) -> Settlement:
    """The settlement that a form holds. Raises BadClaim, saying what to do."""
    try:
        status = CorroborationStatus(str(values.get("status") or ""))
    except ValueError:
        raise BadClaim("Choose how the claim stands.") from None
    if status in (CorroborationStatus.NOT_STARTED, CorroborationStatus.IN_PROGRESS):
        raise BadClaim("A claim is settled by what was found; this status says that somebody is still to look.")
    return Settlement(status, reason_from(values.get("reason")))


def reason_from(value: Any) -> str:
    """Why, in a few words. Raises BadClaim where nothing is said."""
    reason = clean_line("reason", "" if value is None else value, LONGEST_REASON, BadClaim)
    if reason is None:
        raise BadClaim("Give the reason in a few words; it stays on record.")
    return reason


DIVIDED = "divided"
"""How a claim stands on which the current assessments differ and which nobody settled."""
STANDINGS = {**{status.value: status.label for status in CorroborationStatus}, DIVIDED: "Divided"}
"""Every way in which a claim can stand, in words, in the order of the codebook."""


def standing(settled: CorroborationStatus | None, assessed: Collection[CorroborationStatus]) -> str:
    """How a claim stands: the settled status, else the one that all current assessments share, else *divided*."""
    if settled is not None:
        return settled.value
    shared = set(assessed)
    if len(shared) > 1:
        return DIVIDED
    return next(iter(shared), CorroborationStatus.NOT_STARTED).value
