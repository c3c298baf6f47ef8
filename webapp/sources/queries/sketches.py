"""What a project's sources are called and what is known of them, to be copied into another project."""

from uuid import UUID

from webapp import visibility
from webapp.db import db
from webapp.domain.merges import root_of
from webapp.domain.registry import Sketch
from webapp.merged_sources import merges_seen_by
from webapp.models import Actor, Project, Source, SourceAlias, SourceEntry, SourceFact


def sketches_of(reader: Actor, project: Project) -> list[Sketch]:
    """The project's sources that hold; of doubles, the one that stands for them, called by their names as well."""
    merges = merges_seen_by(reader, project.id)
    entries = db.session.scalars(
        visibility.entries_visible_to(reader)
        .where(Source.project_id == project.id, SourceEntry.withdrawn_why.is_(None))
        .order_by(Source.created_at, Source.id)
    ).all()
    sketches = {entry.source_id: Sketch(entry.entry) for entry in entries if entry.source_id not in merges}

    def sketch_of(source_id: UUID) -> Sketch | None:
        return sketches.get(root_of(source_id, merges))

    for entry in entries:
        if sketch := sketch_of(entry.source_id):
            sketch.add([entry.name], ())
    for alias in db.session.scalars(
        visibility.aliases_visible_to(reader).where(
            Source.project_id == project.id, SourceAlias.withdrawn_why.is_(None)
        )
    ):
        if sketch := sketch_of(alias.source_id):
            sketch.add([alias.alias], ())
    for fact in db.session.scalars(
        visibility.facts_visible_to(reader)
        .where(Source.project_id == project.id, SourceFact.withdrawn_why.is_(None))
        .order_by(SourceFact.id)
    ):
        if sketch := sketch_of(fact.source_id):
            sketch.add((), [fact.told()])
    return list(sketches.values())
