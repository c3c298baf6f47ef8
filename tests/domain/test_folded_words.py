"""The words of a text as they are looked up: folded quickly, they are those that stand in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.domain import folded_words
from webapp.domain.folded_words import LONGEST_WORD, folded, folded_loosely, folded_sentences, words_in
from webapp.domain.segmentation import split

PIECES = st.sampled_from(
    [
        "The ferry",
        "Don't",
        "crack’s",
        "Café",
        ". ",
        "! ",
        ".",
        "“",
        "\n",
        "\n\n",
        " ",
        "\u200b",
        "\u2028",
        "\x1f",
        "\x85",
        "_",
        "'",
    ]
)


@given(st.lists(PIECES, max_size=60).map("".join))
def test_folded_quickly_or_with_their_places_the_words_are_the_same(text):
    assert (
        folded_loosely(text).split() == folded(text).split() == [word.folded for word in words_in(text) if word.folded]
    )


@given(
    st.lists(st.one_of(PIECES, st.sampled_from(["Straße ", "世界", "\0", "\x01", "x" * 250])), max_size=40).map("".join)
)
def test_sentences_folded_together_are_those_folded_one_by_one(text):
    spans = split(text)
    sentences, words = folded_sentences(text, spans)

    assert [one.split() for one in sentences] == [folded(text[start:end]).split() for start, end, _ in spans]
    assert words.split() == folded(text).split()


@pytest.mark.parametrize("before", range(0, 200, 33))
@pytest.mark.parametrize("length", [199, 200, 201, 250, 900])
def test_a_word_is_told_by_its_first_two_hundred_letters_wherever_it_stands(before, length):
    words = [*"ab" * before, "x" * length, "c", *["d"] * 100]

    assert folded(" ".join(words)).split() == [word[:LONGEST_WORD] for word in words]


@pytest.mark.parametrize("text", ["One came here. " * 9, "Où est-il ? Là. " * 9, "ﷺ came. ﷺ went. " * 9])
def test_a_text_too_long_ends_where_it_is_cut(text, monkeypatch):
    monkeypatch.setattr(folded_words, "LONGEST_WORD", 20)
    whole = folded(text)
    monkeypatch.setattr(folded_words, "MOST_LETTERS", 60)

    assert len(folded_loosely(text)) == 60
    assert whole.startswith(folded(text))


def test_signs_that_stand_for_capital_letters_are_folded_like_those():
    assert folded("Foo™ № 5 ℃ ϒ") == "footm no 5 c υ"
    signs = [chr(code) for code in range(0x3400) if chr(code).isalnum()]
    assert [sign for sign in signs if folded(folded(f"{sign}a")) != folded(f"{sign}a")] == []
