"""The command that takes a project away, in one of its shapes or as a package, and checks a package."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import click

from webapp.cli.apps import prepared_app, progress, project_called
from webapp.cli.group import main
from webapp.domain.errors import BadExport
from webapp.domain.package_check import PackageFile
from webapp.export.actions import export_package
from webapp.export.choices import EVERYTHING, Choices
from webapp.export.shapes import HISTORY, SHAPES, WHOLE, Part
from webapp.export.taking import FORMATS, Asked, take
from webapp.first_run import ensure_first_things
from webapp.ids import LARGEST_ID
from webapp.models import SHELL, Project

PACKAGE, ZIP = "package", "zip"
STDOUT = "-"


@main.command()
@click.option("--project", "project_name", help="Name of the project; the first one if left out.")
@click.option(
    "--shape",
    type=click.Choice([*SHAPES, PACKAGE]),
    default="long",
    show_default=True,
    help="What a row is; a package is all of them, with texts and records.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice([*FORMATS, ZIP]),
    help="How the file is written; CSV if left out, a package is a ZIP.",
)
@click.option("--history", is_flag=True, help="Of answers a row for each event: every revision, handing in, returning.")
@click.option("--unanswered", is_flag=True, help="Also a row for each sentence without an answer.")
@click.option("--round", "round_name", help="Only this round; all if left out, in gold and wide the running one.")
@click.option(
    "--pass",
    "number_of_pass",
    type=click.IntRange(1, LARGEST_ID),
    help="Only this pass; all if left out, in wide the first.",
)
@click.option("--article", "articles", multiple=True, metavar="NUMBER", help="Only this article; may be given again.")
@click.option("--outlet", "outlets", multiple=True, help="Only articles of this outlet; may be given again.")
@click.option("--analyst", "analysts", multiple=True, metavar="CODE", help="Only this analyst; may be given again.")
@click.option("--since", default="", help="Only articles published on this day, month or year, or later.")
@click.option("--until", default="", help="Only those published then, or earlier.")
@click.option("--submitted", is_flag=True, help="Only answers on articles that were handed in.")
@click.option("--no-text", is_flag=True, help="Without the words of articles; offsets and hashes stay.")
@click.option("--no-notes", is_flag=True, help="Without notes and reasons.")
@click.option("--fresh-codes", is_flag=True, help="People under codes drawn for this file alone.")
@click.option("--names", is_flag=True, help="With the names of people, in a column of their own; goes on record.")
@click.option("--no-copies", is_flag=True, help="Of a package: without the copies that people uploaded as evidence.")
@click.option("--bom", is_flag=True, help="Begin with a byte order mark, for Excel.")
@click.option("--guard", is_flag=True, help="Put an apostrophe before cells a spreadsheet would run as formulas.")
@click.option("-o", "--output", default=STDOUT, help="File; standard output if left out.")
@click.option(
    "--check",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Count and hash this package anew instead; the first difference is told in a sentence.",
)
def export(
    project_name: str | None,
    shape: str,
    format_: str | None,
    history: bool,
    unanswered: bool,
    round_name: str | None,
    number_of_pass: int | None,
    bom: bool,
    guard: bool,
    output: str,
    check: Path | None,
    no_copies: bool,
    **choices: Any,
) -> None:
    """Write what a project holds: annotations, settled tags (gold), analysts × sentences (wide), sources, claims,
    evidence and more, or all of it as a package.
    """
    if check:
        _check(check)
        return
    if history and shape != "long":
        raise click.UsageError("--history belongs to the long shape.")
    shape = HISTORY if history else shape
    chosen = Choices(**choices)
    part = Part(round_name, number_of_pass, unanswered=unanswered, bom=bom, guard=guard)
    if shape == PACKAGE and (part != WHOLE or chosen != EVERYTHING):
        raise click.UsageError("A package is the whole project, exact: there is nothing to choose but --no-copies.")
    if no_copies and shape != PACKAGE:
        raise click.UsageError("Copies are in packages alone.")
    if format_ and (format_ == ZIP) != (shape == PACKAGE):
        raise click.UsageError("A package is a ZIP, and no other shape is one.")
    asked = Asked(shape, format_ or "csv", part, chosen)
    if shape != PACKAGE:
        try:
            asked.require_fitting()
        except BadExport as fault:
            raise click.UsageError(str(fault)) from None
    app = prepared_app()
    with app.app_context():
        ensure_first_things()
        project = project_called(project_name)
        if shape == PACKAGE:
            _package(project, output, copies=not no_copies)
        else:
            _write(project, asked, output)


def _write(project: Project, asked: Asked, output: str) -> None:
    taken = take(project, SHELL, asked)
    if taken.pieces:
        with _written_to(output) as file:
            file.writelines(taken.pieces)
    elif taken.fill:
        with _whole(output) as file:
            taken.fill(file)


def _package(project: Project, output: str, *, copies: bool) -> None:
    with _whole(output) as file, progress("Packing") as report:
        written = export_package(project, SHELL, file, report, copies=copies)
    rows = sum(written.rows.values())
    told = (
        f"{written.number_of_files:,} files, {len(written.rows):,} tables with {rows:,} rows. Digest of {written.id}:"
    )
    click.echo(f"{told} {written.digest}", err=output == STDOUT)


@contextmanager
def _whole(output: str) -> Iterator[IO[bytes]]:
    """A file that goes to its place when it is whole, so that there never is a part of one that looks so."""
    if output != STDOUT:
        with _part_of(Path(output)) as file:
            yield file
        return
    with tempfile.TemporaryFile() as file:
        yield file
        file.seek(0)
        with click.open_file(STDOUT, "wb") as out:
            shutil.copyfileobj(file, out)


@contextmanager
def _part_of(path: Path) -> Iterator[IO[bytes]]:
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as file:
            yield file
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _written_to(output: str) -> Iterator[IO[bytes]]:
    if output == STDOUT:
        with click.open_file(STDOUT, "wb") as file:
            yield file
    else:
        with _part_of(Path(output)) as file:
            yield file


def _check(path: Path) -> None:
    with progress("Checking") as report, PackageFile(path, report) as package:
        click.echo(f"{path}: {package.checked}")
