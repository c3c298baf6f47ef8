"""Commands that bring articles in, take annotations out, and prove the database."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import click

from webapp.articles import actions as articles
from webapp.cli.apps import prepared_app, project_called
from webapp.cli.group import encoding_option, main
from webapp.domain.intake import formats
from webapp.export.actions import (
    OF_PROJECT,
    export_csv_of,
    export_gold_csv,
    export_long_csv,
    export_wide_csv,
)
from webapp.first_run import ensure_first_things
from webapp.ids import LARGEST_ID
from webapp.models import SHELL
from webapp.review.filters import filter_from
from webapp.review.queries import choices_in, coders_of


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


@main.command()
@click.option("--project", "project_name", help="Name of the project; the first one if left out.")
@click.option(
    "--shape",
    type=click.Choice(["long", "gold", "wide", *OF_PROJECT]),
    default="long",
    show_default=True,
    help="What a row is.",
)
@click.option(
    "--format",
    type=click.Choice(["csv"]),
    default="csv",
    show_default=True,
    expose_value=False,
    help="How the file is written.",
)
@click.option("--unanswered", is_flag=True, help="Also a row for each sentence without an answer.")
@click.option("--round", "round_name", help="Only this round; all if left out, in gold and wide the running one.")
@click.option(
    "--pass",
    "number_of_pass",
    type=click.IntRange(1, LARGEST_ID),
    help="Only this pass; all if left out, in wide the first.",
)
@click.option("--bom", is_flag=True, help="Begin with a byte order mark, for Excel.")
@click.option("--guard", is_flag=True, help="Put an apostrophe before cells a spreadsheet would run as formulas.")
@click.option(
    "-o", "--output", type=click.File("wb", lazy=True), default="-", help="File; standard output if left out."
)
def export(
    project_name: str | None,
    shape: str,
    unanswered: bool,
    round_name: str | None,
    number_of_pass: int | None,
    bom: bool,
    guard: bool,
    output: IO[bytes],
) -> None:
    """Write a project's annotations, settled tags (gold), analysts × sentences (wide), sources, claims or evidence."""
    if shape != "long" and unanswered:
        raise click.UsageError("--unanswered belongs to the long shape.")
    if shape == "gold" and number_of_pass:
        raise click.UsageError("--pass does not go with gold, which is settled once for a round.")
    if shape in OF_PROJECT and (round_name or number_of_pass):
        raise click.UsageError("--round and --pass do not go with sources and claims, which are the whole project's.")
    app = prepared_app()
    with app.app_context():
        ensure_first_things()
        project = project_called(project_name)
        if shape == "gold":
            parts = export_gold_csv(project, SHELL, round_name, bom=bom, guard=guard)
        elif shape == "wide":
            coders = coders_of(project)
            asked_for = {"round": [round_name or ""], "pass": [str(number_of_pass or "")]}
            wanted = filter_from(asked_for, choices_in(project, coders, names=False))
            parts = export_wide_csv(project, SHELL, wanted, coders, bom=bom, guard=guard)
        elif shape in OF_PROJECT:
            parts = export_csv_of(shape, project, SHELL, bom=bom, guard=guard)
        else:
            asked = {"unanswered": unanswered, "bom": bom, "guard": guard}
            parts = export_long_csv(project, SHELL, round_name, number_of_pass, **asked)
        for part in parts:
            output.write(part.encode())
