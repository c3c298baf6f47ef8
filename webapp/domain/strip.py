"""The tags of an article in miniature: at most sixty cells in the order of reading, one letter each."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from webapp.domain.terms import Tag

MOST_CELLS = 60
LETTERS: dict[Tag | None, str] = {
    Tag.FACT: "F",
    Tag.ATTRIBUTION: "A",
    Tag.SPECULATION: "S",
    Tag.OPINION: "O",
    Tag.NOT_CODABLE: "N",
    None: ".",
}
TAGS = {letter: tag for tag, letter in LETTERS.items()}
WIDTH, HEIGHT, APART = 600, 10, 3
"""Of a strip in units of its drawing, with the space between two cells."""


def strip_of(tags: Sequence[Tag | None]) -> str:
    """A letter for each sentence; of more than sixty, for each sixtieth the tag that most of its sentences have, of
    several the one that is read first.
    """
    letters = [LETTERS[tag] for tag in tags]
    count = len(letters)
    if count <= MOST_CELLS:
        return "".join(letters)
    ends = [cell * count // MOST_CELLS for cell in range(MOST_CELLS + 1)]
    return "".join(Counter(letters[begin:end]).most_common(1)[0][0] for begin, end in pairwise(ends))


@dataclass(frozen=True)
class Drawn:
    """All cells of one tag in a drawing of strips that stand below each other."""

    tag: str
    """`none` where nobody answered."""
    path: str


def drawn(strips: Sequence[str]) -> list[Drawn]:
    """The cells by their tags, as paths to be stroked; neighbours alike are one where there are many."""
    paths: dict[str, list[str]] = {}
    for row, strip in enumerate(strips):
        middle, is_fine = row * HEIGHT + HEIGHT // 2, len(strip) > MOST_CELLS // 2
        place = 0
        for letter, alike in groupby(enumerate(strip), key=lambda cell: cell[1] if is_fine else cell):
            begin, place = place, place + len(list(alike))
            x, end = begin * WIDTH // len(strip), place * WIDTH // len(strip)
            paths.setdefault(letter[-1], []).append(f"M{x} {middle}h{end - x - APART}")
    return [Drawn((tag.value if (tag := TAGS[letter]) else "none"), "".join(path)) for letter, path in paths.items()]


def told(strips: Sequence[str]) -> str:
    """The same in words: `3 Fact, 1 Opinion, 12 untagged`; where there are more sentences than cells, of the cells."""
    counts = Counter("".join(strips))
    words = [(tag.label if tag else "untagged", counts[letter]) for tag, letter in LETTERS.items()]
    return ", ".join(f"{count} {word}" for word, count in words if count)
