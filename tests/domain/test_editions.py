"""How two editions differ: each sentence of both is told of once, and none that is the same."""

from hypothesis import given
from hypothesis import strategies as st

from webapp.domain import editions
from webapp.domain.editions import compared
from webapp.domain.word_edits import Edit

BEFORE = ["The bridge is open.", "Ten lorries went over it on Tuesday.", "Nobody spoke.", "It was built in 1913."]
AFTER = [
    "The bridge is  open.",
    "Twelve lorries went over it on Tuesday.",
    "The mayor was there.",
    "It was built in 1913.",
]


def test_a_sentence_worded_anew_is_told_word_by_word_and_others_went_or_came():
    found = compared(BEFORE, AFTER)

    assert [(one.before, one.after, one.words) for one in found.differences] == [
        (2, 2, ((Edit.GONE, "Ten"), (Edit.ADDED, "Twelve"), (Edit.KEPT, " lorries went over it on Tuesday."))),
        (3, None, ((Edit.GONE, "Nobody spoke."),)),
        (None, 3, ((Edit.ADDED, "The mayor was there."),)),
    ]
    assert (found.n_same, found.count(Edit.KEPT), found.count(Edit.GONE), found.count(Edit.ADDED)) == (2, 1, 1, 1)


def test_a_sentence_put_before_others_moves_none_of_them():
    found = compared(BEFORE, ["It is a correction.", *BEFORE])

    assert [(one.before, one.after) for one in found.differences] == [(None, 1)]
    assert found.n_same == len(BEFORE)


def test_white_space_makes_no_difference():
    assert compared(["One  came.\n"], ["One came."]).differences == []


def test_a_very_long_sentence_went_and_came_as_a_whole():
    before, after = "a " * 500 + "b", "a " * 500 + "c"

    [found] = compared([before], [after]).differences
    assert [edit for edit, _ in found.words] == [Edit.GONE, Edit.ADDED]


def test_a_text_worded_anew_from_end_to_end_is_compared_in_order(monkeypatch):
    monkeypatch.setattr(editions, "MOST_COMPARED", 3)
    before, after = ([f"Sentence {n} of it {end}." for n in range(4)] for end in ("went", "came"))

    assert [(one.before, one.after) for one in compared(before, after).differences] == [(n, n) for n in range(1, 5)]


SENTENCES = st.lists(st.sampled_from(["a b c", "a b d", "a e f", "x", "x y", "x y z"]), max_size=12)


@given(SENTENCES, SENTENCES)
def test_each_sentence_of_both_editions_is_the_same_or_told_once(before, after):
    found = compared(before, after)

    olds = [one.before for one in found.differences if one.before]
    news = [one.after for one in found.differences if one.after]
    assert olds == sorted(set(olds))
    assert news == sorted(set(news))
    assert (len(olds) + found.n_same, len(news) + found.n_same) == (len(before), len(after))
    for one in found.differences:
        was = "".join(words for edit, words in one.words if edit is not Edit.ADDED).split()
        now = "".join(words for edit, words in one.words if edit is not Edit.GONE).split()
        assert (was, now) == (
            before[one.before - 1].split() if one.before else [],
            after[one.after - 1].split() if one.after else [],
        )


@given(SENTENCES)
def test_a_text_does_not_differ_from_itself(sentences):
    assert compared(sentences, sentences).differences == []
