"""The plan that hands out articles: exact overlap, even loads, even pairs, nothing taken away."""

from collections import Counter
from itertools import combinations, combinations_with_replacement, product
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.domain.assignment import Assigned, plan
from webapp.domain.errors import BadPlan

SEEDS = st.integers(0, 2**32)


def spread(counts):
    return max(counts, default=0) - min(counts, default=0)


def holders(assigned):
    """The analysts of each article, doubles counted."""
    held = {}
    for row in assigned:
        held.setdefault(row.article, []).append(row.analyst)
    return held


def loads_of(analysts, assigned):
    counts = Counter(row.analyst for row in assigned)
    return {analyst: counts[analyst] for analyst in analysts}


def pairs_of(analysts, assigned):
    met = Counter(pair for held in holders(assigned).values() for pair in combinations(sorted(held), 2))
    return {pair: met[pair] for pair in combinations(sorted(analysts), 2)}


@st.composite
def fresh_starts(draw, most_articles=40, most_analysts=8):
    articles = draw(st.integers(1, most_articles))
    analysts = draw(st.integers(1, most_analysts))
    return range(100, 100 + articles), range(1, 1 + analysts), draw(st.integers(1, analysts)), draw(SEEDS)


@st.composite
def later_plans(draw):
    """Articles, analysts, overlap, and anything assigned before, also of articles and analysts not in the plan."""
    articles = range(100, 100 + draw(st.integers(1, 6)))
    analysts = range(1, 1 + draw(st.integers(1, 4)))
    pairs = st.tuples(st.integers(98, 106), st.integers(0, 5))
    before = draw(st.lists(pairs, unique=True, max_size=14))
    places = Counter()
    existing = []
    for article, analyst in before:
        places[analyst] += 1
        existing.append(Assigned(article, analyst, places[analyst]))
    return articles, analysts, draw(st.integers(1, len(analysts))), existing, draw(SEEDS)


# A plan that cannot be even is searched to the end, which a busy machine may need some time for.
patiently = settings(deadline=None)


@patiently
@given(fresh_starts())
def test_every_article_gets_exactly_so_many_analysts_and_nobody_twice(start):
    articles, analysts, overlap, seed = start

    held = holders(plan(articles, analysts, overlap, seed=seed).new)

    assert set(held) == set(articles)
    assert all(len(set(who)) == len(who) == overlap for who in held.values())


@patiently
@given(fresh_starts(), st.floats(0, 1))
def test_loads_lie_within_one_of_each_other(start, share):
    articles, analysts, overlap, seed = start

    handed = plan(articles, analysts, overlap, seed=seed, share=share)

    assert spread(loads_of(analysts, handed.new).values()) <= 1


@patiently
@given(fresh_starts(most_articles=80, most_analysts=10))
def test_with_two_analysts_an_article_pairs_lie_within_one_of_each_other(start):
    articles, analysts, _, seed = start
    if len(analysts) > 1:
        assert spread(plan(articles, analysts, 2, seed=seed).pairs.values()) <= 1


@pytest.mark.parametrize("analysts", range(2, 14))
def test_pairs_in_turn_are_even_wherever_the_articles_end(analysts):
    for articles in range(1, 2 * comb(analysts, 2) + 2):
        handed = plan(range(articles), range(analysts), 2, seed=articles)
        assert spread(handed.loads.values()) <= 1
        assert spread(handed.pairs.values()) <= 1


@pytest.mark.parametrize(("analysts", "overlap"), [(4, 3), (5, 3), (6, 3), (6, 4), (5, 5), (4, 1)])
def test_whole_cycles_leave_all_pairs_equal(analysts, overlap):
    handed = plan(range(2 * comb(analysts, overlap)), range(analysts), overlap, seed=5)

    assert spread(handed.pairs.values()) == spread(handed.loads.values()) == 0


