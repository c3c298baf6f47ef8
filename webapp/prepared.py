"""Statements that are asked with every key at the desk, or by the thousand: compiled once, run by the driver itself."""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

from sqlalchemy import Connection, Insert, Select, Update

from webapp.speedups import ROWS_OF_GROUP, CompiledStatement, Conversion, compiled, tell_listeners


class Prepared:
    """A statement whose values are given by name; its types convert them, and the rows, as everywhere else.

    What is no plain value is not for this: no list for an IN, no default that Python fills in.
    """

    def __init__(self, statement: Select[*tuple[Any, ...]] | Insert | Update) -> None:
        self._statement = statement
        self._compiled: dict[str, CompiledStatement] = {}

    def run(self, connection: Connection, **values: Any) -> list[tuple[Any, ...]]:
        """Execute in the connection's transaction, which has begun; the rows of a SELECT, of all else none.

        Whoever listens for statements on the engine hears of this one, too. Raises the driver's own errors,
        and KeyError for a value that is missing.
        """
        made = self._made_for(connection)
        given = made.constants | values
        bound = {name: convert(given[name]) if convert else given[name] for name, convert in made.into}
        sent = [bound[name] for name in made.order] if made.order else bound
        cursor = connection.connection.cursor()
        try:
            tell_listeners("before_cursor_execute", connection, cursor, made.sql, sent)
            cursor.execute(made.sql, sent)
            tell_listeners("after_cursor_execute", connection, cursor, made.sql, sent)
            return [
                tuple(convert(value) if convert else value for convert, value in zip(made.out, row, strict=True))
                for row in (cursor.fetchall() if made.out else ())
            ]
        finally:
            cursor.close()

    def run_many(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Execute once for each of the values, as run() does; of an INSERT the rows may come as one piece."""
        made = self._made_for(connection)
        if not rows:
            return
        into = dict(made.into)
        columns = [_converted(into[name], name, made.constants, rows) for name in made.order or into]
        sent = list(zip(*columns, strict=True))
        cursor = connection.connection.cursor()
        try:
            tell_listeners("before_cursor_execute", connection, cursor, made.copy or made.sql, sent, executemany=True)
            if made.copy:
                with cursor.copy(made.copy) as copy:
                    for values in sent:
                        copy.write_row(values)
            elif made.group:
                _execute_in_groups(cursor, made, sent)
            else:
                cursor.executemany(
                    made.sql, sent if made.order else [dict(zip(into, one, strict=True)) for one in sent]
                )
            tell_listeners("after_cursor_execute", connection, cursor, made.copy or made.sql, sent, executemany=True)
        finally:
            cursor.close()

    def _made_for(self, connection: Connection) -> CompiledStatement:
        dialect = connection.dialect
        if dialect.name not in self._compiled:
            self._compiled[dialect.name] = compiled(self._statement, dialect)
        return self._compiled[dialect.name]


def _execute_in_groups(cursor: Any, made: CompiledStatement, rows: Sequence[tuple[Any, ...]]) -> None:
    whole = len(rows) - len(rows) % ROWS_OF_GROUP
    for first in range(0, whole, ROWS_OF_GROUP):
        cursor.execute(made.group, list(chain.from_iterable(rows[first : first + ROWS_OF_GROUP])))
    cursor.executemany(made.sql, rows[whole:])


def _converted(
    convert: Conversion, name: str, constants: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]
) -> list[Any]:
    """The values of this name, one for each row."""
    values = [constants[name]] * len(rows) if name in constants else [row[name] for row in rows]
    if not convert:
        return values
    converted = {key: convert(value) for key, value in {id(value): value for value in values}.items()}
    return [converted[id(value)] for value in values]  # many rows tell the same moment, state or actor
