"""On PostgreSQL the numbers of an article are one row, not a row each; they are made anew. SQLite had that already."""

from alembic import op

from webapp import passage_index
from webapp.migrating import everything_kept

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        with everything_kept(connection):
            passage_index.renew(connection)


def downgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        with everything_kept(connection):
            connection.exec_driver_sql(_AS_BEFORE)


_AS_BEFORE = """
    ALTER TABLE passage_hash RENAME TO passage_hash_by_article;
    ALTER TABLE passage_hash_by_article DROP CONSTRAINT passage_hash_pkey;
    CREATE TABLE passage_hash (
        project_id integer NOT NULL REFERENCES project (id),
        hash integer NOT NULL,
        article_id integer NOT NULL REFERENCES article (id),
        PRIMARY KEY (project_id, hash, article_id)
    );
    INSERT INTO passage_hash SELECT project_id, unnest(hashes), article_id FROM passage_hash_by_article;
    DROP TABLE passage_hash_by_article
"""
