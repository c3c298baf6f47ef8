"""Who changed what of a source, and when: told from the revisions, as far as the reader may know them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Select, or_, select

from webapp import visibility
from webapp.db import db
from webapp.models import Source, SourceAlias, SourceEntry, SourceFact, SourceMerge, SourceRating
from webapp.sources.queries.names import coder_codes
from webapp.sources.queries.page import Shown

About = SourceEntry | SourceAlias | SourceFact | SourceRating
Revision = TypeVar("Revision", SourceAlias, SourceFact, SourceRating)


@dataclass(frozen=True)
class Change:
    """One thing that was done: by whom, what it was, what about, and why where that was said."""

    at: datetime
    by: str
    did: str
    what: str = ""
    why: str | None = None
    is_withdrawn: bool = False
    """Whether what it tells does not hold any more."""


def history_of(shown: Shown, *, reads_all: bool) -> list[Change]:
    """What was done to the source and its doubles, the newest first.

    Whoever does not read all that was entered sees, of an entry of somebody else, only what holds now.
    """
    codes = coder_codes(shown.source.project)
    knows_all = reads_all or shown.source.maker_id == shown.reader.id
    changes = [
        *_of_entries(shown, codes, knows_all),
        *_of_parts(SourceAlias, visibility.aliases_visible_to(shown.reader), shown, codes, knows_all),
        *_of_parts(SourceFact, visibility.facts_visible_to(shown.reader), shown, codes, knows_all),
        *_of_parts(SourceRating, visibility.ratings_visible_to(shown.reader), shown, codes, knows_all),
        *(_of_merges(shown, codes) if reads_all else ()),
    ]
    return sorted(changes, key=lambda change: change.at, reverse=True)


# ---- the entry


def _of_entries(shown: Shown, codes: Mapping[int, str], knows_all: bool) -> Iterator[Change]:
    rows = db.session.scalars(
        select(SourceEntry)
        .where(SourceEntry.source_id.in_(shown.ids))
        .order_by(SourceEntry.source_id, SourceEntry.version)
    )
    for source_id, revisions in groupby(rows, key=lambda row: row.source_id):
        before: SourceEntry | None = None
        for row in revisions if knows_all else ():
            is_double = source_id != shown.source.id
            yield from _step_of_entry(before, row, codes.get(row.author_id, ""), is_double)
            before = row


def _step_of_entry(before: SourceEntry | None, row: SourceEntry, by: str, is_double: bool) -> Iterator[Change]:
    name = f"“{row.name}”"
    if before is None:
        yield Change(
            row.created_at, by, "made the double" if is_double else "made it", f"{name}, {row.kind.label.lower()}"
        )
        return
    if row.name != before.name:
        yield Change(row.created_at, by, "renamed it", f"“{before.name}” → {name}")
    if row.kind != before.kind:
        yield Change(row.created_at, by, "changed the kind", f"{before.kind.label.lower()} → {row.kind.label.lower()}")
    if row.is_published != before.is_published:
        yield Change(row.created_at, by, "published it" if row.is_published else "took it back from all", name)
    if row.withdrawn_why and not before.withdrawn_why:
        yield Change(row.created_at, by, "withdrew it", name, row.withdrawn_why)


# ---- aliases, facts, ratings


def _of_parts(
    table: type[Revision], visible: Select[Revision], shown: Shown, codes: Mapping[int, str], knows_all: bool
) -> Iterator[Change]:
    [key_name] = table.revision_of
    key = getattr(table, key_name)
    now = visible.where(Source.id.in_(shown.ids))
    if not knows_all:
        now = now.where(table.withdrawn_why.is_(None))
    rows = db.session.scalars(
        select(table).where(key.in_(now.with_only_columns(key))).order_by(table.source_id, key, table.version)
    )
    for _, revisions in groupby(rows, key=lambda row: getattr(row, key_name)):
        yield from _steps_of_part(list(revisions), codes)


def _steps_of_part(revisions: list[Revision], codes: Mapping[int, str]) -> Iterator[Change]:
    newest, what = revisions[-1], _told(revisions[0])
    before: Revision | None = None
    for row in revisions:
        by, noun = codes.get(row.author_id, ""), row.noun
        if before is None:
            did = "rated it" if isinstance(row, SourceRating) else f"added the {noun}"
            yield Change(row.created_at, by, did, what, is_withdrawn=newest.withdrawn_why is not None)
        elif row.withdrawn_why:
            yield Change(row.created_at, by, f"withdrew the {noun}", what, row.withdrawn_why)
        elif isinstance(row, SourceRating):
            did = "published the rating" if row.is_published else "took the rating back from all"
            yield Change(row.created_at, by, did, what)
        before = row


def _told(row: About) -> str:
    if isinstance(row, SourceAlias):
        return f"“{row.alias}”"
    if isinstance(row, SourceRating):
        return f"{row.reliability.value} as of {row.rated_on}"
    if isinstance(row, SourceFact):
        issuer = f" by {row.issuer}" if row.issuer else ""
        return f"{row.property.label}{issuer}: {row.value}"
    return row.name


# ---- merges


def _of_merges(shown: Shown, codes: Mapping[int, str]) -> Iterator[Change]:
    into_it = select(SourceMerge.source_id).where(SourceMerge.into_id.in_(shown.ids))
    rows = db.session.execute(
        select(SourceMerge, SourceEntry.name)
        .join(SourceEntry, SourceEntry.source_id == SourceMerge.source_id)
        .where(SourceEntry.is_current, or_(SourceMerge.source_id.in_(shown.ids), SourceMerge.source_id.in_(into_it)))
        .order_by(SourceMerge.source_id, SourceMerge.version)
    ).all()
    last: dict[UUID, SourceMerge] = {}
    for row, name in rows:
        by, before = codes.get(row.author_id, ""), last.get(row.source_id)
        is_here = row.into_id in shown.ids or (before is not None and before.into_id in shown.ids)
        if is_here:
            did = "merged into it" if row.into_id else "took the merge back of"
            yield Change(row.created_at, by, did, f"“{name}”", row.reason)
        last[row.source_id] = row
