"""The words of passages have other numbers, which are made of many texts at once; those of all articles are made anew."""

from alembic import op

from webapp import passage_index
from webapp.migrating import everything_kept

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    with everything_kept(connection):
        passage_index.renew(connection)


def downgrade() -> None:
    """Nothing: an older version finds with these numbers what they have in common, and makes its own by `recount`."""
