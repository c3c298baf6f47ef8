"""The sentence about the figures, and the table for a terminal."""

from dataclasses import replace

import pytest

from webapp.domain.agreement import as_text, from_rows, reading, report, set_aside
from webapp.domain.agreement.reading import between, decimal, percent_between

TAGS = ("FACT", "ATTRIBUTION", "SPECULATION", "OPINION")
PLENTY = report(from_rows([["FACT"] * 2, ["OPINION"] * 2, ["FACT", "OPINION"]] * 20, TAGS), TAGS)


@pytest.mark.parametrize(
    ("low", "sentence"),
    [
        (0.8, "Sound, the lower end of the interval (.800) is at or above .80."),
        (0.7996, "Tentative conclusions only, the lower end of the interval (.799) is between .667 and .80."),
        (0.667, "Tentative conclusions only, the lower end of the interval (.667) is between .667 and .80."),
        (
            0.6669,
            "The rules need revising and analysts retraining, the lower end of the interval (.666) is below .667.",
        ),
        (-0.1, "The rules need revising and analysts retraining, the lower end of the interval (-.100) is below .667."),
    ],
)
def test_the_lower_end_is_judged(low, sentence):
    assert reading(replace(PLENTY, alpha=0.9, alpha_ci=(low, 0.95))) == sentence


def test_few_sentences_are_never_just_sound():
    few = report(from_rows([["FACT"] * 2, ["OPINION"] * 2] * 10, TAGS), TAGS)

    assert reading(replace(few, alpha_ci=(0.9, 0.95))) == (
        "Too few shared sentences (20) to establish reliability by our convention of 30; so far sound, "
        "the lower end of the interval (.900) is at or above .80."
    )


def test_where_nothing_can_be_judged_a_sentence_says_why():
    nothing = report(from_rows([], TAGS), TAGS)
    alike = report(from_rows([["FACT"] * 2, ["OPINION"] * 2] * 20, TAGS), TAGS)

    assert reading(nothing) == "No labels yet."
    assert reading(alike) == (
        "There is no interval at alpha 1: whichever of the units is left out, it stays 1. "
        "Without one alpha is not judged."
    )


def test_how_far_under_1_an_interval_reaches_is_not_told():
    assert between((-3.34, 0.868)) == "under -1 to .868"
    assert between((0.79961, 0.9)) == ".799 to .900"
    assert "interval (under -1) is below .667" in reading(replace(PLENTY, alpha_ci=(-1.2, 0.4)))


def test_the_table_gives_counts_with_every_share_and_intervals():
    text = as_text(PLENTY, set_aside([1, 0], [2, 2]), "NOT_CODABLE")

    assert "by two or more 60; all agree on 40 of 60 units" in text
    assert "\nPercent agreement  66.7 %  " in text
    assert f"{percent_between(PLENTY.percent_agreement_ci)}\n" in text
    assert "Intervals: jackknife over 60\nunits with Student's t" in text
    assert "\nFACT         60 of 120                .667  " in text
    (pair,) = PLENTY.pairs
    told = f"40 of 60   66.7 %           {decimal(pair.cohen_kappa)}  {between(pair.cohen_kappa_ci)}\n"
    assert told in text
    assert "NOT_CODABLE: 1 of 4 answers (25.0 %)" in text
    assert text.endswith(".\n")
    assert not any(line != line.rstrip() for line in text.splitlines())


def test_the_table_of_nothing():
    text = as_text(report(from_rows([], TAGS), TAGS))

    assert "Alpha (nominal)        –     –\n" in text
    assert text.endswith("\n\nNo labels yet.\n")


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.7434, ".743"), (-0.0953, "-.095"), (1.0, "1.000"), (0.0, ".000"), (-1.0, "-1.000"), (None, "–")],
)
def test_a_figure_has_three_digits(value, text):
    assert decimal(value) == text
