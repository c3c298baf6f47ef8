"""How many articles it takes: the plan keeps what it promises, and more precision takes more articles."""

import numpy as np
import pytest

from webapp.domain.agreement import report_from_counts
from webapp.domain.agreement.planning import MARGINS, _thinned, articles_for, plan_sample

TAGS = ("FACT", "ATTRIBUTION", "SPECULATION", "OPINION")


def study(articles, analysts=3, sentences=12, seed=5):
    """Articles that differ in how hard they are; each analyst sees the truth or guesses."""
    chance = np.random.default_rng(seed)
    truth = chance.integers(0, 4, (articles, sentences))
    sure = np.clip(chance.normal(0.75, 0.15, (articles, 1, 1)), 0.2, 1.0)
    seen = chance.random((articles, sentences, analysts)) < sure
    given = np.where(seen, truth[..., None], chance.integers(0, 4, (articles, sentences, analysts)))
    counts = (given[..., None] == np.arange(4)).sum(axis=2).reshape(-1, 4)
    return counts, np.repeat(np.arange(articles), sentences)


def plan_of(counts, clusters, **asked):
    pilot = report_from_counts(counts, TAGS[: counts.shape[1]], clusters=clusters)
    return plan_sample(pilot, counts, clusters, **asked)


def test_a_study_as_large_as_planned_knows_alpha_about_as_well_as_was_promised():
    plan = plan_of(*study(30), margins=(0.08,))
    needed = plan.rows[-1].articles[0]

    lower, upper = report_from_counts(study(needed, seed=6)[0], TAGS, clusters=study(needed, seed=6)[1]).alpha_ci

    assert (upper - lower) / 2 == pytest.approx(0.08, rel=0.4)


def test_the_interval_of_the_pilot_is_what_the_plan_says_of_as_many_articles():
    counts, clusters = study(30)
    lower, upper = report_from_counts(counts, TAGS, clusters=clusters).alpha_ci

    plan = plan_of(counts, clusters, margins=((upper - lower) / 2 + 1e-9,))

    assert plan.rows[-1].articles == (30,)
    assert plan.pilot_articles == 30


def test_fewer_analysts_and_smaller_margins_take_more_articles():
    plan = plan_of(*study(30, analysts=4))

    assert [row.analysts for row in plan.rows] == [2, 3, 4]
    assert plan.margins == MARGINS
    for row in plan.rows:
        assert sorted(row.articles, reverse=True) == list(row.articles)
    assert plan.rows[0].articles > plan.rows[-1].articles


def test_of_each_unit_so_many_ratings_are_drawn_as_there_are_analysts_left():
    counts, _ = study(3, analysts=4)

    thinned = _thinned(counts, 2, np.random.default_rng(1))

    assert (thinned.sum(axis=1) == 2).all()
    assert (thinned <= counts).all()


def test_a_pilot_without_an_interval_promises_nothing():
    assert plan_of(*study(2)).rows == ()
    assert plan_of(np.array([[2, 0], [2, 0], [0, 2]]), np.arange(3)).rows == ()


def test_what_would_take_more_than_there_can_be_is_not_told():
    assert articles_for(0.0001, 2.0, 0.5) is None
