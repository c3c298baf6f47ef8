"""The sources shape: one row for each entry of the registry, with what is known of it."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, Text, type_coerce

from webapp import visibility
from webapp.db import read_connection
from webapp.domain.export import Column, compact_json
from webapp.domain.merges import root_of
from webapp.domain.moments import moment
from webapp.domain.terms import Property, SourceKind
from webapp.export.authors import code_shown_to, membership_of
from webapp.merged_sources import merges_seen_by
from webapp.models import Actor, Project, Source, SourceAlias, SourceEntry, SourceFact

COLUMNS = (
    Column("source_id", "uuid", "the entry, as answers and other rows name it"),
    Column("name", "text", "its name now"),
    Column("kind", "text", "what it is", allowed=tuple(SourceKind)),
    Column("aliases", "json", "a list of its other names, in the order in which they came"),
    Column("withdrawn_why", "text", "why it was taken back as made by mistake; empty: it was not"),
    Column("published", "boolean", "whether a supervisor shows it to all analysts", allowed=("true", "false")),
    Column(
        "source_merged_id",
        "uuid",
        "the entry that stands for it after merges, as far as who takes the file may know; itself where there is none",
    ),
    Column("coder_id", "text", "the pseudonym of who made it; empty in a blind analyst's file, but for their own"),
    Column("created_at", "time", "when it was made"),
    Column(
        "facts",
        "json",
        f"a list of what is known of it, oldest first: each with `property` ({', '.join(Property)}), `value`, and,"
        " where recorded, `issuer`, `as_of`, `link`, `coder_id`",
    ),
)
"""Columns may be added at the end, never moved or renamed."""

AT_ONCE = 2_000
"""Entries that are read and held at a time."""


def parts(project: Project, reader: Actor) -> Iterator[list[list[str]]]:
    """Rows of `COLUMNS`: the entries that the reader sees, oldest first."""
    merges = merges_seen_by(reader, project.id)
    of_project = Source.project_id == project.id
    entries = visibility.entries_visible_to(reader).where(of_project)
    with read_connection() as connection:
        ids = connection.scalars(
            entries.with_only_columns(SourceEntry.source_id).order_by(Source.created_at, Source.id)
        ).all()
        for first in range(0, len(ids), AT_ONCE):
            chosen = ids[first : first + AT_ONCE]
            aliases = _lists(connection, _aliases(reader).where(SourceAlias.source_id.in_(chosen)), _alias)
            facts = _lists(connection, _facts(reader).where(SourceFact.source_id.in_(chosen)), _fact)
            yield [
                _cells(row, aliases.get(row.source_id, []), facts.get(row.source_id, []), merges)
                for row in connection.execute(_named(reader, entries).where(SourceEntry.source_id.in_(chosen)))
            ]


def _named(reader: Actor, entries: Select[SourceEntry]) -> Select[*tuple[Any, ...]]:
    return (
        entries.outerjoin(*membership_of(Source.maker_id, Source.project_id))
        .with_only_columns(
            SourceEntry.source_id,
            SourceEntry.name,
            type_coerce(SourceEntry.kind, Text).label("kind"),
            SourceEntry.withdrawn_why,
            SourceEntry.is_published,
            code_shown_to(reader, Source.maker_id, Source.project_id),
            Source.created_at,
        )
        .order_by(Source.created_at, Source.id)
    )


def _aliases(reader: Actor) -> Select[*tuple[Any, ...]]:
    return (
        visibility.aliases_visible_to(reader)
        .where(SourceAlias.withdrawn_why.is_(None))
        .with_only_columns(SourceAlias.source_id, SourceAlias.alias)
        .order_by(SourceAlias.id)
    )


def _facts(reader: Actor) -> Select[*tuple[Any, ...]]:
    return (
        visibility.facts_visible_to(reader)
        .where(SourceFact.withdrawn_why.is_(None))
        .outerjoin(*membership_of(SourceFact.author_id, Source.project_id))
        .with_only_columns(
            SourceFact.source_id,
            type_coerce(SourceFact.property, Text).label("property"),
            SourceFact.value,
            SourceFact.issuer,
            SourceFact.as_of,
            SourceFact.link,
            code_shown_to(reader, SourceFact.author_id, Source.project_id),
        )
        .order_by(SourceFact.id)
    )


def _lists(connection: Connection, query: Select[*tuple[Any, ...]], item: Any) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = {}
    for row in connection.execute(query):
        found.setdefault(row.source_id, []).append(item(row))
    return found


def _alias(row: Any) -> str:
    alias: str = row.alias
    return alias


def _fact(row: Any) -> dict[str, str]:
    told = {name: getattr(row, name) for name in ("property", "value", "issuer", "as_of", "link")}
    told["coder_id"] = row.coder_code
    return {name: value for name, value in told.items() if value}


def _cells(row: Any, aliases: list[str], facts: list[dict[str, str]], merges: Mapping[UUID, UUID]) -> list[str]:
    return [
        str(row.source_id),
        row.name,
        row.kind,
        compact_json(aliases) if aliases else "",
        row.withdrawn_why or "",
        "true" if row.is_published else "false",
        str(root_of(row.source_id, merges)),
        row.coder_code or "",
        moment(row.created_at),
        compact_json(facts) if facts else "",
    ]
