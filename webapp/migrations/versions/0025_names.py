"""Titles, names of sources and notes of answers are found by their words, names by parts of words as well."""

from alembic import op

from webapp import word_index
from webapp.migrating import everything_kept

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    with everything_kept(connection):
        word_index.renew(connection, word_index.WRITINGS)


def downgrade() -> None:
    # What the table of words holds besides harms no older version; the other one is unknown to it.
    connection = op.get_bind()
    with everything_kept(connection):
        word_index.drop_parts(connection)
