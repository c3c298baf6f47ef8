"""The rules of sentence ends: which question mark, ellipsis, emoji or full stop closes a sentence."""

import re
from collections.abc import Iterator

from webapp.domain.segmentation.attribution import is_attributed, is_attributed_in_small
from webapp.domain.segmentation.full_stops import ends_at_full_stop, is_short_form
from webapp.domain.segmentation.languages import Language
from webapp.domain.segmentation.stops import ENDS_ALWAYS, Patterns, Stop, read

_ELLIPSES = frozenset("…\x85")
_DASH_AND_SENTENCE = re.compile(r"[-–—]{1,2}\s[\"“‘']?[^\W\d_a-z]")
_NO_SENTENCE_BEGINS_WITH = frozenset(".,;:)]}!?…/%=<>|\\&+")
_BRACKET_REACH = 200
_SPEAKER_REACH = 40
_ASKS_OR_SHOUTS = frozenset("?!")
_GOES_ON = re.compile(r"\)(?:[,;:]|\s[a-z])")
_BRACKETED_YEAR = re.compile(r"\([^()]{0,40}\d{4}\)")


def starts(text: str, start: int, end: int, by: Patterns) -> Iterator[int]:
    """Where the second and every later sentence between `start` and `end` begins."""
    sentence, known = start, by.language.known
    has_brackets = text.find("(", start, end) >= 0
    for match in by.stop.finditer(text, start, end):
        behind = match.end()
        if behind == end:  # the last one ends the paragraph, too
            return
        if not (_is_plain(match, sentence, known) or _ends(match, sentence, end, by)):
            continue
        if not (has_brackets and _is_in_brackets(match, sentence, end)):
            sentence = behind
            yield sentence


def _is_plain(match: re.Match[str], sentence: int, known: frozenset[str]) -> bool:
    """The usual case, decided fast: a common word, a full stop, a space, a capital."""
    mark, closers, note, smile, gap = match.groups()
    if mark != "." or closers or note or smile or not gap or not match.string[match.end()].isupper():
        return False
    text, at = match.string, match.start()
    # The bound keeps a text without spaces linear; no abbreviation is as long.
    earliest = at - 20 if at - 20 > sentence else sentence
    blank = text.rfind(" ", earliest, at)
    return _is_common(text[blank + 1 if blank >= 0 else earliest : at], known)


def _is_in_brackets(match: re.Match[str], sentence: int, end: int) -> bool:
    """Whether brackets around this mark stand within a sentence that goes on behind them."""
    text, at = match.string, match.start()
    opening = text.rfind("(", max(sentence + 1, at - _BRACKET_REACH), at)
    if opening < 0 or text.find(")", opening, at) >= 0:
        return False
    closing = text.find(")", match.end(), min(end, at + _BRACKET_REACH))
    return closing >= 0 and _GOES_ON.match(text, closing, end) is not None


def _is_common(word: str, known: frozenset[str]) -> bool:
    return len(word) > 1 and word.isalpha() and word.islower() and word not in known


def _ends(match: re.Match[str], sentence: int, end: int, by: Patterns) -> bool:
    if not ENDS_ALWAYS.isdisjoint(match["mark"]):
        goes_on = by.language.goes_on_behind_quote
        return goes_on is None or not _goes_on_behind_quote(match, sentence, end, by.language)
    if not match["gap"] and not match.string[match.end()].isupper():
        return False
    stop = read(match, sentence, end, by)
    if stop.is_bare:
        return False
    if not stop.is_spaced:
        return _ends_without_space(stop)
    if not stop.following:
        return _ends_before_symbol(stop)
    return _ends_before_word(stop)


