"""The jackknife over articles: its formula, where it has nothing to say, and whether its intervals cover the truth."""

from functools import cache
from math import exp, log, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tests.domain.agreement.worlds import TAGS, WORLDS, make
from webapp.domain.agreement import Ratings, report, report_from_counts
from webapp.domain.agreement.alpha import alpha
from webapp.domain.agreement.intervals import METHOD, SCALES
from webapp.domain.agreement.jackknife import share_spread

SKEWED = WORLDS["skewed tags"]
RATED_BY_TWO = ("alpha", "percent_agreement", "gwet_ac1", "fleiss_kappa", "brennan_prediger")


def study(articles, seed=3, world=SKEWED):
    made = make(world, articles, seed)
    return made.ratings(world), made.articles


def counts_of(ratings):
    cells = np.bincount(ratings.unit * 4 + ratings.category, minlength=ratings.n_units * 4)
    return cells.reshape(-1, 4)


def without(ratings, keep):
    """The ratings of some units alone."""
    kept = keep[ratings.unit]
    place = np.cumsum(keep) - 1
    fields = (place[ratings.unit[kept]], ratings.coder[kept], ratings.category[kept])
    return Ratings(*fields, int(keep.sum()), ratings.coders)


def expected(value, left_out, scale, telling=None):
    """The interval as a methodologist would write it down."""
    number = len(left_out)
    error = sqrt((number - 1) / number * ((np.array(left_out) - np.mean(left_out)) ** 2).sum())
    reach = stats.t.ppf(0.975, (telling or number) - 1) * error
    if "/" in scale:
        middle, reach = log(value / (1 - value)), reach / (value * (1 - value))
        return 1 / (1 + exp(reach - middle)), 1 / (1 + exp(-reach - middle))
    return 1 - (1 - value) * exp(reach / (1 - value)), 1 - (1 - value) * exp(-reach / (1 - value))


@pytest.mark.parametrize(
    ("level", "values"), [("nominal", None), ("ordinal", None), ("interval", (1, 2, 5, 9)), ("ratio", (0.5, 1, 3, 4))]
)
def test_alpha_is_computed_without_each_article_in_turn(level, values):
    ratings, articles = study(6)
    counts = counts_of(ratings)
    found = report_from_counts(counts, TAGS, level, articles, values)
    left_out = np.array([alpha(counts[articles != one], level, values) for one in range(6)])

    assert found.alpha_ci == pytest.approx(expected(found.alpha, left_out, SCALES["alpha"]))
    assert (found.ci_method, found.ci_over, found.ci_clusters, found.ci_text) == (METHOD, "articles", 6, "")
    error = sqrt(5 / 6 * ((left_out - left_out.mean()) ** 2).sum())
    for line, told in ((0.667, found.p_alpha_667), (0.8, found.p_alpha_800)):
        on_scale = (log(1 - found.alpha) - log(1 - line)) / (error / (1 - found.alpha))
        assert told == pytest.approx(stats.t.cdf(-on_scale, 5))


@pytest.mark.parametrize("alone", [False, True])
def test_every_other_figure_is_too_each_on_its_scale(alone):
    """Slow and plain: the whole report once more without each article, or each sentence where there are no articles."""
    ratings, articles = study(8, seed=5, world=WORLDS["two of five analysts an article"])
    if alone:
        articles = np.arange(len(articles))
    found = report(ratings, TAGS, clusters=None if alone else articles)
    left_out = [report(without(ratings, articles != one), TAGS) for one in np.unique(articles)]

    for name in RATED_BY_TWO:
        values = [getattr(one, name) for one in left_out]
        plain = expected(getattr(found, name), values, SCALES[name])
        assert getattr(found, f"{name}_ci") == pytest.approx(plain), name
    counts = counts_of(ratings)
    for place, tag in enumerate(TAGS):
        having = np.unique(articles[counts[:, place] > 0])
        values = [one.alpha_per_category[tag] for one in left_out]
        plain = expected(found.alpha_per_category[tag], values, SCALES["alpha"], telling=len(having))
        assert found.alpha_per_category_ci[tag] == pytest.approx(plain)
        values = [left_out[one].specific_agreement[tag] for one in having]
        plain = expected(found.specific_agreement[tag], values, SCALES["specific_agreement"])
        assert found.specific_agreement_ci[tag] == pytest.approx(plain)


@pytest.mark.parametrize("alone", [False, True])
def test_kappa_of_a_pair_is_computed_without_each_article_that_both_read(alone):
    world = WORLDS["two of five analysts an article"]
    ratings, articles = study(40, world=world)
    found = report(ratings, TAGS, clusters=None if alone else articles).pairs

    assert any(pair.cohen_kappa_ci for pair in found)
    for pair in found:
        both = [set(ratings.coder[ratings.unit == unit]) for unit in range(ratings.n_units)]
        own = np.array([{f"A{place + 1}" for place in one} == {pair.a, pair.b} for one in both])
        groups = np.arange(len(own)) if alone else articles
        names = np.unique(groups[own])
        if len(names) < 3:
            assert pair.cohen_kappa_ci is None
            continue
        left_out = [report(without(ratings, own & (groups != one)), TAGS).pairs[0].cohen_kappa for one in names]
        assert pair.cohen_kappa_ci == pytest.approx(expected(pair.cohen_kappa, left_out, SCALES["cohen_kappa"]))


