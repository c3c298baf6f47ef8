"""What lists show is counted when it is written: how far work is, what projects and days hold, where sentences stand."""

import sqlalchemy as sa
from alembic import op

from webapp.migrating import everything_kept, one_of, to

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

WORK_STATES = ("assigned", "started", "submitted", "returned", "withdrawn")
STATES = ("to_settle", "decided", "accepted", "acceptable")
VOTES = ("fact", "attribution", "speculation", "opinion", "not_codable")
TAGS = ("FACT", "ATTRIBUTION", "SPECULATION", "OPINION", "NOT_CODABLE")
TABLES = ("project_count", "work_count", "day_count", "standing", "standing_count", "project_change")
COLUMNS = {"article": "sentence_count", "assignment": "answered"}
TRIGGERS = {
    "annotation": ("annotation_is_counted",),
    "sentence": ("sentence_is_uncounted",),
    "assignment": ("assignment_is_counted", "assignment_goes_on", "assignment_changes_state"),
    "article": ("article_is_counted", "article_changes_size", "article_comes_or_goes"),
}
KEEPING = ("keeps_rows", "keeps_values", "keeps_keys", "keeps_other_rows")

IS_LIVE = "EXISTS (SELECT 1 FROM article WHERE article.id = assignment.article_id AND article.trashed_at IS NULL)"
DAY = "substr(CAST(annotation.created_at AS text), 1, 10)"
COUNTED = (
    "UPDATE article SET sentence_count = (SELECT count(*) FROM sentence "
    "WHERE sentence.article_id = article.id AND sentence.retired_in IS NULL)",
    "UPDATE assignment SET answered = (SELECT count(*) FROM sentence JOIN annotation "
    "ON annotation.sentence_id = sentence.id AND annotation.assignment_id = assignment.id AND annotation.is_current "
    "WHERE sentence.article_id = assignment.article_id AND sentence.retired_in IS NULL AND annotation.tag IS NOT NULL)",
    "INSERT INTO project_count (project_id, articles, sentences) SELECT project_id, count(*), sum(sentence_count) "
    "FROM article WHERE trashed_at IS NULL GROUP BY project_id",
    "INSERT INTO work_count (round_id, pass, analyst_id, state, assignments, answered) "
    "SELECT round_id, pass, analyst_id, state, count(*), sum(answered) FROM assignment "
    f"WHERE {IS_LIVE} GROUP BY round_id, pass, analyst_id, state",
    "INSERT INTO day_count (project_id, analyst_id, day, answers) "
    f"SELECT article.project_id, annotation.analyst_id, {DAY}, count(*) FROM annotation "
    "JOIN sentence ON sentence.id = annotation.sentence_id JOIN article ON article.id = sentence.article_id "
    "WHERE article.trashed_at IS NULL AND annotation.tag IS NOT NULL AND NOT annotation.to_confirm "
    "AND NOT EXISTS (SELECT 1 FROM annotation AS before WHERE before.sentence_id = annotation.sentence_id "
    "AND before.assignment_id = annotation.assignment_id AND before.version = annotation.version - 1 "
    "AND before.tag IS NOT NULL) "
    f"GROUP BY article.project_id, annotation.analyst_id, {DAY}",
)
SAID = ", ".join(
    f"sum(CASE WHEN annotation.tag = '{tag}' THEN 1 ELSE 0 END) AS {column}"
    for tag, column in zip(TAGS, VOTES, strict=True)
)
ANSWERS = (
    f"SELECT assignment.round_id, annotation.sentence_id, sentence.article_id, sentence.start, {SAID}, "
    "count(*) AS answers FROM submission JOIN assignment ON assignment.id = submission.assignment_id "
    "JOIN article ON article.id = assignment.article_id "
    "JOIN submission_annotation ON submission_annotation.submission_id = submission.id "
    "JOIN annotation ON annotation.id = submission_annotation.annotation_id "
    "JOIN sentence ON sentence.id = annotation.sentence_id "
    "WHERE article.trashed_at IS NULL AND submission.number = 1 AND assignment.pass = 1 "
    "AND annotation.tag IS NOT NULL AND NOT annotation.to_confirm AND sentence.retired_in IS NULL "
    "GROUP BY assignment.round_id, annotation.sentence_id, sentence.article_id, sentence.start HAVING count(*) >= 2"
)
IS_DIVIDED = f"({' AND '.join(f'votes.{column} < votes.answers' for column in VOTES)})"
POWERS = (
    f"CAST(CAST(1 AS bigint) << CAST(3 * (CASE WHEN votes.{column} > 20 THEN 20 ELSE votes.{column} END) AS integer) "
    "AS bigint)"
    for column in VOTES
)
STANDINGS = (
    f"INSERT INTO standing (round_id, sentence_id, article_id, start, {', '.join(VOTES)}, state, division) "
    "SELECT votes.round_id, votes.sentence_id, votes.article_id, votes.start, "
    f"{', '.join(f'votes.{column}' for column in VOTES)}, "
    "CASE WHEN adjudication.method = 'adjudicated' THEN 'decided' "
    f"WHEN {IS_DIVIDED} THEN 'to_settle' WHEN adjudication.method = 'unanimous' THEN 'accepted' "
    "ELSE 'acceptable' END, "
    f"CASE WHEN {IS_DIVIDED} AND coalesce(adjudication.method, '') <> 'adjudicated' THEN {' + '.join(POWERS)} "
    "ELSE 0 END "
    f"FROM ({ANSWERS}) AS votes LEFT JOIN adjudication ON adjudication.sentence_id = votes.sentence_id "
    "AND adjudication.round_id = votes.round_id AND adjudication.is_current"
)
ALIKE = f"round_id, state, {', '.join(VOTES)}"
STANDING_COUNTS = (
    f"INSERT INTO standing_count ({ALIKE}, sentences) SELECT {ALIKE}, count(*) FROM standing GROUP BY {ALIKE}"
)


