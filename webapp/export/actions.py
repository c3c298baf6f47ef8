"""Taking annotations away, on record."""

from collections.abc import Iterator

from webapp import visibility
from webapp.db import db_write
from webapp.domain.export import csv_parts
from webapp.export import queries
from webapp.models import Project, User, audit


def export_long_csv(
    project: Project, reader: User | None, *, unanswered: bool = False, bom: bool = False, guard: bool = False
) -> Iterator[str]:
    """The project's annotations that this person may see, as CSV in pieces; the export is on record.

    A reader of None is the machine's own shell, which sees all.
    """
    shown, only_own = visibility.answers_shown_to(reader, project), visibility.reads_only_own(reader, project)
    reader_id = reader.id if reader else None
    project_id = project.id
    with db_write() as session:
        audit(session, "exported", actor_id=reader_id, project_id=project_id, shape="long", format="csv")
    parts = queries.long_parts(project_id, shown, only_own=only_own, unanswered=unanswered)
    return csv_parts(parts, bom=bom, guard=guard)
