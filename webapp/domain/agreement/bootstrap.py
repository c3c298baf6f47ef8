"""How far alpha could have come out otherwise: the percentile bootstrap of whole articles.

Alpha is a function of sums over units, so a resample is a row of multinomial counts times the sums of each article.
Sources: Efron & Tibshirani 1993, chapter 13 (percentiles); Davison & Hinkley 1997, section 3.8 (whole clusters).
"""

from dataclasses import dataclass
from math import sqrt
from typing import Literal

import numpy as np

from webapp.domain.agreement.alpha import Level
from webapp.domain.agreement.ratings import Floats, Ints, raters
from webapp.domain.agreement.sums import alphas_of, article_sums

Method = Literal["articles", "units"]
FEWEST_CLUSTERS = 5
SEED = 20110125
RESAMPLES = 1000
TENTATIVE, SOUND = 0.667, 0.800
CELLS_AT_ONCE = 2_000_000
MANY = 10_000
"""Articles; the intervals of fewer stay the ones they were."""
FEW_KINDS = 1_000
"""Kinds of articles that are drawn fastest one kind after the other."""


@dataclass(frozen=True)
class Interval:
    """The middle 95 % of the resamples in which alpha is defined, and how many of them reach .667 and .800.

    `drawn` is how many articles or units were drawn each time; `undefined` counts the resamples without variation,
    which are left out of everything else.
    """

    low: float
    high: float
    method: Method
    drawn: int
    undefined: int
    p_tentative: float
    p_sound: float


def interval(
    counts: Ints, clusters: Ints | None, level: Level = "nominal", seed: int = SEED, resamples: int = RESAMPLES
) -> Interval | None:
    """The bootstrap interval of alpha from (units × categories) counts; None where no resample defines it.

    `clusters` (one index for each unit) are drawn whole, those with a shared unit alone; with fewer than five of them,
    or None, shared units are drawn one by one. The same seed and ratings give the same interval, in whatever order.
    """
    keep = raters(counts) >= 2
    if not keep.any() or resamples < 1:
        return None
    if not keep.all():
        counts, clusters = counts[keep], None if clusters is None else clusters[keep]
    method, sums, times = _groups(counts, clusters, level)
    alphas = _resampled(sums, times, counts.shape[1], level, np.random.default_rng(seed), resamples)
    found = alphas[np.isfinite(alphas)]
    if not len(found):
        return None
    low, high = np.percentile(found, (2.5, 97.5))
    reach = [float((found >= threshold).mean()) for threshold in (TENTATIVE, SOUND)]
    return Interval(float(low), float(high), method, int(times.sum()), resamples - len(found), *reach)


def _groups(shared: Ints, clusters: Ints | None, level: Level) -> tuple[Method, Floats, Ints]:
    """What is drawn: how, the sums of each (groups × numbers), and how many of each kind there are."""
    if clusters is not None:
        group, n_groups = _numbered(clusters)
        if n_groups >= FEWEST_CLUSTERS:
            sums = article_sums(shared, group, n_groups, level)
            # Sorted, so that the seed means the same draw however the articles are numbered.
            order = np.lexsort(sums.round(9).T)
            return "articles", *_together(sums[order])
    # Units with the same counts are interchangeable: drawing kinds of units is drawing units, only faster.
    kinds, times = _kinds(shared)
    return "units", article_sums(kinds, np.arange(len(kinds)), len(kinds), level), times


def _numbered(clusters: Ints) -> tuple[Ints, int]:
    """For each unit the place of its cluster among all, rising, and how many there are; mostly they come in order."""
    steps = np.diff(clusters)
    if (steps < 0).any():
        names, group = np.unique(clusters, return_inverse=True)
        return group, len(names)
    group = np.r_[0, np.cumsum(steps > 0)]
    return group, int(group[-1]) + 1


def _together(sums: Floats) -> tuple[Floats, Ints]:
    """Sorted articles, each once; where they are many, those with equal sums as one kind and how many it has."""
    if len(sums) <= MANY:
        return sums, np.ones(len(sums), dtype=np.int64)
    first = np.flatnonzero(np.r_[True, (np.diff(sums.round(9), axis=0) != 0).any(axis=1)])
    return sums[first], np.diff(np.r_[first, len(sums)])


def _kinds(shared: Ints) -> tuple[Ints, Ints]:
    """The different rows, sorted, and how often each occurs; by one number for each row where that fits in 64 bits."""
    base = int(shared.max()) + 1
    if base ** shared.shape[1] >= 2**62:
        return np.unique(shared, axis=0, return_counts=True)
    powers = base ** np.arange(shared.shape[1], dtype=np.int64)
    _, first, times = np.unique(shared @ powers, return_index=True, return_counts=True)
    return shared[first], times


def _resampled(sums: Floats, times: Ints, size: int, level: Level, rng: np.random.Generator, resamples: int) -> Floats:
    """Alpha of each resample, a few at a time so that memory stays small whatever is drawn from."""
    at_once = max(1, CELLS_AT_ONCE // max(sums.shape))
    draw = _drawn if len(times) <= FEW_KINDS or times.sum() <= MANY else _drawn_of_many
    found = []
    for start in range(0, resamples, at_once):
        drawn = draw(times, rng, min(at_once, resamples - start))
        found.append(alphas_of(drawn.astype(float) @ sums, size, level))
    return np.concatenate(found)


def _drawn(times: Ints, rng: np.random.Generator, resamples: int) -> Ints:
    """How often each kind is drawn, a row for each resample."""
    total = int(times.sum())
    return rng.multinomial(total, times / total, size=resamples)


def _drawn_of_many(times: Ints, rng: np.random.Generator, resamples: int) -> Ints:
    """The same for many kinds, in half the time: independent Poisson numbers first, then what is missing one by one.

    Whatever such numbers add up to, given that sum they are multinomial, and so they are with further draws. They are
    aimed five standard deviations too low; the row that is too high nevertheless is drawn again.
    """
    total = int(times.sum())
    expected = times * (1 - 5 / sqrt(total))
    drawn = rng.poisson(expected, size=(resamples, len(times)))
    while len(over := np.flatnonzero(drawn.sum(axis=1) > total)):
        drawn[over] = rng.poisson(expected, size=(len(over), len(times)))
    missing = total - drawn.sum(axis=1)
    kind = np.repeat(np.arange(len(times)), times)[rng.integers(0, total, size=missing.sum())]
    row = np.repeat(np.arange(resamples), missing)
    drawn += np.bincount(row * len(times) + kind, minlength=drawn.size).reshape(drawn.shape)
    return drawn
