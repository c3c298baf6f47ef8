"""Which articles of a round were drawn, and the chance that each had."""

import sqlalchemy as sa
from alembic import op

from webapp.migrating import everything_kept, refuse

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with everything_kept(op.get_bind()):
        op.create_table(
            "round_article",
            sa.Column("round_id", sa.Integer(), nullable=False),
            sa.Column("article_id", sa.Integer(), nullable=False),
            sa.Column("drawn", sa.Boolean(), nullable=False),
            sa.Column("stratum", sa.Text(), nullable=False),
            sa.Column("places", sa.Integer(), nullable=False),
            sa.Column("among", sa.Integer(), nullable=False),
            sa.CheckConstraint("places >= 1 AND places <= among", name=op.f("ck_round_article_chance")),
            sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_round_article_round_id")),
            sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_round_article_article_id")),
            sa.PrimaryKeyConstraint("round_id", "article_id", name=op.f("pk_round_article")),
        )
        op.create_index(op.f("ix_round_article_article_id"), "round_article", ["article_id"])


def downgrade() -> None:
    connection = op.get_bind()
    refuse(
        connection,
        {
            "SELECT count(*) FROM round_article": "{count:,} articles have a known chance of being drawn, which the "
            "older version cannot hold; restore a backup instead."
        },
    )
    with everything_kept(connection, gone={"round_article"}):
        op.drop_table("round_article")
