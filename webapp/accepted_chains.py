"""Through whom sentences had their content, as far as a reader may know and take it for agreed."""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import visibility
from webapp.db import in_parts
from webapp.domain.merges import root_of
from webapp.domain.sources import name_key
from webapp.domain.terms import Tag
from webapp.merged_sources import merges_seen_by
from webapp.models import Actor, Annotation, AttributionLink, Project, Source, SourceAlias, SourceEntry

Chain = tuple[UUID | None, ...]
"""The sources of the links, who said it first, each by the entry that stands for it; None for words alone."""


def accepted_chains(
    session: Session, reader: Actor, project: Project, sentence_ids: Collection[int]
) -> dict[int, Chain]:
    """The chain of each sentence that the reader's own newest answer gives; where they have none, the one that all
    others give whose answers they read, and read without learning of work that they still have to hand in.

    Only answers that count now: an attribution, confirmed where a repair of the split had carried it.
    """
    if not sentence_ids:
        return {}
    answers = (
        visibility.annotations_beside_work(reader, project)
        .where(Annotation.tag == Tag.ATTRIBUTION, Annotation.to_confirm.is_(False))
        .with_only_columns(Annotation.id, Annotation.sentence_id, Annotation.analyst_id, Annotation.source_id)
        .order_by(Annotation.id)
    )
    rows = [
        row
        for some in in_parts(sentence_ids)
        for row in session.execute(answers.where(Annotation.sentence_id.in_(some)))
    ]
    links = _links(session, [row.id for row in rows])
    merges = merges_seen_by(reader, project.id)
    given: dict[int, dict[int, Chain]] = {}
    for id_, sentence_id, analyst_id, source_id in rows:
        told = links.get(id_) or [source_id]
        given.setdefault(sentence_id, {})[analyst_id] = tuple(root_of(one, merges) if one else None for one in told)
    return {id_: _agreed(by_analyst, reader) for id_, by_analyst in given.items()}


def _links(session: Session, annotation_ids: Collection[int]) -> dict[int, list[UUID | None]]:
    found: dict[int, list[UUID | None]] = {}
    links = select(AttributionLink.annotation_id, AttributionLink.source_id).order_by(
        AttributionLink.annotation_id, AttributionLink.position
    )
    for some in in_parts(annotation_ids):
        for annotation_id, source_id in session.execute(links.where(AttributionLink.annotation_id.in_(some))):
            found.setdefault(annotation_id, []).append(source_id)
    return found


def _agreed(by_analyst: Mapping[int, Chain], reader: Actor) -> Chain:
    if reader.id is not None and reader.id in by_analyst:
        return by_analyst[reader.id]
    chains = set(by_analyst.values())
    return chains.pop() if len(chains) == 1 else ()


def told_chains(
    session: Session, reader: Actor, project: Project, sentence_ids: Collection[int]
) -> dict[int, list[str]]:
    """The same by the names of the sources, for those that name any."""
    chains = accepted_chains(session, reader, project, sentence_ids)
    ids = {source_id for chain in chains.values() for source_id in chain if source_id}
    if not ids:
        return {}
    rows = session.execute(
        visibility.entries_visible_to(reader)
        .where(SourceEntry.source_id.in_(ids))
        .with_only_columns(SourceEntry.source_id, SourceEntry.name)
    )
    names: dict[UUID | None, str] = {source_id: name for source_id, name in rows}  # noqa: C416 (rows, not pairs)
    return {
        id_: [names.get(source_id, "a source without an entry") for source_id in chain]
        for id_, chain in chains.items()
        if any(source_id in names for source_id in chain)
    }


def known_as(
    session: Session, reader: Actor, project: Project, names: Iterable[str | None]
) -> dict[str | None, frozenset[UUID | str]]:
    """All that each outlet is known as: its name as it is compared, and the sources of that name or other name."""
    keys = {name: key for name in names if name and (key := name_key(name))}
    if not keys:
        return {}
    merges = merges_seen_by(reader, project.id)
    called: dict[str, set[UUID | str]] = {key: {key} for key in keys.values()}
    for query, column in (
        (visibility.entries_visible_to(reader).where(SourceEntry.withdrawn_why.is_(None)), SourceEntry.name_key),
        (visibility.aliases_visible_to(reader).where(SourceAlias.withdrawn_why.is_(None)), SourceAlias.alias_key),
    ):
        names_here = query.where(Source.project_id == project.id).with_only_columns(column, Source.id)
        for some in in_parts(called):
            for key, source_id in session.execute(names_here.where(column.in_(some))):
                called[key].add(root_of(source_id, merges))
    return {name: frozenset(called[key]) for name, key in keys.items()}