def _goes_on_behind_quote(match: re.Match[str], sentence: int, end: int, language: Language) -> bool:
    """Whether the mark stands in a quote that is a part of the sentence around it: 「もう遅い。」と言った。"""
    goes_on = language.goes_on_behind_quote
    assert goes_on is not None
    text, behind = match.string, match.end()
    earliest = max(sentence, match.start() - _BRACKET_REACH)
    if match["closers"]:
        opened = text.rfind("“", max(0, match.start() - _BRACKET_REACH), match.start())
        introduced = opened > 0 and text[opened - 1] in "：:"
        return not introduced and goes_on.match(text, behind, min(end, behind + _SPEAKER_REACH)) is not None
    for pair in language.pairs:
        opening, closing = pair[0], pair[1]
        opened = text.rfind(opening, earliest, match.start())
        if opened >= 0 and text.find(closing, opened, match.start()) < 0:
            closed = text.find(closing, behind, min(end, behind + _BRACKET_REACH))
            return closed >= 0 and goes_on.match(text, closed + 1, min(end, closed + _SPEAKER_REACH)) is not None
    return False


def _ends_without_space(stop: Stop) -> bool:
    """Scraped pages lose the space (“he said.The”); addresses and decimals never had one."""
    word = stop.word.lstrip("(\"'“‘")
    if stop.note or stop.is_quoted or len(stop.mark) > 1:
        return word[-1:].islower() and "/" not in word
    if stop.closers or not _is_common(word, stop.language.known):
        return False
    behind = stop.end + len(stop.following)
    return stop.following[1:2].islower() and bool(stop.second) and stop.text[behind] in " ,\n\xa0"


def _ends_before_symbol(stop: Stop) -> bool:
    """Before “$5”, “#MeToo” or “— He”, but not before a dash, a comma or a sign that goes on with the sentence."""
    at = stop.end + len(stop.opening)
    symbol = stop.text[at : at + 1]
    if not symbol or symbol in _NO_SENTENCE_BEGINS_WITH or stop.is_emoji or stop.word.endswith(":"):
        return False
    if symbol in "-–—":
        sentence = _DASH_AND_SENTENCE.match(stop.text, stop.end)
        if sentence is None or sentence[0][-1].islower():
            return False
    return stop.key not in stop.language.known


def _ends_before_word(stop: Stop) -> bool:
    if stop.is_emoji:
        return stop.following in stop.language.starters
    if stop.smile:
        return not (stop.is_before_small and stop.is_quoted)
    if stop.mark == ";" or not _ASKS_OR_SHOUTS.isdisjoint(stop.mark):
        return _ends_at_question(stop)
    if stop.note:
        return _ends_at_note(stop)
    if len(stop.mark) > 1 or stop.mark in _ELLIPSES:
        return _ends_at_ellipsis(stop)
    return ends_at_full_stop(stop)


def _ends_at_question(stop: Stop) -> bool:
    """After `?` or `!`, unless a small letter, the speaker or a name such as “Yahoo!” shows that it goes on."""
    if stop.is_before_small:
        if stop.opening[:1] in ("¿", "¡") or is_short_form(stop):
            return True
        if stop.closers or stop.word[:1].isupper():
            return False
        return not is_attributed_in_small(stop) if stop.language.is_english else stop.is_in_small
    if stop.word.endswith(":") or _BRACKETED_YEAR.match(stop.text, stop.end, stop.end + 60):
        return False
    if stop.mark == "!" and stop.word[:1].isupper() and stop.key in stop.language.exclaimed:
        return stop.following in stop.language.starters
    if stop.mark == "?" and stop.word[:1].isupper() and stop.key in stop.language.asked and stop.before:
        return stop.following in stop.language.starters
    return not is_attributed(stop)


def _ends_at_note(stop: Stop) -> bool:
    """After “fell.[17]”, but not after “Kim et al. [17]”."""
    if stop.is_before_small:
        return False
    is_closed = len(stop.mark) > 1 or stop.note.endswith(".")
    return is_closed or stop.key not in stop.language.known or stop.following in stop.language.starters


def _ends_at_ellipsis(stop: Stop) -> bool:
    if stop.is_before_small or stop.following[0].isdigit():
        return False
    if stop.word[-1:] in ("[", "("):
        return bool(stop.before) and stop.following in stop.language.starters
    # “the thing is . . . I didn’t mean it”, “Well… I guess”: the capital of this pronoun tells nothing.
    if re.split("['’]", stop.following)[0] == "I":
        return stop.text[stop.start - 1] != " " and stop.start - stop.sentence > 15
    return not is_attributed(stop)
