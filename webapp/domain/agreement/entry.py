"""Whether somebody passed a test against a key: so many of so many sentences, or the lower end of the interval."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from webapp.domain.agreement.intervals import Interval
from webapp.domain.agreement.pairs import agreeing_over

NO_LOWER_END = "An interval takes three articles with a sentence of the key, or more."


@dataclass(frozen=True)
class Mark:
    """What passes: a share in per cent, which the share itself or the lower end of its interval reaches."""

    per_cent: int
    by_lower_end: bool


@dataclass(frozen=True)
class Result:
    """How often an analyst gave the tag of the key."""

    k: int
    n: int
    interval: Interval | None
    lowest: float | None
    """The lower end by which it is judged; None where nothing tells it."""

    def needed(self, mark: Mark) -> int:
        """So many of the n sentences the mark asks for."""
        return math.ceil(mark.per_cent * self.n / 100)

    def passes(self, mark: Mark) -> bool:
        if not self.n:
            return False
        if mark.by_lower_end:
            return self.lowest is not None and self.lowest >= mark.per_cent / 100
        return self.k >= self.needed(mark)

    def as_json(self) -> dict[str, Any]:
        share = self.k / self.n if self.n else None
        return {"k": self.k, "n": self.n, "share": share, "share_ci": self.interval and list(self.interval)}


def result_of(by_article: Mapping[int, tuple[int, int]]) -> Result:
    """From k and n of each article. The interval leaves out whole articles.

    Where all are right, or under three articles, that tells nothing. If all are right the lower end is then the exact
    one of n sentences taken as independent, .025 to the power of 1/n (Clopper & Pearson 1934); else there is none.
    """
    counted = [one for one in by_article.values() if one[1]]
    k, n = (np.array([one[i] for one in counted], dtype=np.int64) for i in (0, 1))
    found = agreeing_over(k, n)
    lowest = found.interval[0] if found.interval else None
    if lowest is None and found.n and found.k == found.n and len(counted) >= FEWEST_ARTICLES:
        lowest = 0.025 ** (1 / found.n)
    return Result(found.k, found.n, found.interval, lowest)


FEWEST_ARTICLES = 3
