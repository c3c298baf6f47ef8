"""Backups: one file that holds everything, says what it holds, and can be checked by itself."""

import hashlib
import json
import logging
import os
import re
import shutil
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from webapp import __version__, postgres_dump, schema, verification, word_index
from webapp.config import command
from webapp.db import database_file, db, now
from webapp.domain.errors import BadBackup, DomainError
from webapp.sqlite_file import (
    copy_database,
    is_damage,
    is_whole,
    open_for_reading,
    put_in_place,
    size_of,
    with_companions,
)

log = logging.getLogger(__name__)

MANIFEST = "backup_manifest"
"""The table in a backup that says what it holds; a restored database has none."""
NAME = re.compile(r"claimtag-(\d{8}T\d{6}Z)\.backup")
MOMENT = "%Y%m%dT%H%M%SZ"
DAYS, WEEKS = 7, 4
"""Of how many days, and of how many weeks, the newest backup is kept."""
EVERY = timedelta(hours=23)
STATE = "postgres.changes"
"""Beside the dumps of a PostgreSQL database: what it had counted of changes at the newest one."""


@dataclass(frozen=True)
class Manifest:
    """What a backup holds: of each table the number of rows and a hash over all of them."""

    made_at: str
    claimtag: str
    schema: str
    tables: dict[str, list[Any]]
    definitions: str
    """A hash over the definitions of all tables, indexes and triggers."""

    @property
    def rows(self) -> dict[str, int]:
        return {name: rows for name, (rows, _) in self.tables.items()}

    def holds_the_same_as(self, other: "Manifest") -> bool:
        return (self.tables, self.definitions) == (other.tables, other.definitions)


# ---- making one


def back_up(target: Path) -> str:
    """Write a backup of the app's database to this file, while it may be in use; what it holds, in words.

    It has its name only once it was opened, read from end to end and, at the newest version, proved as
    `verify` does. Raises BadBackup where that fails; what was written then stays beside it, by another name.
    """
    source = database_file()
    if source is None:
        return postgres_dump.dump(db.engine.url, _checked_target(target, None))
    part = _checked_target(target, source)
    begun = now()
    try:
        copy_database(source, part)
        manifest = _seal(part, begun)
        put_in_place(part, target)
    finally:
        for file in with_companions(part):
            file.unlink(missing_ok=True)
    return described(manifest)


def described(manifest: Manifest) -> str:
    """What a backup holds, in words."""
    counted = {"articles": "article", "sentences": "sentence", "answers": "annotation", "people": "user"}
    rows = ", ".join(f"{noun} {manifest.rows.get(table, 0):,}" for noun, table in counted.items())
    return f"{rows}; schema {manifest.schema}, as of {_moment(manifest.made_at):%Y-%m-%d %H:%M:%S} UTC"


def _checked_target(target: Path, source: Path | None) -> Path:
    """Where to write first. Raises BadBackup when the target is something that a backup must not replace."""
    if not target.absolute().parent.is_dir():
        raise BadBackup(f"There is no folder {target.absolute().parent}; make it first.")
    if not os.access(target.absolute().parent, os.W_OK):
        raise BadBackup(f"The folder {target.absolute().parent} cannot be written by this account; name another file.")
    if target.is_dir():
        raise BadBackup(f"{target} is a folder; name a file in it.")
    if target.exists():
        if source and any(file.exists() and target.samefile(file) for file in with_companions(source)):
            raise BadBackup(f"{target} is the database itself; name another file.")
        if not _is_backup(target):
            raise BadBackup(f"{target} is there already and is no backup; name another file.")
    return target.with_name(f"{target.name}.part")


def _is_backup(file: Path) -> bool:
    if postgres_dump.is_dump(file):
        return True
    try:
        return manifest_of(file) is not None
    except BadBackup:
        return False


def _seal(part: Path, made_at: datetime) -> Manifest:
    """Prove the copy and write into it what it holds."""
    if not is_whole(part):
        raise BadBackup(f"The database is damaged; `{command('verify')}` says what can still be read.")
    version = _schema_of(part)
    if version is None:
        raise BadBackup("The database is empty; there is nothing to back up yet.")
    if version == schema.newest() and (found := faults_in(part)):
        unsound = part.with_name(part.name.removesuffix(".part") + ".unsound")
        put_in_place(part, unsound)
        raise BadBackup(
            f"The copy does not pass `{command('verify')}`: {found[0]} It is kept as {unsound}. Faults: {len(found)}."
        )
    with closing(sqlite3.connect(part)) as copy, copy:
        manifest = _manifest_from(copy, version, made_at)
        copy.execute(f"CREATE TABLE {MANIFEST} (content TEXT NOT NULL)")
        copy.execute(f"INSERT INTO {MANIFEST} VALUES (?)", (json.dumps(asdict(manifest)),))
    return manifest


