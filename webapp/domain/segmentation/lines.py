"""The line layer: the paragraphs of a text, whether each line is one or lines were hard-wrapped."""

import re
from collections.abc import Iterator
from itertools import accumulate, pairwise
from typing import NamedTuple

from webapp.domain.segmentation.items import begins_item, is_marker
from webapp.domain.spans import trim

# U+0085 breaks no line: in news it is the ellipsis of Windows-1252, read as Latin-1.
_LINE = re.compile(r"[^\n\v\f\r\u2028\u2029]+")
_ONE_BREAK = frozenset(["\n", "\v", "\f", "\r", "\r\n", "\u2028"])
_FIRST_WORD = re.compile(r"\S{1,200}")
_CLOSED = re.compile(r"[.!?…:;。！？؟।][\"'”’»)\]]*$")

# Narrower columns are lists and verse, wider ones a line a paragraph.
_WIDTHS = range(36, 141)
_NARROWEST = 16
"""Of columns in which words are broken at line ends."""
_HYPHENS = frozenset("-\u00ad\u2010")


class Line(NamedTuple):
    """A line with something to read on it, without the white space at its edges."""

    start: int
    end: int
    indent: int
    block: int  # lines with a blank line between them are of different blocks

    @property
    def width(self) -> int:
        return self.indent + self.end - self.start


def paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """The paragraphs as a reader sees them: a block of hard-wrapped lines is one, any other line is one."""
    lines = list(_lines(text))
    if not lines:
        return
    width = _wrap_width(text, lines)
    start = lines[0].start
    for line, following in pairwise(lines):
        if not _goes_on(text, line, following, width):
            yield start, line.end
            start = following.start
    yield start, lines[-1].end


def _lines(text: str) -> Iterator[Line]:
    block = last_end = 0
    for match in _LINE.finditer(text):
        start, end = trim(text, *match.span())
        if start == end or text[last_end : match.start()] not in _ONE_BREAK:
            block += 1
        last_end = match.end()
        if start < end:
            yield Line(start, end, start - match.start(), block)


def _wrap_width(text: str, lines: list[Line]) -> int:
    """The width the text was hard-wrapped to, or 0.

    Each line break votes for the widths at which the next word no longer fitted. Wrapped text agrees on one
    width, few of its lines are wider, and many break off before a small letter, which lists and verse seldom do.
    """
    pairs = [(a, b, _needed(text, a, b)) for a, b in pairwise(lines) if a.block == b.block]
    votes = [0] * (_WIDTHS.stop + 1)
    for line, _, needed in pairs:
        if line.width < _WIDTHS.stop:
            votes[line.width] += 1
            votes[min(needed, _WIDTHS.stop)] -= 1
    counts = list(accumulate(votes))
    broken_words = sum(1 for a, b, _ in pairs if _is_broken_word(text, a, b))
    narrowest = _NARROWEST if broken_words > 1 else _WIDTHS.start
    width = max(reversed(range(narrowest, _WIDTHS.stop)), key=lambda candidate: counts[candidate])
    full = [(a, b) for a, b, needed in pairs if a.width <= width < needed]
    broken_off = sum(1 for a, b in full if text[b.start].islower() and not _is_closed(text, a))
    wider = sum(1 for line in lines if line.width > width)
    return width if 0 < len(full) <= broken_off * 6 and wider * 10 <= len(lines) else 0


def _needed(text: str, line: Line, following: Line) -> int:
    """How wide this line would be with the first word of the next one."""
    word = _FIRST_WORD.match(text, following.start)
    return line.width + 1 + (len(word.group()) if word else 0)


def _is_closed(text: str, line: Line) -> bool:
    return _CLOSED.search(text, max(line.start, line.end - 8), line.end) is not None


def _is_broken_word(text: str, line: Line, following: Line) -> bool:
    """Whether the last word of the line goes on in the next, as “govern-” does before “ment”."""
    at = line.end - 1
    return text[at] in _HYPHENS and text[max(line.start, at - 2) : at].isalpha() and text[following.start].islower()


def _goes_on(text: str, line: Line, following: Line, width: int) -> bool:
    if line.block != following.block:
        return False
    if _is_broken_word(text, line, following):
        return True
    if is_marker(text, line.start, line.end):
        return True
    if line.width > width:
        return False
    # A wrapped line may begin with “14)” or “–” by chance; an item follows a line that is done.
    is_closed = _is_closed(text, line)
    if is_closed and begins_item(text, following.start):
        return False
    # Some programs leave the right edge ragged, but not by more than a quarter.
    is_ragged = not is_closed and text[following.start].islower() and line.width * 4 > width * 3
    return width < _needed(text, line, following) or is_ragged
