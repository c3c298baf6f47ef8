"""The dates shape: one row for each relative date that somebody resolved."""

from collections.abc import Iterator

from sqlalchemy import Text, func, type_coerce

from webapp import visibility
from webapp.db import read_connection
from webapp.domain.export import Column
from webapp.domain.moments import moment
from webapp.export.authors import code_shown_to, membership_of
from webapp.export.columns import ARTICLE_ID
from webapp.models import Actor, Article, DateReading, Project

COLUMNS = (
    ARTICLE_ID,
    Column("char_start", "integer", "where the words begin in the article's stored text, from 0", "code points"),
    Column("char_end", "integer", "where they end, behind their last character", "code points"),
    Column("words", "text", "the words, cut from the stored text"),
    Column("resolved", "text", "the year, month or day that is meant, or the first and the last with a stroke between"),
    Column("article_date", "date", "the article's own date, which may be partial"),
    Column("text_sha256", "text", "SHA-256 of the article's stored text in UTF-8, in hexadecimal digits"),
    Column("coder_id", "text", "the pseudonym of who resolved it; empty in a blind analyst's file, but for their own"),
    Column("created_at", "time", "when this revision of it was saved"),
)
"""Columns may be added at the end, never moved or renamed."""


def parts(project: Project, reader: Actor) -> Iterator[list[list[str]]]:
    """Rows of `COLUMNS`, in the order of the articles and their texts."""
    query = (
        visibility.date_readings_visible_to(reader)
        .outerjoin(*membership_of(DateReading.author_id, Article.project_id))
        .where(Article.project_id == project.id, DateReading.resolved.is_not(None))
        .with_only_columns(
            func.coalesce(Article.number, Article.id).label("number"),
            DateReading.start,
            DateReading.end,
            DateReading.words,
            DateReading.resolved,
            Article.published,
            Article.text_sha256,
            code_shown_to(reader, DateReading.author_id, Article.project_id),
            type_coerce(DateReading.created_at, Text),
        )
        .order_by(Article.id, DateReading.start, DateReading.id)
    )
    with read_connection() as connection:
        for rows in connection.execute(query.execution_options(yield_per=1_000)).partitions():
            yield [
                [
                    str(number),
                    str(start),
                    str(end),
                    words,
                    resolved or "",
                    published or "",
                    text_sha256,
                    coder or "",
                    moment(created_at),
                ]
                for number, start, end, words, resolved, published, text_sha256, coder, created_at in rows
            ]
