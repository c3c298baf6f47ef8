"""Merges lead to an end; what leads to none is found in one walk."""

from hypothesis import given
from hypothesis import strategies as st

from webapp.domain.merges import in_circles, root_of


@given(st.dictionaries(st.integers(0, 7), st.integers(0, 7), max_size=8))
def test_what_is_in_circles_is_what_leads_to_something_that_was_merged(merges: dict[int, int]) -> None:
    assert in_circles(merges) == [double for double in merges if root_of(double, merges) in merges]


def test_a_long_way_of_merges_is_gone_once() -> None:
    assert in_circles({n: n + 1 for n in range(100_000)}) == []
