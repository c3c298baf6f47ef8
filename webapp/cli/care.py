"""Commands that look after the data: proof, backups, and a look over everything."""

import os
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy.exc import SQLAlchemyError

from webapp import backups, doctor, passage_index, restoring, salvage, serving, standings, verification, word_index
from webapp.cli.apps import app_until_the_end
from webapp.cli.group import main
from webapp.config import command
from webapp.db import database_file
from webapp.domain.errors import DomainError
from webapp.reruns import again
from webapp.sqlite_file import is_damage, is_whole

LONG_AGO = datetime.min.replace(tzinfo=UTC)


@main.command()
def verify() -> None:
    """Prove every text, offset, hash, revision and reference of the database; list what is off.

    Of a damaged file it tells what can still be read.
    """
    app = app_until_the_end()
    with app.app_context():
        try:
            serving.migrate(app)
            faults = verification.faults()
            proved = "" if faults else verification.counts()
        except (SQLAlchemyError, sqlite3.Error) as error:
            if not is_damage(error):
                raise
            faults, proved = ["The database file is so damaged that it cannot be proved."], ""
        file = database_file()
    for fault in faults:
        click.echo(fault)
    if faults and file and not is_whole(file):
        click.echo(f"Still readable: {salvage.readable(file)}.")
        if newest := backups.newest(app.config["BACKUP_DIR"]):
            click.echo(f"The newest daily backup is {newest[0]}, as of {newest[1]:%Y-%m-%d %H:%M} UTC.")
    if faults:
        raise click.ClickException(
            f"Faults found: {len(faults)}. Put a backup in place with `{command('restore', 'FILE')}`, "
            "or ask for help with this list."
        )
    click.echo(f"All is well. Proved: {proved}.")


@main.command(name="recount")
def recount_() -> None:
    """Count anew whatever lists show counted, and index all words: what `verify` finds off there is right then."""
    app = app_until_the_end()
    with app.app_context():
        serving.migrate(app)
        again(standings.recount)
        again(word_index.make_anew)
        again(passage_index.make_anew)
    click.echo("Counted anew.")


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Write everything into one FILE, also while the server runs; it is proved before it gets its name.

    On PostgreSQL the file is a dump in pg_dump's custom format.
    """
    app = app_until_the_end()
    with app.app_context():
        holds = backups.back_up(file)
    click.echo(f"Backed up to {file}: {holds}.")


@main.command(name="daily-backup", hidden=True)
@click.option("--server-since", help="When the server began; a copy that its own start made stays.")
def daily_backup(server_since: str | None) -> None:
    """What the server starts once a day."""
    if hasattr(os, "nice"):
        os.nice(10)  # whoever saves comes first
    app = app_until_the_end()
    since = datetime.fromisoformat(server_since) if server_since else LONG_AGO
    with app.app_context():
        try:
            said = backups.make_daily(app.config["BACKUP_DIR"], since)
        except DomainError as refused:
            raise click.ClickException(f"No daily backup. {refused}") from None
    if said:
        click.echo(said)


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask first.")
def restore(file: Path, yes: bool) -> None:
    """Put a backup FILE in the place of the database, which moves aside; everybody has to sign in again.

    The server must be stopped. Refuses a damaged file and one of a newer version.
    """
    app = app_until_the_end()
    with app.app_context():
        database = database_file()
        target = database or app.config["DATABASE_URL"].rpartition("@")[2]
        if not yes:
            click.confirm(f"Put {file} in the place of {target}?", abort=True, err=True)
        if database:
            done = restoring.restore(file, database, Path(app.config["INSTANCE"]))
        else:
            done = restoring.restore_postgres(file)
    click.echo(f"Restored {file}: {done.holds}.")
    if database and not done.was_proved:
        click.echo(
            "The file carries no manifest. If it is a copy made by hand from a running server, its newest answers are "
            "missing; only backups are complete."
        )
    if done.migrated_from:
        click.echo(f"It was brought from schema {done.migrated_from} to the newest.")
    click.echo(f"Sessions ended: {done.sessions_ended}, open links: {done.links_ended}. Everybody signs in again.")
    if done.moved_to:
        click.echo(f"The database before is kept as {done.moved_to}, with its -wal and -shm where it had them.")


@main.command(name="doctor")
def doctor_() -> None:
    """Look over versions, settings, disk, database and backups; name each problem and its cure."""
    app = app_until_the_end()
    problems = 0
    with app.app_context():
        for finding in doctor.look(app.config):
            problems += finding.cure is not None
            click.echo(
                f"PROBLEM  {finding.what}. Cure: {finding.cure}." if finding.cure else f"ok       {finding.what}."
            )
    if problems:
        raise click.ClickException(f"Problems found: {problems}.")
    click.echo("All is sound.")
