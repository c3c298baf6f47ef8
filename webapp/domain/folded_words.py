"""The words of a text as they are compared: without case, accents, punctuation and kinds of quotation marks."""

import re
import unicodedata
from typing import NamedTuple

# Scripts that put no spaces between words: each character is one.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+(?:['’ʼ\u00ad\u200b-\u200d\u2060][^\W_{_UNSPACED}]+)*")
_NOT_COMPARED = re.compile("['’ʼ\u00ad\u200b-\u200d\u2060\u0300-\u036f]")


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
    return _NOT_COMPARED.sub("", unicodedata.normalize("NFKD", word.casefold()))
