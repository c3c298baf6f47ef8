"""On SQLite the index of passages becomes one of FTS5, and the one of sentences is merged a little with each write."""

import sqlalchemy as sa
from alembic import op

from webapp import passage_index, word_index
from webapp.domain.passage_hashes import passage_hashes
from webapp.migrating import everything_kept

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    with everything_kept(connection):
        word_index.leave_merging_to_writers(connection, word_index.SENTENCES)
        passage_index.renew(connection)


def downgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    with everything_kept(connection):
        connection.exec_driver_sql("INSERT INTO sentence_words (sentence_words, rank) VALUES ('automerge', 8)")
        passage_index.drop(connection)
        op.create_table(
            "passage_hash",
            sa.Column("project_id", sa.Integer(), sa.ForeignKey("project.id"), nullable=False),
            sa.Column("hash", sa.Integer(), nullable=False),
            sa.Column("article_id", sa.Integer(), sa.ForeignKey("article.id"), nullable=False),
            sa.PrimaryKeyConstraint("project_id", "hash", "article_id"),
            sqlite_with_rowid=False,
        )
        for articles in passage_index.articles(connection):
            for article_id, project_id, text in articles:
                for hash_ in passage_hashes(text):
                    connection.exec_driver_sql(
                        "INSERT INTO passage_hash (project_id, hash, article_id) VALUES (?, ?, ?)",
                        (project_id, hash_, article_id),
                    )
