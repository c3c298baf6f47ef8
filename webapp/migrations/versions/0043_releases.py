"""A closed round is released: its figures are pinned as they were."""

import sqlalchemy as sa
from alembic import op

from webapp.migrating import everything_kept, refuse, to

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with everything_kept(op.get_bind()):
        op.create_table(
            "release",
            sa.Column("round_id", sa.Integer(), autoincrement=False, nullable=False),
            sa.Column("released_at", sa.DateTime(), nullable=False),
            sa.Column("released_by_id", sa.Integer(), nullable=False),
            sa.Column("app_version", sa.Text(), nullable=False),
            sa.Column("figures", sa.Text(), nullable=False),
            sa.Column("figures_sha256", sa.Text(), nullable=False),
            sa.Column("package_sha256", sa.Text(), nullable=True),
            sa.CheckConstraint("length(figures_sha256) = 64", name=op.f("ck_release_figures_sha256")),
            to("release", "round_id", "round"),
            to("release", "released_by_id", "user"),
            sa.PrimaryKeyConstraint("round_id", name=op.f("pk_release")),
        )


def downgrade() -> None:
    connection = op.get_bind()
    refuse(
        connection,
        {
            "SELECT count(*) FROM release": "{count:,} rounds were released, which the older version cannot hold; "
            "restore a backup instead."
        },
    )
    with everything_kept(connection, gone={"release"}):
        op.drop_table("release")
