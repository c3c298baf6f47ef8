"""Taking profiles away, on record."""

from typing import Any

from webapp.db import db_write
from webapp.models import Actor, Project, audit


def record_profile_taken(project: Project, reader: Actor, ending: str, **about: Any) -> None:
    """Put on record that the person took a profile away as a picture or a table."""
    with db_write() as session:
        audit(session, reader, "exported", project_id=project.id, shape="profile", format=ending, **about)
