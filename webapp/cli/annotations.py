"""The command that brings articles in."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from webapp.articles import actions as articles
from webapp.cli.apps import prepared_app, progress, project_called
from webapp.cli.group import encoding_option, main
from webapp.domain.errors import BadProject
from webapp.domain.intake import formats
from webapp.domain.package_check import PackageFile
from webapp.export.package_merge import look_at, merge, who_is_who
from webapp.export.project_import import copies_elsewhere, import_package
from webapp.first_run import ensure_first_things
from webapp.models import SHELL
from webapp.reruns import again


@main.command(name="import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--project",
    "project_name",
    help="Name of the project; the first one if left out. Of a package: what the project it makes is to be called.",
)
@click.option("--into", metavar="PROJECT", help="Merge the package into this project, in place of making one of it.")
@click.option(
    "--same",
    multiple=True,
    metavar="CODE=CODE",
    help="Who of the package is who in the project, by their codes; may be given again. Goes with --into.",
)
@click.option("--preview", is_flag=True, help="Tell what a merge would come to, and write nothing. Goes with --into.")
@encoding_option
def import_(
    paths: tuple[Path, ...],
    project_name: str | None,
    into: str | None,
    same: tuple[str, ...],
    preview: bool,
    encoding: str | None,
) -> None:
    """Import PATHS: txt, html, docx, pdf, csv and jsonl files, or folders of them; or one package, a zip file.

    One line a file; a bad one is named, and the rest goes on. Columns of tables are taken for what
    their names say. A file that is not UTF-8 and does not say what it is waits to be looked at.

    Of a package a project is made anew: all of it, or nothing. Its people cannot sign in. With --into it is merged:
    what is new comes in, what is here stays as it is, and a report tells what is new, the same, and different.
    """
    if into is None and (same or preview):
        raise click.UsageError("--same and --preview go with --into, which merges a package.")
    if any(path.suffix.lower() == PACKAGE for path in paths):
        if len(paths) > 1:
            raise click.UsageError("A package comes alone: it makes a project of its own.")
        if into is None:
            _import_package(paths[0], project_name)
        else:
            _merge_package(paths[0], into, who_is_who(same), preview)
        return
    if into is not None:
        raise click.UsageError("--into merges a package, a zip file; --project says where articles go.")
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


PACKAGE = ".zip"


def _import_package(path: Path, name: str | None) -> None:
    with progress("Checking") as report, PackageFile(path, report) as package:
        app = prepared_app()
        with app.app_context():
            owner = ensure_first_things()
            with progress("Importing") as report_rows:
                try:
                    came = again(import_package, package, SHELL, owner.id, name, report_rows)
                except BadProject as taken:
                    raise BadProject(f"{taken} --project says which, and --into merges.") from None
            held = f"articles {came.articles:,}, revisions of answers {came.answers:,}"
            click.echo(f"{path}: project “{came.name}”, {held}. {package.digest}")
            click.echo(f"{owner.name} supervises it. These cannot sign in: {', '.join(came.people) or 'nobody'}.")
            if came.copies_elsewhere:
                click.echo(copies_elsewhere(came.copies_elsewhere), err=True)
            if came.drawn_anew:
                click.echo("Sources, claims and work have new ids: this database has some of those already.", err=True)


def _merge_package(path: Path, into: str, same: dict[str, str], preview: bool) -> None:
    with progress("Checking") as report, PackageFile(path, report) as package:
        app = prepared_app()
        with app.app_context():
            ensure_first_things()
            project = project_called(into)
            people: tuple[str, ...] = ()
            with progress("Comparing" if preview else "Merging") as report_rows:
                if preview:
                    found = look_at(package, project, same, report_rows)
                else:
                    done = again(merge, package, project, SHELL, same, report_rows)
                    found, people = done.report, done.people
            for line in found.lines():
                click.echo(line)
            told = f"{found.new:,} rows new, {found.same:,} the same, {found.different:,} different, "
            told += f"{found.stays_out:,} left out"
            done_so = "Nothing is written yet." if preview else package.digest
            click.echo(f"{path}: {told}, in project “{found.project}”. {done_so}")
            if people:
                click.echo(f"These cannot sign in: {', '.join(people)}.")


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
