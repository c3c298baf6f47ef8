"""A few numbers that stand for a text, by which texts with shared passages find each other.

Each shingle has a number, and of each eight in a row the lowest is kept (winnowing: Schleimer, Wilkerson & Aiken 2003,
“Winnowing: local algorithms for document fingerprinting”). So two texts that share eight shingles in a row have a
number in common, and two or more from sixteen in a row on, which a choice by chance would not promise. The share of
the numbers that two texts have in common estimates how much of each stands in the other.
"""

from collections.abc import Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from webapp.domain.folded_words import folded
from webapp.domain.reuse import SHINGLE

WINDOW = 8
"""Of so many shingles in a row one is kept; a shorter text has no numbers."""
SURE = 2 * WINDOW + SHINGLE - 1
"""Words in a row from which on two texts that share them have two numbers in common."""
_SPREAD = tuple(map(np.uint32, (0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D)))
"""Odd numbers by which the words of a shingle are told apart by their place."""
_MIX = np.uint32(0x85EBCA6B), np.uint32(0xC2B2AE35)


def passage_hashes(text: str) -> list[int]:
    """The numbers kept of a text, each once, rising, between -2³¹ and 2³¹ - 1; the same on every machine."""
    return hashes_of_words(folded(text).split())


def hashes_of_words(words: Sequence[str]) -> list[int]:
    """The same of a text whose words are folded already."""
    if len(words) < WINDOW + SHINGLE - 1:
        return []
    numbers = np.fromiter(map(_NUMBERS.__getitem__, words), np.uint32, len(words))
    shingles = np.zeros(len(words) - SHINGLE + 1, np.uint32)
    for place, factor in enumerate(_SPREAD):
        shingles += numbers[place : len(numbers) - SHINGLE + 1 + place] * factor
    lowest = _lowest(_mixed(shingles))
    is_next = np.concatenate(([True], lowest[1:] != lowest[:-1]))
    return sorted(set(lowest[is_next].view(np.int32).tolist()))


def _lowest(numbers: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Of each window the lowest number: of two in a row, of two such pairs, and so on."""
    width = 1
    while width < WINDOW:
        numbers = np.minimum(numbers[:-width], numbers[width:])
        width *= 2
    return numbers


class _Numbers(dict[str, int]):
    """The number of each word, looked up faster than it is made."""

    def __missing__(self, word: str) -> int:
        if len(self) >= MOST_NUMBERS:
            self.clear()
        self[word] = number = crc32(word.encode())
        return number


MOST_NUMBERS = 50_000
_NUMBERS = _Numbers()


def _mixed(numbers: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Each number with all its bits stirred (the finaliser of MurmurHash3), so that no words are preferred."""
    numbers = numbers ^ (numbers >> np.uint32(16))
    numbers = numbers * _MIX[0]
    numbers = numbers ^ (numbers >> np.uint32(13))
    numbers = numbers * _MIX[1]
    return numbers ^ (numbers >> np.uint32(16))
