"""Agreement observed, and corrected for chance with raters who differ in number from unit to unit.

Source of the coefficients for unequal raters: Gwet 2014, Handbook of Inter-Rater Reliability, 4th edition.
Every function takes the (units × categories) count matrix, K being all categories given, used or not.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from webapp.domain.agreement.ratings import Floats, Ints, agreeing, defined, divided, of_each_category, pairable, raters


def unit_agreement(counts: Ints) -> Floats:
    """The share of agreeing pairs in each unit, 0 … 1; NaN for a unit with fewer than two ratings."""
    size = raters(counts)
    return np.asarray(divided(agreeing(counts), size * (size - 1)))


def category_shares(counts: Ints) -> Floats:
    """The share of each category (K values): the mean of each unit's shares over all units with a rating (Gwet 2014).

    NaN without a rating.
    """
    size = raters(counts)
    rated = size > 0
    inverse = np.where(rated, 1.0 / np.maximum(size, 1), 0.0)
    return np.asarray(divided(inverse @ counts, rated.sum()))


def percent_agreement(counts: Ints) -> float | None:
    """The mean over shared units of the share of agreeing pairs (Fleiss 1971), 0 … 1; None without a shared unit."""
    shared = pairable(counts)
    return float(unit_agreement(shared).mean()) if len(shared) else None


def fleiss_chance(shares: Floats) -> Floats:
    """Chance agreement of Fleiss 1971 (for two raters: Scott's pi) of shares (… × K): Σ share²."""
    return np.asarray((shares**2).sum(axis=-1))


def ac1_chance(shares: Floats) -> Floats:
    """Chance agreement of Gwet's AC1 (Gwet 2008, 2014): Σ share·(1 - share) / (K - 1); NaN for K = 1."""
    return np.asarray(divided((shares * (1 - shares)).sum(axis=-1), shares.shape[-1] - 1))


def uniform_chance(shares: Floats) -> Floats:
    """Chance agreement of Brennan & Prediger 1981: 1 / K; NaN without a category."""
    return np.asarray(divided(1.0, shares.shape[-1]))


CHANCE: dict[str, Callable[[Floats], Floats]] = {
    "fleiss_kappa": fleiss_chance,
    "gwet_ac1": ac1_chance,
    "brennan_prediger": uniform_chance,
}
"""By which chance each coefficient is corrected."""


def corrected(observed: float | None, by_chance: Floats) -> float | None:
    """(observed - chance) / (1 - chance), at most 1; None where nothing was observed or chance alone explains all."""
    return None if observed is None else defined(corrected_by(by_chance, observed))


def corrected_by(by_chance: Floats, observed: Floats | float) -> Floats:
    """The same for many samples at once, NaN where it is not defined."""
    return np.asarray(divided(observed - by_chance, 1.0 - by_chance))


def corrected_each_way(counts: Ints) -> dict[str, Any]:
    """What is observed, and the three coefficients, by name; observed and shares are counted once."""
    observed, shares = percent_agreement(counts), category_shares(counts)
    coefficients = {name: corrected(observed, by_chance(shares)) for name, by_chance in CHANCE.items()}
    return {"percent_agreement": observed, **coefficients}


def fleiss_kappa(counts: Ints) -> float | None:
    """Fleiss' kappa (Fleiss 1971; unequal raters: Gwet 2014)."""
    return corrected(percent_agreement(counts), fleiss_chance(category_shares(counts)))


def specific_agreement(counts: Ints) -> list[float | None]:
    """For each category: when one coder chose it, how often another did too, 0 … 1; None for one never chosen.

    Σ n_c·(n_c - 1) / Σ n_c·(r - 1) over shared units (Cicchetti & Feinstein 1990; more raters: Uebersax 1982).
    """
    shared = pairable(counts)
    others = raters(shared) - 1
    both = np.einsum("uk,uk->k", shared, shared, dtype=np.int64) - of_each_category(shared)
    return [defined(one) for one in divided(both, others @ shared)]
