"""A few numbers that stand for a text, by which texts with shared passages find each other.

Each shingle has a number; those are kept that a constant divides, so that of two texts the same shingles are kept, and
the share of the numbers that they have in common estimates how much of each stands in the other (FracMinHash: Irber et
al. 2022, “Lightweight compositional analysis of metagenomes with FracMinHash and minimum metagenome covers”; the idea
is Manber's, 1994, “Finding similar files in a large file system”).
"""

from collections.abc import Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from webapp.domain.folded_words import folded
from webapp.domain.reuse import SHINGLE

ONE_OF = 8
"""One shingle of so many is kept; of a short text so few that it may be missed."""
_SPREAD = tuple(map(np.uint32, (0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D)))
"""Odd numbers by which the words of a shingle are told apart by their place."""
_MIX = np.uint32(0x85EBCA6B), np.uint32(0xC2B2AE35)


def passage_hashes(text: str) -> list[int]:
    """The numbers kept of a text, each once, rising, between -2³¹ and 2³¹ - 1; the same on every machine."""
    return hashes_of_words(folded(text).split())


def hashes_of_words(words: Sequence[str]) -> list[int]:
    """The same of a text whose words are folded already."""
    if len(words) < SHINGLE:
        return []
    numbers = np.fromiter(map(_NUMBERS.__getitem__, words), np.uint32, len(words))
    shingles = np.zeros(len(words) - SHINGLE + 1, np.uint32)
    for place, factor in enumerate(_SPREAD):
        shingles += numbers[place : len(numbers) - SHINGLE + 1 + place] * factor
    mixed = _mixed(shingles)
    return sorted(set(mixed[mixed % ONE_OF == 0].view(np.int32).tolist()))


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
    """Each number with all its bits stirred (the finaliser of MurmurHash3), so that those kept are kept by chance."""
    numbers = numbers ^ (numbers >> np.uint32(16))
    numbers = numbers * _MIX[0]
    numbers = numbers ^ (numbers >> np.uint32(13))
    numbers = numbers * _MIX[1]
    return numbers ^ (numbers >> np.uint32(16))
