"""Which entries of the registry are one, for pages, figures and exports that show the one which stands for it."""

from uuid import UUID

from webapp import visibility
from webapp.db import db
from webapp.models import Actor, Source, SourceMerge


def merges_seen_by(reader: Actor, project_id: int) -> dict[UUID, UUID]:
    """Into which other one each merged entry of the project went, as far as the reader may know; none in a blind round
    for an analyst. `domain.sources.root_of` follows it.
    """
    query = visibility.merges_visible_to(reader).where(visibility.without_index(Source.project_id) == project_id)
    rows = db.session.execute(query.with_only_columns(SourceMerge.source_id, SourceMerge.into_id))
    return {source_id: into_id for source_id, into_id in rows if into_id}
