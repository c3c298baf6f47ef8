"""The wide shape: one row for each sentence, one column for each analyst."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Text, bindparam, func, select, type_coerce

from webapp.db import read_connection
from webapp.domain.export import Column
from webapp.domain.terms import Tag
from webapp.export.columns import ARTICLE_ID, SENTENCE_ID, SENTENCE_INDEX, TAG_CODES, TAGS_BY_CODE
from webapp.models import Actor, Annotation, Article, Assignment, Project, Sentence
from webapp.review.filters import Filter
from webapp.review.queries import counting, filtered
from webapp.review.statistics import Coder

COLUMNS = (ARTICLE_ID, SENTENCE_ID, SENTENCE_INDEX)
"""The columns before those of the analysts."""


def column_of(code: str) -> Column:
    """The column of the analyst with this coder code."""
    return Column(code, "integer", f"the tag that this analyst gave: {TAGS_BY_CODE}", allowed=TAG_CODES)


def columns(wanted: Filter, coders: dict[int, Coder]) -> tuple[Column, ...]:
    """Those of the sentence, then one for each analyst that is wanted, by code."""
    codes = [coder.code for coder in coders.values() if not wanted.analyst or coder.code in wanted.analyst]
    return (*COLUMNS, *map(column_of, codes))


def parts(project: Project, reader: Actor, wanted: Filter, coders: dict[int, Coder]) -> Iterator[list[list[str]]]:
    """Analysts × sentences, the rows of some articles at a time: the code of each tag; what is not there is a gap."""
    answers = counting(project, reader, wanted).with_only_columns(
        Annotation.sentence_id,
        Annotation.analyst_id,
        type_coerce(Annotation.tag, Text).label("tag"),
        maintain_column_froms=True,
    )
    return _parts(project.id, answers, wanted, coders)


def _parts(project_id: int, answers: Any, wanted: Filter, coders: dict[int, Coder]) -> Iterator[list[list[str]]]:
    place = {column.name: index for index, column in enumerate(columns(wanted, coders))}
    places = {user_id: place[coder.code] for user_id, coder in coders.items() if coder.code in place}
    gaps = [""] * (len(place) - len(COLUMNS))
    live = select(Article.id).where(Article.project_id == project_id, Article.is_live)
    if wanted.article:
        live = live.where(Article.id.in_(wanted.article_ids))
    with read_connection() as connection:
        ids = connection.execute(live.order_by(Article.id)).scalars().all()
        for first in range(0, len(ids), AT_ONCE):
            some = ids[first : first + AT_ONCE]
            rows: dict[int, list[str]] = {}
            by_article = groupby(connection.execute(_SENTENCES, {"ids": some}).all(), key=itemgetter(0))
            for _, sentences in by_article:
                for index, (_, id_, number, its_number) in enumerate(sentences, start=1):
                    rows[id_] = [str(number), str(its_number), str(index), *gaps]
            of_articles = filtered(answers.where(Assignment.article_id.in_(some)), wanted, coders)
            for sentence_id, analyst_id, tag in connection.execute(of_articles).all():
                rows[sentence_id][places[analyst_id]] = _CODES[tag]
            yield list(rows.values())


AT_ONCE = 50
"""Articles that are read at once."""
_CODES = {tag.value: str(tag.code) for tag in Tag}
_SENTENCES = (
    select(
        Sentence.article_id,
        Sentence.id,
        func.coalesce(Article.number, Article.id),
        func.coalesce(Sentence.number, Sentence.id),
    )
    .join(Article, Article.id == Sentence.article_id)
    .where(Sentence.article_id.in_(bindparam("ids", expanding=True)), Sentence.is_live)
    .order_by(Sentence.article_id, Sentence.start)
)
