"""What happened to people's work is told to them in the app."""

import sqlalchemy as sa
from alembic import op

from webapp.migrating import everything_kept

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

UNREAD = sa.text("read_at IS NULL")


def upgrade() -> None:
    with everything_kept(op.get_bind()):
        op.create_table(
            "inbox_entry",
            sa.Column("id", sa.Uuid(native_uuid=False), nullable=False),
            sa.Column("user_id", sa.Integer(), nullable=False),
            sa.Column("round_id", sa.Integer(), nullable=False),
            sa.Column("article_id", sa.Integer(), nullable=True),
            sa.Column("what", sa.String(40), nullable=False),
            sa.Column("number", sa.Integer(), nullable=False),
            sa.Column("why", sa.Text(), nullable=True),
            sa.Column("at", sa.DateTime(), nullable=False),
            sa.Column("read_at", sa.DateTime(), nullable=True),
            sa.CheckConstraint("what IN ('assigned', 'returned', 'settled')", name=op.f("ck_inbox_entry_what")),
            sa.CheckConstraint("number >= 1", name=op.f("ck_inbox_entry_number")),
            sa.CheckConstraint("article_id IS NOT NULL OR number > 1", name=op.f("ck_inbox_entry_article")),
            sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_inbox_entry_user_id")),
            sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_inbox_entry_round_id")),
            sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_inbox_entry_article_id")),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox_entry")),
        )
        op.create_index("ix_inbox_entry_user_id_at_id", "inbox_entry", ["user_id", "at", "id"])
        op.create_index(
            "ix_inbox_entry_unread",
            "inbox_entry",
            ["user_id", "article_id"],
            sqlite_where=UNREAD,
            postgresql_where=UNREAD,
        )


def downgrade() -> None:
    """What it tells of is on record where it happened; only that it was told, and read, is lost."""
    with everything_kept(op.get_bind(), gone={"inbox_entry"}):
        op.drop_table("inbox_entry")
