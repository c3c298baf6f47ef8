"""Words that are nearly another one: that hold it as a part, or differ from it by a slip."""

from itertools import pairwise

SHORTEST = 3
"""Letters of a piece by which an index finds words."""
ONE_SLIP, TWO_SLIPS = 2 * SHORTEST, 3 * SHORTEST
"""Letters of a word from which on one, or two, may be wrong, missing or too many."""


def slips(word: str) -> int:
    """How many letters of a word may be wrong; of a short one none, as it would be another word."""
    return 2 if len(word) >= TWO_SLIPS else 1 if len(word) >= ONE_SLIP else 0


def pieces(word: str) -> list[str]:
    """Parts of a word, of which one at least stands whole in every word that is nearly it: each slip spoils one."""
    if len(word) < SHORTEST:
        return []
    count = slips(word) + 1
    cuts = [len(word) * place // count for place in range(count + 1)]
    return [word[start:end] for start, end in pairwise(cuts)]


def is_nearly(asked: str, word: str) -> bool:
    """Whether a word is the one asked for, holds it, or differs from it by so few letters as its length allows."""
    if asked == word:
        return True
    parts = pieces(asked)
    if not any(part in word for part in parts):
        return False
    allowed = slips(asked)
    return asked in word or (abs(len(asked) - len(word)) <= allowed and _distance(asked, word) <= allowed)


def _distance(one: str, other: str) -> int:
    """Letters to change, add or leave out (Levenshtein 1966)."""
    row = list(range(len(other) + 1))
    for number, letter in enumerate(one, start=1):
        before, row[0] = row[0], number
        for place, there in enumerate(other, start=1):
            before, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, before + (letter != there))
    return row[-1]
