"""What is looked for: words, phrases, OR, minus and filters; a mistake gets one sentence that says what to do."""

import pytest

from webapp.domain.errors import BadSearch
from webapp.domain.word_query import Every, Phrase, Some, advice_on, search_from


def word(one):
    return Phrase((one,))


@pytest.mark.parametrize(
    ("asked", "query"),
    [
        ("Café", word("cafe")),
        ("old AND barn", Every((word("old"), word("barn")))),
        ("old barn", Every((word("old"), word("barn")))),
        ("“White House”", Phrase(("white", "house"))),
        ('"white house" OR barn', Some((Phrase(("white", "house")), word("barn")))),
        ("barn -old", Every((word("barn"),), (word("old"),))),
        ('barn -"very old"', Every((word("barn"),), (Phrase(("very", "old")),))),
        ("state-of-the-art", Phrase(("state", "of", "the", "art"))),
        ("新华社", Phrase(("新", "华", "社"))),
        ("مَرْحَبًا", word("مرحبا")),
        ("the of", Every((word("the"), word("of")))),
        ("a !!! b", Every((word("a"), word("b")))),
    ],
)
def test_what_is_written_is_understood(asked, query):
    assert search_from(asked).query == query


@pytest.mark.parametrize(
    ("asked", "advice"),
    [
        ("ferry crack", "Try fewer words, or OR between them."),
        ("ferri", "Words are found whole;"),
        ("“white house”", "Try fewer words,"),
        ("ferry or crack", "OR and AND are written in capitals;"),
        ("ferry and crack", "OR and AND are written in capitals;"),
        ("“ferry or crack” hull", "Try fewer words,"),
        ("ferry NOT crack", "A minus before a word leaves it out;"),
        ("ferry tag:fact outlet:Gulf", "Leave out “tag:” and “outlet:”, or narrow down less."),
        ("ferry author:Solberg", "“author:” is no filter"),
        ("ferry Outlets:Gulf tag:fact", "“Outlets:” is no filter"),
        ("https://example.org/ferry", "Try fewer words,"),
        ("12:30 ferry", "Try fewer words,"),
    ],
)
def test_who_found_nothing_is_told_what_to_try(asked, advice):
    assert advice_on(asked).startswith(advice)


def test_filters_stand_beside_the_words():
    search = search_from('missiles outlet:"The Gulf" tag:fact status:"In progress" before:2013-10 after:2012')

    assert search.query == word("missiles")
    assert search.filters == {
        "outlet": "The Gulf",
        "tag": "FACT",
        "status": "in_progress",
        "before": "2013-10",
        "after": "2012",
    }


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("x" * 10_000, "up to 1,000 characters"),
        ('"white house', "has no partner"),
        ("house”", "has no partner"),
        ("-old", "only leaves out"),
        ("barn OR -old", "only leaves out"),
        ("tag:fact", "no word to look for"),
        ("!?", "no word to look for"),
        ("OR", "no word to look for"),
        ("barn OR", "one on either side"),
        ("barn tag:zebra", "takes one of fact, attribution"),
        ("barn before:soon", "is no date"),
        ("barn -tag:fact", "leave the minus out"),
        ("barn outlet:Gulf outlet:Post", "stands there twice"),
        ("barn outlet: Gulf", "Nothing stands behind “outlet:”"),
        ("before:", "Nothing stands behind “before:”"),
        (" ".join(f"word{n}" for n in range(41)), "up to 40 words"),
    ],
)
def test_a_mistake_gets_one_sentence(asked, said):
    with pytest.raises(BadSearch) as refused:
        search_from(asked)

    assert said in str(refused.value)
