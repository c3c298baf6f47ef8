"""The audit records how whoever acted came in; events from before keep none."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE audit_event ADD COLUMN via VARCHAR(40) CONSTRAINT ck_audit_event_via "
        "CHECK (via IS NULL OR via IN ('session', 'token', 'shell', 'machine'))"
    )


def downgrade() -> None:
    # The trigger names every column; env.py makes it anew.
    on_table = "" if op.get_bind().dialect.name == "sqlite" else " ON audit_event"
    op.execute(f"DROP TRIGGER audit_event_keeps_values{on_table}")
    op.execute("ALTER TABLE audit_event DROP COLUMN via")