def faults_in(file: Path) -> list[str]:
    """What `verify` finds in a database file of the newest version."""
    engine = create_engine("sqlite://", creator=lambda: open_for_reading(file))
    try:
        with Session(engine) as session:
            return verification.faults(session)
    finally:
        engine.dispose()


def _schema_of(file: Path) -> str | None:
    engine = create_engine("sqlite://", creator=lambda: open_for_reading(file))
    try:
        with engine.connect() as connection:
            return schema.version_of(connection)
    finally:
        engine.dispose()


def _manifest_from(database: sqlite3.Connection, version: str, made_at: datetime) -> Manifest:
    named = database.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name").fetchall()
    kept = [(name, sql) for name, sql in named if name != MANIFEST]
    tables = [
        name
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        if name != MANIFEST and not name.startswith("sqlite_") and not word_index.is_of_index(name)
    ]
    return Manifest(
        made_at=made_at.strftime(MOMENT),
        claimtag=__version__,
        schema=version,
        tables={name: _rows_and_hash(database, name) for name in tables},
        definitions=hashlib.sha256(json.dumps(kept).encode()).hexdigest(),
    )


def _rows_and_hash(database: sqlite3.Connection, table: str) -> list[Any]:
    rows, running = 0, hashlib.sha256()
    for row in database.execute(f'SELECT * FROM "{table}" ORDER BY rowid'):
        values = [hashlib.sha256(value).hexdigest() if isinstance(value, bytes) else value for value in row]
        running.update(json.dumps(values).encode() + b"\n")
        rows += 1
    return [rows, running.hexdigest()]


# ---- looking at one


def check(file: Path) -> Manifest | None:
    """What a backup says that it holds, once all of it was counted and hashed again.

    None for a whole database without a manifest, such as a copy made before a migration. Raises BadBackup.
    """
    said = manifest_of(file)
    try:
        if not is_whole(file):
            raise BadBackup(f"{file} is damaged or cut off; take another backup.")
        if said is None:
            return None
        with closing(open_for_reading(file)) as opened:
            found = _manifest_from(opened, said.schema, now())
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        raise BadBackup(f"{file} is damaged or cut off; take another backup.") from None
    if not found.holds_the_same_as(said):
        differs = [name for name in said.tables if found.tables.get(name) != said.tables[name]]
        raise BadBackup(f"{file} was changed or damaged since it was made, in {', '.join(differs) or 'its tables'}.")
    return said


def manifest_of(file: Path) -> Manifest | None:
    """What a backup says that it holds. Raises BadBackup for a file that is no database."""
    if not file.is_file():
        raise BadBackup(f"There is no file {file}.")
    try:
        with closing(open_for_reading(file)) as opened:
            if not opened.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (MANIFEST,)).fetchone():
                return None
            (content,) = opened.execute(f"SELECT content FROM {MANIFEST}").fetchone()
        return Manifest(**json.loads(content))
    except (sqlite3.DatabaseError, TypeError, ValueError):
        raise BadBackup(f"{file} is no backup of Claimtag, or it is damaged or cut off.") from None


# ---- every day


def newest(folder: Path) -> tuple[Path, datetime] | None:
    """The newest backup in a folder, and until when it is known to hold everything."""
    # One that lies ahead was made before the clock was set back; it stays, and keeps no other from being made.
    found = sorted((item for item in kept_in(folder).items() if item[1] <= now()), key=lambda item: item[1])
    if not found:
        return None
    file, _ = found[-1]
    return file, min(datetime.fromtimestamp(file.stat().st_mtime, UTC), now())


def kept_in(folder: Path) -> dict[Path, datetime]:
    """The backups that were made here day by day, each with its moment."""
    named = {file: NAME.fullmatch(file.name) for file in folder.glob("claimtag-*.backup")}
    return {file: _moment(found[1]) for file, found in named.items() if found}


def is_due(folder: Path) -> bool:
    """Whether the newest backup is a day old, and something changed since."""
    last = newest(folder)
    if last is None:
        return True
    if now() - last[1] < EVERY:
        return False
    source, state = database_file(), folder / STATE
    if source:
        return touched(source) > last[1]
    return not state.exists() or state.read_text() != postgres_dump.changes()


