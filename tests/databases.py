"""The two databases that the tests run on: a SQLite file in each instance folder, or one PostgreSQL server for all."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import psycopg
from sqlalchemy import Engine, create_engine, text

SQLITE, POSTGRESQL = "sqlite", "postgresql"

IS_QUICK = "CLAIMTAG_LONG" not in os.environ
"""`make long` measures, and on what people have."""


def _memory() -> Path | None:
    folder, enough = Path("/dev/shm"), 4 * 2**30
    return folder if IS_QUICK and folder.is_dir() and shutil.disk_usage(folder).free > enough else None


MEMORY = _memory()
"""A folder for files that nobody will miss, in memory, where there is enough of it."""

MISSING_POSTGRES = (
    "The tests on PostgreSQL need its programs initdb and postgres, which are not on this machine: `sudo apt install "
    "postgresql` gets them on Debian, `brew install postgresql` on macOS. On Windows these tests do not run."
)


class Database(Protocol):
    """Gives instance folders a database of their own."""

    kind: str

    def put(self, instance: Path, template: Path | None = None) -> None:
        """Let the folder have a new database: an empty one, or a copy of that of another folder."""

    def drop(self, instance: Path) -> None:
        """Take the folder's database away; whoever is still connected is thrown out."""

    def stop(self) -> None: ...


class SqliteDatabase:
    """Nothing to start: the app makes `claimtag.sqlite` in the folder by itself."""

    kind = SQLITE

    def put(self, instance: Path, template: Path | None = None) -> None:
        instance.mkdir(parents=True, exist_ok=True)
        for file in template.glob("claimtag.sqlite*") if template else ():
            shutil.copy(file, instance)

    def drop(self, instance: Path) -> None:
        for left in instance.glob("claimtag.sqlite*"):
            shutil.rmtree(left) if left.is_dir() else left.unlink()

    def stop(self) -> None:
        pass


class PostgresDatabase:
    """A server in a temporary folder, reached by a socket there; each instance's `config.py` names its database.

    It lives as long as the pipe to it is open, so it ends with this process however that happens.
    """

    kind = POSTGRESQL

    # A test that locks itself out fails instead of standing still.
    SETTINGS = ("max_connections=200", "lock_timeout=20s")

    # Nothing has to survive a power cut; with the files in memory they are copied in 15 ms, by a log in twice that.
    QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off")
    # The server has no terminal: when our end of its input closes, it stops and its folder goes.
    UNTIL_CLOSED = '"$@" </dev/null & cat >/dev/null; kill -INT $!; wait $!; rm -rf "$CLAIMTAG_FOLDER"'

    def __init__(self, programs: Path) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="claimtag-", dir=MEMORY))
        self._numbers = count(1)
        # PostgreSQL refuses to run as root.
        user = "postgres" if os.geteuid() == 0 else None
        if user:
            shutil.chown(self._folder, user)
        data = str(self._folder / "data")
        subprocess.run(
            [programs / "initdb", "-D", data, "-U", "claimtag", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
            user=user,
            check=True,
            capture_output=True,
        )
        settings = [word for setting in self.SETTINGS + self.QUICK * IS_QUICK for word in ("-c", setting)]
        server = [str(programs / "postgres"), "-D", data, "-k", str(self._folder), "-h", "", *settings]
        with (self._folder / "log").open("wb") as log:
            self._server = subprocess.Popen(
                ["sh", "-c", self.UNTIL_CLOSED, "sh", *server],
                user=user,
                env={**os.environ, "CLAIMTAG_FOLDER": str(self._folder)},
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
            )
        for _ in range(600):
            try:
                self._admin = psycopg.connect(self._dsn("postgres"), autocommit=True)
                return
            except psycopg.OperationalError:
                time.sleep(0.05)
        raise AssertionError(f"PostgreSQL did not start:\n{(self._folder / 'log').read_text()}")

    def _dsn(self, name: str) -> str:
        return f"host={self._folder} user=claimtag dbname={name}"

    def put(self, instance: Path, template: Path | None = None) -> None:
        instance.mkdir(parents=True, exist_ok=True)
        name = _database_of(instance) or f"instance_{next(self._numbers)}"
        copied = " STRATEGY FILE_COPY" if self._admin.info.server_version >= 15_00_00 else ""
        source = f" TEMPLATE {_database_of(template)}{copied}" if template else ""
        self._admin.execute(f"CREATE DATABASE {name}{source}")
        url = f"postgresql+psycopg://claimtag@/{name}?host={self._folder}"
        (instance / "config.py").write_text(f'DATABASE_URL = "{url}"\n')

    def drop(self, instance: Path) -> None:
        self._admin.execute(f"DROP DATABASE IF EXISTS {_database_of(instance)} WITH (FORCE)")

    def stop(self) -> None:
        self._admin.close()
        assert self._server.stdin
        self._server.stdin.close()
        self._server.wait(30)


def engine_of(instance: Path) -> Engine:
    """Connections to an instance's database, past the app."""
    config: dict[str, str] = {}
    if (instance / "config.py").exists():
        exec((instance / "config.py").read_text(), config)
    return create_engine(config.get("DATABASE_URL", f"sqlite:///{instance / 'claimtag.sqlite'}"))


@contextmanager
def held(instance: Path) -> Iterator[None]:
    """Another program writes in an instance's database and does not end."""
    engine = engine_of(instance)
    takes = "BEGIN IMMEDIATE" if engine.dialect.name == "sqlite" else "LOCK TABLE annotation IN EXCLUSIVE MODE"
    with engine.connect() as elsewhere:
        elsewhere.exec_driver_sql(takes)
        yield
        elsewhere.exec_driver_sql("ROLLBACK")
    engine.dispose()


def rows_of(instance: Path, statement: str, **values: object) -> list[tuple[Any, ...]]:
    """What a statement finds in an instance's database, past the app."""
    engine = engine_of(instance)
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(text(statement), values)]
    engine.dispose()
    return found


def _database_of(instance: Path) -> str | None:
    config = instance / "config.py"
    return config.read_text().split("@/")[1].split("?")[0] if config.exists() else None


def postgres_programs() -> Path | None:
    """The folder of initdb and postgres: the first on the PATH, of Debian, of Homebrew, or told by pg_config."""
    if sys.platform == "win32":
        return None
    on_path = shutil.which("initdb")
    told = shutil.which("pg_config")
    folders = [
        *([Path(on_path).resolve().parent] if on_path else []),
        *sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True),
        *Path("/opt/homebrew/opt").glob("postgresql*/bin"),
        *Path("/usr/local/opt").glob("postgresql*/bin"),
        *([Path(subprocess.check_output([told, "--bindir"], text=True).strip())] if told else []),
    ]
    return next((f for f in folders if (f / "initdb").exists() and (f / "postgres").exists()), None)


def _version(folder: Path) -> int:
    version = folder.parent.name.split(".")[0]
    return int(version) if version.isdigit() else 0
