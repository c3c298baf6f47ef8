"""The relative dates of an article, and what the reader, or whoever else they read, takes each for."""

from collections.abc import Iterator
from dataclasses import dataclass

from webapp import visibility
from webapp.db import db
from webapp.domain.relative_dates import RelativeDate, proposed, relative_dates
from webapp.models import Actor, Article, DateReading, Sentence, live_sentences

AROUND = 80
"""Letters of the sentence that stand before the words, and behind."""


@dataclass(frozen=True)
class DateShown:
    """One relative date of the article, with what stands around it."""

    found: RelativeDate
    sentence: Sentence
    index: int
    """Of the sentence in its article, from 1."""
    before: str
    behind: str
    mine: DateReading | None
    others: tuple[DateReading, ...]
    proposed: str | None

    @property
    def key(self) -> str:
        return f"{self.found.start}-{self.found.end}"

    @property
    def resolved(self) -> str | None:
        """What counts for the reader: their own, else the newest of others."""
        if self.mine and self.mine.resolved:
            return self.mine.resolved
        return next((one.resolved for one in reversed(self.others) if one.resolved), None)


def dates_of(article: Article, reader: Actor) -> list[DateShown]:
    """In the order of the text."""
    readings: dict[tuple[int, int], list[DateReading]] = {}
    visible = visibility.date_readings_visible_to(reader).where(DateReading.article_id == article.id)
    for one in db.session.scalars(visible.order_by(DateReading.id)):
        readings.setdefault((one.start, one.end), []).append(one)
    return [
        _shown(article, found, sentence, index, readings.get((found.start, found.end), []), reader)
        for found, sentence, index in _with_sentences(article)
    ]


def _with_sentences(article: Article) -> Iterator[tuple[RelativeDate, Sentence, int]]:
    """Each with the live sentence in which it begins, and the index of that."""
    sentences = list(db.session.scalars(live_sentences(article.id)))
    place = 0
    for found in relative_dates(article.text):
        while place < len(sentences) and sentences[place].end <= found.start:
            place += 1
        if place < len(sentences) and sentences[place].start <= found.start:
            yield found, sentences[place], place + 1


def _end_of(text: str) -> str:
    """Its last words, whole."""
    return text if len(text) <= AROUND else f"…{text[-AROUND:].partition(' ')[2]}"


def _beginning_of(text: str) -> str:
    return text if len(text) <= AROUND else f"{text[:AROUND].rpartition(' ')[0]}…"


def _shown(
    article: Article, found: RelativeDate, sentence: Sentence, index: int, readings: list[DateReading], reader: Actor
) -> DateShown:
    text = article.text
    return DateShown(
        found,
        sentence,
        index,
        _end_of(text[sentence.start : found.start]),
        _beginning_of(text[found.end : max(found.end, sentence.end)]),
        next((one for one in readings if one.author_id == reader.id), None),
        tuple(one for one in readings if one.author_id != reader.id),
        proposed(found.words, article.published),
    )
