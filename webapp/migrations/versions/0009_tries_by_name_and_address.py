"""Wrong passwords are looked up by name and address together."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index(op.f("ix_sign_in_attempt_name_at"), "sign_in_attempt")
    op.drop_index(op.f("ix_sign_in_attempt_address_at"), "sign_in_attempt")
    op.create_index(op.f("ix_sign_in_attempt_name_address_at"), "sign_in_attempt", ["name", "address", "at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_sign_in_attempt_name_address_at"), "sign_in_attempt")
    op.create_index(op.f("ix_sign_in_attempt_name_at"), "sign_in_attempt", ["name", "at"])
    op.create_index(op.f("ix_sign_in_attempt_address_at"), "sign_in_attempt", ["address", "at"])