@pytest.mark.parametrize(
    ("articles", "analysts", "overlap"), [(7, 7, 3), (10, 6, 3), (12, 9, 3), (13, 13, 4), (14, 8, 4), (11, 11, 5)]
)
@pytest.mark.parametrize("seed", [1, 2])
def test_known_block_designs_are_found(articles, analysts, overlap, seed):
    handed = plan(range(articles), range(analysts), overlap, seed=seed)

    assert spread(handed.pairs.values()) == spread(handed.loads.values()) == 0


def evenest_pairs(articles, analysts, overlap):
    """The least spread of pair counts that any way to deal with even loads has, by trying all of them."""
    groups = list(combinations(range(analysts), overlap))
    least = None
    for dealt in combinations_with_replacement(groups, articles):
        loads = Counter(analyst for group in dealt for analyst in group)
        if spread([loads[n] for n in range(analysts)]) <= 1:
            met = Counter(pair for group in dealt for pair in combinations(group, 2))
            here = spread([met[pair] for pair in combinations(range(analysts), 2)])
            least = here if least is None else min(least, here)
    return least


@pytest.mark.parametrize(
    ("articles", "analysts", "overlap"), [(n, m, k) for m, k in [(4, 2), (4, 3), (5, 3), (5, 4)] for n in range(1, 6)]
)
def test_pairs_are_as_even_as_any_way_to_deal_makes_them(articles, analysts, overlap):
    handed = plan(range(articles), range(analysts), overlap, seed=articles)

    assert spread(handed.pairs.values()) == evenest_pairs(articles, analysts, overlap)


@patiently
@given(fresh_starts(), st.floats(0, 1))
def test_a_share_of_the_articles_is_for_all(start, share):
    articles, analysts, overlap, seed = start

    handed = plan(articles, analysts, overlap, seed=seed, share=share)

    everybody = sum(len(who) == len(analysts) for who in holders(handed.new).values())
    wanted = len(articles) if overlap == len(analysts) else int(share * len(articles) + 0.5)
    assert handed.for_all == everybody
    assert abs(everybody - wanted) <= (abs(share * len(articles) % 1 - 0.5) < 1e-6)


def test_a_share_is_rounded_half_up():
    assert plan(range(10), range(3), 1, seed=1, share=0.25).for_all == 3
    assert plan(range(100), range(3), 1, seed=1, share=0.29).for_all == 29


@patiently
@given(later_plans(), st.sampled_from([0.0, 0.5, 1.0]))
def test_what_is_assigned_stays_and_is_never_doubled(later, share):
    articles, analysts, overlap, existing, seed = later

    new = plan(articles, analysts, overlap, seed=seed, share=share, existing=existing).new

    both = holders([*existing, *new])
    assert all(len(set(who)) == len(who) for who in both.values())
    assert {row.article for row in new} <= set(articles)
    assert {row.analyst for row in new} <= set(analysts)


@patiently
@given(later_plans())
def test_later_articles_are_filled_up_to_the_overlap_and_no_further(later):
    articles, analysts, overlap, existing, seed = later

    before = holders(existing)
    after = holders([*existing, *plan(articles, analysts, overlap, seed=seed, existing=existing).new])

    for article in articles:
        assert len(after[article]) == max(overlap, len(before.get(article, [])))


@patiently
@given(later_plans())
def test_figures_count_what_was_assigned_before(later):
    articles, analysts, overlap, existing, seed = later

    handed = plan(articles, analysts, overlap, seed=seed, share=0.3, existing=existing)

    together = [*existing, *handed.new]
    assert handed.loads == loads_of(analysts, together)
    assert handed.pairs == pairs_of(analysts, together)
    assert handed.for_all == sum(set(analysts) <= set(holders(together).get(article, [])) for article in articles)


def least_squared_loads(articles, analysts, overlap, existing):
    held = holders(existing)
    choices = []
    for article in articles:
        who = held.get(article, [])
        free = [analyst for analyst in analysts if analyst not in who]
        choices.append(combinations(free, max(0, overlap - len(who))))
    before = loads_of(analysts, existing)
    return min(
        sum((before[analyst] + added[analyst]) ** 2 for analyst in analysts)
        for dealt in product(*map(list, choices))
        for added in [Counter(analyst for group in dealt for analyst in group)]
    )


