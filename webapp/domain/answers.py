"""What an analyst may answer to one sentence, which fields a tag calls for, and what is still missing."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from webapp.domain.chains import Link, chain_from, link_values, source_uuid
from webapp.domain.errors import BadAnswer
from webapp.domain.plain_text import clean_line, term_of
from webapp.domain.terms import (
    FOUR_TAGS,
    AttributedContent,
    Certainty,
    CheckPriority,
    Confidence,
    Credibility,
    CueStance,
    Directness,
    Flag,
    Likelihood,
    NotCodableReason,
    Reliability,
    SourceAccess,
    SourceType,
    Tag,
    Term,
)

LONGEST_NOTE = 10_000
LONGEST_PHRASE = 2_000
LONGEST_STAY = 24 * 60 * 60

TERMS: dict[str, type[Term]] = {
    "not_codable_reason": NotCodableReason,
    "second_choice": Tag,
    "tag_certainty": Certainty,
    "attributed_content": AttributedContent,
    "source_type": SourceType,
    "cue_stance": CueStance,
    "directness": Directness,
    "source_access": SourceAccess,
    "check_priority": CheckPriority,
    "source_reliability": Reliability,
    "information_credibility": Credibility,
    "likelihood_code": Likelihood,
    "confidence": Confidence,
}
PHRASES = {"source_text": LONGEST_PHRASE, "cue_text": LONGEST_PHRASE, "note": LONGEST_NOTE}

IDS = ("source_id", "rating_id")

ONLY_FOR_ATTRIBUTION = frozenset(
    {
        "attributed_content",
        "source_id",
        "rating_id",
        "chain",
        "source_text",
        "source_type",
        "cue_text",
        "cue_stance",
        "directness",
        "source_access",
    }
)

REQUIRED = {Tag.ATTRIBUTION: "source_type", Tag.NOT_CODABLE: "not_codable_reason"}
"""The field besides the tag without which an answer cannot be submitted."""


@dataclass(frozen=True)
class Answer:
    """One whole answer: the tag and every field of the codebook's section 6. None: not recorded.

    `tag` None is an answer taken back. Fields that the tag does not call for are kept, so that a
    tag changed by mistake and changed back loses nothing; `applies` says which of them count.
    """

    tag: Tag | None = None
    not_codable_reason: NotCodableReason | None = None
    second_choice: Tag | None = None
    tag_certainty: Certainty | None = None
    attributed_content: AttributedContent | None = None
    source_id: UUID | None = None
    """The entry of the registry that the words name."""
    rating_id: UUID | None = None
    """The rating of that source which the answer took, with its letter in `source_reliability`."""
    source_text: str | None = None
    source_type: SourceType | None = None
    cue_text: str | None = None
    cue_stance: CueStance | None = None
    directness: Directness | None = None
    source_access: SourceAccess | None = None
    flag_loaded_language: bool = False
    flag_mixed: bool = False
    flag_presupposition: bool = False
    flag_hedged: bool = False
    check_priority: CheckPriority | None = None
    source_reliability: Reliability | None = None
    information_credibility: Credibility | None = None
    likelihood_code: Likelihood | None = None
    confidence: Confidence | None = None
    note: str | None = None
    active_seconds: int | None = None
    chain: tuple[Link, ...] = ()
    """Who passed it on: the links behind the first, which is the answer's own source, type and cue."""

    @property
    def first_link(self) -> Link:
        return Link(self.source_id, self.source_text, self.source_type, self.cue_text, self.cue_stance)

    @property
    def links(self) -> tuple[Link, ...]:
        """The whole chain, the answer's own source first; empty where nobody passed anything on."""
        return (self.first_link, *self.chain) if self.chain else ()

    @property
    def source_ids(self) -> frozenset[UUID]:
        """The entries that it names, in any link."""
        return frozenset(link.source_id for link in self.all_links if link.source_id)

    @property
    def all_links(self) -> tuple[Link, ...]:
        """The answer's own source, and who passed it on."""
        return (self.first_link, *self.chain)


FLAGS = tuple(f"flag_{flag.value}" for flag in Flag)
ANSWER_FIELDS = tuple(field.name for field in fields(Answer) if field.name != "chain")
"""The columns of an answer; its chain has rows of its own."""


def applies(field: str, tag: Tag | None) -> bool:
    """Whether the codebook asks for this field under this tag."""
    if field == "not_codable_reason":
        return tag is Tag.NOT_CODABLE
    if tag is Tag.NOT_CODABLE:
        return field in ("tag", "note", "active_seconds")
    if field in ONLY_FOR_ATTRIBUTION:
        return tag is Tag.ATTRIBUTION
    return True


def missing(answer: Answer) -> str | None:
    """The name of the field without which this answer cannot be submitted; None when it is whole."""
    if answer.tag is None:
        return "tag"
    needed = REQUIRED.get(answer.tag)
    return needed if needed and getattr(answer, needed) is None else None


def answer_from(values: Mapping[str, Any]) -> Answer:
    """The answer that JSON or a form holds; what is absent, null or empty is not recorded.

    Raises BadAnswer, naming the field, for an unknown field or a value outside the codebook.
    """
    if unknown := sorted(set(values) - {*ANSWER_FIELDS, "chain"}):
        raise BadAnswer(f"There is no field “{unknown[0]}” in an answer.")
    read: dict[str, Any] = {}
    for name, value in values.items():
        if value is None or value == "" or name == "chain":
            continue
        read[name] = _read(name, value)
    read["chain"] = chain_from(values.get("chain"), read)
    answer = Answer(**read)
    if answer.second_choice is not None and answer.second_choice is answer.tag:
        raise BadAnswer("The second choice must be another tag than the first.")
    return answer


def numbered_links(answer: Answer) -> list[dict[str, Any]]:
    """The fields of each link of the chain with its position, from 1; none where there is no chain."""
    return [{"position": position, **vars(link)} for position, link in enumerate(answer.links, start=1)]


def answer_values(answer: Answer) -> dict[str, Any]:
    """The answer as JSON values, fields that are not recorded left out; `answer_from` reads it back."""
    values = {name: getattr(answer, name) for name in ANSWER_FIELDS}
    told = {
        name: value.value if isinstance(value, Term) else str(value) if isinstance(value, UUID) else value
        for name, value in values.items()
        if value is not None and value is not False
    }
    return told | ({"chain": [link_values(link) for link in answer.links]} if answer.chain else {})


def _read(name: str, value: Any) -> Any:
    if name == "tag":
        return term_of(name, value, Tag, BadAnswer)
    if name in FLAGS:
        if not isinstance(value, bool):
            raise BadAnswer(f"“{name}” is either true or false.")
        return value
    if name == "active_seconds":
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LONGEST_STAY:
            raise BadAnswer("“active_seconds” is a whole number of seconds within a day.")
        return value
    if name in IDS:
        return source_uuid(name, value)
    if name in PHRASES:
        return clean_line(name, value, PHRASES[name], BadAnswer)
    term = term_of(name, value, TERMS[name], BadAnswer)
    if name == "second_choice" and term not in FOUR_TAGS:
        raise BadAnswer("The second choice is one of the four tags.")
    return term
