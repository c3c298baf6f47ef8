"""Repaired splits: the edits, and what they carried over.

Columns are added by plain ALTER TABLE, which SQLite and PostgreSQL both know: rebuilding the table, as batch mode
does, would lose its CHECKs.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "segmentation_edit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.CheckConstraint("version >= 2", name=op.f("ck_segmentation_edit_version")),
        sa.CheckConstraint("kind IN ('split', 'merge', 'move')", name=op.f("ck_segmentation_edit_kind")),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_segmentation_edit_article_id")),
        sa.ForeignKeyConstraint(["actor_id"], ["user.id"], name=op.f("fk_segmentation_edit_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_segmentation_edit")),
        sa.UniqueConstraint("article_id", "version", name=op.f("uq_segmentation_edit_article_id_version")),
    )
    op.execute("ALTER TABLE annotation ADD COLUMN to_confirm BOOLEAN NOT NULL DEFAULT false")
    op.execute(
        "ALTER TABLE annotation ADD COLUMN carried_from_id INTEGER "
        "CONSTRAINT fk_annotation_carried_from_id REFERENCES annotation (id)"
    )
    op.execute("ALTER TABLE corroboration_note ADD COLUMN to_confirm BOOLEAN NOT NULL DEFAULT false")


def downgrade() -> None:
    # A column that a trigger names cannot be dropped; the triggers that still apply are put back afterwards.
    for table in ("annotation", "corroboration_note"):
        for what in ("rows", "values"):
            on = "" if op.get_bind().dialect.name == "sqlite" else f" ON {table}"
            op.execute(f"DROP TRIGGER IF EXISTS {table}_keeps_{what}{on}")
    op.execute("ALTER TABLE corroboration_note DROP COLUMN to_confirm")
    op.execute("ALTER TABLE annotation DROP COLUMN carried_from_id")
    op.execute("ALTER TABLE annotation DROP COLUMN to_confirm")
    op.drop_table("segmentation_edit")
