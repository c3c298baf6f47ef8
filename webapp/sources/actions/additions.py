"""What is added to a source: other names, facts, ratings."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import visibility
from webapp.db import db, db_write
from webapp.domain.errors import BadSource
from webapp.domain.sources import Fact, Rating, name_key
from webapp.models import Actor, Source, SourceAlias, SourceEntry, SourceFact, SourceRating
from webapp.models.revisions import append, append_firsts
from webapp.sources.actions.registry import refuse_withdrawn, registry_of

Added = TypeVar("Added", SourceAlias, SourceFact)


def add_alias(source: Source, by: Actor, alias: str, client_id: UUID) -> SourceAlias:
    """Another name. Raises BadSource where the source is called that already; NotFound where it is not theirs."""
    said = {"alias": alias, "alias_key": name_key(alias)}

    def refuse(session: Session) -> None:
        if name_key(alias) in _keys_of(session, source.id):
            raise BadSource(f"It is called “{alias}” already.")

    return _add(SourceAlias, "alias_id", source, by, said, client_id, refuse)


def _keys_of(session: Session, source_id: UUID) -> set[str]:
    names = select(SourceEntry.name_key).where(SourceEntry.source_id == source_id, SourceEntry.is_current)
    aliases = select(SourceAlias.alias_key).where(
        SourceAlias.source_id == source_id, SourceAlias.is_current, SourceAlias.withdrawn_why.is_(None)
    )
    return {*session.scalars(names), *session.scalars(aliases)}


def add_fact(source: Source, by: Actor, fact: Fact, client_id: UUID) -> SourceFact:
    """Something known of it. Raises BadSource for what is on record already; NotFound where it is not theirs."""

    def refuse(session: Session) -> None:
        if fact in facts_known(session, source.id):
            raise BadSource("That is on record already, with the same date and link.")

    return _add(SourceFact, "fact_id", source, by, vars(fact), client_id, refuse)


def facts_known(session: Session, source_id: UUID) -> set[Fact]:
    """The facts that hold."""
    facts = select(SourceFact).where(
        SourceFact.source_id == source_id, SourceFact.is_current, SourceFact.withdrawn_why.is_(None)
    )
    return {fact.told() for fact in session.scalars(facts)}


def add_facts(source: Source, by: Actor, facts: Sequence[Fact], client_id: UUID) -> int:
    """Those of the facts that are not on record yet, in one write; returns how many. Raises as add_fact does."""
    source_id = source.id

    def new() -> list[dict[str, Any]]:
        visibility.source_to_edit(by, source_id)
        refuse_withdrawn(db.session(), source_id)
        known = facts_known(db.session(), source_id)
        fresh = [fact for fact in dict.fromkeys(facts) if fact not in known]
        return [{"fact_id": uuid4(), "source_id": source_id, **vars(fact)} for fact in fresh]

    lock = registry_of(source.project_id)
    with db_write() as session:
        count, _ = append_firsts(session, SourceFact, by.user_id, client_id, new, lock=lock)
    return count


def _add(
    table: type[Added],
    key: str,
    source: Source,
    by: Actor,
    said: Mapping[str, Any],
    client_id: UUID,
    refuse: Callable[[Session], None],
) -> Added:
    source_id = source.id

    def check(_: Added | None) -> None:
        visibility.source_to_edit(by, source_id)
        refuse_withdrawn(db.session(), source_id)
        refuse(db.session())

    lock = registry_of(source.project_id)  # read before, because nothing may be read before the lock
    with db_write() as session:
        row, _ = append(
            session,
            table,
            {key: uuid4()},
            by.user_id,
            0,
            client_id,
            said,
            lock=lock,
            closed=check,
            about={"source_id": source_id},
        )
    return row


def rate(source: Source, rater: Actor, rating: Rating, client_id: UUID) -> SourceRating:
    """A rating; what answers took before stays with them. Raises NotFound where the source is not theirs to rate."""
    source_id, rating_id = source.id, uuid4()

    def check(_: SourceRating | None) -> None:
        visibility.source_to_rate(rater, source_id)
        refuse_withdrawn(session, source_id)

    lock = registry_of(source.project_id)
    with db_write() as session:
        row, _ = append(
            session,
            SourceRating,
            {"rating_id": rating_id},
            rater.user_id,
            0,
            client_id,
            vars(rating),
            lock=lock,
            closed=check,
            besides=lambda _: {"id": rating_id},  # by which answers name it
            about={"source_id": source_id},
        )
    return row
