"""The sentences of a text and its words are folded together as they are one by one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.domain import folded_words
from webapp.domain.folded_words import folded, folded_sentences
from webapp.domain.segmentation import split

SAID = "The ferry|Don’t|crack’s|Café|Straße|안녕|世界|שָׁלוֹם|ﷺ|e\u0301|\u0301|\u00ad|" + "a" * 250
BETWEEN = ". |! |.|“|\n|\n\n| |\u200b|\u2028|\x1f|\x85|_|'"
PIECES = st.sampled_from(f"{SAID}|{BETWEEN}".split("|"))


@given(st.lists(PIECES, max_size=40).map("".join))
def test_sentences_and_words_are_those_of_each_text_by_itself(text):
    spans = split(text)

    assert folded_sentences(text, spans) == ([folded(text[one.start : one.end]) for one in spans], folded(text).split())


@pytest.mark.parametrize(
    "text", ["One came here. Two went there. " * 9, "Où est-il ? Là. " * 9, "ﷺ came. ﷺ went. " * 9]
)
def test_of_a_text_too_long_the_words_end_where_they_do_by_itself(text, monkeypatch):
    monkeypatch.setattr(folded_words, "MOST_LETTERS", 210)
    spans = split(text)

    assert folded_sentences(text, spans) == ([folded(text[one.start : one.end]) for one in spans], folded(text).split())


def test_signs_that_stand_for_capital_letters_are_folded_like_those():
    assert folded("Foo™ № 5 ℃ ϒ") == "footm no 5 c υ"
    signs = [chr(code) for code in range(0x3400) if chr(code).isalnum()]
    assert [sign for sign in signs if folded(folded(f"{sign}a")) != folded(f"{sign}a")] == []
