"""Spans of text in code points: how they are trimmed, and whether a list of them is a whole text."""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import NamedTuple


class Span(NamedTuple):
    """One sentence of a text: `text[start:end]`, in the paragraph with that number, counted from 1."""

    start: int
    end: int
    paragraph: int


class Lifetime(NamedTuple):
    """A sentence of a split that was repaired: the versions in which it came, and in which it was gone."""

    span: Span
    added_in: int
    retired_in: int | None

    @property
    def is_live(self) -> bool:
        """Whether it is a sentence of the newest version."""
        return not self.retired_in

    def is_alive_in(self, version: int) -> bool:
        return self.added_in <= version < (self.retired_in or version + 1)


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


def first_broken(text: str, sentences: Sequence[Lifetime], newest: int) -> tuple[int, str] | None:
    """The first version of a split, up to the newest, in which its sentences are not whole, and what is wrong there.

    The sentences are in the order of the text. Of each version only what came and went is looked at, since tens of
    thousands of repairs of one text would otherwise take the square of that.
    """
    if fault := _fault_in(text, sentences, 1):
        return 1, fault
    came: dict[int, list[Span]] = defaultdict(list)
    went: dict[int, list[Span]] = defaultdict(list)
    for span, added_in, retired_in in sentences:
        if not retired_in or retired_in > added_in:
            came[added_in].append(span)
            went[retired_in or 0].append(span)
    changed = sorted(version for version in {*came, *went} if 1 < version <= newest)
    visible = array("q", accumulate((char not in _INVISIBLE for char in text), initial=0)) if changed else array("q")
    for version in changed:
        is_whole = _is_same_text(text, visible, went[version], came[version])
        if not is_whole and (fault := _fault_in(text, sentences, version)):
            return version, fault
    return None


def _fault_in(text: str, sentences: Iterable[Lifetime], version: int) -> str | None:
    return why_broken(text, (one.span for one in sentences if one.is_alive_in(version)))


def _is_same_text(text: str, visible: Sequence[int], went: Sequence[Span], came: Sequence[Span]) -> bool:
    """Whether sentences, each whole, stand on just the visible characters of those in whose place they came.

    Both are in the order of the text; `visible` counts the visible characters before each place.
    """
    position = at = count = 0
    for span in came:
        if _fault_at_edges(text, span, position):
            return False
        while at < len(went) and went[at].end <= span.start:
            at += 1
        shared, beside = 0, at
        while beside < len(went) and went[beside].start < span.end:
            shared += visible[min(span.end, went[beside].end)] - visible[max(span.start, went[beside].start)]
            beside += 1
        if shared != visible[span.end] - visible[span.start]:
            return False
        count, position = count + shared, span.end
    return count == sum(visible[span.end] - visible[span.start] for span in went)


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
