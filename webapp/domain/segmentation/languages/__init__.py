"""The languages whose sentences are told apart by rules of their own, and which of them a text is in."""

import re

from webapp.domain.errors import BadLanguage
from webapp.domain.segmentation.languages.dutch import DUTCH
from webapp.domain.segmentation.languages.eastern import ARABIC, CHINESE, JAPANESE, PERSIAN
from webapp.domain.segmentation.languages.english import ENGLISH
from webapp.domain.segmentation.languages.french import FRENCH
from webapp.domain.segmentation.languages.german import GERMAN
from webapp.domain.segmentation.languages.greek import GREEK
from webapp.domain.segmentation.languages.italian import ITALIAN
from webapp.domain.segmentation.languages.language import Language
from webapp.domain.segmentation.languages.polish import POLISH
from webapp.domain.segmentation.languages.portuguese import PORTUGUESE
from webapp.domain.segmentation.languages.russian import RUSSIAN
from webapp.domain.segmentation.languages.spanish import SPANISH
from webapp.domain.segmentation.languages.swedish import SWEDISH
from webapp.domain.segmentation.languages.turkish import TURKISH

__all__ = ["ENGLISH", "LANGUAGES", "Language", "guessed", "language_called"]

_IN_LATIN = (ENGLISH, GERMAN, FRENCH, SPANISH, ITALIAN, PORTUGUESE, DUTCH, SWEDISH, POLISH, TURKISH)
LANGUAGES = {one.code: one for one in (*_IN_LATIN, RUSSIAN, GREEK, JAPANESE, CHINESE, ARABIC, PERSIAN)}

READ = 500
"""Characters from the beginning of a text by which its language is guessed."""
_FEWEST = 2
"""Frequent words, and different ones, that a text must have more of than of English ones."""
_SCRIPTS = {
    # The first that makes up a third of the letters decides; kana before the signs that Chinese has as well.
    "ja": re.compile("[\u3040-\u30ff]"),
    "zh": re.compile("[\u4e00-\u9fff]"),
    "el": re.compile("[\u0370-\u03ff\u1f00-\u1fff]"),
    "ru": re.compile("[\u0400-\u04ff]"),
    "ar": re.compile("[\u0600-\u06ff]"),
}
_NOT_LATIN = re.compile("[\u0370-\u1fff\u3040-\u9fff]")
_LETTER = re.compile(r"[^\W\d_]")
_IS_PART = {"ja": 0.1}
_NOT_RUSSIAN = re.compile("[іїєґўјљњћђџќѓѕѣ]", re.IGNORECASE)
_PERSIAN = re.compile("[پچژگکی]")
_CODE = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{1,8})*")


def language_called(code: str) -> Language | None:
    """The language of a code such as `de` or `pt-BR`; None for one that has no rules of its own.

    Raises BadLanguage for what is no code.
    """
    match = _CODE.fullmatch(code.strip())
    if match is None:
        raise BadLanguage(f"“{code[:40]}” is no code of a language; write it as en, de or pt-BR.")
    return LANGUAGES.get(match[1].lower())


def guessed(text: str) -> Language | None:
    """The language of a text by its script or its frequent words; None where they do not tell."""
    some = text[:READ]
    if _NOT_LATIN.search(some) is None or (script := _script_of(some)) is None:
        return _by_words(some)
    if script == "ar":
        return PERSIAN if len(_PERSIAN.findall(some)) * 20 > len(some) else ARABIC
    if script == "ru" and _NOT_RUSSIAN.search(some):
        return None
    return LANGUAGES[script]


def _script_of(text: str) -> str | None:
    letters = len(_LETTER.findall(text))
    for code, pattern in _SCRIPTS.items():
        if len(pattern.findall(text)) > letters * _IS_PART.get(code, 1 / 3):
            return code
    return None


def _by_words(text: str) -> Language | None:
    words = set(text.lower().split())
    if len(words & _ONLY_ENGLISH) > _PLENTY:
        return ENGLISH
    hits = {one: len(words & frequent) for one, frequent in _FREQUENT.items()}
    if not text.isascii():
        for one in _IN_LATIN:
            hits[one] += sum(letter in text for letter in one.letters)
    best = max(hits, key=hits.__getitem__)
    if hits[best] >= hits[ENGLISH] + _FEWEST:
        return best
    return ENGLISH if hits[ENGLISH] else None


_ONLY_ENGLISH = ENGLISH.frequent.difference(*(one.frequent for one in _IN_LATIN if one is not ENGLISH))
_PLENTY = 4
# A letter alone is rather a name: “Y Corp.”
_FREQUENT = {one: frozenset(word for word in one.frequent if len(word) > 1) for one in _IN_LATIN}
