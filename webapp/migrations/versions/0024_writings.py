"""What people wrote is indexed by its words: claims, notes and evidence."""

from alembic import op

from webapp import word_index
from webapp.migrating import everything_kept

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    with everything_kept(connection):
        word_index.create(connection, word_index.WRITINGS)
        word_index.fill_written(connection)


def downgrade() -> None:
    connection = op.get_bind()
    with everything_kept(connection):
        word_index.drop(connection, word_index.WRITINGS)
