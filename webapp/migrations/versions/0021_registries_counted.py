"""How many sources and claims people made, and the outlets in which claims are mentioned, are counted when written."""

import sqlalchemy as sa
from alembic import op

from webapp.migrating import everything_kept, one_of, to

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

TABLES = ("entry_count", "outlet_count")
TRIGGERS = {
    "source_entry": "source_entry_is_counted",
    "claim_wording": "claim_wording_is_counted",
    "claim_mention": "mention_is_counted",
    "article": "outlet_comes_or_goes",
}
ENTRIES = (
    "INSERT INTO entry_count (project_id, kind, maker_id, is_published, entries) "
    "SELECT {0}.project_id, '{0}', {0}.maker_id, newest.is_published, count(*) "
    "FROM {0} JOIN {1} AS newest ON newest.{0}_id = {0}.id WHERE newest.is_current AND newest.withdrawn_why IS NULL "
    "GROUP BY {0}.project_id, {0}.maker_id, newest.is_published"
)
OUTLETS = (
    "INSERT INTO outlet_count (project_id, outlet, author_id, mentions) "
    "SELECT article.project_id, article.outlet, mention.author_id, count(*) FROM claim_mention AS mention "
    "JOIN sentence ON sentence.id = mention.sentence_id JOIN article ON article.id = sentence.article_id "
    "WHERE mention.is_current AND mention.withdrawn_why IS NULL AND article.trashed_at IS NULL "
    "AND article.outlet IS NOT NULL GROUP BY article.project_id, article.outlet, mention.author_id"
)


def upgrade() -> None:
    with everything_kept(op.get_bind()):
        op.create_table(
            "entry_count",
            sa.Column("project_id", sa.Integer(), nullable=False),
            sa.Column("kind", sa.String(40), nullable=False),
            sa.Column("maker_id", sa.Integer(), nullable=False),
            sa.Column("is_published", sa.Boolean(), nullable=False),
            sa.Column("entries", sa.Integer(), nullable=False),
            one_of("entry_count", "kind", ("source", "claim")),
            to("entry_count", "project_id", "project"),
            to("entry_count", "maker_id", "user"),
            sa.PrimaryKeyConstraint("project_id", "kind", "maker_id", "is_published", name=op.f("pk_entry_count")),
        )
        op.create_table(
            "outlet_count",
            sa.Column("project_id", sa.Integer(), nullable=False),
            sa.Column("outlet", sa.Text(), nullable=False),
            sa.Column("author_id", sa.Integer(), nullable=False),
            sa.Column("mentions", sa.Integer(), nullable=False),
            to("outlet_count", "project_id", "project"),
            to("outlet_count", "author_id", "user"),
            sa.PrimaryKeyConstraint("project_id", "outlet", "author_id", name=op.f("pk_outlet_count")),
        )
        for entry, revisions in (("source", "source_entry"), ("claim", "claim_wording")):
            op.execute(ENTRIES.format(entry, revisions))
        op.execute(OUTLETS)


def downgrade() -> None:
    connection = op.get_bind()
    for table, name in TRIGGERS.items():
        if connection.dialect.name == "sqlite":
            op.execute(f"DROP TRIGGER IF EXISTS {name}")
        else:
            op.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
            op.execute(f"DROP FUNCTION IF EXISTS {name}()")
    with everything_kept(connection, gone=TABLES):
        for table in TABLES:
            op.drop_table(table)
