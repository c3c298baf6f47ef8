"""The line layer: finds the paragraphs of a text, whether a line is a paragraph or lines were hard-wrapped."""

import re
from collections.abc import Iterator
from itertools import accumulate, pairwise
from typing import NamedTuple

from webapp.domain.spans import trim

# U+0085 is left out: in news it is nearly always the ellipsis of Windows-1252, read as Latin-1.
_LINE = re.compile(r"[^\n\v\f\r\u2028\u2029]+")
_FIRST_WORD = re.compile(r"\S+")
_ONE_BREAK = frozenset(["\n", "\v", "\f", "\r", "\r\n", "\u2028"])
_ITEM = re.compile(r"(?:[•⁃‣▪◦●·*–—-]|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,5})[.)])\s")
_TERMINAL = re.compile(r"[.!?…:;。！？؟।][\"'”’»)\]]*$")

# Narrower columns are lists and verse, wider ones are a line a paragraph.
_WIDTHS = range(36, 201)


class Line(NamedTuple):
    """A line with something to read on it, without the white space at its edges."""

    start: int
    end: int
    indent: int
    block: int

    @property
    def width(self) -> int:
        return self.indent + self.end - self.start


def paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """The paragraphs as a reader sees them: blocks of hard-wrapped lines are one, other lines one each."""
    lines = list(_lines(text))
    if not lines:
        return
    width = _wrap_width(text, lines)
    start = lines[0].start
    for line, following in pairwise(lines):
        if not (width and _continues(text, line, following, width)):
            yield start, line.end
            start = following.start
    yield start, lines[-1].end


def _lines(text: str) -> Iterator[Line]:
    block, last_end = 0, 0
    for match in _LINE.finditer(text):
        start, end = trim(text, match.start(), match.end())
        if start == end:
            block += 1
            last_end = match.end()
            continue
        if text[last_end : match.start()] not in _ONE_BREAK:
            block += 1
        last_end = match.end()
        yield Line(start, end, start - match.start(), block)


def _wrap_width(text: str, lines: list[Line]) -> int:
    """The width the text was hard-wrapped to, or 0.

    Each line break votes for the widths at which the next word no longer fitted on the line. Wrapped text agrees on
    one width, and most of its lines begin with a small letter, which lists and verse seldom do.
    """
    votes = [0] * (_WIDTHS.stop + 1)
    pairs = [(a, b, _needed(text, a, b)) for a, b in pairwise(lines) if a.block == b.block]
    for line, _, needed in pairs:
        if line.width < min(needed, _WIDTHS.stop):
            votes[line.width] += 1
            votes[min(needed, _WIDTHS.stop)] -= 1
    counts = list(accumulate(votes))
    width = max(_WIDTHS, key=lambda w: counts[w])
    full = [b for a, b, needed in pairs if a.width <= width < needed]
    lower = sum(1 for b in full if text[b.start].islower())
    wider = sum(1 for line in lines if line.width > width)
    return width if full and lower * 3 > len(full) and wider * 10 <= len(lines) else 0


def _needed(text: str, line: Line, following: Line) -> int:
    word = _FIRST_WORD.match(text, following.start)
    return line.width + 1 + (len(word.group()) if word else 0)


def _continues(text: str, line: Line, following: Line, width: int) -> bool:
    if line.block != following.block or not line.width <= width < _needed(text, line, following):
        return False
    return not (_ITEM.match(text, following.start) and _TERMINAL.search(text[line.end - 8 : line.end]))
