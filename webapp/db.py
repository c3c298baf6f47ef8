"""The database: its base class, how SQLite is opened, and the one way to write."""

import sqlite3
import sys
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID
from weakref import WeakKeyDictionary

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    CheckConstraint,
    Connection,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    PoolProxiedConnection,
    Select,
    Text,
    TypeDecorator,
    Uuid,
    event,
    make_url,
)
from sqlalchemy import Enum as EnumType
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session, registry

from webapp.domain.errors import BadSetting, Unavailable
from webapp.speedups import begin_by, listen_for_disposal
from webapp.sqlite_file import DatabaseFile


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC: aware in Python, without a zone in the database."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value else None


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


class Base(DeclarativeBase):
    """What every table shares: names of constraints, and how text, moments and terms are kept."""

    registry = registry(
        metadata=MetaData(
            naming_convention={
                "pk": "pk_%(table_name)s",
                "fk": "fk_%(table_name)s_%(column_0_N_name)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ix": "ix_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
            }
        ),
        type_annotation_map={
            str: Text(),
            datetime: UtcDateTime(),
            UUID: Uuid(native_uuid=False),
            # Stored by value, as exports write it; the CHECK is `one_of`, which migrations can see.
            Enum: EnumType(
                Enum,
                native_enum=False,
                create_constraint=False,
                length=40,
                values_callable=lambda kind: [member.value for member in kind],
            ),
        },
    )


def one_of(column: str, values: Any) -> CheckConstraint:
    """A CHECK that the column holds one of these values (or nothing, where it may be null)."""
    known = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({known})", name=column)


def one_of_or_null(column: str, values: Any) -> CheckConstraint:
    """The same for a column that is mostly null, in a table written often: SQLite then does not look at the list."""
    listed = one_of(column, values)
    return CheckConstraint(f"{column} IS NULL OR {listed.sqltext}", name=column)


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})

_has_turn: ContextVar[bool] = ContextVar("has_turn", default=False)
_writing: ContextVar[bool] = ContextVar("writing", default=False)
"""Whether a transaction that begins now, or a flush, is one that writes."""
_serializable: ContextVar[bool] = ContextVar("serializable", default=False)
"""Whether a transaction that begins now is to be SERIALIZABLE on PostgreSQL."""
_as_of_one_moment: ContextVar[bool] = ContextVar("as_of_one_moment", default=False)
"""Whether a transaction that begins now is to read what there is at this moment to its end, on PostgreSQL too."""
_has_locked: ContextVar[bool] = ContextVar("has_locked", default=False)
"""Whether this write began with lock_rows()."""
_reads_only: ContextVar[bool] = ContextVar("reads_only", default=False)
"""Whether whoever runs now is to change nothing."""
_queue_connection: ContextVar[Connection | None] = ContextVar("queue_connection", default=None)
"""The connection of the save queue, for the request whose turn it is."""
_one_reading: ContextVar[Connection | None] = ContextVar("one_reading", default=None)
"""The connection on which everything is read as of one moment."""
_files: WeakKeyDictionary[Engine, DatabaseFile] = WeakKeyDictionary()
"""Of each engine that works on a SQLite file."""

LONGEST_WAIT = 8.0
"""Seconds that a write waits in all, for writers of this process and of others."""
POSTGRESQL_OPTIONS = "-c lock_timeout=3s -c jit=off"
"""What is locked in PostgreSQL only PostgreSQL knows, and whoever waits for it keeps a thread. Nor does it compile a
statement that it takes for a long one: that takes 20 to 100 ms, and nearly all are answered sooner.
"""
SHORT_WAIT = 0.5
SHORT_POLL = 0.003
"""Seconds for which SQLite itself asks again on the connection of the save queue. Given more it sleeps for up to 100 ms
between two looks, and misses the moment between two batches of an import.
"""
LONG_CHANGE = 2.0
"""Seconds after which a change that holds back others counts as one that goes on, such as a package that comes in."""
MOST_WAITING = 3
"""Threads that wait for longer than a moment, so that the others go on answering pages."""
MOST_WRITING = 5
"""Threads that write in PostgreSQL at a time, for the same reason."""
LOCK_NOT_AVAILABLE = "55P03"
"""SQLSTATE of a statement that has waited for a lock as long as it may."""


