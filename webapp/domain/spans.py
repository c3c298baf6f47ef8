"""Spans of text in code points: how they are trimmed, and whether a list of them is a whole text."""

from collections.abc import Iterable
from typing import NamedTuple


class Span(NamedTuple):
    """One sentence of a text: `text[start:end]`, in the paragraph with that number, counted from 1."""

    start: int
    end: int
    paragraph: int


# Unicode White_Space. Not `str.isspace`, which is also true of the separators U+001C to U+001F.
_WHITE_SPACE = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
_JOINER = "\u200d"
# The soft hyphen, zero-width spaces, joiners and direction marks, the word joiner and the byte order mark.
INVISIBLE = _WHITE_SPACE + "\u00ad\u200b\u200c" + _JOINER + "\u200e\u200f\u2060\ufeff"
_INVISIBLE = frozenset(INVISIBLE)


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without invisible characters at its edges; `start == end` when it has no others.

    A zero-width joiner behind an emoji stays, because it is a part of that emoji.
    """
    while start < end and text[start] in _INVISIBLE:
        start += 1
    while start < end and text[end - 1] in _INVISIBLE and not (end - start > 1 and _joins_emoji(text, end - 1)):
        end -= 1
    return start, end


def why_broken(text: str, spans: Iterable[Span]) -> str | None:
    """What is wrong with these spans as the sentences of the text, in one sentence; None when they are whole.

    Whole means: in order, disjoint, none of them empty or with invisible characters at its edges, no emoji cut in
    two, and nothing but invisible characters before, between and behind them.
    """
    position = 0
    for span in spans:
        if fault := _fault_at_edges(text, span, position) or _lost_text(text, position, span.start):
            return fault
        position = span.end
    return _lost_text(text, position, len(text))


def _fault_at_edges(text: str, span: Span, position: int) -> str | None:
    start, end = span.start, span.end
    if start < position:
        return f"The sentence at {start} begins before the one ahead of it ends at {position}."
    if not start < end <= len(text):
        return f"The sentence at {start} is empty or ends outside the text, at {end} of {len(text)}."
    if trim(text, start, end) != (start, end):
        return f"The sentence at {start} has invisible characters at its edges."
    if end < len(text) and _joins_emoji(text, end):
        return f"The sentence at {start} ends inside an emoji, at {end}."
    return None


def _lost_text(text: str, start: int, end: int) -> str | None:
    start, end = trim(text, start, end)
    return None if start == end else f"The text from {start} to {end} is in no sentence."


def _joins_emoji(text: str, at: int) -> bool:
    """Whether the character at this place is a joiner behind an emoji, its skin tone or its variation selector."""
    if at == 0 or text[at] != _JOINER:
        return False
    before = text[at - 1]
    return "\u2190" <= before <= "\u2bff" or before == "\ufe0f" or "\U0001f000" <= before <= "\U0001faff"
