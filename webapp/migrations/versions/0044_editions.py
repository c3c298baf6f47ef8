"""A later edition of an article is known by its address, and linked to the earlier one."""

import sqlalchemy as sa
from alembic import op

from webapp.domain.intake.description import address_key
from webapp.migrating import everything_kept, refuse, to

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

SET = sa.text("UPDATE article SET address_key = :key WHERE id = :id")
AT_ONCE = 1_000


def upgrade() -> None:
    connection = op.get_bind()
    with everything_kept(connection):
        op.add_column("article", sa.Column("address_key", sa.Text(), nullable=True))
        keys = [
            {"id": id_, "key": key}
            for id_, url in connection.execute(sa.text("SELECT id, url FROM article WHERE url IS NOT NULL"))
            if (key := address_key(url))
        ]
        for first in range(0, len(keys), AT_ONCE):
            connection.execute(SET, keys[first : first + AT_ONCE])
        is_live = sa.text("trashed_at IS NULL")
        op.create_index(
            "ix_article_address",
            "article",
            ["project_id", "address_key", "id"],
            sqlite_where=is_live,
            postgresql_where=is_live,
        )
        op.create_table(
            "edition",
            sa.Column("article_id", sa.Integer(), autoincrement=False, nullable=False),
            sa.Column("earlier_id", sa.Integer(), nullable=False),
            sa.Column("linked_at", sa.DateTime(), nullable=False),
            sa.CheckConstraint("article_id <> earlier_id", name=op.f("ck_edition_other")),
            to("edition", "article_id", "article"),
            to("edition", "earlier_id", "article"),
            sa.PrimaryKeyConstraint("article_id", name=op.f("pk_edition")),
        )
        op.create_index(op.f("ix_edition_earlier_id"), "edition", ["earlier_id"])


def downgrade() -> None:
    connection = op.get_bind()
    refuse(
        connection,
        {
            "SELECT count(*) FROM edition": "{count:,} articles are linked to an earlier edition, which the older version "
            "cannot hold; restore a backup instead."
        },
    )
    with everything_kept(connection, gone={"edition", "article.address_key"}):
        op.drop_table("edition")
        op.drop_index("ix_article_address", "article")
        op.drop_column("article", "address_key")
