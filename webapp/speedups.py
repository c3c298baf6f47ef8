"""Speed-ups that lean on what libraries do inside, each with what a save takes longer without it.

Measured by saves of one client by turns on servers that differ in this one thing, 7,000 on each, medians; what gained
less than 2 % went: views asked by Flask whether they are coroutines (0 %), the serializer of the session cookie made
with every request (1 %).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Dialect, Engine, Insert, PoolProxiedConnection, Select, Update, event


def begin_by(engine: Engine, begin: Callable[[PoolProxiedConnection], None]) -> None:
    """Begin transactions by this function, in place of the event `begin`.

    One listener sets a flag that makes SQLAlchemy look for listeners at every statement: 3 %.
    """
    engine.dialect.do_begin = begin  # type: ignore[assignment]


def listen_for_disposal(engine: Engine, heard: Callable[[Engine], None]) -> None:
    """Listen for the event `engine_disposed` alone, which is told without that flag: another 4 %."""
    event.listen(engine, "engine_disposed", heard)
    engine._has_events = False


Conversion = Callable[[Any], Any] | None


@dataclass(frozen=True)
class CompiledStatement:
    """A statement as the driver takes it, and the conversions of its values and rows."""

    sql: str
    order: list[str]
    """Of the values, where the driver takes them by position."""
    constants: dict[str, Any]
    """Values that stand in the statement itself."""
    into: list[tuple[str, Conversion]]
    out: list[Conversion]
    copy: str | None
    """What PostgreSQL takes in place of an INSERT of many rows, for a fifth of the time."""
    group: str | None
    """The same INSERT with `ROWS_OF_GROUP` rows: where triggers look on, half of the time goes into each statement."""


def compiled(statement: Select[*tuple[Any, ...]] | Insert | Update, dialect: Dialect) -> CompiledStatement:
    """The statement compiled once, to be run past SQLAlchemy, which looks it over at each execution: 16 %."""
    made = statement.compile(dialect=dialect)
    binds = {name: made.binds[name] for name in made.bind_names.values()}
    columns = statement.selected_columns if isinstance(statement, Select) else ()
    return CompiledStatement(
        str(made),
        list(made.positiontup or ()),
        {name: bind.value for name, bind in binds.items() if not bind.required},
        [(name, bind.type.dialect_impl(dialect).bind_processor(dialect)) for name, bind in binds.items()],
        [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns],
        _copy(statement, list(binds), dialect) if isinstance(statement, Insert) else None,
        _group(str(made)) if isinstance(statement, Insert) and dialect.name == "sqlite" else None,
    )


ROWS_OF_GROUP, MOST_VALUES = 25, 999
"""Values: of one statement, in any SQLite."""


def _group(sql: str) -> str | None:
    """Of an INSERT whose rows hold nothing but values, and not too many."""
    head, _, row = sql.partition(" VALUES ")
    is_plain = set(row) <= set("(?, )") and row.count("?") * ROWS_OF_GROUP <= MOST_VALUES
    return f"{head} VALUES {', '.join([row] * ROWS_OF_GROUP)}" if is_plain else None


def _copy(statement: Insert, values: list[str], dialect: Dialect) -> str | None:
    """Where each value has the name of its column."""
    if dialect.name != "postgresql" or not set(values) <= set(statement.table.c.keys()):
        return None
    quote = dialect.identifier_preparer.quote
    return f"COPY {quote(statement.table.name)} ({', '.join(map(quote, values))}) FROM STDIN"


def tell_listeners(
    event: str, connection: Connection, cursor: Any, sql: str, values: Any, executemany: bool = False
) -> None:
    """Report a statement run past SQLAlchemy to those who listen for `before_cursor_execute` or the one after it."""
    if connection._has_events or connection.engine._has_events:
        getattr(connection.dispatch, event)(connection, cursor, sql, values, None, executemany)
