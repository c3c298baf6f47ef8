"""Two coders at a time: who chose what where both rated, and Cohen's kappa of it."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from math import sqrt
from typing import Any

import numpy as np

from webapp.domain.agreement.chance import corrected_by
from webapp.domain.agreement.jackknife import FEWEST, share_spread, spread
from webapp.domain.agreement.ratings import GAP, Floats, Ints, Ratings, defined, divided, numbered, within

CELLS_PER_KEY = 2
"""Up to so many cells for each choice, used or not, all are counted; of more, only those that are used."""


@dataclass(frozen=True)
class PairTables:
    """Of pairs who share a unit: coders `a[i]` < `b[i]` (indices), and `tables[i]` (K × K), rows for a, columns for b.

    The same by article: `key` holds the cells that are not 0, as (pair of coders, article, cell) in one number, and
    `times` what is in them; those of pair i begin at `starts[i]`, and there are `n_articles`, None where units stand
    alone.
    """

    a: Ints
    b: Ints
    tables: Ints
    key: Ints
    times: Ints
    starts: Ints
    n_articles: int | None

    def without_each_article(self, pair: int) -> tuple[Floats, Ints]:
        """The table of a pair, behind it the same without each article, or unit; and for how many each of these stands.

        Units that stand alone are alike where they fall into one cell.
        """
        table = self.tables[pair]
        own = slice(self.starts[pair], self.starts[pair + 1])
        cell, times = self.key[own] % table.size, self.times[own]
        article: Ints = np.arange(len(cell))
        number, alike = np.ones_like(times), times
        if self.n_articles is not None:
            article, n_articles = numbered(self.key[own] // table.size)
            number, alike = times, np.ones(n_articles, dtype=np.int64)
        parts = np.zeros((len(alike), table.size))
        parts[article, cell] = number
        return np.concatenate((table[None], table - parts.reshape(-1, *table.shape))), alike


@dataclass(frozen=True)
class Pair:
    """Two coders by name: the `n` units that both rated, on how many they agree, Cohen's kappa, how unsure that is.

    The standard error takes units for independent (Fleiss, Cohen & Everitt 1969); the interval is jackknifed over the
    articles that the two share, on the scale of log(1 - kappa), and None where these are fewer than three.
    """

    a: str
    b: str
    n: int
    agreed: int
    percent: float | None
    cohen_kappa: float | None
    cohen_kappa_se: float | None
    cohen_kappa_ci: tuple[float, float] | None

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"cohen_kappa_ci": self.cohen_kappa_ci and list(self.cohen_kappa_ci)}


def pair_tables(ratings: Ratings, n_categories: int, clusters: Ints | None = None) -> PairTables:
    """The tables of every pair of coders, counted in one pass for each rating that a unit has beyond its first.

    `clusters` holds the article of each unit, None where units stand alone. Raises ValueError when a coder rated a unit
    twice. No pairs where coders are not known.
    """
    within(ratings.category, n_categories, "category", GAP)
    n_coders, size = max(len(ratings.coders), 1), n_categories**2
    article, n_articles = (None, 1) if clusters is None else numbered(clusters)
    keys: list[Ints] = []
    if ratings.coder is not None:
        place, said = _in_order(ratings, n_coders)
        keys = [*_keys(place // n_coders, place % n_coders, said, n_coders, n_categories, article, n_articles)]
    key, times = _counted(keys, n_coders**2 * n_articles * size)
    row, n_pairs = numbered(key // (n_articles * size))
    starts = np.searchsorted(row, np.arange(n_pairs + 1))
    coders = key[starts[:-1]] // (n_articles * size)
    tables = np.bincount(row * size + key % size, weights=times, minlength=n_pairs * size).astype(np.int64)
    return PairTables(
        coders // n_coders,
        coders % n_coders,
        tables.reshape(n_pairs, n_categories, n_categories),
        key,
        times,
        starts,
        None if clusters is None else n_articles,
    )


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


def _keys(
    unit: Ints, coder: Ints, said: Ints, n_coders: int, n_categories: int, article: Ints | None, n_articles: int
) -> Iterator[Ints]:
    """(a, b, article, category of a, category of b) as one number, for ratings one apart in a unit, two apart, …"""
    size = n_categories**2
    first = coder * np.int64(n_coders * n_articles)
    if article is not None:
        first += article[unit]
    first = first * size + said * n_categories
    second = coder * np.int64(n_articles * size) + said
    apart, left = 1, np.flatnonzero(unit[1:] == unit[:-1])
    while len(left):
        yield first[left] + second[left + apart]
        apart += 1
        left = left[left + apart < len(unit)]
        left = left[unit[left] == unit[left + apart]]


def _counted(keys: list[Ints], n_cells: int) -> tuple[Ints, Ints]:
    """The different keys, rising, and how often each occurs."""
    if n_cells > CELLS_PER_KEY * sum(map(len, keys)):
        return np.unique(np.concatenate([np.zeros(0, np.int64), *keys]), return_counts=True)
    times = np.zeros(n_cells, dtype=np.int64)
    for part in keys:
        times += np.bincount(part, minlength=n_cells)
    key = np.flatnonzero(times)
    return key, times[key]


def describe(pairs: PairTables, coders: tuple[str, ...]) -> tuple[Pair, ...]:
    """The figures of every pair, in the order of the tables."""
    total = pairs.tables.sum(axis=(1, 2))
    agreed = np.trace(pairs.tables, axis1=1, axis2=2)
    return tuple(
        Pair(
            coders[a],
            coders[b],
            int(n),
            int(same),
            defined(divided(same, n)),
            *cohen(table)[:2],
            _kappa_interval(pairs, place) if n >= FEWEST else None,
        )
        for place, (a, b, n, same, table) in enumerate(zip(pairs.a, pairs.b, total, agreed, pairs.tables, strict=True))
    )


def _kappa_interval(pairs: PairTables, pair: int) -> tuple[float, float] | None:
    without, alike = pairs.without_each_article(pair)
    found = spread(kappas(without), alike)
    return found.log_interval() if found else None


def kappas(tables: Ints | Floats) -> Floats:
    """Cohen's kappa of each (… × K × K) table; NaN where it is not defined."""
    total = tables.sum(axis=(-2, -1))
    observed = divided(np.trace(tables, axis1=-2, axis2=-1), total)
    chance = divided((tables.sum(axis=-1) * tables.sum(axis=-2)).sum(axis=-1), total**2)
    return corrected_by(chance, observed)


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


