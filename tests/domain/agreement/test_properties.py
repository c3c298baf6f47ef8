"""What must hold for any ratings whatever, and what other libraries make of the same."""

import json
import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from webapp.domain.agreement import count, disputed, from_rows, normalised_entropy, pair_tables, report
from webapp.domain.agreement.alpha import alpha, alpha_per_category, coincidences
from webapp.domain.agreement.chance import fleiss_kappa, specific_agreement
from webapp.domain.agreement.pairs import cohen
from webapp.domain.agreement.ratings import is_divided, of_each_category, pairable

unhurried = settings(deadline=None, max_examples=60)
TAGS = ("FACT", "ATTRIBUTION", "SPECULATION", "OPINION")


@st.composite
def tables(draw: st.DrawFn, gaps: bool = True, coders: int | None = None) -> list[list[str | None]]:
    """Rows of units, columns of coders."""
    width = coders or draw(st.integers(1, 5))
    cell = st.sampled_from((*TAGS, None)) if gaps else st.sampled_from(TAGS)
    return draw(st.lists(st.lists(cell, min_size=width, max_size=width), min_size=0, max_size=12))


def counts_of(rows: list[list[str | None]]) -> Any:
    return count(from_rows(rows, TAGS), len(TAGS))


def numbers(value: Any) -> Iterator[float]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from numbers(one)
    elif isinstance(value, float):
        yield value


@unhurried
@given(tables(), st.sampled_from(["nominal", "ordinal"]))
def test_no_figure_is_nan_and_all_of_it_is_json(rows, level):
    plain = report(from_rows(rows, TAGS), TAGS, level=level).as_json()

    assert json.loads(json.dumps(plain, allow_nan=False)) == plain
    assert all(math.isfinite(number) for number in numbers(plain))


@unhurried
@given(tables())
def test_alpha_is_there_exactly_when_the_status_is_ok(rows):
    whole = report(from_rows(rows, TAGS), TAGS)

    assert (whole.alpha is None) == (whole.status != "ok")
    assert (whole.status_text == "") == (whole.status == "ok")
    assert whole.alpha is None or whole.alpha <= 1
    assert (whole.percent_agreement is None) == (whole.n_pairable == 0)


@unhurried
@given(tables(), st.randoms(use_true_random=False), st.sampled_from(["nominal", "ordinal"]))
def test_the_order_of_units_and_coders_changes_nothing(rows, random, level):
    shuffled = random.sample(rows, len(rows))
    columns = random.sample(range(len(rows[0])), len(rows[0])) if rows else []
    shuffled = [[row[column] for column in columns] for row in shuffled]
    one, other = (report(from_rows(table, TAGS), TAGS, level=level).as_json() for table in (rows, shuffled))

    for plain in (one, other):
        plain["pairs"] = sorted((pair["n"], pair["agreed"]) for pair in plain["pairs"])
    assert list(numbers(one)) == pytest.approx(list(numbers(other)), abs=1e-9)


@unhurried
@given(tables(), st.permutations(range(7)))
def test_the_order_of_articles_changes_no_interval(rows, order):
    articles = np.arange(len(rows)) % 7
    renamed = np.array(order)[articles]
    one, other = (report(from_rows(rows, TAGS), TAGS, clusters=given) for given in (articles, renamed))

    assert one.ci_text == other.ci_text
    assert list(numbers(one.as_json())) == pytest.approx(list(numbers(other.as_json())))


@unhurried
@given(st.lists(st.sampled_from(TAGS), min_size=2, max_size=12), st.integers(2, 5))
def test_perfect_agreement_is_one(tags, coders):
    assume(len(set(tags)) > 1)
    whole = report(from_rows([[tag] * coders for tag in tags], TAGS), TAGS)

    figures = (whole.alpha, whole.percent_agreement, whole.fleiss_kappa, whole.gwet_ac1, whole.brennan_prediger)
    assert figures == pytest.approx((1,) * 5)
    assert (whole.alpha_ci, whole.percent_agreement_ci, whole.gwet_ac1_ci) == (None,) * 3
    assert [pair.cohen_kappa for pair in whole.pairs] == pytest.approx([1] * len(whole.pairs))
    assert [whole.alpha_per_category[tag] for tag in set(tags)] == pytest.approx([1] * len(set(tags)))


