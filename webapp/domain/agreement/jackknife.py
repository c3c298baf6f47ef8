"""How far a figure could have come out otherwise: the jackknife over articles, with Student's t on a scale that fits.

The figure is computed once more without each article in turn. How far these values lie apart tells the standard error
(Efron & Tibshirani 1993, *An Introduction to the Bootstrap*, chapter 11); with few articles Student's t is wider than
the normal distribution by what that estimate itself is unsure of (Tukey 1958). Analysts are taken as given.
"""

from dataclasses import dataclass
from math import exp, log, sqrt

import numpy as np

from webapp.domain.agreement.alpha import Level
from webapp.domain.agreement.ratings import Floats, Ints, raters
from webapp.domain.agreement.sums import alphas_of, article_sums
from webapp.domain.student_t import below, quantile

FEWEST = 3
"""Articles; from two a spread cannot be told from chance."""
UPPER = 0.975


@dataclass(frozen=True)
class Spread:
    """The standard error of a figure on its own scale, from how many articles it was taken."""

    value: float
    error: float
    clusters: int

    @property
    def _reach(self) -> float:
        return quantile(UPPER, self.clusters - 1) * self.error

    def log_interval(self) -> tuple[float, float]:
        """For a figure below 1 with no other bound, such as alpha: 95 % on the scale of log(1 - figure)."""
        apart = 1 - self.value
        factor = exp(min(self._reach / apart, 700.0))
        return 1 - apart * factor, 1 - apart / factor

    def logit_interval(self) -> tuple[float, float]:
        """For a share between 0 and 1: 95 % on the scale of log(share / (1 - share))."""
        reach = self._reach / (self.value * (1 - self.value))
        middle = log(self.value / (1 - self.value))
        return _share(middle - reach), _share(middle + reach)

    def reaches(self, line: float) -> float:
        """The probability 0…1, on the scale of log(1 - figure), that the figure is at least `line`, below 1."""
        if not self.error:
            return float(self.value >= line)
        apart = 1 - self.value
        return below(log((1 - line) / apart) * apart / self.error, self.clusters - 1)


def _share(logit: float) -> float:
    return 1 / (1 + exp(-logit)) if logit >= 0 else exp(logit) / (1 + exp(logit))


def spread(value: float, left_out: Floats) -> Spread | None:
    """The standard error from the figure without each article; None with fewer than three, or if one has no value."""
    clusters = len(left_out)
    if clusters < FEWEST or not np.isfinite(left_out).all():
        return None
    squares = float(((left_out - left_out.mean()) ** 2).sum())
    return Spread(value, sqrt((clusters - 1) / clusters * squares), clusters)


def alpha_spread(counts: Ints, clusters: Ints, level: Level = "nominal") -> Spread | None:
    """That of alpha, from (units × categories) counts and the article of each unit.

    Only articles with a unit that two people rated count. None with fewer than three of them, and where alpha, or alpha
    without one of them, is not defined or is 1: there is no spread then that anything could be read from.
    """
    keep = raters(counts) >= 2
    shared = counts[keep]
    names, group = np.unique(clusters[keep], return_inverse=True)
    if len(names) < FEWEST:
        return None
    size = counts.shape[1]
    sums = article_sums(shared, group, len(names), level)
    whole = sums.sum(axis=0)
    value = float(alphas_of(whole[None, :], size, level)[0])
    return None if not np.isfinite(value) or value >= 1 else spread(value, alphas_of(whole - sums, size, level))


def share_spread(k: Ints, n: Ints) -> Spread | None:
    """That of a share of sentences, from k and n of each article; articles without any sentence it is a share of are
    left out. None with fewer than three others, and where the share is 0 or 1: every resample would say the same.
    """
    k, n = k[n > 0], n[n > 0]
    total, all_ = int(k.sum()), int(n.sum())
    if len(n) < FEWEST or total in (0, all_):
        return None
    return spread(total / all_, (total - k) / (all_ - n))
