"""Reads for agreement by field: every field of the answers that count, as texts of numbers."""

from typing import Any

import numpy as np
from sqlalchemy import BigInteger, ColumnElement, String, and_, case, literal, type_coerce

from webapp.db import db
from webapp.domain.answers import FLAGS
from webapp.models import Actor, Annotation, Assignment, Project
from webapp.review.by_field import BITS, OWN_LETTER, VALUES, FieldAnswers
from webapp.review.filters import Filter
from webapp.review.queries import as_text, counting, filtered, is_own_letter, numbers_in, ranked, some_articles
from webapp.review.statistics import Coder


def field_answers(project: Project, reader: Actor, wanted: Filter, coders: dict[int, Coder]) -> FieldAnswers:
    """The answers that count and pass the filter, with all their fields, of thousands of articles in one statement."""
    query = filtered(counting(project, reader, wanted), wanted, coders)
    columns = as_text(Annotation.sentence_id), as_text(Assignment.article_id), as_text(_packed())
    query = query.with_only_columns(*columns, maintain_column_froms=True)
    parts = [
        map(numbers_in, db.session.execute(query.where(some)).one()) for some in some_articles(db.session(), project.id)
    ]
    sentence_id, article_id, packed = (np.concatenate(one) for one in zip(*parts, strict=True))
    sentences, unit = ranked(sentence_id)
    articles = np.zeros(len(sentences), dtype=np.int64)
    articles[unit] = article_id
    return FieldAnswers(articles, unit, packed, sentences)


def _packed() -> Any:
    """All fields of an answer as one number: the place of each value, from 1, moved by the bits of those before it."""
    tag, *others = (place * literal(1 << BITS[name][0], BigInteger) for name, place in _places().items())
    # Many answers are a tag alone, and the database is quicker when told so first.
    is_tag_alone = and_(*(_is_empty(name) for name in VALUES if name != "tag"))
    return tag + case((is_tag_alone, 0), else_=sum(others[1:], start=others[0]))


def _is_empty(name: str) -> ColumnElement[bool]:
    column: ColumnElement[Any] = getattr(Annotation, name)
    return ~column if name in FLAGS else column.is_(None)


def _places() -> dict[str, Any]:
    flags = {name: case((getattr(Annotation, name), 1), else_=0) for name in FLAGS}
    own = case((Annotation.source_reliability.is_(None), 0), else_=is_own_letter())
    return (
        {name: _place(name, values) for name, values in VALUES.items() if name not in FLAGS} | flags | {OWN_LETTER: own}
    )


def _place(name: str, values: tuple[str, ...]) -> Any:
    column = getattr(Annotation, name)
    place = case(dict(zip(values, range(1, len(values) + 1), strict=True)), value=type_coerce(column, String), else_=0)
    # Most fields of most answers are empty, and the database is quicker when told so first.
    return case((column.is_(None), 0), else_=place)
