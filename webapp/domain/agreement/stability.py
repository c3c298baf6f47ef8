"""How far people agree with themselves: the same sentences judged twice by the same person, some time apart."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any

import numpy as np

from webapp.domain.agreement.intervals import Interval
from webapp.domain.agreement.ratings import Ratings
from webapp.domain.agreement.report import Report, report
from webapp.domain.terms import Tag

TAGS = tuple(Tag)
MOST_CHANGES = 3
"""Of the changes from one tag to another so many are named, the most frequent ones."""

WHY = {
    "no_data": "No sentence was tagged twice.",
    "no_overlap": "No sentence was tagged twice.",
    "one_item": "One sentence alone was tagged twice: too little for a coefficient.",
    "one_category": "Both times every sentence got the same tag: a coefficient corrected for chance is not defined.",
}


@dataclass(frozen=True)
class Twice:
    """One sentence that an analyst tagged twice."""

    analyst_id: int
    article_id: int
    before: Tag
    again: Tag


@dataclass(frozen=True)
class Repeat:
    """One article that an analyst handed in twice."""

    analyst_id: int
    article_id: int
    first_at: datetime
    again_at: datetime

    @property
    def days(self) -> int:
        return (self.again_at - self.first_at).days


@dataclass(frozen=True)
class Change:
    """How often a sentence got this tag at first, and that one later."""

    before: Tag
    again: Tag
    count: int


@dataclass(frozen=True)
class Stability:
    """How far answers to sentences that were tagged twice are the same."""

    articles: int
    days: int
    """Between the two times that an article was handed in, the median."""
    report: Report
    """Of two ratings a sentence: as it was tagged first, and again."""
    changes: tuple[Change, ...]
    """The most frequent ones first."""

    @property
    def same(self) -> int:
        return self.report.n_unanimous

    @property
    def sentences(self) -> int:
        return self.report.n_pairable

    @property
    def why_no_alpha(self) -> str:
        """Why alpha is not defined, in a sentence; empty where it is."""
        return WHY.get(self.report.status, "")

    @property
    def interval(self) -> Interval | None:
        """Of the share that is the same, over articles."""
        return self.report.percent_agreement_ci

    def as_json(self) -> dict[str, Any]:
        return {
            "articles": self.articles,
            "days_between": self.days,
            "sentences": self.sentences,
            "same": self.same,
            "share": self.report.percent_agreement,
            "share_ci": self.interval and list(self.interval),
            "alpha": self.report.alpha,
            "alpha_ci": self.report.alpha_ci and list(self.report.alpha_ci),
            "status": self.report.status,
            "status_text": self.why_no_alpha,
            "ci_method": self.report.ci_method,
            "ci_text": self.report.ci_text,
            "ci_articles": self.report.ci_clusters,
            "changes": [
                {"before": one.before.value, "again": one.again.value, "sentences": one.count} for one in self.changes
            ],
        }


def stability(repeats: Sequence[Repeat], sentences: Sequence[Twice]) -> Stability:
    """The figures of these repeats, of one analyst or of several: each sentence of an analyst is a unit with two
    ratings, articles are what is left out for the intervals.
    """
    unit = np.repeat(np.arange(len(sentences)), 2)
    coder = np.tile(np.arange(2), len(sentences))
    said = np.array([TAGS.index(tag) for one in sentences for tag in (one.before, one.again)], dtype=np.int64)
    ratings = Ratings(unit, coder, said, len(sentences), ("first", "again"))
    articles = np.array([one.article_id for one in sentences], dtype=np.int64)
    changed = Counter((one.before, one.again) for one in sentences if one.before != one.again)
    in_order = sorted(changed.items(), key=lambda item: (-item[1], TAGS.index(item[0][0]), TAGS.index(item[0][1])))
    return Stability(
        len({one.article_id for one in repeats}),
        round(median(one.days for one in repeats)) if repeats else 0,
        report(ratings, [tag.value for tag in TAGS], clusters=articles),
        tuple(Change(*pair, count) for pair, count in in_order[:MOST_CHANGES]),
    )
