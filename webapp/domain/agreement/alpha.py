"""Krippendorff's alpha, from nothing but coincidences: for all categories, for each of them, for many samples at once.

Source: Krippendorff 2011, Computing Krippendorff's Alpha-Reliability; Krippendorff 2004, Content Analysis, chapter 11.
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np

from webapp.domain.agreement.ratings import Floats, Ints, defined, divided, raters

Metric = Literal["nominal", "ordinal", "interval", "ratio"]
TENTATIVE, SOUND = 0.667, 0.800
"""From which on alpha allows tentative conclusions, and sound ones (Krippendorff 2004, p. 241)."""


def coincidences(counts: Ints) -> Floats:
    """How often each category meets each other in a unit: (K × K), symmetric, sums to the number of pairable ratings.

    `counts` is units × categories. A unit with r ratings adds n_c·n_k / (r - 1), on the diagonal
    n_c·(n_c - 1) / (r - 1); a unit with fewer than two ratings adds nothing (Krippendorff 2011).
    """
    given, others = counts.astype(float), raters(counts) - 1
    weight = np.where(others > 0, 1.0 / np.maximum(others, 1), 0.0)
    return np.asarray((given * weight[:, None]).T @ given - np.diag(weight @ given))


def alpha_of(coincidence: Floats, level: Metric = "nominal", values: Sequence[float] | None = None) -> Floats:
    """Alpha of each (… × K × K) coincidence matrix; NaN where it is not defined: no pairs, or no variation.

    alpha = 1 - (n - 1) · Σ o_ck·δ²_ck / Σ n_c·n_k·δ²_ck (Krippendorff 2011). For the ordinal level the
    categories are taken in the order of the matrix, for interval and ratio at their `values` (default 1 … K).
    """
    observed, expected = disagreements(coincidence, level, values)
    return np.asarray(1.0 - divided(observed, expected))


def disagreements(
    coincidence: Floats, level: Metric = "nominal", values: Sequence[float] | None = None
) -> tuple[Floats, Floats]:
    """D_o, the disagreement observed, and D_e, that expected by chance: alpha = 1 - D_o / D_e (Krippendorff 2011).

    D_o = Σ o_ck·δ²_ck / n, D_e = Σ n_c·n_k·δ²_ck / (n·(n - 1)); NaN where there is no pair.
    """
    marginal = coincidence.sum(axis=-1)
    distance = squared_distance(marginal, level, values)
    number = marginal.sum(axis=-1)
    observed = (coincidence * distance).sum(axis=(-2, -1))
    expected = np.einsum("...c,...k,...ck->...", marginal, marginal, distance)
    return np.asarray(divided(observed, number)), np.asarray(divided(expected, number * (number - 1.0)))


def nominal_alpha(marginal: Floats, agreeing: Floats) -> Floats:
    """Nominal alpha of many samples at once from K + 1 numbers each, NaN where it is not defined.

    `marginal` (… × K): ratings of each category in shared units; `agreeing` (…): the sum of the coincidences' diagonal.
    """
    total = marginal.sum(axis=-1)
    return np.asarray(1.0 - divided((total - 1.0) * (total - agreeing), total**2 - (marginal**2).sum(axis=-1)))


def squared_distance(marginal: Floats, level: Metric, values: Sequence[float] | None = None) -> Floats:
    """δ² between categories (Krippendorff 2011): (… × K × K), 0 on the diagonal.

    `marginal` (… × K) holds how many pairable ratings each category has; the ordinal distance depends on it: the number
    of ratings from one category to the other, each end counted half.
    """
    size = marginal.shape[-1]
    if level == "nominal":
        return np.broadcast_to(1.0 - np.eye(size), (*marginal.shape, size))
    if level == "ordinal":
        middle = np.cumsum(marginal, axis=-1) - marginal / 2
        return np.asarray((middle[..., :, None] - middle[..., None, :]) ** 2)
    point = np.arange(1.0, size + 1) if values is None else np.asarray(values, dtype=float)
    apart = point[:, None] - point[None, :]
    if level == "ratio":
        together = point[:, None] + point[None, :]
        apart = apart / np.where(together, together, 1.0)
    elif values is not None:
        apart = apart / (np.abs(apart).max(initial=0) or 1.0)  # alpha is the same in grams and in tonnes
    return np.broadcast_to(apart**2, (*marginal.shape, size))


def alpha(counts: Ints, level: Metric = "nominal", values: Sequence[float] | None = None) -> float | None:
    """Alpha of a (units × categories) count matrix, at most 1; None where it is not defined."""
    return defined(alpha_of(coincidences(counts), level, values))


def alpha_per_category(coincidence: Floats) -> list[float | None]:
    """Nominal alpha of each category against all the rest together; None for one that has all ratings or none.

    Merging the rest leaves the disagreement n_c - o_cc and the expectation n_c·(n - n_c) / (n - 1) on either side
    (Krippendorff 2004).
    """
    return [defined(one) for one in category_alphas(coincidence.sum(axis=1), np.diagonal(coincidence))]


def category_alphas(marginal: Floats, same: Floats) -> Floats:
    """The same for many samples at once, from ratings of each category and the diagonals of coincidences: … × K."""
    total = marginal.sum(axis=-1, keepdims=True)
    return np.asarray(1.0 - divided((total - 1.0) * (marginal - same), marginal * (total - marginal)))
