"""Alpha from sums over articles, so that one article more or less, or a thousand draws of them, is an addition."""

import numpy as np

from webapp.domain.agreement.alpha import Level, alpha_of, group_coincidences, nominal_alpha
from webapp.domain.agreement.ratings import Floats, Ints, agreeing, raters


def article_sums(shared: Ints, group: Ints, n_groups: int, level: Level) -> Floats:
    """What alpha needs of each article, a row each: K marginals and one agreement; all coincidences if not nominal.

    `shared` are the (units × K) counts of units with two ratings or more, `group` the article of each.
    """
    if level != "nominal":
        return group_coincidences(shared, group, n_groups).reshape(n_groups, -1)
    columns = (*shared.T, agreeing(shared) / (raters(shared) - 1))
    return np.column_stack([np.bincount(group, weights=column, minlength=n_groups) for column in columns])


def alphas_of(sums: Floats, size: int, level: Level) -> Floats:
    """Alpha of each row of such sums, of `size` categories; NaN where it is not defined."""
    if level == "nominal":
        return nominal_alpha(sums[:, :size], sums[:, size])
    return alpha_of(sums.reshape(-1, size, size), level)
