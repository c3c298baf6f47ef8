"""What relative dates in articles were resolved to."""

import sqlalchemy as sa
from alembic import op

from webapp.migrating import everything_kept, refuse

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with everything_kept(op.get_bind()):
        op.create_table(
            "date_reading",
            sa.Column("article_id", sa.Integer(), nullable=False),
            sa.Column("start", sa.Integer(), nullable=False),
            sa.Column("end", sa.Integer(), nullable=False),
            sa.Column("author_id", sa.Integer(), nullable=False),
            sa.Column("words", sa.Text(), nullable=False),
            sa.Column("resolved", sa.Text(), nullable=True),
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("version", sa.Integer(), nullable=False),
            sa.Column("is_current", sa.Boolean(), nullable=False),
            sa.Column("client_id", sa.Uuid(native_uuid=False), nullable=False),
            sa.Column("created_at", sa.DateTime(), nullable=False),
            sa.CheckConstraint('start >= 0 AND "end" > start', name=op.f("ck_date_reading_span")),
            sa.CheckConstraint("version >= 1", name=op.f("ck_date_reading_version")),
            sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_date_reading_article_id")),
            sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_date_reading_author_id")),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_date_reading")),
            sa.UniqueConstraint(
                "article_id",
                "start",
                "end",
                "author_id",
                "version",
                name=op.f("uq_date_reading_article_id_start_end_author_id_version"),
            ),
            sa.UniqueConstraint("author_id", "client_id", name=op.f("uq_date_reading_author_id_client_id")),
        )
        op.create_index(
            "uq_date_reading_current",
            "date_reading",
            ["article_id", "start", "end", "author_id"],
            unique=True,
            sqlite_where=sa.text("is_current = 1"),
            postgresql_where=sa.text("is_current"),
        )


def downgrade() -> None:
    connection = op.get_bind()
    refuse(
        connection,
        {
            "SELECT count(*) FROM date_reading": "{count:,} relative dates were resolved, which the older version "
            "cannot hold; restore a backup instead."
        },
    )
    with everything_kept(connection, gone={"date_reading"}):
        op.drop_table("date_reading")
