"""The words of every live sentence are indexed, so that sentences are found by them."""

from alembic import op

from webapp import word_index
from webapp.migrating import everything_kept

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    with everything_kept(connection):
        word_index.create(connection, word_index.SENTENCES)
        word_index.fill(connection)


def downgrade() -> None:
    connection = op.get_bind()
    with everything_kept(connection):
        word_index.drop(connection, word_index.SENTENCES)