@unhurried
@given(tables(), st.integers(2, 4))
def test_every_unit_several_times_leaves_the_shares_and_multiplies_the_coincidences(rows, times):
    once, often = counts_of(rows), counts_of(rows * times)

    assert coincidences(often) == pytest.approx(times * coincidences(once))
    assert fleiss_kappa(often) == pytest.approx(fleiss_kappa(once))
    assert specific_agreement(often) == pytest.approx(specific_agreement(once))


@unhurried
@given(tables())
def test_coincidences_are_symmetric_and_sum_to_the_pairable_ratings(rows):
    counts = counts_of(rows)
    found = coincidences(counts)

    assert found == pytest.approx(found.T)
    assert found.sum(axis=1) == pytest.approx(pairable(counts).sum(axis=0))


@unhurried
@given(tables())
def test_units_are_divided_that_were_given_two_categories(rows):
    counts = counts_of(rows)

    assert is_divided(counts).tolist() == [len({tag for tag in row if tag}) > 1 for row in rows]
    assert of_each_category(counts).tolist() == counts.sum(axis=0).tolist()


@unhurried
@given(tables())
def test_alpha_of_a_category_is_alpha_of_it_against_the_rest(rows):
    counts = counts_of(rows)
    merged = [alpha(np.column_stack((one, counts.sum(axis=1) - one))) for one in counts.T]

    assert alpha_per_category(coincidences(counts)) == pytest.approx(merged)


@unhurried
@given(tables(coders=2))
def test_with_two_categories_ordinal_and_nominal_alpha_are_one(rows):
    counts = counts_of(rows)[:, :2]

    assert alpha(counts, "ordinal") == pytest.approx(alpha(counts, "nominal"))


@unhurried
@given(tables())
def test_entropy_is_nothing_for_the_unanimous_and_one_for_the_wholly_divided(rows):
    counts = counts_of(rows)
    entropy = normalised_entropy(counts)
    several, kinds = counts.sum(axis=1) >= 2, (counts > 0).sum(axis=1)

    assert (np.isnan(entropy) == ~several).all()
    assert (entropy[several & (kinds == 1)] == 0).all()
    assert ((entropy[several & (kinds > 1)] > 0) & (entropy[several & (kinds > 1)] <= 1 + 1e-12)).all()
    units, divided = disputed(counts)
    assert set(units) == set(np.flatnonzero(kinds > 1))
    assert (np.diff(divided) <= 1e-9).all()


@unhurried
@given(tables(), st.sampled_from(["nominal", "ordinal"]))
def test_alpha_is_that_of_the_library_krippendorff(rows, level):
    krippendorff = pytest.importorskip("krippendorff")
    counts = counts_of(rows)
    ours = alpha(counts, level)
    assume(ours is not None)

    theirs = krippendorff.alpha(value_counts=counts, value_domain=[0, 1, 2, 3], level_of_measurement=level)
    assert ours == pytest.approx(theirs)


@unhurried
@given(tables(gaps=False, coders=3))
def test_fleiss_kappa_is_that_of_statsmodels(rows):
    inter_rater = pytest.importorskip("statsmodels.stats.inter_rater")
    counts = counts_of(rows)
    ours = fleiss_kappa(counts)
    assume(ours is not None)

    assert ours == pytest.approx(inter_rater.fleiss_kappa(counts))


@unhurried
@given(tables(coders=2))
def test_cohens_kappa_is_that_of_scikit_learn_and_statsmodels(rows):
    metrics = pytest.importorskip("sklearn.metrics")
    inter_rater = pytest.importorskip("statsmodels.stats.inter_rater")
    tables = pair_tables(from_rows(rows, TAGS), len(TAGS)).tables
    assume(len(tables) == 1)
    kappa, error, error_0 = cohen(tables[0])
    assume(kappa is not None)
    both = [row for row in rows if None not in row]

    assert kappa == pytest.approx(metrics.cohen_kappa_score(*zip(*both, strict=True), labels=TAGS))
    with np.errstate(all="ignore"):  # of its z values, where an error is nothing
        theirs = inter_rater.cohens_kappa(tables[0])
    assert kappa == pytest.approx(theirs.kappa)
    assert error**2 == pytest.approx(theirs.var_kappa, abs=1e-9)
    assert error_0**2 == pytest.approx(theirs.var_kappa0, abs=1e-9)