@patiently
@given(later_plans())
def test_later_loads_are_as_even_as_any_way_to_deal_makes_them(later):
    articles, analysts, overlap, existing, seed = later
    articles = articles[:4]

    handed = plan(articles, analysts, overlap, seed=seed, existing=existing)

    squares = sum(load**2 for load in handed.loads.values())
    assert squares == least_squared_loads(articles, analysts, overlap, existing)


def test_a_later_analyst_is_given_more_until_even():
    first = plan(range(40), [1, 2, 3, 4], 2, seed=1).new

    second = plan(range(60), [1, 2, 3, 4, 5], 2, seed=2, existing=first)

    assert second.loads == {1: 25, 2: 25, 3: 25, 4: 25, 5: 20}
    assert {row.article for row in second.new} == set(range(40, 60))


def test_a_later_analyst_joins_the_articles_that_are_for_all():
    first = plan(range(20), [1, 2, 3], 2, seed=1, share=0.2)

    second = plan(range(20), [1, 2, 3, 4], 2, seed=9, share=0.2, existing=first.new)

    everybody = {article for article, who in holders(first.new).items() if len(who) == 3}
    assert {(row.article, row.analyst) for row in second.new} == {(article, 4) for article in everybody}


def test_a_second_helping_keeps_pairs_even():
    first = plan(range(33), range(6), 2, seed=1).new

    second = plan(range(70), range(6), 2, seed=2, existing=first)

    assert spread(second.pairs.values()) <= 1
    assert spread(second.loads.values()) <= 1


def test_whoever_has_left_counts_towards_the_overlap():
    handed = plan([1], [10, 11], 2, seed=1, existing=[Assigned(1, 99, 1)])

    assert len(handed.new) == 1


@patiently
@given(later_plans())
def test_positions_go_on_where_the_analyst_is(later):
    articles, analysts, overlap, existing, seed = later

    new = plan(articles, analysts, overlap, seed=seed, share=0.5, existing=existing).new

    for analyst in analysts:
        last = max((row.position for row in existing if row.analyst == analyst), default=0)
        places = [row.position for row in new if row.analyst == analyst]
        assert places == list(range(last + 1, last + 1 + len(places)))


def test_everybody_reads_in_an_order_of_their_own():
    new = plan(range(50), range(4), 4, seed=7).new

    orders = [[row.article for row in new if row.analyst == analyst] for analyst in range(4)]

    assert all(sorted(order) == list(range(50)) for order in orders)
    assert all(one != other for one, other in combinations([*orders, list(range(50))], 2))


@patiently
@given(later_plans(), st.randoms())
def test_the_same_seed_gives_the_same_plan_however_the_ids_come(later, chance):
    articles, analysts, overlap, existing, seed = later
    mixed = [list(articles), list(analysts), list(existing)]
    for ids in mixed:
        chance.shuffle(ids)

    assert plan(articles, analysts, overlap, seed=seed, share=0.4, existing=existing) == plan(
        mixed[0], mixed[1], overlap, seed=seed, share=0.4, existing=mixed[2]
    )


def test_another_seed_gives_another_plan():
    assert plan(range(20), range(5), 2, seed=1).new != plan(range(20), range(5), 2, seed=2).new


def test_a_lone_analyst_gets_everything():
    assert plan(range(3), [7], 1, seed=1).loads == {7: 3}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (([1], [1, 2], 3), "3 analysts an article are wanted, but there are only 2 analysts"),
        (([1], [1], 2), "there is only 1 analyst"),
        (([1], [], 1), "no analysts"),
        (([], [1], 1), "no articles"),
        (([1], [1], 0), "at least one analyst"),
        (([1], [1], 1, 1.1), "between 0 and 1"),
        (([1], [1], 1, -0.1), "between 0 and 1"),
        (([1], [1], 1, float("nan")), "between 0 and 1"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_in_one_sentence(arguments, sentence):
    articles, analysts, overlap, *share = arguments

    with pytest.raises(BadPlan, match=sentence):
        plan(articles, analysts, overlap, seed=1, share=share[0] if share else 0.0)
