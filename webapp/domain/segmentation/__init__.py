"""Splits an article into the sentences that analysts tag: paragraphs, then list items, then sentences."""

from itertools import pairwise
from typing import NamedTuple

from webapp.domain.errors import BadLanguage
from webapp.domain.segmentation.items import items
from webapp.domain.segmentation.languages import ENGLISH, Language, guessed, language_called
from webapp.domain.segmentation.lines import paragraphs
from webapp.domain.segmentation.sentences import starts
from webapp.domain.segmentation.stops import patterns
from webapp.domain.spans import Span, trim

__all__ = ["Sentences", "sentences", "split"]


class Sentences(NamedTuple):
    """A text split, and the code of the language that it was taken for; None where nothing tells."""

    spans: list[Span]
    language: str | None


def sentences(text: str, code: str | None) -> Sentences:
    """The text split by the rules of a language given by its code, or of the one that is guessed where that is none."""
    try:
        language = language_called(code or "")
    except BadLanguage:
        language = guessed(text)
        code = language.code if language else None
    return Sentences(split(text, language or ENGLISH), code)


def split(text: str, language: Language | None = None) -> list[Span]:
    """The sentences of the text in order; only invisible characters lie outside them.

    `language` is whose abbreviations and ordinals there are; it is guessed where None is given, and a text that does
    not tell is split as English.
    """
    by = patterns(language or guessed(text) or ENGLISH, "&" in text)
    spans: list[Span] = []
    for number, paragraph in enumerate(paragraphs(text), 1):
        for start, end in items(text, *paragraph):
            bounds = [start, *starts(text, start, end, by), end]
            spans.extend(Span(*trim(text, a, b), number) for a, b in pairwise(bounds))
    return spans
