"""What commands about a database share: an app over it, and its faults said in a sentence."""

import click
from flask import Flask

from webapp import faults, serving, visibility
from webapp.app import create_app
from webapp.cli.group import sentences
from webapp.db import db
from webapp.domain.errors import NotFound
from webapp.models import Project

sentences.append(faults.sentence)


def prepared_app() -> Flask:
    """The app over a database of the newest version."""
    app = app_until_the_end()
    serving.migrate(app)
    return app


def app_until_the_end() -> Flask:
    """The app over the database as it is; when the command ends, its connections are closed."""
    app = create_app()
    click.get_current_context().call_on_close(lambda: _close(app))
    return app


def _close(app: Flask) -> None:
    with app.app_context():
        db.engine.dispose()


def project_called(name: str | None) -> Project:
    project = visibility.project_named(name)
    if project is None:
        raise NotFound(f"There is no project called “{name}”." if name else "There is no project yet.")
    return project
