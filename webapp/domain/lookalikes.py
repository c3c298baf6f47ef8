"""Which texts of a corpus say nearly the same: candidates by their rarest words, then words and pairs of words weighed.

The weight of a word or pair is the logarithm of how rare it is; the score is the cosine of two texts (Salton & Buckley
1988, “Term-weighting approaches in automatic text retrieval”), 0…1.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from math import fsum, log, sqrt
from operator import mul

from webapp.domain.folded_words import folded, words_in

RAREST = 12
"""Words of a text by which others are found."""
PLACES = 200
"""Texts that are looked at for one word: with those of all words that bounds the time for a text."""
CANDIDATES = 60
"""Texts that are compared whole."""

Term = str | tuple[str, str]


class Corpus:
    """Texts, by their number from 0, in which each finds those that are like it."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._terms = [_terms_of(text) for text in texts]
        self._found_in: Counter[Term] = Counter(term for terms in self._terms for term in terms)
        self._places: dict[Term, list[int]] = {}
        for number, terms in enumerate(self._terms):
            for term in terms:
                if self._found_in[term] > 1 and len(places := self._places.setdefault(term, [])) < PLACES:
                    places.append(number)
        self._sizes = [sqrt(fsum(self._weight(term) ** 2 for term in terms)) for terms in self._terms]

    def like(self, number: int, most: int) -> list[tuple[int, float]]:
        """The texts most like this one, which is not among them, with their scores, the most alike first."""
        terms = self._terms[number]
        shared = (term for term in terms if term in self._places)
        rarest = sorted(shared, key=lambda term: (self._found_in[term], str(term)))[:RAREST]
        votes: defaultdict[int, float] = defaultdict(float)
        for term in rarest:
            weight = self._weight(term)
            for other in self._places[term]:
                votes[other] += weight
        votes.pop(number, None)
        best = sorted(votes, key=lambda other: (-votes[other], other))[:CANDIDATES]
        scored = [(other, self._score(number, other)) for other in best]
        return sorted(scored, key=lambda one: (-one[1], one[0]))[:most]

    def _score(self, one: int, other: int) -> float:
        shared = self._terms[one].keys() & self._terms[other].keys()
        size = self._sizes[one] * self._sizes[other]
        return min(1.0, fsum(self._weight(term) ** 2 for term in shared) / size) if size else 0.0

    def _weight(self, term: Term) -> float:
        rarity = log(1 + len(self._terms) / self._found_in[term])
        return rarity / 2 if isinstance(term, tuple) else rarity


def _terms_of(text: str) -> dict[Term, None]:
    return _terms([word.folded for word in words_in(text)])


def _terms(words: Sequence[str]) -> dict[Term, None]:
    return dict.fromkeys([*words, *pairwise(words)])


class Asked:
    """A text for which others are compared that somebody else has found, knowing of its words alone how rare they are.

    Words that only the other has weigh as much as those of the text do on average, pairs half of what their words do.
    """

    def __init__(self, text: str, rarity: Mapping[str, float]) -> None:
        words = folded(text).split()
        self._otherwise = sum(rarity.values()) / len(rarity) if rarity else 1.0
        self._rarity = defaultdict(lambda: self._otherwise, rarity)
        self.terms: dict[Term, float] = {term: self._weight(term) ** 2 for term in _terms(words)}
        self._size = sum(self.terms.values())

    def score(self, other: Sequence[str]) -> float:
        """How alike the words of another text are, 0…1."""
        weights = {word: self._rarity[word] for word in other}
        pairs = dict.fromkeys(pairwise(other))
        of_pairs = [weights[one] + weights[two] for one, two in pairs]
        size = sum(map(mul, weights.values(), weights.values())) + sum(map(mul, of_pairs, of_pairs)) / 16
        terms = self.terms
        shared = fsum(terms[term] for both in (terms.keys() & weights, terms.keys() & pairs) for term in both)
        return min(1.0, shared / sqrt(size * self._size)) if size and self._size else 0.0

    def _weight(self, term: Term) -> float:
        if isinstance(term, tuple):
            return (self._rarity[term[0]] + self._rarity[term[1]]) / 4
        return self._rarity[term]

    def shared_in(self, text: str) -> list[tuple[int, int]]:
        """The places in another text where it says the same: words that follow each other in both, and rare ones."""
        words = words_in(text)
        is_shared = [False] * len(words)
        for at, word in enumerate(words):
            if word.folded in self.terms and self._weight(word.folded) >= self._otherwise:
                is_shared[at] = True
            if at and (words[at - 1].folded, word.folded) in self.terms:
                is_shared[at - 1] = is_shared[at] = True
        places: list[tuple[int, int]] = []
        for at, word in enumerate(words):
            if not is_shared[at]:
                continue
            if at and is_shared[at - 1]:
                places[-1] = places[-1][0], word.end
            else:
                places.append((word.start, word.end))
        return places


def lookalikes(texts: Sequence[str], most: int = 10) -> Iterator[list[tuple[int, float]]]:
    """For each text the numbers and scores of those like it; none for a text without words."""
    corpus = Corpus(texts)
    return (corpus.like(number, most) for number in range(len(texts)))
