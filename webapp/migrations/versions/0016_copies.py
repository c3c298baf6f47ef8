"""Copies of evidence: files kept in pieces, with their hash."""

import sqlalchemy as sa
from alembic import op

from webapp.migrating import everything_kept, refuse

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

UUID_ = sa.Uuid(native_uuid=False)


def upgrade() -> None:
    with everything_kept(op.get_bind()):
        op.create_table(
            "evidence_copy",
            sa.Column("id", UUID_, nullable=False),
            sa.Column("claim_id", UUID_, nullable=False),
            sa.Column("evidence_id", UUID_, nullable=False),
            sa.Column("author_id", sa.Integer(), nullable=False),
            sa.Column("name", sa.Text(), nullable=False),
            sa.Column("size", sa.Integer(), nullable=False),
            sa.Column("sha256", sa.Text(), nullable=False),
            sa.Column("created_at", sa.DateTime(), nullable=False),
            sa.Column("blanked_at", sa.DateTime(), nullable=True),
            sa.Column("blanked_by_id", sa.Integer(), nullable=True),
            sa.Column("blanked_why", sa.Text(), nullable=True),
            sa.CheckConstraint("size >= 1", name=op.f("ck_evidence_copy_size")),
            sa.CheckConstraint(
                "(blanked_at IS NULL) = (blanked_why IS NULL)", name=op.f("ck_evidence_copy_blanked_with_why")
            ),
            sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_evidence_copy_claim_id")),
            sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_evidence_copy_author_id")),
            sa.ForeignKeyConstraint(["blanked_by_id"], ["user.id"], name=op.f("fk_evidence_copy_blanked_by_id")),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_copy")),
        )
        op.create_index("ix_evidence_copy_claim_id", "evidence_copy", ["claim_id"])
        op.create_index("ix_evidence_copy_evidence_id", "evidence_copy", ["evidence_id"])
        op.create_table(
            "evidence_piece",
            sa.Column("copy_id", UUID_, nullable=False),
            sa.Column("position", sa.Integer(), nullable=False),
            sa.Column("data", sa.LargeBinary(), nullable=False),
            sa.ForeignKeyConstraint(["copy_id"], ["evidence_copy.id"], name=op.f("fk_evidence_piece_copy_id")),
            sa.PrimaryKeyConstraint("copy_id", "position", name=op.f("pk_evidence_piece")),
        )


def downgrade() -> None:
    connection = op.get_bind()
    refuse(
        connection,
        {
            "SELECT count(*) FROM evidence_copy": "{count:,} copies of evidence are on record, which the older version "
            "cannot hold; restore a backup instead."
        },
    )
    with everything_kept(connection, gone=("evidence_copy", "evidence_piece")):
        op.drop_table("evidence_piece")
        op.drop_table("evidence_copy")
