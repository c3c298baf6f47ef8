"""A registry comes in: from a table, or as a copy of another project's; in one transaction, all of it or nothing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from webapp import visibility
from webapp.db import db_write, lock_rows, now
from webapp.domain.registry import Sketch
from webapp.domain.sources import name_key
from webapp.domain.terms import SourceKind
from webapp.models import Actor, Project, Role, Source, SourceAlias, SourceEntry, SourceFact, audit
from webapp.models.revisions import index_together
from webapp.sources.actions.registry import registry_of
from webapp.sources.queries.sketches import sketches_of

AT_ONCE = 500
Values = dict[str, Any]


@dataclass(frozen=True)
class CameIn:
    """What of a registry was new."""

    sources: int
    aliases: int
    facts: int

    @property
    def is_empty(self) -> bool:
        return not (self.sources or self.aliases or self.facts)


def bring_in(project: Project, by: Actor, sketches: Sequence[Sketch], *, is_published: bool = False) -> CameIn:
    """The sources of a table; those of a name and kind that is there get what is new. Raises NotFound.

    The same table again changes nothing, so a second click does no harm.
    """
    return _bring_in(project, by, sketches, "sources brought in", {"lines": len(sketches)}, is_published)


def copy_registry(origin: Project, project: Project, by: Actor, *, is_published: bool = False) -> CameIn:
    """Names, kinds, aliases and facts of another project's sources; ratings stay where they were given."""
    visibility.project_for(by, origin.id, Role.SUPERVISOR)
    sketches = sketches_of(by, origin)
    return _bring_in(project, by, sketches, "sources copied", {"origin": origin.name}, is_published)


def _bring_in(
    project: Project, by: Actor, sketches: Sequence[Sketch], what: str, details: Mapping[str, Any], is_published: bool
) -> CameIn:
    project_id = project.id
    with db_write() as session:
        lock_rows(session, registry_of(project_id))
        visibility.project_for(by, project_id, Role.SUPERVISOR)
        rows = _new_rows(sketches, _known(session, project_id, by), is_published)
        rows.put(session, project_id, by.user_id)
        came = CameIn(len(rows.entries), len(rows.aliases), len(rows.facts))
        audit(session, by, what, project_id=project_id, **details, **vars(came))
    return came


# ---- what is there


@dataclass(frozen=True)
class _Known:
    """The sources of a project that a table may mean, and what is on record of them."""

    ids: dict[tuple[str, SourceKind], UUID]
    aliases: set[tuple[UUID, str]]
    facts: set[tuple[UUID, Any]]


def _known(session: Session, project_id: int, by: Actor) -> _Known:
    """All of an open project, in a blind round the person's own."""
    query = select(Source.id).where(Source.project_id == project_id)
    if session.get_one(Project, project_id).running.is_blind:
        query = query.where(Source.maker_id == by.user_id)
    entries = select(SourceEntry.name_key, SourceEntry.kind, SourceEntry.source_id)
    aliases = select(SourceAlias.source_id, SourceAlias.alias_key)
    facts = select(SourceFact)
    holds = {
        table: (table.is_current, table.withdrawn_why.is_(None), table.source_id.in_(query))
        for table in (SourceEntry, SourceAlias, SourceFact)
    }
    return _Known(
        {(key, kind): source_id for key, kind, source_id in session.execute(entries.where(*holds[SourceEntry]))},
        {(source_id, key) for source_id, key in session.execute(aliases.where(*holds[SourceAlias]))},
        {(fact.source_id, fact.told()) for fact in session.scalars(facts.where(*holds[SourceFact]))},
    )


# ---- what is new


@dataclass
class _NewRows:
    """The rows to add, parents first."""

    entries: list[Values] = field(default_factory=list)
    aliases: list[Values] = field(default_factory=list)
    facts: list[Values] = field(default_factory=list)

    def put(self, session: Session, project_id: int, author_id: int) -> None:
        at = now()
        sources = [
            {"id": entry["source_id"], "project_id": project_id, "maker_id": author_id, "created_at": at}
            for entry in self.entries
        ]
        first = {"author_id": author_id, "version": 1, "is_current": True, "created_at": at, "withdrawn_why": None}
        _insert(session, Source, sources)
        for table, rows in ((SourceEntry, self.entries), (SourceAlias, self.aliases), (SourceFact, self.facts)):
            _insert(session, table, ({**first, "client_id": uuid4(), **row} for row in rows))
            if rows:
                index_together(session, table, author_id, at)


def _new_rows(sketches: Iterable[Sketch], known: _Known, is_published: bool) -> _NewRows:
    rows = _NewRows()
    for sketch in sketches:
        source_id = known.ids.get(sketch.key)
        if source_id is None:
            source_id = uuid4()
            named = {**vars(sketch.entry), "name_key": name_key(sketch.entry.name), "is_published": is_published}
            rows.entries.append({"source_id": source_id, **named})
        for key, alias in sketch.aliases.items():
            if (source_id, key) not in known.aliases:
                rows.aliases.append({"source_id": source_id, "alias_id": uuid4(), "alias": alias, "alias_key": key})
        for fact in sketch.facts:
            if (source_id, fact) not in known.facts:
                rows.facts.append({"source_id": source_id, "fact_id": uuid4(), **vars(fact)})
    return rows


def _insert(session: Session, table: Any, rows: Iterable[Values]) -> None:
    for batch in _batches(rows):
        session.execute(insert(table), batch)


def _batches(rows: Iterable[Values]) -> Iterator[list[Values]]:
    batch: list[Values] = []
    for row in rows:
        batch.append(row)
        if len(batch) == AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch
