"""The jackknife over articles: its formula, where it has nothing to say, and whether its intervals cover the truth."""

from math import exp, log, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from webapp.domain.agreement.alpha import alpha
from webapp.domain.agreement.jackknife import alpha_spread, share_spread


def world(articles, rng, *, analysts=3, right=0.75, mix=(1, 1, 1, 1), sentences=12):
    """Counts of articles that differ in how hard they are: each analyst is right, or guesses from the article's mix."""
    rows, clusters = [], []
    for article in range(articles):
        here = rng.dirichlet(np.array(mix) * 2.0)
        chance = rng.beta(6 * right, 6 * (1 - right))
        truth = rng.choice(len(mix), sentences, p=here)
        counts = np.zeros((sentences, len(mix)), dtype=np.int64)
        for _ in range(analysts):
            said = np.where(rng.random(sentences) < chance, truth, rng.choice(len(mix), sentences, p=here))
            counts[np.arange(sentences), said] += 1
        rows.append(counts)
        clusters += [article] * sentences
    return np.concatenate(rows), np.array(clusters)


@pytest.mark.parametrize("level", ["nominal", "ordinal"])
def test_alpha_is_left_out_article_by_article(level):
    counts, clusters = world(6, np.random.default_rng(3))
    found = alpha_spread(counts, clusters, level)
    without = np.array([alpha(counts[clusters != one], level) for one in range(6)])
    error = sqrt(5 / 6 * ((without - without.mean()) ** 2).sum())
    apart = 1 - alpha(counts, level)
    reach = stats.t.ppf(0.975, 5) * error / apart

    assert (found.value, found.error, found.clusters) == (pytest.approx(1 - apart), pytest.approx(error), 6)
    assert found.log_interval() == pytest.approx((1 - apart * exp(reach), 1 - apart * exp(-reach)))
    for line in (0.667, 0.8):
        on_scale = (log(apart) - log(1 - line)) / (error / apart)
        assert found.reaches(line) == pytest.approx(stats.t.cdf(-on_scale, 5))


def test_articles_in_which_nobody_shares_a_sentence_do_not_count():
    counts, clusters = world(5, np.random.default_rng(4))
    alone = np.array([[1, 0, 0, 0], [0, 1, 0, 0]])
    more = alpha_spread(np.vstack([counts, alone]), np.r_[clusters, 5, 6])

    assert more == alpha_spread(counts, clusters)


@pytest.mark.parametrize(
    ("counts", "clusters"),
    [
        ([[2, 0], [1, 1], [0, 2]], [0, 0, 1]),  # two articles
        ([[2, 0], [2, 0], [2, 0]], [0, 1, 2]),  # no variation
        ([[2, 0], [0, 2], [2, 0]], [0, 1, 2]),  # alpha is 1
        ([[2, 0], [2, 0], [1, 1]], [0, 1, 2]),  # without the last there is no variation
        ([[1, 0], [0, 1], [1, 0]], [0, 1, 2]),  # nothing is shared
    ],
)
def test_where_nothing_can_be_said_of_the_spread_there_is_none(counts, clusters):
    assert alpha_spread(np.array(counts), np.array(clusters)) is None


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=3, max_size=12))
def test_the_interval_of_a_share_holds_it_and_stays_within_0_and_1(pairs):
    k = np.array([min(pair) for pair in pairs])
    n = np.array([max(pair) for pair in pairs])
    found = share_spread(k, n)
    if found is None:
        assert (n > 0).sum() < 3 or k.sum() in (0, n.sum()) or _one_article_decides(k, n)
        return
    low, high = found.logit_interval()
    assert 0 <= low <= k.sum() / n.sum() + 1e-9
    assert k.sum() / n.sum() - 1e-9 <= high <= 1


def _one_article_decides(k, n):
    """Whether the share has no value without one of the articles."""
    return any(n.sum() == one for one in n)


WORLDS = {
    "few analysts": {"analysts": 2},
    "skewed tags": {"mix": (8, 1, 0.6, 0.4)},
    "two of five analysts an article": {"analysts": 2, "right": 0.7},
}


@pytest.mark.parametrize("name", WORLDS)
@pytest.mark.parametrize(("articles", "least"), [(5, 0.91), (12, 0.91), (40, 0.93)])
def test_intervals_of_alpha_cover_the_truth_as_often_as_the_methods_say(name, articles, least):
    """`docs/method.md` has the table; the seed is fixed, so the figure is always the same."""
    rng = np.random.default_rng(11)
    truth = alpha(world(3_000, np.random.default_rng(1), **WORLDS[name])[0])
    covered = total = 0
    for _ in range(200):
        found = alpha_spread(*world(articles, rng, **WORLDS[name]))
        if found:
            low, high = found.log_interval()
            covered += low <= truth <= high
            total += 1

    assert total > 190
    assert covered / total >= least