def test_articles_in_which_nobody_shares_a_sentence_are_not_left_out():
    ratings, articles = study(5)
    counts = counts_of(ratings)
    alone = np.array([[1, 0, 0, 0], [0, 1, 0, 0]])
    more = report_from_counts(np.vstack([alone[:1], counts, alone[1:]]), TAGS, clusters=np.r_[7, articles, 6])
    found = report_from_counts(counts, TAGS, clusters=articles)

    assert more.ci_clusters == 5
    assert (more.alpha_ci, more.percent_agreement_ci) == (found.alpha_ci, found.percent_agreement_ci)
    assert more.gwet_ac1_ci != found.gwet_ac1_ci  # its chance rests on every tag that was given


@pytest.mark.parametrize(
    ("counts", "clusters", "told"),
    [
        ([[2, 0], [1, 1], [0, 2]], [0, 0, 1], "An interval takes 3 articles with a sentence that two people rated"),
        ([[2, 0], [1, 1], [0, 2]], [0, 0, 0], "or more; here there is 1."),
        ([[2, 0], [1, 1], [0, 1]], None, "An interval takes 3 units that two people rated, or more; here there are 2."),
        ([[2, 0], [0, 2], [2, 0], [0, 2]], [0, 1, 2, 3], "There is no interval at alpha 1"),
        (
            [[2, 0], [1, 1], [0, 2]] * 3,
            [0, 0, 0, 1, 1, 1, 2, 2, 2],
            "There is no interval: alpha comes to the same, whichever of the articles is left out.",
        ),
        ([[2, 0], [2, 0], [1, 1]], [0, 1, 2], "There is no interval: without one of the articles all ratings are of"),
        ([[2, 0], [2, 0], [2, 0]], [0, 1, 2], "There is no interval, as alpha is not defined."),
        ([[1, 0], [0, 1], [1, 0]], [0, 1, 2], "There is no interval, as alpha is not defined."),
    ],
)
def test_where_nothing_can_be_said_of_the_spread_a_sentence_says_so(counts, clusters, told):
    found = report_from_counts(np.array(counts), TAGS[:2], clusters=None if clusters is None else np.array(clusters))

    assert (found.alpha_ci, found.ci_method, found.p_alpha_667, found.p_alpha_800) == (None,) * 4
    assert told in found.ci_text


def test_many_categories_and_raters_are_told_apart_in_every_way_of_counting(monkeypatch):
    counts = np.random.default_rng(1).integers(0, 60, (50, 20))  # more than one number can hold
    articles = np.arange(50) // 5
    names = tuple(map(str, range(20)))
    whole = report_from_counts(counts, names, clusters=articles)
    assert whole.alpha_ci[0] < whole.alpha < whole.alpha_ci[1]

    few = counts[:, :4] % 3
    by_sorting = report_from_counts(few, names[:4], clusters=articles)
    monkeypatch.setattr("webapp.domain.agreement.sums.KEYS_PER_UNIT", 100)
    assert report_from_counts(few, names[:4], clusters=articles) == by_sorting


def test_many_articles_are_taken_some_at_a_time_to_the_same_end(monkeypatch):
    ratings, articles = study(12)
    at_once = report(ratings, TAGS, "ordinal", articles)
    monkeypatch.setattr("webapp.domain.agreement.sums.ROWS_AT_ONCE", 5)

    assert report(ratings, TAGS, "ordinal", articles) == at_once


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=3, max_size=12))
def test_the_interval_of_a_share_holds_it_and_stays_within_0_and_1(pairs):
    k = np.array([min(pair) for pair in pairs])
    n = np.array([max(pair) for pair in pairs])
    found = share_spread(k, n)
    if found is None:
        some = n > 0
        without = (k.sum() - k[some]) / np.maximum(n.sum() - n[some], 1)
        assert some.sum() < 3 or np.ptp(without) < 1e-8
        return
    low, high = found.logit_interval()
    assert 0 <= low <= k.sum() / n.sum() + 1e-9
    assert k.sum() / n.sum() - 1e-9 <= high <= 1


# ---- do they cover the truth?


@cache
def truth(name):
    return report(*_with_tags(make(WORLDS[name], 5_000, seed=1), WORLDS[name]))


def _with_tags(made, world):
    return made.ratings(world), TAGS, "nominal", made.articles


@pytest.mark.parametrize("name", WORLDS)
@pytest.mark.parametrize(("articles", "least"), [(5, 0.91), (12, 0.91), (40, 0.93)])
def test_intervals_cover_the_truth_as_often_as_the_methods_say(name, articles, least):
    """`docs/method.md` has the table; the seed is fixed, so the figure is always the same."""
    true, draws = truth(name), 300
    made = make(WORLDS[name], articles * draws, seed=11)
    held = dict.fromkeys(RATED_BY_TWO, 0)
    for number in range(draws):
        found = report(*_with_tags(made.draw(number, articles), WORLDS[name]))
        for figure in RATED_BY_TWO:
            low, high = getattr(found, f"{figure}_ci")
            held[figure] += low <= getattr(true, figure) <= high

    assert min(held.values()) / draws >= least, held
