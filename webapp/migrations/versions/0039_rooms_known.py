"""Which rooms a person knows: the line of their first visit was put away."""

import sqlalchemy as sa
from alembic import op

from webapp.migrating import everything_kept

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with everything_kept(op.get_bind()):
        op.add_column("user", sa.Column("rooms_known", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    with everything_kept(op.get_bind(), gone={"user.rooms_known"}):
        op.drop_column("user", "rooms_known")
