"""What an analyst may answer, which fields a tag calls for, and what is missing before submitting."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.domain.answers import TERMS, Answer, answer_from, answer_values, applies, missing
from webapp.domain.errors import BadAnswer
from webapp.domain.terms import FOUR_TAGS, Flag, NotCodableReason, SourceType, Tag

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r"), min_size=1, max_size=30).map(
    str.strip
)


@st.composite
def answers(draw):
    values = {"tag": draw(st.sampled_from(Tag))}
    for name, terms in TERMS.items():
        choices = FOUR_TAGS if terms is Tag else tuple(terms)
        values[name] = draw(st.none() | st.sampled_from([choice for choice in choices if choice != values["tag"]]))
    for flag in Flag:
        values[f"flag_{flag.value}"] = draw(st.booleans())
    for name in ("source_text", "cue_text", "note"):
        values[name] = draw(st.none() | TEXTS) or None
    values["active_seconds"] = draw(st.none() | st.integers(0, 86_400))
    return Answer(**values)


@given(answers())
def test_an_answer_survives_the_way_through_json(answer):
    assert answer_from(answer_values(answer)) == answer


def test_a_tag_alone_is_an_answer():
    assert answer_from({"tag": "FACT"}) == Answer(Tag.FACT)


def test_what_is_empty_is_not_recorded():
    assert answer_from({"tag": "FACT", "note": "  ", "confidence": None, "cue_text": ""}) == Answer(Tag.FACT)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"tag": "TRUE"}, "“tag” is one of FACT"),
        ({"tag": "FACT", "mood": "x"}, "no field “mood”"),
        ({"tag": "FACT", "second_choice": "FACT"}, "another tag than the first"),
        ({"tag": "FACT", "second_choice": "NOT_CODABLE"}, "one of the four tags"),
        ({"tag": "FACT", "flag_mixed": "yes"}, "either true or false"),
        ({"tag": "FACT", "active_seconds": -1}, "whole number of seconds"),
        ({"tag": "FACT", "active_seconds": True}, "whole number of seconds"),
        ({"tag": "FACT", "note": 7}, "must be text"),
        ({"tag": "FACT", "note": "\ud800"}, "cannot be stored"),
        ({"tag": "FACT", "note": "a\x00b"}, "cannot be stored"),
        ({"tag": "FACT", "note": "x" * 10_001}, "the most is 10,000"),
        ({"tag": ["FACT"]}, "“tag” is one of FACT"),
    ],
)
def test_a_bad_value_is_named_in_one_sentence(values, sentence):
    with pytest.raises(BadAnswer, match=sentence):
        answer_from(values)


def test_only_an_attribution_asks_who_says_so():
    assert applies("source_type", Tag.ATTRIBUTION)
    assert not applies("source_type", Tag.FACT)


def test_a_sentence_that_is_not_codable_keeps_only_its_reason_and_note():
    assert applies("not_codable_reason", Tag.NOT_CODABLE)
    assert applies("note", Tag.NOT_CODABLE)
    assert not applies("check_priority", Tag.NOT_CODABLE)


@pytest.mark.parametrize(
    ("answer", "field"),
    [
        (Answer(), "tag"),
        (Answer(Tag.ATTRIBUTION), "source_type"),
        (Answer(Tag.NOT_CODABLE), "not_codable_reason"),
        (Answer(Tag.FACT), None),
        (Answer(Tag.ATTRIBUTION, source_type=SourceType.GROUP), None),
        (Answer(Tag.NOT_CODABLE, not_codable_reason=NotCodableReason.BARE_LABEL), None),
    ],
)
def test_what_is_missing_before_submitting(answer, field):
    assert missing(answer) == field


@pytest.mark.parametrize(
    ("source_type", "named"),
    [("document", "named"), ("media_outlet", "named"), ("unnamed_official", "unnamed"), ("group", "unnamed"),
     ("unspecified", "unnamed"), ("own_reporting", "own"), ("none", "none")],
)  # fmt: skip
def test_whether_a_source_is_named_follows_from_its_type(source_type, named):
    assert SourceType(source_type).named == named
