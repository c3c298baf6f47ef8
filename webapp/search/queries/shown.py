"""What is shown of a row that was found: its words in their surroundings, marked, and where it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from webapp.article_list import ListedArticle, listed_articles
from webapp.db import db
from webapp.domain.folded_words import folded, words_in
from webapp.domain.near_words import is_nearly
from webapp.domain.text_runs import TextRun, text_runs
from webapp.domain.word_query import Search, words_of
from webapp.models import Article, Sentence, index_of

AROUND = 240
"""Letters of a long text that are shown, around the first word found."""

Runs = list[TextRun[bool]]


@dataclass(frozen=True)
class SentenceFound:
    """A sentence with its place, or the note of an answer to it with the moment at which it was written."""

    id: int
    index: int
    article: ListedArticle
    runs: Runs
    at: datetime | None = None


@dataclass(frozen=True)
class Place:
    """Where a sentence stands, and its words."""

    index: int
    article: ListedArticle
    text: str


def places_of(ids: Sequence[int]) -> dict[int, Place]:
    """By the id of the sentence."""
    if not ids:
        return {}
    text = func.substr(Article.text, Sentence.start + 1, Sentence.end - Sentence.start)
    about = (Sentence.id, Sentence.article_id, index_of(Sentence), text)
    rows = db.session.execute(select(*about).join(Sentence.article).where(Sentence.id.in_(ids))).all()
    articles = listed_articles({row[1] for row in rows})
    return {id_: Place(index, articles[article_id], words) for id_, article_id, index, words in rows}


def runs(text: str, search: Search) -> Runs:
    """The text, or of a long one what stands around the first word found, with what was found marked."""
    words = words_of(search.query)
    places = [(word.start, word.end) for word in words_in(text) if words & set(folded(word.folded).split())]
    first = max(0, (places[0][0] if places else 0) - AROUND // 3)
    begin = first if len(text) > 2 * AROUND else 0
    end = begin + 2 * AROUND if len(text) > 2 * AROUND else len(text)
    within = ((start - begin, stop - begin, True) for start, stop in places if begin <= start and stop <= end)
    told = text_runs(text[begin:end], within)
    return [*([TextRun("… ")] if begin else []), *told, *([TextRun(" …")] if end < len(text) else [])]


def near_runs(name: str, search: Search) -> Runs:
    """The name with the words marked that are nearly those looked for."""
    asked = words_of(search.query)
    near = (word for word in words_in(name) if any(is_nearly(one, word.folded) for one in asked))
    return text_runs(name, ((word.start, word.end, True) for word in near))
