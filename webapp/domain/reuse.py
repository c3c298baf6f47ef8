"""What two texts share: runs of the same words, how much of each stands in the other, and whether one is made of it.

Containment, not resemblance: a report that quotes a short dispatch whole shares little of itself with it (Broder 1997,
“On the resemblance and containment of documents”). `docs/method.md` has the thresholds and what they were measured on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from webapp.domain.folded_words import Word, words_in

SHINGLE = 3
"""Words that are looked up together."""
SHORTEST = 5
"""Words of a passage that is shown; shorter runs are shared by chance, or are names."""
PLACES = 12
"""Places of a shingle that are tried: of what stands in a text time and again the first ones tell enough."""
DERIVED = 0.09
"""Share of the shingles of a text from which on something of it comes from the other."""
STRETCH, IN_STRETCH = 30, 0.10
"""Words of a stretch, and the share of its shingles from which on the stretch comes from there."""
NEARLY_ALL = 0.8
"""Share of stretches from which on the whole text does."""
FEWEST = 3
"""Shingles; of a shorter text only one that stands whole in the other is derived."""


class Verdict(StrEnum):
    """How far the first text is made of the second."""

    WHOLLY = "wholly"
    PARTIALLY = "partially"
    NOT = "not"


@dataclass(frozen=True)
class Passage:
    """A run of the same words in two texts, in code points of each, ends exclusive."""

    a_start: int
    a_end: int
    b_start: int
    b_end: int


@dataclass(frozen=True)
class Reuse:
    """What two texts share. Shares are 0…1: of words that stand in passages, of shingles that the other text has."""

    share_of_a: float
    share_of_b: float
    containment_of_a: float
    containment_of_b: float
    passages: tuple[Passage, ...]
    verdict: Verdict


def reuse(a: str, b: str) -> Reuse:
    """Compare two texts; the verdict is about `a`. Time grows with their lengths alone."""
    words_a, words_b = words_in(a), words_in(b)
    folded_a, folded_b = [word.folded for word in words_a], [word.folded for word in words_b]
    runs = shared_runs(folded_a, folded_b)
    back = shared_runs(folded_b, folded_a)
    of_a, of_b = _shingles(folded_a), _shingles(folded_b)
    containment = _contained(of_a, of_b)
    return Reuse(
        share_of_a=_covered(runs, len(words_a)),
        share_of_b=_covered(back, len(words_b)),
        containment_of_a=containment,
        containment_of_b=_contained(of_b, of_a),
        passages=tuple(_passage(run, words_a, words_b) for run in runs),
        verdict=_verdict(folded_a, of_a, of_b, runs, containment),
    )


Shingles = set[tuple[str, ...]]


def _contained(of_a: Shingles, of_b: Shingles) -> float:
    """The share of the shingles of a text that the other has as well; 0 where there are none."""
    return len(of_a & of_b) / len(of_a) if of_a else 0.0


def _shingles(words: Sequence[str]) -> Shingles:
    return set(zip(*(words[at:] for at in range(SHINGLE)), strict=False))


Run = tuple[int, int, int]
"""Where it begins in both, in words, and how many it has."""


def shared_runs(a: Sequence[str], b: Sequence[str]) -> list[Run]:
    """Runs of the same words in the order of `a`, none over another there, each as long as it goes.

    At each place the longest run is taken that goes on from there, and the search goes on behind it, so that no word
    is compared more often than `PLACES` times.
    """
    places: dict[tuple[str, ...], list[int]] = {}
    for at, shingle in enumerate(zip(*(b[at:] for at in range(SHINGLE)), strict=False)):
        found = places.setdefault(shingle, [])
        if len(found) < PLACES:
            found.append(at)
    runs: list[Run] = []
    at = behind = 0
    while at <= len(a) - SHINGLE:
        tried = places.get(tuple(a[at : at + SHINGLE]), ())
        length, place = max(((_length(a, b, at, one), one) for one in {*tried, behind} if tried), default=(0, 0))
        if length < SHORTEST:
            at += 1
            behind += 1
            continue
        runs.append((at, place, length))
        at, behind = at + length, place + length
    return runs


def _length(a: Sequence[str], b: Sequence[str], at: int, place: int) -> int:
    length, most = 0, min(len(a) - at, len(b) - place)
    while length < most and a[at + length] == b[place + length]:
        length += 1
    return length


def _covered(runs: Sequence[Run], words: int) -> float:
    return sum(length for _, _, length in runs) / words if words else 0.0


def _passage(run: Run, a: Sequence[Word], b: Sequence[Word]) -> Passage:
    at, place, length = run
    return Passage(a[at].start, a[at + length - 1].end, b[place].start, b[place + length - 1].end)


def _verdict(a: Sequence[str], of_a: Shingles, of_b: Shingles, runs: Sequence[Run], containment: float) -> Verdict:
    """A text set anew keeps few shingles, but some everywhere; one that took a part over has them there alone."""
    if len(of_a) < FEWEST:
        return Verdict.WHOLLY if a and _covered(runs, len(a)) == 1 else Verdict.NOT
    if containment < DERIVED:
        return Verdict.NOT
    stretches = [_shingles(a[at : at + STRETCH]) for at in range(0, max(1, len(a) - STRETCH // 2), STRETCH)]
    derived = sum(len(stretch & of_b) >= IN_STRETCH * len(stretch) for stretch in stretches)
    return Verdict.WHOLLY if derived >= NEARLY_ALL * len(stretches) else Verdict.PARTIALLY


def as_json(found: Reuse) -> dict[str, object]:
    """As programs get it: shares rounded to six places, passages as objects."""
    shares = ("share_of_a", "share_of_b", "containment_of_a", "containment_of_b")
    told: dict[str, object] = {name: round(getattr(found, name), 6) for name in shares}
    return told | {"passages": [vars(passage) for passage in found.passages], "verdict": found.verdict.value}
