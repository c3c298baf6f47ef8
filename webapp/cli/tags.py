"""The command that brings in tags that were made elsewhere."""

import sys
from pathlib import Path

import click

from webapp.cli.apps import prepared_app, project_called
from webapp.cli.group import BadInput, main
from webapp.domain.errors import BadTags
from webapp.domain.tags_elsewhere import said_in, tags_by_label
from webapp.export.tags_import import align, bring_in
from webapp.first_run import ensure_first_things
from webapp.models import SHELL
from webapp.reruns import again


@main.command(name="import-tags")
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--project", "project_name", help="Name of the project; the first one if left out.")
@click.option(
    "--label",
    "labels",
    multiple=True,
    metavar="LABEL=TAG",
    help="Which tag a label of the file is; may be given again.",
)
@click.option("--preview", is_flag=True, help="Tell what would come in, and write nothing.")
def import_tags(path: Path, project_name: str | None, labels: tuple[str, ...], preview: bool) -> None:
    """Bring in tags from PATH: doccano's JSONL, Label Studio's JSON or CSV, a REFI-QDA project, a long CSV.

    Passages are found in the articles of the project by position and by their words. What fits comes into a closed
    round of its own, under people who cannot sign in; every row that does not is named with why.
    """
    app = prepared_app()
    with app.app_context():
        ensure_first_things()
        project = project_called(project_name)
        try:
            tags = tags_by_label(labels)
            found = align(project, said_in(path.name, path.read_bytes()), tags)
            for where, why in found.misfits:
                click.echo(f"{path}, {where}: {why}.", err=True)
            for label, count in sorted(found.labels.items()):
                click.echo(f"label “{label}”: {tags.get(label.strip().casefold()) or 'no tag'}, {count:,} times")
            told = f"{found.count:,} tags of {len(found.tags):,} people on {found.articles:,} articles"
            if preview:
                click.echo(f"{told} would come in; {len(found.misfits):,} rows do not fit.")
            else:
                came = again(bring_in, project, SHELL, found, path.name)
                click.echo(
                    f"{told} came in, as the round “{came.round_name}”; {len(found.misfits):,} rows did not fit."
                )
        except BadTags as refused:
            raise BadInput(str(refused)) from None
    sys.exit(0 if found.count else 1)
