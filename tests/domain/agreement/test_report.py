"""Odd cases of a whole report."""

import numpy as np
import pytest

from tests.domain.agreement.other_figures import standard_errors, student_interval
from webapp.domain.agreement import (
    GAP,
    Ratings,
    count,
    count_by_coder,
    disputed,
    from_rows,
    normalised_entropy,
    pair_tables,
    report,
    report_from_counts,
    set_aside,
    with_the_rest,
)
from webapp.domain.agreement import pairs as pairs_module
from webapp.domain.agreement.jackknife import share_spread

TAGS = ("FACT", "ATTRIBUTION", "SPECULATION", "OPINION")
F, A, S, O = TAGS  # noqa: E741


def report_on(rows, **options):
    return report(from_rows(rows, TAGS), TAGS, **options)


@pytest.mark.parametrize(
    ("rows", "status"),
    [
        ([], "no_data"),
        ([[None, None], [None, None]], "no_data"),
        ([[F, None]], "no_overlap"),
        ([[F], [O]], "no_overlap"),
        ([[F, F]], "one_item"),
        ([[F, O], [A, None]], "one_item"),
        ([[F, F], [F, F]], "one_category"),
        ([[F, F], [F, F], [O, None]], "one_category"),
        ([[F, F], [O, O]], "ok"),
        ([[F, O], [F, O]], "ok"),
    ],
)
def test_the_status(rows, status):
    whole = report_on(rows)

    assert whole.status == status
    if status != "ok":
        nothing = (whole.alpha, whole.alpha_ci, whole.ci_method, whole.p_alpha_667, whole.p_alpha_800)
        assert nothing == (None,) * 5
        assert set(whole.alpha_per_category.values()) == set(whole.alpha_per_category_ci.values()) == {None}
        assert whole.ci_text == "There is no interval, as alpha is not defined."


def test_one_item_keeps_what_its_formulas_give():
    whole = report_on([[F, O], [A, None]])

    assert (whole.n_units, whole.n_rated, whole.n_pairable, whole.n_unanimous, whole.n_ratings) == (2, 2, 1, 0, 3)
    assert whole.percent_agreement == 0
    assert whole.specific_agreement == {F: 0, A: None, S: None, O: 0}


def test_units_and_coders_without_a_rating_are_counted_but_weigh_nothing():
    whole, without = report_on([[F, F, None], [O, F, None], [None] * 3]), report_on([[F, F], [O, F]])

    assert (whole.n_units, whole.n_rated, whole.n_coders, without.n_coders) == (3, 2, 3, 2)
    assert (whole.alpha, whole.gwet_ac1) == (without.alpha, without.gwet_ac1)
    assert [(pair.a, pair.b, pair.n) for pair in whole.pairs] == [("1", "2", 2)]


def test_a_category_never_used_is_there_and_counts_for_chance():
    rows = [[F, F], [O, O], [F, O]]
    four, two = report_on(rows), report(from_rows(rows, (F, O)), (F, O))

    assert list(four.specific_agreement) == list(four.alpha_per_category) == list(TAGS)
    assert four.specific_agreement[S] is four.alpha_per_category[S] is None
    assert four.alpha == pytest.approx(two.alpha)
    assert four.brennan_prediger == pytest.approx((2 / 3 - 1 / 4) / (3 / 4))
    assert two.brennan_prediger == pytest.approx((2 / 3 - 1 / 2) / (1 / 2))
    assert len(four.coincidences) == 4


def test_a_single_category_leaves_nothing_to_chance():
    whole = report(from_rows([["x", "x"], ["x", "x"]], ["x"]), ["x"])

    assert (whole.status, whole.percent_agreement) == ("one_category", 1)
    assert (whole.alpha, whole.fleiss_kappa, whole.gwet_ac1, whole.brennan_prediger) == (None,) * 4


def test_no_category_at_all():
    whole = report(from_rows([[None, None]], []), [])

    assert (whole.status, whole.alpha, whole.gwet_ac1, whole.brennan_prediger) == ("no_data", None, None, None)
    assert (whole.coincidences, whole.specific_agreement) == ((), {})


