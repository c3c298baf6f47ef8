"""Indexes along which the audit record and the ledger of claims are listed and filtered."""

import sqlalchemy as sa
from alembic import op

from webapp.migrating import everything_kept

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_audit_event_what_id": ("audit_event", ["what", "id"]),
    "ix_audit_event_project_id_id": ("audit_event", ["project_id", "id"]),
    "ix_claim_project_id_created_at": ("claim", ["project_id", "created_at"]),
}
IS_SET = sa.text("look_again_by IS NOT NULL")


def upgrade() -> None:
    with everything_kept(op.get_bind()):
        op.drop_index("ix_claim_project_id", "claim")
        for name, (table, columns) in INDEXES.items():
            op.create_index(name, table, columns)
        op.create_index(
            "ix_assessment_look_again_by",
            "assessment",
            ["look_again_by"],
            sqlite_where=IS_SET,
            postgresql_where=IS_SET,
        )


def downgrade() -> None:
    with everything_kept(op.get_bind()):
        op.drop_index("ix_assessment_look_again_by", "assessment")
        for name, (table, _) in INDEXES.items():
            op.drop_index(name, table)
        op.create_index("ix_claim_project_id", "claim", ["project_id"])
