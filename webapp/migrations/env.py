"""How Alembic runs here: foreign keys off while SQLite rebuilds tables, checked after, triggers put back."""

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from webapp import schema
from webapp.db import Base, db
from webapp.domain.errors import MigrationRefused
from webapp.migrating import require_declared
from webapp.triggers import put_triggers


def run_migrations() -> None:
    try:
        with db.engine.connect() as connection:
            _run_on(connection)
    finally:
        # No connection of the pool may live on with foreign keys off.
        db.engine.dispose()


def _run_on(connection: Connection) -> None:
    is_sqlite = connection.dialect.name == "sqlite"
    if is_sqlite:
        # Rebuilding a table drops it, and the drop would take its children along.
        _pragma(connection, "foreign_keys=OFF")
        _pragma(connection, "busy_timeout=10000")
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        # SQLite can, once it is left to us to say BEGIN: all migrations happen, or none does.
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()
        triggers = put_triggers(connection)
        if is_sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()):
            raise MigrationRefused(f"The migration broke {len(broken)} references, the first in {broken[0][0]}.")
        if context.get_context().get_current_revision() == schema.newest():
            require_declared(connection, Base.metadata, triggers)


def _pragma(connection: Connection, pragma: str) -> None:
    driver_connection = connection.connection.driver_connection
    assert driver_connection is not None
    driver_connection.execute(f"PRAGMA {pragma}")


if context.is_offline_mode():
    raise SystemExit("Migrations run against a database, not into a file.")
assert current_app
run_migrations()
