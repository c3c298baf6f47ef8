"""Sentences that are not part of their article."""

import sqlalchemy as sa
from alembic import op

from webapp.migrating import create_revisions, everything_kept, one_of, refuse, to

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

WHY = ("byline", "caption", "table_row", "other")


def upgrade() -> None:
    with everything_kept(op.get_bind()):
        op.add_column(
            "sentence", sa.Column("is_excluded", sa.Boolean(), nullable=False, server_default=sa.text("false"))
        )
        create_revisions(
            "exclusion",
            ["sentence_id"],
            "author_id",
            sa.Column("sentence_id", sa.Integer(), nullable=False),
            sa.Column("author_id", sa.Integer(), nullable=False),
            sa.Column("why", sa.String(40)),
            one_of("exclusion", "why", WHY, or_null=True),
            to("exclusion", "sentence_id", "sentence"),
            to("exclusion", "author_id", "user"),
        )


def downgrade() -> None:
    connection = op.get_bind()
    refuse(
        connection,
        {
            "SELECT count(*) FROM exclusion": "{count:,} sentences were taken out of their articles or back in, which "
            "the older version cannot hold; restore a backup instead."
        },
    )
    with everything_kept(connection, gone={"exclusion", "sentence.is_excluded"}):
        _drop_triggers(connection)
        op.drop_table("exclusion")
        op.drop_column("sentence", "is_excluded")


def _drop_triggers(connection: sa.Connection) -> None:
    """Those that name the column; whichever the older version has are put again behind its migrations."""
    if connection.dialect.name != "sqlite":
        op.execute("DROP TRIGGER IF EXISTS sentence_is_part ON sentence")
        return
    names = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%is_excluded%'"
    for name in connection.exec_driver_sql(names).scalars().all():
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
