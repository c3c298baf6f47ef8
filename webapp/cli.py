"""The command line: each command parses, calls one action and prints what came of it."""

import json
import socket
import sys
import tempfile
import threading
import webbrowser
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import click
from flask import Flask

from webapp import __version__, demo, serving, verification, visibility
from webapp.accounts import actions as accounts
from webapp.accounts import queries as people
from webapp.adjudication.actions import export_gold_csv
from webapp.app import create_app
from webapp.articles import actions as articles
from webapp.articles import queries as article_queries
from webapp.config import base_url
from webapp.db import db
from webapp.domain import agreement, files, intake
from webapp.domain.agreement.alpha import Level
from webapp.domain.errors import DomainError, NotFound
from webapp.domain.segmentation import split
from webapp.export.actions import export_long_csv
from webapp.first_run import ensure_first_things
from webapp.models import Project, Role, User
from webapp.projects import actions as projects
from webapp.worker import start_watched, work

DEFAULT_PORT = 8765


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


# ---- the server


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=DEFAULT_PORT, show_default=True, help="Port, or the next free one.")
@click.option("--no-browser", is_flag=True, help="Print the sign-in link and open nothing.")
def serve(host: str, port: int, no_browser: bool) -> None:
    """Start the server and open it in the browser, signed in."""
    app = prepared_app()
    with app.app_context():
        owner = ensure_first_things()
        alone = serving.is_loopback(host)
        if not alone and not people.somebody_has_a_password():
            raise click.ClickException(
                f"Others can reach {host}, so an account with a password must exist first: "
                f"claimtag user password “{owner.name}”"
            )
        listener = _listener(app, host, port)
        link = sign_in_link(app, owner)
    click.echo(f"Claimtag is ready. This link signs {owner.name} in, once, within 15 minutes:\n\n    {link}\n")
    click.echo("Ctrl+C stops it; `claimtag link` prints another link.")
    sys.stdout.flush()
    if not no_browser:
        threading.Timer(0.2, webbrowser.open, [link]).start()
    start_watched()
    serving.serve_forever(app, listener)


def _listener(app: Flask, host: str, port: int) -> socket.socket:
    """A listening socket on the port, or the next free one, and the app told where that is."""
    try:
        listener, is_wanted = serving.bound_socket(host, port)
    except OSError as refused:
        raise click.ClickException(f"Cannot listen on {host}:{port}: {refused.strerror or refused}.") from None
    bound = listener.getsockname()[1]
    if not is_wanted and port:
        click.echo(f"Port {port} is taken, so this is port {bound}.")
    app.config["SERVED_AT"] = f"http://{_reachable(host)}:{bound}"
    return listener


@main.command(name="demo")
@click.option("--port", default=DEFAULT_PORT, show_default=True, help="Port, or the next free one.")
@click.option("--no-browser", is_flag=True, help="Print the sign-in links and open nothing.")
def demo_(port: int, no_browser: bool) -> None:
    """Serve a made-up project, with four analysts' tags, from a database that is thrown away at the end."""
    with tempfile.TemporaryDirectory(prefix="claimtag-demo-", ignore_cleanup_errors=True) as folder:
        app = create_app(Path(folder), demo.settings(Path(folder)))
        serving.migrate(app)
        with app.app_context():
            supervisor = demo.fill()
            listener = _listener(app, "127.0.0.1", port)
            link = f"{base_url(app.config)}/sign-in/{accounts.new_link(supervisor)}?next={demo.START}"
            analyst = people.user_named(demo.ANALYSTS[0].name)
            other = f"{base_url(app.config)}/sign-in/{accounts.new_link(analyst)}"
            db.session.remove()
        click.echo(f"The demo is ready. This link signs its supervisor in, once, within 15 minutes:\n\n    {link}\n")
        click.echo(f"To see it as an analyst does, in another browser: {other}")
        click.echo("Ctrl+C stops it and throws everything away.")
        sys.stdout.flush()
        if not no_browser:
            threading.Timer(0.2, webbrowser.open, [link]).start()
        threading.Thread(target=work, args=(app, False), daemon=True).start()
        serving.serve_forever(app, listener)


def prepared_app() -> Flask:
    """The app over a database of the newest version."""
    app = create_app()
    serving.migrate(app)
    return app


