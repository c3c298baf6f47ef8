"""Tables of articles show tags in miniature, kept as they are handed in, and are listed by outlet and by date."""

from collections.abc import Iterator
from itertools import groupby

import sqlalchemy as sa
from alembic import op

from webapp.domain.strip import strip_of
from webapp.domain.terms import Tag
from webapp.migrating import everything_kept

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

IS_LIVE = sa.text("trashed_at IS NULL")
HANDED_IN = sa.text(
    "SELECT assignment.id, annotation.tag FROM assignment "
    "JOIN submission ON submission.assignment_id = assignment.id AND submission.number = "
    "(SELECT max(newest.number) FROM submission AS newest WHERE newest.assignment_id = assignment.id) "
    "JOIN submission_annotation ON submission_annotation.submission_id = submission.id "
    "JOIN annotation ON annotation.id = submission_annotation.annotation_id "
    "JOIN sentence ON sentence.id = annotation.sentence_id "
    "ORDER BY assignment.id, sentence.start"
)
SET = sa.text("UPDATE assignment SET strip = :strip WHERE id = :id")
AT_ONCE = 1_000


def upgrade() -> None:
    connection = op.get_bind()
    with everything_kept(connection):
        op.add_column("assignment", sa.Column("strip", sa.Text(), nullable=True))
        for column in ("outlet", "published"):
            op.create_index(
                f"ix_article_{column}",
                "article",
                ["project_id", column, "id"],
                sqlite_where=IS_LIVE,
                postgresql_where=IS_LIVE,
            )
        found = list(_strips(connection))
        for first in range(0, len(found), AT_ONCE):
            connection.execute(SET, found[first : first + AT_ONCE])


def _strips(connection: sa.Connection) -> Iterator[dict[str, object]]:
    rows = connection.execute(HANDED_IN)
    for assignment_id, of_work in groupby(rows, key=lambda row: row[0]):
        yield {"id": assignment_id, "strip": strip_of([Tag(tag) if tag else None for _, tag in of_work])}


def downgrade() -> None:
    with everything_kept(op.get_bind(), gone={"assignment.strip"}):
        for column in ("outlet", "published"):
            op.drop_index(f"ix_article_{column}", "article")
        op.execute("ALTER TABLE assignment DROP COLUMN strip")
