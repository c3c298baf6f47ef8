"""Rules about the past that the database itself keeps: what was answered, said or done stays as it was."""

from sqlalchemy import Connection, inspect

# table: columns that may change later; every other column, and the row itself, stays.
APPEND_ONLY: dict[str, tuple[str, ...]] = {
    "annotation": ("is_current",),
    "corroboration_note": ("is_current",),
    "sentence": ("retired_in",),
    "segmentation_edit": (),
    "submission": ("returned_at", "returned_by_id", "returned_why"),
    "submission_annotation": (),
    "adjudication": (),
    "codebook": (),
    "audit_event": (),
}
# table: columns that never change, in rows that otherwise may.
FIXED: dict[str, tuple[str, ...]] = {
    "article": ("text", "text_sha256", "original", "original_sha256", "project_id"),
}


def put_triggers(connection: Connection) -> None:
    """Create every trigger anew, for the tables there are: SQLite forgets those of a table it rebuilds."""
    there = set(inspect(connection).get_table_names())
    for table, changeable in APPEND_ONLY.items():
        if table in there:
            columns = [column["name"] for column in inspect(connection).get_columns(table)]
            _put(connection, table, "delete", None)
            _put(connection, table, "update", [name for name in columns if name not in changeable])
    for table, fixed in FIXED.items():
        if table in there:
            _put(connection, table, "delete", None)
            _put(connection, table, "update", list(fixed))


def _put(connection: Connection, table: str, event: str, columns: list[str] | None) -> None:
    """One trigger that refuses deleting a row, or changing one of these columns."""
    name = f"{table}_keeps_{'rows' if event == 'delete' else 'values'}"
    message = f"rows of {table} are never deleted" if event == "delete" else f"this column of {table} never changes"
    is_sqlite = connection.dialect.name == "sqlite"
    # PostgreSQL does not compare JSON; as text it does.
    differs = 'OLD."{0}" IS NOT NEW."{0}"' if is_sqlite else 'OLD."{0}"::text IS DISTINCT FROM NEW."{0}"::text'
    changed = " OR ".join(differs.format(column) for column in columns or ())
    when = f"WHEN ({changed}) " if columns else ""
    if is_sqlite:
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
        connection.exec_driver_sql(
            f"CREATE TRIGGER {name} BEFORE {event} ON \"{table}\" {when}BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )
        return
    connection.exec_driver_sql(
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{message}'; END $$"
    )
    connection.exec_driver_sql(f'DROP TRIGGER IF EXISTS {name} ON "{table}"')
    connection.exec_driver_sql(
        f'CREATE TRIGGER {name} BEFORE {event} ON "{table}" FOR EACH ROW {when}EXECUTE FUNCTION {name}()'
    )
