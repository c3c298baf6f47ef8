"""Two coders at a time: who chose what where both rated, and Cohen's kappa of it."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from math import sqrt
from typing import Any

import numpy as np

from webapp.domain.agreement.ratings import GAP, Floats, Ints, Ratings, defined, divided, within

MOST_CELLS = 4_000_000
"""Tables of all pairs are kept up to this many cells; beyond, only of pairs that share a unit."""


@dataclass(frozen=True)
class PairTables:
    """For pair i: coders `a[i]` < `b[i]` (indices), and `tables[i]` (K × K), rows for a's category, columns for b's."""

    a: Ints
    b: Ints
    tables: Ints


@dataclass(frozen=True)
class Pair:
    """Two coders by name: the `n` units that both rated, on how many they agree, Cohen's kappa, its standard error."""

    a: str
    b: str
    n: int
    agreed: int
    percent: float | None
    cohen_kappa: float | None
    cohen_kappa_se: float | None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def pair_tables(ratings: Ratings, n_categories: int) -> PairTables:
    """The tables of every pair of coders, counted in one pass for each rating that a unit has beyond its first.

    Raises ValueError when a coder rated a unit twice. No pairs where coders are not known.
    """
    if ratings.coder is None:
        return PairTables(np.zeros(0, int), np.zeros(0, int), np.zeros((0, n_categories, n_categories), int))
    within(ratings.category, n_categories, "category", GAP)
    n_coders = len(ratings.coders)
    place, said = _in_order(ratings, n_coders)
    keys = _keys(place // max(n_coders, 1), place % max(n_coders, 1), said, n_coders, n_categories)
    if n_coders**2 * n_categories**2 <= MOST_CELLS:
        return _all_pairs(keys, n_coders, n_categories)
    return _met_pairs(keys, n_coders, n_categories)


def _in_order(ratings: Ratings, n_coders: int) -> tuple[Ints, Ints]:
    """unit · n_coders + coder, rising, and the category given there; gaps left out."""
    assert ratings.coder is not None
    place = ratings.unit * np.int64(n_coders) + ratings.coder
    steps = np.diff(place)
    said = ratings.category
    if (steps < 0).any():
        order = np.argsort(place, kind="stable")
        place, said = place[order], said[order]
        steps = np.diff(place)
    if (steps == 0).any():
        raise ValueError("a coder rated a unit twice")
    given = said != GAP
    return (place, said) if given.all() else (place[given], said[given])


def _keys(unit: Ints, coder: Ints, said: Ints, n_coders: int, n_categories: int) -> Iterator[Ints]:
    """The cells (a, b, category of a, category of b) as numbers, for ratings one apart in a unit, two apart, …"""
    first = (coder * n_coders * n_categories + said) * n_categories
    second = coder * n_categories**2 + said
    apart, left = 1, np.arange(len(unit))
    while len(left := left[left + apart < len(unit)]):
        left = left[unit[left] == unit[left + apart]]
        yield first[left] + second[left + apart]
        apart += 1


def _all_pairs(keys: Iterator[Ints], n_coders: int, n_categories: int) -> PairTables:
    cells = np.zeros(n_coders**2 * n_categories**2, dtype=np.int64)
    for part in keys:
        cells += np.bincount(part, minlength=len(cells))
    a, b = np.triu_indices(n_coders, 1)
    return PairTables(a, b, cells.reshape(n_coders, n_coders, n_categories, n_categories)[a, b])


def _met_pairs(keys: Iterator[Ints], n_coders: int, n_categories: int) -> PairTables:
    cells, times = np.unique(np.concatenate([np.zeros(0, np.int64), *keys]), return_counts=True)
    pairs, row = np.unique(cells // n_categories**2, return_inverse=True)
    tables = np.zeros((len(pairs), n_categories**2), dtype=np.int64)
    tables[row, cells % n_categories**2] = times
    return PairTables(pairs // n_coders, pairs % n_coders, tables.reshape(-1, n_categories, n_categories))


def describe(pairs: PairTables, coders: tuple[str, ...]) -> tuple[Pair, ...]:
    """The figures of every pair, in the order of the tables."""
    total = pairs.tables.sum(axis=(1, 2))
    agreed = np.trace(pairs.tables, axis1=1, axis2=2)
    return tuple(
        Pair(coders[a], coders[b], int(n), int(same), defined(divided(same, n)), *cohen(table)[:2])
        for a, b, n, same, table in zip(pairs.a, pairs.b, total, agreed, pairs.tables, strict=True)
    )


def cohen(table: Ints, weights: Floats | None = None) -> tuple[float | None, float | None, float | None]:
    """Cohen's kappa of a (K × K) table, its standard error, and the one under the hypothesis that kappa is 0.

    `weights` (K × K) says how far two categories agree, 1 on the diagonal (Cohen 1968); without them only equal ones do
    (Cohen 1960). Standard errors: Fleiss, Cohen & Everitt 1969. All None without a shared unit, or where chance alone
    would make the coders agree (both used one and the same category).
    """
    total = table.sum()
    if total == 0:
        return None, None, None
    share = table / total
    weights = np.eye(len(table)) if weights is None else weights
    rows, columns = share.sum(axis=1), share.sum(axis=0)
    by_chance = np.outer(rows, columns)
    observed, chance = float((weights * share).sum()), float((weights * by_chance).sum())
    if not 1 - chance > 1e-12:
        return None, None, None
    kappa = (observed - chance) / (1 - chance)
    mean = (weights @ columns)[:, None] + (rows @ weights)[None, :]
    spread = (share * (weights - mean * (1 - kappa)) ** 2).sum() - (kappa - chance * (1 - kappa)) ** 2
    spread_0 = (by_chance * (weights - mean) ** 2).sum() - chance**2
    scale = (1 - chance) * sqrt(total)
    return kappa, sqrt(max(spread, 0.0)) / scale, sqrt(max(spread_0, 0.0)) / scale


def with_the_rest(pairs: PairTables, n_coders: int) -> list[tuple[int, int]]:
    """For each coder: (agreeing, all) comparisons with every other coder on shared units."""
    total = pairs.tables.sum(axis=(1, 2))
    agreed = np.trace(pairs.tables, axis1=1, axis2=2)
    found = np.zeros((n_coders, 2), dtype=np.int64)
    for side in (pairs.a, pairs.b):
        np.add.at(found, side, np.column_stack((agreed, total)))
    return [(int(same), int(n)) for same, n in found]