class _WriteLock:
    """One writer of this process at a time, on SQLite: waiters queue here instead of polling the file."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._places = threading.BoundedSemaphore(MOST_WAITING)
        self.deadline = 0.0
        """Of whoever holds it: until when to wait for other processes."""
        self.is_held_elsewhere = False
        """Whether the newest attempt found the file locked by another process."""
        self._held_since: float | None = None

    @contextmanager
    def held(self, comes_again: bool = False) -> Iterator[None]:
        """Wait for one's turn. Raises Unavailable when it does not come in time, or when too many wait already.

        Who `comes_again` without being told, as the desk does, waits beside a long change only where few others do:
        the threads that wait are those that answer pages.
        """
        deadline = time.monotonic() + LONGEST_WAIT
        if not self._lock.acquire(timeout=0 if self._takes_long(comes_again) else SHORT_WAIT):
            self._wait(deadline, comes_again)
        self.deadline = deadline
        self._held_since = time.monotonic()
        try:
            yield
        finally:
            self._held_since = None
            self._lock.release()

    def _wait(self, deadline: float, comes_again: bool) -> None:
        may_wait = self._places.acquire(blocking=False)
        try:
            while True:
                if time.monotonic() >= deadline or (self._takes_long(comes_again) and not may_wait):
                    raise Unavailable(HELD, retry_after=2)
                if self._lock.acquire(timeout=SHORT_WAIT):
                    return
        finally:
            if may_wait:
                self._places.release()

    def _takes_long(self, comes_again: bool) -> bool:
        """Whether another process holds the file or, for who comes again, one change here goes on and on."""
        since = self._held_since
        is_held_long = since is not None and time.monotonic() - since > LONG_CHANGE
        return self.is_held_elsewhere or (comes_again and is_held_long)


class _WritersAtOnce:
    """So many writes of this process go on in PostgreSQL at a time that the other threads still answer pages."""

    def __init__(self) -> None:
        self._places = threading.BoundedSemaphore(MOST_WRITING)
        self._is_held_elsewhere = False
        """Whether the newest write to end had waited in vain for what another one holds."""
        self._done = 0
        """How many writes were committed."""

    @contextmanager
    def place(self) -> Iterator[None]:
        """Wait for a place as long as others get on. Raises Unavailable when none of them does for a moment."""
        deadline, done = time.monotonic() + LONGEST_WAIT, self._done
        while not self._places.acquire(timeout=0 if self._is_held_elsewhere else SHORT_WAIT):
            if self._done == done or time.monotonic() >= deadline:
                raise Unavailable(HELD, retry_after=2)
            done = self._done
        try:
            yield
            self._is_held_elsewhere = False
            self._done += 1
        except Exception as failed:
            self._is_held_elsewhere = sqlstate(failed) == LOCK_NOT_AVAILABLE
            raise
        finally:
            self._places.release()


def sqlstate(error: BaseException) -> str | None:
    """The code of an error of PostgreSQL, whether SQLAlchemy's or the driver's own; None for any other error."""
    return getattr(error.orig if isinstance(error, DBAPIError) else error, "sqlstate", None)


HELD = "The database is held by another program or a long change, so nothing was saved; try again in a few seconds."

_gate = _WriteLock()
_writers = _WritersAtOnce()


@contextmanager
def reads_only() -> Iterator[None]:
    """Inside, beginning a write is an error: for requests that only ask."""
    with _marked(_reads_only):
        yield


def _refuse_in_reading() -> None:
    if _reads_only.get():
        raise RuntimeError("A request that only asks (GET, HEAD, OPTIONS) changes nothing: make it a form for POST.")


@contextmanager
def db_write() -> Iterator[Session]:
    """The one way to write: everything inside is one transaction, as if no other ran beside it.

    Commits on leaving, rolls back on an error. Rows loaded before are read anew inside, so that a
    check against the version seen is a check against what is there now. Does not nest.

    On SQLite writers wait for one another here. On PostgreSQL a few run side by side: those about the same rows
    wait in lock_rows(), their first statement; any other is SERIALIZABLE, and the database refuses one of two that
    would not come out as they would one after the other. That one is run again, see `reruns`.
    """
    _refuse_in_reading()
    if _queue_connection.get():
        raise RuntimeError("A view in the save queue, and whatever runs before it, writes by quick_write().")
    session = db.session()
    with _turn(session), _marked(_writing), _marked(_serializable), _marked(_has_locked, False):
        try:
            yield session
            session.commit()
            _require_saved()
        except BaseException:
            session.rollback()
            raise


@contextmanager
def quick_write() -> Iterator[Connection]:
    """db_write() for what people wait for with every key: statements on columns, no rows to keep track of.

    On PostgreSQL it is never SERIALIZABLE: what it is about is locked first, by lock_rows().
    In the save queue it is the transaction that current_connection() began.
    """
    _refuse_in_reading()
    if queued := _queue_connection.get():
        yield current_connection()
        queued.commit()
        _require_saved()
        return
    session = db.session()
    with _turn(session), db.engine.connect() as connection:
        with _marked(_writing):
            connection.begin()
        yield connection
        session.commit()  # it may have read meanwhile, and is to read what is written here
        connection.commit()
        _require_saved()
    session.expire_all()


@contextmanager
def _turn(session: Session) -> Iterator[None]:
    """Ends what the session began to read, and waits for its turn."""
    if _has_turn.get():
        raise RuntimeError("Writing does not nest: let the outer one do it.")
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("Something was changed outside db_write().")
    session.commit()
    session.expire_all()
    # Left to SQLite, waiters would poll the file and some wait for long.
    with _gate.held() if db.engine.dialect.name == "sqlite" else _writers.place(), _marked(_has_turn):
        yield


@contextmanager
def _marked(mark: ContextVar[bool], value: bool = True) -> Iterator[None]:
    token = mark.set(value)
    try:
        yield
    finally:
        mark.reset(token)


class _SavesUnderWay:
    """How many saves of this process came and are not answered yet."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._number = 0
        self._none = threading.Event()
        self._none.set()

    @contextmanager
    def one_more(self) -> Iterator[None]:
        with self._lock:
            self._number += 1
            self._none.clear()
        try:
            yield
        finally:
            with self._lock:
                self._number -= 1
                if not self._number:
                    self._none.set()

    def let_pass(self, longest: float) -> float:
        """Wait until there are none, for so many seconds at most; returns how many it were."""
        if self._none.is_set():
            return 0.0
        begun = time.perf_counter()
        self._none.wait(longest)
        return time.perf_counter() - begun


