"""Words that are nearly another one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.domain.near_words import is_nearly, pieces, slips


@pytest.mark.parametrize(
    ("asked", "word", "is_near"),
    [
        ("reut", "reuters", True),
        ("reuters", "reut", False),
        ("reuters", "reutters", True),
        ("reuters", "reutres", False),
        ("moscow", "moscou", True),
        ("ahmadinejad", "ahmdainejad", True),
        ("iran", "iraq", False),
        ("us", "usa", False),
        ("us", "us", True),
    ],
)
def test_parts_and_as_many_slips_as_the_length_allows(asked, word, is_near):
    assert is_nearly(asked, word) is is_near


@given(
    st.text("abc", min_size=1, max_size=14),
    st.lists(st.tuples(st.integers(0, 13), st.sampled_from("abcd")), max_size=2),
)
def test_a_piece_of_the_word_stands_in_whatever_differs_by_so_few_letters(word, changed):
    letters = list(word)
    for place, letter in changed[: slips(word)]:
        letters[place % len(letters)] = letter
    other = "".join(letters)

    assert "".join(pieces(word)) in ("", word)
    assert is_nearly(word, other)
    assert other == word or any(piece in other for piece in pieces(word))
