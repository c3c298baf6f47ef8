"""The claims that a supervisor settled, each with where it is said and what was found: few of all, so they are held."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from webapp.domain.terms import CorroborationStatus
from webapp.export.material import Material, Row


@dataclass
class SettledClaim:
    """A claim with its own row, and those of the claims that went into it."""

    row: Row
    mentions: list[Row] = field(default_factory=list)
    evidence: list[Row] = field(default_factory=list)
    articles: list[Row] = field(default_factory=list)
    """Where it is said, by the day of publication; those without a day last."""

    @property
    def id(self) -> str:
        return self.row["claim_id"]

    @property
    def status(self) -> CorroborationStatus:
        return CorroborationStatus(self.row["status"])

    @property
    def label(self) -> str:
        """How it stands, in the words of the codebook."""
        return self.status.label


def settled_claims(material: Material) -> list[SettledClaim]:
    """Those that the reader sees, in the order in which they were made."""
    settled, roots = {}, {}
    for row in material.rows("claims"):
        roots[row["claim_id"]] = row["claim_merged_id"]
        if row["settled"] == "true" and not row["withdrawn_why"] and row["claim_merged_id"] == row["claim_id"]:
            settled[row["claim_id"]] = SettledClaim(row)
    of = {claim_id: settled[root] for claim_id, root in roots.items() if root in settled}
    if of:
        _fill(material, of)
    return list(settled.values())


def _fill(material: Material, of: Mapping[str, SettledClaim]) -> None:
    for row in material.rows("mentions"):
        if claim := of.get(row["claim_id"]):
            claim.mentions.append(row)
    for row in material.rows("evidence"):
        if (claim := of.get(row["claim_id"])) and not row["withdrawn_why"]:
            claim.evidence.append(row)
    numbers = {row["article_id"] for claim in of.values() for row in claim.mentions}
    articles = {row["article_id"]: row for row in material.rows("articles") if row["article_id"] in numbers}
    for claim in of.values():
        said_in = {row["article_id"] for row in claim.mentions}
        claim.articles = sorted(
            (articles[number] for number in said_in), key=lambda row: (row["published"] or "9", int(row["article_id"]))
        )
