"""Adjudication: the gold tags, and whether who decides tags first."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TAGS = "'FACT', 'ATTRIBUTION', 'SPECULATION', 'OPINION', 'NOT_CODABLE'"
RULES = ", ".join(f"'R{number}'" for number in range(1, 23)) + ", 'codebook_gap'"


def upgrade() -> None:
    op.execute("ALTER TABLE project ADD COLUMN own_tag_first BOOLEAN NOT NULL DEFAULT false")
    op.create_table(
        "adjudication",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sentence_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("gold_tag", sa.String(length=40), nullable=False),
        sa.Column("method", sa.String(length=40), nullable=False),
        sa.Column("deciding_rule", sa.String(length=40), nullable=True),
        sa.Column("cause", sa.String(length=40), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("first_tag", sa.String(length=40), nullable=True),
        sa.Column("adjudicator_id", sa.Integer(), nullable=False),
        sa.Column("codebook_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("n_coders", sa.Integer(), nullable=False),
        sa.Column("votes_fact", sa.Integer(), nullable=False),
        sa.Column("votes_attribution", sa.Integer(), nullable=False),
        sa.Column("votes_speculation", sa.Integer(), nullable=False),
        sa.Column("votes_opinion", sa.Integer(), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_adjudication_version")),
        sa.CheckConstraint(
            "votes_fact >= 0 AND votes_attribution >= 0 AND votes_speculation >= 0 AND votes_opinion >= 0 "
            "AND votes_fact + votes_attribution + votes_speculation + votes_opinion <= n_coders",
            name=op.f("ck_adjudication_votes"),
        ),
        sa.CheckConstraint(
            "(method = 'unanimous' AND deciding_rule IS NULL AND cause IS NULL AND reason IS NULL) OR "
            "(method = 'adjudicated' AND deciding_rule IS NOT NULL AND cause IS NOT NULL AND reason IS NOT NULL "
            "AND length(trim(reason)) > 0)",
            name=op.f("ck_adjudication_why"),
        ),
        sa.CheckConstraint(f"gold_tag IN ({TAGS})", name=op.f("ck_adjudication_gold_tag")),
        sa.CheckConstraint("method IN ('adjudicated', 'unanimous')", name=op.f("ck_adjudication_method")),
        sa.CheckConstraint(f"deciding_rule IN ({RULES})", name=op.f("ck_adjudication_deciding_rule")),
        sa.CheckConstraint(
            "cause IN ('unclear_rule', 'slip', 'truly_mixed', 'missing_context', 'bad_split')",
            name=op.f("ck_adjudication_cause"),
        ),
        sa.CheckConstraint(f"first_tag IN ({TAGS})", name=op.f("ck_adjudication_first_tag")),
        sa.ForeignKeyConstraint(["sentence_id"], ["sentence.id"], name=op.f("fk_adjudication_sentence_id")),
        sa.ForeignKeyConstraint(["adjudicator_id"], ["user.id"], name=op.f("fk_adjudication_adjudicator_id")),
        sa.ForeignKeyConstraint(["codebook_id"], ["codebook.id"], name=op.f("fk_adjudication_codebook_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adjudication")),
        sa.UniqueConstraint("sentence_id", "version", name=op.f("uq_adjudication_sentence_id_version")),
    )
    op.create_index(op.f("ix_adjudication_adjudicator_id"), "adjudication", ["adjudicator_id"])


def downgrade() -> None:
    op.drop_table("adjudication")
    op.execute("ALTER TABLE project DROP COLUMN own_tag_first")
