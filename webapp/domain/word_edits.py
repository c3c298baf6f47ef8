"""Which words of a text stayed, went and came."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from enum import Enum

FEWEST_KEPT = 2
"""Words that two texts share in a row, for them to be told as kept."""


class Edit(Enum):
    """What became of some words."""

    KEPT = "kept"
    GONE = "gone"
    ADDED = "added"


def edits(before: str, after: str) -> Iterator[tuple[Edit, str]]:
    """Word by word; a single word that both have by chance counts as changed with those around it."""
    old, new = (re.findall(r"\s*\S+", words) for words in (before, after))
    at, on = 0, 0
    for i, j, size in SequenceMatcher(None, old, new).get_matching_blocks():
        is_end = i + size in (size, len(old)) and j + size in (size, len(new))
        if size < FEWEST_KEPT and not is_end:
            continue
        for edit, words in ((Edit.GONE, old[at:i]), (Edit.ADDED, new[on:j]), (Edit.KEPT, new[j : j + size])):
            if words:
                yield edit, "".join(words)
        at, on = i + size, j + size
