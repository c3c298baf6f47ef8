"""Student's t, against scipy."""

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from webapp.domain.student_t import below, quantile


@pytest.mark.parametrize("df", [1, 2, 3, 4, 7, 12, 51, 499, 500, 501, 1_000, 19_999, 20_000, 10**6])
@pytest.mark.parametrize("p", [0.001, 0.2, 0.5, 0.8, 0.975, 0.9999])
def test_the_points_are_those_of_the_tables(df, p):
    assert quantile(p, df) == pytest.approx(stats.t.ppf(p, df), rel=1e-10, abs=1e-9)


@given(st.floats(-60, 60), st.integers(1, 400))
def test_what_lies_below_a_point_is_what_scipy_says(t, df):
    assert below(t, df) == pytest.approx(stats.t.cdf(t, df), abs=1e-12)


@given(st.floats(1e-6, 1 - 1e-6), st.integers(1, 400))
def test_as_much_lies_below_a_quantile_as_was_asked_for(p, df):
    assert below(quantile(p, df), df) == pytest.approx(p, abs=1e-12)


def test_the_ends_are_endless():
    assert (quantile(0, 5), quantile(1, 5)) == (-inf, inf)
    assert (below(-inf, 5), below(inf, 5)) == (0, 1)
