"""A round may train or test by the gold of an earlier one, and let in only who passed."""

import sqlalchemy as sa
from alembic import op

from webapp.migrating import everything_kept, refuse, to

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with everything_kept(op.get_bind()):
        op.create_table(
            "round_rule",
            sa.Column("round_id", sa.Integer(), autoincrement=False, nullable=False),
            sa.Column("key_round_id", sa.Integer(), nullable=True),
            sa.Column("pass_mark", sa.Integer(), nullable=True),
            sa.Column("by_lower_end", sa.Boolean(), nullable=False),
            sa.Column("entry_round_id", sa.Integer(), nullable=True),
            sa.CheckConstraint("pass_mark >= 1 AND pass_mark <= 100", name=op.f("ck_round_rule_pass_mark")),
            sa.CheckConstraint("pass_mark IS NULL OR key_round_id IS NOT NULL", name=op.f("ck_round_rule_key")),
            sa.CheckConstraint(
                "key_round_id IS NOT NULL OR entry_round_id IS NOT NULL", name=op.f("ck_round_rule_asks")
            ),
            to("round_rule", "round_id", "round"),
            to("round_rule", "key_round_id", "round"),
            to("round_rule", "entry_round_id", "round"),
            sa.PrimaryKeyConstraint("round_id", name=op.f("pk_round_rule")),
        )


def downgrade() -> None:
    connection = op.get_bind()
    refuse(
        connection,
        {
            "SELECT count(*) FROM round_rule": "{count:,} rounds train, test or let in only who passed, which the older "
            "version cannot hold; restore a backup instead."
        },
    )
    with everything_kept(connection, gone={"round_rule"}):
        op.drop_table("round_rule")
