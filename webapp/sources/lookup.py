"""Sources by the beginnings of their names, while somebody writes who says so."""

from dataclasses import dataclass, replace
from itertools import islice
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import InstrumentedAttribute

from webapp.db import db
from webapp.domain.merges import root_of
from webapp.domain.sources import search_words
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
    """Source, name, and whether that is an alias; the best first.

    Where enough names begin with what was asked for, the others are not looked for: that would mean reading them all.
    """
    begins, holds = [" ".join(["", *words]) + "%"], [f"% {word}%" for word in words]
    found: list[tuple[UUID, str, bool]] = []
    for wanted in (((ENTRIES, begins),), ((ALIASES, begins),), ((ENTRIES, holds), (ALIASES, holds))):
        if len(found) >= MOST_NAMES:
            break
        rows = [row for names, patterns in wanted for row in _fitting(registry, names, patterns)]
        found += [(source_id, name, bool(is_alias)) for _, _, source_id, name, is_alias in sorted(rows)]
    return found


@dataclass(frozen=True)
class Names:
    """A table of names, and which of its columns hold them."""

    table: type[SourceEntry | SourceAlias]
    name: InstrumentedAttribute[str]
    key: InstrumentedAttribute[str]


ENTRIES = Names(SourceEntry, SourceEntry.name, SourceEntry.name_key)
ALIASES = Names(SourceAlias, SourceAlias.alias, SourceAlias.alias_key)


def _fitting(registry: Registry, names: Names, patterns: list[str]) -> list[tuple[str, str, UUID, str, int]]:
    """The first names, in their order, that fit all patterns and whose sources the reader may name.

    The names are walked by their index until there are enough, and only those that fit ask for their source.
    """
    at_hand = exists().where(Source.id == names.table.source_id, *registry.at_hand())
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
