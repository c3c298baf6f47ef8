"""The figures of the agreement page, from the answers that count as arrays: pooled, never averaged over articles."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from webapp.domain import plots
from webapp.domain.agreement import (
    GAP,
    Agreeing,
    Aside,
    Pair,
    PairTables,
    Ratings,
    Report,
    agreeing_over,
    count,
    disputed,
    normalised_entropy,
    pair_tables,
    reading,
    report_from_counts,
    set_aside,
    with_the_rest,
)
from webapp.domain.agreement.intervals import Interval
from webapp.domain.agreement.planning import SamplePlan, plan_sample
from webapp.domain.agreement.ratings import Ints, raters
from webapp.domain.agreement.reading import ENOUGH_UNITS
from webapp.domain.terms import FOUR_TAGS, Credibility, Reliability, Tag, Term

TAGS = tuple(Tag)
NOT_CODABLE = TAGS.index(Tag.NOT_CODABLE)
SCALES: dict[str, tuple[str, type[Term]]] = {
    "source_reliability": ("Reliability of the source", Reliability),
    "information_credibility": ("Credibility of the information", Credibility),
}
FEWEST_SHARED = 10
"""Our convention: two analysts who share fewer sentences than this have no coefficient of their own."""
SHADES = 5


@dataclass(frozen=True)
class Coder:
    """An analyst: known by the code, the name being for those who may ask for it."""

    user_id: int
    code: str
    name: str


@dataclass(frozen=True)
class Named:
    """The answers that name a source: the place of the sentence, and that of the entry which stands for the source."""

    unit: Ints
    root: Ints


NOBODY_NAMED = Named(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))


@dataclass(frozen=True)
class CountedAnswers:
    """The answers that count: the ids of the sentences with their articles, and one entry for each answer.

    `unit` and `coder` are places in `sentences` and `coders`, `said` is a place in the five tags. `rated` holds for
    each scale the place of the value among its terms, GAP for none; `has_own_letter` whether the letter is that of a
    rating which this analyst gave.
    """

    sentences: Ints
    articles: Ints
    coders: tuple[Coder, ...]
    unit: Ints
    coder: Ints
    said: Ints
    rated: Mapping[str, Ints] = field(default_factory=dict)
    has_own_letter: NDArray[np.bool_] | None = None
    named: Named = NOBODY_NAMED

    @cached_property
    def all_counts(self) -> Ints:
        """How many analysts gave each sentence each of the five tags."""
        return count(Ratings(self.unit, None, self.said, len(self.sentences)), len(TAGS))

    @cached_property
    def counts(self) -> Ints:
        """The same for the four tags that the coefficients know."""
        return np.ascontiguousarray(self.all_counts[:, : len(FOUR_TAGS)])

    @cached_property
    def ratings(self) -> Ratings:
        """Who gave which of the four tags; *not codable* is a gap."""
        said = np.where(self.said == NOT_CODABLE, GAP, self.said)
        return Ratings(self.unit, self.coder, said, len(self.sentences), tuple(coder.code for coder in self.coders))

    @cached_property
    def most_divided_first(self) -> Ints:
        """The places of the disputed sentences: two or more answers, not all the same tag, of which there are five."""
        return disputed(self.all_counts)[0]

    def rows_of_cell(self, a: Tag, b: Tag) -> Ints:
        """The places of the sentences to which one analyst gave `a` and another `b`, most divided first."""
        first, second = (self.all_counts[:, TAGS.index(tag)] for tag in (a, b))
        rows = np.flatnonzero(first >= 2 if a is b else (first > 0) & (second > 0))
        return np.asarray(rows[np.argsort(-normalised_entropy(self.all_counts[rows]).round(12), kind="stable")])


@dataclass(frozen=True)
class Gold:
    """The settled tags: ids of sentences, places in the five tags, and which were settled for being unanimous."""

    sentences: Ints
    tags: Ints
    unanimous: NDArray[np.bool_]


# ---- what the page shows


@dataclass(frozen=True)
class TagRow:
    """One tag: how often it was given, how well analysts agree on it, with intervals, what they confuse it with."""

    tag: Tag
    n: int
    of: int
    specific: float | None
    specific_ci: Interval | None
    alpha: float | None
    alpha_ci: Interval | None
    confused_with: Tag | None
    confused_in: int


@dataclass(frozen=True)
class Cell:
    """Two tags: the sentences that were given both, their coincidences, and the shade, 0 … SHADES."""

    a: Tag
    b: Tag
    sentences: int
    coincidences: float
    shade: int


@dataclass(frozen=True)
class Share:
    """How often an analyst gave a tag, and how often the others did."""

    tag: Tag
    k: int
    n: int
    others_k: int
    others_n: int

    @property
    def own(self) -> float | None:
        return self.k / self.n if self.n else None

    @property
    def others(self) -> float | None:
        return self.others_k / self.others_n if self.others_n else None


@dataclass(frozen=True)
class CoderRow:
    """One analyst beside all others: answers, *not codable* ones, shares of tags, agreement with the rest and gold."""

    coder: Coder
    answers: int
    not_codable: int
    shares: tuple[Share, ...]
    rest: Agreeing
    gold: Agreeing | None

    @property
    def plot(self) -> plots.Shares:
        return plots.shares((share.own, share.others) for share in self.shares)


@dataclass(frozen=True)
class Scale:
    """One of the two rating scales: its ordinal figures, and how often it could not be judged."""

    column: str
    label: str
    gap: Term
    report: Report
    reading: str
    aside: Aside

    @property
    def is_enough(self) -> bool:
        return self.report.n_pairable >= ENOUGH_UNITS

    @property
    def plot(self) -> plots.AlphaScale | None:
        return _plot(self.report)


@dataclass(frozen=True)
class SameSource:
    """Whether two analysts who both named a source of a sentence meant the same: pairs of answers, k of n."""

    k: int
    n: int
    sentences: int
    interval: Interval | None = None
    """95 %, jackknifed over the articles with such a pair, on log odds."""

    @property
    def share(self) -> float | None:
        return self.k / self.n if self.n else None

    def as_json(self) -> dict[str, Any]:
        return {"same": self.k, "pairs": self.n, "sentences": self.sentences, "share": self.share} | {
            "ci": self.interval and list(self.interval)
        }


@dataclass(frozen=True)
class LetterAndNumber:
    """How often an analyst's letter and number of a sentence are A1, B2, … or E5: k of n answers that have both."""

    coder: Coder
    k: int
    n: int
    left_out: int
    """Answers with F or 6, which stand on no scale."""

    @property
    def is_enough(self) -> bool:
        return self.n >= FEWEST_SHARED

    def as_json(self) -> dict[str, Any]:
        return {"coder_id": self.coder.code, "on_the_diagonal": self.k, "answers": self.n, "with_F_or_6": self.left_out}


