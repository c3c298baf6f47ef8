"""Finds each mark that may end a sentence and reads the words around it."""

import re
from functools import cache
from typing import NamedTuple

from webapp.domain.segmentation.languages import ENGLISH, Language
from webapp.domain.spans import INVISIBLE

QUOTES = frozenset("\"'”’»›“\x92\x94")

# Those that end a sentence in any case; the Latin marks may do something else.
ENDS_ALWAYS = frozenset("。！？｡؟۔।॥‽։።။។\u037e")
_MARKS = ".!?…" + "".join(sorted(ENDS_ALWAYS))
_GAP = rf"[{re.escape(INVISIBLE)}]"
_OPENING = r"[\"'“”‘’„‚«‹(\[{¿¡*_\x91\x93]"
# Signs as HTML has them, in text that was copied from its source.
_ENTITY_OF_GAP = r"&(?:nbsp|ensp|emsp|thinsp|\#160|\#xa0);"
_ENTITY_OPENING = r"&(?:quot|[lb]dquo|[ls]bquo|lsquo|laquo|\#34|\#39|\#8220|\#8216|\#171|\#x201c|\#x2018);"
_ENTITY_CLOSING = r"&(?:quot|rdquo|rsquo|raquo|\#34|\#39|\#8221|\#8217|\#187|\#x201d|\#x2019);"
_WRITTEN_GAP = re.compile(_ENTITY_OF_GAP)
# Pictures that decorate a text. Ticks and arrows are left out: they mark list items.
_EMOJI = "\u2600-\u26ff\u2728\u2753-\u2757\u2763\u2764\u2b50\u2b55\U0001f000-\U0001faff"


class Patterns(NamedTuple):
    """What finds marks, and what finds the words behind them."""

    language: Language
    stop: re.Pattern[str]
    next: re.Pattern[str]


@cache
def patterns(language: Language, has_entities: bool) -> Patterns:
    """For a text in the language; `has_entities`: some of its signs may be written as HTML has them."""
    return Patterns(language, _stop(language.code, has_entities), _next(has_entities))


def _stop(code: str, has_entities: bool) -> re.Pattern[str]:
    """What finds the marks of a language, in a text with or without entities.

    Every part behind the mark is optional and possessive. The pattern never fails once a mark is found and never
    reads a character twice, so a text of nothing but marks still takes linear time.
    """
    marks = _MARKS + (";" if code == "el" else "")
    # In Chinese “ closes nothing: it opens what follows at once.
    closers = rf"[\"'”’{'' if code == 'zh' else '“'}»›)\]}}」』）*_\x92\x94¹²³⁰⁴-⁹†‡]"
    return re.compile(
        rf"""
        (?P<mark>
            (?: \.(?:[ \xa0]\.){{2,}}+ | [{marks}\x85{_EMOJI}] {"| &hellip;" if has_entities else ""} ) [{marks}]*+ )
        (?P<closers>
            {_run(closers, _ENTITY_CLOSING if has_entities else "")}
            (?: [ \xa0\u202f][»)](?=\s|\Z) )?+ )
        (?P<note>
            (?: (?:[ \xa0\n]|\r\n)?
                \[ (?: \d{{1,3}}(?:[,–-]\s?\d{{1,3}})? | [a-z] | note\s\d{{1,2}} | \.\.\. | …
                      | [a-z]{{1,12}}(?:\s[a-z]{{1,12}})?\sneeded ) \]
                | [ \xa0]? \( (?:https?://|www\.) [^\s()]{{1,300}}+ \) \.?
            )*+
            (?: (?<=[a-z]\.)\d{{1,2}}(?=\s) | (?<=[a-z)]\.)\s\d{{1,2}}(?=\s(?:{_AFTER_NOTES})\s) )?+
            \.?+ )
        (?P<smile>
            (?: (?: [ \xa0]?[{_EMOJI}][{_EMOJI}\u200d\ufe0f\u20e3]*+ | [ ]?[:;=][-'^]?[)(DPpO](?!\w) )++
                [\"'”’»)]*+ )?+ )
        (?P<gap> {_run(_GAP, _ENTITY_OF_GAP if has_entities else "")} )
        """,
        re.VERBOSE,
    )


def _next(has_entities: bool) -> re.Pattern[str]:
    """What finds the words behind a mark."""
    return re.compile(
        rf"""
        (?P<opening> {_run(_OPENING, _ENTITY_OPENING if has_entities else "")} )
        (?P<following> \w[\w'’-]{{0,40}}+ )?+
        (?: \.?+ {_GAP}{{0,4}}+ (?P<second> \w[\w'’-]{{0,40}}+ ) )?+
        """,
        re.VERBOSE,
    )


def _run(signs: str, entity: str) -> str:
    """Any number of signs, written as they are or as entities."""
    return f"(?: {signs}++ | {entity} )*+" if entity else f"{signs}*+"


_AFTER_NOTES = "|".join(sorted(ENGLISH.after_notes))
_APOSTROPHE = re.compile("['’]")
_LONGEST_LETTERS = 6
_JOINTS = re.compile(r"[-/—–(\[\u3040-\u30ff\u4e00-\u9fff]")
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
    language: Language

    @property
    def key(self) -> str:
        """The last word as the lists of abbreviations have it; empty for “sun.”, which is not “Sun.”"""
        last = _JOINTS.split(self.word.strip(_EDGES))[-1]
        if self.language.elides:
            last = _APOSTROPHE.split(last)[-1]
        if self.before[-1:] == "." and len(self.before) < _LONGEST_LETTERS:
            together = (self.before.strip(_EDGES) + last).lower()
            if together in self.language.known:  # “z. B.”
                return together
        if last.islower() and last in self.language.only_with_capital:
            return ""
        return last.lower()

    @property
    def is_bare(self) -> bool:
        """Whether there is no word before the mark, so that it opens a sentence: “... and so on”."""
        is_left_out = self.word in ("[", "(") and self.before  # “We will fight [...] The war”
        return not (self.word.strip(_EDGES) or self.note or is_left_out)

    @property
    def is_emoji(self) -> bool:
        """Whether a picture stands where a mark might: “We won 🎉 The party is on”."""
        return self.mark[0] >= _EMOJI[0]

    @property
    def is_spaced(self) -> bool:
        return bool(self.gap.strip(_NO_WIDTH))

    @property
    def is_quoted(self) -> bool:
        return not QUOTES.isdisjoint(self.closers) or "&" in self.closers

    @property
    def is_in_small(self) -> bool:
        """Whether the sentence begins without a capital, as some write all of theirs."""
        return self.text[self.sentence].islower()

    @property
    def is_before_small(self) -> bool:
        return self.following[:1].islower()


def read(match: re.Match[str], sentence: int, end: int, by: Patterns) -> Stop:
    """The mark with its surroundings; nothing is read from outside the sentence and the paragraph."""
    text, start = match.string, match.start()
    *_, before, word = ["", "", *text[max(sentence, start - _REACH) : start].rsplit(None, 2)[-2:]]
    if "&" in word:
        word = _WRITTEN_GAP.split(word)[-1]
    following = by.next.match(text, match.end(), end)
    assert following is not None  # all its parts are optional
    mark, closers, note, smile, gap = match.groups("")
    opening, first, second = following.groups("")
    around = (before, word, opening, first, second, by.language)
    return Stop(text, sentence, start, match.end(), mark, closers, note, smile, gap, *around)
