"""A look over the whole installation: versions, settings, disk, database, backups; each problem with its cure."""

import os
import platform
import shutil
import sqlite3
import stat
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path

from flask import Config
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from webapp import __version__, backups, faults, postgres_dump, schema, server_lock, word_index
from webapp.config import command
from webapp.db import database_file, db, now
from webapp.domain.errors import DomainError
from webapp.sqlite_file import is_whole, open_for_reading, restoring, size_of, with_companions

OLD_BACKUP = timedelta(days=3)
RIGHTS = "give the account that runs Claimtag the right to read and write the data folder and the files in it"
WAL_RESET_FIXED = (3, 51, 3)


@dataclass(frozen=True)
class Finding:
    """One thing looked at; `cure` says what to do and stands where something is wrong."""

    what: str
    cure: str | None = None


def look(config: Config) -> Iterator[Finding]:
    """Everything looked at, one after the other; what is wrong with one does not keep the rest from being told."""
    database = database_file()
    parts = [_postgres()] if database is None else [_rights(database), _sqlite(database), _disk(database)]
    for part in (_versions(), _settings(config), *parts, _backups(config["BACKUP_DIR"], database)):
        try:
            yield from part
        except OSError as error:
            yield Finding(str(faults.sentence(error) or error).removesuffix("."), RIGHTS)


def _versions() -> Iterator[Finding]:
    packages = ", ".join(f"{name} {version(name)}" for name in ("flask", "sqlalchemy", "waitress"))
    yield Finding(f"Claimtag {__version__}, Python {platform.python_version()} on {platform.system()}, {packages}")
    note = (
        ""
        if sqlite3.sqlite_version_info >= WAL_RESET_FIXED
        else (
            "; before 3.51.3 it has a rare bug that can damage a file that two processes write at once, so keep backups"
        )
    )
    yield Finding(f"SQLite {sqlite3.sqlite_version}{note}")


def _settings(config: Config) -> Iterator[Finding]:
    instance = Path(config["INSTANCE"])
    yield Finding(f"Data folder {instance}")
    yield Finding(f"Database {make_url(config['DATABASE_URL']).render_as_string()}")
    key = instance / "secret_key"
    if sys.platform != "win32" and key.exists() and stat.S_IMODE(key.stat().st_mode) & 0o077:
        yield Finding(f"{key} can be read by others", f"chmod 600 {key}")


def _rights(database: Path) -> Iterator[Finding]:
    for place in (database.parent, *with_companions(database)):
        if place.exists() and not os.access(place, os.R_OK | os.W_OK):
            yield Finding(f"{place} cannot be read and written by this account", RIGHTS)


def _sqlite(database: Path) -> Iterator[Finding]:
    if not database.exists():
        if restoring(database).exists():
            yield Finding("A restore was interrupted, and the database is missing", "restore the backup once more")
        elif with_companions(database)[1].exists():
            yield Finding(f"{database} is missing, its -wal is there", "put the file back beside its -wal")
        else:
            yield Finding(f"No database yet at {database}; the first start makes it")
        return
    holder = server_lock.in_use(database)
    yield Finding(f"In use by {holder}" if holder else "No server runs on the database")
    try:
        if not is_whole(database):
            yield Finding("The database file is damaged", f"{command('verify')}, then {command('restore', 'FILE')}")
            return
        yield Finding(f"SQLite reads the whole file, {size_of(database) / 1_000_000:,.1f} MB with its newest changes")
        with closing(open_for_reading(database)) as opened:
            found = [row[0] for row in opened.execute("SELECT version_num FROM alembic_version")]
    except sqlite3.Error as error:
        yield Finding(str(faults.sentence(error) or error).removesuffix("."), RIGHTS)
        return
    yield _schema(found[0] if found else None)
    yield Finding(
        f"Copying {database.name} by hand while the server runs gives an incomplete copy that looks whole; "
        f"{command('backup', 'FILE')} gives a complete one"
    )


def _schema(found: str | None) -> Finding:
    if found == schema.newest():
        return Finding(f"Schema {found}, the newest")
    if found in schema.known():
        return Finding(f"Schema {found}; the next start brings it to {schema.newest()}")
    return Finding(f"Schema {found} is of a newer Claimtag", "install the newer Claimtag, or restore an older backup")


def _postgres() -> Iterator[Finding]:
    try:
        with db.engine.connect() as connection:
            found = schema.version_of(connection)
            yield _schema(found)
            if found == schema.newest():
                yield _trigrams(has_them=word_index.has_parts(connection))
    except SQLAlchemyError as error:
        yield Finding(
            str(faults.sentence(error) or error).removesuffix("."), "start PostgreSQL, or correct CLAIMTAG_DATABASE_URL"
        )
    except DomainError as newer:
        yield Finding(str(newer), "install the newer Claimtag")
    if missing := postgres_dump.why_not():
        yield Finding("pg_dump is missing, so there are no backups", missing)


def _trigrams(*, has_them: bool) -> Finding:
    if has_them:
        return Finding("pg_trgm is there: titles and names of sources are found by parts of words, too")
    return Finding(
        "pg_trgm is not there: titles and names of sources are found by whole words alone; once an administrator of "
        "the server ran CREATE EXTENSION pg_trgm in this database, in a schema of its search path, "
        f"{command('recount')} takes it up"
    )


def _disk(database: Path) -> Iterator[Finding]:
    free, size = shutil.disk_usage(database.parent).free, size_of(database)
    told = f"{free / 1_000_000:,.0f} MB free beside the database"
    yield Finding(told, "make room: daily backups need twice the database's size" if free < 2 * size else None)
    copies = backups.copies_before_migration(database)
    aside = [file for file in database.parent.glob(f"{database.name}.replaced-*") if not file.name.endswith("-shm")]
    for noun, files in (("copies from before a migration", copies), ("databases moved aside by a restore", aside)):
        if files:
            yield Finding(f"{len(files)} {noun}, {sum(file.stat().st_size for file in files) / 1_000_000:,.1f} MB")


def _backups(folder: Path, database: Path | None) -> Iterator[Finding]:
    newest = backups.newest(folder)
    if newest is None:
        is_young = database is None or not database.exists() or _age(database) < OLD_BACKUP
        cure = None if is_young else f"{command('backup', 'FILE')}; while the server runs it makes one every day"
        yield Finding(f"No daily backup in {folder} yet", cure)
        return
    file, as_of = newest
    age = now() - as_of
    is_old = age > OLD_BACKUP and (database is None or backups.touched(database) > as_of)
    yield Finding(
        f"Newest daily backup {file}, as of {as_of:%Y-%m-%d %H:%M} UTC ({age.days} days ago), "
        f"{len(backups.kept_in(folder))} in all",
        f"look into the server's log, or {command('backup', 'FILE')}" if is_old else None,
    )
    if in_the_way := backups.why_not(folder):
        yield Finding("The next daily backup will not be made", in_the_way)


def _age(database: Path) -> timedelta:
    """Since the first thing that was put on record in it."""
    try:
        with closing(open_for_reading(database)) as opened:
            (first,) = opened.execute("SELECT min(created_at) FROM user").fetchone()
    except sqlite3.Error:
        return timedelta(0)
    return now() - backups.utc(first) if first else timedelta(0)
