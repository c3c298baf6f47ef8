"""The sentences of an article as bars in the order of reading, each tag in a shape of its own besides its colour."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import NamedTuple

from webapp.domain.terms import Tag

HEIGHT = 52
"""Pixels; positions along the width are per cent of it, so that it fits a phone and a sheet of paper."""
GAP, NEXT_PARAGRAPH = 0.45, 0.95
"""Per cent between two sentences, and before a new paragraph; less where they would take a third of the width."""
MOST_APART = 600
"""Sentences that are bars of their own; of more, neighbours of one tag are drawn as one."""
STRIPE, SPACE = 0.55, 0.2
"""Per cent of a stripe and of the space behind it, so that sentences lie further apart than stripes."""


class Bar(NamedTuple):
    """One sentence: its characters, its paragraph, its tag; None for a tie, and where nobody answered."""

    length: int
    paragraph: int
    tag: Tag | None
    is_answered: bool = True


@dataclass(frozen=True)
class Piece:
    """A rectangle: `x` and `width` in per cent, `y`, `height` and `radius` in pixels."""

    tag: str
    """Of the sentence; `tie` where its analysts differ evenly, `none` where nobody answered."""
    x: float
    width: float
    y: float = 0
    height: float = HEIGHT
    radius: float = 1


def pieces(bars: Sequence[Bar]) -> list[Piece]:
    """The bar code; nothing for no sentences."""
    if not bars:
        return []
    if len(bars) > MOST_APART:
        bars = list(_joined(bars))
    gaps = [NEXT_PARAGRAPH if after.paragraph != before.paragraph else GAP for before, after in pairwise(bars)]
    scale = min(1.0, 33 / sum(gaps)) if gaps else 1.0
    per_character = (100 - scale * sum(gaps)) / (sum(bar.length for bar in bars) or 1)
    found: list[Piece] = []
    x = 0.0
    for bar, gap in zip(bars, [*gaps, 0.0], strict=True):
        width = bar.length * per_character
        found += _shape(bar, x, width)
        x += width + scale * gap
    return found


def _joined(bars: Sequence[Bar]) -> Iterator[Bar]:
    """Neighbours of one tag as one bar, in a text so long that a sentence would be a hair's breadth."""
    for (tag, is_answered), alike in groupby(bars, key=lambda bar: (bar.tag, bar.is_answered)):
        yield Bar(sum(bar.length for bar in alike), 0, tag, is_answered)


def _shape(bar: Bar, x: float, width: float) -> Iterator[Piece]:
    """Fact: a block. Attribution: two bands. Speculation: stripes. Opinion: rounded. The others hardly there."""
    name = bar.tag.value if bar.tag else "tie" if bar.is_answered else "none"
    at, wide = round(x, 3), round(width, 3)
    if bar.tag is Tag.ATTRIBUTION:
        yield Piece(name, at, wide, height=21)
        yield Piece(name, at, wide, y=HEIGHT - 21, height=21)
    elif bar.tag is Tag.SPECULATION:
        yield from _stripes(name, x, width)
    elif bar.tag is Tag.OPINION:
        yield Piece(name, at, wide, radius=8)
    elif bar.tag is Tag.FACT:
        yield Piece(name, at, wide)
    elif name == "tie":
        yield Piece(name, at, wide, y=HEIGHT / 2 - 6, height=12)
    else:
        yield Piece(name, at, wide, y=HEIGHT - 4, height=4)


def _stripes(name: str, x: float, width: float) -> Iterator[Piece]:
    count = max(1, round((width + SPACE) / (STRIPE + SPACE)))
    stripe = (width + SPACE) / count - SPACE if count > 1 else width
    for number in range(count):
        yield Piece(name, round(x + number * (stripe + SPACE), 3), round(stripe, 3))
