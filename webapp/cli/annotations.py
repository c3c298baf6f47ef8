"""The command that brings articles in."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from webapp.articles import actions as articles
from webapp.cli.apps import prepared_app, project_called
from webapp.cli.group import encoding_option, main
from webapp.domain.intake import formats
from webapp.first_run import ensure_first_things


@main.command(name="import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--project", "project_name", help="Name of the project; the first one if left out.")
@encoding_option
def import_(paths: tuple[Path, ...], project_name: str | None, encoding: str | None) -> None:
    """Import PATHS: txt, html, docx, csv and jsonl files, or folders of them.

    One line a file; a bad one is named, and the rest goes on. Columns of tables are taken for what
    their names say. A file that is not UTF-8 and does not say what it is waits to be looked at.
    """
    app = prepared_app()
    failed: list[str] = []
    with app.app_context():
        owner = ensure_first_things()
        project = project_called(project_name)
        found = _files(paths)
        # A bar only where somebody looks at it: lines of a log are for programs.
        with click.progressbar(length=len(found), label="Importing", file=sys.stderr) as bar:
            hidden = not sys.stderr.isatty()

            def report(name: str, article_id: int | None, outcome: str) -> None:
                if article_id is None:
                    failed.append(name)
                    click.echo(f"{name}: {outcome}", err=True)
                elif hidden:
                    click.echo(f"{name}: article {article_id}, {outcome}")
                bar.update(1)

            articles.import_files(project, owner, _contents(found, report), report, encoding)
    sys.exit(1 if failed else 0)


def _files(paths: tuple[Path, ...]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(p for p in path.rglob("*") if p.is_file() and formats.media_type_of(p.name))
        else:
            found.append(path)
    return found


def _contents(paths: list[Path], report: articles.Report) -> Iterator[tuple[str, bytes]]:
    for path in paths:
        try:
            yield str(path), path.read_bytes()
        except OSError as refused:
            report(str(path), None, f"{refused.strerror}.")
