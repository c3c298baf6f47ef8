"""Indexes by which names of sources are walked in order while somebody looks one up."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from webapp.migrating import everything_kept

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

KEYS = {"source_entry": "name_key", "source_alias": "alias_key"}
OF_CURRENT: dict[str, Any] = {
    "sqlite_where": sa.text("is_current = 1"),
    "postgresql_where": sa.text("is_current"),
}


def upgrade() -> None:
    with everything_kept(op.get_bind()):
        for table, key in KEYS.items():
            op.create_index(f"ix_{table}_{key}", table, [key], **OF_CURRENT)


def downgrade() -> None:
    with everything_kept(op.get_bind()):
        for table, key in KEYS.items():
            op.drop_index(f"ix_{table}_{key}", table)
