"""Tags per day count each sentence once, whoever tagged it first."""

import sqlalchemy as sa
from alembic import op

from webapp.migrating import everything_kept, to

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

DAY = "substr(CAST(annotation.created_at AS text), 1, 10)"
COUNTED = (
    f"INSERT INTO day_sentences (project_id, day, sentences) SELECT article.project_id, {DAY}, count(*) "
    "FROM annotation JOIN sentence ON sentence.id = annotation.sentence_id "
    "JOIN article ON article.id = sentence.article_id WHERE article.trashed_at IS NULL "
    "AND annotation.tag IS NOT NULL AND NOT annotation.to_confirm AND NOT EXISTS (SELECT 1 FROM annotation AS earlier "
    "WHERE earlier.sentence_id = annotation.sentence_id AND earlier.id < annotation.id AND earlier.tag IS NOT NULL) "
    f"GROUP BY article.project_id, {DAY}"
)
TRIGGERS = {"sentence_gets_a_first_tag": "annotation", "first_tags_come_or_go": "article"}


def upgrade() -> None:
    with everything_kept(op.get_bind()):
        op.create_table(
            "day_sentences",
            sa.Column("project_id", sa.Integer(), nullable=False),
            sa.Column("day", sa.Text(), nullable=False),
            sa.Column("sentences", sa.Integer(), nullable=False),
            to("day_sentences", "project_id", "project"),
            sa.PrimaryKeyConstraint("project_id", "day", name=op.f("pk_day_sentences")),
        )
        op.execute(COUNTED)


def downgrade() -> None:
    connection = op.get_bind()
    is_sqlite = connection.dialect.name == "sqlite"
    for name, table in TRIGGERS.items():
        op.execute(f"DROP TRIGGER IF EXISTS {name}" + ("" if is_sqlite else f" ON {table}"))
        if not is_sqlite:
            op.execute(f"DROP FUNCTION IF EXISTS {name}()")
    with everything_kept(connection, gone={"day_sentences"}):
        op.drop_table("day_sentences")
