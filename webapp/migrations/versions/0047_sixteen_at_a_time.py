"""On SQLite parts of the indexes into which imports write are merged sixteen at a time, no longer eight."""

from alembic import op

from webapp import word_index
from webapp.migrating import everything_kept

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    with everything_kept(connection):
        for table in (word_index.SENTENCES, word_index.PASSAGES):
            word_index.leave_merging_to_writers(connection, table)


def downgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    with everything_kept(connection):
        for table in (word_index.SENTENCES, word_index.PASSAGES):
            for setting, value in (("usermerge", 8), ("crisismerge", 16)):
                connection.exec_driver_sql(f"INSERT INTO {table} ({table}, rank) VALUES (?, ?)", (setting, value))
