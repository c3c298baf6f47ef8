"""A few numbers that stand for a text, by which texts with shared passages find each other.

Each shingle has a number, and of each eight in a row the lowest is kept (winnowing: Schleimer, Wilkerson & Aiken 2003,
“Winnowing: local algorithms for document fingerprinting”). So two texts that share eight shingles in a row have a
number in common, and two or more from sixteen in a row on, which a choice by chance would not promise. The share of
the numbers that two texts have in common estimates how much of each stands in the other.
"""

from collections.abc import Sequence
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from webapp.domain.folded_words import folded_loosely
from webapp.domain.reuse import SHINGLE

WINDOW = 8
"""Of so many shingles in a row one is kept; a shorter text has no numbers."""
WORDS_OF_WINDOW = WINDOW + SHINGLE - 1
SURE = 2 * WINDOW + SHINGLE - 1
"""Words in a row from which on two texts that share them have two numbers in common."""
_FIRST, _SECOND, _THIRD = map(np.uint32, (0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D))
"""Odd numbers by which the words of a shingle are told apart by their place."""
_BASE = 0xCC9E2D51
_INVERSE = pow(_BASE, -1, 2**32)
"""By powers of the one the letters of a word are told apart by their place; the other takes back where it stands."""
_BLANK = ord(" ")
FIRST_POWERS = 1 << 18
"""That are made once, for so many letters; an import seldom has more at once."""


def passage_hashes(text: str) -> list[int]:
    """The numbers kept of a text, each once, rising, between -2³¹ and 2³¹ - 1; the same on every machine."""
    [hashes] = hashes_of_all([folded_loosely(text)])
    return hashes


def hashes_of_all(texts: Sequence[str]) -> list[list[int]]:
    """The same of texts that are folded already, with any blanks between their words: quicker for many at once."""
    numbers, counts = _numbers(texts)
    text_of = np.repeat(np.arange(len(texts), dtype=np.int64), counts)
    if len(numbers) < WORDS_OF_WINDOW:
        return [[] for _ in texts]
    lowest = _lowest(_mixed(numbers[:-2] * _FIRST + numbers[1:-1] * _SECOND + numbers[2:] * _THIRD)).view(np.int32)
    # By text, then by number; whoever takes the lower half of the bits has the number again.
    keys = (text_of[: len(lowest)] << 32) + lowest
    is_kept = text_of[: len(lowest)] == text_of[-len(lowest) :]
    is_kept[1:] &= keys[1:] != keys[:-1]
    rising = np.unique(keys[is_kept])
    begins = np.searchsorted(rising, (np.arange(len(texts) + 1, dtype=np.int64) << 32) - 2**31)
    hashes = rising.astype(np.int32)
    return [hashes[begin:end].tolist() for begin, end in pairwise(begins.tolist())]


def _numbers(texts: Sequence[str]) -> tuple[NDArray[np.uint32], NDArray[np.intp]]:
    """A number for each word of all texts, and how many words each text has.

    A number is the sum of the word's letters, each times the power of its place. The sums of all words are differences
    of one running sum, so that no word is looked at alone.
    """
    encoded = [text.encode() for text in texts]
    letters = np.frombuffer(b" ".join([b"", *encoded, b""]), np.uint8)
    is_blank = letters == _BLANK
    edges = np.flatnonzero(is_blank[1:] != is_blank[:-1])
    before, last = edges[::2], edges[1::2]
    sums = np.cumsum(letters * _powers(_BASE, len(letters)), dtype=np.uint32)
    numbers = (sums[last] - sums[before]) * _powers(_INVERSE, len(letters))[before]
    ends = np.cumsum([len(text) + 1 for text in encoded])
    return numbers, np.diff(np.searchsorted(before, ends), prepend=0)


def _powers(of: int, count: int) -> NDArray[np.uint32]:
    return _first_powers(of)[:count] if count <= FIRST_POWERS else _made_powers(of, count)


@cache
def _first_powers(of: int) -> NDArray[np.uint32]:
    return _made_powers(of, FIRST_POWERS)


def _made_powers(of: int, count: int) -> NDArray[np.uint32]:
    return np.full(count, of, np.uint32).cumprod(dtype=np.uint32)


def _lowest(numbers: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Of each window the lowest number: of two in a row, of two such pairs, and so on."""
    width = 1
    while width < WINDOW:
        numbers = np.minimum(numbers[:-width], numbers[width:])
        width *= 2
    return numbers


def _mixed(numbers: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The numbers, their bits stirred in place (the finaliser of MurmurHash3), so that no words are preferred."""
    for shift, factor in _STEPS:
        numbers ^= numbers >> shift
        numbers *= factor
    numbers ^= numbers >> _LAST_SHIFT
    return numbers


_STEPS = (np.uint32(16), np.uint32(0x85EBCA6B)), (np.uint32(13), np.uint32(0xC2B2AE35))
_LAST_SHIFT = np.uint32(16)
