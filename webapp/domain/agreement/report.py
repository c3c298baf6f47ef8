"""Every figure of agreement about one set of ratings, in one object that the page, the command line and JSON share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from webapp.domain.agreement.alpha import Metric, alpha_of, alpha_per_category, coincidences, disagreements
from webapp.domain.agreement.chance import corrected_each_way, specific_agreement
from webapp.domain.agreement.intervals import SCALES, Interval, intervals
from webapp.domain.agreement.pairs import Pair, PairTables, describe, pair_tables
from webapp.domain.agreement.ratings import Floats, Ints, Ratings, count, defined, is_divided, of_each_category, raters
from webapp.domain.agreement.status import STATUS_TEXT, Status, status_of

Share = float | None
NOTHING_DRAWN = {"seed": None, "resamples": 0}
"""No interval is drawn at random; programs written when they were still find these names."""


@dataclass(frozen=True)
class Report:
    """The figures. None is *not defined*, and `status` with its sentence says why; no figure is ever NaN.

    `n_units` counts all units known, `n_rated` those with a rating, `n_pairable` those with two or more, `n_unanimous`
    the pairable ones in which all agree. `alpha`, its interval and `alpha_per_category` are None unless `status` is
    `ok`; the others follow their formulas as far as these go. `alpha` is of the `level`, 1 minus
    the `observed_disagreement` D_o over the `expected_disagreement` D_e; all others are nominal.
    `p_alpha_667` and `p_alpha_800` tell how probable it is that alpha reaches .667 and .800.

    Each `…_ci` is a 95 % interval, jackknifed over `ci_clusters` articles with a unit that two people rated, or over
    such units where they belong to no article; `ci_text` says in a sentence why alpha has none.
    """

    categories: tuple[str, ...]
    level: Metric
    n_units: int
    n_rated: int
    n_pairable: int
    n_unanimous: int
    n_ratings: int
    n_coders: int | None
    percent_agreement: Share
    alpha: Share
    observed_disagreement: Share
    expected_disagreement: Share
    alpha_ci: Interval | None
    ci_method: str | None
    ci_text: str
    ci_over: str
    ci_clusters: int
    p_alpha_667: Share
    p_alpha_800: Share
    percent_agreement_ci: Interval | None
    fleiss_kappa_ci: Interval | None
    gwet_ac1_ci: Interval | None
    brennan_prediger_ci: Interval | None
    fleiss_kappa: Share
    gwet_ac1: Share
    brennan_prediger: Share
    category_counts: Mapping[str, int]
    specific_agreement: Mapping[str, Share]
    alpha_per_category: Mapping[str, Share]
    specific_agreement_ci: Mapping[str, Interval | None]
    alpha_per_category_ci: Mapping[str, Interval | None]
    coincidences: tuple[tuple[float, ...], ...]
    pairs: tuple[Pair, ...]
    status: Status
    status_text: str

    def as_json(self) -> dict[str, Any]:
        """The same names with plain values: lists, dictionaries, numbers, strings and None."""
        plain = {name: _plain(getattr(self, name)) for name in self.__dataclass_fields__}
        return plain | {
            "pairs": [pair.as_json() for pair in self.pairs],
            "ci_scales": SCALES,
            **NOTHING_DRAWN,
        }


def _plain(value: Any) -> Any:
    """Lists for tuples and dictionaries for mappings, all the way down."""
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, tuple) else value


def report(
    ratings: Ratings,
    categories: Sequence[str],
    level: Metric = "nominal",
    clusters: Ints | None = None,
    values: Sequence[float] | None = None,
) -> Report:
    """The report on ratings; `categories` are all there are, in order, used or not.

    `clusters` holds the article of each unit (n_units integers), None where units stand alone; `values` are the
    categories as numbers, for the levels interval and ratio. Raises ValueError for an
    index out of range, equal categories, or a coder who rated a unit twice.
    """
    return report_from_counts(
        count(ratings, len(categories)),
        categories,
        level,
        clusters,
        values,
        pairs=pair_tables(ratings, len(categories), clusters),
        coders=ratings.coders,
        n_coders=ratings.n_coders,
    )


def report_from_counts(
    counts: Ints,
    categories: Sequence[str],
    level: Metric = "nominal",
    clusters: Ints | None = None,
    values: Sequence[float] | None = None,
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
    coincidence = coincidences(counts)
    alpha = defined(alpha_of(coincidence, level, values)) if status == "ok" else None
    observed, expected = disagreements(coincidence, level, values)
    return Report(
        categories=names,
        level=level,
        **_coverage(counts),
        n_coders=n_coders if n_coders is not None or not coders else len(coders),
        **corrected_each_way(counts),
        alpha=alpha,
        observed_disagreement=None if alpha is None else defined(observed),
        expected_disagreement=None if alpha is None else defined(expected),
        **_by_coincidence(names, coincidence, status == "ok"),
        **intervals(counts, clusters, names, level, alpha, values),
        category_counts=dict(zip(names, map(int, of_each_category(counts)), strict=True)),
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
        "n_unanimous": int(((size >= 2) & ~is_divided(counts)).sum()),
        "n_ratings": int(size.sum()),
    }


def _by_coincidence(names: tuple[str, ...], coincidence: Floats, sure: bool) -> dict[str, Any]:
    per_category = alpha_per_category(coincidence) if sure else [None] * len(names)
    return {
        "alpha_per_category": dict(zip(names, per_category, strict=True)),
        "coincidences": tuple(tuple(map(float, row)) for row in coincidence),
    }
