"""Splits an article into the sentences that analysts tag: paragraphs, then list items, then sentences."""

from itertools import pairwise

from webapp.domain.segmentation.items import items
from webapp.domain.segmentation.languages import ENGLISH, Language, guessed
from webapp.domain.segmentation.lines import paragraphs
from webapp.domain.segmentation.sentences import starts
from webapp.domain.segmentation.stops import patterns
from webapp.domain.spans import Span, trim

__all__ = ["split"]


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
