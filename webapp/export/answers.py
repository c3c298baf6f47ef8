"""The columns that one answer fills side by side, and its cells; its note stands apart."""

from typing import Any

from webapp.domain.answers import applies
from webapp.domain.terms import NOT_CODED, SourceType, Tag

NOT_APPLICABLE = "not_applicable"

ANSWER_COLUMNS = (
    "tag",
    "tag_code",
    "not_codable_reason",
    "second_choice",
    "tag_certainty",
    "attributed_content",
    "source_id",
    "source_text",
    "source_type",
    "named",
    "cue_text",
    "cue_stance",
    "directness",
    "source_access",
    "flag_loaded_language",
    "flag_mixed",
    "flag_presupposition",
    "flag_hedged",
    "check_priority",
    "source_reliability",
    "information_credibility",
    "likelihood_code",
    "confidence",
)

NUMBERS = ("information_credibility", "likelihood_code")
FLAG_COLUMNS = ("flag_loaded_language", "flag_mixed", "flag_presupposition", "flag_hedged")


def _idle_cell(column: str, tag: Tag) -> str | None:
    """What stands in a column that the tag does not call for; None where it does."""
    if column in ("tag", "tag_code", "source_id") or applies("source_type" if column == "named" else column, tag):
        return None
    return "" if column in (*NUMBERS, *FLAG_COLUMNS) else NOT_APPLICABLE


_IDLE = {tag.value: tuple(_idle_cell(column, tag) for column in ANSWER_COLUMNS) for tag in Tag}
_CODE = {tag.value: str(tag.code) for tag in Tag}
_NAMED: dict[str | None, str] = {None: "", **{kind.value: kind.named for kind in SourceType}}


def answer_cells(answer: Any) -> list[str]:
    """The cells of one answer, as in ANSWER_COLUMNS; `answer` has the attributes of an `Answer`, and a tag.

    Fields that the tag does not call for say `not_applicable` in columns of words and are empty in
    others, also where the analyst had filled them before changing the tag. Empty: not recorded.
    """
    source_type = answer.source_type
    values = (
        answer.tag,
        _CODE[answer.tag],
        answer.not_codable_reason,
        answer.second_choice,
        answer.tag_certainty,
        answer.attributed_content,
        "",
        answer.source_text,
        source_type,
        _NAMED[source_type],
        answer.cue_text,
        answer.cue_stance,
        answer.directness,
        answer.source_access,
        "true" if answer.flag_loaded_language else "",
        "true" if answer.flag_mixed else "",
        "true" if answer.flag_presupposition else "",
        "true" if answer.flag_hedged else "",
        answer.check_priority,
        answer.source_reliability,
        answer.information_credibility,
        answer.likelihood_code,
        answer.confidence,
    )
    return [value or "" if idle is None else idle for value, idle in zip(values, _IDLE[answer.tag], strict=True)]


NO_ANSWER = ["", str(NOT_CODED)] + [""] * (len(ANSWER_COLUMNS) - 2)
"""The same cells for a sentence to which the analyst has given no answer."""
