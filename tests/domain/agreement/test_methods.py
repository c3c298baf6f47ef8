"""The paragraph for a methods section says every figure that the report has, and nothing where there is none."""

import numpy as np
import pytest

from tests.domain.agreement.test_planning import TAGS, study
from webapp.domain.agreement import report_from_counts
from webapp.domain.agreement.methods import Study, methods_paragraph
from webapp.domain.agreement.reading import between, decimal

OF_STUDY = Study(
    project="Strikes",
    round="pilot",
    is_blind=True,
    codebook="1.0",
    program="Claimtag 1.2.3",
    articles=9,
    sentences=120,
    analysts=3,
    sample="4 of 9 articles were drawn at random (seed 7).",
    is_filtered=False,
)


def test_it_tells_the_figures_their_intervals_the_sample_the_versions_and_the_sources():
    counts, clusters = study(12)
    report = report_from_counts(counts, TAGS, clusters=clusters)

    told = methods_paragraph(report, OF_STUDY)

    for words in (
        "round “pilot” of “Strikes”, 3 analysts",
        "codebook 1.0, in Claimtag 1.2.3",
        OF_STUDY.sample,
        "Nobody saw another’s answers",
        f"α, nominal, was {decimal(report.alpha)}",
        between(report.alpha_ci),
        decimal(report.gwet_ac1),
        "jackknife over the 12 articles",
        "Krippendorff, K. (2011)",
    ):
        assert words in told


def test_alpha_is_one_less_the_quotient_of_the_disagreements():
    counts, clusters = study(6)
    report = report_from_counts(counts, TAGS, "ordinal", clusters)

    assert report.alpha == pytest.approx(1 - report.observed_disagreement / report.expected_disagreement)


def test_without_a_figure_the_sentence_that_says_why_stands_in_its_place():
    report = report_from_counts(np.array([[1, 0, 0, 0]]), TAGS)

    told = methods_paragraph(report, OF_STUDY)

    assert report.status_text in told
    assert "α, nominal" not in told