LONGEST_GIVEN_WAY = 0.02
"""Seconds, so that long work gets on even where saves come without a pause."""
saves_under_way = _SavesUnderWay()


def give_way(longest: float | None = None) -> float:
    """Between two steps of long work: let the saves pass that are under way in this process; returns seconds waited.

    They would otherwise wait for the interpreter at each of their statements, and for one another meanwhile.
    """
    return saves_under_way.let_pass(LONGEST_GIVEN_WAY if longest is None else longest)


class SaveQueue:
    """Where a request waits before its first statement, if it is quick and most likely writes.

    On SQLite all use one connection in turn, which stays open; what current_connection() reads from there on is read in
    the transaction that quick_write() will commit. On PostgreSQL nobody waits here.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for one's turn and keep it; what was not committed on leaving is rolled back."""
        if self._engine.dialect.name != "sqlite":
            yield
            return
        with _gate.held(comes_again=True):
            connection = self._connection or self._connected()
            self._connection = None
            token = _queue_connection.set(connection)
            try:
                yield
            finally:
                _queue_connection.reset(token)
                connection.rollback()  # SQLAlchemy's view of it; after a commit there is nothing to do
                if _is_idle(connection):
                    self._connection = connection
                else:
                    connection.invalidate()
                    connection.close()

    def _connected(self) -> Connection:
        connection = self._engine.connect()
        _let_sqlite_wait(connection.connection.driver_connection, SHORT_POLL)
        return connection

    def close(self) -> None:
        """Let go of the connection."""
        with _gate.held():
            if self._connection:
                self._connection.invalidate()  # it waits otherwise than those in the pool
                self._connection.close()
            self._connection = None


