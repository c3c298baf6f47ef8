"""Sources by the beginnings of their names, while somebody writes who says so."""

from dataclasses import replace
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, literal, select
from sqlalchemy.orm import InstrumentedAttribute

from webapp.db import db
from webapp.domain.sources import root_of, search_words
from webapp.models import Source, SourceAlias, SourceEntry
from webapp.named_sources import NamedSource, Registry, named_sources

MOST = 10
MOST_NAMES = 40
"""Several names may be those of one entry."""


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
    is_entry = and_(SourceEntry.source_id == Source.id, SourceEntry.is_current, SourceEntry.withdrawn_why.is_(None))
    # Not by the index of the project: from the few names that fit to their sources, not the other way.
    at_hand = (Source.project_id + 0 == registry.project_id, *registry.may_name())
    own_names = (
        select(
            Source.id.label("source_id"),
            SourceEntry.name.label("name"),
            SourceEntry.name_key.label("key"),
            literal(False).label("is_alias"),
            _rank(SourceEntry.name_key, words, 0).label("rank"),
        )
        .join(SourceEntry, is_entry)
        .where(*at_hand, *_has(SourceEntry.name_key, words))
    )
    aliases = (
        select(
            Source.id,
            SourceAlias.alias,
            SourceAlias.alias_key.label("key"),
            literal(True),
            _rank(SourceAlias.alias_key, words, 1).label("rank"),
        )
        .join(SourceAlias, and_(SourceAlias.source_id == Source.id, SourceAlias.is_current))
        .where(
            *at_hand,
            SourceAlias.withdrawn_why.is_(None),
            *_has(SourceAlias.alias_key, words),
        )
    )
    rows = sorted(
        (rank, key, str(source_id), source_id, name, bool(is_alias))
        for branch in (own_names, aliases)
        for source_id, name, key, is_alias, rank in db.session.execute(branch.order_by("rank", "key").limit(MOST_NAMES))
    )
    return [(source_id, name, is_alias) for _, _, _, source_id, name, is_alias in rows]


def _has(key: InstrumentedAttribute[str], words: list[str]) -> list[ColumnElement[bool]]:
    return [key.like(f"% {word}%") for word in words]


def _rank(key: InstrumentedAttribute[str], words: list[str], otherwise: int) -> ColumnElement[Any]:
    return case((key.like(f" {' '.join(words)}%"), otherwise), else_=2)