def sign_in_link(app: Flask, user: User) -> str:
    """A fresh one-time link that leads to the article to go on with."""
    address = f"{base_url(app.config)}/sign-in/{accounts.new_link(user)}"
    next_row = article_queries.next_row(article_queries.article_rows(user))
    return f"{address}?next=/articles/{next_row.article.id}" if next_row else address


def _reachable(host: str) -> str:
    if host in ("0.0.0.0", "::"):
        return "localhost"
    return f"[{host}]" if ":" in host else host


@main.command()
@click.argument("user", required=False)
@click.option("--host", default="127.0.0.1", show_default=True, help="Host the server listens on.")
@click.option("--port", default=DEFAULT_PORT, show_default=True, help="Port the server listens on.")
def link(user: str | None, host: str, port: int) -> None:
    """Print a one-time sign-in link for USER, or for the person who set the app up."""
    app = prepared_app()
    with app.app_context():
        person = people.user_named(user) if user else people.first_user() or ensure_first_things()
        app.config["SERVED_AT"] = f"http://{_reachable(host)}:{port}"
        click.echo(sign_in_link(app, person))


# ---- articles in, annotations out


@main.command(name="import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--project", "project_name", help="Name of the project; the first one if left out.")
def import_(paths: tuple[Path, ...], project_name: str | None) -> None:
    """Import txt, html, docx, csv and jsonl files, or folders of them.

    One line a file; a bad one is named, and the rest goes on. Columns of tables are taken for what
    their names say.
    """
    app = prepared_app()
    failed: list[str] = []
    with app.app_context():
        owner = ensure_first_things()
        project = _project(project_name)
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

            articles.import_files(project, owner, _contents(found, report), report)
    sys.exit(1 if failed else 0)


