"""The own tag of whoever adjudicates is kept at once, in a table of its own; those of earlier decisions come along."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TAGS = "'FACT', 'ATTRIBUTION', 'SPECULATION', 'OPINION', 'NOT_CODABLE'"


def upgrade() -> None:
    op.create_table(
        "first_tag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sentence_id", sa.Integer(), nullable=False),
        sa.Column("adjudicator_id", sa.Integer(), nullable=False),
        sa.Column("tag", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(f"tag IN ({TAGS})", name=op.f("ck_first_tag_tag")),
        sa.ForeignKeyConstraint(["sentence_id"], ["sentence.id"], name=op.f("fk_first_tag_sentence_id")),
        sa.ForeignKeyConstraint(["adjudicator_id"], ["user.id"], name=op.f("fk_first_tag_adjudicator_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_first_tag")),
        sa.UniqueConstraint("sentence_id", "adjudicator_id", name=op.f("uq_first_tag_sentence_id_adjudicator_id")),
    )
    op.create_index(op.f("ix_first_tag_adjudicator_id"), "first_tag", ["adjudicator_id"])
    op.execute(
        "INSERT INTO first_tag (sentence_id, adjudicator_id, tag, at) "
        "SELECT sentence_id, adjudicator_id, first_tag, at FROM adjudication AS decision WHERE version = ("
        "SELECT min(version) FROM adjudication AS earlier WHERE earlier.sentence_id = decision.sentence_id "
        "AND earlier.adjudicator_id = decision.adjudicator_id AND earlier.first_tag IS NOT NULL)"
    )


def downgrade() -> None:
    op.drop_table("first_tag")
