"""Where else something was said: the sentences most like a text, in all articles that the reader may read."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import log
from typing import Any, NamedTuple

from sqlalchemy import Subquery, func, select

from webapp import visibility, word_index
from webapp.article_list import LISTED, ListedArticle, listed
from webapp.db import db
from webapp.domain.folded_words import folded
from webapp.domain.lookalikes import Asked
from webapp.domain.text_runs import TextRun, text_runs
from webapp.domain.word_query import Phrase
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
    often, rows = word_index.how_often(db.session.connection(), list(dict.fromkeys(words)))
    rarity = {word: log(1 + rows / max(count, 1)) for word, count in often.items()}
    asked = Asked(text, rarity)
    found = _candidates(text, _wanted(words, often, rarity), reader, but)
    scored = [(asked.score(folded(one.text).split()), one) for one in found]
    best = sorted((one for one in scored if one[0] >= LEAST), key=lambda one: (-one[0], one[1].id))[:MOST_HITS]
    return _told(best, asked) if best else []


def _wanted(words: list[str], often: dict[str, int], rarity: Mapping[str, float]) -> dict[Phrase, float]:
    """The rarest words, and where there are too few of them neighbouring ones, too; with what they weigh."""
    chosen: list[str] = []
    rows = 0
    for word in sorted((word for word in often if 0 < often[word] < COMMON), key=lambda word: often[word]):
        rows += often[word]
        if len(chosen) == RAREST or rows > MOST_ROWS:
            break
        chosen.append(word)
    pairs = sorted(pairwise(words), key=lambda pair: -sum(map(len, pair)))[:RAREST] if len(chosen) < FEWEST else []
    phrases = [*((word,) for word in chosen), *pairs] or [tuple(words)]
    return {Phrase(phrase): sum(rarity[word] for word in phrase) for phrase in phrases}


class _Candidate(NamedTuple):
    """A sentence that shares words with the text."""

    id: int
    project_id: int
    text: str


def _candidates(text: str, wanted: Mapping[Phrase, float], reader: Actor, but: Collection[int]) -> list[_Candidate]:
    """Live sentences that the reader may read: doubles of the text first, then such as hold more of what is wanted."""
    found: list[_Candidate] = []
    for most in (FIRST_ROWS, MOST_ROWS):
        ranked = word_index.ranked(db.session.connection(), text, wanted, most)
        found = _readable(ranked.subquery(), reader, but)
        if len(found) == CANDIDATES:
            break
    return found


def _readable(ranked: Subquery, reader: Actor, but: Collection[int]) -> list[_Candidate]:
    """Those of these rows of the index."""
    readable = (
        visibility.articles_visible_to(reader)
        .join(Sentence, Sentence.article_id == Article.id)
        .join(ranked, ranked.c.id == Sentence.id)
        .where(Sentence.is_live, Sentence.id.not_in(but))
        .with_only_columns(Sentence.id, Article.project_id, _TEXT)
        .order_by(ranked.c.rank, Sentence.id)
    )
    return [_Candidate(*row) for row in db.session.execute(readable.limit(CANDIDATES))]


_TEXT = func.substr(Article.text, Sentence.start + 1, Sentence.end - Sentence.start)
_INDEX = index_of(Sentence)


def _told(best: list[tuple[float, _Candidate]], asked: Asked) -> list[Hit]:
    ids = [one.id for _, one in best]
    rows = db.session.execute(select(Sentence.id, _INDEX, *LISTED).join(Sentence.article).where(Sentence.id.in_(ids)))
    places = {id_: (index, listed(*article)) for id_, index, *article in rows}
    return [
        Hit(
            one.id,
            *places[one.id],
            one.project_id,
            score,
            one.text,
            text_runs(one.text, ((start, end, True) for start, end in asked.shared_in(one.text))),
        )
        for score, one in best
    ]
