"""Where else something was said: the sentences most like a text, in all articles that the reader may read."""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise
from math import log
from typing import Any

from sqlalchemy import func, select

from webapp import visibility, word_index
from webapp.article_list import ListedArticle, listed_articles
from webapp.db import db
from webapp.domain.folded_words import folded
from webapp.domain.lookalikes import Asked
from webapp.domain.text_runs import TextRun, text_runs
from webapp.domain.word_query import Phrase, Query, Some
from webapp.models import Actor, Article, Sentence, index_of
from webapp.word_index import COMMON

RAREST = 8
"""Words by which others are found."""
MOST_ROWS = 1_500
"""Of the index that these words may lead to, together."""
FIRST_ROWS = 120
"""Of them that are looked at first: who reads every article needs no more."""
FEWEST = 3
"""Below that neighbouring words are looked up, too."""
CANDIDATES = 40
"""Sentences that are compared whole."""
LEAST = 0.15
"""Score from which on a sentence is told; below it only a word or two are shared."""
MOST_WORDS = 120
"""Of a text that are looked up; what is longer is no sentence."""
MOST_HITS = 20


@dataclass(frozen=True)
class Hit:
    """A sentence that says nearly the same."""

    sentence_id: int
    index: int
    """Its place in the article, from 1."""
    article: ListedArticle
    project_id: int
    score: float
    text: str
    runs: list[TextRun[bool]]

    def values(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "sentence_id": self.sentence_id,
            "index": self.index,
            "article_id": self.article.id,
            "title": self.article.display_title,
            "outlet": self.article.outlet,
            "published": self.article.published,
            "score": round(self.score, 3),
            "runs": [[run.text, bool(run.mark)] for run in self.runs],
        }


def alike_to(text: str, reader: Actor, but: Collection[int] = ()) -> list[Hit]:
    """The sentences most like the text, the most alike first; `but` names some that are not wanted."""
    words = folded(text).split()[:MOST_WORDS]
    if not words:
        return []
    often = word_index.how_often(db.session.connection(), list(dict.fromkeys(words)))
    total = db.session.scalar(select(func.max(Sentence.id))) or 1
    asked = Asked(text, {word: log(1 + total / max(rows, 1)) for word, rows in often.items()})
    found = _candidates(_query(words, often), reader, but)
    scored = [(asked.score(folded(words).split()), id_, words) for id_, words in found]
    best = sorted((one for one in scored if one[0] >= LEAST), key=lambda one: (-one[0], one[1]))[:MOST_HITS]
    return _told(best, asked)


def _query(words: list[str], often: dict[str, int]) -> Query:
    """By the rarest words; where there are too few of them also by neighbouring ones."""
    chosen: list[str] = []
    rows = 0
    for word in sorted((word for word in often if 0 < often[word] < COMMON), key=lambda word: often[word]):
        rows += often[word]
        if len(chosen) == RAREST or rows > MOST_ROWS:
            break
        chosen.append(word)
    pairs = sorted(pairwise(words), key=lambda pair: -sum(map(len, pair)))[:RAREST] if len(chosen) < FEWEST else []
    return Some(tuple(map(Phrase, [*((word,) for word in chosen), *pairs])) or (Phrase(tuple(words)),))


def _candidates(query: Query, reader: Actor, but: Collection[int]) -> list[tuple[int, str]]:
    """Live sentences that the query finds, with their texts, those first that hold more of its words."""
    ids: list[int] = []
    for most in (FIRST_ROWS, MOST_ROWS):
        ids, looked_at = _readable(query, reader, but, most)
        if len(ids) == CANDIDATES or looked_at < most:
            break
    words = func.substr(Article.text, Sentence.start + 1, Sentence.end - Sentence.start)
    rows = db.session.execute(select(Sentence.id, words).join(Sentence.article).where(Sentence.id.in_(ids)))
    return [(id_, text) for id_, text in rows]


def _readable(query: Query, reader: Actor, but: Collection[int], most: int) -> tuple[list[int], int]:
    """Of so many rows the live sentences that the reader may read, and how many rows there were."""
    found = word_index.look_up(db.session.connection(), query)
    ranked = select(found.id).where(found.condition).order_by(found.rank).limit(most)
    ids = list(db.session.scalars(ranked))
    readable = set(
        db.session.scalars(
            visibility.articles_visible_to(reader)
            .join(Sentence, Sentence.article_id == Article.id)
            .where(Sentence.is_live, Sentence.id.in_(ids), Sentence.id.not_in(but))
            .with_only_columns(Sentence.id)
        )
    )
    return [id_ for id_ in ids if id_ in readable][:CANDIDATES], len(ids)


def _told(best: list[tuple[float, int, str]], asked: Asked) -> list[Hit]:
    ids = [id_ for _, id_, _ in best]
    about = (Sentence.id, Sentence.article_id, Article.project_id, index_of(Sentence))
    rows = db.session.execute(select(*about).join(Sentence.article).where(Sentence.id.in_(ids))).all()
    places = {id_: (article_id, project_id, index) for id_, article_id, project_id, index in rows}
    articles = listed_articles({article_id for article_id, _, _ in places.values()})
    hits = []
    for score, id_, words in best:
        article_id, project_id, index = places[id_]
        hits.append(
            Hit(
                id_,
                index,
                articles[article_id],
                project_id,
                score,
                words,
                text_runs(words, ((start, end, True) for start, end in asked.shared_in(words))),
            )
        )
    return hits
