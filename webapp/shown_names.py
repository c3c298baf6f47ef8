"""Names in place of codes: shown for an hour in one session, and looking at them goes on record."""

from datetime import timedelta

from flask import session

from webapp.db import db_write, now
from webapp.models import Actor, Project, audit

NAMES = "names_shown"
"""In the session: until when the names of a project are shown, by its id."""
NAMES_SHOWN_FOR = timedelta(hours=1)


def names_are_shown(project_id: int) -> bool:
    until = session.get(NAMES, {}).get(str(project_id), 0)
    return bool(until > now().timestamp())


def show_names(project: Project, reader: Actor, page: str) -> None:
    """Put on record that the person wanted to see which analyst said what, and show it."""
    project_id = project.id
    with db_write() as writing:
        audit(writing, reader, "names shown", project_id=project_id, page=page)
    until = (now() + NAMES_SHOWN_FOR).timestamp()
    session[NAMES] = session.get(NAMES, {}) | {str(project_id): int(until)}


def hide_names(project_id: int) -> None:
    session[NAMES] = {key: until for key, until in session.get(NAMES, {}).items() if key != str(project_id)}
