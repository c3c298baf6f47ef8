"""The ratings shape: one row for each rating of a source, so that its record over time can be drawn."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Text, type_coerce
from sqlalchemy.orm import aliased

from webapp import visibility
from webapp.db import read_connection
from webapp.domain.export import Column
from webapp.domain.merges import root_of
from webapp.domain.moments import moment
from webapp.domain.terms import Reliability
from webapp.domain.uuids import dashed
from webapp.export.authors import code_shown_to, membership_of
from webapp.merged_sources import merges_seen_by
from webapp.models import Actor, Project, Source, SourceRating

COLUMNS = (
    Column("rating_id", "uuid", "the rating"),
    Column("source_id", "uuid", "the entry that was rated"),
    Column(
        "source_merged_id",
        "uuid",
        "the entry that stands for it after merges, as far as who takes the file may know; itself where there is none",
    ),
    Column("coder_id", "text", "the pseudonym of who rated; empty in a blind analyst's file, but for their own"),
    Column(
        "reliability",
        "text",
        "how far the source has earned trust: "
        + ", ".join(f"{letter} {letter.label}" for letter in Reliability)
        + "; never a step of the scale: F says that there is no basis",
        allowed=tuple(Reliability),
    ),
    Column("rated_on", "date", "the day, month or year of the judgement, as who rated said"),
    Column("basis", "text", "what it rests on"),
    Column("published", "boolean", "whether a supervisor shows it to all analysts", allowed=("true", "false")),
    Column("withdrawn_why", "text", "why it was taken back as made by mistake; empty: it was not"),
    Column("created_at", "time", "when it was saved"),
)
"""Columns may be added at the end, never moved or renamed."""

AT_ONCE = 1_000

First = aliased(SourceRating, name="first")


def parts(project: Project, reader: Actor) -> Iterator[list[list[str]]]:
    """Rows of `COLUMNS`: the ratings that the reader sees, by entry, in the order in which they were made."""
    merged = merges_seen_by(reader, project.id)
    roots = {source_id.hex: dashed(root_of(source_id, merged)) for source_id in merged}
    query = (
        visibility.ratings_visible_to(reader)
        .where(Source.project_id == project.id)
        .join(First, First.id == SourceRating.rating_id)
        .outerjoin(*membership_of(First.author_id, Source.project_id))
        .with_only_columns(
            type_coerce(SourceRating.rating_id, Text),
            type_coerce(SourceRating.source_id, Text),
            code_shown_to(reader, First.author_id, Source.project_id),
            type_coerce(SourceRating.reliability, Text),
            SourceRating.rated_on,
            SourceRating.basis,
            SourceRating.is_published,
            SourceRating.withdrawn_why,
            type_coerce(First.created_at, Text),
        )
        .order_by(Source.created_at, Source.id, First.created_at, SourceRating.rating_id)
    )
    with read_connection() as connection:
        found = connection.execute(query.execution_options(yield_per=AT_ONCE))
        for rows in found.partitions():
            yield [_cells(row, roots) for row in rows]


def _cells(row: Any, roots: Mapping[str, str]) -> list[str]:
    rating_id, source_id, coder, letter, rated_on, basis, is_published, withdrawn_why, created_at = row
    source = dashed(source_id)
    return [
        dashed(rating_id),
        source,
        roots.get(source_id, source),
        coder or "",
        letter,
        rated_on,
        basis or "",
        "true" if is_published else "false",
        withdrawn_why or "",
        moment(created_at),
    ]
