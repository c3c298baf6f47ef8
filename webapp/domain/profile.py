"""What texts are made of, as analysts answered them: always k of n, never a score (codebook, section 10).

Each figure is two conditions on a sentence: which sentences it is a share of, and in which of them it holds. So a
count, its share over many articles, and the sentences behind it are read off the same rule.
"""

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple, TypeVar

import numpy as np

from webapp.domain.agreement import Report, report_from_counts
from webapp.domain.agreement.jackknife import FEWEST, Spread, share_spread
from webapp.domain.cues import CueKind, cues_in
from webapp.domain.terms import FOUR_TAGS, AttributedContent, CheckPriority, SourceType, Tag

FEWEST_FOR_SHARES = 10
"""Sentences; of fewer only counts are told (codebook, section 10)."""
NOT_CHECKABLE = (AttributedContent.SPECULATION, AttributedContent.OPINION)

T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True)
class Said:
    """What one analyst answered to one sentence, as far as a profile tells it."""

    analyst: int
    tag: Tag
    content: AttributedContent | None = None
    source_type: SourceType | None = None
    chain: tuple[Hashable, ...] = ()
    """Through whom it came, who said it first; an entry of the registry or words as printed."""
    is_loaded: bool = False
    check_priority: CheckPriority | None = None


@dataclass(frozen=True)
class Judged:
    """One sentence with all its answers."""

    id: int
    article_id: int
    index: int
    """Its number in its article, from 1."""
    paragraph: int
    text: str
    said: tuple[Said, ...] = ()
    settled: Tag | None = None
    """The gold tag, where there is one."""
    claims: tuple[tuple[Hashable, str], ...] = ()
    """Each claim that it mentions, with how it stands: a status of the codebook, or *divided*."""
    outlets: Collection[Hashable] = ()
    """All that the article's own outlet is known as."""

    @cached_property
    def tag(self) -> Tag | None:
        """As it was settled, else as most analysts answered; None for a tie, and where nobody did."""
        return self.settled or most(said.tag for said in self.said)

    @property
    def is_split(self) -> bool:
        return len({said.tag for said in self.said}) > 1

    @property
    def is_shared(self) -> bool:
        return len(self.said) > 1

    @property
    def is_codable(self) -> bool:
        return self.tag in FOUR_TAGS

    @property
    def is_attribution(self) -> bool:
        return self.tag is Tag.ATTRIBUTION

    @cached_property
    def _told(self) -> list[Said]:
        """The answers that found somebody else telling it."""
        return [said for said in self.said if said.tag is Tag.ATTRIBUTION]

    @property
    def voucher(self) -> str | None:
        """Whether its source is `named`, `unnamed`, the outlet's `own` or `none`, as most of them say who found one."""
        return most(said.source_type.named for said in self._told if said.source_type)

    @cached_property
    def chain(self) -> tuple[Hashable, ...]:
        """Through whom it came, as most say of those who named anybody; of a tie what was said first."""
        named = Counter(said.chain for said in self._told if said.chain)
        return max(named, key=lambda chain: named[chain]) if named else ()

    @property
    def ends_in_outlet(self) -> bool:
        return bool(self.chain) and self.chain[0] in self.outlets

    @property
    def is_loaded(self) -> bool:
        """Whether half of its analysts or more flag loaded language."""
        return bool(self.said) and 2 * sum(said.is_loaded for said in self.said) >= len(self.said)

    @cached_property
    def is_checkable(self) -> bool:
        """Whether evidence could settle what it says: it mentions a claim, or is told as a fact, by the outlet or by
        its source, unless most call nothing in it checkable.
        """
        if self.claims:
            return True
        if most(said.check_priority for said in self.said if said.check_priority) is CheckPriority.NONE:
            return False
        content = most(said.content for said in self._told if said.content)
        return self.tag is Tag.FACT or (self.is_attribution and content not in NOT_CHECKABLE)


def most(values: Iterable[T]) -> T | None:
    """The value that is there most often; None for a tie, and for nothing."""
    first, *others = [*Counter(values).most_common(2), (None, 0)]
    return first[0] if not others or first[1] > others[0][1] else None


Condition = Callable[[Judged], bool]


class Figure(NamedTuple):
    """One figure: `k` of `n` sentences, `n` those that are `among`, `k` those of them in which it `holds`."""

    name: str
    label: str
    among: Condition
    holds: Condition


def _vouched(who: str) -> Condition:
    return lambda sentence: sentence.voucher == who


def _tagged(tag: Tag) -> Condition:
    return lambda sentence: sentence.tag is tag


TAGS = tuple(Figure(tag.column, tag.label, lambda one: one.is_codable, _tagged(tag)) for tag in FOUR_TAGS)
VOUCHERS = (
    Figure("named", "Named source", lambda one: one.is_attribution, _vouched("named")),
    Figure("unnamed", "Unnamed", lambda one: one.is_attribution, _vouched("unnamed")),
    Figure("own", "Own reporting", lambda one: one.is_attribution, _vouched("own")),
    Figure("no_source", "No source told", lambda one: one.is_attribution, _vouched("none")),
)
OUTLET = Figure(
    "ends_in_outlet", "Chain ends in the outlet", lambda one: one.is_attribution, lambda one: one.ends_in_outlet
)
LOOKED_INTO = Figure(
    "with_claim", "Checkable, with a claim", lambda one: one.is_checkable, lambda one: bool(one.claims)
)
LOADED = Figure("loaded", "Loaded words", lambda one: one.is_codable, lambda one: one.is_loaded)
SPLIT = Figure("split", "Answered differently", lambda one: one.is_shared, lambda one: one.is_split)
FIGURES = (*TAGS, *VOUCHERS, OUTLET, LOOKED_INTO, LOADED, SPLIT)


