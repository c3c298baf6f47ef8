"""The rules of sentence ends: which full stop, question mark or ellipsis of a paragraph closes a sentence."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from webapp.domain.segmentation import abbreviations as words
from webapp.domain.spans import INVISIBLE

_GAP = rf"[{re.escape(INVISIBLE)}]"
_EMOJI = "\u2600-\u27bf\u2b50\u2b55\U0001f000-\U0001faff"
_OPENERS = r"\"'“”‘’„‚«‹(\[{¿¡*_\x91\x93"
_QUOTES = frozenset("\"'“”’»›\x92\x94")

# Nothing in this pattern can fail once a mark is found, so a run of marks is read once and time stays linear.
_STOP = re.compile(
    rf"""
    (?P<mark> (?: \.(?:[ \xa0]\.){{2,}}+ | [.!?…‽؟۔।॥。！？｡\x85{_EMOJI}] )  [.!?…\x85]*+ )
    (?P<closers> [\"'”’“»›)\]}}」』）*_\x92\x94¹²³⁰⁴-⁹†‡]*+ (?: [ \xa0\u202f][»)](?=[ \n]) )?+ )
    (?P<note> (?: (?:[ \xa0\n]|\r\n)?\[(?:\d{{1,3}}(?:[,–-]\ ?\d{{1,3}})?|[a-z]|[a-z]{{1,12}}(?:\ [a-z]{{1,12}})?\ needed|note\ \d{{1,2}})\] )*+
              (?: (?<=[a-z]\.)\d{{1,2}}(?=[ \n]) | (?<=[a-z)]\.)[ ]\d{{1,2}}(?=[ ](?:{"|".join(sorted(words.PLAIN_STARTERS))})[ ,]) )?+ \.?+ )
    (?P<smile> (?: [ \xa0]?[{_EMOJI}][{_EMOJI}\u200d\ufe0f\u20e3]*+ | [ ]?[:;=][-'^]?[)(DPpO](?=\s|$) )*+ )
    (?P<gap> {_GAP}*+ )
    """,
    re.VERBOSE,
)
_NEXT = re.compile(
    rf"(?P<open>[{_OPENERS}]*+)(?P<word>\w[\w'’-]{{0,40}}+)?(?P<rest>\.?+{_GAP}{{0,4}}+(?P<second>\w[\w'’-]{{0,40}}+)?)"
)
_ATTRIBUTION = re.compile(
    rf"(?:I|[A-Z][\w'’-]++\.?(?:\s[A-Z][\w'’-]*+\.?){{0,3}})\s(?:{words.SPEECH})\b"
    r"(?P<then>\s*+$|[.,;:!?]|\s(?:in|at|on|as|with|after|before|during|when|while|later|from|of|outside|[a-z]+ly)\b)?"
)
_LOWER_ATTRIBUTION = re.compile(rf"(?:(?:he|she|they|we|it|[a-z]+)\s)?(?:{words.SPEECH})\b")
_CITATION = re.compile(r"\([A-Z][^()]{0,40}\d\)|\(\d{4}\)")
_YEAR_IN_BRACKETS = re.compile(r"\([^()]{0,40}\d{4}\)")
_DASH_AND_SENTENCE = re.compile(r"[-–—]{1,2}[ \xa0][\"“‘']?[^\W\d_a-z]")
_BRAND = re.compile(r"[a-z]{1,3}-?[A-Z]")
_ACRONYM = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]{1,2}")
_MARKER = re.compile(r"\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5}")
_TIME_FIRST = re.compile(r"(?:At|By|On|Around|About|Before|After|Until|Since|From|Shortly after)\s[^,]{1,24}$")
_SEPARATORS = re.compile(r"[-/—–(\[]")
_EDGES = "\"'“”‘’«*_([{—–-¿¡…"
_ALWAYS = frozenset("。！？｡؟۔।॥‽")


class Stop(NamedTuple):
    """A mark that may end a sentence, with the words around it."""

    text: str
    start: int
    mark: str
    closers: str
    word: str
    before: str
    opening: str
    following: str
    second: str
    at: int
    sentence: int


def starts(text: str, start: int, end: int) -> Iterator[int]:
    """Where the second and later sentences of the paragraph begin."""
    sentence = start
    for match in _STOP.finditer(text, start, end):
        cut = match.end()
        if cut == end:
            return
        if _ends(text, match, sentence, end):
            yield cut
            sentence = cut


def _ends(text: str, match: re.Match[str], sentence: int, end: int) -> bool:
    mark, closers, note, smile, gap = match.groups()
    if mark[0] in _ALWAYS:
        return True
    char = text[match.end()]
    if not gap and not (char.isupper() or char in "“«"):
        return False
    at = match.start()
    window = text[max(sentence, at - 60) : at].split()
    word = window[-1] if window else ""
    before = window[-2] if len(window) > 1 else ""
    follow = _NEXT.match(text, match.end(), end)
    assert follow
    opening, following, _, second = follow.groups("")
    stop = Stop(text, at, mark, closers, word, before, opening, following, second, match.end(), sentence)
    if not gap:
        return _glued(stop, note)
    if mark[0] > "\u2600":
        return following in words.STARTERS
    if not following:
        return _before_symbol(stop)
    if not word and not note:
        return False
    if smile:
        return True
    if "?" in mark or "!" in mark:
        return _exclaimed(stop)
    if note:
        return not following[0].islower() and (note[-1] in "]." or _key(word) not in words.KNOWN)
    if len(mark) > 1 or mark in "…\x85":
        return _ellipsis(stop)
    return _full_stop(stop)


def _glued(stop: Stop, note: str) -> bool:
    """No space behind the mark: scraped pages lose it (“he said.The”), addresses and decimals never had it."""
    if not stop.following or not stop.following[0].isupper() or "\x85" in stop.mark:
        return False
    if note or stop.closers:
        return bool(_QUOTES.intersection(stop.closers) or note) and stop.word[-1:].islower()
    if len(stop.mark) > 1 and len(stop.following) > 0:
        return stop.word[-1:].islower() and "/" not in stop.word
    word = stop.word.lstrip("(\"'“‘")
    return (
        len(word) > 1
        and word.isalpha()
        and word.islower()
        and word not in words.KNOWN
        and stop.following[1:2].islower()
        and bool(stop.second)
        and stop.text[stop.at + len(stop.following)] in " ,\n\xa0"
    ) or False


def _before_symbol(stop: Stop) -> bool:
    char = stop.text[stop.at + len(stop.opening) : stop.at + len(stop.opening) + 1]
    if "[" in stop.opening and char == ".":
        return True
    if not char or char in ".,;:)]}!?…/%=<>|\\":
        return False
    if char in "-–—" and not _DASH_AND_SENTENCE.match(stop.text, stop.at):
        return False
    return not stop.word.endswith(":") and _key(stop.word) not in words.KNOWN


def _attributed(stop: Stop, strict: bool) -> bool:
    if not _QUOTES.intersection(stop.closers):
        return False
    if stop.opening:
        return False
    found = _ATTRIBUTION.match(stop.text, stop.at, stop.at + 100)
    if not found or (stop.following in words.STARTERS and stop.following != "I"):
        return False
    then = found["then"]
    return then is not None and (not strict or then in (".", ","))


def _exclaimed(stop: Stop) -> bool:
    if stop.following[0].islower():
        if stop.closers or stop.word[:1].isupper():
            return bool(stop.opening and stop.opening[0] in "¿¡")
        return not _LOWER_ATTRIBUTION.match(stop.text, stop.at, stop.at + 60)
    if stop.word.endswith(":") or _YEAR_IN_BRACKETS.match(stop.text, stop.at, stop.at + 60):
        return False
    if (
        stop.word.strip("(\"'“‘").lower() in words.EXCLAIMED_NAMES
        and "!" in stop.mark
        and stop.following not in words.STARTERS
    ):
        return False
    return not _attributed(stop, strict=False)


def _ellipsis(stop: Stop) -> bool:
    if not stop.word or stop.word[-1] in "[(":
        return False
    if stop.following[0].islower() or stop.following[0].isdigit():
        return False
    if stop.text[stop.start - 1] == " " and stop.following.split("'")[0].split("’")[0] == "I":
        return False
    return not _attributed(stop, strict=False)


def _key(word: str) -> str:
    """The word as the lists have it; those that are only abbreviations with a capital get none without it."""
    last = _SEPARATORS.split(word.strip(_EDGES))[-1]
    if last.islower() and last in words.CAPITALISED:
        return ""
    return last.lower()


def _full_stop(stop: Stop) -> bool:
    key = _key(stop.word)
    following = stop.following
    first = following[0]
    if stop.opening[:1] == "(" and (
        key in words.KNOWN or (stop.closers and _CITATION.match(stop.text, stop.at, stop.at + 60))
    ):
        return False
    if first.islower():
        return _before_small(stop, key)
    if _is_marker(stop):
        return False
    if key in words.TITLES:
        return False
    if key in words.NEVER_LAST:
        return False
    if first.isdigit():
        return _before_digit(stop, key)
    if _attributed(stop, strict=True):
        return False
    if stop.closers:
        return not (key in words.KNOWN and following not in words.STARTERS and stop.closers[0] == ")" and False)
    if key in words.NUMBERED and following[:3].lower() in words.MONTHS:
        return False
    if len(key) == 1 and key.isalpha():
        return _initial(stop)
    if key in words.HOURS:
        return _after_hour(stop)
    if key in words.LAST_BEFORE_CAPITAL or key in words.MONTHS or key in words.NUMBERED:
        return True
    if key in words.MAY_BE_LAST or _ACRONYM.fullmatch(key):
        return _after_abbreviation(stop, key)
    return True


def _is_marker(stop: Stop) -> bool:
    return stop.text[stop.sentence : stop.start].strip("([•⁃ \t\n\xa0") == stop.word.strip("([•⁃") and bool(
        _MARKER.fullmatch(stop.word.strip("([•⁃"))
    )


def _before_small(stop: Stop, key: str) -> bool:
    """Some write without capitals: only a common word, in no list, ends a sentence before a small letter."""
    if stop.closers or stop.opening:
        return bool(stop.opening and stop.opening[0] in "¿¡")
    if key in words.KNOWN or not key.isalpha() or len(key) < 2:
        return False
    return stop.word.islower() or len(key) > 4 or bool(_BRAND.match(stop.following))


def _before_digit(stop: Stop, key: str) -> bool:
    if key in words.KNOWN or len(key) == 1 or (key.isdigit() and len(key) < 2):
        return key in words.LAST_BEFORE_CAPITAL or key in words.HOURS
    return not _ACRONYM.fullmatch(key)


def _initial(stop: Stop) -> bool:
    letter = stop.word[-1]
    starter = stop.following in words.STARTERS
    if letter == "I" and len(stop.word) == 1:
        return starter or stop.before.islower()
    if stop.before.lower() in words.LETTERED:
        return starter or stop.second[:1].islower()
    if letter.islower() and stop.word != letter:
        return True
    return starter


def _after_hour(stop: Stop) -> bool:
    if stop.following.lower() in words.AFTER_HOURS:
        return False
    return not _TIME_FIRST.match(stop.text[stop.sentence : stop.start][:40])


def _after_abbreviation(stop: Stop, key: str) -> bool:
    following, small = stop.following, stop.second[:1].islower()
    if following in words.STARTERS or (following in words.GROUPS and small):
        return True
    if key in words.COMPANIES:
        return small and following.lower() not in words.AFTER_COMPANIES
    if key in words.STREETS:
        return small
    if key in words.STATES:
        return small and stop.before.endswith(",")
    return False
