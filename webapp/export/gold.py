"""The gold shape: one row for each settled sentence."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Text, and_, bindparam, func, select, type_coerce

from webapp import visibility
from webapp.db import read_connection
from webapp.domain.adjudication import VOTE_COLUMNS, Cause, DecidingRule, Method
from webapp.domain.export import Column
from webapp.domain.moments import moment
from webapp.domain.terms import Tag
from webapp.export.columns import ARTICLE_ID, ARTICLE_TITLE, SENTENCE_ID, SENTENCE_INDEX, SPAN
from webapp.models import Actor, Adjudication, Article, Membership, Round, Sentence, newest_decision_in

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
    Column("round", "text", "the name of the round in which it was settled"),
)
"""Columns may be added at the end, never moved or renamed."""


def parts(project_id: int, round_id: int, reader: Actor) -> Iterator[list[list[str]]]:
    """Rows of `COLUMNS`: the newest decisions of a round that the reader sees, on sentences that count, by article."""
    settled = (
        select(Sentence.article_id)
        .join(Adjudication, newest_decision_in(round_id))
        .join(Article, Article.id == Sentence.article_id)
        .join(Article.project)
        .where(Article.project_id == project_id, Article.is_live, Sentence.is_counted, visibility.gold_shown_to(reader))
    )
    places = select(
        Sentence.id, func.row_number().over(partition_by=Sentence.article_id, order_by=Sentence.start).label("place")
    ).where(*_IN_BLOCK)
    numbered = places.subquery()
    query = (
        settled.with_only_columns(*_READ, numbered.c.place, maintain_column_froms=True)
        .join(numbered, numbered.c.id == Sentence.id)
        .join(Round, Round.id == Adjudication.round_id)
        .outerjoin(
            Membership,
            and_(Membership.project_id == Article.project_id, Membership.user_id == Adjudication.adjudicator_id),
        )
        .where(*_IN_BLOCK)
        .order_by(Sentence.article_id, Sentence.start)
    )
    texts = select(Article.id, Article.text).where(Article.id.in_(bindparam("ids", expanding=True)))
    with read_connection() as connection:
        ids = connection.scalars(settled.distinct().order_by(Sentence.article_id)).all()
        for first in range(0, len(ids), AT_ONCE):
            some = {"ids": ids[first : first + AT_ONCE]}
            words = dict(connection.execute(texts, some).all())
            rows = connection.execute(
                query, some
            ).cursor.fetchall()  # as the driver gives them: all is words and numbers
            yield [_cells(words[row[0]], row) for row in rows]


AT_ONCE = 50
"""Articles that are read at once."""
_IN_BLOCK = (Sentence.article_id.in_(bindparam("ids", expanding=True)), Sentence.is_live)
_AS_STORED = ("gold_tag", "method", "deciding_rule", "cause", "reason", "at")
_READ: list[Any] = [
    Sentence.article_id,
    Sentence.start,
    Sentence.end,
    func.coalesce(Sentence.number, Sentence.id),
    func.coalesce(Article.number, Article.id),
    Article.title,
    Article.text_sha256,
    Membership.coder_code,
    Round.name,
    Adjudication.n_coders,
    *(getattr(Adjudication, name) for name in VOTE_COLUMNS.values()),
    *(type_coerce(Adjudication.__table__.c[name], Text).label(name) for name in _AS_STORED),
]


def _cells(text: str, row: Any) -> list[str]:
    _, start, end, sentence, article, title, text_sha256, coder, round_name, n_coders, *rest = row
    *votes, tag, method, rule, cause, reason, at, place = rest
    about = [str(sentence), str(article), title or "", str(place), str(start), str(end), text[start:end], text_sha256]
    settled = [tag, method, rule or "", cause or "", reason or "", coder or "", moment(at)]
    return [*about, *settled, str(n_coders), *map(str, votes), round_name]