@dataclass(frozen=True)
class Figures:
    """Everything that the page tells about the answers."""

    report: Report
    reading: str
    is_enough: bool
    n_answers: int
    n_pairs: int
    not_codable: Aside
    not_codable_beside: tuple[tuple[Tag, int], ...]
    tags: tuple[TagRow, ...]
    cells: tuple[Cell, ...]
    coders: tuple[CoderRow, ...]
    scales: tuple[Scale, ...]
    n_letters_left_out: int
    """Letters that are not those of the analyst's own ratings."""
    same_source: SameSource
    letters_and_numbers: tuple[LetterAndNumber, ...]
    """For supervisors; none where nobody gave both."""
    n_disputed: int
    n_to_settle: int
    """Of the disputed sentences those without a gold tag."""
    sample_plan: SamplePlan
    """How many articles it takes until alpha is known better."""

    @property
    def plot(self) -> plots.AlphaScale | None:
        return _plot(self.report)

    def cell(self, a: Tag, b: Tag) -> Cell:
        return next(cell for cell in self.cells if {cell.a, cell.b} == {a, b})

    def pair(self, a: str, b: str) -> Pair | None:
        """The two analysts' figures by their codes, if they share a sentence."""
        return self._pairs.get(frozenset((a, b)))

    @cached_property
    def _pairs(self) -> dict[frozenset[str], Pair]:
        return {frozenset((pair.a, pair.b)): pair for pair in self.report.pairs if pair.n}

    def as_json(self, *, supervises: bool = False) -> dict[str, Any]:
        """All of it with plain values; some of it for supervisors alone."""
        told = [row.as_json() for row in self.letters_and_numbers]
        return self._as_json() | ({"letters_and_numbers": told} if supervises else {})

    def _as_json(self) -> dict[str, Any]:
        return {
            "tags": self.report.as_json() | {"reading": self.reading},
            "sample_plan": self.sample_plan.as_json(),
            "not_codable": self.not_codable.as_json(),
            "cells": [_cell_as_json(cell) for cell in self.cells],
            "coders": [_coder_as_json(row) for row in self.coders],
            "ratings": {
                scale.column: scale.report.as_json()
                | {"reading": scale.reading, "cannot_be_judged": scale.aside.as_json()}
                for scale in self.scales
            },
            "letters_left_out": self.n_letters_left_out,
            "same_source": self.same_source.as_json(),
        }


