"""The gold shape: one row for each settled sentence."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import and_, func, select

from webapp import visibility
from webapp.db import db
from webapp.domain.adjudication import VOTE_COLUMNS, Cause, DecidingRule, Method
from webapp.domain.export import Column
from webapp.domain.moments import moment
from webapp.domain.terms import Tag
from webapp.export.columns import ARTICLE_ID, ARTICLE_TITLE, SENTENCE_ID, SENTENCE_INDEX, SPAN
from webapp.models import Actor, Adjudication, Article, Membership, Sentence, index_of, newest_decision_in

COLUMNS = (
    SENTENCE_ID,
    ARTICLE_ID,
    ARTICLE_TITLE,
    SENTENCE_INDEX,
    *SPAN,
    Column("gold_tag", "text", "the settled tag", allowed=tuple(Tag)),
    Column("method", "text", "how it was settled: by a supervisor, or because all agreed", allowed=tuple(Method)),
    Column(
        "deciding_rule",
        "text",
        f"the number of a rule in the round's codebook, such as `{DecidingRule.R1}`, or `{DecidingRule.CODEBOOK_GAP}`",
    ),
    Column("cause", "text", "why the analysts differed", allowed=tuple(Cause)),
    Column("reason", "text", "the supervisor's reason"),
    Column("adjudicator_id", "text", "the coder code of who settled it"),
    Column("adjudicated_at", "time", "when it was settled"),
    Column("n_coders", "integer", "how many had answered at the moment of the decision", "analysts"),
    *(Column(name, "integer", f"how many of them said {tag}", "analysts") for tag, name in VOTE_COLUMNS.items()),
)
"""Columns may be added at the end, never moved or renamed."""


def parts(project_id: int, round_id: int, reader: Actor) -> Iterator[list[list[str]]]:
    """Rows of `COLUMNS`: the newest decisions of a round on live sentences that the reader sees, by article."""
    query = (
        select(
            Sentence.article_id,
            Sentence.start,
            Sentence.end,
            func.coalesce(Sentence.number, Sentence.id).label("sentence_number"),
            index_of(Sentence).label("sentence_index"),
            Membership.coder_code,
            *Adjudication.__table__.columns,
        )
        .join(Adjudication, newest_decision_in(round_id))
        .join(Article, Article.id == Sentence.article_id)
        .join(Article.project)
        .outerjoin(
            Membership,
            and_(Membership.project_id == Article.project_id, Membership.user_id == Adjudication.adjudicator_id),
        )
        .where(
            Article.project_id == project_id,
            Article.is_live,
            Sentence.is_live,
            visibility.gold_shown_to(reader),
        )
        .order_by(Sentence.article_id, Sentence.start)
    )
    with db.engine.connect() as connection:
        for article_id, rows in groupby(connection.execute(query), key=lambda row: row.article_id):
            article = connection.execute(
                select(
                    Article.text,
                    Article.title,
                    Article.text_sha256,
                    func.coalesce(Article.number, Article.id).label("number"),
                ).where(Article.id == article_id)
            ).one()
            yield [_cells(article, row) for row in rows]


def _cells(article: Any, row: Any) -> list[str]:
    cells = {
        "sentence_id": str(row.sentence_number),
        "article_id": str(article.number),
        "article_title": article.title or "",
        "sentence_index": str(row.sentence_index),
        "char_start": str(row.start),
        "char_end": str(row.end),
        "text": article.text[row.start : row.end],
        "text_sha256": article.text_sha256,
        "gold_tag": row.gold_tag,
        "method": row.method,
        "deciding_rule": row.deciding_rule or "",
        "cause": row.cause or "",
        "reason": row.reason or "",
        "adjudicator_id": row.coder_code or "",
        "adjudicated_at": moment(row.at),
        **{name: str(getattr(row, name)) for name in ("n_coders", *VOTE_COLUMNS.values())},
    }
    return [cells[column.name] for column in COLUMNS]
