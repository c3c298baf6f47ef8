"""The columns that one answer fills side by side, and its cells; its note stands apart."""

from collections.abc import Iterable
from typing import Any

from webapp.domain.answers import TERMS, applies
from webapp.domain.export import Column
from webapp.domain.terms import FOUR_TAGS, NOT_CODED, Flag, SourceType, Tag
from webapp.domain.uuids import dashed
from webapp.export.columns import TAG_CODES, TAGS_BY_CODE

NOT_APPLICABLE = "not_applicable"


def _words(name: str, meaning: str, allowed: Iterable[str] | None = None) -> Column:
    return Column(name, "text", meaning, allowed=(*(allowed or TERMS[name]), NOT_APPLICABLE))


def _scale(name: str, meaning: str) -> str:
    steps = [f"{term} {term.label}" + (f" ({term.meaning})" if term.meaning else "") for term in TERMS[name]]
    return f"{meaning}: {', '.join(steps)}"


def _number(name: str, meaning: str) -> Column:
    return Column(name, "integer", _scale(name, meaning), allowed=tuple(TERMS[name]))


ANSWER_COLUMNS = (
    Column("tag", "text", "how the sentence presents its point", allowed=tuple(Tag)),
    Column(
        "tag_code",
        "integer",
        f"the tag as a number: {TAGS_BY_CODE}, {NOT_CODED} not answered by this analyst",
        allowed=(*TAG_CODES, str(NOT_CODED)),
    ),
    _words("not_codable_reason", "why the sentence is not codable"),
    _words("second_choice", "the tag that comes next after the one given", FOUR_TAGS),
    _words("tag_certainty", "how sure the analyst is of the tag"),
    _words("attributed_content", "what it is that the source tells"),
    Column("source_id", "uuid", "the entry of the registry of sources that the answer names"),
    Column("source_text", "text", "the words that name the source, as printed"),
    _words("source_type", "the kind of source"),
    _words(
        "named",
        "whether the reader could look the source up; follows from `source_type`",
        dict.fromkeys(kind.named for kind in SourceType),
    ),
    Column("cue_text", "text", "the cue words, as printed"),
    _words("cue_stance", "how the cue words judge what is told"),
    _words("directness", "how the source is quoted"),
    _words("source_access", "whether the text shows how the source knows"),
    *(Column(f"flag_{flag}", "boolean", f"flag: {flag.label.lower()}", allowed=("true",)) for flag in Flag),
    _words("check_priority", "how much it matters to check the sentence"),
    _words("source_reliability", _scale("source_reliability", "how far the source has earned trust")),
    _number("information_credibility", "how far the information stands on its own merits"),
    _number("likelihood_code", "how likely the event is in the analyst's judgement"),
    _words("confidence", "how well founded that judgement is"),
)


def _idle_cell(column: Column, tag: Tag) -> str | None:
    """What stands in a column that the tag does not call for; None where it does."""
    field = {"tag_code": "tag", "named": "source_type"}.get(column.name, column.name)
    if applies(field, tag):
        return None
    return NOT_APPLICABLE if column.type == "text" else ""


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
        answer.source_id and dashed(answer.source_id),
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
