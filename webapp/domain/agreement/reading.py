"""What the figures mean, in one sentence judged on the lower end of the interval, and as a short table of text."""

from collections.abc import Iterable, Sequence

from webapp.domain.agreement.alpha import SOUND, TENTATIVE
from webapp.domain.agreement.aside import Aside
from webapp.domain.agreement.intervals import Interval
from webapp.domain.agreement.report import Report

ENOUGH_UNITS = 30
"""Our convention: under this many shared sentences the interval leads and nothing is called sound."""
UNDEFINED = "–"
LEAST = -1.0


def reading(report: Report) -> str:
    """One sentence on the lower end of the interval (codebook, section 11; Krippendorff 2004, p. 241).

    At or above .80 sound, from .667 tentative conclusions only, below that the rules need work. With few shared
    sentences nothing is sound yet. Where nothing can be judged, the sentence that says why.
    """
    if report.status != "ok":
        return report.status_text
    if report.alpha_ci is None:
        return f"{report.ci_text} Without one alpha is not judged."
    low = report.alpha_ci[0]
    verdict = _verdict(low)
    if report.n_pairable < ENOUGH_UNITS:
        few = f"Too few shared sentences ({report.n_pairable}) to establish reliability"
        return f"{few} by our convention of {ENOUGH_UNITS}; so far {verdict}"
    return verdict[0].upper() + verdict[1:]


def _verdict(low: float) -> str:
    end = f"the lower end of the interval ({_low_end(low)})"
    if low >= SOUND:
        return f"sound, {end} is at or above .80."
    if low >= TENTATIVE:
        return f"tentative conclusions only, {end} is between .667 and .80."
    return f"the rules need revising and analysts retraining, {end} is below .667."


def _low_end(value: float) -> str:
    """Three digits, not rounded up to a threshold that was missed; how far under -1 it lies means nothing any more."""
    if value < LEAST:
        return f"under {LEAST:.0f}"
    rounded = round(value, 3)
    return decimal(rounded - 0.001 if any(value < line <= rounded for line in (TENTATIVE, SOUND)) else rounded)


def decimal(value: float | None) -> str:
    """Three digits without a leading nought (`.743`, `-.095`, `1.000`); a dash where it is not defined."""
    if value is None:
        return UNDEFINED
    text = f"{round(value, 3) + 0.0:.3f}"  # + 0.0, so that there is no -.000
    return text.replace("0.", ".", 1) if text.lstrip("-").startswith("0.") else text


def percent(value: float | None) -> str:
    return UNDEFINED if value is None else f"{100 * value:.1f} %"


def between(interval: Interval | None) -> str:
    """Both ends of an interval, `.510 to .674`."""
    return UNDEFINED if interval is None else f"{_low_end(interval[0])} to {decimal(interval[1])}"


def percent_between(interval: Interval | None) -> str:
    """The same of a share, `51.0 to 67.4 %`."""
    return UNDEFINED if interval is None else f"{100 * interval[0]:.1f} to {percent(interval[1])}"


def percent_of(k: int, n: int) -> str:
    return percent(k / n if n else None)


def as_text(report: Report, aside: Aside | None = None, aside_value: str | None = None) -> str:
    """The report as lines for a terminal, ending in a line break; `aside` is the line of answers set aside, if any."""
    parts: list[Iterable[str]] = [_headline(report), _per_category(report), _pairs(report)]
    if aside is not None:
        parts.insert(2, [_aside_line(aside, aside_value or "set aside")])
    blocks = ["\n".join(part) for part in parts]
    return "\n\n".join([*filter(None, blocks), reading(report)]) + "\n"


def _headline(report: Report) -> list[str]:
    coders = UNDEFINED if report.n_coders is None else str(report.n_coders)
    unanimous = f"all agree on {report.n_unanimous} of {report.n_pairable} units"
    figures = [
        ("Percent agreement", percent(report.percent_agreement), percent_between(report.percent_agreement_ci)),
        (f"Alpha ({report.level})", decimal(report.alpha), between(report.alpha_ci)),
        ("Gwet's AC1", decimal(report.gwet_ac1), between(report.gwet_ac1_ci)),
        ("Fleiss' kappa", decimal(report.fleiss_kappa), between(report.fleiss_kappa_ci)),
        ("Brennan-Prediger", decimal(report.brennan_prediger), between(report.brennan_prediger_ci)),
    ]
    return [
        f"Units   {report.n_units}, rated {report.n_rated}, by two or more {report.n_pairable}; {unanimous}",
        f"Coders  {coders}, with {report.n_ratings} ratings",
        "",
        *_columns([("Figure", "value", "95 %"), *figures]),
        *_about_intervals(report),
    ]


def _about_intervals(report: Report) -> list[str]:
    if report.p_alpha_667 is None or report.p_alpha_800 is None:
        return []
    reached = f"{percent(report.p_alpha_667)}, .800 with {percent(report.p_alpha_800)}"
    return [
        f"Alpha reaches .667 with a probability of {reached}. Intervals: jackknife over {report.ci_clusters}",
        f"{report.ci_over} with Student's t, of shares on the scale of log odds, else of log(1 - figure). Coders are",
        "taken as given.",
    ]


def _per_category(report: Report) -> list[str]:
    rows = [("Category", "ratings", "specific agreement", "95 %", "alpha against rest", "95 %")]
    for name in report.categories:
        specific = decimal(report.specific_agreement[name]), between(report.specific_agreement_ci[name])
        alpha = decimal(report.alpha_per_category[name]), between(report.alpha_per_category_ci[name])
        rows.append((name, f"{report.category_counts[name]} of {report.n_ratings}", *specific, *alpha))
    return _columns(rows)


def _pairs(report: Report) -> list[str]:
    if not report.pairs:
        return []
    rows = [("Coders", "agree on", "percent", "Cohen's kappa", "95 %")]
    for pair in report.pairs:
        kappa = decimal(pair.cohen_kappa), between(pair.cohen_kappa_ci)
        rows.append((f"{pair.a}, {pair.b}", f"{pair.agreed} of {pair.n}", percent(pair.percent), *kappa))
    return _columns(rows)


def _aside_line(aside: Aside, value: str) -> str:
    how = f"{aside.k} of {aside.n} answers ({percent(aside.rate)})"
    return f"{value}: {how}, agreement on it {decimal(aside.specific_agreement)}, alpha {decimal(aside.alpha)}"


def _columns(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """The first column to the left, the others to the right, as wide as their widest cell."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
