"""Trimming spans and proving that spans make up a whole text."""

import pytest

from webapp.domain.spans import INVISIBLE, Span, trim, why_broken

FAMILY = "👨\u200d👩\u200d👧"


@pytest.mark.parametrize("char", list(" \t\n\r\v\f\x85\xa0\u1680\u2003\u2028\u2029\u202f\u3000"))
def test_white_space_is_invisible(char: str) -> None:
    assert char in INVISIBLE


@pytest.mark.parametrize("char", list("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))
def test_characters_without_width_are_invisible(char: str) -> None:
    assert char in INVISIBLE


@pytest.mark.parametrize("char", list("a.“」\x1c\x93\u0301\ufe0f\u180e\ud800"))
def test_anything_else_is_visible(char: str) -> None:
    assert char not in INVISIBLE


@pytest.mark.parametrize(
    ("text", "visible"),
    [
        ("  He left. \n", "He left."),
        ("\ufeffHe left.\u200b\u00ad", "He left."),
        ("He\u00a0left.", "He\u00a0left."),
        (" \u200b\n", ""),
        ("", ""),
        ("\u200d", ""),
        (f" {FAMILY} ", FAMILY),
        ("❤\ufe0f ", "❤\ufe0f"),
        ("👨\u200d ", "👨\u200d"),
        ("❤\ufe0f\u200d\u200d", "❤\ufe0f\u200d"),
        ("\u200d👨", "👨"),
        ("क्\u200d", "क्"),
    ],
)
def test_trimming_keeps_what_is_seen_and_the_joiners_of_emoji(text: str, visible: str) -> None:
    start, end = trim(text, 0, len(text))

    assert text[start:end] == visible


def test_trimming_looks_only_inside_the_span() -> None:
    assert trim("He  left.", 2, 5) == (4, 5)
    assert trim("He  left.", 2, 4) == (4, 4)


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("", []),
        (" \n\u200b", []),
        ("He left.", [Span(0, 8, 1)]),
        (" He left.\u00a0She did. ", [Span(1, 9, 1), Span(10, 18, 1)]),
        ("左。右。", [Span(0, 2, 1), Span(2, 4, 1)]),
        (f"Hi {FAMILY} Bye", [Span(0, 8, 1), Span(9, 12, 1)]),
    ],
)
def test_spans_that_leave_out_nothing_visible_are_whole(text: str, spans: list[Span]) -> None:
    assert why_broken(text, spans) is None


@pytest.mark.parametrize(
    ("spans", "reason"),
    [
        ([], "The text from 0 to 18 is in no sentence."),
        ([Span(0, 8, 1)], "The text from 9 to 18 is in no sentence."),
        ([Span(9, 18, 1)], "The text from 0 to 8 is in no sentence."),
        ([Span(0, 3, 1), Span(9, 18, 1)], "The sentence at 0 has invisible characters at its edges."),
        ([Span(0, 8, 1), Span(13, 18, 1)], "The text from 9 to 12 is in no sentence."),
        ([Span(0, 8, 1), Span(8, 18, 1)], "The sentence at 8 has invisible characters at its edges."),
        ([Span(0, 12, 1), Span(9, 18, 1)], "The sentence at 9 begins before the one ahead of it ends at 12."),
        ([Span(9, 18, 1), Span(0, 8, 1)], "The text from 0 to 8 is in no sentence."),
        ([Span(0, 8, 1), Span(9, 9, 1)], "The sentence at 9 is empty or ends outside the text, at 9 of 18."),
        ([Span(0, 8, 1), Span(9, 19, 1)], "The sentence at 9 is empty or ends outside the text, at 19 of 18."),
        ([Span(-8, 8, 1)], "The sentence at -8 begins before the one ahead of it ends at 0."),
    ],
)
def test_broken_spans_are_told_with_their_offset(spans: list[Span], reason: str) -> None:
    assert why_broken("He left. She came.", spans) == reason


def test_an_emoji_must_not_be_cut_at_its_joiner() -> None:
    assert why_broken("👨\u200d👩", [Span(0, 1, 1), Span(2, 3, 1)]) == "The sentence at 0 ends inside an emoji, at 1."
