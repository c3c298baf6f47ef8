"""A round may hand out articles as they come in."""

import sqlalchemy as sa
from alembic import op

from webapp.migrating import everything_kept

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with everything_kept(op.get_bind()):
        op.add_column(
            "round", sa.Column("hands_out_new", sa.Boolean(), nullable=False, server_default=sa.text("false"))
        )


def downgrade() -> None:
    with everything_kept(op.get_bind(), gone={"round.hands_out_new"}):
        op.drop_column("round", "hands_out_new")
