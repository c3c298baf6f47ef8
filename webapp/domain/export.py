"""The long shape: one row for each sentence and analyst, exact, in an order that never changes."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from webapp.domain.answers import applies
from webapp.domain.terms import NOT_CODED, SourceType, Tag

NOT_APPLICABLE = "not_applicable"

LONG_COLUMNS = (
    "annotation_id",
    "project",
    "article_id",
    "article_title",
    "outlet",
    "published",
    "sentence_id",
    "sentence_index",
    "paragraph",
    "char_start",
    "char_end",
    "text",
    "text_sha256",
    "segmentation_version",
    "coder_id",
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
    "corroboration_status",
    "corroboration_claim",
    "corroboration_note",
    "independent_supporting",
    "independent_refuting",
    "note",
    "blind",
    "suggestion_shown",
    "codebook_version",
    "active_seconds",
    "created_at",
    "updated_at",
    "submitted_at",
    "app_version",
    "round",
    "pass",
    "assignment_key",
)
"""Columns may be added at the end, never moved or renamed."""

ANSWER_COLUMNS = LONG_COLUMNS[LONG_COLUMNS.index("tag") : LONG_COLUMNS.index("confidence") + 1]
"""The columns that one answer fills side by side; its note stands apart."""

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


def chosen(**options: bool) -> list[str]:
    """The names of the options that were chosen, for the audit."""
    return [name for name, wanted in options.items() if wanted]


def csv_parts(
    parts: Iterable[Sequence[Sequence[str]]], *, bom: bool, guard: bool, columns: Sequence[str] = LONG_COLUMNS
) -> Iterator[str]:
    """A CSV file (RFC 4180) of rows in pieces: the header, then one piece for each part that has rows."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(columns)
    yield ("\ufeff" if bom else "") + _emptied(buffer)
    for rows in parts:
        writer.writerows(map(_guarded_row, rows) if guard else rows)
        if rows:
            yield _emptied(buffer)


def _guarded_row(row: Sequence[str]) -> list[str]:
    return [guarded(cell) for cell in row]


def _emptied(buffer: io.StringIO) -> str:
    content = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return content


FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")


def guarded(cell: str) -> str:
    """The cell with one apostrophe in front where a spreadsheet would take it for a formula.

    The reader takes exactly one apostrophe away from a cell that `FORMULA` matches behind it.
    """
    return "'" + cell if FORMULA.match(cell) else cell
