"""What all commands share: one sentence when something is wrong, and an app over a current database."""

import sqlite3
from typing import Any

import click
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from webapp import __version__, faults, serving, visibility
from webapp.app import create_app
from webapp.db import db
from webapp.domain.errors import DomainError, NotFound
from webapp.domain.intake.decoding import BROKEN_UTF8, is_text_encoding
from webapp.models import Project


class Commands(click.Group):
    """Broken rules end a command with one sentence on standard error and exit code 1."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except DomainError as broken:
            raise click.ClickException(str(broken)) from None
        except (SQLAlchemyError, sqlite3.Error, OSError, ModuleNotFoundError) as error:
            if said := faults.sentence(error):
                raise click.ClickException(said) from None
            raise


class BadInput(click.ClickException):
    """What a command was given cannot be used: one sentence and exit code 2."""

    exit_code = 2


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="claimtag")
def main() -> None:
    """Judge news articles sentence by sentence: fact, attribution, speculation or opinion."""


def _known_encoding(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    if value is not None and not is_text_encoding(value):
        raise click.BadParameter(f"“{value}” is no encoding of text; one is windows-1252.")
    return value


encoding_option = click.option(
    "--encoding",
    callback=_known_encoding,
    help="Encoding of what is not UTF-8 and does not say its own, such as windows-1252; "
    f"{BROKEN_UTF8} reads UTF-8 with � for what is broken.",
)


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
