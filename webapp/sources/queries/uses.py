"""Which sentences name a source, and for whom it speaks in them, as far as the reader sees answers."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Select, Subquery, literal, select, union_all

from webapp import visibility
from webapp.models import Actor, Annotation, AttributionLink, Project, Sentence


def uses(reader: Actor, project: Project, source_ids: Collection[UUID] | Select[UUID]) -> Subquery:
    """Each place in an answer that counts now and that the reader sees, at which one of the sources stands.

    A source that says something itself stands at position 1, whoever passes it on behind.
    """
    first = select(
        Annotation.id.label("annotation_id"),
        Annotation.source_id.label("source_id"),
        literal(1).label("position"),
        Annotation.cue_stance.label("cue_stance"),
    ).where(Annotation.is_current, Annotation.source_id.in_(source_ids))
    later = select(
        AttributionLink.annotation_id,
        AttributionLink.source_id,
        AttributionLink.position,
        AttributionLink.cue_stance,
    ).where(AttributionLink.position > 1, AttributionLink.source_id.in_(source_ids))
    named = union_all(first, later).subquery("named")
    return (
        visibility.annotations_visible_to(reader, project)
        .join(named, named.c.annotation_id == Annotation.id)
        .where(Sentence.is_live)
        .with_only_columns(
            named.c.source_id,
            named.c.annotation_id,
            named.c.position,
            named.c.cue_stance,
            Annotation.rating_id,
            Annotation.sentence_id,
            Sentence.article_id,
            maintain_column_froms=True,
        )
        .subquery("uses")
    )
