"""An index of the answers that their authors still have to confirm after a repair."""

import sqlalchemy as sa
from alembic import op

from webapp.migrating import everything_kept

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with everything_kept(op.get_bind()):
        op.create_index(
            "ix_annotation_to_confirm",
            "annotation",
            ["analyst_id"],
            sqlite_where=sa.text("to_confirm = 1 AND is_current = 1"),
            postgresql_where=sa.text("to_confirm AND is_current"),
        )


def downgrade() -> None:
    with everything_kept(op.get_bind()):
        op.drop_index("ix_annotation_to_confirm", "annotation")
