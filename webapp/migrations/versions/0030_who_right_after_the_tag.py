"""A person's desk asks for the source type right after the tag; whoever has tagged before chooses that themselves."""

import sqlalchemy as sa
from alembic import op

from webapp.migrating import everything_kept

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

PERSON = sa.table("user", sa.column("id"), sa.column("asks_who", sa.Boolean()))
ANSWER = sa.table("annotation", sa.column("analyst_id"))


def upgrade() -> None:
    with everything_kept(op.get_bind()):
        op.add_column("user", sa.Column("asks_who", sa.Boolean(), nullable=True))
        has_tagged = sa.exists().where(ANSWER.c.analyst_id == PERSON.c.id)
        op.execute(sa.update(PERSON).where(~has_tagged).values(asks_who=True))


def downgrade() -> None:
    with everything_kept(op.get_bind(), gone={"user.asks_who"}):
        op.drop_column("user", "asks_who")
