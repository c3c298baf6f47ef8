"""The numbers of texts are chosen so that a passage of eighteen words is always found; they are made anew."""

from alembic import op

from webapp import passage_index
from webapp.migrating import everything_kept

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    with everything_kept(connection):
        passage_index.renew(connection)


def downgrade() -> None:
    """Nothing: an older version finds with these numbers what it finds, and makes its own by `recount`."""
