"""The numbers by which texts with shared passages find each other."""

from hypothesis import given
from hypothesis import strategies as st

from webapp.domain.passage_hashes import ONE_OF, passage_hashes

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


def test_about_one_shingle_of_eight_is_kept():
    text = " ".join(WORDS)

    assert 0.7 < len(passage_hashes(text)) * ONE_OF / len(WORDS) < 1.3


def test_they_are_the_same_on_every_machine_and_for_good():
    text = (
        "The ferry Runa was taken out of service on Monday after divers found a second crack in her hull, and ordered"
    )
    assert passage_hashes(f"{text} her owner to have the vessel surveyed.") == [-1770012552, -353665760]


def test_a_text_without_three_words_has_none():
    assert passage_hashes("") == passage_hashes("Two words.") == passage_hashes("!? …") == []


@given(st.text())
def test_any_text_has_some_or_none(text):
    assert isinstance(passage_hashes(text), list)
