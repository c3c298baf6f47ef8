"""The doubles of a source with what came to it since, and which other sources it may be a double of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from webapp import visibility
from webapp.db import db
from webapp.domain.sources import Entry
from webapp.domain.terms import SourceKind
from webapp.models import Actor, Source, SourceAlias, SourceEntry, SourceFact, SourceMerge, SourceRating
from webapp.sources.queries.merged import merged_into
from webapp.sources.queries.names import coder_codes, entries_of
from webapp.sources.queries.page import Known, Shown
from webapp.sources.queries.uses import uses


@dataclass(frozen=True)
class Double:
    """An entry that was merged into another one, and what came to that one since."""

    merge: SourceMerge
    entry: Entry
    into: Entry
    by: str
    aliases: int
    facts: int
    ratings: int
    sentences: int


def doubles_of(shown: Shown, known: Known, codes: Mapping[int, str]) -> list[Double]:
    """The doubles of the source, the newest merge first."""
    if not shown.doubles:
        return []
    merges = db.session.scalars(
        visibility.merges_visible_to(shown.reader)
        .where(Source.id.in_(shown.doubles))
        .order_by(SourceMerge.created_at.desc())
    ).all()
    entries, sentences = entries_of(shown.reader, shown.ids), _sentences_since(shown)
    return [
        Double(
            merge,
            entries[merge.source_id],
            entries[merge.into_id],
            codes.get(merge.author_id, ""),
            _since(merge, [alias.row for alias in known.aliases]),
            _since(merge, [fact.row for fact in known.facts]),
            _since(merge, [rating.row for rating in known.ratings]),
            sentences.get(merge.source_id, 0),
        )
        for merge in merges
        if merge.into_id
    ]


def _since(merge: SourceMerge, rows: Sequence[SourceAlias | SourceFact | SourceRating]) -> int:
    """How many of them came to the one it went into after the merge."""
    return sum(row.source_id == merge.into_id and row.created_at > merge.created_at for row in rows)


def _sentences_since(shown: Shown) -> dict[UUID, int]:
    """For each double, in how many sentences the one it went into was named after the merge."""
    found = uses(shown.reader, shown.source.project, shown.ids)
    rows = db.session.execute(
        select(SourceMerge.source_id, func.count(found.c.sentence_id.distinct()))
        .join(found, and_(found.c.source_id == SourceMerge.into_id, found.c.created_at > SourceMerge.created_at))
        .where(SourceMerge.is_current, SourceMerge.source_id.in_(shown.doubles))
        .group_by(SourceMerge.source_id)
    )
    return {source_id: count for source_id, count in rows}  # noqa: C416 (rows, not pairs)


# ---- which it may be a double of


@dataclass(frozen=True)
class Candidate:
    """A source into which another one may be merged."""

    id: UUID
    name: str
    kind: SourceKind
    made_at: datetime
    maker: str


def suggestions(shown: Shown) -> list[Candidate]:
    """Other sources of the project with a name or alias that is the same when compared."""
    keys = _keys_of(shown.reader, shown.ids)
    merged = merged_into(shown.reader, shown.source.project)
    called_so = visibility.aliases_visible_to(shown.reader).where(
        SourceAlias.alias_key.in_(keys), SourceAlias.withdrawn_why.is_(None)
    )
    same = or_(
        SourceEntry.name_key.in_(keys),
        SourceEntry.source_id.in_(called_so.with_only_columns(SourceAlias.source_id)),
    )
    rows = db.session.execute(
        visibility.entries_visible_to(shown.reader)
        .where(
            Source.project_id == shown.source.project_id,
            SourceEntry.withdrawn_why.is_(None),
            Source.id.not_in(shown.ids),
            Source.id.not_in(select(merged.c.source_id)),
            same,
        )
        .order_by(SourceEntry.name_key, Source.created_at)
        .with_only_columns(Source.id, SourceEntry.name, SourceEntry.kind, Source.created_at, Source.maker_id)
    )
    codes = coder_codes(shown.source.project)
    return [Candidate(id_, name, kind, at, codes.get(maker_id, "")) for id_, name, kind, at, maker_id in rows]


def _keys_of(reader: Actor, source_ids: Sequence[UUID]) -> set[str]:
    names = visibility.entries_visible_to(reader).where(Source.id.in_(source_ids))
    aliases = visibility.aliases_visible_to(reader).where(
        Source.id.in_(source_ids), SourceAlias.withdrawn_why.is_(None)
    )
    return {
        *db.session.scalars(names.with_only_columns(SourceEntry.name_key)),
        *db.session.scalars(aliases.with_only_columns(SourceAlias.alias_key)),
    }


def version_of_merge(source_id: UUID) -> int:
    """The version of the newest merge of the source, or of its undo; 0 where it never was merged."""
    newest = select(SourceMerge.version).where(SourceMerge.source_id == source_id, SourceMerge.is_current)
    return db.session.scalar(newest) or 0
