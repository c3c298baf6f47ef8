"""Where the marks of plots stand: x in per cent of the width, so that words keep their size, y in pixels."""

from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal

from webapp.domain.agreement.alpha import SOUND, TENTATIVE

Anchor = Literal["start", "middle", "end"]


def filled(done: int, total: int) -> float:
    """How much of a progress bar is filled, in per cent; an empty one where there is nothing to do."""
    return round(100 * done / total, 2) if total else 0.0


@dataclass(frozen=True)
class Segment:
    """A part of a bar that stands for all there is: `x` and `width` in per cent."""

    name: str
    label: str
    count: int
    x: float
    width: float


def stacked(parts: Sequence[tuple[str, str, int]]) -> list[Segment]:
    """Parts (name, label, count) beside one another, as wide as their counts."""
    total = sum(count for *_, count in parts)
    found, before = [], 0
    for name, label, count in parts:
        found.append(Segment(name, label, count, filled(before, total), filled(count, total)))
        before += count
    return found


# ---- counts per day

BASE = 140
"""The y of the axis; the words of the days stand below it."""
HEIGHT = 118
"""Of the needle of the day with most."""
BROADEST = ((7, 28), (14, 14), (31, 6), (92, 3))
"""Up to so many days a needle is so broad; beyond them 1."""
EDGE = 6
"""Per cent from either end in which a number would stick out if it stood centred over its needle."""


@dataclass(frozen=True)
class Mark:
    """A needle, or words: where it stands, and what it says."""

    x: float
    y: float
    text: str
    anchor: Anchor = "middle"


@dataclass(frozen=True)
class PerDay:
    """Counts by day: a needle for each day with any, at its true distance from the others."""

    days: tuple[tuple[date, int], ...]
    breadth: int
    needles: tuple[Mark, ...]
    numbers: tuple[Mark, ...]
    dates: tuple[Mark, ...]

    @property
    def first(self) -> date:
        return self.days[0][0]

    @property
    def last(self) -> date:
        return self.days[-1][0]

    @property
    def total(self) -> int:
        return sum(count for _, count in self.days)

    @property
    def least(self) -> int:
        return min(count for _, count in self.days)

    @property
    def most(self) -> int:
        return max(count for _, count in self.days)


def per_day(days: Sequence[tuple[date, int]]) -> PerDay | None:
    """The plot of counts on days in their order; None without any.

    Numbers stand over every needle as long as they have room (a week, or two weeks of small ones), else over the
    highest; dates under every day up to four, else at both ends.
    """
    if not days:
        return None
    first, last = days[0][0], days[-1][0]
    slots = (last - first).days + 1
    most = max(count for _, count in days)
    needles = tuple(
        Mark(100 * ((day - first).days + 0.5) / slots, HEIGHT * count / most, f"{count:,}") for day, count in days
    )
    has_room = slots <= 7 or (slots <= 14 and most < 1000)
    return PerDay(
        tuple(days),
        breadth=next((breadth for longest, breadth in BROADEST if slots <= longest), 1),
        needles=tuple(Mark(round(one.x, 2), round(BASE - one.y, 1), one.text) for one in needles),
        numbers=tuple(
            Mark(round(one.x, 2), round(BASE - 6 - one.y, 1), one.text, "middle" if slots <= 14 else _anchor(one.x))
            for one, (_, count) in zip(needles, days, strict=True)
            if has_room or count == most
        ),
        dates=tuple(Mark(round(one.x, 2), BASE + 20, f"{day}") for one, (day, _) in zip(needles, days, strict=True))
        if slots <= 4
        else (Mark(0, BASE + 20, f"{first}", "start"), Mark(100, BASE + 20, f"{last}", "end")),
    )


def _anchor(x: float) -> Anchor:
    return "start" if x <= EDGE else "end" if x >= 100 - EDGE else "middle"


# ---- alpha on its scale

STARTS = (0, -0.25, -0.5, -1)
"""The scale begins at the first of these that lies below everything on it, and ends at 1."""
MARGIN = 2
"""Per cent that stay free on either side."""


