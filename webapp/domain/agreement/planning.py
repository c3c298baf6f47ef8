"""From a pilot's figures: how many articles, with how many analysts each, until alpha is known to ± so much.

The standard error of alpha on the scale of its interval falls with the square root of the number of articles, as
theirs is the only chance that is counted (`jackknife`). So that of one article is told from the pilot, and how far the
interval of `n` articles would reach from that, with Student's t of `n - 1`. With fewer analysts an article than the
pilot had, the answers of some are left out at random, and the error is told from what is left; with more than it had
nothing is told: a pilot cannot speak for them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log, sinh, sqrt
from typing import Any

import numpy as np

from webapp.domain.agreement.alpha import Metric
from webapp.domain.agreement.jackknife import FEWEST, UPPER, spread
from webapp.domain.agreement.ratings import Ints, raters
from webapp.domain.agreement.report import Report
from webapp.domain.agreement.sums import alphas_without_each, sums_without_each, units_of
from webapp.domain.student_t import quantile

MARGINS = (0.05, 0.075, 0.1, 0.15)
MOST_ARTICLES = 100_000
DRAWS = 10
"""Times that analysts are left out at random; their squared errors are averaged."""
MOST_UNITS = 5_000
"""Units up to which that is done; of more only what the pilot itself had is told."""
SEED = 1


@dataclass(frozen=True)
class Row:
    """With so many analysts an article."""

    analysts: int
    articles: tuple[int | None, ...]
    """For each margin, how many it takes; None: over 100,000."""


@dataclass(frozen=True)
class SamplePlan:
    """How many articles it takes for each margin; no rows where the pilot has no interval itself."""

    margins: tuple[float, ...]
    rows: tuple[Row, ...]
    pilot_articles: int

    def as_json(self) -> dict[str, Any]:
        rows = [
            {"analysts": row.analysts, "articles": dict(zip(map(str, self.margins), row.articles, strict=True))}
            for row in self.rows
        ]
        return {"margins": list(self.margins), "rows": rows, "pilot_articles": self.pilot_articles}


def plan_sample(
    pilot: Report,
    counts: Ints,
    clusters: Ints | None,
    values: Sequence[float] | None = None,
    margins: Sequence[float] = MARGINS,
) -> SamplePlan:
    """The plan from the report on a pilot, whose counts (units × categories) these are, with the article of each unit
    (None: units stand alone).

    A margin is half the length of the 95 % interval of alpha, above 0.
    """
    if pilot.alpha is None or pilot.alpha_ci is None:
        return SamplePlan(tuple(margins), (), 0)
    apart = 1 - pilot.alpha
    reach = log((1 - pilot.alpha_ci[0]) / apart)
    usual = int(np.median(raters(counts)[raters(counts) >= 2]))
    rows = []
    for analysts in range(2, usual):
        if len(counts) <= MOST_UNITS and (error := _error_with(counts, clusters, analysts, pilot.level, values)):
            rows.append(Row(analysts, tuple(articles_for(margin, error, apart) for margin in margins)))
    own = reach / quantile(UPPER, pilot.ci_clusters - 1) * sqrt(pilot.ci_clusters)
    rows.append(Row(usual, tuple(articles_for(margin, own, apart) for margin in margins)))
    return SamplePlan(tuple(margins), tuple(rows), pilot.ci_clusters)


def articles_for(margin: float, error: float, apart: float) -> int | None:
    """The fewest articles whose interval reaches no farther; None for more than `MOST_ARTICLES`.

    `error` is the standard error of log(1 - alpha) that one article alone would leave, `apart` is 1 - alpha.
    """
    few, many = FEWEST - 1, FEWEST
    while _reach(many, error, apart) > margin:
        if many > MOST_ARTICLES:
            return None
        few, many = many, many * 2
    while many - few > 1:
        middle = (few + many) // 2
        few, many = (few, middle) if _reach(middle, error, apart) <= margin else (middle, many)
    return many if many <= MOST_ARTICLES else None


def _reach(articles: int, error: float, apart: float) -> float:
    """Half the length of the interval: it ends at 1 - apart·exp(±reach)."""
    return apart * sinh(min(quantile(UPPER, articles - 1) * error / sqrt(articles), 700.0))


def _error_with(
    counts: Ints, clusters: Ints | None, analysts: int, level: Metric, values: Sequence[float] | None
) -> float | None:
    """The error that one article would leave, with so many analysts drawn from those of each unit."""
    chance = np.random.default_rng(SEED)
    squares = []
    for _ in range(DRAWS):
        units = units_of(_thinned(counts, analysts, chance), clusters)
        sums = sums_without_each(units)
        if found := spread(alphas_without_each(sums, units, level, values), sums.times):
            squares.append((found.error / (1 - found.value)) ** 2 * found.clusters)
    return sqrt(sum(squares) / len(squares)) if squares else None


def _thinned(counts: Ints, analysts: int, chance: np.random.Generator) -> Ints:
    """So many ratings of each unit, drawn from those that it has; of fewer all."""
    n_units, size = counts.shape
    category = np.repeat(np.tile(np.arange(size), n_units), counts.ravel())
    unit = np.repeat(np.arange(n_units), raters(counts))
    order = np.lexsort((chance.random(len(unit)), unit))
    place = np.arange(len(unit)) - np.repeat(np.cumsum(raters(counts)) - raters(counts), raters(counts))
    drawn = order[place < analysts]
    return np.bincount(unit[drawn] * size + category[drawn], minlength=n_units * size).reshape(n_units, size)


def plan_as_text(plan: SamplePlan) -> str:
    """The plan as lines for a terminal, ending in a line break."""
    if not plan.rows:
        return "The pilot has no interval of alpha, so nothing can be planned from it: code more articles first.\n"
    head = ["analysts", *(f"± {margin:g}" for margin in plan.margins)]
    rows = [
        [str(row.analysts), *("over 100,000" if n is None else f"{n:,}" for n in row.articles)] for row in plan.rows
    ]
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    lines = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in [head, *rows]]
    told = f"Articles needed, told from a pilot of {plan.pilot_articles:,}:"
    return "\n".join([told, "", *lines]) + "\n"
