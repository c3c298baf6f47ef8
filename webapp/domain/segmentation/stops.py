"""Finds each mark that may end a sentence and reads the words around it."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from webapp.domain.segmentation.abbreviations import AFTER_NOTES, ONLY_WITH_CAPITAL
from webapp.domain.spans import INVISIBLE

QUOTES = frozenset("\"'”’»›“\x92\x94")

# Those that end a sentence in any case; the Latin marks may do something else.
ENDS_ALWAYS = "。！？｡؟۔।॥‽։።။។\u037e"
_MARKS = ".!?…" + ENDS_ALWAYS
_GAP = rf"[{re.escape(INVISIBLE)}]"
# Pictures that decorate a text. Ticks and arrows are left out: they mark list items.
_EMOJI = "\u2600-\u26ff\u2728\u2753-\u2757\u2763\u2764\u2b50\u2b55\U0001f000-\U0001faff"

# Every part behind the mark is optional and possessive. The pattern never fails once a mark is found and never
# reads a character twice, so a text of nothing but marks still takes linear time.
_STOP = re.compile(
    rf"""
    (?P<mark>
        (?: \.(?:[ \xa0]\.){{2,}}+ | [{_MARKS}\x85{_EMOJI}] ) [{_MARKS}]*+ )
    (?P<closers>
        [\"'”’“»›)\]}}」』）*_\x92\x94¹²³⁰⁴-⁹†‡]*+
        (?: [ \xa0\u202f][»)](?=\s) )?+ )
    (?P<note>
        (?: (?:[ \xa0\n]|\r\n)?
            \[ (?: \d{{1,3}}(?:[,–-]\s?\d{{1,3}})? | [a-z] | note\s\d{{1,2}} | \.\.\. | …
                  | [a-z]{{1,12}}(?:\s[a-z]{{1,12}})?\sneeded ) \]
        )*+
        (?: (?<=[a-z]\.)\d{{1,2}}(?=\s) | (?<=[a-z)]\.)\s\d{{1,2}}(?=\s(?:{"|".join(sorted(AFTER_NOTES))})\s) )?+
        \.?+ )
    (?P<smile>
        (?: (?: [ \xa0]?[{_EMOJI}][{_EMOJI}\u200d\ufe0f\u20e3]*+ | [ ]?[:;=][-'^]?[)(DPpO](?!\w) )++ [\"'”’»)]*+ )?+ )
    (?P<gap> {_GAP}*+ )
    """,
    re.VERBOSE,
)
_NEXT = re.compile(
    rf"""
    (?P<opening> [\"'“”‘’„‚«‹(\[{{¿¡*_\x91\x93]*+ )
    (?P<following> \w[\w'’-]{{0,40}}+ )?+
    (?: \.?+ {_GAP}{{0,4}}+ (?P<second> \w[\w'’-]{{0,40}}+ ) )?+
    """,
    re.VERBOSE,
)
_JOINTS = re.compile(r"[-/—–(\[]")
_EDGES = "\"'“”‘’«*_([{—–-¿¡…\x91\x93"
_NO_WIDTH = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
# Longer words than this are no abbreviations; the bound keeps a text without spaces linear.
_REACH = 60


class Stop(NamedTuple):
    """A mark that may end a sentence: what closes behind it, and the words before and after."""

    text: str
    sentence: int  # where the sentence that it may end begins
    start: int
    end: int  # where the next sentence would begin
    mark: str
    closers: str
    note: str
    smile: str
    gap: str
    before: str
    word: str
    opening: str
    following: str
    second: str

    @property
    def key(self) -> str:
        """The last word as the lists of abbreviations have it; empty for “sun.”, which is not “Sun.”"""
        last = _JOINTS.split(self.word.strip(_EDGES))[-1]
        if last.islower() and last in ONLY_WITH_CAPITAL:
            return ""
        return last.lower()

    @property
    def is_bare(self) -> bool:
        """Whether there is no word before the mark, so that it opens a sentence: “... and so on”."""
        return not (self.word.strip(_EDGES) or self.note)

    @property
    def is_emoji(self) -> bool:
        """Whether a picture stands where a mark might: “We won 🎉 The party is on”."""
        return self.mark[0] >= _EMOJI[0]

    @property
    def is_spaced(self) -> bool:
        return bool(self.gap.strip(_NO_WIDTH))

    @property
    def is_quoted(self) -> bool:
        return not QUOTES.isdisjoint(self.closers)

    @property
    def is_before_small(self) -> bool:
        return self.following[:1].islower()


def marks(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """Every mark of the paragraph that has something behind it."""
    for match in _STOP.finditer(text, start, end):
        if match.end() < end:
            yield match


def read(match: re.Match[str], sentence: int, end: int) -> Stop:
    """The mark with its surroundings; nothing is read from outside the sentence and the paragraph."""
    text, start = match.string, match.start()
    *_, before, word = ["", "", *text[max(sentence, start - _REACH) : start].rsplit(None, 2)[-2:]]
    following = _NEXT.match(text, match.end(), end)
    assert following is not None  # all its parts are optional
    mark, closers, note, smile, gap = match.groups("")
    opening, first, second = following.groups("")
    around = (before, word, opening, first, second)
    return Stop(text, sentence, start, match.end(), mark, closers, note, smile, gap, *around)
