"""The reliability shape: one row for each answer that the coefficients are made of; and the same for ReCal.

ReCal takes one column a coder, digits, no header, and no gaps: a line for each sentence that all of them answered.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Select, Text, and_, bindparam, func, select, type_coerce

from webapp.db import read_connection
from webapp.domain.export import Column
from webapp.domain.terms import Tag
from webapp.export.columns import ARTICLE_ID, SENTENCE_ID, TAG_CODES, TAGS_BY_CODE
from webapp.models import Actor, Annotation, Article, Assignment, Membership, Project, Round, Sentence
from webapp.review.filters import Filter
from webapp.review.queries import counting, filtered
from webapp.review.statistics import Coder

COLUMNS = (
    ARTICLE_ID,
    SENTENCE_ID,
    Column("coder_id", "text", "the analyst's pseudonym in the project"),
    Column("tag", "text", "the tag as the first submission of the article has it", allowed=tuple(Tag)),
    Column("tag_code", "integer", f"the same as a number: {TAGS_BY_CODE}", allowed=TAG_CODES),
    Column("round", "text", "the round's name"),
    Column("pass", "integer", "1 for new work; of a repeat, which time the analyst has the article"),
)
"""Columns may be added at the end, never moved or renamed."""


def parts(project: Project, reader: Actor, wanted: Filter, coders: dict[int, Coder]) -> Iterator[list[list[str]]]:
    """Rows of `COLUMNS`, those of some articles at a time, in the order of sentences and coders."""
    query = filtered(counting(project, reader, wanted), wanted, coders)
    return _parts(project.id, query)


def recal(project: Project, reader: Actor, wanted: Filter, coders: dict[int, Coder]) -> tuple[list[str], Iterator[str]]:
    """The file for ReCal: the codes of its columns, those of analysts with answers that count, and its lines."""
    query = filtered(counting(project, reader, wanted), wanted, coders)
    coded = query.join(*_MEMBERSHIP).with_only_columns(Membership.coder_code, maintain_column_froms=True).distinct()
    with read_connection() as connection:
        codes = sorted(connection.scalars(coded))
    return codes, _recal_lines(project.id, query, len(codes))


AT_ONCE = 50
"""Articles that are read at once."""
_CODES = {tag.value: str(tag.code) for tag in Tag}


def _parts(project_id: int, query: Select[Annotation]) -> Iterator[list[list[str]]]:
    for rows in _answers(project_id, query):
        yield [
            [str(article), str(sentence), coder, tag, _CODES[tag], round_name, str(number_of_pass)]
            for _, article, sentence, coder, tag, round_name, number_of_pass in rows
        ]


def _recal_lines(project_id: int, query: Select[Annotation], n_coders: int) -> Iterator[str]:
    for rows in _answers(project_id, query, n_coders):
        said = ([_CODES[row[4]] for row in group] for _, group in groupby(rows, key=itemgetter(0)))
        yield "".join(f"{','.join(tags)}\r\n" for tags in said if len(tags) == n_coders)


_MEMBERSHIP: Any = (
    Membership,
    and_(Membership.project_id == Article.project_id, Membership.user_id == Annotation.analyst_id),
)


def _answers(project_id: int, query: Select[Annotation], n_coders: int = 1) -> Iterator[Sequence[Any]]:
    """The counting answers of some articles at a time; the place of a sentence stands before its number.

    Articles that fewer than so many analysts were handed are passed over.
    """
    said = (
        query.join(*_MEMBERSHIP)
        .join(Round, Round.id == Assignment.round_id)
        .with_only_columns(
            Sentence.id,
            func.coalesce(Article.number, Article.id),
            func.coalesce(Sentence.number, Sentence.id),
            Membership.coder_code,
            type_coerce(Annotation.tag, Text),
            Round.name,
            Assignment.pass_,
            maintain_column_froms=True,
        )
        .where(Assignment.article_id.in_(bindparam("ids", expanding=True)))
        .order_by(Assignment.article_id, Sentence.start, Membership.coder_code)
    )
    handed = (
        select(Article.id)
        .join(Assignment, Assignment.article_id == Article.id)
        .where(Article.project_id == project_id, Article.is_live)
        .group_by(Article.id)
        .having(func.count(Assignment.analyst_id.distinct()) >= n_coders)
    )
    with read_connection() as connection:
        ids = connection.scalars(handed.order_by(Article.id)).all()
        for first in range(0, len(ids), AT_ONCE):
            yield connection.execute(said, {"ids": ids[first : first + AT_ONCE]}).all()
