"""A draft keeps the sentences that its text was split into; those from before have none, and are split when read."""

import sqlalchemy as sa
from alembic import op

from webapp.migrating import everything_kept

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with everything_kept(op.get_bind()):
        op.add_column("draft", sa.Column("spans", sa.JSON(), nullable=True))


def downgrade() -> None:
    with everything_kept(op.get_bind(), gone={"draft.spans"}):
        op.drop_column("draft", "spans")
