"""A few numbers of each article's text, by which articles with the same passages find each other."""

import sqlalchemy as sa
from alembic import op

from webapp.migrating import everything_kept

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # It is filled by 0027, which makes it anew.
    with everything_kept(op.get_bind()):
        op.create_table(
            "passage_hash",
            sa.Column("project_id", sa.Integer(), sa.ForeignKey("project.id"), nullable=False),
            sa.Column("hash", sa.Integer(), nullable=False),
            sa.Column("article_id", sa.Integer(), sa.ForeignKey("article.id"), nullable=False),
            sa.PrimaryKeyConstraint("project_id", "hash", "article_id"),
            sqlite_with_rowid=False,
        )


def downgrade() -> None:
    with everything_kept(op.get_bind(), gone={"passage_hash"}):
        op.drop_table("passage_hash")
