"""Work in rounds: each answer belongs to an assignment, each assignment and decision to a round.

What there was becomes the round `main` of its project, pass 1. Blind, codebook version, overlap and the seed of plans
move from the project to that round. An answer to an article that was handed to nobody gets a withdrawn assignment.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from webapp.migrating import everything_kept, rebuild, refuse

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

RULES = ", ".join(f"'R{number}'" for number in range(1, 23)) + ", 'codebook_gap'"
OLD_RULE = f"CHECK (deciding_rule IN ({RULES}))"
NEW_RULE = (
    "CHECK (deciding_rule = 'codebook_gap' OR (substr(deciding_rule, 1, 1) = 'R' "
    "AND length(deciding_rule) BETWEEN 2 AND 5 AND substr(deciding_rule, 2, 1) <> '0' "
    "AND ltrim(substr(deciding_rule, 2), '0123456789') = ''))"
)
OLD_STATE = "CHECK (state IN ('assigned', 'started', 'submitted', 'returned'))"
NEW_STATE = "CHECK (state IN ('assigned', 'started', 'submitted', 'returned', 'withdrawn'))"

OF_ROUND = ("is_blind", "codebook_id", "overlap", "plan_seed")
ROUND_OF_PROJECT = "SELECT {} FROM round WHERE round.project_id = project.id"
ROUND_OF_ARTICLE = (
    "(SELECT round.id FROM round JOIN article ON article.project_id = round.project_id "
    "WHERE article.id = assignment.article_id)"
)
ROUND_OF_SENTENCE = (
    "(SELECT round.id FROM round JOIN article ON article.project_id = round.project_id "
    "JOIN sentence ON sentence.article_id = article.id WHERE sentence.id = adjudication.sentence_id)"
)
ASSIGNMENT = (
    "(SELECT assignment.id FROM sentence JOIN assignment ON assignment.article_id = sentence.article_id "
    "WHERE sentence.id = annotation.sentence_id AND assignment.analyst_id = annotation.analyst_id)"
)
# A random UUID, as both databases keep it: 32 digits, among them its kind.
RANDOM = {
    "sqlite": "lower(hex(randomblob(6)) || '4' || substr(hex(randomblob(2)), 2) || '8' "
    "|| substr(hex(randomblob(2)), 2) || hex(randomblob(6)))",
    "postgresql": "replace(gen_random_uuid()::text, '-', '')",
}
CURRENT: dict[str, Any] = {"sqlite_where": sa.text("is_current = 1"), "postgresql_where": sa.text("is_current")}


def upgrade() -> None:
    connection = op.get_bind()
    moved = {f"project.{name}": f"({ROUND_OF_PROJECT.format(name)})" for name in OF_ROUND}
    moved["assignment.round"] = "(SELECT round.name FROM round WHERE round.id = assignment.round_id)"
    with everything_kept(connection, moved=moved) as proof:
        _make_rounds()
        if connection.dialect.name == "sqlite":
            _rebuild_people_and_work(connection)
        else:
            _alter_people_and_work()
        proof.added["assignment"] = _withdrawn_for_answers_without(connection)
        if connection.dialect.name == "sqlite":
            _rebuild_answers_and_decisions(connection)
        else:
            _alter_answers_and_decisions()
        op.create_index(
            "uq_codebook_shipped_version",
            "codebook",
            ["version"],
            unique=True,
            sqlite_where=sa.text("project_id IS NULL"),
            postgresql_where=sa.text("project_id IS NULL"),
        )
        op.create_index("uq_annotation_current", "annotation", ["sentence_id", "assignment_id"], unique=True, **CURRENT)
        op.create_index("uq_adjudication_current", "adjudication", ["sentence_id", "round_id"], unique=True, **CURRENT)
        for table in ("article", "sentence"):
            op.execute(f"ALTER TABLE {table} ADD COLUMN number INTEGER")


def _make_rounds() -> None:
    op.create_table(
        "round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("codebook_id", sa.Integer(), nullable=False),
        sa.Column("is_blind", sa.Boolean(), nullable=False),
        sa.Column("overlap", sa.Integer(), nullable=False),
        sa.Column("plan_seed", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("overlap >= 1", name=op.f("ck_round_overlap")),
        sa.CheckConstraint("length(trim(name)) > 0", name=op.f("ck_round_name_not_blank")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_round_project_id")),
        sa.ForeignKeyConstraint(["codebook_id"], ["codebook.id"], name=op.f("fk_round_codebook_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
        sa.UniqueConstraint("project_id", "name", name=op.f("uq_round_project_id_name")),
    )
    op.create_index(
        "uq_round_running",
        "round",
        ["project_id"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.execute(
        "INSERT INTO round (project_id, name, codebook_id, is_blind, overlap, plan_seed, created_at) "
        "SELECT id, 'main', codebook_id, is_blind, overlap, plan_seed, created_at FROM project ORDER BY id"
    )


def _withdrawn_for_answers_without(connection: sa.Connection) -> int:
    """Assignments for answers to articles that their analysts do not hold; how many. As before, no list shows them."""
    made = connection.exec_driver_sql(
        "INSERT INTO assignment (key, round_id, article_id, analyst_id, pass, position, state, assigned_at, started_at) "
        f"SELECT {RANDOM[connection.dialect.name]}, round_id, article_id, analyst_id, 1, 0, 'withdrawn', began, began "
        "FROM (SELECT round.id AS round_id, sentence.article_id AS article_id, annotation.analyst_id AS analyst_id, "
        "min(annotation.created_at) AS began FROM annotation "
        "JOIN sentence ON sentence.id = annotation.sentence_id JOIN article ON article.id = sentence.article_id "
        "JOIN round ON round.project_id = article.project_id "
        "WHERE NOT EXISTS (SELECT 1 FROM assignment WHERE assignment.article_id = sentence.article_id "
        "AND assignment.analyst_id = annotation.analyst_id) "
        "GROUP BY round.id, sentence.article_id, annotation.analyst_id) AS lacking"
    )
    return made.rowcount


# ---- SQLite: tables in other words

CODEBOOK = [
    ("version TEXT NOT NULL, ", "version TEXT NOT NULL, project_id INTEGER, "),
    (
        "CONSTRAINT uq_codebook_version UNIQUE (version)",
        "CONSTRAINT uq_codebook_project_id_version UNIQUE (project_id, version), "
        "CONSTRAINT fk_codebook_project_id FOREIGN KEY(project_id) REFERENCES project (id)",
    ),
]
PROJECT = [
    ("codebook_id INTEGER NOT NULL, \n\tis_blind BOOLEAN NOT NULL, \n\toverlap INTEGER NOT NULL, \n\t", ""),
    ("plan_seed INTEGER NOT NULL DEFAULT 0, ", ""),
    ("CONSTRAINT ck_project_overlap CHECK (overlap >= 1), \n\t", ""),
    ("CONSTRAINT fk_project_codebook_id FOREIGN KEY(codebook_id) REFERENCES codebook (id), \n\t", ""),
]
WORK = [
    ("round TEXT NOT NULL, ", "key CHAR(32) NOT NULL, round_id INTEGER NOT NULL, pass INTEGER NOT NULL, "),
    (OLD_STATE, NEW_STATE),
    (
        "CONSTRAINT uq_assignment_article_id_analyst_id UNIQUE (article_id, analyst_id)",
        "CONSTRAINT ck_assignment_pass CHECK (pass >= 1), CONSTRAINT uq_assignment_key UNIQUE (key), "
        "CONSTRAINT uq_assignment_article_id_analyst_id_round_id_pass UNIQUE (article_id, analyst_id, round_id, pass), "
        "CONSTRAINT fk_assignment_round_id FOREIGN KEY(round_id) REFERENCES round (id)",
    ),
]
ANSWERS = [
    ("analyst_id INTEGER NOT NULL, ", "analyst_id INTEGER NOT NULL, assignment_id INTEGER NOT NULL, number INTEGER, "),
    (
        "CONSTRAINT uq_annotation_sentence_id_analyst_id_version UNIQUE (sentence_id, analyst_id, version)",
        "CONSTRAINT uq_annotation_sentence_id_assignment_id_version UNIQUE (sentence_id, assignment_id, version), "
        "CONSTRAINT fk_annotation_assignment_id FOREIGN KEY(assignment_id) REFERENCES assignment (id)",
    ),
]
DECISIONS = [
    ("sentence_id INTEGER NOT NULL, ", "sentence_id INTEGER NOT NULL, round_id INTEGER NOT NULL, "),
    (OLD_RULE, NEW_RULE),
    (
        "CONSTRAINT uq_adjudication_sentence_id_version UNIQUE (sentence_id, version)",
        "CONSTRAINT uq_adjudication_sentence_id_round_id_version UNIQUE (sentence_id, round_id, version), "
        "CONSTRAINT fk_adjudication_round_id FOREIGN KEY(round_id) REFERENCES round (id)",
    ),
]


def _rebuild_people_and_work(connection: sa.Connection) -> None:
    rebuild(connection, "codebook", CODEBOOK, {"project_id": "NULL"})
    rebuild(connection, "project", PROJECT)
    rebuild(connection, "assignment", WORK, {"key": RANDOM["sqlite"], "round_id": ROUND_OF_ARTICLE, "pass": "1"})


def _rebuild_answers_and_decisions(connection: sa.Connection) -> None:
    current = ("uq_annotation_current", "uq_adjudication_current")
    rebuild(connection, "annotation", ANSWERS, {"assignment_id": ASSIGNMENT, "number": "NULL"}, current)
    rebuild(connection, "adjudication", DECISIONS, {"round_id": ROUND_OF_SENTENCE}, current)


# ---- PostgreSQL: columns one by one


def _alter_people_and_work() -> None:
    op.add_column("codebook", sa.Column("project_id", sa.Integer()))
    op.create_foreign_key(op.f("fk_codebook_project_id"), "codebook", "project", ["project_id"], ["id"])
    _swap_unique("codebook", ["version"], ["project_id", "version"])
    for name in OF_ROUND:
        op.drop_column("project", name)
    for column in (sa.Column("key", sa.Uuid(native_uuid=False)), *_numbers("round_id", "pass")):
        op.add_column("assignment", column)
    op.execute(f"UPDATE assignment SET key = {RANDOM['postgresql']}, round_id = {ROUND_OF_ARTICLE}, pass = 1")
    for name in ("key", "round_id", "pass"):
        op.alter_column("assignment", name, nullable=False)
    _swap_unique("assignment", ["article_id", "analyst_id"], ["article_id", "analyst_id", "round_id", "pass"])
    op.create_unique_constraint(op.f("uq_assignment_key"), "assignment", ["key"])
    op.create_check_constraint(op.f("ck_assignment_pass"), "assignment", "pass >= 1")
    _swap_check("ck_assignment_state", "assignment", NEW_STATE)
    op.create_foreign_key(op.f("fk_assignment_round_id"), "assignment", "round", ["round_id"], ["id"])
    # Last, so that the name that is asked for until now means the column.
    op.execute(
        "DO $$ BEGIN IF EXISTS (SELECT 1 FROM assignment WHERE round <> 'main') THEN "
        "RAISE EXCEPTION 'An assignment is in a round that is not main.'; END IF; END $$"
    )
    op.drop_column("assignment", "round")


def _alter_answers_and_decisions() -> None:
    for column in _numbers("assignment_id", "number"):
        op.add_column("annotation", column)
    op.execute(f"UPDATE annotation SET assignment_id = {ASSIGNMENT}")
    op.alter_column("annotation", "assignment_id", nullable=False)
    op.create_foreign_key(op.f("fk_annotation_assignment_id"), "annotation", "assignment", ["assignment_id"], ["id"])
    answer = ["sentence_id", "analyst_id", "version"]
    _swap_unique("annotation", answer, ["sentence_id", "assignment_id", "version"])
    op.drop_index("uq_annotation_current", "annotation")
    op.add_column("adjudication", *_numbers("round_id"))
    op.execute(f"UPDATE adjudication SET round_id = {ROUND_OF_SENTENCE}")
    op.alter_column("adjudication", "round_id", nullable=False)
    op.create_foreign_key(op.f("fk_adjudication_round_id"), "adjudication", "round", ["round_id"], ["id"])
    _swap_unique("adjudication", ["sentence_id", "version"], ["sentence_id", "round_id", "version"])
    _swap_check("ck_adjudication_deciding_rule", "adjudication", NEW_RULE)
    op.drop_index("uq_adjudication_current", "adjudication")


def _numbers(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Integer()) for name in names]


def _swap_unique(table: str, old: list[str], new: list[str]) -> None:
    op.drop_constraint(op.f("_".join(["uq", table, *old])), table, type_="unique")
    op.create_unique_constraint(op.f("_".join(["uq", table, *new])), table, new)


def _swap_check(name: str, table: str, check: str) -> None:
    op.drop_constraint(op.f(name), table, type_="check")
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {check}")


# ---- back

LOST = {
    "SELECT count(*) FROM round WHERE name <> 'main' OR closed_at IS NOT NULL": "{count} rounds are not the first one",
    "SELECT count(*) FROM assignment WHERE state = 'withdrawn'": "{count} assignments are withdrawn",
    "SELECT count(*) FROM assignment WHERE pass > 1": "{count} assignments are a second pass",
    "SELECT count(*) FROM codebook WHERE project_id IS NOT NULL": "{count} codebooks were published by a project",
    f"SELECT count(*) FROM adjudication WHERE deciding_rule NOT IN ({RULES})": "{count} decisions follow newer rules",
    "SELECT (SELECT count(*) FROM article WHERE number IS NOT NULL) + (SELECT count(*) FROM sentence WHERE number "
    "IS NOT NULL) + (SELECT count(*) FROM annotation WHERE number IS NOT NULL)": "{count} rows came in a package",
}
GONE = (
    "round",
    *(f"{table}.number" for table in ("article", "sentence", "annotation")),
    *(f"assignment.{name}" for name in ("key", "round_id", "pass")),
    "annotation.assignment_id",
    "adjudication.round_id",
    "codebook.project_id",
)
ROUND = "(SELECT {} FROM round WHERE round.project_id = project.id)"


def downgrade() -> None:
    connection = op.get_bind()
    refuse(connection, {sql: f"{why}, which the older version cannot keep." for sql, why in LOST.items()})
    is_sqlite = connection.dialect.name == "sqlite"
    with everything_kept(connection, gone=GONE):
        _drop_triggers(
            "article", "sentence", *([] if is_sqlite else ["annotation", "adjudication", "codebook", "assignment"])
        )
        for table in ("article", "sentence"):
            op.execute(f"ALTER TABLE {table} DROP COLUMN number")
        op.drop_index("uq_codebook_shipped_version", "codebook")
        op.drop_index("uq_annotation_current", "annotation")
        op.drop_index("uq_adjudication_current", "adjudication")
        if is_sqlite:
            _rebuild_back(connection)
        else:
            _alter_back()
        op.create_index("uq_annotation_current", "annotation", ["sentence_id", "analyst_id"], unique=True, **CURRENT)
        op.create_index("uq_adjudication_current", "adjudication", ["sentence_id"], unique=True, **CURRENT)
        op.drop_table("round")


def _drop_triggers(*tables: str) -> None:
    """A column that a trigger names cannot be dropped; env.py puts back those that still apply."""
    on_table = "" if op.get_bind().dialect.name == "sqlite" else " ON {}"
    for table in tables:
        for what in ("rows", "values", "keys", "other_rows"):
            op.execute(f"DROP TRIGGER IF EXISTS {table}_keeps_{what}{on_table.format(table)}")


def _rebuild_back(connection: sa.Connection) -> None:
    def back(edits: list[tuple[str, str]]) -> list[tuple[str, str]]:
        return [(new, old) for old, new in edits]

    rebuild(connection, "annotation", back(ANSWERS))
    rebuild(connection, "adjudication", back(DECISIONS))
    rebuild(connection, "assignment", back(WORK), {"round": "'main'"})
    rebuild(connection, "codebook", back(CODEBOOK))
    words = [
        ("name TEXT NOT NULL, \n\t", f"name TEXT NOT NULL, \n\t{PROJECT[0][0]}"),
        ("language TEXT, ", f"language TEXT, {PROJECT[1][0]}"),
        ("CONSTRAINT uq_project_name", f"{PROJECT[2][0]}{PROJECT[3][0]}CONSTRAINT uq_project_name"),
    ]
    rebuild(connection, "project", words, {name: ROUND.format(name) for name in OF_ROUND})


def _alter_back() -> None:
    _swap_unique("annotation", ["sentence_id", "assignment_id", "version"], ["sentence_id", "analyst_id", "version"])
    _swap_unique("adjudication", ["sentence_id", "round_id", "version"], ["sentence_id", "version"])
    _swap_check("ck_adjudication_deciding_rule", "adjudication", OLD_RULE)
    for table, names in {"annotation": ["assignment_id", "number"], "adjudication": ["round_id"]}.items():
        for name in names:
            op.drop_column(table, name)
    _swap_unique("assignment", ["article_id", "analyst_id", "round_id", "pass"], ["article_id", "analyst_id"])
    _swap_check("ck_assignment_state", "assignment", OLD_STATE)
    op.add_column("assignment", sa.Column("round", sa.Text()))
    op.execute("UPDATE assignment SET round = 'main'")
    op.alter_column("assignment", "round", nullable=False)
    for name in ("key", "round_id", "pass"):
        op.drop_column("assignment", name)
    _swap_unique("codebook", ["project_id", "version"], ["version"])
    op.drop_column("codebook", "project_id")
    kinds: dict[str, Any] = {
        "is_blind": sa.Boolean(),
        "codebook_id": sa.Integer(),
        "overlap": sa.Integer(),
        "plan_seed": sa.Integer(),
    }
    for name, kind in kinds.items():
        op.add_column("project", sa.Column(name, kind))
        op.execute(f"UPDATE project SET {name} = {ROUND.format(name)}")
        op.alter_column("project", name, nullable=False)
    op.create_check_constraint(op.f("ck_project_overlap"), "project", "overlap >= 1")
    op.create_foreign_key(op.f("fk_project_codebook_id"), "project", "codebook", ["codebook_id"], ["id"])