def upgrade() -> None:
    with everything_kept(op.get_bind()):
        for table, column in COLUMNS.items():
            op.add_column(table, sa.Column(column, sa.Integer(), server_default=sa.text("0"), nullable=False))
        _make_tables()
        _make_indexes()
        for statement in (*COUNTED, STANDINGS, STANDING_COUNTS):
            op.get_bind().exec_driver_sql(statement)


def _make_tables() -> None:
    op.create_table(
        "project_count",
        sa.Column("project_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.Column("sentences", sa.Integer(), nullable=False),
        to("project_count", "project_id", "project"),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_project_count")),
    )
    op.create_table(
        "work_count",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("pass", sa.Integer(), nullable=False),
        sa.Column("analyst_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("assignments", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        to("work_count", "round_id", "round"),
        to("work_count", "analyst_id", "user"),
        one_of("work_count", "state", WORK_STATES),
        sa.PrimaryKeyConstraint("round_id", "pass", "analyst_id", "state", name=op.f("pk_work_count")),
    )
    op.create_table(
        "day_count",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("analyst_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        to("day_count", "project_id", "project"),
        to("day_count", "analyst_id", "user"),
        sa.PrimaryKeyConstraint("project_id", "analyst_id", "day", name=op.f("pk_day_count")),
    )
    op.create_table(
        "standing",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("sentence_id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        *(sa.Column(column, sa.Integer(), nullable=False) for column in VOTES),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("division", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            f"{' AND '.join(f'{column} >= 0' for column in VOTES)} AND {' + '.join(VOTES)} >= 2",
            name=op.f("ck_standing_votes"),
        ),
        one_of("standing", "state", STATES),
        to("standing", "round_id", "round"),
        to("standing", "sentence_id", "sentence"),
        to("standing", "article_id", "article"),
        sa.PrimaryKeyConstraint("round_id", "sentence_id", name=op.f("pk_standing")),
    )
    op.create_table(
        "standing_count",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        *(sa.Column(column, sa.Integer(), nullable=False) for column in VOTES),
        sa.Column("sentences", sa.Integer(), nullable=False),
        one_of("standing_count", "state", STATES),
        to("standing_count", "round_id", "round"),
        sa.PrimaryKeyConstraint("round_id", "state", *VOTES, name=op.f("pk_standing_count")),
    )
    op.create_table(
        "project_change",
        sa.Column("project_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        to("project_change", "project_id", "project"),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_project_change")),
    )


def _make_indexes() -> None:
    op.create_index("ix_standing_in_order", "standing", ["round_id", "state", "division", "article_id", "start"])
    op.create_index("ix_standing_article_id", "standing", ["article_id"])
    op.create_index("ix_standing_sentence_id", "standing", ["sentence_id"])
    op.drop_index("ix_assignment_analyst_id", "assignment")
    op.create_index("ix_assignment_analyst_id_article_id", "assignment", ["analyst_id", "article_id"])
    op.create_index("ix_assignment_analyst_id_state_article_id", "assignment", ["analyst_id", "state", "article_id"])
    _make_partial("ix_article_live", "article", ["project_id", "id"], "trashed_at IS NULL")
    _make_partial("ix_article_trashed", "article", ["project_id", "trashed_at", "id"], "trashed_at IS NOT NULL")
    is_gap = "deciding_rule = 'codebook_gap'"
    op.create_index(
        "ix_adjudication_gap",
        "adjudication",
        ["round_id", "sentence_id"],
        sqlite_where=sa.text(f"is_current = 1 AND {is_gap}"),
        postgresql_where=sa.text(f"is_current AND {is_gap}"),
    )


def _make_partial(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def downgrade() -> None:
    connection = op.get_bind()
    gone = {*TABLES, *(f"{table}.{column}" for table, column in COLUMNS.items())}
    _drop_triggers(connection)
    with everything_kept(connection, gone=gone):
        op.drop_index("ix_adjudication_gap", "adjudication")
        for name in ("ix_article_live", "ix_article_trashed"):
            op.drop_index(name, "article")
        for name in ("ix_assignment_analyst_id_article_id", "ix_assignment_analyst_id_state_article_id"):
            op.drop_index(name, "assignment")
        op.create_index("ix_assignment_analyst_id", "assignment", ["analyst_id"])
        for table in reversed(TABLES):
            op.drop_table(table)
        for table, column in COLUMNS.items():
            op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")


def _drop_triggers(connection: sa.Connection) -> None:
    """Those that count, and on SQLite those that name a column which goes; env.py puts back what still applies."""
    is_sqlite = connection.dialect.name == "sqlite"
    for table, names in TRIGGERS.items():
        keeping = tuple(f"{table}_{what}" for what in KEEPING) if is_sqlite else ()
        for name in (*names, *keeping):
            op.execute(f"DROP TRIGGER IF EXISTS {name}" + ("" if is_sqlite else f" ON {table}"))
            if not is_sqlite:
                op.execute(f"DROP FUNCTION IF EXISTS {name}()")
