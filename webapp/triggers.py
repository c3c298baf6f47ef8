"""What the database itself keeps: what was answered, said or done stays as it was, and what is counted is counted."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, inspect

from webapp.counting_triggers import put_counting_triggers
from webapp.models.revisions import REGISTRY


def put_triggers(connection: Connection) -> set[str]:
    """Create every trigger anew, for the tables there are: SQLite forgets those of a table it rebuilds. Their names.

    A table of an older schema, without some of the columns that never change, goes by the older rules: it has none.
    """
    names: set[str] = set()
    there = set(inspect(connection).get_table_names())
    for table in [name for name in REGISTRY if name in there]:
        columns = [column["name"] for column in inspect(connection).get_columns(table)]
        if not set(REGISTRY[table].never_changes) <= set(columns):
            continue
        fixed = REGISTRY[table].fixed(columns)
        names.add(_put(connection, table, "delete", None))
        names.add(_put(connection, table, "update", fixed))
        if connection.dialect.name == "sqlite":
            names |= _refuse_replacing(connection, table, columns, [name for name in columns if name not in fixed])
    return names | put_counting_triggers(connection, there)


def _put(connection: Connection, table: str, event: str, columns: list[str] | None) -> str:
    """One trigger that refuses deleting a row, or changing one of these columns; its name."""
    name = f"{table}_keeps_{'rows' if event == 'delete' else 'values'}"
    message = f"rows of {table} are never deleted" if event == "delete" else f"this column of {table} never changes"
    is_sqlite = connection.dialect.name == "sqlite"
    # PostgreSQL does not compare JSON; as text it does.
    differs = 'OLD."{0}" IS NOT NEW."{0}"' if is_sqlite else 'OLD."{0}"::text IS DISTINCT FROM NEW."{0}"::text'
    changed = " OR ".join(differs.format(column) for column in columns or ())
    if is_sqlite:
        return _put_sqlite(connection, name, f'{event} ON "{table}"', changed, message)
    connection.exec_driver_sql(
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    when = f"WHEN ({changed}) " if changed else ""
    connection.exec_driver_sql(f'DROP TRIGGER IF EXISTS {name} ON "{table}"')
    connection.exec_driver_sql(
        f'CREATE TRIGGER {name} BEFORE {event} ON "{table}" FOR EACH ROW {when}EXECUTE FUNCTION {name}()'
    )
    return name


def _put_sqlite(connection: Connection, name: str, event: str, condition: str, message: str) -> str:
    when = f"WHEN ({condition}) " if condition else ""
    connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
    connection.exec_driver_sql(
        f"CREATE TRIGGER {name} BEFORE {event} {when}BEGIN SELECT RAISE(ABORT, '{message}'); END"
    )
    return name


# ---- what REPLACE would remove


@dataclass(frozen=True)
class _Key:
    """Columns of a table whose values no two rows share, and the rows that this holds for (empty: all)."""

    columns: tuple[tuple[str, str], ...]
    """Each with the collation by which its values are compared."""
    holds_for: str = ""

    def is_taken(self, table: str, names: Iterable[str]) -> str:
        """The condition that another row has the key of NEW."""
        same = [f'"{name}" = NEW."{name}" COLLATE {collation}' for name, collation in self.columns]
        found = " AND ".join([*same, f"({self.holds_for})"] if self.holds_for else same)
        exists = f'EXISTS (SELECT 1 FROM "{table}" WHERE {found}'
        return f"({self._of_new(names)}) AND {exists}" if self.holds_for else exists

    def concerns(self, columns: Iterable[str]) -> bool:
        """Whether a change of one of these columns may give a row the key of another."""
        own = {name for name, _ in self.columns}
        return any(name in own or re.search(rf"\b{name}\b", self.holds_for) for name in columns)

    def _of_new(self, names: Iterable[str]) -> str:
        return re.sub(rf"\"?\b({'|'.join(names)})\b\"?", r'NEW."\1"', self.holds_for)


def _refuse_replacing(connection: Connection, table: str, names: list[str], changeable: list[str]) -> set[str]:
    """Refuse a row whose key is taken before INSERT or UPDATE OR REPLACE removes the row that has it.

    SQLite asks the trigger on DELETE then only where `recursive_triggers` is on, which a shell leaves off.
    """
    keys, message = list(_keys(connection, table)), f"rows of {table} are never replaced"
    taken = " OR ".join(key.is_taken(table, names) + ")" for key in keys)
    put = {_put_sqlite(connection, f"{table}_keeps_keys", f'INSERT ON "{table}"', taken, message)}
    moved = " OR ".join(
        f"{key.is_taken(table, names)} AND rowid <> OLD.rowid)" for key in keys if key.concerns(changeable)
    )
    if moved:
        columns = ", ".join(f'"{name}"' for name in changeable)
        event = f'UPDATE OF {columns} ON "{table}"'
        put.add(_put_sqlite(connection, f"{table}_keeps_other_rows", event, moved, message))
    return put


def _keys(connection: Connection, table: str) -> Iterator[_Key]:
    """Every key of the table: its primary key and its unique indexes, those of some rows only among them."""
    primary = inspect(connection).get_pk_constraint(table)["constrained_columns"]
    if len(primary) == 1:  # a row number, which is in no index
        yield _Key(((primary[0], "BINARY"),))
    for index in connection.exec_driver_sql(f'PRAGMA index_list("{table}")').mappings().all():
        if not index["unique"]:
            continue
        parts = connection.exec_driver_sql(f'PRAGMA index_xinfo("{index["name"]}")').mappings().all()
        columns = tuple((part["name"], part["coll"]) for part in parts if part["key"])
        if not all(name for name, _ in columns):
            raise RuntimeError(f"{index['name']} is unique over an expression, which triggers.py cannot guard.")
        yield _Key(columns, _condition_of(connection, index["name"]) if index["partial"] else "")


def _condition_of(connection: Connection, index: str) -> str:
    statement = "SELECT sql FROM sqlite_master WHERE type = 'index' AND name = ?"
    sql = connection.exec_driver_sql(statement, (index,)).scalar_one()
    return re.split(r"\bWHERE\b", sql, maxsplit=1, flags=re.IGNORECASE)[1].strip()
