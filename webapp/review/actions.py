"""Taking figures away, on record."""

from webapp.db import db_write
from webapp.models import Actor, Project, audit
from webapp.review.filters import Filter


def record_figures_taken(project: Project, reader: Actor, wanted: Filter, shape: str = "agreement") -> None:
    """Put on record that the person took the figures away as JSON."""
    with db_write() as session:
        told = {"shape": shape, "format": "json", "filter": wanted.as_args()}
        audit(session, reader, "exported", project_id=project.id, **told)
