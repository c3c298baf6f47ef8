"""The database: its base class, how SQLite is opened, and the one way to write."""

import sqlite3
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    CheckConstraint,
    Connection,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    Select,
    Text,
    TypeDecorator,
    Uuid,
    event,
    make_url,
)
from sqlalchemy import Enum as EnumType
from sqlalchemy.orm import DeclarativeBase, Session, registry


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


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})

_writing: ContextVar[bool] = ContextVar("writing", default=False)
_in_line: ContextVar[bool] = ContextVar("in_line", default=False)
_gate = threading.RLock()


@contextmanager
def db_write() -> Iterator[Session]:
    """The one way to write: everything inside is one transaction, serial on SQLite.

    Commits on leaving, rolls back on an error. Rows loaded before are read anew inside, so that a
    check against the version seen is a check against what is there now. Does not nest.
    """
    if _writing.get():
        raise RuntimeError("db_write() does not nest: let the outer one do the writing.")
    session = db.session()
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("Something was changed outside db_write().")
    if not _in_line.get():
        session.commit()
    session.expire_all()
    # Waiters queue here in turn; left to SQLite they would poll the file and some wait for long.
    with _gate if db.engine.dialect.name == "sqlite" else nullcontext():
        token = _writing.set(True)
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            _writing.reset(token)


@contextmanager
def in_line(engine: Engine) -> Iterator[None]:
    """Queue for writing before the first statement, for a request that is quick and most likely writes.

    On SQLite, what is read from here on is read in the transaction that db_write() will commit.
    """
    if engine.dialect.name != "sqlite":
        yield
        return
    with _gate:
        token = _in_line.set(True)
        try:
            yield
        finally:
            _in_line.reset(token)


def in_turn(session: Session, rows: Select[Any], **values: Any) -> None:
    """Inside db_write(): hold these rows to the end of the transaction, so that writers about them come in turn.

    SQLite has one writer anyway, so there it asks nothing.
    """
    if db.engine.dialect.name != "sqlite":
        session.execute(rows.with_for_update(), values).all()


@event.listens_for(Session, "before_flush")
def _refuse_unmarked_writes(*_: object) -> None:
    if not _writing.get():
        raise RuntimeError("Writes go through db_write().")


def engine_options(url: str) -> dict[str, Any]:
    """What the engine is opened with, by database."""
    if make_url(url).get_backend_name() != "sqlite":
        return {"pool_pre_ping": True}
    connect_args: dict[str, Any] = {"timeout": 10}
    if sys.version_info >= (3, 12):
        # Pinned, because the default is to change in Python 3.16.
        connect_args["autocommit"] = sqlite3.LEGACY_TRANSACTION_CONTROL
    # The connection used last first: its pages are still in memory.
    return {"connect_args": connect_args, "pool_size": 12, "pool_use_lifo": True}


def prepare_engine(engine: Engine) -> None:
    """Make SQLite defend foreign keys, survive a power cut, and begin transactions when we say so."""
    if engine.dialect.name != "sqlite":
        return
    event.listen(engine, "connect", _open_sqlite)
    event.listen(engine, "begin", _begin)


def _open_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # sqlite3 must not emit BEGIN itself
    for pragma in (
        "busy_timeout=10000",
        "journal_mode=WAL",
        "foreign_keys=ON",
        "synchronous=FULL",
        "temp_store=MEMORY",
    ):
        connection.execute("PRAGMA " + pragma).close()


def _begin(connection: Connection) -> None:
    # Past SQLAlchemy, for speed: this is no statement to its events, and a locked file raises sqlite3's own error.
    driver_connection = connection.connection.driver_connection
    assert driver_connection is not None
    driver_connection.execute("BEGIN IMMEDIATE" if _writing.get() or _in_line.get() else "BEGIN")
