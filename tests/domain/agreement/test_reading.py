"""The sentence about the figures, and the table for a terminal."""

from dataclasses import replace

import pytest

from webapp.domain.agreement import as_text, from_rows, reading, report, set_aside
from webapp.domain.agreement.reading import decimal

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

    assert reading(few) == (
        "Too few shared sentences (20) to establish reliability; so far sound, "
        "the lower end of the interval (1.000) is at or above .80."
    )


def test_where_nothing_can_be_judged_the_status_speaks():
    nothing = report(from_rows([], TAGS), TAGS)

    assert reading(nothing) == "No labels yet."
    assert reading(replace(PLENTY, alpha_ci=None)) == "No interval was drawn, and without one alpha is not judged."


def test_the_table_gives_counts_with_every_share():
    text = as_text(PLENTY, set_aside([1, 0], [2, 2]), "NOT_CODABLE")

    assert "Percent agreement  66.7 % (all agree on 40 of 60 units)" in text
    assert "1000 resamples of 60 units, seed" in text
    assert "\nFACT         60 of 120                .667" in text
    assert "\n1, 2    40 of 60   66.7 %" in text
    assert "NOT_CODABLE: 1 of 4 answers (25.0 %)" in text
    assert text.endswith(".\n")
    assert not any(line != line.rstrip() for line in text.splitlines())


def test_the_table_of_nothing():
    text = as_text(report(from_rows([], TAGS), TAGS))

    assert "Alpha (nominal)    –\n" in text
    assert text.endswith("\n\nNo labels yet.\n")


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.7434, ".743"), (-0.0953, "-.095"), (1.0, "1.000"), (0.0, ".000"), (-1.0, "-1.000"), (None, "–")],
)
def test_a_figure_has_three_digits(value, text):
    assert decimal(value) == text
