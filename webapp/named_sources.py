"""What somebody who tags is told of sources: name, kind, how many of their own answers name each, and its letter."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, Integer, and_, bindparam, case, exists, func, or_, select, union

from webapp import visibility
from webapp.db import db
from webapp.domain.merges import root_of
from webapp.domain.sources import name_key
from webapp.domain.terms import Reliability, SourceKind, Tag
from webapp.merged_sources import merges_seen_by
from webapp.models import (
    Actor,
    Annotation,
    Article,
    AttributionLink,
    Sentence,
    Source,
    SourceAlias,
    SourceEntry,
    SourceRating,
)
from webapp.models.sources import in_force_first, rated_by


@dataclass(frozen=True)
class Registry:
    """The sources of a project as the reader may name them; in a blind round their own and those published."""

    reader: Actor
    project_id: int
    is_blind: bool
    article_id: int
    """The article in hand."""

    def at_hand(self) -> tuple[ColumnElement[bool], ...]:
        """Conditions on Source."""
        return (Source.project_id == self.project_id, *self.may_name())

    def may_name(self) -> tuple[ColumnElement[bool], ...]:
        """Those of them that are about the reader, not about the project."""
        return (visibility.is_at_hand(self.reader),) if self.is_blind else ()

    def merges(self) -> dict[UUID, UUID]:
        """Into which other one each entry went; in a blind round nobody who tags knows of any."""
        return {} if self.is_blind else merges_seen_by(self.reader, self.project_id)


@dataclass(frozen=True)
class NamedSource:
    """An entry as it is told at the desk."""

    id: UUID
    root: UUID
    """The entry that stands for it: another one where it was merged as a double."""
    name: str
    kind: SourceKind
    is_withdrawn: bool
    own_answers: int = 0
    elsewhere: int = 0
    """Those of them that are not in the article in hand."""
    reliability: Reliability | None = None
    """The letter that an answer takes which names it now."""
    alias: str | None = None
    """The other name by which it was found."""

    def values(self) -> dict[str, Any]:
        """As JSON; what is not there is left out."""
        told = {
            "id": str(self.id),
            "root": str(self.root) if self.root != self.id else None,
            "name": self.name,
            "kind": self.kind.value,
            "alias": self.alias,
            "answers": self.own_answers,
            "elsewhere": self.elsewhere,
            "reliability": self.reliability and self.reliability.value,
        }
        return {name: value for name, value in told.items() if value is not None}


def named_sources(
    registry: Registry, ids: Iterable[UUID], merges: dict[UUID, UUID] | None = None
) -> dict[UUID, NamedSource]:
    """Those of the ids that the reader may name, with the name of the entry that stands for each."""
    wanted = set(ids)
    if not wanted:
        return {}
    merges = registry.merges() if merges is None else merges
    roots = {id_: root_of(id_, merges) for id_ in wanted}
    entries = {
        entry.source_id: entry
        for entry in db.session.scalars(
            select(SourceEntry)
            .join(Source, Source.id == SourceEntry.source_id)
            .where(SourceEntry.source_id.in_(wanted | set(roots.values())), SourceEntry.is_current, *registry.at_hand())
        )
    }
    found = {
        id_: NamedSource(id_, root, entries[root].name, entries[root].kind, entries[root].withdrawn_why is not None)
        for id_, root in roots.items()
        if id_ in entries and root in entries
    }
    if not found:
        return {}
    letters = _letters(registry.reader.user_id, found)
    answers = _own_answers(registry, {source.root for source in found.values()}, merges)
    return {
        id_: replace(
            source,
            own_answers=sum(answers.get(source.root, (0, 0))),
            elsewhere=answers.get(source.root, (0, 0))[1],
            reliability=letters.get(id_),
        )
        for id_, source in found.items()
    }


def _letters(reader_id: int, ids: Collection[UUID]) -> dict[UUID, Reliability]:
    """The letter in force for the reader, by source."""
    letters: dict[UUID, Reliability] = {}
    for source_id, letter in db.session.execute(_LETTERS, {"reader": reader_id, "ids": list(ids)}):
        letters.setdefault(source_id, letter)
    return letters


def _own_answers(registry: Registry, roots: set[UUID], merges: dict[UUID, UUID]) -> dict[UUID, tuple[int, int]]:
    """How many sentences, of the article in hand and of others, the reader's answers that count now tell as said, or
    passed on, by each or by its doubles.
    """
    family = {id_: root for id_ in merges if (root := root_of(id_, merges)) in roots} | {root: root for root in roots}
    asked = {"reader": registry.reader.user_id, "article": registry.article_id, "ids": list(family)}
    answers: dict[UUID, tuple[int, int]] = {}
    for source_id, here, in_all in db.session.execute(_OWN_ANSWERS, asked):
        before = answers.get(family[source_id], (0, 0))
        answers[family[source_id]] = (before[0] + here, before[1] + in_all - here)
    return answers


def entry_called(registry: Registry, name: str, kind: SourceKind | None = None) -> UUID | None:
    """The entry of exactly this name or other name, the oldest first; of this kind, where one is asked for."""
    key = name_key(name)
    if not key:
        return None
    also_called = exists().where(
        SourceAlias.source_id == Source.id,
        SourceAlias.is_current,
        SourceAlias.withdrawn_why.is_(None),
        SourceAlias.alias_key == key,
    )
    found = db.session.scalar(
        select(Source.id)
        .join(SourceEntry, and_(SourceEntry.source_id == Source.id, SourceEntry.is_current))
        .where(
            *registry.at_hand(),
            SourceEntry.withdrawn_why.is_(None),
            or_(SourceEntry.name_key == key, also_called),
            *([SourceEntry.kind == kind] if kind else []),
        )
        .order_by((SourceEntry.name_key == key).desc(), Source.created_at)
        .limit(1)
    )
    return root_of(found, registry.merges()) if found else None


def names_at_hand(registry: Registry, most: int = 300) -> list[str]:
    """Names that may be written, in the order of the alphabet, for a page on which nothing can be looked up."""
    names = (
        select(SourceEntry.name)
        .join(Source, Source.id == SourceEntry.source_id)
        .where(*registry.at_hand(), SourceEntry.is_current, SourceEntry.withdrawn_why.is_(None))
        .order_by(SourceEntry.name_key)
        .limit(most)
    )
    return list(dict.fromkeys(db.session.scalars(names)))


# ---- statements that are asked while somebody writes: built once

_READER = bindparam("reader", type_=Integer)
_IDS: BindParameter[UUID] = bindparam("ids", expanding=True)
_LETTERS = (
    select(SourceRating.source_id, SourceRating.reliability)
    .where(
        SourceRating.source_id.in_(_IDS),
        SourceRating.is_current,
        SourceRating.withdrawn_why.is_(None),
        or_(rated_by(_READER), SourceRating.is_published.is_(True)),
    )
    .order_by(*in_force_first(_READER))
)
_OWN = (
    Annotation.is_current,
    Annotation.analyst_id == _READER,
    Annotation.tag == Tag.ATTRIBUTION,
    Annotation.assignment_id.not_in(visibility.work_before_a_repeat(_READER)),
)
_USES = union(
    select(Annotation.source_id.label("source_id"), Annotation.sentence_id.label("sentence_id")).where(
        Annotation.source_id.in_(_IDS), *_OWN
    ),
    select(AttributionLink.source_id, Annotation.sentence_id)
    .join(Annotation, Annotation.id == AttributionLink.annotation_id)
    .where(AttributionLink.source_id.in_(_IDS), *_OWN),
).subquery()
_OWN_ANSWERS = (
    select(
        _USES.c.source_id,
        func.sum(case((Sentence.article_id == bindparam("article", type_=Integer), 1), else_=0)),
        func.count(),
    )
    .join(Sentence, Sentence.id == _USES.c.sentence_id)
    .join(Article, Article.id == Sentence.article_id)
    .where(Sentence.is_live, Article.is_live)
    .group_by(_USES.c.source_id)
)
