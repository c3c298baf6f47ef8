"""Migrations of people's work: a whole copy first, then one transaction that proves before its end what it kept."""

import hashlib
import os
import re
import shutil
import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from alembic import op
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Connection,
    Constraint,
    DateTime,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    Uuid,
    inspect,
    text,
)
from sqlalchemy.types import TypeEngine

from webapp import word_index
from webapp.config import command
from webapp.db import now
from webapp.domain.errors import MigrationRefused
from webapp.sqlite_file import is_whole, open_for_reading, put_in_place, size_of

TIMES_FREE = 3
"""How many times the size of the file must be free: for the copy, for the rebuilt tables, and for SQLite's log."""
ALEMBIC = "alembic_version"


# ---- before: a copy


def copy_before(database: Path) -> Path:
    """A whole copy of the file, by a name of its own; nothing else may serve the file meanwhile.

    Raises MigrationRefused for a damaged file, for a disk without room, and where the copy is not whole.
    """
    _require_room(database)
    if not is_whole(database):
        raise MigrationRefused(
            f"The database file {database.name} is damaged, so it was not migrated; "
            f"`{command('verify')}` says what can still be read."
        )
    copy = database.with_name(f"{database.name}.before-{now():%Y%m%dT%H%M%SZ}")
    part = copy.with_name(f"{copy.name}.part")
    part.unlink(missing_ok=True)
    try:
        with closing(open_for_reading(database)) as original:
            original.execute("VACUUM INTO ?", (os.fspath(part),))
            expected = _rows_in(original)
        if not is_whole(part) or _rows_in_file(part) != expected:
            raise MigrationRefused(
                f"The copy of {database.name} is not the same as the file, so nothing was migrated; "
                "stop whatever else writes to it, look at the disk, and try again."
            )
        put_in_place(part, copy)
    finally:
        part.unlink(missing_ok=True)
    return copy


def _require_room(database: Path) -> None:
    needed, free = TIMES_FREE * size_of(database), shutil.disk_usage(database.absolute().parent).free
    if free < needed:
        raise MigrationRefused(
            f"Too little room to migrate {database.name}: {needed / 1e6:,.1f} MB must be free, "
            f"three times the file, and {free / 1e6:,.1f} MB are; nothing was changed."
        )


def _rows_in_file(file: Path) -> dict[str, int]:
    with closing(open_for_reading(file)) as opened:
        return _rows_in(opened)


def _rows_in(database: sqlite3.Connection) -> dict[str, int]:
    tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
    names = [name for (name,) in tables.fetchall() if not word_index.is_of_index(name)]
    return {name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}


# ---- inside: what was there stays


@dataclass
class ExpectedRows:
    """What must be there at the end of a migration."""

    added: dict[str, int] = field(default_factory=dict)
    """Rows that the migration has to make, by table that was there before."""


@dataclass(frozen=True)
class _Content:
    """What a table held before."""

    columns: tuple[str, ...]
    rows: int
    hash: str


@contextmanager
def everything_kept(
    connection: Connection,
    *,
    moved: Mapping[str, str] | None = None,
    renamed: Mapping[str, str] | None = None,
    gone: Collection[str] = (),
) -> Iterator[ExpectedRows]:
    """Around the steps of a migration: every row, and every value of every old column, must be there afterwards.

    `moved` says of a `table.column` by which expression its values are found now, `renamed` of a table what it is
    called now. `gone` names the tables and
    `table.column`s that an older schema does not have, once refuse() has seen that nothing is lost by it.
    Raises MigrationRefused.
    """
    if connection.dialect.name != "sqlite":
        _hold_all_tables(connection)
    before = {name: _content(connection, name, gone) for name in _tables(connection) if name not in gone}
    expected = ExpectedRows()
    yield expected
    for old, was in before.items():
        name = (renamed or {}).get(old, old)
        rows = _count(connection, name)
        if rows != was.rows + expected.added.get(name, 0):
            raise MigrationRefused(f"The table {name} had {was.rows:,} rows and would have {rows:,}.")
        found = [(moved or {}).get(f"{name}.{column}", f'"{name}"."{column}"') for column in was.columns]
        if _hash(connection, name, found, was.rows) != was.hash:
            raise MigrationRefused(f"The table {name} would not hold the same values as before.")


