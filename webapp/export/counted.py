"""What the agreement page counts under a filter, sentence by sentence: read once for the shapes that tell of it."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter

import numpy as np
from sqlalchemy import Connection, func, select

from webapp.export.article_blocks import article_blocks, in_block
from webapp.models import Actor, Article, Project, Sentence
from webapp.review.filters import Filter
from webapp.review.queries import counting, filtered, read_counted, round_of
from webapp.review.statistics import Coder, CountedAnswers

Judged = tuple[int, int, int, bytes]
"""A sentence: the numbers of its article and of itself, its place in the article, and what was said of it: for each of
the coders of `CountedAnswers` the place of the tag among all, from 1; 0 where there is no answer.
"""


class Counting:
    """What is counted of a project under a filter, for a reader."""

    def __init__(self, project: Project, reader: Actor, wanted: Filter, coders: dict[int, Coder]) -> None:
        self.wanted, self.coders = wanted, coders
        self.round_name = round_of(project, wanted).name
        self._project_id = project.id
        self._query = filtered(counting(project, reader, wanted), wanted, coders)
        self._answers: CountedAnswers | None = None

    def answers(self, connection: Connection) -> CountedAnswers:
        """All answers, without the sources that they name; read when first asked for."""
        if self._answers is None:
            self._answers, _ = read_counted(connection, self._project_id, self._query, self.coders)
        return self._answers

    def sentences(self, connection: Connection) -> Iterator[list[Judged]]:
        """The live sentences of the articles that are wanted, those of some articles at a time, in their order."""
        said = _ByArticle(self.answers(connection))
        chosen = [Article.id.in_(self.wanted.article_ids)] if self.wanted.article else []
        query = _SENTENCES.where(in_block(self._project_id), *chosen)
        for first, last in article_blocks(connection, self._project_id, *chosen):
            rows = connection.execute(query, {"first": first, "last": last}).cursor.fetchall()
            of_rows = iter(said.of_sentences(first, last, [row[1] for row in rows]))
            yield [
                (article, number, place, next(of_rows))
                for article, sentences in groupby(rows, key=itemgetter(0))
                for place, (_, _, number) in enumerate(sentences, start=1)
            ]


class _ByArticle:
    """Answers in the order of articles, so that those on some of them lie together."""

    def __init__(self, counted: CountedAnswers) -> None:
        self._sentences, self._n_coders = counted.sentences, len(counted.coders)
        article = counted.articles.astype(np.int32)[counted.unit]
        order = np.argsort(article, kind="stable")
        self._article = article[order]
        self._unit, self._coder, self._said = (one[order] for one in (counted.unit, counted.coder, counted.said))

    def of_sentences(self, first: int, last: int, ids: Sequence[int]) -> list[bytes]:
        """What was said of sentences of the articles between two ids."""
        some = slice(*np.searchsorted(self._article, (first, last + 1)))
        rising = np.argsort(ids)
        row = rising[np.searchsorted(ids, self._sentences[self._unit[some]], sorter=rising)]
        table = np.zeros((len(ids), self._n_coders), dtype=np.uint8)
        table[row, self._coder[some]] = self._said[some] + 1
        # An array that takes each row for one thing tells them all at once.
        return table.view(f"V{self._n_coders}").ravel().tolist() if self._n_coders else [b""] * len(ids)


_SENTENCES = (
    select(func.coalesce(Article.number, Article.id), Sentence.id, func.coalesce(Sentence.number, Sentence.id))
    .join(Article, Article.id == Sentence.article_id)
    .where(Sentence.is_live)
    .order_by(Sentence.article_id, Sentence.start)
)
