"""Work may be handed over: a state of its own, in which it is closed and its answers stay on record."""

import sqlalchemy as sa
from alembic import op

from webapp.migrating import everything_kept, rebuild, refuse

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

TABLES = ("assignment", "work_count")
BEFORE = "('assigned', 'started', 'submitted', 'returned', 'withdrawn')"
AFTER = BEFORE.replace(")", ", 'handed_over')")


def upgrade() -> None:
    connection = op.get_bind()
    with everything_kept(connection):
        for table in TABLES:
            _allow(connection, table, BEFORE, AFTER)


def _allow(connection: sa.Connection, table: str, before: str, after: str) -> None:
    if connection.dialect.name == "sqlite":
        rebuild(connection, table, [(f"state IN {before}", f"state IN {after}")])
        return
    name = op.f(f"ck_{table}_state")
    op.drop_constraint(name, table, type_="check")
    op.create_check_constraint(name, table, f"state IN {after}")


def downgrade() -> None:
    connection = op.get_bind()
    refuse(
        connection,
        {
            "SELECT count(*) FROM assignment WHERE state = 'handed_over'": "{count:,} pieces of work were handed over, "
            "which the older version cannot hold; restore a backup instead."
        },
    )
    with everything_kept(connection, gone={"work_count"}):
        op.execute("DELETE FROM work_count WHERE state = 'handed_over'")
        for table in TABLES:
            _allow(connection, table, AFTER, BEFORE)
