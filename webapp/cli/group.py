"""What all commands share: one sentence when something is wrong, and an app over a current database."""

from typing import Any

import click
from flask import Flask

from webapp import __version__, serving, visibility
from webapp.app import create_app
from webapp.domain.errors import DomainError, NotFound
from webapp.models import Project


class Commands(click.Group):
    """Broken rules end a command with one sentence on standard error and exit code 1."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except DomainError as broken:
            raise click.ClickException(str(broken)) from None


class BadInput(click.ClickException):
    """What a command was given cannot be used: one sentence and exit code 2."""

    exit_code = 2


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="claimtag")
def main() -> None:
    """Judge news articles sentence by sentence: fact, attribution, speculation or opinion."""


def prepared_app() -> Flask:
    """The app over a database of the newest version."""
    app = create_app()
    serving.migrate(app)
    return app


def project_called(name: str | None) -> Project:
    project = visibility.project_named(name)
    if project is None:
        raise NotFound(f"There is no project called “{name}”." if name else "There is no project yet.")
    return project
