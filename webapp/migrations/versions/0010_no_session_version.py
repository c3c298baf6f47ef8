"""What once counted a person's sessions up is gone, since they are rows."""

import time

import sqlalchemy as sa
from alembic import op

from webapp.migrating import everything_kept

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with everything_kept(op.get_bind(), gone={"user.session_version"}):
        op.drop_column("user", "session_version")


def downgrade() -> None:
    # Larger than any that a cookie of before may still hold: none of them opens anything again.
    above_all = str(int(time.time()))
    with everything_kept(op.get_bind()):
        op.add_column("user", sa.Column("session_version", sa.Integer(), nullable=False, server_default=above_all))
