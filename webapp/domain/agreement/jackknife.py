"""How far a figure could have come out otherwise: the jackknife over articles, with Student's t on a scale that fits.

The figure is computed once more without each article in turn. How far these values lie apart tells the standard error
(Efron & Tibshirani 1993, *An Introduction to the Bootstrap*, chapter 11); with few articles Student's t is wider than
the normal distribution by what that estimate itself is unsure of (Tukey 1958). Analysts are taken as given.
"""

from dataclasses import dataclass
from math import exp, log, sqrt

import numpy as np

from webapp.domain.agreement.ratings import Floats, Ints
from webapp.domain.student_t import below, quantile

FEWEST = 3
"""Articles; from two a spread cannot be told from chance."""
UPPER = 0.975
NOTHING = 1e-9
"""What the sums of many fractions may miss a whole number by."""


@dataclass(frozen=True)
class Spread:
    """The standard error of a figure on its own scale, above 0, and how many articles tell of it."""

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
        apart = 1 - self.value
        return below(log((1 - line) / apart) * apart / self.error, self.clusters - 1)


def _share(logit: float) -> float:
    return 1 / (1 + exp(-logit)) if logit >= 0 else exp(logit) / (1 + exp(logit))


def spread(figures: Floats, times: Ints | None = None, telling: int | None = None) -> Spread | None:
    """The standard error from a figure and, behind it, the same figure without each article.

    `times` says for how many articles each of these stands, if not for one; `telling` how many of them tell anything
    of the figure, if not all do. None with fewer than three of those, and if the figure has no value without one of
    them, or the same without any of them, as one of 1 has: articles that are all alike do not tell how others are.
    """
    value, without = float(figures[0]), figures[1:]
    times = np.ones(len(without), dtype=np.int64) if times is None else times
    clusters = int(times.sum())
    telling = clusters if telling is None else telling
    if telling < FEWEST or not np.isfinite(figures).all() or value > 1 - NOTHING:
        return None
    squares = float(times @ (without - times @ without / clusters) ** 2)
    if squares < NOTHING**2:
        return None
    return Spread(value, sqrt((clusters - 1) / clusters * squares), telling)


def share_spread(k: Ints | Floats, n: Ints | Floats, times: Ints | None = None) -> Spread | None:
    """That of a share, from k and n of each article.

    Articles without anything that it is a share of are left out. None with fewer than three others, and where without
    whichever article it would be the same, as one of 0 or 1 is.
    """
    times = np.ones(len(n), dtype=np.int64) if times is None else times
    some = n > 0
    k, n, times = k[some], n[some], times[some]
    total, all_ = times @ k, times @ n
    if times.sum() < FEWEST or min(total, all_ - total) < NOTHING or (n == all_).any():
        return None
    return spread(np.r_[total, total - k] / np.r_[all_, all_ - n], times)
