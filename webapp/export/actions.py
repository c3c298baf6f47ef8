"""Taking annotations away, on record."""

from collections.abc import Iterator

from webapp import visibility
from webapp.db import db_write
from webapp.domain.export import chosen, csv_parts
from webapp.export import queries
from webapp.models import Actor, Project, audit


def export_long_csv(
    project: Project, reader: Actor, *, unanswered: bool = False, bom: bool = False, guard: bool = False
) -> Iterator[str]:
    """The project's annotations that the reader may see, as CSV in pieces; the export is on record."""
    shown, only_own = visibility.answers_shown_to(reader, project), visibility.reads_only_own(reader, project)
    project_id = project.id
    with db_write() as session:
        told = {"shape": "long", "format": "csv", "options": chosen(unanswered=unanswered, bom=bom, guard=guard)}
        audit(session, reader, "exported", project_id=project_id, **told)
    parts = queries.long_parts(project_id, shown, only_own=only_own, unanswered=unanswered)
    return csv_parts(parts, bom=bom, guard=guard)
