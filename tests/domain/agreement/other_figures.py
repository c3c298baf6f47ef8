"""Figures that other software gives and the product does not: they tie ours to published ones.

Conger's kappa, Fleiss' kappa of a category, standard errors by linearisation with Student's interval. Source of these: Gwet 2014, Handbook of Inter-Rater Reliability, 4th edition. They take units for independent and so come out too
small where sentences of an article go together; what is published is the bootstrap of whole articles.
"""

import math

import numpy as np

from webapp.domain.agreement.chance import (
    ac1_chance,
    category_shares,
    corrected,
    fleiss_chance,
    fleiss_kappa,
    percent_agreement,
    uniform_chance,
    unit_agreement,
)
from webapp.domain.agreement.ratings import Floats, Ints, defined, raters

# The two-sided 95 % points of Student's t that have no short series.
FEW = {1: 12.706204736, 2: 4.302652730, 3: 3.182446305, 4: 2.776445105}
NORMAL_95 = 1.959963984540054


def conger_kappa(counts: Ints, by_coder: Ints) -> float | None:
    """Conger's kappa (Conger 1980; unequal raters: Gwet 2014): each coder has chances of their own.

    `by_coder` is coders × categories. None with fewer than two coders who rated. With two it is Cohen's kappa, provided
    both rated every unit.
    """
    active = by_coder[by_coder.sum(axis=1) > 0]
    if len(active) < 2:
        return None
    shares = active / active.sum(axis=1, keepdims=True)
    chance = (shares.mean(axis=0) ** 2).sum() - (shares.var(axis=0, ddof=1) / len(active)).sum()
    return corrected(percent_agreement(counts), float(chance))


def fleiss_category_kappa(counts: Ints) -> list[float | None]:
    """Fleiss' kappa of each category against all the rest together (Fleiss 1971); None for one with all or nothing."""
    size = raters(counts)
    return [fleiss_kappa(np.column_stack((one, size - one))) for one in counts.T]


def standard_errors(counts: Ints) -> dict[str, float | None]:
    """The standard error of each coefficient of a (units × categories) count matrix; None where it is not defined."""
    rated = counts[counts.sum(axis=1) > 0]
    shares = category_shares(rated)
    raters = rated.sum(axis=1)[:, None]
    fleiss = (rated / raters) @ shares
    ac1 = ((rated / raters) @ (1 - shares)) / max(len(shares) - 1, 1)
    flat = np.full(len(rated), uniform_chance(shares))
    return {
        "percent_agreement": _corrected(rated, 0.0, np.zeros(len(rated))),
        "brennan_prediger": _corrected(rated, uniform_chance(shares), flat),
        "fleiss_kappa": _corrected(rated, fleiss_chance(shares), fleiss),
        "gwet_ac1": _corrected(rated, ac1_chance(shares), ac1),
        "alpha": _alpha(rated),
    }


def _corrected(rated: Ints, chance: float, unit_chance: Floats) -> float | None:
    """Of (observed - chance) / (1 - chance), `unit_chance` being what each unit adds to chance (Gwet 2014)."""
    agreement = unit_agreement(rated)
    shared = np.isfinite(agreement)
    if shared.sum() < 1 or not 1 - chance > 1e-12:
        return None
    per_unit = np.where(shared, agreement - chance, 0.0) * (len(rated) / shared.sum()) / (1 - chance)
    value = per_unit.mean()
    return _spread(per_unit - 2 * (1 - value) * (unit_chance - chance) / (1 - chance), value)


def _alpha(rated: Ints) -> float | None:
    """Of Krippendorff's alpha (Gwet 2014); its small-sample term is taken as fixed."""
    shared = rated[rated.sum(axis=1) >= 2]
    if not len(shared):
        return None
    raters = shared.sum(axis=1)
    mean = raters.mean()
    shares = shared.mean(axis=0) / mean
    chance = fleiss_chance(shares)
    if not 1 - chance > 1e-12:
        return None
    excess = (raters - mean) / mean
    agreement = (shared * (shared - 1)).sum(axis=1) / (mean * (raters - 1))
    value = (agreement.mean() - chance) / (1 - chance)
    per_unit = (agreement - agreement.mean() * excess - chance) / (1 - chance)
    unit_chance = shared @ shares / mean - chance * excess
    return _spread(per_unit - 2 * (1 - value) * (unit_chance - chance) / (1 - chance), value)


def _spread(per_unit: Floats, value: float) -> float | None:
    size = len(per_unit)
    return defined(math.sqrt(((per_unit - value) ** 2).sum() / (size * (size - 1)))) if size > 1 else None


def student_interval(value: float | None, error: float | None, counts: Ints) -> tuple[float, float] | None:
    """Value ± t · error, cut at 1, with one degree of freedom fewer than there are rated units; None if not defined."""
    freedom = int((counts.sum(axis=1) > 0).sum()) - 1
    if value is None or error is None or freedom < 1:
        return None
    reach = student_95(freedom) * error
    return value - reach, min(1.0, value + reach)


def student_95(freedom: int) -> float:
    """The two-sided 95 % point of Student's t, to four digits (Abramowitz & Stegun 1964, 26.7.5)."""
    if freedom in FEW:
        return FEW[freedom]
    x = NORMAL_95
    terms = (
        (x**3 + x) / 4,
        (5 * x**5 + 16 * x**3 + 3 * x) / 96,
        (3 * x**7 + 19 * x**5 + 17 * x**3 - 15 * x) / 384,
        (79 * x**9 + 776 * x**7 + 1482 * x**5 - 1920 * x**3 - 945 * x) / 92160,
    )
    return x + sum(term / float(freedom) ** power for power, term in enumerate(terms, 1))
