"""The mentions shape: one row for each sentence that makes, repeats or denies a claim."""

from collections.abc import Iterator
from itertools import groupby

from sqlalchemy import Text, bindparam, func, select, type_coerce

from webapp import visibility
from webapp.db import read_connection
from webapp.domain.export import Column
from webapp.domain.moments import moment
from webapp.domain.terms import MentionKind
from webapp.export.authors import code_shown_to, membership_of
from webapp.export.columns import ARTICLE_ID, SENTENCE_ID, SENTENCE_INDEX, SPAN
from webapp.models import Actor, Article, Claim, ClaimMention, Project, Sentence, index_of
from webapp.prepared import Prepared

COLUMNS = (
    Column("mention_id", "uuid", "the mention"),
    Column("claim_id", "uuid", "the claim that is mentioned"),
    Column("kind", "text", "what the sentence does with the claim", allowed=tuple(MentionKind)),
    ARTICLE_ID,
    SENTENCE_ID,
    SENTENCE_INDEX,
    *SPAN,
    Column("coder_id", "text", "the pseudonym of who entered it; empty in a blind analyst's file, but for their own"),
    Column("to_confirm", "boolean", "moved by a repair of the split and not confirmed yet", allowed=("true", "false")),
    Column("created_at", "time", "when this revision of it was saved"),
)
"""Columns may be added at the end, never moved or renamed."""


def parts(project: Project, reader: Actor) -> Iterator[list[list[str]]]:
    """Rows of `COLUMNS`: the mentions that the reader sees, a list for each article."""
    query = (
        visibility.mentions_visible_to(reader)
        .outerjoin(*membership_of(ClaimMention.author_id, Claim.project_id))
        .where(Claim.project_id == project.id)
        .with_only_columns(
            Sentence.article_id,
            ClaimMention.mention_id,
            ClaimMention.claim_id,
            type_coerce(ClaimMention.kind, Text).label("kind"),
            func.coalesce(Sentence.number, Sentence.id).label("sentence_number"),
            index_of(Sentence).label("sentence_index"),
            Sentence.start,
            Sentence.end,
            code_shown_to(reader, ClaimMention.author_id, Claim.project_id),
            ClaimMention.to_confirm,
            ClaimMention.created_at,
        )
        .order_by(Sentence.article_id, Sentence.start, ClaimMention.id)
    )
    with read_connection() as connection:
        for article_id, rows in groupby(connection.execute(query), key=lambda row: row.article_id):
            [(text, text_sha256, article)] = _ARTICLE.run(connection, article_id=article_id)
            yield [
                [
                    str(row.mention_id),
                    str(row.claim_id),
                    row.kind,
                    str(article),
                    str(row.sentence_number),
                    str(row.sentence_index),
                    str(row.start),
                    str(row.end),
                    text[row.start : row.end],
                    text_sha256,
                    row.coder_code or "",
                    "true" if row.to_confirm else "false",
                    moment(row.created_at),
                ]
                for row in rows
            ]


_ARTICLE = Prepared(
    select(Article.text, Article.text_sha256, func.coalesce(Article.number, Article.id)).where(
        Article.id == bindparam("article_id")
    )
)
