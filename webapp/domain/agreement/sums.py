"""What figures are made of, summed over all units and over all but one article, so that each is one formula twice."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from webapp.domain.agreement.alpha import Metric, alpha_of, nominal_alpha, squared_distance
from webapp.domain.agreement.ratings import Floats, Ints, divided, raters

ROWS_AT_ONCE = 10_000
"""Matrices of coincidences that are taken together, so that memory stays small however many articles there are."""
KEYS_PER_UNIT = 4
"""Up to so many possible kinds for each unit they are told apart by a table, which is faster than sorting."""


@dataclass(frozen=True)
class Sums:
    """Row 0 holds sums over all units, each further row those without one article: (articles + 1) × ….

    Only articles with a unit that two people rated are left out. Units that stand alone are left out one by one; those
    with equal counts share a row, and `times` says how many each further row stands for.
    """

    times: Ints
    shared: Floats
    """Units that two people rated."""
    agreement: Floats
    """The share of agreeing pairs of each of them."""
    rated: Floats
    """Units with a rating."""
    shares: Floats
    """The share of each category in each of them: rows × K."""
    marginal: Floats
    """Ratings of each category in shared units: rows × K."""
    same: Floats
    """The diagonal of the coincidences: rows × K."""
    chosen_again: Floats
    """Ordered pairs of ratings of one unit that are both of the category: rows × K."""
    chosen: Floats
    """Those of which the first is: rows × K."""

    @property
    def articles(self) -> int:
        return int(self.times.sum())

    @property
    def articles_that_tell(self) -> Ints:
        """Of each category: how many articles have it in a shared unit, or anything else, whichever are fewer: K."""
        own = self.marginal[0] - self.marginal[1:]
        others = own.sum(axis=1, keepdims=True) - own
        return np.asarray(np.minimum(self.times @ (own > 0), self.times @ (others > 0)))


@dataclass(frozen=True)
class Units:
    """Units with a rating by article. Those with the same counts are of one kind, of which there are few.

    `counts` has a row for each kind (kinds × K), `often` how many units are of it, `kind` that of each unit. `starts`
    says where in `kind` each article begins; it is None where units stand alone, and are left out kind by kind.
    `is_shared` tells which articles, or kinds, have a unit that two people rated, and `times` how often there is each
    of these.
    """

    counts: Ints
    often: Ints
    kind: Ints
    starts: Ints | None
    is_shared: NDArray[np.bool_]
    times: Ints

    def without_each(self, of_kind: Floats) -> Floats:
        """The sum of a number of each unit over all of them, then without each article that shares one."""
        of_all = float(self.often @ of_kind)
        parts = of_kind if self.starts is None else np.add.reduceat(of_kind[self.kind], self.starts)
        return np.concatenate(([of_all], of_all - parts[self.is_shared]))

    def without_each_by_category(self, of_kind: Floats) -> Floats:
        """The same of a number of each unit and category: (articles + 1) × K."""
        found = np.zeros((of_kind.shape[1], len(self.times) + 1))
        for category, numbers in enumerate(of_kind.T):
            found[category] = self.without_each(numbers)
        return found.T


def units_of(counts: Ints, clusters: Ints | None) -> Units:
    """From (units × K) counts and the article of each unit; None where each unit stands alone."""
    rated = raters(counts) > 0
    if not rated.all():
        counts, clusters = counts[rated], None if clusters is None else clusters[rated]
    kinds, kind = _kinds(counts)
    often = np.bincount(kind, minlength=len(kinds))
    of_two = raters(kinds) >= 2
    if clusters is None or not len(clusters):
        return Units(kinds, often, kind, None, of_two, often[of_two])
    if (np.diff(clusters) < 0).any():
        order = np.argsort(clusters, kind="stable")
        clusters, kind = clusters[order], kind[order]
    starts = np.flatnonzero(np.diff(clusters, prepend=clusters[0] - 1))
    is_shared = np.logical_or.reduceat(of_two[kind], starts)
    return Units(kinds, often, kind, starts, is_shared, np.ones(int(is_shared.sum()), dtype=np.int64))


def _kinds(counts: Ints) -> tuple[Ints, Ints]:
    """The different rows of counts, and for each row which of them it is; by one number a row where that fits."""
    base = int(counts.max(initial=0)) + 1
    if base ** counts.shape[1] >= 2**62:
        return np.unique(counts, axis=0, return_inverse=True)
    powers = base ** np.arange(counts.shape[1], dtype=np.int64)
    key, n_keys = counts @ powers, base ** counts.shape[1]
    if n_keys > KEYS_PER_UNIT * len(counts):
        met, kind = np.unique(key, return_inverse=True)
    else:
        is_met = np.bincount(key, minlength=n_keys) > 0
        met, kind = np.flatnonzero(is_met), (np.cumsum(is_met) - 1)[key]
    return met[:, None] // powers % base, kind


def sums_without_each(units: Units) -> Sums:
    """The sums of which every figure but ordinal alpha is made."""
    counts = units.counts.astype(float)
    size = counts.sum(axis=1, keepdims=True)
    others, again = size - 1, counts * (counts - 1)
    weight = 1 / np.maximum(others, 1)
    return Sums(
        times=units.times,
        shared=units.without_each((others[:, 0] > 0).astype(float)),
        agreement=units.without_each((again * weight / size).sum(axis=1)),
        rated=units.without_each(np.ones(len(counts))),
        shares=units.without_each_by_category(counts / size),
        marginal=units.without_each_by_category(counts * (others > 0)),
        same=units.without_each_by_category(again * weight),
        chosen_again=units.without_each_by_category(again),
        chosen=units.without_each_by_category(counts * others),
    )


def alphas_without_each(sums: Sums, units: Units, level: Metric, values: Sequence[float] | None = None) -> Floats:
    """Alpha, and alpha without each article: distances that depend on the ratings are computed anew each time."""
    if level == "nominal":
        return nominal_alpha(sums.marginal, sums.same.sum(axis=1))
    if level == "ordinal":
        met = _coincidences_without_each(units)
        some = (met[at : at + ROWS_AT_ONCE] for at in range(0, len(met), ROWS_AT_ONCE))
        return np.concatenate([alpha_of(one, level) for one in some])
    return _alphas_of_numbers(sums, units, level, values)


def _alphas_of_numbers(sums: Sums, units: Units, level: Metric, values: Sequence[float] | None) -> Floats:
    """The same where distances are what they are, so that the disagreement of a unit is one number."""
    counts, marginal = units.counts.astype(float), sums.marginal
    distance = squared_distance(marginal[0], level, values)
    others = np.maximum(counts.sum(axis=1) - 1, 1)
    observed = units.without_each(((counts @ distance) * counts).sum(axis=1) / others)
    expected = ((marginal @ distance) * marginal).sum(axis=1)
    return np.asarray(1.0 - divided((marginal.sum(axis=1) - 1.0) * observed, expected))


def _coincidences_without_each(units: Units) -> Floats:
    """(articles + 1) × K × K."""
    counts = units.counts.astype(float)
    others, size = counts.sum(axis=1) - 1, counts.shape[1]
    weight = np.where(others > 0, 1 / np.maximum(others, 1), 0.0)
    found = np.zeros((len(units.times) + 1, size, size))
    for c in range(size):
        for k in range(c, size):
            met = counts[:, c] * (counts[:, k] - (c == k)) * weight
            found[:, c, k] = found[:, k, c] = units.without_each(met)
    return found
