"""Whether the app is well, and what fails: for the start-up, for monitors, for whoever asks why nothing is saved."""

import shutil
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from functools import cached_property
from pathlib import Path
from typing import Any

from alembic.script import ScriptDirectory
from flask import Blueprint, Flask, Response, current_app, jsonify
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from webapp import __version__
from webapp.access import ANYONE, allow
from webapp.config import PACKAGE
from webapp.db import db, file_fault
from webapp.domain.errors import Unavailable

bp = Blueprint("health", __name__)

ANSWER_WITHIN = 0.8
"""Seconds; a check that takes longer has failed, for whoever asks."""
KEPT_FOR = 1.0
"""Seconds for which nobody looks again, however often it is asked."""
LEAST_FREE = 50 * 2**20

OK = "ok"
# Whoever is not signed in reads these: they tell no names and no figures.
FAULTS = {
    "file": "The database file was moved, deleted or replaced under the running server.",
    "database": "The database does not answer.",
    "schema": "The database is of another version than this server.",
    "writable": "The database is held by another program, or cannot be written.",
    "space": "Less than 50 MB are free for the database.",
}

NOT_LOOKED_AT = "Not looked at, because of what fails."

Checks = dict[str, str]


class Health:
    """Looks in a thread of its own, past sessions and save queue, so that nothing that hangs keeps the answer back."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._lock = threading.Lock()
        self._looking: threading.Thread | None = None
        self._found: Checks = {}
        self._looked_at = float("-inf")

    def checks(self) -> Checks:
        """Each check with "ok" or a sentence."""
        with self._lock:
            if time.monotonic() - self._looked_at < KEPT_FOR:
                return self._found
            if self._looking is None or not self._looking.is_alive():
                self._looking = threading.Thread(target=self._look, daemon=True)
                self._looking.start()
            looking = self._looking
        looking.join(ANSWER_WITHIN)
        return _told({"database": False}) if looking.is_alive() else self._found

    def forget(self) -> None:
        """Look again at the next question, however soon it comes."""
        self._looked_at = float("-inf")

    def _look(self) -> None:
        found = {"database": False}
        try:
            with self._app.app_context():
                found = dict(self._looked())
        finally:  # a look that broke off has failed: what was found before it must not be told again
            self._found, self._looked_at = _told(found), time.monotonic()

    def _looked(self) -> Iterator[tuple[str, bool]]:
        """Each check with whether it went well, until one has failed without which the others cannot be made."""
        yield "space", _free(_folder(db.engine)) >= LEAST_FREE
        is_in_place = file_fault() is None
        yield "file", is_in_place
        if not is_in_place:
            return  # and nothing is opened: the log of the old file would go into the new one
        try:
            with closing(db.engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
                cursor.execute("SELECT version_num FROM alembic_version")
                yield "schema", [version for (version,) in cursor.fetchall()] == [self._newest]
                yield "writable", _is_writable(cursor)
        except (Unavailable, DBAPIError, db.engine.dialect.loaded_dbapi.Error):
            yield "database", False
        else:
            yield "database", True

    @cached_property
    def _newest(self) -> str | None:
        return ScriptDirectory(str(PACKAGE / "migrations")).get_current_head()


def _told(looked: dict[str, bool]) -> Checks:
    return {
        name: NOT_LOOKED_AT if name not in looked else OK if looked[name] else fault for name, fault in FAULTS.items()
    }


def _free(folder: Path) -> int:
    """Bytes free where the folder is; none in one that was removed."""
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return 0


def _is_writable(cursor: Any) -> bool:
    """Whether a write could begin now; none does."""
    if db.engine.dialect.name != "sqlite":
        cursor.execute("SHOW transaction_read_only")
        return bool(cursor.fetchone() == ("off",))
    try:
        cursor.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        return False
    cursor.execute("ROLLBACK")
    return True


def _folder(engine: Engine) -> Path:
    """Where the database grows; on another machine that is for its own monitors to watch."""
    path = engine.url.database if engine.dialect.name == "sqlite" else None
    return Path(path).parent if path else Path(current_app.instance_path)


def init_app(app: Flask) -> None:
    app.extensions["health"] = Health(app)
    app.register_blueprint(bp)


@bp.get("/healthz")
@allow(ANYONE)
def healthz() -> tuple[Response, int]:
    health: Health = current_app.extensions["health"]
    checks = health.checks()
    is_well = set(checks.values()) == {OK}
    return jsonify(status=OK if is_well else "failing", version=__version__, checks=checks), 200 if is_well else 503
