"""The numbers by which texts with shared passages find each other."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from webapp.domain.folded_words import folded_loosely
from webapp.domain.passage_hashes import SURE, hashes_of_all, passage_hashes

WORDS = [f"word{number}" for number in range(400)]
TEXTS = st.lists(st.sampled_from(WORDS), max_size=120).map(" ".join)


@given(TEXTS)
def test_they_rise_and_fit_into_a_column(text):
    found = passage_hashes(text)

    assert found == sorted(set(found))
    assert all(-(2**31) <= one < 2**31 for one in found)


@given(TEXTS, TEXTS)
def test_what_stands_in_a_text_has_its_numbers_there(text, around):
    assert set(passage_hashes(text)) <= set(passage_hashes(f"{around} {text} {around}"))


@given(st.lists(st.sampled_from(WORDS), max_size=60))
def test_case_punctuation_and_marks_make_no_difference(words):
    assert passage_hashes(" ".join(words)) == passage_hashes(", “".join(words).upper())


def test_about_two_shingles_of_nine_are_kept():
    text = " ".join(WORDS)

    assert 0.18 < len(passage_hashes(text)) / len(WORDS) < 0.27


@given(st.permutations(WORDS), st.data())
def test_texts_that_share_so_many_words_in_a_row_always_have_two_numbers_in_common(words, data):
    start = data.draw(st.integers(0, 200))
    shared, own = words[start : start + SURE], words[start + SURE :]
    others = [f"other{number}" for number in range(data.draw(st.integers(0, 40)))]

    common = set(passage_hashes(" ".join([*own, *shared]))) & set(passage_hashes(" ".join([*others, *shared, *others])))
    assert len(common) >= 2


def test_they_are_the_same_on_every_machine_and_for_good():
    text = (
        "The ferry Runa was taken out of service on Monday after divers found a second crack in her hull, and ordered"
    )
    assert passage_hashes(f"{text} her owner to have the vessel surveyed.") == [
        6592952,
        102743372,
        115947289,
        220527196,
        691005032,
        779215343,
    ]


@given(st.lists(st.one_of(TEXTS, st.text(max_size=80)), max_size=6))
def test_of_many_at_once_each_has_those_that_it_has_alone(texts):
    assert hashes_of_all([folded_loosely(text) for text in texts]) == [passage_hashes(text) for text in texts]


def test_the_same_words_have_the_same_numbers_wherever_they_stand_in_a_long_text(monkeypatch):
    alone = passage_hashes(" ".join(WORDS))
    monkeypatch.setattr("webapp.domain.passage_hashes.FIRST_POWERS", 1_000)

    assert set(alone) <= set(passage_hashes(" ".join(["Other words came before."] * 500 + WORDS)))


def test_words_as_like_one_another_as_can_be_have_numbers_of_their_own():
    words = ["".join(letters) for letters in product("ab", repeat=13)]
    numbers = [number for hashes in hashes_of_all([f"{word} " * 10 for word in words]) for number in hashes]

    assert len(set(numbers)) == len(words)


def test_a_text_of_fewer_words_than_a_window_has_none():
    assert (
        passage_hashes("")
        == passage_hashes("One two three four five six seven eight nine.")
        == passage_hashes("!? …")
        == []
    )
    assert passage_hashes("One two three four five six seven eight nine ten.") != []


@given(st.text())
def test_any_text_has_some_or_none(text):
    assert isinstance(passage_hashes(text), list)
