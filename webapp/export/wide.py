"""The wide shape: one row for each sentence, one column for each analyst."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import func, select

from webapp.db import db
from webapp.domain.export import Column
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
    """Analysts × sentences, the rows of one article at a time: the code of each tag; what is not there is a gap."""
    answers = counting(project, reader, wanted).with_only_columns(
        Annotation.sentence_id, Annotation.analyst_id, Annotation.tag, maintain_column_froms=True
    )
    return _parts(project.id, answers, wanted, coders)


def _parts(project_id: int, answers: Any, wanted: Filter, coders: dict[int, Coder]) -> Iterator[list[list[str]]]:
    place = {column.name: index for index, column in enumerate(columns(wanted, coders))}
    live = select(Article.id).where(Article.project_id == project_id, Article.is_live)
    if wanted.article:
        live = live.where(Article.id.in_(wanted.article_ids))
    with db.engine.connect() as connection:
        for article_id in connection.execute(live.order_by(Article.id)).scalars().all():
            told = func.coalesce(Article.number, Article.id), func.coalesce(Sentence.number, Sentence.id)
            in_article = (
                select(Sentence.id, *told)
                .join(Sentence.article)
                .where(Sentence.article_id == article_id, Sentence.is_live)
                .order_by(Sentence.start)
            )
            gaps = [""] * (len(place) - len(COLUMNS))
            rows = {
                id_: [str(number), str(its_number), str(index), *gaps]
                for index, (id_, number, its_number) in enumerate(connection.execute(in_article), start=1)
            }
            of_article = filtered(answers.where(Assignment.article_id == article_id), wanted, coders)
            for sentence_id, analyst_id, tag in connection.execute(of_article):
                rows[sentence_id][place[coders[analyst_id].code]] = str(tag.code)
            yield list(rows.values())