@dataclass(frozen=True)
class Counted:
    """A figure, k of n sentences, with its range over analysts or its 95 % interval over articles, if it has one."""

    figure: Figure
    k: int
    n: int
    least: int | None = None
    most: int | None = None
    interval: tuple[float, float] | None = None
    """Articles jackknifed; None with fewer than three, and where all are alike, as with a share of 0 or 1."""

    @property
    def share(self) -> float | None:
        return self.k / self.n if self.n else None

    @property
    def told_share(self) -> float | None:
        """The share, where there are sentences enough to tell one."""
        return self.share if self.n >= FEWEST_FOR_SHARES else None


@dataclass(frozen=True)
class Agreement:
    """Agreement on the four tags, and the 95 % interval of alpha, if it has one, with what was jackknifed for it."""

    report: Report
    interval: tuple[float, float] | None
    resampled: str


@dataclass(frozen=True)
class Profile:
    """The sentences of one article or of many, and what they come to."""

    sentences: Sequence[Judged] = field(repr=False)

    def count(self, figure: Figure) -> Counted:
        among = self.among(figure)
        return Counted(figure, sum(map(figure.holds, among)), len(among))

    def among(self, figure: Figure) -> list[Judged]:
        return [one for one in self.sentences if figure.among(one)]

    def cell(self, figure: Figure) -> list[Judged]:
        """The sentences behind k."""
        return [one for one in self.among(figure) if figure.holds(one)]

    def over_articles(self, figure: Figure) -> Counted:
        """The count with its interval."""
        counted = self.count(figure)
        if not counted.k or counted.k == counted.n:
            return counted
        _, article = np.unique([one.article_id for one in self.sentences], return_inverse=True)
        among = np.array([figure.among(one) for one in self.sentences])
        held = np.array([figure.holds(one) for one in self.sentences]) & among
        found: Spread | None = share_spread(
            np.bincount(article, weights=held).astype(np.int64), np.bincount(article, weights=among).astype(np.int64)
        )
        return Counted(figure, counted.k, counted.n, interval=found.logit_interval() if found else None)

    def tag_mix(self) -> list[tuple[Tag, Counted]]:
        """Each tag, with the least and the most that one analyst gave it, where there are several."""
        found: list[tuple[Tag, Counted]] = []
        for tag, figure in zip(FOUR_TAGS, TAGS, strict=True):
            counted = self.count(figure)
            given = [tags[tag] for tags in self._given.values()]
            ends = (min(given), max(given)) if len(given) > 1 else ()
            found.append((tag, Counted(figure, counted.k, counted.n, *ends)))
        return found

    @property
    def analysts(self) -> int:
        return len(self._given)

    @cached_property
    def _given(self) -> dict[int, Counter[Tag]]:
        """How often each analyst gave each tag."""
        found: dict[int, Counter[Tag]] = {}
        for one in self.sentences:
            for said in one.said:
                found.setdefault(said.analyst, Counter())[said.tag] += 1
        return found

    @property
    def answered(self) -> int:
        return sum(bool(one.said) or one.settled is not None for one in self.sentences)

    @property
    def codable(self) -> int:
        return sum(one.is_codable for one in self.sentences)

    @property
    def not_codable(self) -> int:
        return sum(one.tag is Tag.NOT_CODABLE for one in self.sentences)

    @property
    def without_majority(self) -> int:
        return self.answered - self.codable - self.not_codable

    @cached_property
    def agreement(self) -> Agreement:
        """How far the analysts agree on the four tags; articles jackknifed, or the sentences of one or two articles."""
        counts = np.zeros((len(self.sentences), len(FOUR_TAGS)), dtype=np.int64)
        for place, one in enumerate(self.sentences):
            for said in one.said:
                if said.tag in FOUR_TAGS:
                    counts[place, FOUR_TAGS.index(said.tag)] += 1
        articles = np.array([one.article_id for one in self.sentences], dtype=np.int64)
        by_article = self.articles >= FEWEST
        told = report_from_counts(counts, FOUR_TAGS, clusters=articles if by_article else None)
        return Agreement(told, told.alpha_ci, "articles" if by_article else "sentences")

    @property
    def split(self) -> Counted:
        """On how many of the shared sentences analysts differ."""
        return self.count(SPLIT)

    @property
    def articles(self) -> int:
        return len({one.article_id for one in self.sentences})

    @cached_property
    def sources(self) -> list[tuple[Hashable, int]]:
        """Who said something first in its attributions, and in how many, most first."""
        named = Counter(one.chain[0] for one in self.sentences if one.is_attribution and one.chain)
        return named.most_common()

    @cached_property
    def claims(self) -> Counter[str]:
        """How many of the claims that are mentioned stand how."""
        return Counter(dict(pair for one in self.sentences for pair in one.claims).values())

    @cached_property
    def loaded_words(self) -> list[str]:
        """Words that may value, of the sentences that are flagged for it, each once, in their order."""
        words = (
            one.text[cue.start : cue.end].lower()
            for one in self.cell(LOADED)
            for cue in cues_in(one.text)
            if cue.kind is CueKind.LOADED
        )
        return list(dict.fromkeys(words))
