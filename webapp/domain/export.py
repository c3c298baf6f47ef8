"""The long shape: one row for each sentence and analyst, exact, in an order that never changes."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
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
)
"""Columns may be added at the end, never moved or renamed."""

WORDS = (
    "not_codable_reason",
    "second_choice",
    "tag_certainty",
    "attributed_content",
    "source_text",
    "source_type",
    "named",
    "cue_text",
    "cue_stance",
    "directness",
    "source_access",
    "check_priority",
    "source_reliability",
    "confidence",
    "note",
)
NUMBERS = ("information_credibility", "likelihood_code", "active_seconds")
FLAG_COLUMNS = ("flag_loaded_language", "flag_mixed", "flag_presupposition", "flag_hedged")


def _applies(column: str, tag: Tag) -> bool:
    return applies("source_type" if column == "named" else column, tag)


_IDLE = {
    tag: {column: NOT_APPLICABLE for column in WORDS if not _applies(column, tag)}
    | {column: "" for column in (*NUMBERS, *FLAG_COLUMNS) if not _applies(column, tag)}
    for tag in Tag
}


def answer_columns(answer: Any) -> dict[str, str]:
    """The cells of one answer; `answer` has the attributes of an `Answer`, and a tag.

    Fields that the tag does not call for say `not_applicable` in columns of words and are empty in
    others, also where the analyst had filled them before changing the tag. Empty: not recorded.
    """
    tag = Tag(answer.tag)
    cells = {name: getattr(answer, name) or "" for name in WORDS if name != "named"}
    cells["named"] = SourceType(answer.source_type).named if answer.source_type else ""
    cells |= {name: "true" if getattr(answer, name) else "" for name in FLAG_COLUMNS}
    for name in NUMBERS:
        value = getattr(answer, name)
        cells[name] = "" if value is None else str(value)
    return cells | _IDLE[tag] | {"tag": tag.value, "tag_code": str(tag.code)}


UNANSWERED = {"tag_code": str(NOT_CODED)}
"""The cells of a sentence to which the analyst has given no answer."""


def moment(at: datetime | None) -> str:
    """ISO 8601 in UTC with `Z`, to the second; empty for None. A naive moment is taken for UTC."""
    return "" if at is None else at.strftime("%Y-%m-%dT%H:%M:%SZ")


def csv_parts(
    parts: Iterable[Sequence[dict[str, str]]], *, bom: bool, guard: bool, columns: Sequence[str] = LONG_COLUMNS
) -> Iterator[str]:
    """A CSV file (RFC 4180) in pieces: the header, then one piece for each part that has rows."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(columns)
    yield ("\ufeff" if bom else "") + _emptied(buffer)
    for rows in parts:
        cells = ([row.get(column, "") for column in columns] for row in rows)
        writer.writerows([guarded(cell) for cell in row] for row in cells) if guard else writer.writerows(cells)
        if rows:
            yield _emptied(buffer)


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


def unguarded(cell: str) -> str:
    """The cell as it was before `guarded`."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell[1:]) else cell
