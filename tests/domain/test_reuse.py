"""What two texts share: places that never cut a word, shares of words, and the verdict about the first."""

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.domain.folded_words import words_in
from webapp.domain.reuse import PLACES, Verdict, reuse, shared_runs

DISPATCH = (
    "The mayor said on Monday that the bridge, closed since March, could reopen “soon”. Engineers found cracks in two"
    " pillars last winter. Costs rose to three million euros, and nobody would say who pays for the repairs."
)
COPY = (
    'Nobody was hurt.\r\n\r\nTHE MAYOR said on Monday that the bridge -- closed since March -- could reopen "soon",'
    " and thanked everybody. Engineers found cracks in two pillars last winter!"
)


def shared(a, b):
    return [(a[p.a_start : p.a_end], b[p.b_start : p.b_end]) for p in reuse(a, b).passages]


def test_case_space_punctuation_and_quotation_marks_make_no_difference():
    assert shared(DISPATCH, COPY) == [
        (
            "The mayor said on Monday that the bridge, closed since March, could reopen “soon",
            'THE MAYOR said on Monday that the bridge -- closed since March -- could reopen "soon',
        ),
        (
            "Engineers found cracks in two pillars last winter",
            "Engineers found cracks in two pillars last winter",
        ),
    ]


def test_shares_are_of_the_words_of_each_text():
    found = reuse(DISPATCH, COPY)

    assert found.share_of_a == 22 / len(words_in(DISPATCH))
    assert found.share_of_b == 22 / len(words_in(COPY))


def test_what_a_text_says_twice_counts_twice_there():
    found = reuse(DISPATCH, DISPATCH + "\n" + DISPATCH)

    assert (found.share_of_a, found.share_of_b, found.verdict) == (1, 1, Verdict.WHOLLY)


@pytest.mark.parametrize(
    ("a", "b", "verdict"),
    [
        ("", "", Verdict.NOT),
        ("Two words", "", Verdict.NOT),
        ("Two words", "Just two words", Verdict.NOT),
        ("a b c d e", "x a b c d e y", Verdict.WHOLLY),
        ("a b c d e", "e d c b a", Verdict.NOT),
        ("\x00 \u200b …", "…", Verdict.NOT),
    ],
)
def test_short_and_empty_texts_get_a_verdict_too(a, b, verdict):
    assert reuse(a, b).verdict == verdict


def words(rng, count):
    return [f"w{rng.randint(1, 5_000)}" for _ in range(count)]


def test_a_text_set_anew_is_wholly_one_with_a_part_taken_over_partially_derived():
    rng = random.Random(7)
    dispatch = words(rng, 300)
    anew = [word if rng.random() > 0.2 else "anew" for word in dispatch]
    part = words(rng, 150) + dispatch[40:140] + words(rng, 50)
    source = " ".join(dispatch)

    assert reuse(" ".join(anew), source).verdict == Verdict.WHOLLY
    assert reuse(" ".join(part), source).verdict == Verdict.PARTIALLY
    assert reuse(" ".join(words(rng, 300)), source).verdict == Verdict.NOT


def test_the_verdict_is_about_the_first_text():
    rng = random.Random(8)
    short = words(rng, 60)
    long = " ".join(words(rng, 900) + short)

    assert reuse(" ".join(short), long).verdict == Verdict.WHOLLY
    assert reuse(long, " ".join(short)).verdict == Verdict.NOT


def test_scripts_without_spaces_are_compared_by_characters():
    assert shared("市長は月曜日に橋が再開すると述べた。", "昨日、市長は月曜日に橋が再開するとは言わなかった。") == [
        ("市長は月曜日に橋が再開すると", "市長は月曜日に橋が再開すると")
    ]


TEXTS = st.lists(st.sampled_from([*"abcde", "It’s", "café", "—", "\r\n"]), max_size=60).map(" ".join)


@given(TEXTS, TEXTS)
def test_passages_are_the_same_words_in_order_and_cut_none(a, b):
    found = reuse(a, b)

    for p in found.passages:
        of_a, of_b = words_in(a[p.a_start : p.a_end]), words_in(b[p.b_start : p.b_end])
        assert [word.folded for word in of_a] == [word.folded for word in of_b]
        assert {word.start + p.a_start for word in of_a} <= {word.start for word in words_in(a)}
    ends = [(p.a_start, p.a_end) for p in found.passages]
    assert all(one[1] <= other[0] for one, other in pairwise(ends))
    assert 0 <= found.share_of_a <= 1
    assert 0 <= found.share_of_b <= 1


def test_no_word_is_compared_more_often_than_there_are_places(monkeypatch):
    compared = 0

    class Counted(str):
        __slots__ = ()

        def __eq__(self, other):
            nonlocal compared
            compared += 1
            return str.__eq__(self, other)

        __hash__ = str.__hash__

    text = [Counted("a")] * 2_000
    assert shared_runs(text, text) == [(0, 0, 2_000)]
    assert compared <= (PLACES + 2) * len(text) * 4