def test_without_the_identity_of_coders_there_are_no_pairs():
    ratings = from_rows([[F, F], [O, F]], TAGS, identity=False)
    whole = report(ratings, TAGS)

    assert (whole.n_coders, whole.pairs) == (None, ())
    assert whole.alpha == pytest.approx(report_on([[F, F], [O, F]]).alpha)
    assert count_by_coder(ratings, 4).shape == (0, 4)


def test_a_report_from_counts_is_the_report_from_ratings():
    rows = [[F, F, O], [A, None, A], [S, O, O], [F, F, None]]
    ratings = from_rows(rows, TAGS)
    counts, pairs = count(ratings, 4).astype(np.int32), pair_tables(ratings, 4)

    assert report_from_counts(counts, TAGS, pairs=pairs, coders=ratings.coders) == report(ratings, TAGS)
    assert report_from_counts(counts, TAGS).pairs == ()


def test_cohens_kappa_is_undefined_for_two_who_used_one_tag():
    (pair,) = report_on([[F, F], [F, F]]).pairs

    assert (pair.n, pair.agreed, pair.percent, pair.cohen_kappa, pair.cohen_kappa_se) == (2, 2, 1, None, None)


def test_small_and_unsorted_indices_are_counted_as_any():
    whole = report(
        Ratings(
            np.array([1, 0, 2, 1, 0, 2], dtype=np.int8),
            np.array([1, 0, 1, 0, 1, 0], dtype=np.int16),
            np.array([3, 0, 2, 3, 0, GAP], dtype=np.int32),
            3,
            ("a", "b"),
        ),
        TAGS,
    )

    assert (whole.n_pairable, whole.alpha, whole.pairs[0].n) == (2, 1, 2)


@pytest.mark.parametrize(
    ("unit", "coder", "category"),
    [
        ([0, 9], [0, 1], [0, 0]),
        ([0, 0], [0, 2], [0, 0]),
        ([0, 0], [0, 1], [0, 4]),
        ([0, 0], [0, 1], [0, -2]),
        ([0, 0], [1, 1], [0, 0]),
        ([0], [0, 1], [0]),
    ],
)
def test_an_index_out_of_range_or_a_second_rating_is_refused(unit, coder, category):
    with pytest.raises(ValueError, match=r"must be|twice"):
        report(Ratings(np.array(unit), np.array(coder), np.array(category), 2, ("a", "b")), TAGS)


def test_counts_that_do_not_fit_are_refused():
    counts = np.array([[2, 0], [1, 1]])
    for wrong in ({"categories": TAGS}, {"categories": (F, F)}, {"categories": (F, O), "clusters": np.array([1])}):
        with pytest.raises(ValueError, match=r"must have|two categories"):
            report_from_counts(counts, **wrong)


@pytest.mark.parametrize("articles", [None, np.array([4, 4, 7])])
def test_tables_are_of_pairs_that_met_and_the_same_however_they_are_counted(monkeypatch, articles):
    rows = [[F, F, None], [O, F, None], [F, O, S]]
    sorted_ = pair_tables(from_rows(rows, TAGS), 4, articles)
    monkeypatch.setattr(pairs_module, "CELLS_PER_KEY", 1_000)
    at_once = pair_tables(from_rows(rows, TAGS), 4, articles)
    nobody = pair_tables(from_rows([[F, None], [None, O]], TAGS), 4)

    assert (at_once.a.tolist(), at_once.b.tolist()) == ([0, 0, 1], [1, 2, 2])
    assert at_once.tables[0].tolist() == [[1, 0, 0, 1], [0] * 4, [0] * 4, [1, 0, 0, 0]]
    for name in vars(at_once):
        assert np.array_equal(getattr(at_once, name), getattr(sorted_, name)), name
    assert len(nobody.tables) == 0


