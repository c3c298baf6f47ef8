"""The interval: whole articles, units where articles are few, the same for the same seed."""

import numpy as np
import pytest

from webapp.domain.agreement import bootstrap, from_rows, report
from webapp.domain.agreement.alpha import alpha
from webapp.domain.agreement.bootstrap import interval

TAGS = ("FACT", "ATTRIBUTION", "SPECULATION", "OPINION")


def like_articles(articles: int, sentences: int, seed: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Counts of two analysts who agree on whole articles or not at all, and the article of each sentence."""
    rng = np.random.default_rng(seed)
    article = np.repeat(np.arange(articles), sentences)
    first = rng.integers(0, 4, articles * sentences)
    agree = (rng.random(articles) < 0.6)[article]
    second = np.where(agree, first, (first + 1) % 4)
    return np.eye(4, dtype=int)[first] + np.eye(4, dtype=int)[second], article


def test_articles_that_go_together_widen_the_interval():
    counts, article = like_articles(articles=20, sentences=15)
    whole, single = interval(counts, article), interval(counts, None)

    assert (whole.method, whole.drawn, single.method, single.drawn) == ("articles", 20, "units", 300)
    assert whole.high - whole.low > 2 * (single.high - single.low)
    assert whole.low < alpha(counts) < whole.high


@pytest.mark.parametrize(("articles", "method"), [(4, "units"), (5, "articles")])
def test_fewer_than_five_articles_are_not_drawn_whole(articles, method):
    counts, article = like_articles(articles, sentences=10)

    assert interval(counts, article).method == method


def test_only_articles_with_a_shared_sentence_count():
    counts, article = like_articles(articles=4, sentences=10)
    alone = np.eye(4, dtype=int)[[0, 1, 2, 3]]
    found = interval(np.vstack((counts, alone)), np.append(article, [4, 5, 6, 7]))

    assert (found.method, found.drawn) == ("units", 40)


@pytest.mark.parametrize("level", ["nominal", "ordinal"])
def test_the_same_seed_gives_the_same_interval_and_another_seed_another(level):
    counts, article = like_articles(articles=12, sentences=5)

    assert interval(counts, article, level, seed=1) == interval(counts, article, level, seed=1)
    assert interval(counts, article, level, seed=1) != interval(counts, article, level, seed=2)


def test_drawing_kinds_of_units_is_drawing_units():
    counts, _ = like_articles(articles=30, sentences=4)
    kinds, units = interval(counts, None, resamples=4000), interval(counts, np.arange(len(counts)), resamples=4000)

    assert (kinds.low, kinds.high) == pytest.approx((units.low, units.high), abs=0.02)


@pytest.mark.parametrize("level", ["nominal", "ordinal"])
def test_resamples_are_what_alpha_says_of_the_drawn_sentences(level):
    """Slow and plain: draw articles, put their sentences together, take alpha."""
    counts, article = like_articles(articles=8, sentences=3)
    rng = np.random.default_rng(5)
    plain = [alpha(np.vstack([counts[article == one] for one in rng.integers(0, 8, 8)]), level) for _ in range(1500)]
    found = interval(counts, article, level, resamples=3000)

    defined = [value for value in plain if value is not None]
    assert (found.low, found.high) == pytest.approx(tuple(np.percentile(defined, (2.5, 97.5))), abs=0.04)
    assert found.p_sound == pytest.approx(np.mean(np.array(defined) >= 0.8), abs=0.04)


def test_resamples_without_variation_are_left_out_and_counted():
    rows = [["FACT", "FACT"]] * 5 + [["FACT", "OPINION"]]
    whole = report(from_rows(rows, TAGS), TAGS)

    assert 250 < whole.resamples_undefined < 420  # (5/6)^6 of 1,000 draws hold no OPINION
    assert whole.alpha_ci[1] <= 1


def test_the_shares_that_reach_the_thresholds():
    sure = report(from_rows([["FACT"] * 2, ["OPINION"] * 2] * 20, TAGS), TAGS)
    unsure = report(from_rows([["FACT", "OPINION"], ["OPINION", "OPINION"]] * 20, TAGS), TAGS)

    assert (sure.p_alpha_667, sure.p_alpha_800) == (1, 1)
    assert (unsure.p_alpha_667, unsure.p_alpha_800) == (0, 0)


def test_many_ratings_a_unit_and_many_categories_are_told_apart_too():
    rng = np.random.default_rng(1)
    counts = rng.integers(0, 60, (50, 20))

    found = interval(counts, None)
    assert found.low < alpha(counts) < found.high


@pytest.mark.parametrize("resamples", [0, 1])
def test_few_resamples(resamples):
    counts, article = like_articles(articles=6, sentences=3)

    assert (interval(counts, article, resamples=resamples) is None) == (resamples == 0)


def test_batches_do_not_change_how_many_there_are(monkeypatch):
    monkeypatch.setattr("webapp.domain.agreement.bootstrap.CELLS_AT_ONCE", 100)
    counts, article = like_articles(articles=6, sentences=3)

    assert 0 <= interval(counts, article, resamples=33).undefined < 33


@pytest.mark.parametrize(("sentences", "few_kinds"), [(2, 1_000), (15, 1_000), (15, 20)])
def test_many_articles_are_drawn_another_way_to_the_same_end(monkeypatch, sentences, few_kinds):
    counts, article = like_articles(articles=400, sentences=sentences)
    usual = interval(counts, article)
    monkeypatch.setattr(bootstrap, "MANY", 150)
    monkeypatch.setattr(bootstrap, "FEW_KINDS", few_kinds)
    many = interval(counts, article)

    assert (many.method, many.drawn) == (usual.method, usual.drawn)
    assert (many.low, many.high) == pytest.approx((usual.low, usual.high), abs=0.02)
    assert many == interval(counts, article)


@pytest.mark.parametrize("draw", [bootstrap._drawn, bootstrap._drawn_of_many])
def test_of_many_kinds_as_many_are_drawn_as_of_few(draw):
    times = np.array([1, 1, 2, 5, 30, 361])
    drawn = draw(times, np.random.default_rng(7), 20_000)
    share = times / times.sum()

    assert (drawn.sum(axis=1) == times.sum()).all()
    assert drawn.mean(axis=0) == pytest.approx(times, rel=0.03)
    assert np.cov(drawn.T) == pytest.approx(times.sum() * (np.diag(share) - np.outer(share, share)), abs=1.0)
