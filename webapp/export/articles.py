"""The articles shape: one row for each article, with what is known of it; its text stands in a file of its own."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Text, func, type_coerce

from webapp import visibility
from webapp.db import read_connection
from webapp.domain.export import Column
from webapp.domain.moments import moment
from webapp.export.columns import ARTICLE_ID
from webapp.models import Actor, Article, Project

COLUMNS = (
    ARTICLE_ID,
    Column("project", "text", "the project's name"),
    Column("title", "text", "its title"),
    Column("outlet", "text", "the outlet that published it"),
    Column("author", "text", "who wrote it"),
    Column("url", "text", "its address"),
    Column("published", "date", "when it was published"),
    Column("dateline", "text", "place and day as printed above it"),
    Column("language", "text", "the language that it is written in (BCP 47)"),
    Column("n_characters", "integer", "how long its stored text is", "code points"),
    Column("n_sentences", "integer", "into how many sentences it is split now", "sentences"),
    Column("segmentation_version", "integer", "the version of its split, from 1"),
    Column("text_sha256", "text", "SHA-256 of its stored text in UTF-8, in hexadecimal digits"),
    Column("created_at", "time", "when it was imported"),
    Column("drawn", "boolean", "whether a plan of the running round drew it; empty: no plan knew it"),
    Column("stratum", "text", "what it was drawn from: an outlet, a month; empty: all alike"),
    Column("stratum_drawn", "integer", "how many articles were drawn from there"),
    Column("stratum_size", "integer", "of how many; the quotient is the chance that it had"),
)
"""Columns may be added at the end, never moved or renamed."""


def parts(project: Project, reader: Actor) -> Iterator[list[list[str]]]:
    """Rows of `COLUMNS`: the live articles that the reader sees, in the order in which they came."""
    project_name = project.name
    frame = visibility.frame_visible_to(reader, project.running.id).subquery()
    query = (
        visibility.articles_visible_to(reader)
        .where(Article.project_id == project.id)
        .with_only_columns(
            func.coalesce(Article.number, Article.id).label("number"),
            Article.title,
            Article.outlet,
            Article.author,
            Article.url,
            Article.published,
            Article.dateline,
            Article.language,
            func.length(Article.text).label("characters"),
            Article.sentence_count,
            Article.segmentation_version,
            Article.text_sha256,
            type_coerce(Article.created_at, Text),
            frame.c.drawn,
            frame.c.stratum,
            frame.c.places,
            frame.c.among,
        )
        .outerjoin(frame, frame.c.article_id == Article.id)
        .order_by(Article.id)
        .execution_options(yield_per=1_000)
    )
    with read_connection() as connection:
        for rows in connection.execute(query).partitions():
            yield [_cells(row, project_name) for row in rows]


def _cells(row: Any, project_name: str) -> list[str]:
    number, title, outlet, author, url, published, dateline, language, *rest = row
    characters, sentences, segmentation, text_sha256, created_at, drawn, stratum, places, among = rest
    return [
        str(number),
        project_name,
        title or "",
        outlet or "",
        author or "",
        url or "",
        published or "",
        dateline or "",
        language or "",
        str(characters),
        str(sentences),
        str(segmentation),
        text_sha256,
        moment(created_at),
        "" if drawn is None else "true" if drawn else "false",
        stratum or "",
        "" if places is None else str(places),
        "" if among is None else str(among),
    ]
