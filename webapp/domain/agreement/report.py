"""Every figure of agreement about one set of ratings, in one object that the page, the command line and JSON share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from webapp.domain.agreement.alpha import Level, alpha_of, alpha_per_category, coincidences
from webapp.domain.agreement.bootstrap import RESAMPLES, SEED, Interval, Method, interval
from webapp.domain.agreement.chance import corrected_each_way, specific_agreement
from webapp.domain.agreement.pairs import Pair, PairTables, describe, pair_tables
from webapp.domain.agreement.ratings import Floats, Ints, Ratings, count, defined, raters
from webapp.domain.agreement.status import STATUS_TEXT, Status, status_of

Share = float | None


@dataclass(frozen=True)
class Report:
    """The figures. None is *not defined*, and `status` with its sentence says why; no figure is ever NaN.

    `n_units` counts all units known, `n_rated` those with a rating, `n_pairable` those with two or more, `n_unanimous`
    the pairable ones in which all agree. `alpha`, its interval and `alpha_per_category` are None unless `status` is
    `ok`; the others follow their formulas as far as these go. `alpha` is of the `level`; all others are nominal.
    `p_alpha_667` and `p_alpha_800` are the shares of resamples that reach .667 and .800. `resamples_undefined` of the
    `resamples` had no variation and were left out.
    """

    categories: tuple[str, ...]
    level: Level
    n_units: int
    n_rated: int
    n_pairable: int
    n_unanimous: int
    n_ratings: int
    n_coders: int | None
    percent_agreement: Share
    alpha: Share
    alpha_ci: tuple[float, float] | None
    ci_method: Method | None
    ci_drawn: int
    seed: int
    resamples: int
    resamples_undefined: int
    p_alpha_667: Share
    p_alpha_800: Share
    fleiss_kappa: Share
    gwet_ac1: Share
    brennan_prediger: Share
    category_counts: Mapping[str, int]
    specific_agreement: Mapping[str, Share]
    alpha_per_category: Mapping[str, Share]
    coincidences: tuple[tuple[float, ...], ...]
    pairs: tuple[Pair, ...]
    status: Status
    status_text: str

    def as_json(self) -> dict[str, Any]:
        """The same names with plain values: lists, dictionaries, numbers, strings and None."""
        plain = {name: getattr(self, name) for name in self.__dataclass_fields__}
        for name in ("category_counts", "specific_agreement", "alpha_per_category"):
            plain[name] = dict(plain[name])
        return plain | {
            "categories": list(self.categories),
            "alpha_ci": None if self.alpha_ci is None else list(self.alpha_ci),
            "coincidences": [list(row) for row in self.coincidences],
            "pairs": [pair.as_json() for pair in self.pairs],
        }


def report(
    ratings: Ratings,
    categories: Sequence[str],
    level: Level = "nominal",
    clusters: Ints | None = None,
    seed: int = SEED,
    resamples: int = RESAMPLES,
) -> Report:
    """The report on ratings; `categories` are all there are, in order, used or not.

    `clusters` holds the article of each unit (n_units integers), None where units stand alone. Raises ValueError for an
    index out of range, equal categories, or a coder who rated a unit twice.
    """
    return report_from_counts(
        count(ratings, len(categories)),
        categories,
        level,
        clusters,
        seed,
        resamples,
        pairs=pair_tables(ratings, len(categories)),
        coders=ratings.coders,
        n_coders=ratings.n_coders,
    )


def report_from_counts(
    counts: Ints,
    categories: Sequence[str],
    level: Level = "nominal",
    clusters: Ints | None = None,
    seed: int = SEED,
    resamples: int = RESAMPLES,
    *,
    pairs: PairTables | None = None,
    coders: Sequence[str] = (),
    n_coders: int | None = None,
) -> Report:
    """The same from what a database has counted: `counts` (units × categories), and the tables of pairs if wanted.

    `coders` are the names to which `pairs` refers; `n_coders` is their number unless given.
    """
    names = _names(counts, categories, clusters)
    status = status_of(counts)
    sure = status == "ok"
    return Report(
        categories=names,
        level=level,
        **_coverage(counts),
        n_coders=n_coders if n_coders is not None or not coders else len(coders),
        **corrected_each_way(counts),
        **_by_coincidence(names, coincidences(counts), level, sure),
        **_spread(interval(counts, clusters, level, seed, resamples) if sure else None),
        seed=seed,
        resamples=resamples,
        category_counts=dict(zip(names, map(int, counts.sum(axis=0)), strict=True)),
        specific_agreement=dict(zip(names, specific_agreement(counts), strict=True)),
        pairs=() if pairs is None else describe(pairs, tuple(coders)),
        status=status,
        status_text=STATUS_TEXT[status],
    )


def _names(counts: Ints, categories: Sequence[str], clusters: Ints | None) -> tuple[str, ...]:
    names = tuple(map(str, categories))
    if len(set(names)) < len(names):
        raise ValueError("two categories have one name")
    if counts.ndim != 2 or counts.shape[1] != len(names):
        raise ValueError("counts must have a column for each category")
    if clusters is not None and len(clusters) != len(counts):
        raise ValueError("clusters must have one index for each unit")
    return names


def _coverage(counts: Ints) -> dict[str, Any]:
    size = raters(counts)
    return {
        "n_units": len(counts),
        "n_rated": int((size > 0).sum()),
        "n_pairable": int((size >= 2).sum()),
        "n_unanimous": int(((size >= 2) & ((counts > 0).sum(axis=1) == 1)).sum()),
        "n_ratings": int(size.sum()),
    }


def _by_coincidence(names: tuple[str, ...], coincidence: Floats, level: Level, sure: bool) -> dict[str, Any]:
    per_category = alpha_per_category(coincidence) if sure else [None] * len(names)
    return {
        "alpha": defined(alpha_of(coincidence, level)) if sure else None,
        "alpha_per_category": dict(zip(names, per_category, strict=True)),
        "coincidences": tuple(tuple(map(float, row)) for row in coincidence),
    }


def _spread(found: Interval | None) -> dict[str, Any]:
    if found is None:
        nothing = dict.fromkeys(("alpha_ci", "ci_method", "p_alpha_667", "p_alpha_800"))
        return {**nothing, "ci_drawn": 0, "resamples_undefined": 0}
    return {
        "alpha_ci": (found.low, found.high),
        "ci_method": found.method,
        "ci_drawn": found.drawn,
        "resamples_undefined": found.undefined,
        "p_alpha_667": found.p_tentative,
        "p_alpha_800": found.p_sound,
    }
