"""What the page of one source tells of it: the entry, its other names, facts and ratings, and who entered them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from webapp import visibility
from webapp.db import db
from webapp.domain.sources import root_of
from webapp.merged_sources import merges_seen_by
from webapp.models import Actor, Source, SourceAlias, SourceEntry
from webapp.sources.queries.merged import groups_of


@dataclass(frozen=True)
class Shown:
    """A source as a reader sees it: the entry that stands for it, and its doubles."""

    reader: Actor
    source: Source
    entry: SourceEntry
    doubles: Sequence[UUID]

    @property
    def ids(self) -> list[UUID]:
        """Of all the entries that are this source."""
        return [self.source.id, *self.doubles]


def root_seen_by(reader: Actor, source: Source) -> UUID:
    """The entry that stands for this one, as far as the reader knows."""
    return root_of(source.id, merges_seen_by(reader, source.project_id))


def shown(reader: Actor, source: Source) -> Shown:
    """The source with its current name and its doubles."""
    entry = db.session.scalars(visibility.entries_visible_to(reader).where(SourceEntry.source_id == source.id)).one()
    doubles = groups_of(merges_seen_by(reader, source.project_id)).get(source.id, [])
    return Shown(reader, source, entry, doubles)


def aliases_of(shown: Shown) -> list[SourceAlias]:
    """Its other names and those of its doubles that hold, in the order in which they came."""
    return list(
        db.session.scalars(
            visibility.aliases_visible_to(shown.reader)
            .where(SourceAlias.source_id.in_(shown.ids), SourceAlias.withdrawn_why.is_(None))
            .order_by(SourceAlias.created_at, SourceAlias.id)
        )
    )