def _plot(report: Report) -> plots.AlphaScale | None:
    """The scale of alpha; None where there is no interval."""
    return plots.alpha_scale(report.alpha, *report.alpha_ci) if report.alpha_ci and report.alpha is not None else None


def _cell_as_json(cell: Cell) -> dict[str, Any]:
    return {"a": cell.a.value, "b": cell.b.value, "sentences": cell.sentences, "coincidences": cell.coincidences}


def _coder_as_json(row: CoderRow) -> dict[str, Any]:
    return {
        "coder_id": row.coder.code,
        "answers": row.answers,
        "not_codable": row.not_codable,
        "tags": {share.tag.value: share.k for share in row.shares},
        "tags_of_others": {share.tag.value: share.others_k for share in row.shares},
        "agreement_with_the_rest": _agreeing_as_json(row.rest, "comparisons"),
        "agreement_with_gold": row.gold and _agreeing_as_json(row.gold, "sentences"),
    }


def _agreeing_as_json(found: Agreeing, among: str) -> dict[str, Any]:
    return {"agreeing": found.k, among: found.n, "ci": found.interval and list(found.interval)}


# ---- how it is told


def figures(counted: CountedAnswers, gold: Gold | None = None) -> Figures:
    """The figures of the answers; `gold` holds the settled tags, None where nothing is settled yet."""
    pairs = pair_tables(counted.ratings, len(FOUR_TAGS), counted.articles)
    codes = tuple(coder.code for coder in counted.coders)
    report = report_from_counts(counted.counts, FOUR_TAGS, clusters=counted.articles, pairs=pairs, coders=codes)
    cells = tuple(_cells(counted.counts, report))
    gold_tags = _gold_tags(counted, gold)
    marks, answered = counted.all_counts[:, NOT_CODABLE], raters(counted.all_counts)
    size = raters(counted.counts)
    return Figures(
        report=report,
        reading=reading(report),
        is_enough=report.n_pairable >= ENOUGH_UNITS,
        n_answers=len(counted.unit),
        n_pairs=int((size * (size - 1) // 2).sum()),
        not_codable=set_aside(marks, answered, counted.articles),
        not_codable_beside=tuple(_beside_not_codable(counted)),
        tags=tuple(_tag_row(tag, report, cells) for tag in FOUR_TAGS),
        cells=cells,
        coders=tuple(_coder_rows(counted, pairs, None if gold is None else _with_gold(counted, gold_tags))),
        scales=tuple(_scales(counted)),
        n_letters_left_out=_letters_left_out(counted),
        same_source=same_source(counted.named, counted.articles),
        letters_and_numbers=tuple(_letters_and_numbers(counted)),
        n_disputed=len(counted.most_divided_first),
        n_to_settle=int((gold_tags[counted.most_divided_first] == GAP).sum()),
        sample_plan=plan_sample(report, counted.counts, counted.articles),
    )


def _beside_not_codable(counted: CountedAnswers) -> Iterator[tuple[Tag, int]]:
    """For each of the four tags: the sentences where one analyst gave it and another found nothing to code."""
    for tag in FOUR_TAGS:
        if number := len(counted.rows_of_cell(Tag.NOT_CODABLE, tag)):
            yield tag, number


def _cells(counts: Ints, report: Report) -> Iterator[Cell]:
    """Each pair of tags once, shaded against the pair most often confused."""
    coincidences = np.array(report.coincidences)
    size = len(FOUR_TAGS)
    most = max((coincidences[i, j] for i in range(size) for j in range(i + 1, size)), default=0.0)
    for i, a in enumerate(FOUR_TAGS):
        for j in range(i, size):
            both = counts[:, i] >= 2 if i == j else (counts[:, i] > 0) & (counts[:, j] > 0)
            shade = 0 if i == j or not most else int(np.ceil(SHADES * coincidences[i, j] / most))
            yield Cell(a, FOUR_TAGS[j], int(both.sum()), float(coincidences[i, j]), shade)


def _tag_row(tag: Tag, report: Report, cells: tuple[Cell, ...]) -> TagRow:
    apart = [cell for cell in cells if tag in (cell.a, cell.b) and cell.a is not cell.b and cell.coincidences]
    most = max(apart, key=lambda cell: cell.coincidences, default=None)
    return TagRow(
        tag=tag,
        n=report.category_counts[tag],
        of=report.n_ratings,
        specific=report.specific_agreement[tag],
        specific_ci=report.specific_agreement_ci[tag],
        alpha=report.alpha_per_category[tag],
        alpha_ci=report.alpha_per_category_ci[tag],
        confused_with=None if most is None else most.b if most.a is tag else most.a,
        confused_in=0 if most is None else most.sentences,
    )


def _coder_rows(counted: CountedAnswers, pairs: PairTables, golden: list[Agreeing] | None) -> Iterator[CoderRow]:
    """The analysts by code, which was drawn at random, each with an entry of `golden` where there is gold."""
    size = len(TAGS)
    given = np.bincount(counted.coder * size + counted.said, minlength=len(counted.coders) * size).reshape(-1, size)
    four = given[:, : len(FOUR_TAGS)]
    totals, all_of_tag = four.sum(axis=1), four.sum(axis=0)
    rest = with_the_rest(pairs, len(counted.coders))
    for place in sorted(range(len(counted.coders)), key=lambda place: counted.coders[place].code):
        n, others_n = int(totals[place]), int(totals.sum() - totals[place])
        shares = tuple(
            Share(tag, int(four[place, i]), n, int(all_of_tag[i] - four[place, i]), others_n)
            for i, tag in enumerate(FOUR_TAGS)
        )
        marks = int(given[place, NOT_CODABLE])
        yield CoderRow(
            counted.coders[place], n + marks, marks, shares, rest[place], None if golden is None else golden[place]
        )


def _gold_tags(counted: CountedAnswers, gold: Gold | None) -> Ints:
    """The gold tag of each sentence, as a place in the five tags; GAP where it has none."""
    settled = np.full(len(counted.sentences), GAP)
    if gold is None:
        return settled
    places = np.searchsorted(counted.sentences, gold.sentences)
    met = places < len(counted.sentences)
    met[met] = counted.sentences[places[met]] == gold.sentences[met]
    divided = (counted.all_counts > 0).sum(axis=1) > 1
    # What was accepted for being unanimous is open again once a later answer differs.
    met[met] = ~(gold.unanimous[met] & divided[places[met]])
    settled[places[met]] = gold.tags[met]
    return settled


def _with_gold(counted: CountedAnswers, gold_tags: Ints) -> list[Agreeing]:
    """For each analyst, *not codable* being a tag."""
    wanted = gold_tags[counted.unit]
    settled = np.flatnonzero(wanted != GAP)
    is_equal = (wanted == counted.said)[settled]
    coder, articles = counted.coder[settled], counted.articles[counted.unit[settled]]
    return [_one_with_gold(is_equal[coder == place], articles[coder == place]) for place in range(len(counted.coders))]


def _one_with_gold(is_equal: NDArray[np.bool_], articles: Ints) -> Agreeing:
    _, article = np.unique(articles, return_inverse=True)
    return agreeing_over(np.bincount(article, weights=is_equal), np.bincount(article))


def _scales(counted: CountedAnswers) -> Iterator[Scale]:
    """The rating scales in which anybody rated anything; F and 6 are gaps with a rate of their own."""
    for column, (label, terms) in SCALES.items():
        values = tuple(terms)
        rated = _own_letters(counted) if column == "source_reliability" else counted.rated.get(column)
        if rated is None or not (rated != GAP).any():
            continue
        n_units = len(counted.sentences)
        all_counts: Ints = count(Ratings(counted.unit, None, rated, n_units), len(values))
        counts = np.ascontiguousarray(all_counts[:, :-1])
        report = report_from_counts(counts, values[:-1], "ordinal", clusters=counted.articles)
        aside = set_aside(all_counts[:, -1], raters(all_counts), counted.articles)
        yield Scale(column, label, values[-1], report, reading(report), aside)


# ---- sources


def _own_letters(counted: CountedAnswers) -> Ints | None:
    """The letters of ratings that the analyst gave: one taken over from somebody else would agree with itself."""
    letters = counted.rated.get("source_reliability")
    if letters is None or counted.has_own_letter is None:
        return None
    return np.where(counted.has_own_letter, letters, np.int8(GAP))


def _letters_left_out(counted: CountedAnswers) -> int:
    letters = counted.rated.get("source_reliability")
    if letters is None or counted.has_own_letter is None:
        return 0
    return int(np.count_nonzero((letters != GAP) & ~counted.has_own_letter))


def same_source(named: Named, articles: Ints) -> SameSource:
    """Pairs of answers to one sentence that both name a source, and those of them that mean the same.

    Not corrected for chance: a sentence offers one or two sources to name, and what chance alone would do, reckoned
    from the sources of all sentences, would be next to nothing and make the figure look better than it is.
    """
    size = np.int64(len(named.root) + 1)
    units, of_unit = np.unique(named.unit, return_counts=True)
    alike, of_both = np.unique(named.unit * size + named.root, return_counts=True)
    _, article = np.unique(articles, return_inverse=True)
    n_articles = int(article.max(initial=-1)) + 1
    n = np.bincount(article[units], _pairs_in(of_unit), n_articles)
    k = np.bincount(article[alike // size], _pairs_in(of_both), n_articles)
    return SameSource(int(k.sum()), int(n.sum()), int((of_unit >= 2).sum()), agreeing_over(k, n).interval)


def _pairs_in(times: Ints) -> Ints:
    return np.asarray(times * (times - 1) // 2)


def _letters_and_numbers(counted: CountedAnswers) -> Iterator[LetterAndNumber]:
    """The analysts who gave an answer both, by code."""
    if not all((counted.rated.get(column, np.zeros(0)) > GAP).any() for column in SCALES):
        return
    letters, numbers = (counted.rated[column] for column in SCALES)
    both = np.flatnonzero((letters != GAP) & (numbers != GAP))
    letters, numbers, coder = letters[both], numbers[both], counted.coder[both]
    told = (letters < len(Reliability) - 1) & (numbers < len(Credibility) - 1)
    size = len(counted.coders)
    n, k = (np.bincount(coder[which], minlength=size) for which in (told, told & (letters == numbers)))
    left_out = np.bincount(coder[~told], minlength=size)
    for place in sorted(range(size), key=lambda place: counted.coders[place].code):
        if n[place] or left_out[place]:
            yield LetterAndNumber(counted.coders[place], int(k[place]), int(n[place]), int(left_out[place]))