def _require_saved() -> None:
    """After a commit. Raises Unavailable when it went to a file that is no longer in its place."""
    if file := _files.get(db.engine):
        file.require_saved()


def database_file() -> Path | None:
    """The SQLite file that the app works on."""
    file = _files.get(db.engine)
    return file.path if file else None


def file_fault() -> str | None:
    """What is wrong with the place of the open SQLite file, in a sentence; None when it is where it was opened."""
    file = _files.get(db.engine)
    return file.fault() if file else None


def _is_idle(connection: Connection) -> bool:
    """Whether SQLite itself holds no transaction open there, as it does after a commit that failed."""
    driver_connection = connection.connection.driver_connection
    return driver_connection is not None and not driver_connection.in_transaction


@contextmanager
def one_reading() -> Iterator[Connection]:
    """Inside, whatever is read by the session or by read_connection() is read in one transaction, as of one moment."""
    session = db.session()
    session.commit()  # ends what it has begun to read
    with _marked(_as_of_one_moment):
        connection = session.connection()
    token = _one_reading.set(connection)
    try:
        yield connection
    finally:
        _one_reading.reset(token)
        session.rollback()


@contextmanager
def read_connection() -> Iterator[Connection]:
    """A connection of one's own to read much by; inside one_reading() the one that is shared there."""
    if shared := _one_reading.get():
        yield shared
        return
    with db.engine.connect() as connection:
        yield connection


def current_connection() -> Connection:
    """The connection to read by: the queue's for a request in the save queue, otherwise the session's."""
    queued = _queue_connection.get()
    if queued is None:
        return db.session.connection()
    if not queued.in_transaction():
        with _marked(_writing):
            queued.begin()
    return queued


def lock_rows(session: Session | Connection, rows: Select[Any], **values: Any) -> None:
    """As the first statement of a write: lock these rows to its end, so that writers about them come in turn.

    What is read after it is what the one before has left, and nothing is refused at the end; so whatever else writes
    about the same locks the same. Several rows are locked in one order, that of `rows`. SQLite has one writer anyway,
    so there it asks nothing. Raises RuntimeError after another statement, whose answer may be outdated by then.
    """
    if isinstance(session, Session) and not _has_locked.get():
        if session.in_transaction():
            raise RuntimeError("Rows are locked before anything is read or added.")
        _has_locked.set(True)
        _serializable.set(False)
    if db.engine.dialect.name != "sqlite":
        # Others may still refer to the rows: their keys do not change.
        session.execute(rows.with_for_update(key_share=True), values).all()


MOST_VALUES = 10_000
"""That a statement compares with: neither database takes as many as one likes."""
V = TypeVar("V")


def in_parts(values: Collection[V]) -> Iterator[list[V]]:
    """The values of an `IN (…)`, as many at a time as one statement takes."""
    every = list(values)
    return (every[first : first + MOST_VALUES] for first in range(0, len(every), MOST_VALUES))


@event.listens_for(Session, "before_flush")
def _refuse_unmarked_writes(*_: object) -> None:
    if not _writing.get():
        raise RuntimeError("Writes go through db_write().")


NO_ADDRESS = "The database address must begin with sqlite:/// or postgresql+psycopg://; look at CLAIMTAG_DATABASE_URL."


def engine_options(url: str) -> dict[str, Any]:
    """What the engine is opened with, by database."""
    try:
        address = make_url(url)
    except ArgumentError:
        raise BadSetting(NO_ADDRESS) from None
    if address.get_backend_name() != "sqlite" and address.drivername != "postgresql+psycopg":
        raise BadSetting(NO_ADDRESS)
    if address.get_backend_name() != "sqlite":
        # A server that does not answer, or a row that another program holds, keeps a thread for seconds only.
        waits = {"connect_timeout": 5} | ({} if "options" in address.query else {"options": POSTGRESQL_OPTIONS})
        return {"pool_pre_ping": True, "connect_args": waits, "hide_parameters": True}
    connect_args: dict[str, Any] = {"timeout": 10}
    if sys.version_info >= (3, 12):
        # Pinned, because the default is to change in Python 3.16.
        connect_args["autocommit"] = sqlite3.LEGACY_TRANSACTION_CONTROL
    # The connection used last first: its pages are still in memory. An error is logged without what people wrote.
    return {"connect_args": connect_args, "pool_size": 12, "pool_use_lifo": True, "hide_parameters": True}


