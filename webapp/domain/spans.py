"""Spans of text in code points: where one begins and ends, how it is trimmed, and whether a list of them is whole."""

from collections.abc import Iterable
from typing import NamedTuple


class Span(NamedTuple):
    """One sentence of a text: `text[start:end]`, in the paragraph with that number (from 1)."""

    start: int
    end: int
    paragraph: int


# Unicode White_Space. Not `str.isspace`, which adds the separators U+001C to U+001F.
WHITE_SPACE = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
JOINER = "\u200d"
# Soft hyphen, zero-width space, joiners and direction marks, word joiner, byte order mark.
INVISIBLE = WHITE_SPACE + "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_INVISIBLE = frozenset(INVISIBLE)


def is_invisible(char: str) -> bool:
    """Whether a reader sees nothing of this character, so that it may lie between two sentences."""
    return char in _INVISIBLE


def is_emoji(char: str) -> bool:
    """Whether a joiner after this character belongs to it: a pictograph, its colour or its variation selector."""
    return (
        "\u2190" <= char <= "\u2bff"
        or "\U0001f000" <= char <= "\U0001faff"
        or char in "\u00a9\u00ae\u3030\u303d\u3297\u3299\ufe0f\u20e3"
        or "\U000e0020" <= char <= "\U000e007f"
    )


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without invisible characters at its edges; empty (`start == end`) when there is nothing else.

    A zero-width joiner behind an emoji stays: without it the emoji would become another one.
    """
    while start < end and text[start] in _INVISIBLE:
        start += 1
    while end > start and text[end - 1] in _INVISIBLE and not _ends_in_joined_emoji(text, start, end):
        end -= 1
    return start, end


def _ends_in_joined_emoji(text: str, start: int, end: int) -> bool:
    return text[end - 1] == JOINER and end - 2 >= start and is_emoji(text[end - 2])


def why_broken(text: str, spans: Iterable[Span]) -> str | None:
    """What is wrong with these spans as the sentences of this text, in one sentence; None when they are whole.

    Whole means: in order, disjoint, none of them empty or with invisible characters at its edges, and nothing
    but such characters before, between and behind them.
    """
    position = 0
    for span in spans:
        if fault := _fault_of(text, span, position):
            return fault
        position = span.end
    return _lost_text(text, position, len(text))


def _fault_of(text: str, span: Span, position: int) -> str | None:
    if span.start < position:
        return f"The sentence at {span.start} begins before the one ahead of it ends at {position}."
    if not span.start < span.end <= len(text):
        return f"The sentence at {span.start} is empty or ends outside the text, at {span.end} of {len(text)}."
    if trim(text, span.start, span.end) != (span.start, span.end):
        return f"The sentence at {span.start} has white space or invisible characters at its edges."
    return _lost_text(text, position, span.start)


def _lost_text(text: str, start: int, end: int) -> str | None:
    start, end = trim(text, start, end)
    return None if start == end else f"The text from {start} to {end} is in no sentence."
