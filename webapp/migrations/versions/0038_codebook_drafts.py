"""A project writes the next version of its codebook; decisions are found by the rule that they name."""

import sqlalchemy as sa
from alembic import op

from webapp.migrating import everything_kept, refuse, to

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with everything_kept(op.get_bind()):
        op.create_table(
            "codebook_draft",
            sa.Column("project_id", sa.Integer(), nullable=False),
            sa.Column("base_id", sa.Integer(), nullable=False),
            sa.Column("text", sa.Text(), nullable=False),
            sa.Column("version", sa.Integer(), nullable=False),
            sa.Column("author_id", sa.Integer(), nullable=False),
            sa.Column("saved_at", sa.DateTime(), nullable=False),
            to("codebook_draft", "project_id", "project"),
            to("codebook_draft", "base_id", "codebook"),
            to("codebook_draft", "author_id", "user"),
            sa.PrimaryKeyConstraint("project_id", name=op.f("pk_codebook_draft")),
        )
        op.create_index(
            "ix_adjudication_rule",
            "adjudication",
            ["round_id", "deciding_rule", "id"],
            sqlite_where=sa.text("is_current = 1 AND deciding_rule IS NOT NULL"),
            postgresql_where=sa.text("is_current AND deciding_rule IS NOT NULL"),
        )


def downgrade() -> None:
    connection = op.get_bind()
    refuse(
        connection,
        {
            "SELECT count(*) FROM codebook_draft": "{count:,} drafts of a codebook are being written, which the older "
            "version cannot hold; publish or discard them first."
        },
    )
    with everything_kept(connection, gone={"codebook_draft"}):
        op.drop_index("ix_adjudication_rule", table_name="adjudication")
        op.drop_table("codebook_draft")