def prepare_engine(engine: Engine) -> None:
    """Make SQLite defend foreign keys and survive a power cut, and both databases begin transactions as we say."""
    if engine.dialect.name != "sqlite":
        begin_by(engine, partial(_begin_on_postgres, engine.dialect.loaded_dbapi))
        return
    event.listen(engine, "connect", _open_sqlite)
    event.listen(engine, "checkin", _take_back)
    file = _file_of(engine)
    if file:
        _files[engine] = file
        event.listen(engine, "do_connect", partial(_connect_to, file))
        event.listen(engine, "connect", partial(_opened, file))
        listen_for_disposal(engine, file.forget)
    begin_by(engine, partial(_begin, file))


def _file_of(engine: Engine) -> DatabaseFile | None:
    """None for a database in memory, and for an address that already is one of SQLite's own."""
    path = engine.url.database
    return DatabaseFile(Path(path)) if path and not path.startswith((":memory:", "file:")) else None


def _connect_to(
    file: DatabaseFile, _dialect: Dialect, _record: object, args: list[Any], options: dict[str, Any]
) -> None:
    args[0], options["uri"] = file.address(), True


def _open_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    try:
        _set_up(connection)
    except sqlite3.Error:
        connection.close()
        raise


def _set_up(connection: sqlite3.Connection) -> None:
    connection.isolation_level = None  # sqlite3 must not emit BEGIN itself
    for pragma in (
        "busy_timeout=10000",
        "journal_mode=WAL",
        "foreign_keys=ON",
        "recursive_triggers=ON",  # or a row that REPLACE removes passes the trigger on DELETE
        "synchronous=FULL",
        "temp_store=MEMORY",
    ):
        connection.execute("PRAGMA " + pragma).close()
    _let_sqlite_wait(connection, SHORT_WAIT)  # who writes asks again, see _begin


def _let_sqlite_wait(connection: Any, seconds: float) -> None:
    connection.execute(f"PRAGMA busy_timeout={seconds * 1000:.0f}").close()


def _opened(file: DatabaseFile, connection: sqlite3.Connection, _record: object) -> None:
    file.opened(has_wal=connection.execute("PRAGMA journal_mode").fetchone() == ("wal",))


def _take_back(connection: sqlite3.Connection | None, _record: object) -> None:
    # SQLite keeps a transaction open whose commit failed, and SQLAlchemy takes it for ended.
    if connection and connection.in_transaction:
        connection.rollback()


def _begin_on_postgres(driver: Any, connection: PoolProxiedConnection) -> None:
    """Only tells the driver what it is to begin, with the first statement."""
    driver_connection: Any = connection.driver_connection
    wanted = driver.IsolationLevel.REPEATABLE_READ if _as_of_one_moment.get() else None
    wanted = driver.IsolationLevel.SERIALIZABLE if _serializable.get() else wanted
    if driver_connection.isolation_level is not wanted:
        driver_connection.isolation_level = wanted


def _begin(file: DatabaseFile | None, connection: PoolProxiedConnection) -> None:
    if not _writing.get():
        connection.execute("BEGIN")
        return
    if file:
        file.require_in_place()
    began = time.monotonic()
    while True:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            asked_at = time.monotonic()
            if asked_at - began >= SHORT_WAIT:
                # Known to the waiters from now on: most of them need not wait for the same.
                _gate.is_held_elsewhere = True
            if asked_at >= _gate.deadline:
                raise Unavailable(HELD, retry_after=2) from None
        else:
            _gate.is_held_elsewhere = False
            return