def _files(paths: tuple[Path, ...]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(p for p in path.rglob("*") if p.is_file() and files.media_type_of(p.name))
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
@click.option("--until-closed", is_flag=True, help="Stop when standard input closes.")
def worker(until_closed: bool) -> None:
    """Do long work, such as imports, until stopped. `serve` starts one by itself."""
    work(create_app(), until_closed)


def _project(name: str | None) -> Project:
    project = visibility.project_named(name)
    if project is None:
        raise NotFound(f"There is no project called “{name}”." if name else "There is no project yet.")
    return project


@main.command()
@click.option("--project", "project_name", help="Name of the project; the first one if left out.")
@click.option("--shape", type=click.Choice(["long", "gold"]), default="long", show_default=True)
@click.option("--format", type=click.Choice(["csv"]), default="csv", show_default=True, expose_value=False)
@click.option("--unanswered", is_flag=True, help="Also a row for each sentence without an answer.")
@click.option("--bom", is_flag=True, help="Begin with a byte order mark, for Excel.")
@click.option("--guard", is_flag=True, help="Put an apostrophe before cells a spreadsheet would run as formulas.")
@click.option(
    "-o", "--output", type=click.File("wb", lazy=True), default="-", help="File; standard output if left out."
)
def export(
    project_name: str | None,
    shape: str,
    unanswered: bool,
    bom: bool,
    guard: bool,
    output: IO[bytes],
) -> None:
    """Write a project's annotations, or the settled tags (gold), as the web page does."""
    if shape == "gold" and unanswered:
        raise click.UsageError("--unanswered belongs to the long shape; gold has a row for each settled sentence.")
    app = prepared_app()
    with app.app_context():
        ensure_first_things()
        project = _project(project_name)
        if shape == "gold":
            parts = export_gold_csv(project, None, bom=bom, guard=guard)
        else:
            parts = export_long_csv(project, None, unanswered=unanswered, bom=bom, guard=guard)
        for part in parts:
            output.write(part.encode())


# ---- texts and tables without a project


@main.command(name="split")
@click.argument("file", type=click.File("rb"), default="-")
@click.option("--jsonl", is_flag=True, help='One {"text": …} a line in, one {"spans": [[start, end], …]} a line out.')
def split_(file: IO[bytes], jsonl: bool) -> None:
    """Split FILE, or standard input, into sentences: one a line, with its offsets in code points."""
    if jsonl:
        sys.exit(1 if _split_lines(file) else 0)
    text = intake.decoded(file.read(), largest=None).text
    for span in split(text):
        click.echo(f"{span.start}\t{span.end}\t{' '.join(text[span.start : span.end].split())}")


def _split_lines(file: IO[bytes]) -> int:
    """Answer line by line, each answer flushed; returns how many lines were refused."""
    refused = 0
    for line in file:
        try:
            text = json.loads(line)["text"]
            if not isinstance(text, str):
                raise TypeError
            answer: dict[str, Any] = {"spans": [[span.start, span.end] for span in split(text)]}
        except (ValueError, KeyError, TypeError, RecursionError):
            refused += 1
            answer = {"error": 'This line is no JSON object with a string "text".'}
        click.echo(json.dumps(answer))
        sys.stdout.flush()
    return refused


@main.command(name="agreement")
@click.argument("file", type=click.File("rb"))
@click.option("--unit", help="Column of what was rated; `sentence_id` if left out.")
@click.option("--coder", help="Column of who rated; `coder_id` if left out.")
@click.option("--value", help="Column of the rating; `tag` if left out.")
@click.option("--categories", help="The possible ratings, joined by commas; in their order for --level ordinal.")
@click.option("--level", type=click.Choice(["nominal", "ordinal"]), default="nominal", show_default=True)
@click.option("--cluster", help="Column of what is resampled whole for the interval, such as the article.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object in place of the table.")
def agreement_(
    file: IO[bytes],
    unit: str | None,
    coder: str | None,
    value: str | None,
    categories: str | None,
    level: Level,
    cluster: str | None,
    as_json: bool,
) -> None:
    """How far raters agree in FILE, a CSV in long form: one row for each unit and rater. Empty cells are gaps."""
    named = [name.strip() for name in categories.split(",")] if categories else None
    try:
        table = agreement.read(file.read(), unit, coder, value, named, cluster, level)
    except agreement.BadTable as refused:
        raise BadInput(str(refused)) from None
    found = agreement.report(table.ratings, table.categories, level, table.clusters)
    if as_json:
        aside = table.aside.as_json() if table.aside else None
        click.echo(json.dumps(found.as_json() | {"reading": agreement.reading(found), "set_aside": aside}, indent=2))
    else:
        click.echo(agreement.as_text(found, table.aside, table.aside_value))


@main.command()
def verify() -> None:
    """Prove every text, offset, hash, revision and reference of the database; list what is off."""
    app = prepared_app()
    with app.app_context():
        faults, proved = verification.faults(), verification.counts()
        for fault in faults:
            click.echo(fault)
    if faults:
        raise click.ClickException(f"Faults found: {len(faults)}. Restore a backup, or ask for help with this list.")
    click.echo(f"All is well. Proved: {proved}.")


# ---- people


@main.group()
def user() -> None:
    """People: add, password, list."""


@user.command(name="add")
@click.argument("name")
@click.option("--admin", is_flag=True, help="May manage people and projects.")
@click.option("--role", "roles", multiple=True, type=click.Choice([role.value for role in Role]))
def user_add(name: str, admin: bool, roles: tuple[str, ...]) -> None:
    """Add a person to the first project, as an analyst unless roles are named."""
    app = prepared_app()
    with app.app_context():
        ensure_first_things()
        person = accounts.add_user(name, is_admin=admin)
        project = _project(None)
        held = {Role(role) for role in roles} or {Role.ANALYST}
        member = projects.add_member(project, person, held)
        click.echo(f"Added {person.name}, {member.coder_code} in “{project.name}”.")
        click.echo("With this link the person sets a password, once, within a day:")
        click.echo(f"{base_url(app.config)}/invitation/{accounts.new_invitation(person, None)}")


@user.command(name="deactivate")
@click.argument("name")
def user_deactivate(name: str) -> None:
    """Deactivate a person; their work stays."""
    app = prepared_app()
    with app.app_context():
        ensure_first_things()
        person = people.user_named(name)
        accounts.set_active(person, False, None)
        click.echo(f"{person.name} is deactivated.")


@user.command(name="password")
@click.argument("name")
@click.password_option(help="Asked for when left out.")
def user_password(name: str, password: str) -> None:
    """Set a person's password and end the person's sessions."""
    app = prepared_app()
    with app.app_context():
        ensure_first_things()
        person = people.user_named(name)
        accounts.set_password(person, password)
        click.echo(f"The password of {person.name} is set.")


@user.command(name="list")
def user_list() -> None:
    """List the people."""
    app = prepared_app()
    with app.app_context():
        ensure_first_things()
        for person in people.all_users():
            marks = ["admin"] * person.is_admin + ["deactivated"] * (not person.is_active)
            click.echo("\t".join([person.name, *marks]))
