"""Published and agreed figures: `vectors.json` names the source of each."""

import json
from pathlib import Path

import numpy as np
import pytest

from tests.domain.agreement.other_figures import (
    conger_kappa,
    fleiss_category_kappa,
    standard_errors,
    student_95,
    student_interval,
)
from webapp.domain.agreement import Ratings, count, count_by_coder, from_rows, pair_tables, report
from webapp.domain.agreement.alpha import alpha
from webapp.domain.agreement.pairs import cohen
from webapp.domain.agreement.status import STATUS_TEXT

FILE = json.loads(Path(__file__).with_name("vectors.json").read_text("utf-8"))
VECTORS = {vector["name"]: vector for vector in FILE["vectors"]}
CASES = [(name, figure) for name, vector in VECTORS.items() for figure in vector["expected"]]


def ratings_of(vector: dict) -> Ratings:
    return from_rows(vector["ratings"], vector["categories"], vector["rater_identity"])


def figures(vector: dict) -> dict:
    """Everything that a vector may expect, under its name."""
    ratings = ratings_of(vector)
    size = len(vector["categories"])
    counts = count(ratings, size)
    whole = report(ratings, vector["categories"])
    values = vector.get("values")
    found = {
        **whole.as_json(),
        "alpha_nominal": alpha(counts),
        "alpha_ordinal": alpha(counts, "ordinal"),
        "alpha_interval": alpha(counts, "interval", values),
        "alpha_ratio": alpha(counts, "ratio", values),
        "headline_alpha_nominal": whole.alpha,
        "specific_agreement": list(whole.specific_agreement.values()),
        "fleiss_category_kappa": fleiss_category_kappa(counts),
        "conger_kappa": conger_kappa(counts, count_by_coder(ratings, size)),
        "se": standard_errors(counts),
    }
    found["ci95"] = {
        name: student_interval(found["alpha_nominal"] if name == "alpha" else found[name], error, counts)
        for name, error in found["se"].items()
    }
    for table in pair_tables(ratings, size).tables[:1]:
        found |= zip(("cohen_kappa", "cohen_kappa_se", "cohen_kappa_se0"), cohen(table), strict=True)
        weighted = cohen(table, np.array(vector.get("agreement_weights", np.eye(size))))
        names = ("cohen_kappa_custom", "cohen_kappa_custom_se", "cohen_kappa_custom_se0")
        found |= zip(names, weighted, strict=True)
    return found


@pytest.mark.parametrize(("name", "figure"), CASES, ids=[f"{name}-{figure}" for name, figure in CASES])
def test_a_figure_is_as_expected(name, figure):
    vector = VECTORS[name]
    expected, found = vector["expected"][figure], figures(vector)[figure]
    tolerance = vector.get("tolerances", {}).get(figure, vector["tolerance"])
    if isinstance(expected, dict):
        expected, found = list(expected.values()), [found[key] for key in expected]
    if expected is None or isinstance(expected, str):
        assert found == expected
    else:
        assert np.asarray(found) == pytest.approx(np.asarray(expected), abs=tolerance)


def test_the_figures_printed_in_the_sources_are_met():
    for vector in VECTORS.values():
        found = figures(vector)
        for figure, printed in vector["published"].items():
            assert np.asarray(found[figure]) == pytest.approx(np.asarray(printed), abs=0.0021), vector["name"]


def test_the_sentences_for_people_are_as_agreed():
    assert {status: STATUS_TEXT[status] for status in FILE["status_text"]} == FILE["status_text"]


def test_a_table_has_a_row_for_each_item():
    for vector in VECTORS.values():
        whole = report(ratings_of(vector), vector["categories"])
        assert whole.n_units == vector["n_items"]
        assert whole.n_coders == (vector["n_raters"] if vector["rater_identity"] else None)


@pytest.mark.parametrize(
    ("freedom", "point"),
    [(1, 12.7062), (2, 4.3027), (5, 2.5706), (8, 2.3060), (11, 2.2010), (30, 2.0423), (1000, 1.9623)],
)
def test_the_point_of_student_is_that_of_the_tables(freedom, point):
    assert student_95(freedom) == pytest.approx(point, abs=0.001)