def make_daily(folder: Path, started_at: datetime) -> str | None:
    """Make today's backup when it is due and something changed, then drop what is kept no longer; what it did.

    `started_at`: when the server began; a copy that its own migration made stays. Raises BadBackup, saying
    what is in the way.
    """
    if not is_due(folder):
        return None
    if in_the_way := why_not(folder):
        raise BadBackup(in_the_way)
    last, source = newest(folder), database_file()
    changes = None if source else postgres_dump.changes()
    folder.mkdir(parents=True, exist_ok=True)
    for pattern in ("claimtag-*.backup.part*", "claimtag-*.backup.unsound"):
        for left in folder.glob(pattern):
            left.unlink()
    begun = now()
    target = folder / f"claimtag-{begun.strftime(MOMENT)}.backup"
    holds = back_up(target)
    if source and last and _is_a_repetition(target, last[0]):
        target.unlink()
        _hold_everything_until(begun, last[0])
        return f"Nothing changed since {last[0].name}."
    _hold_everything_until(begun, target)
    if changes:
        (folder / STATE).write_text(changes)
    prune(folder)
    if source:
        prune_copies(source, started_at)
    return f"Made {target}: {holds}"


def why_not(folder: Path) -> str | None:
    """What keeps daily backups from being made, in a sentence."""
    source = database_file()
    if source is None:
        return postgres_dump.why_not()
    there = next(place for place in (folder.absolute(), *folder.absolute().parents) if place.exists())
    free, size = shutil.disk_usage(there).free, size_of(source)
    if free < 2 * size:
        return (
            f"{free / 1_000_000:,.0f} MB are free at {folder}, less than twice the database's "
            f"{size / 1_000_000:,.0f} MB; make room, or name another place by CLAIMTAG_BACKUP_DIR."
        )
    return None


def prune(folder: Path) -> None:
    """Keep the newest backup of each of the last days and weeks that have one."""
    past = [item for item in kept_in(folder).items() if item[1] <= now()]
    by_age = sorted(past, key=lambda item: item[1], reverse=True)
    kept = _newest_of_each(by_age, lambda at: at.date(), DAYS) | _newest_of_each(
        by_age, lambda at: at.isocalendar()[:2], WEEKS
    )
    for file, _ in by_age:
        if file not in kept:
            file.unlink()


def _newest_of_each(by_age: Iterable[tuple[Path, datetime]], span: Any, most: int) -> set[Path]:
    newest_of: dict[Any, Path] = {}
    for file, at in by_age:
        newest_of.setdefault(span(at), file)
    return set(list(newest_of.values())[:most])


def copies_before_migration(database: Path) -> dict[Path, datetime]:
    """The copies that were made of a file before it was migrated, each with its moment."""
    found = {}
    for copy in database.parent.glob(f"{database.name}.before-*"):
        if moment := re.fullmatch(r"\.before-(\d{8}T\d{6}Z)", copy.name.removeprefix(database.name)):
            found[copy] = _moment(moment[1])
    return found


def prune_copies(database: Path, started_at: datetime) -> None:
    """Drop copies from before a migration, after a backup was proved: all but the newest of each schema version.

    A copy that this start of the server made stays, and so does one that cannot be read.
    """
    seen: set[str | None] = set()
    for copy, made_at in sorted(copies_before_migration(database).items(), key=lambda item: item[1], reverse=True):
        try:
            version = _schema_of(copy)
        except (DomainError, SQLAlchemyError, sqlite3.Error) as unreadable:
            log.warning("%s is kept: %s", copy.name, unreadable)
            continue
        if version in seen and made_at < started_at:
            copy.unlink()
        seen.add(version)


def touched(database: Path) -> datetime:
    """When the file or its newest changes were last written."""
    moments = [file.stat() for file in with_companions(database)[:2] if file.exists()]
    return datetime.fromtimestamp(max((found.st_mtime for found in moments if found.st_size), default=0), UTC)


def _hold_everything_until(moment: datetime, backup: Path) -> None:
    os.utime(backup, (moment.timestamp(), moment.timestamp()))


def _is_a_repetition(new: Path, old: Path) -> bool:
    try:
        before = manifest_of(old)
    except BadBackup:
        return False
    after = manifest_of(new)
    return before is not None and after is not None and after.holds_the_same_as(before)


def utc(stored: str) -> datetime:
    """A moment as SQLite keeps it."""
    return datetime.fromisoformat(stored).replace(tzinfo=UTC)


def _moment(text: str) -> datetime:
    return datetime.strptime(text, MOMENT).replace(tzinfo=UTC)
