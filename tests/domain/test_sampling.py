"""Drawing articles: as many as asked for, the chances that each had, and the same sample from the same seed."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.domain.errors import BadPlan
from webapp.domain.sampling import draw

FRAMES = st.dictionaries(st.integers(1, 500), st.sampled_from(["Courier", "Echo", "Post", ""]), min_size=4, max_size=80)


@given(FRAMES, st.data(), st.integers(0, 2**31 - 1))
def test_as_many_as_asked_for_are_drawn_and_their_chances_add_up_to_that(frame, data, seed):
    number = data.draw(st.integers(len(set(frame.values())), len(frame)))

    sample = draw(frame, number, seed=seed)

    assert len(sample.drawn) == number
    assert sample.drawn <= set(frame) == set(sample.chances)
    assert sum(places / among for places, among in sample.chances.values()) == pytest.approx(number)
    assert all(0 < places <= among for places, among in sample.chances.values())
    assert draw(dict(reversed(frame.items())), number, seed=seed) == sample


@given(FRAMES, st.data())
def test_each_stratum_is_drawn_from_in_proportion_within_one(frame, data):
    sizes = Counter(frame.values())
    number = data.draw(st.integers(len(sizes), len(frame)))

    drawn = Counter(frame[id_] for id_ in draw(frame, number, seed=7).drawn)

    for name, size in sizes.items():
        quota = number * size / len(frame)
        assert drawn[name] >= 1
        assert drawn[name] <= max(1, quota) + 1


def test_over_many_seeds_each_article_is_drawn_as_often_as_its_chance_says():
    frame = {number: "Courier" if number < 8 else "Echo" for number in range(20)}
    hits = Counter(id_ for seed in range(2_000) for id_ in draw(frame, 6, seed=seed).drawn)

    for id_, (places, among) in draw(frame, 6, seed=0).chances.items():
        assert hits[id_] / 2_000 == pytest.approx(places / among, abs=0.06)


@pytest.mark.parametrize("number", [0, -1, 4])
def test_what_cannot_be_drawn_is_refused(number):
    with pytest.raises(BadPlan, match="Draw 1 to 3 articles"):
        draw(dict.fromkeys(range(3), ""), number, seed=1)


def test_fewer_than_there_are_strata_is_refused():
    with pytest.raises(BadPlan, match="each needs an article"):
        draw({1: "a", 2: "b", 3: "c"}, 2, seed=1)
