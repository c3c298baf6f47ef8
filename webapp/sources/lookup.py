"""Sources by the beginnings of their names, while somebody writes who says so."""

from dataclasses import replace
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, select
from sqlalchemy.orm import InstrumentedAttribute

from webapp.db import db
from webapp.domain.merges import root_of
from webapp.domain.sources import search_words
from webapp.models import Source, SourceAlias, SourceEntry
from webapp.named_sources import NamedSource, Registry, named_sources

MOST = 10
MOST_NAMES = 40
"""Several names may be those of one entry."""
MOST_TRIED = 120
"""Names that are tried before all are."""


def sources_called(registry: Registry, asked: str) -> list[NamedSource]:
    """Entries that have a name or alias in which every word asked for begins a word; whole beginnings come first.

    A merged double is found by its names and given as the entry that stands for it.
    """
    words = search_words(asked)
    if not words:
        return []
    merges = registry.merges()
    found: dict[UUID, tuple[UUID, str | None]] = {}
    for source_id, name, is_alias in _names(registry, words):
        root = root_of(source_id, merges)
        found.setdefault(root, (source_id, name if is_alias or root != source_id else None))
    best = dict(islice(found.items(), 2 * MOST))  # more than are told, because some may be withdrawn
    told = named_sources(registry, best, merges)
    entries = [replace(told[root], alias=alias) for root, (_, alias) in best.items() if root in told]
    return [entry for entry in entries if not entry.is_withdrawn][:MOST]


def _names(registry: Registry, words: list[str]) -> list[tuple[UUID, str, bool]]:
    """Source, name, and whether that is an alias; the best first."""
    found = [
        (rank, key, str(source_id), source_id, name, is_alias)
        for is_alias, fitting in enumerate((_entries(words), _aliases(words)))
        for source_id, name, key, rank in _of_project(registry, fitting)
    ]
    return [(source_id, name, bool(is_alias)) for _, _, _, source_id, name, is_alias in sorted(found)]


def _entries(words: list[str]) -> Select[Any]:
    """Names of entries that fit, of all projects, the best first."""
    return _fitting(SourceEntry, SourceEntry.name, SourceEntry.name_key, words, 0)


def _aliases(words: list[str]) -> Select[Any]:
    """The same of other names."""
    return _fitting(SourceAlias, SourceAlias.alias, SourceAlias.alias_key, words, 1)


def _fitting(
    table: type[SourceEntry | SourceAlias],
    name: InstrumentedAttribute[str],
    key: InstrumentedAttribute[str],
    words: list[str],
    otherwise: int,
) -> Select[Any]:
    return (
        select(table.source_id, name.label("name"), key.label("key"), _rank(key, words, otherwise).label("rank"))
        .where(table.is_current, table.withdrawn_why.is_(None), *_has(key, words))
        .order_by("rank", "key")
    )


def _of_project(registry: Registry, fitting: Select[Any]) -> list[tuple[UUID, str, str, int]]:
    """The best of the names that fit of those whose sources the reader may name.

    A source is looked up for the first few names alone, as long as those suffice: for thousands it is what takes time.
    Not in a blind round, where the statements would tell how many names others have entered.
    """
    if not registry.is_blind:
        first = fitting.limit(MOST_TRIED).subquery()
        tried = db.session.execute(
            select(*first.c, Source.project_id)
            .join(Source, Source.id == first.c.source_id)
            .order_by(first.c.rank, first.c.key)
        ).all()
        own = [(row.source_id, row.name, row.key, row.rank) for row in tried if row.project_id == registry.project_id]
        if len(own) >= MOST_NAMES or len(tried) < MOST_TRIED:
            return own[:MOST_NAMES]
    every = fitting.subquery()
    at_hand = select(*every.c).join(Source, Source.id == every.c.source_id).where(*registry.at_hand())
    rows = db.session.execute(at_hand.order_by(every.c.rank, every.c.key).limit(MOST_NAMES))
    return [(row.source_id, row.name, row.key, row.rank) for row in rows]


def _has(key: InstrumentedAttribute[str], words: list[str]) -> list[ColumnElement[bool]]:
    return [key.like(f"% {word}%") for word in words]


def _rank(key: InstrumentedAttribute[str], words: list[str], otherwise: int) -> ColumnElement[Any]:
    return case((key.like(f" {' '.join(words)}%"), otherwise), else_=2)
