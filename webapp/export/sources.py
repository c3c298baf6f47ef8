"""The sources shape: one row for each entry of the registry, with what is known of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Row, Select, Text, type_coerce

from webapp import visibility
from webapp.db import read_connection
from webapp.domain.export import Column, compact_json
from webapp.domain.merges import root_of
from webapp.domain.moments import moment
from webapp.domain.terms import Property, SourceKind
from webapp.domain.uuids import dashed
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


def parts(project: Project, reader: Actor) -> Iterator[list[list[str]]]:
    """Rows of `COLUMNS`: the entries that the reader sees, oldest first."""
    merged = merges_seen_by(reader, project.id)
    roots = {source_id.hex: dashed(root_of(source_id, merged)) for source_id in merged}
    of_project = Source.project_id == project.id
    with read_connection() as connection:
        aliases = _Along(connection, _aliases(reader).where(of_project))
        facts = _Along(connection, _facts(reader).where(of_project))
        for rows in _partitions(connection, _named(reader).where(of_project)):
            yield [_cells(row, aliases.of(row[:2]), facts.of(row[:2]), roots) for row in rows]


AT_ONCE = 1_000
"""Rows that are read at a time."""


def _partitions(connection: Connection, query: Select[*tuple[Any, ...]]) -> Iterator[Sequence[Row[*tuple[Any, ...]]]]:
    return connection.execute(query.execution_options(yield_per=AT_ONCE)).partitions()


class _Along:
    """What belongs to entries, read along with them: both come in the order of `_ENTRY`, with which rows begin."""

    def __init__(self, connection: Connection, query: Select[*tuple[Any, ...]]) -> None:
        self._groups = groupby(chain.from_iterable(_partitions(connection, query)), key=itemgetter(0, 1))
        self._next: tuple[Any, Any] | None = next(self._groups, None)

    def of(self, entry: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
        """The rows of this entry, which is none before the last that was asked for."""
        while self._next and self._next[0] < entry:
            self._next = next(self._groups, None)
        if self._next and self._next[0] == entry:
            yield from self._next[1]


_ENTRY: list[Any] = [
    type_coerce(Source.__table__.c[name], Text).label(f"entry_{name}") for name in ("created_at", "id")
]


def _named(reader: Actor) -> Select[*tuple[Any, ...]]:
    return (
        visibility.entries_visible_to(reader)
        .outerjoin(*membership_of(Source.maker_id, Source.project_id))
        .with_only_columns(
            *_ENTRY,
            SourceEntry.name,
            type_coerce(SourceEntry.kind, Text),
            SourceEntry.withdrawn_why,
            SourceEntry.is_published,
            code_shown_to(reader, Source.maker_id, Source.project_id),
        )
        .order_by(Source.created_at, Source.id)
    )


def _aliases(reader: Actor) -> Select[*tuple[Any, ...]]:
    return (
        visibility.aliases_visible_to(reader)
        .where(SourceAlias.withdrawn_why.is_(None))
        .with_only_columns(*_ENTRY, SourceAlias.alias)
        .order_by(Source.created_at, Source.id, SourceAlias.id)
    )


def _facts(reader: Actor) -> Select[*tuple[Any, ...]]:
    return (
        visibility.facts_visible_to(reader)
        .where(SourceFact.withdrawn_why.is_(None))
        .outerjoin(*membership_of(SourceFact.author_id, Source.project_id))
        .with_only_columns(
            *_ENTRY,
            *(type_coerce(getattr(SourceFact, name), Text) for name in _TOLD),
            code_shown_to(reader, SourceFact.author_id, Source.project_id),
        )
        .order_by(Source.created_at, Source.id, SourceFact.id)
    )


_TOLD = ("property", "value", "issuer", "as_of", "link")


def _fact(row: tuple[Any, ...]) -> dict[str, str]:
    return {name: value for name, value in zip((*_TOLD, "coder_id"), row[len(_ENTRY) :], strict=True) if value}


def _cells(
    row: tuple[Any, ...],
    aliases: Iterable[tuple[Any, ...]],
    facts: Iterable[tuple[Any, ...]],
    roots: Mapping[str, str],
) -> list[str]:
    created_at, source_id, name, kind, withdrawn_why, is_published, coder = row
    id_ = dashed(source_id)
    names, known = [alias for *_, alias in aliases], [_fact(fact) for fact in facts]
    return [
        id_,
        name,
        kind,
        compact_json(names) if names else "",
        withdrawn_why or "",
        "true" if is_published else "false",
        roots.get(source_id, id_),
        coder or "",
        moment(created_at),
        compact_json(known) if known else "",
    ]
