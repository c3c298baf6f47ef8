"""How supervisors amended what is known of articles."""

import sqlalchemy as sa
from alembic import op

from webapp.migrating import create_revisions, everything_kept, refuse, to

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with everything_kept(op.get_bind()):
        create_revisions(
            "description",
            ["article_id"],
            "author_id",
            sa.Column("article_id", sa.Integer(), nullable=False),
            sa.Column("author_id", sa.Integer(), nullable=False),
            *(sa.Column(name, sa.Text()) for name in ("title", "outlet", "author", "url", "published", "language")),
            to("description", "article_id", "article"),
            to("description", "author_id", "user"),
        )


def downgrade() -> None:
    connection = op.get_bind()
    refuse(
        connection,
        {
            "SELECT count(*) FROM description": "{count:,} descriptions of articles were written, which the older "
            "version cannot hold; restore a backup instead."
        },
    )
    with everything_kept(connection, gone={"description"}):
        op.drop_table("description")
