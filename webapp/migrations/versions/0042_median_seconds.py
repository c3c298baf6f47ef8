"""How long an analyst took for a sentence of an article, kept as it is handed in."""

from collections.abc import Iterator
from itertools import groupby

import sqlalchemy as sa
from alembic import op

from webapp.domain.pace import median_of
from webapp.migrating import everything_kept

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

HANDED_IN = sa.text(
    "SELECT assignment.id, annotation.active_seconds FROM assignment "
    "JOIN submission ON submission.assignment_id = assignment.id AND submission.number = "
    "(SELECT max(newest.number) FROM submission AS newest WHERE newest.assignment_id = assignment.id) "
    "JOIN submission_annotation ON submission_annotation.submission_id = submission.id "
    "JOIN annotation ON annotation.id = submission_annotation.annotation_id "
    "WHERE annotation.active_seconds IS NOT NULL ORDER BY assignment.id"
)
SET = sa.text("UPDATE assignment SET median_seconds = :median WHERE id = :id")
AT_ONCE = 1_000


def upgrade() -> None:
    connection = op.get_bind()
    with everything_kept(connection):
        op.add_column("assignment", sa.Column("median_seconds", sa.Integer(), nullable=True))
        found = list(_medians(connection))
        for first in range(0, len(found), AT_ONCE):
            connection.execute(SET, found[first : first + AT_ONCE])


def _medians(connection: sa.Connection) -> Iterator[dict[str, object]]:
    rows = connection.execute(HANDED_IN)
    for assignment_id, of_work in groupby(rows, key=lambda row: row[0]):
        yield {"id": assignment_id, "median": median_of([seconds for _, seconds in of_work])}


def downgrade() -> None:
    with everything_kept(op.get_bind(), gone={"assignment.median_seconds"}):
        op.execute("ALTER TABLE assignment DROP COLUMN median_seconds")
