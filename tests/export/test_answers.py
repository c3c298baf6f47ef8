"""The cells of one answer."""

from webapp.domain.answers import Answer
from webapp.domain.terms import Flag, SourceType, Tag
from webapp.export.answers import ANSWER_COLUMNS, answer_cells


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
