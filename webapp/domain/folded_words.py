"""The words of a text as they are compared: without case, accents, punctuation and kinds of quotation marks."""

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from webapp.domain.spans import Span

# Scripts that put no spaces between words: each character is one.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# Signs over and under letters of Hebrew and Arabic, which most texts leave out.
_POINTS = "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670"
_INSIDE = rf"'’ʼ\u00ad\u200b-\u200d\u2060{_POINTS}"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+(?:[{_INSIDE}]+[^\W_{_UNSPACED}]+)*[{_POINTS}]*")
_NOT_COMPARED = re.compile(rf"[{_INSIDE}\u0300-\u036f]")
_BY_CHARACTER = re.compile(rf"([{_UNSPACED}])")
_BETWEEN = re.compile(r"[\W_]+")
_ASCII = {code: chr(code).lower() if chr(code).isalnum() else " " for code in range(128)} | {ord("'"): None}
_TYPESET = {"’": "'", "‘": "'", "“": " ", "”": " ", "–": " ", "—": " ", "\u00a0": " "}
"""What keeps most English texts from being plain ASCII."""
LONGEST_WORD = 200
"""Letters of a word that are compared where words are looked up."""
MOST_LETTERS = 100_000
"""Of a sentence, folded, by which it is found; no sentence that somebody wrote is longer."""


class Word(NamedTuple):
    """A word as it is compared, and the place `[start, end)` of the one it stands for, in code points."""

    folded: str
    start: int
    end: int


def words_in(text: str) -> list[Word]:
    """The words in their order. “Don’t” and “don't” are one, as are “Café” and “cafe”; a place never cuts a word."""
    return [Word(_folded(match.group()), *match.span()) for match in _WORD.finditer(text)]


def _folded(word: str) -> str:
    if word.isascii():
        return word.lower().replace("'", "")
    # Case is dropped on both sides of NFKD, which makes TM of ™. Put together again at the end: else one syllable of
    # Korean would be three letters.
    plain = unicodedata.normalize("NFKD", word.casefold()).casefold()
    return unicodedata.normalize("NFC", _NOT_COMPARED.sub("", plain))


def folded(text: str) -> str:
    """The same words with a blank between them, without their places."""
    return " ".join(folded_loosely(text).split())


def folded_loosely(text: str) -> str:
    """The same with any number of blanks around them, which is quicker."""
    text = _in_ascii(text)
    words = text.translate(_ASCII) if text.isascii() else _BETWEEN.sub(" ", _BY_CHARACTER.sub(r" \1 ", _folded(text)))
    if len(words) <= LONGEST_WORD:
        return words
    words = words[:MOST_LETTERS]
    return " ".join(word[:LONGEST_WORD] for word in words.split()) if _may_have_long(words) else words


def _in_ascii(text: str) -> str:
    """The text with plain signs in place of typeset ones, letter for letter; most texts are ASCII then."""
    if not text.isascii():
        for sign, plain in _TYPESET.items():
            text = text.replace(sign, plain)
    return text


def folded_sentences(text: str, spans: Sequence[Span]) -> tuple[list[str], str]:
    """The sentences of a text and all of it, each folded loosely; quick enough for all that comes in."""
    plain = _in_ascii(text)
    words = plain.translate(_LETTER_FOR_LETTER) if plain.isascii() else ""
    if not words or len(words) > MOST_LETTERS or _may_have_long(words):
        return [folded_loosely(text[start:end]) for start, end, _ in spans], folded_loosely(text)
    return [words[start:end].replace(_GONE, "") for start, end, _ in spans], words.replace(_GONE, "")


_GONE = "\0"
_LETTER_FOR_LETTER = {code: letter or _GONE for code, letter in _ASCII.items()}


def _may_have_long(words: str) -> bool:
    """Whether a word may be longer than the longest: such a one fills a half of it between two marks of a ruler."""
    half = LONGEST_WORD // 2
    return any(" " not in words[at : at + half] for at in range(0, len(words) - half + 1, half))
