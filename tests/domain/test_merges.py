"""Merges lead to an end; what leads to none is found in one walk."""

from hypothesis import given
from hypothesis import strategies as st

from webapp.domain.merges import in_circles, root_of, steps_to_end


@given(st.dictionaries(st.integers(0, 7), st.integers(0, 7), max_size=8))
def test_what_is_in_circles_is_what_leads_to_something_that_was_merged(merges: dict[int, int]) -> None:
    assert in_circles(merges) == [double for double in merges if root_of(double, merges) in merges]


def test_a_long_way_of_merges_is_gone_once() -> None:
    steps = steps_to_end({n: n + 1 for n in range(100_000)})

    assert (steps[0], steps[99_999]) == (100_000, 1)


def test_the_steps_of_all_that_leads_to_one_end_are_counted() -> None:
    assert steps_to_end({3: 4, 1: 3, 2: 3, 7: 8, 8: 7, 6: 7}) == {3: 1, 1: 2, 2: 2, 7: None, 8: None, 6: None}
