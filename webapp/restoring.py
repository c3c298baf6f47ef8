"""Putting a backup in the database's place: prepared and proved beside it, swapped in at the end."""

import os
import sqlite3
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import inspect, update

from webapp import backups, postgres_dump, schema, server_lock, serving, verification, word_index
from webapp.app import create_app
from webapp.config import command
from webapp.db import db, db_write, now
from webapp.domain.errors import NotRestored
from webapp.models import SHELL, SignInLink, UserSession, audit
from webapp.sqlite_file import copy_database, restoring, sync, with_companions

if sys.platform != "win32":
    import fcntl

SHARED_BYTES = 0x4000_0002, 510
"""Where and how many: each connection to a SQLite file in WAL mode holds a lock on one of them."""
LONGEST_WAIT = 5
"""Seconds that the worker of a server just stopped has to end."""


@dataclass(frozen=True)
class Restored:
    """What a restore did."""

    holds: str
    was_proved: bool
    """Whether the file carried a manifest that was counted again."""
    migrated_from: str | None
    sessions_ended: int
    links_ended: int
    moved_to: Path | None


def restore(file: Path, database: Path, instance: Path) -> Restored:
    """Put a backup in the place of the SQLite file, which moves aside with what belongs to it.

    Raises BadBackup, NewerSchema, InUse or NotRestored; until the very end nothing of the database is touched.
    """
    database.parent.mkdir(parents=True, exist_ok=True)
    with server_lock.held(database, "restores a backup into it"):
        if postgres_dump.is_dump(file):
            raise NotRestored(
                f"{file} is a dump of PostgreSQL; have CLAIMTAG_DATABASE_URL name an empty database there."
            )
        manifest = backups.check(file)
        beside = restoring(database)
        try:
            copy_database(file, beside)
            _drop_manifest(beside)
            migrated_from, sessions, links = _prepare(beside, instance, file)
            holds = backups.described(manifest) if manifest else "no manifest; SQLite can read all of it"
            _refuse_while_open(database)
            moved_to = _swap(database, beside)
        finally:
            for leftover in with_companions(beside):
                leftover.unlink(missing_ok=True)
    return Restored(holds, manifest is not None, migrated_from, sessions, links, moved_to)


def _drop_manifest(database: Path) -> None:
    with closing(sqlite3.connect(database)) as opened, opened:
        opened.execute(f"DROP TABLE IF EXISTS {backups.MANIFEST}")


def _prepare(beside: Path, instance: Path, source: Path) -> tuple[str | None, int, int]:
    """Bring the copy to the newest version, end what was open in it, and prove it."""
    app = create_app(instance, {"DATABASE_URL": f"sqlite:///{beside}"})
    with app.app_context():
        try:
            with db.engine.connect() as connection:
                version = schema.version_of(connection)
            if version is None:
                raise NotRestored(f"{source} is no database of Claimtag.")
            serving.bring_up_to_date()
            sessions, links = end_what_is_open(source)
            if found := verification.faults():
                raise NotRestored(f"{source} does not pass `{command('verify')}`: {found[0]} Faults: {len(found)}.")
        finally:
            db.session.remove()
            db.engine.dispose()
    with closing(sqlite3.connect(beside)) as opened:
        opened.execute("PRAGMA journal_mode=DELETE")  # all of it in the one file that is renamed
    sync(beside)
    return None if version == schema.newest() else version, sessions, links


def end_what_is_open(source: Path) -> tuple[int, int]:
    """End all sessions and open links: what was ended since the backup would be open again."""
    moment = now()
    is_open = SignInLink.used_at.is_(None), SignInLink.expires_at > moment
    with db_write() as session:
        open_sessions = update(UserSession).where(UserSession.ended_at.is_(None))
        sessions = session.scalars(open_sessions.values(ended_at=moment).returning(UserSession.id)).all()
        links = session.scalars(
            update(SignInLink).where(*is_open).values(used_at=moment).returning(SignInLink.id)
        ).all()
        audit(session, SHELL, "restored", backup=source.name)
    return len(sessions), len(links)


def _refuse_while_open(database: Path) -> None:
    """Raises NotRestored while another process has the file open, a command of another version say."""
    if sys.platform == "win32" or not database.exists():
        return  # Windows itself refuses to rename a file that is open
    until = time.monotonic() + LONGEST_WAIT
    with database.open("r+b") as file:
        while True:
            try:
                fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, SHARED_BYTES[1], SHARED_BYTES[0])
                return
            except OSError:
                if time.monotonic() >= until:
                    raise NotRestored(
                        f"Another program has {database} open; end it, a server or an import say, and try again."
                    ) from None
                time.sleep(0.1)


def _swap(database: Path, beside: Path) -> Path | None:
    """The old file moves aside with its companions, the file itself first: a log alone is refused at a start."""
    aside = database.with_name(f"{database.name}.replaced-{now():%Y%m%dT%H%M%SZ}")
    moved = [
        (old, new) for old, new in zip(with_companions(database), with_companions(aside), strict=True) if old.exists()
    ]
    try:
        for old, new in moved:
            os.replace(old, new)
        os.replace(beside, database)
    except BaseException:  # an interruption too: half-way there would be no database, and no mark of it
        for old, new in reversed(moved):
            if new.exists():
                os.replace(new, old)
        raise
    sync(database.parent)
    return aside if aside.exists() else None


def restore_postgres(file: Path) -> Restored:
    """Fill the empty PostgreSQL database of the settings from a dump."""
    if not postgres_dump.is_dump(file):
        raise NotRestored(f"{file} is no dump of PostgreSQL, and the settings name a PostgreSQL database.")
    if inspect(db.engine).get_table_names():
        raise NotRestored(
            f"The database {db.engine.url.database} is not empty: make an empty one (createdb NAME), have "
            "CLAIMTAG_DATABASE_URL name it, and restore into that; the old one stays as it is."
        )
    db.engine.dispose()
    postgres_dump.restore(db.engine.url, file)
    with db.engine.connect() as connection:
        version = schema.version_of(connection)
    if version is None:
        raise NotRestored(
            f"{file} is no dump of Claimtag; drop the database {db.engine.url.database}, which holds it now."
        )
    serving.bring_up_to_date()
    with db_write() as session:
        word_index.create_parts(session.connection())
    sessions, links = end_what_is_open(file)
    if found := verification.faults():
        raise NotRestored(
            f"The restored database does not pass `{command('verify')}`: {found[0]} Faults: {len(found)}. "
            f"Drop the database {db.engine.url.database} and make an empty one before the next try."
        )
    return Restored(
        verification.counts(), False, None if version == schema.newest() else version, sessions, links, None
    )
