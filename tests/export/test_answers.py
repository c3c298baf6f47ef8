"""The cells of one answer."""

import pytest

from webapp.domain.answers import TERMS, Answer
from webapp.domain.terms import Flag, SourceType, Tag
from webapp.export.answers import ANSWER_COLUMNS, NO_ANSWER, answer_cells


def answer_columns(answer):
    return dict(zip([column.name for column in ANSWER_COLUMNS], answer_cells(answer), strict=True))


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


@pytest.mark.parametrize("tag", Tag)
def test_whatever_an_answer_says_its_column_allows(tag):
    allowed = {column.name: ("", *column.allowed) for column in ANSWER_COLUMNS if column.allowed}
    for name, terms in TERMS.items():
        for term in set(terms) - {Tag.NOT_CODABLE}:
            cells = answer_columns(Answer(tag, **{name: term}))
            assert [column for column in allowed if cells[column] not in allowed[column]] == []


def test_an_answer_that_was_not_given_has_as_many_cells():
    assert len(NO_ANSWER) == len(ANSWER_COLUMNS)
