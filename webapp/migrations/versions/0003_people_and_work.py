"""People and work: invitations, sign-in limits, submissions, the queue's order, and jobs."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE sign_in_link ADD COLUMN purpose VARCHAR(40) NOT NULL DEFAULT 'sign_in' "
        "CONSTRAINT ck_sign_in_link_purpose CHECK (purpose IN ('sign_in', 'set_password'))"
    )
    op.execute("ALTER TABLE project ADD COLUMN description TEXT")
    op.execute("ALTER TABLE project ADD COLUMN language TEXT")
    op.execute("ALTER TABLE project ADD COLUMN plan_seed INTEGER NOT NULL DEFAULT 0")
    op.execute(sa.text("UPDATE project SET plan_seed = :seed").bindparams(seed=secrets.randbelow(2**31)))
    op.execute("ALTER TABLE assignment ADD COLUMN position INTEGER NOT NULL DEFAULT 0")
    _people()
    _submissions()
    _jobs()


def _people() -> None:
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
    )
    op.create_index(op.f("ix_sign_in_attempt_name_at"), "sign_in_attempt", ["name", "at"])
    op.create_index(op.f("ix_sign_in_attempt_address_at"), "sign_in_attempt", ["address", "at"])


def _submissions() -> None:
    op.create_table(
        "submission",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("returned_at", sa.DateTime(), nullable=True),
        sa.Column("returned_by_id", sa.Integer(), nullable=True),
        sa.Column("returned_why", sa.Text(), nullable=True),
        sa.CheckConstraint("number >= 1", name=op.f("ck_submission_number")),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name=op.f("fk_submission_assignment_id")),
        sa.ForeignKeyConstraint(["returned_by_id"], ["user.id"], name=op.f("fk_submission_returned_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sa.UniqueConstraint("assignment_id", "number", name=op.f("uq_submission_assignment_id_number")),
    )
    op.create_table(
        "submission_annotation",
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("annotation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_submission_annotation_submission_id")
        ),
        sa.ForeignKeyConstraint(
            ["annotation_id"], ["annotation.id"], name=op.f("fk_submission_annotation_annotation_id")
        ),
        sa.PrimaryKeyConstraint("submission_id", "annotation_id", name=op.f("pk_submission_annotation")),
    )
    op.create_index(op.f("ix_submission_annotation_annotation_id"), "submission_annotation", ["annotation_id"])


def _jobs() -> None:
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("lease", sa.DateTime(), nullable=True),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("fault", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("state IN ('draft', 'queued', 'running', 'done', 'failed')", name=op.f("ck_job_state")),
        sa.CheckConstraint("done <= total", name=op.f("ck_job_done")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_job_project_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_job_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    op.create_index(op.f("ix_job_state_lease"), "job", ["state", "lease"])
    op.create_index(op.f("ix_job_user_id"), "job", ["user_id"])
    op.create_table(
        "job_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=True),
        sa.Column("fault", sa.Text(), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'done', 'failed')", name=op.f("ck_job_item_state")),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_job_item_article_id")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_job_item_job_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_item")),
        sa.UniqueConstraint("job_id", "number", name=op.f("uq_job_item_job_id_number")),
    )
    op.create_index(op.f("ix_job_item_job_id_state"), "job_item", ["job_id", "state"])


def downgrade() -> None:
    for table in ("job_item", "job", "submission_annotation", "submission", "sign_in_attempt"):
        op.drop_table(table)
    op.execute("ALTER TABLE assignment DROP COLUMN position")
    for column in ("plan_seed", "language", "description"):
        op.execute(f"ALTER TABLE project DROP COLUMN {column}")
    op.execute("ALTER TABLE sign_in_link DROP COLUMN purpose")
