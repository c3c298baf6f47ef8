"""Sources by the beginnings of their names, while somebody writes who says so."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import islice
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import InstrumentedAttribute

from webapp.db import db
from webapp.domain.merges import root_of
from webapp.domain.sources import search_words
from webapp.models import Source, SourceAlias, SourceEntry
from webapp.named_sources import NamedSource, Registry, named_sources

MOST = 10
MOST_NAMES = 40
"""Several names may be those of one entry."""
FEW = 500
"""Entries at hand that are read before their names; where there are more, it is asked of each name that fits."""


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
    """Source, name, and whether that is an alias; the best first.

    Where enough names begin with what was asked for, the others are not looked for: that would mean reading them all.
    """
    at_hand = _at_hand(registry)
    begins, holds = [" ".join(["", *words]) + "%"], [f"% {word}%" for word in words]
    found: list[tuple[UUID, str, bool]] = []
    for wanted in (((ENTRIES, begins),), ((ALIASES, begins),), ((ENTRIES, holds), (ALIASES, holds))):
        if len(found) >= MOST_NAMES:
            break
        rows = [row for names, patterns in wanted for row in _fitting(names, patterns, at_hand(names))]
        found += [(source_id, name, is_alias) for _, _, source_id, name, is_alias in sorted(rows)]
    return found


@dataclass(frozen=True)
class Names:
    """A table of names, and which of its columns hold them."""

    table: type[SourceEntry | SourceAlias]
    name: InstrumentedAttribute[str]
    key: InstrumentedAttribute[str]


ENTRIES = Names(SourceEntry, SourceEntry.name, SourceEntry.name_key)
ALIASES = Names(SourceAlias, SourceAlias.alias, SourceAlias.alias_key)


def _at_hand(registry: Registry) -> Callable[[Names], ColumnElement[bool]]:
    """Whether the source of a name is one that the reader may name."""
    ids = select(Source.id).where(*registry.at_hand())
    at_hand = list(db.session.scalars(ids.limit(FEW + 1)))
    if len(at_hand) <= FEW:
        return lambda names: names.table.source_id.in_(ids)
    return lambda names: exists(ids.where(Source.id == names.table.source_id).correlate(names.table))


def _fitting(names: Names, patterns: list[str], at_hand: ColumnElement[bool]) -> list[tuple[str, str, UUID, str, bool]]:
    """The first names at hand, in their order, that fit all patterns."""
    rows = db.session.execute(
        select(names.key, names.table.source_id, names.name)
        .where(
            names.table.is_current,
            *(names.key.like(pattern) for pattern in patterns),
            names.table.withdrawn_why.is_(None),
            at_hand,
        )
        .order_by(names.key)
        .limit(MOST_NAMES)
    )
    return [(key, str(source_id), source_id, name, names is ALIASES) for key, source_id, name in rows]
