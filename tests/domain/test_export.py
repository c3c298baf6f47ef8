"""The long shape, cell by cell."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from webapp.domain.answers import Answer
from webapp.domain.export import ANSWER_COLUMNS, FORMULA, LONG_COLUMNS, answer_cells, csv_parts, guarded
from webapp.domain.terms import Flag, SourceType, Tag


def unguarded(cell):
    """The cell as it was before `guarded`, as docs/export.md tells readers to get it."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell[1:]) else cell


COLUMNS = (
    "annotation_id, project, article_id, article_title, outlet, published, sentence_id, sentence_index, paragraph, "
    "char_start, char_end, text, text_sha256, segmentation_version, coder_id, tag, tag_code, not_codable_reason, "
    "second_choice, tag_certainty, attributed_content, source_id, source_text, source_type, named, cue_text, "
    "cue_stance, directness, source_access, flag_loaded_language, flag_mixed, flag_presupposition, flag_hedged, "
    "check_priority, source_reliability, information_credibility, likelihood_code, confidence, corroboration_status, "
    "corroboration_claim, corroboration_note, independent_supporting, independent_refuting, note, blind, "
    "suggestion_shown, codebook_version, active_seconds, created_at, updated_at, submitted_at, app_version, round"
)
ADDED = ("pass", "assignment_key")


def test_the_53_columns_stand_in_their_order_and_new_ones_behind_them():
    assert ", ".join(LONG_COLUMNS[:53]) == COLUMNS
    assert LONG_COLUMNS[53:] == ADDED


def answer_columns(answer):
    return dict(zip(ANSWER_COLUMNS, answer_cells(answer), strict=True))


def test_a_tag_has_its_number():
    assert [answer_columns(Answer(tag))["tag_code"] for tag in Tag] == ["1", "2", "3", "4", "8"]


def test_fields_that_the_tag_does_not_call_for_say_so_and_are_not_lost_by_a_blank():
    cells = answer_columns(Answer(Tag.FACT, source_type=SourceType.DOCUMENT, source_text="the report"))

    assert cells["source_type"] == cells["source_text"] == cells["named"] == "not_applicable"
    assert cells["not_codable_reason"] == "not_applicable"
    assert cells["tag_certainty"] == ""


def test_numbers_and_flags_never_say_not_applicable():
    cells = answer_columns(Answer(Tag.NOT_CODABLE, flag_mixed=True))

    assert cells["flag_mixed"] == cells["likelihood_code"] == cells["information_credibility"] == ""
    assert cells["check_priority"] == "not_applicable"


def test_the_kind_of_source_says_whether_it_is_named():
    cells = answer_columns(Answer(Tag.ATTRIBUTION, source_type=SourceType.UNNAMED_OFFICIAL, flag_hedged=True))

    assert cells["named"] == "unnamed"
    assert [cells[f"flag_{flag.value}"] for flag in Flag] == ["", "", "", "true"]


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))


@given(st.lists(TEXTS, min_size=1), st.booleans())
def test_a_csv_read_back_gives_every_text_unchanged(texts, guard):
    file = "".join(
        csv_parts(
            [[[text if name == "text" else "" for name in LONG_COLUMNS] for text in texts]], bom=False, guard=guard
        )
    )
    read = [row["text"] for row in csv.DictReader(io.StringIO(file, newline=""))]

    assert [unguarded(text) if guard else text for text in read] == texts


@given(TEXTS)
def test_the_guard_takes_away_what_it_put(text):
    assert unguarded(guarded(text)) == text


def test_the_guard_stops_formulas_and_leaves_prose():
    assert guarded("=1+1") == "'=1+1"
    assert guarded("'=1+1") == "''=1+1"
    assert guarded("'Tis true") == "'Tis true"
    assert guarded("＝1") == "'＝1"


def test_a_byte_order_mark_comes_first_and_only_on_request():
    assert next(csv_parts([], bom=True, guard=False)).startswith("\ufeffannotation_id,")
    assert next(csv_parts([], bom=False, guard=False)).startswith("annotation_id,")
