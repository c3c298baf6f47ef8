"""Which texts say nearly the same: the most alike first, never the text itself, and how many are looked at."""

import random
from itertools import accumulate

from webapp.domain import lookalikes as module
from webapp.domain.lookalikes import Corpus, lookalikes

TEXTS = [
    "The mayor said the bridge could reopen in spring.",
    "In spring the bridge could reopen, the mayor said.",
    "Prices fell for the third month in a row.",
    "The mayor said nothing about prices.",
    "…",
    "",
]


def test_the_most_alike_come_first_and_the_text_itself_never():
    found = list(lookalikes(TEXTS))

    assert [number for number, _ in found[0]][:2] == [1, 3]
    assert all(number not in [other for other, _ in like] for number, like in enumerate(found))
    scores = [score for _, score in found[0]]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)


def test_likeness_is_the_same_both_ways_and_1_for_the_same_words():
    corpus = Corpus([*TEXTS, "The MAYOR said: the bridge could reopen in spring!"])

    assert dict(corpus.like(0, 10))[1] == dict(corpus.like(1, 10))[0]
    [(number, score)] = corpus.like(0, 1)
    assert (number, round(score, 9)) == (6, 1)


def test_a_text_without_words_is_like_none_and_so_is_one_alone():
    assert list(lookalikes(TEXTS))[4:] == [[], []]
    assert list(lookalikes(["Only one."])) == [[]]
    assert list(lookalikes([])) == []


def test_no_more_are_told_than_were_asked_for():
    assert [len(like) for like in lookalikes(["The same words."] * 30, most=4)] == [4] * 30


def test_a_sentence_that_lost_a_third_of_its_words_is_found_among_thousands():
    rng = random.Random(3)
    weights = list(accumulate(1 / rank for rank in range(1, 5_001)))
    texts = [" ".join(map(str, rng.choices(range(5_000), cum_weights=weights, k=20))) for _ in range(3_000)]
    thinned = [" ".join(word for word in text.split() if rng.random() > 0.33) for text in texts[:100]]
    corpus = Corpus(texts + thinned)
    first = [corpus.like(3_000 + number, 1) for number in range(100)]

    assert sum(bool(like) and like[0][0] == number for number, like in enumerate(first)) >= 97


def test_however_many_hold_a_word_no_more_are_looked_at(monkeypatch):
    monkeypatch.setattr(module, "PLACES", 5)
    corpus = Corpus(["the bridge"] * 1_000)

    assert {len(places) for places in corpus._places.values()} == {5}
    assert len(corpus.like(900, 100)) == 5
