"""Sources by their names, as they are and nearly so."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select

from webapp import visibility, word_index
from webapp.db import db
from webapp.domain.word_query import Search
from webapp.models import Actor, SourceAlias, SourceEntry
from webapp.paging import Asked, Page, page_in_order
from webapp.search.queries.conditions import MOST, MOST_NAMES, is_only_nearly, newest, numbers_in
from webapp.search.queries.shown import Runs, near_runs, runs


@dataclass(frozen=True)
class SourceFound:
    """An entry of the registry, with those of its other names by which it was found."""

    id: UUID
    kind: Any
    runs: Runs
    aliases: Sequence[Runs] = ()


# ---- sources


def sources(search: Search, reader: Actor, asked: Asked) -> Page[Any]:
    """Entries one of whose names the search finds."""
    query = _standing_entries(reader).where(_is_called(search))
    return page_in_order(query, newest(SourceEntry), asked)


def _is_called(search: Search) -> ColumnElement[bool]:
    """Whether the search finds one of the names of a SourceEntry."""
    return or_(
        SourceEntry.id.in_(numbers_in(search, SourceEntry)),
        SourceEntry.source_id.in_(_also_called(numbers_in(search, SourceAlias))),
    )


def _standing_entries(reader: Actor) -> Select[SourceEntry]:
    return visibility.entries_visible_to(reader).where(SourceEntry.withdrawn_why.is_(None))


def _also_called(ids: Select[int]) -> Select[UUID]:
    """The sources that have one of these other names; who may read a source may read its names."""
    stands = SourceAlias.is_current, SourceAlias.withdrawn_why.is_(None)
    return select(SourceAlias.source_id).where(SourceAlias.id.in_(ids), *stands)


def shown_sources(search: Search, reader: Actor, rows: Sequence[Any]) -> list[SourceFound]:
    ids = [row.source_id for row, *_ in rows]
    aliases: dict[UUID, list[Runs]] = {}
    for source_id, alias in _aliases(search, reader, ids) if ids else ():
        aliases.setdefault(source_id, []).append(runs(alias, search))
    return [
        SourceFound(row.source_id, row.kind, runs(row.name, search), aliases.get(row.source_id, ())) for row, *_ in rows
    ]


def _aliases(search: Search, reader: Actor, source_ids: Sequence[UUID]) -> Sequence[Any]:
    """The other names of these sources that the search finds."""
    query = visibility.aliases_visible_to(reader).where(
        SourceAlias.withdrawn_why.is_(None),
        SourceAlias.id.in_(numbers_in(search, SourceAlias)),
        SourceAlias.source_id.in_(source_ids),
    )
    return db.session.execute(
        query.with_only_columns(SourceAlias.source_id, SourceAlias.alias).order_by(SourceAlias.id)
    ).all()


def sources_nearly(search: Search, reader: Actor) -> list[SourceFound]:
    """Entries whose names, or other names, hold parts of the words, or nearly the words; none of those found as is."""
    entries, aliases = _standing_entries(reader), visibility.aliases_visible_to(reader)
    near = dict(_called_nearly(search, entries, SourceEntry.source_id, SourceEntry.name))
    also = dict(
        _called_nearly(
            search, aliases.where(SourceAlias.withdrawn_why.is_(None)), SourceAlias.source_id, SourceAlias.alias
        )
    )
    if not near and not also:
        return []
    found = entries.where(SourceEntry.source_id.in_([*near, *also]), ~_is_called(search))
    found = found.order_by(*newest(SourceEntry).by())
    return [
        SourceFound(
            row.source_id,
            row.kind,
            near_runs(row.name, search),
            [near_runs(also[row.source_id], search)] if row.source_id in also else (),
        )
        for row in db.session.scalars(found.limit(MOST))
    ]


def _called_nearly(search: Search, query: Select[Any], source_id: Any, name: Any) -> Iterator[tuple[UUID, str]]:
    table = source_id.class_
    ids = word_index.parts_of_names(db.session.connection(), search.query, table.__tablename__)
    if ids is None:
        return
    rows = query.where(table.id.in_(ids)).with_only_columns(source_id, name).order_by(*newest(table).by())
    for id_, called in db.session.execute(rows.limit(MOST_NAMES)):
        if is_only_nearly(search, called):
            yield id_, called