def test_agreement_of_each_with_the_rest():
    rows = [[F, F, O], [A, A, None]]

    found = with_the_rest(pair_tables(from_rows(rows, TAGS), 4), 3)

    assert [(one.k, one.n, one.interval) for one in found] == [(2, 3, None), (2, 3, None), (0, 2, None)]


def test_agreement_with_the_rest_has_an_interval_over_articles():
    rows = [[F, F, O], [A, A, None], [S, S, O], [F, O, None], [O, O, O], [A, None, None]]
    found = with_the_rest(pair_tables(from_rows(rows, TAGS), 4, np.array([5, 5, 6, 6, 7, 8])), 4)
    # The first: 2 of 3 comparisons in the first article, 1 of 3 in the second, 2 of 2 in the third.
    of_first = share_spread(np.array([2, 1, 2]), np.array([3, 3, 2]))

    assert (found[0].k, found[0].n, found[0].interval) == (5, 8, pytest.approx(of_first.logit_interval()))
    assert (found[3].k, found[3].n, found[3].interval) == (0, 0, None)


def test_the_most_divided_come_first():
    counts = count(
        from_rows([[F, F, F, F], [F, F, F, O], [F, A, S, O], [F, O, None, None], [S, None, None, None]], TAGS), 4
    )
    units, entropy = disputed(counts)

    assert units.tolist() == [2, 3, 1]
    assert entropy == pytest.approx([1, 0.5, 0.4056], abs=1e-4)
    assert np.isnan(normalised_entropy(counts)[4])


def test_answers_set_aside_have_their_own_line():
    line = set_aside(np.array([2, 1, 0, 0, 1]), np.array([2, 2, 2, 1, 1]))

    assert (line.k, line.n, line.rate) == (4, 8, 0.5)
    assert (line.n_units, line.n_pairable, line.status) == (5, 3, "ok")
    assert line.percent_agreement == pytest.approx(2 / 3)
    assert line.specific_agreement == pytest.approx(2 / 3)


def test_the_line_of_what_is_set_aside_has_its_intervals():
    marked, answered = np.array([2, 1, 2, 0, 1, 0]), np.full(6, 2)
    line = set_aside(marked, answered, clusters=np.array([1, 1, 2, 2, 3, 3]))
    same = report_from_counts(np.column_stack((marked, answered - marked)), (F, O), clusters=np.repeat([1, 2, 3], 2))

    assert (line.alpha, line.alpha_ci) == (same.alpha, same.alpha_ci)
    assert (line.specific_agreement, line.specific_agreement_ci) == (
        same.specific_agreement[F],
        same.specific_agreement_ci[F],
    )
    assert line.as_json()["alpha_ci"] == list(line.alpha_ci)


@pytest.mark.parametrize(
    ("marked", "answered", "status", "rate"),
    [([], [], "no_data", None), ([0], [1], "no_overlap", 0), ([0, 0], [2, 2], "one_category", 0)],
)
def test_nothing_set_aside(marked, answered, status, rate):
    line = set_aside(np.array(marked), np.array(answered))

    assert (line.status, line.rate, line.alpha, line.specific_agreement) == (status, rate, None, None)


def test_more_marks_than_answers_are_refused():
    with pytest.raises(ValueError, match="set aside"):
        set_aside(np.array([2]), np.array([1]))


@pytest.mark.parametrize("rows", [[], [[F, F]], [[F, F], [F, F]], [[F, None], [O, None]]])
def test_a_standard_error_without_spread_or_overlap_is_none_or_a_number(rows):
    counts = count(from_rows(rows, TAGS), 4)
    for error in standard_errors(counts).values():
        assert error is None or error == 0
        assert student_interval(None, error, counts) is None


@pytest.mark.parametrize("kind", [np.int8, np.uint8, np.int16, np.int32, np.int64])
def test_counts_in_small_integers_do_not_overflow(kind):
    counts = np.array([[120, 0, 1, 0], [0, 100, 0, 27], [60, 60, 0, 0]])

    small, whole = (report_from_counts(one, TAGS) for one in (counts.astype(kind), counts))
    assert small == whole
