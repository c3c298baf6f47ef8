"""The first slice."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "codebook",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_codebook")),
        sa.UniqueConstraint("version", name=op.f("uq_codebook_version")),
    )
    op.create_table(
        "user",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("is_admin", sa.Boolean(), nullable=False),
        sa.Column("single_keys", sa.Boolean(), nullable=False),
        sa.Column("session_version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("deactivated_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("length(trim(name)) > 0", name=op.f("ck_user_name_not_blank")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
        sa.UniqueConstraint("name", name=op.f("uq_user_name")),
    )
    op.create_table(
        "project",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("codebook_id", sa.Integer(), nullable=False),
        sa.Column("is_blind", sa.Boolean(), nullable=False),
        sa.Column("overlap", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("trashed_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("length(trim(name)) > 0", name=op.f("ck_project_name_not_blank")),
        sa.CheckConstraint("overlap >= 1", name=op.f("ck_project_overlap")),
        sa.ForeignKeyConstraint(["codebook_id"], ["codebook.id"], name=op.f("fk_project_codebook_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project")),
        sa.UniqueConstraint("name", name=op.f("uq_project_name")),
    )
    op.create_table(
        "sign_in_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_sha256", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_sign_in_link_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_link")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_sign_in_link_token_sha256")),
    )
    with op.batch_alter_table("sign_in_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_link_user_id"), ["user_id"], unique=False)

    op.create_table(
        "article",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("imported_by_id", sa.Integer(), nullable=False),
        sa.Column("segmentation_version", sa.Integer(), nullable=False),
        sa.Column("trashed_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_sha256", sa.Text(), nullable=False),
        sa.Column("encoding", sa.Text(), nullable=False),
        sa.Column("had_bom", sa.Boolean(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=True),
        sa.Column("original", sa.LargeBinary(), nullable=False),
        sa.Column("original_sha256", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("outlet", sa.Text(), nullable=True),
        sa.Column("author", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("published", sa.Text(), nullable=True),
        sa.Column("dateline", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["imported_by_id"], ["user.id"], name=op.f("fk_article_imported_by_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_article_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article")),
    )
    with op.batch_alter_table("article", schema=None) as batch_op:
        batch_op.create_index(
            "uq_article_live_text",
            ["project_id", "text_sha256"],
            unique=True,
            sqlite_where=sa.text("trashed_at IS NULL"),
            postgresql_where=sa.text("trashed_at IS NULL"),
        )

    op.create_table(
        "audit_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["user.id"], name=op.f("fk_audit_event_actor_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_audit_event_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
    )
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_event_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_event_at"), ["at"], unique=False)

    op.create_table(
        "draft",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_sha256", sa.Text(), nullable=False),
        sa.Column("encoding", sa.Text(), nullable=False),
        sa.Column("had_bom", sa.Boolean(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=True),
        sa.Column("original", sa.LargeBinary(), nullable=False),
        sa.Column("original_sha256", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("outlet", sa.Text(), nullable=True),
        sa.Column("author", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("published", sa.Text(), nullable=True),
        sa.Column("dateline", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_draft_project_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_draft_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
    )
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draft_project_id"), ["project_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_draft_user_id"), ["user_id"], unique=False)

    op.create_table(
        "membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("coder_code", sa.Text(), nullable=False),
        sa.Column("is_analyst", sa.Boolean(), nullable=False),
        sa.Column("is_supervisor", sa.Boolean(), nullable=False),
        sa.Column("is_researcher", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_membership_project_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_membership_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint("project_id", "coder_code", name=op.f("uq_membership_project_id_coder_code")),
        sa.UniqueConstraint("project_id", "user_id", name=op.f("uq_membership_project_id_user_id")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_membership_user_id"), ["user_id"], unique=False)

    op.create_table(
        "assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("analyst_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "assigned", "started", "submitted", "returned", name="assignmentstate", native_enum=False, length=40
            ),
            nullable=False,
        ),
        sa.Column("assigned_at", sa.DateTime(), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "state IN ('assigned', 'started', 'submitted', 'returned')", name=op.f("ck_assignment_state")
        ),
        sa.ForeignKeyConstraint(["analyst_id"], ["user.id"], name=op.f("fk_assignment_analyst_id")),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_assignment_article_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sa.UniqueConstraint("article_id", "analyst_id", name=op.f("uq_assignment_article_id_analyst_id")),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignment_analyst_id"), ["analyst_id"], unique=False)

    op.create_table(
        "sentence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("paragraph", sa.Integer(), nullable=False),
        sa.Column("added_in", sa.Integer(), nullable=False),
        sa.Column("retired_in", sa.Integer(), nullable=True),
        sa.CheckConstraint("retired_in IS NULL OR retired_in > added_in", name=op.f("ck_sentence_retired_later")),
        sa.CheckConstraint('start >= 0 AND "end" > start', name=op.f("ck_sentence_span")),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_sentence_article_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sentence")),
        sa.UniqueConstraint(
            "article_id", "start", "end", "added_in", name=op.f("uq_sentence_article_id_start_end_added_in")
        ),
    )
    with op.batch_alter_table("sentence", schema=None) as batch_op:
        batch_op.create_index(
            "uq_sentence_live_start",
            ["article_id", "start"],
            unique=True,
            sqlite_where=sa.text("retired_in IS NULL"),
            postgresql_where=sa.text("retired_in IS NULL"),
        )

    op.create_table(
        "annotation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sentence_id", sa.Integer(), nullable=False),
        sa.Column("analyst_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("client_id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("codebook_id", sa.Integer(), nullable=False),
        sa.Column("is_blind", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column(
            "tag",
            sa.Enum(
                "FACT", "ATTRIBUTION", "SPECULATION", "OPINION", "NOT_CODABLE", name="tag", native_enum=False, length=40
            ),
            nullable=True,
        ),
        sa.Column(
            "not_codable_reason",
            sa.Enum(
                "boilerplate",
                "bare_label",
                "no_claim",
                "bad_split",
                "unreadable",
                name="notcodablereason",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "second_choice",
            sa.Enum(
                "FACT", "ATTRIBUTION", "SPECULATION", "OPINION", "NOT_CODABLE", name="tag", native_enum=False, length=40
            ),
            nullable=True,
        ),
        sa.Column(
            "tag_certainty",
            sa.Enum("sure", "fairly_sure", "unsure", name="certainty", native_enum=False, length=40),
            nullable=True,
        ),
        sa.Column(
            "attributed_content",
            sa.Enum(
                "fact", "speculation", "opinion", "unclear", name="attributedcontent", native_enum=False, length=40
            ),
            nullable=True,
        ),
        sa.Column("source_text", sa.Text(), nullable=True),
        sa.Column(
            "source_type",
            sa.Enum(
                "named_person",
                "organisation",
                "document",
                "media_outlet",
                "unnamed_official",
                "unnamed_source",
                "group",
                "own_reporting",
                "unspecified",
                "none",
                name="sourcetype",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("cue_text", sa.Text(), nullable=True),
        sa.Column(
            "cue_stance",
            sa.Enum("neutral", "distancing", "endorsing", name="cuestance", native_enum=False, length=40),
            nullable=True,
        ),
        sa.Column(
            "directness",
            sa.Enum("direct", "partial", "indirect", "summary", name="directness", native_enum=False, length=40),
            nullable=True,
        ),
        sa.Column(
            "source_access",
            sa.Enum("firsthand", "secondhand", "not_stated", name="sourceaccess", native_enum=False, length=40),
            nullable=True,
        ),
        sa.Column("flag_loaded_language", sa.Boolean(), nullable=False),
        sa.Column("flag_mixed", sa.Boolean(), nullable=False),
        sa.Column("flag_presupposition", sa.Boolean(), nullable=False),
        sa.Column("flag_hedged", sa.Boolean(), nullable=False),
        sa.Column(
            "check_priority",
            sa.Enum("none", "low", "medium", "high", name="checkpriority", native_enum=False, length=40),
            nullable=True,
        ),
        sa.Column(
            "source_reliability",
            sa.Enum("A", "B", "C", "D", "E", "F", name="reliability", native_enum=False, length=40),
            nullable=True,
        ),
        sa.Column(
            "information_credibility",
            sa.Enum("1", "2", "3", "4", "5", "6", name="credibility", native_enum=False, length=40),
            nullable=True,
        ),
        sa.Column(
            "likelihood_code",
            sa.Enum("1", "2", "3", "4", "5", "6", "7", name="likelihood", native_enum=False, length=40),
            nullable=True,
        ),
        sa.Column(
            "confidence",
            sa.Enum("high", "moderate", "low", name="confidence", native_enum=False, length=40),
            nullable=True,
        ),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("active_seconds", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "attributed_content IN ('fact', 'speculation', 'opinion', 'unclear')",
            name=op.f("ck_annotation_attributed_content"),
        ),
        sa.CheckConstraint(
            "check_priority IN ('none', 'low', 'medium', 'high')", name=op.f("ck_annotation_check_priority")
        ),
        sa.CheckConstraint("confidence IN ('high', 'moderate', 'low')", name=op.f("ck_annotation_confidence")),
        sa.CheckConstraint(
            "cue_stance IN ('neutral', 'distancing', 'endorsing')", name=op.f("ck_annotation_cue_stance")
        ),
        sa.CheckConstraint(
            "directness IN ('direct', 'partial', 'indirect', 'summary')", name=op.f("ck_annotation_directness")
        ),
        sa.CheckConstraint(
            "information_credibility IN ('1', '2', '3', '4', '5', '6')",
            name=op.f("ck_annotation_information_credibility"),
        ),
        sa.CheckConstraint(
            "likelihood_code IN ('1', '2', '3', '4', '5', '6', '7')", name=op.f("ck_annotation_likelihood_code")
        ),
        sa.CheckConstraint(
            "not_codable_reason IN ('boilerplate', 'bare_label', 'no_claim', 'bad_split', 'unreadable')",
            name=op.f("ck_annotation_not_codable_reason"),
        ),
        sa.CheckConstraint(
            "second_choice IN ('FACT', 'ATTRIBUTION', 'SPECULATION', 'OPINION')",
            name=op.f("ck_annotation_second_choice"),
        ),
        sa.CheckConstraint(
            "source_access IN ('firsthand', 'secondhand', 'not_stated')", name=op.f("ck_annotation_source_access")
        ),
        sa.CheckConstraint(
            "source_reliability IN ('A', 'B', 'C', 'D', 'E', 'F')", name=op.f("ck_annotation_source_reliability")
        ),
        sa.CheckConstraint(
            "source_type IN ('named_person', 'organisation', 'document', 'media_outlet', 'unnamed_official', 'unnamed_source', 'group', 'own_reporting', 'unspecified', 'none')",
            name=op.f("ck_annotation_source_type"),
        ),
        sa.CheckConstraint(
            "tag IN ('FACT', 'ATTRIBUTION', 'SPECULATION', 'OPINION', 'NOT_CODABLE')", name=op.f("ck_annotation_tag")
        ),
        sa.CheckConstraint(
            "tag_certainty IN ('sure', 'fairly_sure', 'unsure')", name=op.f("ck_annotation_tag_certainty")
        ),
        sa.CheckConstraint("active_seconds >= 0", name=op.f("ck_annotation_active_seconds")),
        sa.CheckConstraint("second_choice <> tag", name=op.f("ck_annotation_second_choice_differs")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_annotation_version")),
        sa.ForeignKeyConstraint(["analyst_id"], ["user.id"], name=op.f("fk_annotation_analyst_id")),
        sa.ForeignKeyConstraint(["codebook_id"], ["codebook.id"], name=op.f("fk_annotation_codebook_id")),
        sa.ForeignKeyConstraint(["sentence_id"], ["sentence.id"], name=op.f("fk_annotation_sentence_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_annotation")),
        sa.UniqueConstraint("analyst_id", "client_id", name=op.f("uq_annotation_analyst_id_client_id")),
        sa.UniqueConstraint(
            "sentence_id", "analyst_id", "version", name=op.f("uq_annotation_sentence_id_analyst_id_version")
        ),
    )
    with op.batch_alter_table("annotation", schema=None) as batch_op:
        batch_op.create_index(
            "uq_annotation_current",
            ["sentence_id", "analyst_id"],
            unique=True,
            sqlite_where=sa.text("is_current = 1"),
            postgresql_where=sa.text("is_current"),
        )

    op.create_table(
        "corroboration_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("note_key", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("sentence_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("client_id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "not_started",
                "in_progress",
                "corroborated",
                "partially_corroborated",
                "uncorroborated",
                "contested",
                "contradicted",
                "unverifiable",
                name="corroborationstatus",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("claim", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "status IN ('not_started', 'in_progress', 'corroborated', 'partially_corroborated', 'uncorroborated', 'contested', 'contradicted', 'unverifiable')",
            name=op.f("ck_corroboration_note_status"),
        ),
        sa.CheckConstraint("length(trim(claim)) > 0", name=op.f("ck_corroboration_note_claim_not_blank")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_corroboration_note_version")),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_corroboration_note_author_id")),
        sa.ForeignKeyConstraint(["sentence_id"], ["sentence.id"], name=op.f("fk_corroboration_note_sentence_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corroboration_note")),
        sa.UniqueConstraint("author_id", "client_id", name=op.f("uq_corroboration_note_author_id_client_id")),
        sa.UniqueConstraint("note_key", "version", name=op.f("uq_corroboration_note_note_key_version")),
    )
    with op.batch_alter_table("corroboration_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_corroboration_note_sentence_id"), ["sentence_id"], unique=False)
        batch_op.create_index(
            "uq_corroboration_note_current",
            ["note_key"],
            unique=True,
            sqlite_where=sa.text("is_current = 1"),
            postgresql_where=sa.text("is_current"),
        )


def downgrade() -> None:
    with op.batch_alter_table("corroboration_note", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_corroboration_note_current",
            sqlite_where=sa.text("is_current = 1"),
            postgresql_where=sa.text("is_current"),
        )
        batch_op.drop_index(batch_op.f("ix_corroboration_note_sentence_id"))

    op.drop_table("corroboration_note")
    with op.batch_alter_table("annotation", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_annotation_current", sqlite_where=sa.text("is_current = 1"), postgresql_where=sa.text("is_current")
        )

    op.drop_table("annotation")
    with op.batch_alter_table("sentence", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_sentence_live_start",
            sqlite_where=sa.text("retired_in IS NULL"),
            postgresql_where=sa.text("retired_in IS NULL"),
        )

    op.drop_table("sentence")
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assignment_analyst_id"))

    op.drop_table("assignment")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_membership_user_id"))

    op.drop_table("membership")
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_draft_user_id"))
        batch_op.drop_index(batch_op.f("ix_draft_project_id"))

    op.drop_table("draft")
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_event_at"))
        batch_op.drop_index(batch_op.f("ix_audit_event_actor_id"))

    op.drop_table("audit_event")
    with op.batch_alter_table("article", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_article_live_text",
            sqlite_where=sa.text("trashed_at IS NULL"),
            postgresql_where=sa.text("trashed_at IS NULL"),
        )

    op.drop_table("article")
    with op.batch_alter_table("sign_in_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_link_user_id"))

    op.drop_table("sign_in_link")
    op.drop_table("project")
    op.drop_table("user")
    op.drop_table("codebook")
