"""How two editions of an article differ, sentence by sentence and in each word by word."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import product

from webapp.domain.word_edits import Edit, edits

MOST_COMPARED = 10_000
"""Pairs of sentences of one place that are compared with each other; where there are more they go by their order."""
LONGEST = 400
"""Words of a sentence that are compared one by one; a longer one went and came as a whole."""
ALIKE = 0.5
"""From which share of common words on a sentence is the same, worded anew."""


@dataclass(frozen=True)
class Difference:
    """A sentence that went, came or was worded anew: as words that stayed, went and came."""

    before: int | None
    after: int | None
    """Its index in the earlier edition, and in the later one, from 1; None where it has none."""
    words: tuple[tuple[Edit, str], ...]

    @property
    def what(self) -> Edit:
        if self.before is None:
            return Edit.ADDED
        return Edit.GONE if self.after is None else Edit.KEPT


@dataclass(frozen=True)
class Comparison:
    """What differs, in the order of the later edition, and how many sentences both have."""

    differences: list[Difference]
    n_same: int

    def count(self, what: Edit) -> int:
        """How many sentences came, went or, for `KEPT`, were worded anew."""
        return sum(1 for one in self.differences if one.what is what)


def compared(before: Sequence[str], after: Sequence[str]) -> Comparison:
    """The sentences of two editions; white space makes no difference, nor does a sentence's place alone where all
    around it stayed."""
    old, new = ([" ".join(words.split()) for words in sentences] for sentences in (before, after))
    found: list[Difference] = []
    n_same = 0
    for what, i, to_i, j, to_j in SequenceMatcher(None, old, new).get_opcodes():
        if what == "equal":
            n_same += to_i - i
        else:
            found += _of_place(old, new, range(i, to_i), range(j, to_j))
    return Comparison(found, n_same)


def _of_place(old: Sequence[str], new: Sequence[str], here: range, there: range) -> Iterator[Difference]:
    """What became of the sentences `here` where `there` stand now, in the order of both."""
    i, j = here.start, there.start
    for at, on in [*_pairs(old, new, here, there), (here.stop, there.stop)]:
        for gone in range(i, at):
            yield Difference(gone + 1, None, ((Edit.GONE, old[gone]),))
        for came in range(j, on):
            yield Difference(None, came + 1, ((Edit.ADDED, new[came]),))
        if at < here.stop:
            yield Difference(at + 1, on + 1, _words(old[at], new[on]))
        i, j = at + 1, on + 1


def _pairs(old: Sequence[str], new: Sequence[str], here: range, there: range) -> list[tuple[int, int]]:
    """Which sentences are the same, worded anew: those most alike, as far as their order allows."""
    olds, news = {i: _folded(old[i]) for i in here}, {j: _folded(new[j]) for j in there}
    are_many = len(here) * len(there) > MOST_COMPARED
    candidates = zip(here, there, strict=False) if are_many else product(here, there)
    shares = ((_share(olds[i], news[j]), i, j) for i, j in candidates)
    alike = [(-share, abs(i - here.start - j + there.start), i, j) for share, i, j in shares if share >= ALIKE]
    pairs: list[tuple[int, int]] = []
    for _, _, i, j in sorted(alike):
        if all((i < at and j < on) or (i > at and j > on) for at, on in pairs):
            pairs.append((i, j))
    return sorted(pairs)


def _folded(sentence: str) -> set[str]:
    return set(re.findall(r"\w+", sentence.casefold())) or {sentence}


def _share(one: set[str], other: set[str]) -> float:
    """How many of the different words of both are in both."""
    return 2 * len(one & other) / (len(one) + len(other))


def _words(before: str, after: str) -> tuple[tuple[Edit, str], ...]:
    if max(before.count(" "), after.count(" ")) >= LONGEST:
        return ((Edit.GONE, before), (Edit.ADDED, after))
    return tuple(edits(before, after))
