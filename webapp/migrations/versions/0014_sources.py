"""Sources, what is known of them, their ratings and merges; an answer names a source, its rating, and a chain of links."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from webapp.migrating import create_revisions, everything_kept, one_of, refuse, to

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

KINDS = ("person", "organisation", "outlet", "document", "described")
PROPERTIES = (
    *("domain", "country", "language", "outlet_kind", "owner", "controlled_by", "controls", "funding", "member_of"),
    *("has_member", "editor_named", "corrections_policy", "opinion_labelled", "unnamed_sources", "external_rating"),
    *("wikidata", "ror", "issn", "contact", "social", "vendor", "customer", "disclosure", "other"),
)
LETTERS = ("A", "B", "C", "D", "E", "F")
TYPES = (
    *("named_person", "organisation", "document", "media_outlet", "unnamed_official", "unnamed_source", "group"),
    *("own_reporting", "unspecified", "none"),
)
STANCES = ("neutral", "distancing", "endorsing")

UUID_ = sa.Uuid(native_uuid=False)
TABLES = (
    "attribution_link",
    "source_merge",
    "source_rating",
    "source_fact",
    "source_alias",
    "source_entry",
    "source",
)
NAMED = {"source_id": "source", "rating_id": "source_rating"}
SOME: dict[str, Any] = {
    "sqlite_where": sa.text("source_id IS NOT NULL"),
    "postgresql_where": sa.text("source_id IS NOT NULL"),
}


def upgrade() -> None:
    connection = op.get_bind()
    with everything_kept(connection):
        op.create_table(
            "source",
            sa.Column("id", UUID_, nullable=False),
            sa.Column("project_id", sa.Integer(), nullable=False),
            sa.Column("maker_id", sa.Integer(), nullable=False),
            sa.Column("created_at", sa.DateTime(), nullable=False),
            to("source", "project_id", "project"),
            to("source", "maker_id", "user"),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
        )
        op.create_index("ix_source_project_id", "source", ["project_id"])
        op.create_index("ix_source_maker_id", "source", ["maker_id"])
        _about_source(
            "source_entry",
            "source_id",
            _text("name"),
            _text("name_key"),
            sa.Column("kind", sa.String(40), nullable=False),
            sa.Column("is_published", sa.Boolean(), nullable=False),
            sa.CheckConstraint("length(trim(name)) > 0", name=op.f("ck_source_entry_name_not_blank")),
            one_of("source_entry", "kind", KINDS),
        )
        _about_source(
            "source_alias",
            "alias_id",
            sa.Column("alias_id", UUID_, nullable=False),
            _text("alias"),
            _text("alias_key"),
            sa.CheckConstraint("length(trim(alias)) > 0", name=op.f("ck_source_alias_alias_not_blank")),
        )
        _about_source(
            "source_fact",
            "fact_id",
            sa.Column("fact_id", UUID_, nullable=False),
            sa.Column("property", sa.String(40), nullable=False),
            _text("value"),
            *(sa.Column(name, sa.Text(), nullable=True) for name in ("issuer", "as_of", "link")),
            one_of("source_fact", "property", PROPERTIES),
        )
        _about_source(
            "source_rating",
            "rating_id",
            sa.Column("rating_id", UUID_, nullable=False),
            sa.Column("reliability", sa.String(40), nullable=False),
            _text("rated_on"),
            sa.Column("basis", sa.Text(), nullable=True),
            sa.Column("is_published", sa.Boolean(), nullable=False),
            one_of("source_rating", "reliability", LETTERS),
            id_type=UUID_,
        )
        create_revisions(
            "source_merge",
            ["source_id"],
            "author_id",
            sa.Column("source_id", UUID_, nullable=False),
            sa.Column("into_id", UUID_, nullable=True),
            sa.Column("author_id", sa.Integer(), nullable=False),
            sa.Column("reason", sa.Text(), nullable=True),
            sa.CheckConstraint("source_id <> into_id", name=op.f("ck_source_merge_not_itself")),
            to("source_merge", "source_id", "source"),
            to("source_merge", "into_id", "source"),
            to("source_merge", "author_id", "user"),
        )
        op.create_index("ix_source_merge_into_id", "source_merge", ["into_id"])
        _create_links()
        for column, parent in NAMED.items():
            op.execute(
                f"ALTER TABLE annotation ADD COLUMN {column} CHAR(32) "
                f"CONSTRAINT fk_annotation_{column} REFERENCES {parent} (id)"
            )
        op.create_index("ix_annotation_source_id", "annotation", ["source_id"], **SOME)


def _create_links() -> None:
    op.create_table(
        "attribution_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("annotation_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("source_id", UUID_, nullable=True),
        *(sa.Column(name, sa.Text(), nullable=True) for name in ("source_text", "cue_text")),
        *(sa.Column(name, sa.String(40), nullable=True) for name in ("source_type", "cue_stance")),
        sa.CheckConstraint("position >= 1", name=op.f("ck_attribution_link_position")),
        one_of("attribution_link", "source_type", TYPES, or_null=True),
        one_of("attribution_link", "cue_stance", STANCES, or_null=True),
        to("attribution_link", "annotation_id", "annotation"),
        to("attribution_link", "source_id", "source"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attribution_link")),
        sa.UniqueConstraint("annotation_id", "position", name=op.f("uq_attribution_link_annotation_id_position")),
    )
    op.create_index("ix_attribution_link_source_id", "attribution_link", ["source_id"])


def _about_source(table: str, key: str, *others: Any, **options: Any) -> None:
    create_revisions(
        table,
        [key],
        "author_id",
        sa.Column("source_id", UUID_, nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("withdrawn_why", sa.Text(), nullable=True),
        *others,
        to(table, "source_id", "source"),
        to(table, "author_id", "user"),
        **options,
    )
    op.create_index(f"ix_{table}_source_id", table, ["source_id"])


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=False)


def downgrade() -> None:
    connection = op.get_bind()
    refuse(
        connection,
        {
            "SELECT count(*) FROM source": "{count:,} sources are on record, which the older version cannot hold; "
            "restore a backup instead.",
            "SELECT count(*) FROM attribution_link": "{count:,} links of chains are on record, which the older version "
            "cannot hold; restore a backup instead.",
        },
    )
    with everything_kept(connection, gone=(*TABLES, *(f"annotation.{column}" for column in NAMED))):
        op.drop_index("ix_annotation_source_id", "annotation")
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("DROP TRIGGER IF EXISTS annotation_keeps_values")  # they name the columns
        else:
            op.execute("DROP TRIGGER IF EXISTS annotation_keeps_values ON annotation")
        for column in NAMED:
            op.drop_column("annotation", column)
        for table in TABLES:
            op.drop_table(table)