@dataclass(frozen=True)
class AlphaScale:
    """Alpha and its interval on a scale from `start` to 1, with the lines by which it is judged."""

    start: float
    low: float
    high: float
    alpha: float
    tentative: float
    sound: float
    zero: float | None
    lead: float
    lead_anchor: Anchor


def start_below(least: float) -> float:
    """Where a scale begins that is to hold this value."""
    return next((start for start in STARTS if least >= start), STARTS[-1])


def alpha_scale(alpha: float, low: float, high: float, start: float | None = None) -> AlphaScale:
    """Where they stand; what lies below -1, which alpha can, stands at the end of the scale.

    `start` is where the scale begins if that is settled, as where several share one.

    The words that lead stand over the middle of the interval, or flush with the edge that they would stick out of.
    """
    if start is None:
        start = start_below(min(low, alpha))

    def x(value: float) -> float:
        return round(MARGIN + (100 - 2 * MARGIN) * (max(value, start) - start) / (1 - start), 2)

    middle = (x(low) + x(high)) / 2
    lead, anchor = _lead(middle)
    return AlphaScale(
        start, x(low), x(high), x(alpha), x(TENTATIVE), x(SOUND), x(0) if start < 0 else None, lead, anchor
    )


def _lead(middle: float) -> tuple[float, Anchor]:
    if middle < 22:
        return MARGIN, "start"
    if middle > 78:
        return 100 - MARGIN, "end"
    return round(middle, 2), "middle"


# ---- shares of one analyst beside those of the others

ROW = 22
"""Pixels for one tag."""


@dataclass(frozen=True)
class ShareRow:
    """The y of a tag, the x of the analyst's own share and of that of the others, where there is one."""

    y: int
    own: float | None
    others: float | None

    @property
    def foot(self) -> int:
        """Of the letter."""
        return self.y + 4

    @property
    def top(self) -> int:
        """Of the upright line."""
        return self.y - 7

    @property
    def bottom(self) -> int:
        return self.y + 7


@dataclass(frozen=True)
class Shares:
    """A row for each tag, under one another."""

    rows: tuple[ShareRow, ...]

    @property
    def height(self) -> int:
        return ROW * len(self.rows)


