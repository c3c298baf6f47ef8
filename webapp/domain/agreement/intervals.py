"""The 95 % interval of every figure of a report, each on the scale that suits it, from sums without each article."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from webapp.domain.agreement.alpha import SOUND, TENTATIVE, Metric, category_alphas
from webapp.domain.agreement.chance import CHANCE, corrected_by
from webapp.domain.agreement.jackknife import FEWEST, NOTHING, Spread, share_spread, spread
from webapp.domain.agreement.ratings import Floats, Ints, divided
from webapp.domain.agreement.sums import Sums, alphas_without_each, sums_without_each, units_of

METHOD = "jackknife-t-log"
LOG, LOGIT = "log(1 - figure)", "log(figure / (1 - figure))"
SCALES = {
    "percent_agreement": LOGIT,
    "alpha": LOG,
    "fleiss_kappa": LOG,
    "gwet_ac1": LOG,
    "brennan_prediger": LOG,
    "specific_agreement": LOGIT,
    "alpha_per_category": LOG,
    "cohen_kappa": LOG,
}
"""On which scale the interval of each figure reaches equally far to both sides."""
Interval = tuple[float, float]


def intervals(
    counts: Ints,
    clusters: Ints | None,
    names: Sequence[str],
    level: Metric,
    alpha: float | None,
    values: Sequence[float] | None = None,
) -> dict[str, Any]:
    """The fields of a report that tell how unsure its figures are; `alpha` is None where it is not to be judged."""
    units = units_of(counts, clusters)
    sums = sums_without_each(units)
    alphas = None if alpha is None else alphas_without_each(sums, units, level, values)
    found = None if alphas is None else spread(alphas, sums.times)
    by_category = [None] * len(names) if alpha is None else [on_log(one) for one in _alphas_of_categories(sums)]
    over = "units" if clusters is None else "articles"
    return {
        "alpha_ci": on_log(found),
        "ci_method": METHOD if found else None,
        "ci_text": "" if found else _why_there_is_none(alphas, sums.articles, over),
        "ci_over": over,
        "ci_clusters": sums.articles,
        "p_alpha_667": found and found.reaches(TENTATIVE),
        "p_alpha_800": found and found.reaches(SOUND),
        **_of_what_is_observed(sums),
        "specific_agreement_ci": dict(zip(names, map(on_logit, _specific_agreement(sums)), strict=True)),
        "alpha_per_category_ci": dict(zip(names, by_category, strict=True)),
    }


def on_log(found: Spread | None) -> Interval | None:
    return found.log_interval() if found else None


def on_logit(found: Spread | None) -> Interval | None:
    return found.logit_interval() if found else None


def _why_there_is_none(alphas: Floats | None, number: int, over: str) -> str:
    """One sentence, from alpha and what it is without each; `number` is how many articles, or units, were left out."""
    if alphas is None:
        return "There is no interval, as alpha is not defined."
    if number < FEWEST:
        what = "articles with a sentence" if over == "articles" else "units"
        there = f"there {'is' if number == 1 else 'are'} {number}"
        return f"An interval takes {FEWEST} {what} that two people rated, or more; here {there}."
    if alphas[0] > 1 - NOTHING:
        return f"There is no interval at alpha 1: whichever of the {over} is left out, it stays 1."
    if np.isfinite(alphas).all():
        return f"There is no interval: alpha comes to the same, whichever of the {over} is left out."
    return f"There is no interval: without one of the {over} all ratings are of one category, and alpha is not defined."


def _of_what_is_observed(sums: Sums) -> dict[str, Interval | None]:
    """Of agreement as it is observed, and corrected by each chance."""
    own = (sums.agreement[0] - sums.agreement[1:], sums.shared[0] - sums.shared[1:])
    observed, shares = divided(sums.agreement, sums.shared), divided(sums.shares, sums.rated[:, None])
    found = {"percent_agreement_ci": on_logit(share_spread(*own, sums.times))}
    for name, by_chance in CHANCE.items():
        found[f"{name}_ci"] = on_log(spread(corrected_by(by_chance(shares), observed), sums.times))
    return found


def _specific_agreement(sums: Sums) -> Iterator[Spread | None]:
    again, chosen = (sums.chosen_again[0] - sums.chosen_again[1:]).T, (sums.chosen[0] - sums.chosen[1:]).T
    for k, n in zip(again, chosen, strict=True):
        yield share_spread(k, n, sums.times)


def _alphas_of_categories(sums: Sums) -> Iterator[Spread | None]:
    """An article without a category tells next to nothing of it, and one with nothing else neither.

    They are left out like all others, but Student's t goes by the number of those that tell, or a tag that stands in
    three of forty articles would seem to be known from forty.
    """
    alphas = category_alphas(sums.marginal, sums.same)
    for category, telling in zip(alphas.T, sums.articles_that_tell, strict=True):
        yield spread(category, sums.times, int(telling))
