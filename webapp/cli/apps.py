"""What commands about a database share: an app over it, and its faults said in a sentence."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

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


@contextmanager
def progress(label: str) -> Iterator[Callable[[str], None]]:
    """Tells on a terminal which part of long work is being done; nothing elsewhere, since lines are for programs."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    try:
        yield lambda part: click.echo(f"\r\x1b[K{label} {part}", nl=False, err=True)
    finally:
        click.echo("\r\x1b[K", nl=False, err=True)
