"""The command that brings in a codebook as a draft."""

import sys
from pathlib import Path

import click

from webapp.cli.apps import prepared_app, project_called
from webapp.cli.group import BadInput, main
from webapp.codebooks import actions, queries
from webapp.domain.errors import BadCodebook
from webapp.first_run import ensure_first_things
from webapp.models import Actor, Via


@main.command(name="import-codebook")
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--project", "project_name", help="Name of the project; the first one if left out.")
def import_codebook(path: Path, project_name: str | None) -> None:
    """Make a draft of a project's next codebook from PATH: Markdown as a package holds it, or REFI-QDA (.qdc).

    Texts, rules and descriptions of the four tags come in, in place of a draft that is there; what does not fit is
    named with why. On the page of the codebook a supervisor looks at what differs, and publishes it.
    """
    app = prepared_app()
    with app.app_context():
        owner = ensure_first_things()
        project = project_called(project_name)
        draft = queries.draft_of(project)
        by = Actor(owner.id, owner.name, owner.is_admin, {}, Via.SHELL)
        try:
            found = actions.bring_in(project, path.name, path.read_bytes(), draft.version if draft else 0, by)
        except BadCodebook as refused:
            raise BadInput(str(refused)) from None
        for what, why in found.misfits:
            click.echo(f"{path}, {what}: {why}.", err=True)
        if found.differs:
            click.echo(f"{path}: a draft of the next codebook of “{project.name}”; look at it there and publish it.")
        else:
            click.echo(f"{path}: it says what the newest codebook of “{project.name}” says; there is no draft of it.")
    sys.exit(0 if found.differs else 1)