def refuse(connection: Connection, reasons: Mapping[str, str]) -> None:
    """For each statement that counts rows: raises MigrationRefused with its sentence when there is one."""
    for statement, sentence in reasons.items():
        if count := connection.exec_driver_sql(statement).scalar_one():
            raise MigrationRefused(sentence.format(count=count))


def _tables(connection: Connection) -> list[str]:
    """The tables that are a record of something: the index of words is made anew where it is lost."""
    return sorted(
        name for name in inspect(connection).get_table_names() if name != ALEMBIC and not word_index.is_of_index(name)
    )


def _hold_all_tables(connection: Connection) -> None:
    """Nobody writes to them until the end of the transaction, as on SQLite."""
    if names := ", ".join(f'"{name}"' for name in _tables(connection)):
        connection.exec_driver_sql(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE")


def _content(connection: Connection, table: str, gone: Collection[str]) -> _Content:
    rows = _count(connection, table)
    if not rows:  # as all are at a first start, which need not wait for what cannot be lost
        return _Content((), 0, _hash(connection, table, (), 0))
    columns = tuple(
        column["name"] for column in inspect(connection).get_columns(table) if f"{table}.{column['name']}" not in gone
    )
    return _Content(columns, rows, _hash(connection, table, [f'"{table}"."{column}"' for column in columns], rows))


def _count(connection: Connection, table: str) -> int:
    return int(connection.exec_driver_sql(f'SELECT count(*) FROM "{table}"').scalar_one())


def _hash(connection: Connection, table: str, expressions: Sequence[str], rows: int) -> str:
    """Over these values of so many rows, in the order of the primary key: rows added since come behind.

    Few rows are held at a time, since each may hold a whole upload.
    """
    running = hashlib.sha256()
    if not rows:
        return running.hexdigest()
    key = ", ".join(
        f'"{table}"."{column}"' for column in inspect(connection).get_pk_constraint(table)["constrained_columns"]
    )
    statement = f'SELECT {", ".join(expressions)} FROM "{table}" ORDER BY {key} LIMIT {rows}'
    streamed = connection.exec_driver_sql(statement, execution_options={"stream_results": True, "max_row_buffer": 20})
    for row in streamed:
        running.update(repr(tuple(row)).encode())
    return running.hexdigest()


# ---- inside: a table in other words


def rebuild(
    connection: Connection,
    table: str,
    edits: Sequence[tuple[str, str]],
    values: Mapping[str, str] | None = None,
    without: Collection[str] = (),
) -> None:
    """On SQLite: the same rows in a table of the same words but for the edits, each of which is met exactly once.

    `values` gives the expressions of new columns; old indexes stay, save those named in `without`. Foreign keys are
    off meanwhile, and env.py puts the triggers back. Raises MigrationRefused for words that are not there.
    """
    made = connection.exec_driver_sql(
        "SELECT type, name, sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL", (table,)
    ).all()
    [words] = [sql for kind, _, sql in made if kind == "table"]
    for old, new in edits:
        if words.count(old) != 1:
            raise MigrationRefused(
                f"The table {table} is not made as expected: “{old}” is there {words.count(old)} times."
            )
        words = words.replace(old, new)
    old_columns = _column_names(connection, table)
    new = f"{table}_rebuilt"
    connection.exec_driver_sql(re.sub(rf'^CREATE TABLE "?{table}"?', f'CREATE TABLE "{new}"', words))
    kept = {name: f'"{table}"."{name}"' for name in old_columns} | dict(values or {})
    names = _column_names(connection, new)
    connection.exec_driver_sql(
        f'INSERT INTO "{new}" ({", ".join(f"{chr(34)}{name}{chr(34)}" for name in names)}) '
        f'SELECT {", ".join(kept[name] for name in names)} FROM "{table}"'
    )
    _drop_triggers_about(connection, table)
    connection.exec_driver_sql(f'DROP TABLE "{table}"')
    connection.exec_driver_sql(f'ALTER TABLE "{new}" RENAME TO "{table}"')
    for kind, name, sql in made:
        if kind == "index" and name not in without:
            connection.exec_driver_sql(sql)


def _drop_triggers_about(connection: Connection, table: str) -> None:
    """Also those of other tables that name this one: SQLite renames nothing into a name that a trigger misses."""
    triggers = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all()
    for name, sql in triggers:
        if re.search(rf"\b{table}\b", sql):
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"')


def _column_names(connection: Connection, table: str) -> list[str]:
    return [str(row[1]) for row in connection.exec_driver_sql(f'PRAGMA table_info("{table}")')]


# ---- inside: a new table of revisions


def create_revisions(
    table: str,
    revision_of: Sequence[str],
    author: str,
    *others: Column[Any] | Constraint,
    id_type: TypeEngine[Any] | None = None,
) -> None:
    """A table as `models.revisions.Revised` declares it, with its other columns and constraints.

    For migrations to come, each table of revisions after those of 0012. Once one has run it stays as it is: should
    `Revised` change, a migration changes the tables.
    """
    op.create_table(
        table,
        Column("id", id_type or Integer(), nullable=False),
        *(column for column in others if isinstance(column, Column)),
        Column("version", Integer(), nullable=False),
        Column("is_current", Boolean(), nullable=False),
        Column("client_id", Uuid(native_uuid=False), nullable=False),
        Column("created_at", DateTime(), nullable=False),
        *(constraint for constraint in others if isinstance(constraint, Constraint)),
        CheckConstraint("version >= 1", name=op.f(f"ck_{table}_version")),
        PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        UniqueConstraint(*revision_of, "version", name=op.f(f"uq_{table}_{'_'.join(revision_of)}_version")),
        UniqueConstraint(author, "client_id", name=op.f(f"uq_{table}_{author}_client_id")),
    )
    op.create_index(
        f"uq_{table}_current",
        table,
        list(revision_of),
        unique=True,
        sqlite_where=text("is_current = 1"),
        postgresql_where=text("is_current"),
    )


def to(table: str, column: str, parent: str) -> ForeignKeyConstraint:
    """A foreign key of a new table, named as the models name theirs."""
    return ForeignKeyConstraint([column], [f"{parent}.id"], name=op.f(f"fk_{table}_{column}"))


def one_of(table: str, column: str, values: Sequence[str], *, or_null: bool = False) -> CheckConstraint:
    """A CHECK of a new table that the column holds one of these values, or nothing where it may."""
    listed = ", ".join(f"'{value}'" for value in values)
    null = f"{column} IS NULL OR " if or_null else ""
    return CheckConstraint(f"{null}{column} IN ({listed})", name=op.f(f"ck_{table}_{column}"))


# ---- at the end: the schema is the declared one


def require_declared(connection: Connection, metadata: MetaData, triggers: Collection[str]) -> None:
    """Raises MigrationRefused unless indexes, unique keys and triggers are those that the code declares."""
    missing = [name for table in metadata.sorted_tables for name in _keys_missing(connection, table)]
    if connection.dialect.name == "sqlite":
        statement = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        statement = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    there = set(connection.exec_driver_sql(statement).scalars())
    missing += sorted(set(triggers) - there)
    if missing:
        raise MigrationRefused(f"The database would lack {', '.join(missing)}.")


def _keys_missing(connection: Connection, table: Table) -> Iterator[str]:
    found = inspect(connection)
    indexes = {
        (index["name"], tuple(index["column_names"]), bool(index["unique"])) for index in found.get_indexes(table.name)
    }
    for index in table.indexes:
        if (index.name, tuple(column.name for column in index.columns), bool(index.unique)) not in indexes:
            yield str(index.name)
    keys = {(key["name"], tuple(key["column_names"])) for key in found.get_unique_constraints(table.name)}
    for constraint in table.constraints:
        if not isinstance(constraint, UniqueConstraint):
            continue
        if (constraint.name, tuple(column.name for column in constraint.columns)) not in keys:
            yield str(constraint.name)
