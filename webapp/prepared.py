"""Statements that are asked with every key at the desk: compiled once, run by the database's own driver.

SQLAlchemy looks a statement over at each execution. For the four of a save that was a third of its time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Dialect, Insert, Select, Update

Conversion = Callable[[Any], Any] | None


class Prepared:
    """A statement whose values are given by name; its types convert them, and the rows, as everywhere else.

    What is no plain value is not for this: no list for an IN, no default that Python fills in.
    """

    def __init__(self, statement: Select[*tuple[Any, ...]] | Insert | Update) -> None:
        self._statement = statement
        self._compiled: dict[str, _Compiled] = {}

    def run(self, connection: Connection, **values: Any) -> list[tuple[Any, ...]]:
        """Execute in the connection's transaction, which has begun; the rows of a SELECT, of all else none.

        Raises the driver's own errors, and KeyError for a value that is missing.
        """
        dialect = connection.dialect
        compiled = self._compiled.get(dialect.name) or self._compile(dialect)
        given = compiled.constants | values
        bound = {name: convert(given[name]) if convert else given[name] for name, convert in compiled.into}
        cursor = connection.connection.cursor()
        try:
            cursor.execute(compiled.sql, [bound[name] for name in compiled.order] if compiled.order else bound)
            return [
                tuple(convert(value) if convert else value for convert, value in zip(compiled.out, row, strict=True))
                for row in (cursor.fetchall() if compiled.out else ())
            ]
        finally:
            cursor.close()

    def _compile(self, dialect: Dialect) -> "_Compiled":
        compiled = self._statement.compile(dialect=dialect)
        columns = self._statement.selected_columns if isinstance(self._statement, Select) else ()
        made = _Compiled(
            str(compiled),
            list(compiled.positiontup or ()),
            {name: bind.value for name, bind in compiled.binds.items() if not bind.required},
            [(name, bind.type.dialect_impl(dialect).bind_processor(dialect)) for name, bind in compiled.binds.items()],
            [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns],
        )
        self._compiled[dialect.name] = made
        return made


@dataclass(frozen=True)
class _Compiled:
    sql: str
    order: list[str]
    """Of the values, where the driver takes them by position."""
    constants: dict[str, Any]
    """Values that stand in the statement itself."""
    into: list[tuple[str, Conversion]]
    out: list[Conversion]