def shares(pairs: Iterable[tuple[float | None, float | None]]) -> Shares:
    """The plot of pairs of shares (own, of the others), from 0 at 6 % to 1 at 98 % of the width."""
    return Shares(
        tuple(
            ShareRow(ROW * place + ROW // 2, own=_along(own), others=_along(others))
            for place, (own, others) in enumerate(pairs)
        )
    )


def _along(share: float | None) -> float | None:
    return None if share is None else round(6 + 92 * share, 2)


# ---- letters of a source over time

LETTERS = {"A": 20, "B": 48, "C": 76, "D": 104, "E": 132, "F": 166}
"""The y of each letter's line; F stands apart, for it says that there is no basis, not that a source is worse."""
APART = "F"
FIRST_X, LAST_X = 7, 99
"""Per cent between which the days stand; the letters stand before them."""
MOST_TICKS = 5
NEXT_TICK = 14
"""Per cent that the words of one tick need."""


@dataclass(frozen=True)
class LetterHeld:
    """A letter from when it was given to when the next one was, or to the end."""

    letter: str
    x1: float
    x2: float
    y: int
    is_apart: bool


@dataclass(frozen=True)
class LetterGiven:
    """The moment a letter was given; `until` is the end of a day that is told as a month or a year alone."""

    letter: str
    x: float
    until: float
    y: int
    is_apart: bool


@dataclass(frozen=True)
class Riser:
    """The upright line from one letter to the next."""

    x: float
    y1: int
    y2: int


@dataclass(frozen=True)
class LettersOverTime:
    """A step line: what was held, the steps between, and where each letter was given."""

    held: tuple[LetterHeld, ...]
    risers: tuple[Riser, ...]
    given: tuple[LetterGiven, ...]
    ticks: tuple[Mark, ...]

    @property
    def lines(self) -> dict[str, int]:
        """The y of the line of each letter."""
        return LETTERS

    @property
    def height(self) -> int:
        return LETTERS[APART] + 34


def letters_over_time(given: Sequence[tuple[str, str]], today: date) -> LettersOverTime | None:
    """The plot of (partial date, letter) in their order, up to today; None without any.

    A letter given in a year or month stands at its beginning, from which it counts, with its length marked. The line
    breaks at F, in either direction: nothing leads there by steps.
    """
    if not given:
        return None
    spans = [_days_of(when) for when, _ in given]
    first, last = spans[0][0], max(today, *(start for start, _ in spans))
    days = max((last - first).days, 1)

    def x(day: date) -> float:
        return round(FIRST_X + (LAST_X - FIRST_X) * min((day - first).days, days) / days, 2)

    starts = [x(start) for start, _ in spans]
    letters = [letter for _, letter in given]
    held = tuple(
        LetterHeld(letter, start, end, LETTERS[letter], letter == APART)
        for letter, start, end in zip(letters, starts, [*starts[1:], x(last)], strict=True)
    )
    risers = tuple(
        Riser(after.x1, before.y, after.y)
        for before, after in pairwise(held)
        if not (before.is_apart or after.is_apart) and before.y != after.y
    )
    marks = tuple(
        LetterGiven(letter, start, x(end), LETTERS[letter], letter == APART)
        for letter, start, (_, end) in zip(letters, starts, spans, strict=True)
    )
    return LettersOverTime(held, risers, marks, tuple(_ticks(first, last, x)))


def _days_of(when: str) -> tuple[date, date]:
    """The first and the last day of a date that may be a year, or a year and a month."""
    year, month, day = (*map(int, when.split("-")), 0, 0)[:3]
    if day:
        return date(year, month, day), date(year, month, day)
    last_month = month or 12
    return date(year, month or 1, 1), date(year, last_month, monthrange(year, last_month)[1])


def _ticks(first: date, last: date, x: Callable[[date], float]) -> Iterator[Mark]:
    """Years, or, where they are fewer than two, the months at both ends."""
    y = LETTERS[APART] + 26
    if last.year - first.year < 2:
        yield Mark(x(first), y, f"{first:%b %Y}", "start")
        if (last.year, last.month) != (first.year, first.month):
            yield Mark(x(last), y, f"{last:%b %Y}", "end")
        return
    step = -(-(last.year - first.year + 1) // MOST_TICKS)
    taken = 0.0
    for year in range(first.year, last.year + 1, step):
        at = x(max(date(year, 1, 1), first))
        if not taken or at >= taken + NEXT_TICK:
            taken = at
            yield Mark(at, y, str(year), _anchor(at - FIRST_X))


# ---- shares side by side, with their intervals

LINE, FOOT = 18, 18
"""Pixels of one column's line, and of the words under the scale."""
SCALE = (8, 62)
"""Per cent of the width between which 0 and 1 stand: before it the letter of the column, behind it k of n."""
Shared = tuple[int, int, float | None, tuple[float, float] | None]
"""k, n, the share and its interval, as far as they are told."""


@dataclass(frozen=True)
class DotLine:
    """One column of one figure: a dot at the share, a line over its interval; of too few sentences the counts alone."""

    letter: str
    y: float
    share: float | None
    low: float | None
    high: float | None
    text: str

    @property
    def foot(self) -> float:
        """Of letters."""
        return self.y + 4

    @property
    def has_interval(self) -> bool:
        return self.low is not None


@dataclass(frozen=True)
class DotPlot:
    """One figure in all columns, under one another on one scale from 0 to 1."""

    name: str
    label: str
    lines: tuple[DotLine, ...]

    @property
    def axis(self) -> int:
        """Where the scale ends."""
        return LINE * len(self.lines)

    @property
    def height(self) -> int:
        return self.axis + FOOT

    @property
    def ticks(self) -> tuple[Mark, ...]:
        words = ((0.0, "0"), (0.5, "50"), (1.0, "100 %"))
        return tuple(Mark(_on_scale(share), self.height - 4, text) for share, text in words)


@dataclass(frozen=True)
class Sheet:
    """Where plots stand on a picture to take away, three beside one another, under the list of columns."""

    plots: int
    columns: int
    width: int = 1000
    panel: int = 300

    def legend(self, column: int) -> int:
        """The y of the line that says what a column is."""
        return 50 + 18 * column

    def place(self, number: int) -> tuple[int, int]:
        """Of the words over a plot."""
        row, column = divmod(number, 3)
        return column * (self.panel + 50), self.legend(self.columns) + 22 + row * self._row

    @property
    def _row(self) -> int:
        return LINE * self.columns + FOOT + 40

    @property
    def height(self) -> int:
        return self.place(-(-self.plots // 3) * 3)[1] + 22


def letter_of(column: int) -> str:
    """By which a column is told in plots."""
    return chr(ord("A") + column)


def dot_plot(name: str, label: str, columns: Sequence[Shared]) -> DotPlot:
    """The plot of one figure."""
    return DotPlot(name, label, tuple(_dot_line(place, *told) for place, told in enumerate(columns)))


def _dot_line(place: int, k: int, n: int, share: float | None, interval: tuple[float, float] | None) -> DotLine:
    low, high = map(_on_scale, interval) if interval and share is not None else (None, None)
    dot = None if share is None else _on_scale(share)
    return DotLine(letter_of(place), LINE * (place + 0.5), dot, low, high, f"{k:,} of {n:,}")


def _on_scale(share: float) -> float:
    return round(SCALE[0] + (SCALE[1] - SCALE[0]) * share, 2)


# ---- a figure over windows of time

TRACK_TOP, TRACK_HEIGHT = 14, 96
"""Pixels: of the line of 1 from above, and from there to that of 0."""
TRACK_FIRST, TRACK_LAST = 16, 98
MOST_NAMED = 6
"""Windows of which each is named; of more the first and the last are."""


@dataclass(frozen=True)
class TrackPoint:
    """A figure of one window, with its interval as an upright line where it has one."""

    x: float
    y: float
    top: float | None
    bottom: float | None


@dataclass(frozen=True)
class Track:
    """One figure over the windows, from 0 to 1; what lies below 0, which alpha can, stands at 0."""

    points: tuple[TrackPoint, ...]
    ticks: tuple[Mark, ...]

    @property
    def lines(self) -> tuple[tuple[float, str, str], ...]:
        """The y of 1, .5 and 0, with their words for a share and for a coefficient."""
        return ((_track_y(1), "100 %", "1"), (_track_y(0.5), "50 %", ".5"), (_track_y(0), "0 %", "0"))

    @property
    def height(self) -> int:
        return TRACK_TOP + TRACK_HEIGHT + 24


def track(values: Sequence[tuple[float | None, tuple[float, float] | None]], labels: Sequence[str]) -> Track:
    """The plot of (figure, interval) of each window, in their order."""
    step = (TRACK_LAST - TRACK_FIRST) / max(len(values), 1)
    xs = [round(TRACK_FIRST + step * (place + 0.5), 2) for place in range(len(values))]
    points = tuple(
        TrackPoint(x, _track_y(value), _track_y(ci[1]) if ci else None, _track_y(ci[0]) if ci else None)
        for x, (value, ci) in zip(xs, values, strict=True)
        if value is not None
    )
    foot = TRACK_TOP + TRACK_HEIGHT + 18
    if len(labels) <= MOST_NAMED:
        return Track(points, tuple(Mark(x, foot, text) for x, text in zip(xs, labels, strict=True)))
    return Track(points, (Mark(TRACK_FIRST, foot, labels[0], "start"), Mark(TRACK_LAST, foot, labels[-1], "end")))


def _track_y(value: float) -> float:
    return round(TRACK_TOP + TRACK_HEIGHT * (1 - min(max(value, 0), 1)), 1)
