"""Ratings as arrays, and what is counted from them once: unit × category and coder × category."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.integer[Any]]
Floats = NDArray[np.float64]
GAP = -1


@dataclass(frozen=True)
class Ratings:
    """One rating each position: who said what of which unit.

    `unit`: 0 … n_units - 1. `coder`: 0 … len(coders) - 1, or None where nobody knows who gave a rating; then there are
    no pairs of coders. `category`: the place of the category in the list of categories, or `GAP` for none given.
    `coders`: their names. Units and coders without a rating may be counted in `n_units` and `coders`.

    Raises ValueError when the arrays differ in length or an index lies outside its range.
    """

    unit: Ints
    coder: Ints | None
    category: Ints
    n_units: int
    coders: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len(self.category) != len(self.unit) or (self.coder is not None and len(self.coder) != len(self.unit)):
            raise ValueError("unit, coder and category must be equally long")
        within(self.unit, self.n_units, "unit")
        if self.coder is not None:
            within(self.coder, len(self.coders), "coder")

    @property
    def n_coders(self) -> int | None:
        """How many coders there are; None where nobody knows who gave a rating."""
        return None if self.coder is None else len(self.coders)


def within(index: Ints, size: int, name: str, lowest: int = 0) -> None:
    """Raises ValueError unless every index is from `lowest` to size - 1."""
    if len(index) and (index.min() < lowest or index.max() >= size):
        raise ValueError(f"{name} must be from {lowest} to {size - 1}")


def from_rows(
    rows: Sequence[Sequence[Hashable | None]], categories: Sequence[Hashable], identity: bool = True
) -> Ratings:
    """Ratings from a table with a row for each unit and a column for each coder; None is a gap.

    `identity` False: the columns are not the same people from row to row. Raises KeyError for an unknown category.
    """
    place = {category: index for index, category in enumerate(categories)}
    cells = [
        (unit, coder, GAP if value is None else place[value])
        for unit, row in enumerate(rows)
        for coder, value in enumerate(row)
    ]
    unit, coder, category = np.array(cells, dtype=np.int64).reshape(-1, 3).T
    names = tuple(str(number) for number in range(1, max(map(len, rows), default=0) + 1)) if identity else ()
    return Ratings(unit, coder if identity else None, category, len(rows), names)


def count(ratings: Ratings, n_categories: int) -> Ints:
    """How often each unit was given each category: (n_units × n_categories), integers from 0."""
    return _cross(ratings.unit, ratings.n_units, ratings.category, n_categories)


def count_by_coder(ratings: Ratings, n_categories: int) -> Ints:
    """How often each coder gave each category: (n_coders × n_categories); no rows where coders are not known."""
    if ratings.coder is None:
        return np.zeros((0, n_categories), dtype=np.int64)
    return _cross(ratings.coder, len(ratings.coders), ratings.category, n_categories)


def _cross(row: Ints, n_rows: int, category: Ints, n_categories: int) -> Ints:
    within(category, n_categories, "category", GAP)
    given = category != GAP
    if not given.all():
        row, category = row[given], category[given]
    cells: Ints = np.bincount(row * np.int64(n_categories) + category, minlength=n_rows * n_categories)
    return cells.reshape(n_rows, n_categories)


def raters(counts: Ints) -> Ints:
    """How many ratings each unit has, of (units × categories); several times as fast as `sum` along a short axis."""
    return np.asarray(np.einsum("uk->u", counts, dtype=np.int64))


def of_each_category(counts: Ints) -> Ints:
    """How many ratings each category has, likewise; several times as fast as `sum` along rows that are short."""
    return np.asarray(np.einsum("uk->k", counts, dtype=np.int64))


def numbered(clusters: Ints) -> tuple[Ints, int]:
    """For each unit the place of its cluster among all, rising, and how many there are; mostly they come in order."""
    steps = np.diff(clusters)
    if (steps < 0).any() or not len(clusters):
        names, group = np.unique(clusters, return_inverse=True)
        return group, len(names)
    group = np.r_[0, np.cumsum(steps > 0)]
    return group, int(group[-1]) + 1


def agreeing(counts: Ints) -> Ints:
    """How many ordered pairs of ratings agree in each unit: Σ n_c·(n_c - 1)."""
    return np.asarray(np.einsum("uk,uk->u", counts, counts, dtype=np.int64)) - raters(counts)


def is_divided(counts: Ints) -> Any:
    """Whether a unit was given two different categories."""
    size = raters(counts)
    return agreeing(counts) < size * (size - 1)


def pairable(counts: Ints) -> Ints:
    """The rows of the (units × categories) count matrix with two ratings or more."""
    shared = raters(counts) >= 2
    rows: Ints = counts if shared.all() else counts[shared]
    return rows


def defined(value: Any) -> float | None:
    """A plain float, or None for one that is not finite: undefined never leaves this package as NaN."""
    return float(value) if np.isfinite(value) else None


def divided(above: Any, below: Any) -> Any:
    """`above / below` as floats, NaN where `below` is (next to) nothing."""
    below = np.asarray(below, dtype=float)
    empty = np.abs(below) < 1e-12
    return np.where(empty, np.nan, np.asarray(above, dtype=float) / np.where(empty, 1.0, below))