@dataclass(frozen=True)
class Agreeing:
    """How often somebody agreed: k of n comparisons, with the 95 % interval of that share over articles."""

    k: int
    n: int
    interval: tuple[float, float] | None


def with_the_rest(pairs: PairTables, n_coders: int) -> list[Agreeing]:
    """For each coder: comparisons with every other coder on shared units, without interval where units stand alone."""
    size = pairs.tables.shape[-1]
    n_articles = pairs.n_articles or 1
    # Sums of the cells of one pair and article, which stand behind one another.
    both = pairs.key // size**2
    begins = np.flatnonzero(np.diff(both, prepend=-1))
    is_same = (pairs.key - both * size**2) % (size + 1) == 0
    n, k = (np.add.reduceat(one, begins) if len(begins) else one for one in (pairs.times, pairs.times * is_same))
    pair = np.searchsorted(pairs.starts, begins, side="right") - 1
    article = both[begins] % n_articles
    found = []
    for coder in range(n_coders):
        own = ((pairs.a == coder) | (pairs.b == coder))[pair]
        found.append(agreeing_over(*(np.bincount(article[own], weights=one[own]) for one in (k, n))))
    return found


def agreeing_over(k: Ints | Floats, n: Ints | Floats) -> Agreeing:
    """From k and n of each article."""
    found = share_spread(k, n)
    return Agreeing(int(k.sum()), int(n.sum()), found.logit_interval() if found else None)
