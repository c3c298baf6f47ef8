"""Agreement and the shares of tags over windows of time: whether analysts drift, apart from each other or from gold."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

import numpy as np

from webapp.domain.agreement.intervals import Interval
from webapp.domain.agreement.pairs import Agreeing, agreeing_over
from webapp.domain.agreement.ratings import GAP, Ints, Ratings, count
from webapp.domain.agreement.report import report_from_counts
from webapp.domain.terms import FOUR_TAGS

Length = Literal["day", "week", "month"]
LENGTHS: tuple[Length, ...] = ("day", "week", "month")
LONGEST = {"day": 14, "week": 100}
"""Up to so many days a window is a day, a week; beyond them a month."""
MOST_WINDOWS = 60
N_TAGS = len(FOUR_TAGS)


@dataclass(frozen=True)
class Window:
    """Some days that follow each other, in UTC, both included."""

    first: date
    last: date

    @property
    def label(self) -> str:
        return f"{self.first:%Y-%m}" if self.first.day == 1 and self.last.month != self.first.month else str(self.first)


@dataclass(frozen=True)
class Handed:
    """Answers that count, one at each position, with the day on which they were handed in (its ordinal).

    `unit` is the place of the sentence in `articles`, which holds the article of each, and in `gold`, which holds the
    place of its gold tag among the tags, `GAP` for none. `said` is a place among the tags, the four first.
    """

    unit: Ints
    said: Ints
    day: Ints
    articles: Ints
    gold: Ints


@dataclass(frozen=True)
class Span:
    """The figures of one window."""

    window: Window
    answers: int
    sentences: int
    """With answers of two analysts or more, in articles of which the last answer that counts came in this window."""
    alpha: float | None
    alpha_ci: Interval | None
    why: str
    """Why alpha has no interval, in a sentence."""
    gold: Agreeing
    """Answers with the gold tag, of those to sentences that have one."""
    shares: tuple[Agreeing, ...]
    """Of each of the four tags among the answers with one of them."""

    def as_json(self) -> dict[str, Any]:
        return {
            "from": str(self.window.first),
            "to": str(self.window.last),
            "answers": self.answers,
            "sentences": self.sentences,
            "alpha": self.alpha,
            "alpha_ci": self.alpha_ci and list(self.alpha_ci),
            "ci_text": self.why,
            "gold": _share(self.gold),
            "shares": {tag.value: _share(one) for tag, one in zip(FOUR_TAGS, self.shares, strict=True)},
        }


def _share(one: Agreeing) -> dict[str, Any]:
    return {
        "k": one.k,
        "n": one.n,
        "share": one.k / one.n if one.n else None,
        "share_ci": one.interval and list(one.interval),
    }


@dataclass(frozen=True)
class Value:
    """A figure in one window; None where it is not defined."""

    value: float | None
    interval: Interval | None


@dataclass(frozen=True)
class Series:
    """One figure over all windows."""

    name: str
    is_share: bool
    values: tuple[Value, ...]

    @property
    def known(self) -> list[Value]:
        return [one for one in self.values if one.value is not None]

    @property
    def drifted(self) -> bool:
        """Whether the intervals of the first and of the last window that have one lie apart."""
        both = [one.interval for one in self.values if one.interval]
        return len(both) > 1 and (both[0][1] < both[-1][0] or both[-1][1] < both[0][0])


@dataclass(frozen=True)
class Drift:
    length: Length
    spans: tuple[Span, ...]

    @property
    def series(self) -> list[Series]:
        """Alpha, agreement with gold where there is any, and the share of each tag."""
        alpha = Series("α of the team", False, tuple(Value(one.alpha, one.alpha_ci) for one in self.spans))
        gold = Series("As gold", True, tuple(_value(one.gold) for one in self.spans))
        tags = [
            Series(tag.label, True, tuple(_value(one.shares[place]) for one in self.spans))
            for place, tag in enumerate(FOUR_TAGS)
        ]
        return [one for one in (alpha, gold, *tags) if one.known]

    @property
    def drifted(self) -> list[Series]:
        return [one for one in self.series if one.drifted]


def _value(one: Agreeing) -> Value:
    return Value(one.k / one.n if one.n else None, one.interval)


def drift(handed: Handed, length: Length | None = None) -> Drift | None:
    """The figures of each window from the first day to the last; None where nothing that counts was handed in.

    Days become weeks (from Monday), and weeks months, where there would be more windows than a plot holds.
    """
    if not len(handed.day):
        return None
    first, last = (date.fromordinal(int(one)) for one in (handed.day.min(), handed.day.max()))
    length = length or _fitting((last - first).days + 1)
    windows = list(_windows(first, last, length))
    while len(windows) > MOST_WINDOWS and length != "month":
        length = LENGTHS[LENGTHS.index(length) + 1]
        windows = list(_windows(first, last, length))
    starts = np.array([one.first.toordinal() for one in windows])
    window_of_answer = np.searchsorted(starts, handed.day, side="right") - 1
    return Drift(length, tuple(_spans(handed, windows, window_of_answer)))


def _fitting(days: int) -> Length:
    return next((length for length in LENGTHS if days <= LONGEST.get(length, days)), "month")


def _windows(first: date, last: date, length: Length) -> Iterator[Window]:
    start = first
    if length == "week":
        start -= timedelta(days=start.weekday())
    if length == "month":
        start = start.replace(day=1)
    while start <= last:
        after = _after(start, length)
        yield Window(start, after - timedelta(days=1))
        start = after


def _after(start: date, length: Length) -> date:
    if length == "month":
        return (start + timedelta(days=31)).replace(day=1)
    return start + timedelta(days=7 if length == "week" else 1)


def _spans(handed: Handed, windows: Sequence[Window], window_of_answer: Ints) -> Iterator[Span]:
    _, article = np.unique(handed.articles, return_inverse=True)
    last = np.full(int(article.max()) + 1, -1)
    np.maximum.at(last, article[handed.unit], window_of_answer)
    window_of_unit = last[article]
    told = np.where(handed.said < N_TAGS, handed.said, GAP)
    counts = count(Ratings(handed.unit, None, told, len(handed.articles)), N_TAGS)
    for place, window in enumerate(windows):
        own = np.flatnonzero(window_of_answer == place)
        units = np.flatnonzero(window_of_unit == place)
        report = report_from_counts(counts[units], [tag.value for tag in FOUR_TAGS], clusters=handed.articles[units])
        unit, said = handed.unit[own], handed.said[own]
        of_article, gold = article[unit], handed.gold[unit]
        yield Span(
            window,
            len(own),
            report.n_pairable,
            report.alpha,
            report.alpha_ci,
            report.ci_text,
            _by_article(of_article, gold != GAP, said == gold),
            tuple(_by_article(of_article, said < N_TAGS, said == tag) for tag in range(N_TAGS)),
        )


def _by_article(article: Ints, counted: Any, holds: Any) -> Agreeing:
    """How many of the answers that are counted it holds of, with the interval over articles."""
    size = int(article.max(initial=-1)) + 1
    n, k = (np.bincount(article[one], minlength=size) for one in (counted, counted & holds))
    return agreeing_over(k[n > 0], n[n > 0])
