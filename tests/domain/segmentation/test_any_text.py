"""What holds for every text whatever: nothing is lost, and the spans are in order and trimmed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.domain.segmentation import split
from webapp.domain.spans import why_broken

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=200)

NASTY = [
    *".!?…。！？؟।:;,-–—()[]{}\"'“”‘’«»„¿¡*_•⁃#$/\\@<>",
    *" \t\n\r\v\f\x85\xa0\u00ad\u2003\u2028\u2029\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\x1c\x93\x94\x96\0",
    *["\ud800", "\udfff", "😀", "👩\u200d🚀", "❤\ufe0f", "🇺🇸", "e\u0301", "א", "ש", "ب", "क", "漢", "İ", "ß", "ǅ"],
    *["...", ". . .", "?!", "[17]", "[citation needed]", ":)", "\r\n", "\n\n", "1.", "a)", "(1)", "1.)"],
    *["Mr.", "Gen.", "U.S.", "p.m.", "No.", "Inc.", "J.", "I", "e.g.", "Jan.", "Calif.", "St.", "Yahoo!", "etc."],
    *["the", "The", "he said", "Smith asked", "said", "U", "x", "Monday", "3.5", "1990", "http://a.b/c.D", "a@b.c"],
]
NASTY_TEXT = st.lists(st.sampled_from(NASTY), max_size=60).map("".join)


@given(ANY_TEXT)
def test_the_spans_of_any_text_are_whole(text: str) -> None:
    assert why_broken(text, split(text)) is None


@settings(max_examples=500)
@given(NASTY_TEXT)
def test_the_spans_of_nasty_text_are_whole(text: str) -> None:
    assert why_broken(text, split(text)) is None


@given(NASTY_TEXT)
def test_paragraphs_are_counted_from_one_without_gaps(text: str) -> None:
    numbers = [span.paragraph for span in split(text)]

    assert numbers == sorted(numbers)
    assert sorted(set(numbers)) == list(range(1, len(set(numbers)) + 1))


@given(NASTY_TEXT)
def test_splitting_twice_gives_the_same(text: str) -> None:
    assert split(text) == split(text)


@pytest.mark.parametrize(
    "text",
    [
        "word and " * 110_000,
        "abcdefghij" * 100_000,
        "." * 200_000,
        "1. " * 66_000,
        "(" * 200_000,
        '"' * 200_000,
        "“" * 200_000,
        " " * 200_000,
        "Mr. A " * 33_000,
        "Mr.\xa0A\xa0" * 33_000,
        ". . . " * 33_000,
        "!? " * 66_000,
        "😀 " * 66_000,
        "[1] " * 50_000,
        "• " * 66_000,
        "a\n" * 100_000,
        "He left. She stayed. " * 50_000,
        "\u200d" * 200_000,
    ],
    ids=lambda text: repr(text[:12]),
)
def test_hostile_text_gives_whole_spans(text: str) -> None:
    assert why_broken(text, split(text)) is None
