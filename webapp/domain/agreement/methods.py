"""A paragraph for the methods section of a paper: what was done, each figure with its interval, and its source."""

from dataclasses import dataclass

from webapp.domain.agreement.reading import ENOUGH_UNITS, between, decimal, percent, percent_between
from webapp.domain.agreement.report import Report

REFERENCES = (
    "Efron, B. & Tibshirani, R. J. (1993). An Introduction to the Bootstrap, chapter 11. Chapman & Hall.",
    "Gwet, K. L. (2014). Handbook of Inter-Rater Reliability (4th ed.). Advanced Analytics.",
    "Krippendorff, K. (2004). Content Analysis (2nd ed.), p. 241. Sage.",
    "Krippendorff, K. (2011). Computing Krippendorff’s Alpha-Reliability. University of Pennsylvania.",
)


@dataclass(frozen=True)
class Study:
    """What the figures cannot tell of themselves."""

    project: str
    round: str
    is_blind: bool
    codebook: str
    program: str
    """Its name and version."""
    articles: int
    sentences: int
    analysts: int
    sample: str
    """How the articles came to be tagged, in a sentence."""
    is_filtered: bool
    """Whether only a part of the answers was asked for."""


def methods_paragraph(report: Report, study: Study) -> str:
    """Plain text: the paragraph, an empty line, and the references, a line each."""
    sentences = [
        *_what_was_done(report, study),
        *_what_was_found(report),
        f"Under {ENOUGH_UNITS} shared sentences nothing is called reliable, which is a convention of the program; the "
        "lines at .667 and .800 are Krippendorff’s (2004).",
    ]
    return " ".join(sentences) + "\n\n" + "\n".join(REFERENCES) + "\n"


def _what_was_done(report: Report, study: Study) -> list[str]:
    blind = "Nobody saw another’s answers" if study.is_blind else "Analysts could see each other’s answers"
    part = ["Only a part of the answers was asked for."] if study.is_filtered else []
    return [
        f"In the round “{study.round}” of “{study.project}”, {_many(study.analysts, 'analyst')} tagged sentences of "
        "news articles as fact, attribution, speculation or opinion, "
        f"by codebook {study.codebook}, in {study.program}.",
        study.sample,
        *part,
        f"{blind}; what counts is what each handed in first.",
        f"Of {study.sentences:,} sentences in {_many(study.articles, 'article')}, {report.n_rated:,} were given one of "
        f"the four tags and {report.n_pairable:,} by two analysts or more; answers that found nothing to code are left "
        "out.",
    ]


def _what_was_found(report: Report) -> list[str]:
    if report.alpha is None:
        return [report.status_text]
    parts = f"D_o = {decimal(report.observed_disagreement)}, D_e = {decimal(report.expected_disagreement)}"
    alpha = f"Krippendorff’s α, {report.level}, was {decimal(report.alpha)} ({parts}; Krippendorff 2011)"
    ac1 = f"Gwet’s AC1 {decimal(report.gwet_ac1)} (Gwet 2014)"
    agree = f"{percent(report.percent_agreement)} of pairs of answers agree"
    if report.alpha_ci is None:
        return [f"{agree}. {alpha}, {ac1}.", report.ci_text]
    if report.percent_agreement_ci:
        agree += f" (95 % interval {percent_between(report.percent_agreement_ci)})"
    if report.gwet_ac1_ci:
        ac1 += f", 95 % interval {between(report.gwet_ac1_ci)}"
    over = "articles with a sentence that two analysts tagged" if report.ci_over == "articles" else "units"
    return [
        f"{agree}.",
        f"{alpha}, 95 % interval {between(report.alpha_ci)}; {ac1}.",
        f"Intervals are a jackknife over the {report.ci_clusters:,} {over}, with Student’s t, on the scale of "
        "log(1 − figure), of shares on that of log odds (Efron & Tibshirani 1993); analysts are taken as given.",
    ]


def _many(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
