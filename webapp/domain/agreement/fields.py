"""The fields of Claimtag's long CSV as variables: their categories, their level, and what is no step of a scale."""

from collections.abc import Iterable
from dataclasses import dataclass

from webapp.domain.agreement.alpha import Metric
from webapp.domain.answers import FLAGS, PHRASES, TERMS
from webapp.domain.terms import FOUR_TAGS, NOT_CODED, CorroborationStatus, Credibility, Reliability, SourceType, Tag

YES, NO = "true", "false"


@dataclass(frozen=True)
class Field:
    """`categories` are all there are, in the codebook's order; `level` is by what two of them differ.

    `aside` is an answer that is no category, with a line of its own; `gaps` are other cells that say nothing. In a flag
    an empty cell says `empty`, where the answer has a tag that can be flagged.
    """

    categories: tuple[str, ...]
    level: Metric = "nominal"
    aside: str | None = None
    gaps: frozenset[str] = frozenset()
    empty: str | None = None


def _field(
    terms: Iterable[str], level: Metric = "nominal", aside: str | None = None, gaps: Iterable[str] = ()
) -> Field:
    return Field(tuple(str(term) for term in terms if term != aside), level, aside, frozenset(gaps))


ORDINAL = ("tag_certainty", "check_priority", "likelihood_code", "confidence")
"""Fields whose values in the codebook's order are steps from more to less, or from less to more."""
FIELDS: dict[str, Field] = {
    **{name: _field(terms, "ordinal" if name in ORDINAL else "nominal") for name, terms in TERMS.items()},
    **{name: Field((YES, NO), empty=NO) for name in FLAGS},
    "tag": _field(Tag, aside=Tag.NOT_CODABLE),
    "tag_code": _field([str(tag.code) for tag in Tag], aside=str(Tag.NOT_CODABLE.code), gaps=[str(NOT_CODED)]),
    "second_choice": _field(FOUR_TAGS),
    "named": _field(dict.fromkeys(kind.named for kind in SourceType)),
    "source_reliability": _field(Reliability, "ordinal", Reliability.F),
    "information_credibility": _field(Credibility, "ordinal", Credibility.CANNOT_BE_JUDGED),
    "corroboration_status": _field(CorroborationStatus),
}
FREE_TEXT = frozenset({*PHRASES, "corroboration_claim", "corroboration_note", "chain", "text", "article_title"})
"""Columns of the same file that hold no categories."""
