"""The value lists of an answer asked only where there is a value: for each list SQLite built a table with every save."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

LISTED = re.compile(r"CHECK \((\w+) IN \(")
NULL_OR_LISTED = re.compile(r"CHECK \((\w+) IS NULL OR \1 IN \(")


def upgrade() -> None:
    _rewrite(LISTED, r"CHECK (\1 IS NULL OR \1 IN (", "{column} IS NULL OR {listed}")


def downgrade() -> None:
    _rewrite(NULL_OR_LISTED, r"CHECK (\1 IN (", "{listed}")


def _rewrite(old: re.Pattern[str], new: str, check: str) -> None:
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        _rebuild(connection, old, new)
        return
    for constraint in sa.inspect(connection).get_check_constraints("annotation"):
        name = str(constraint["name"])
        column = name.removeprefix("ck_annotation_")
        if values := re.findall(r"'([^']*)'", constraint["sqltext"]):
            listed = f"{column} IN ({', '.join(repr(value) for value in values)})"
            op.drop_constraint(op.f(name), "annotation", type_="check")
            op.create_check_constraint(op.f(name), "annotation", check.format(column=column, listed=listed))


def _rebuild(connection: sa.Connection, old: re.Pattern[str], new: str) -> None:
    """The same rows in a table of the same words but for the checks; env.py puts the triggers back."""
    of_table = sa.text("SELECT type, sql FROM sqlite_master WHERE tbl_name = 'annotation' AND sql IS NOT NULL")
    made = connection.execute(of_table).all()
    [table] = [sql for kind, sql in made if kind == "table"]
    rewritten, count = old.subn(new, table)
    if count != 14:
        raise RuntimeError(f"The table of answers has {count} value lists where 14 were expected; nothing was changed.")
    rewritten = re.sub(r'^CREATE TABLE "?annotation"?', "CREATE TABLE annotation_rewritten", rewritten)
    connection.exec_driver_sql(rewritten)
    connection.exec_driver_sql("INSERT INTO annotation_rewritten SELECT * FROM annotation")
    connection.exec_driver_sql("DROP TABLE annotation")
    connection.exec_driver_sql("ALTER TABLE annotation_rewritten RENAME TO annotation")
    for kind, sql in made:
        if kind == "index":
            connection.exec_driver_sql(sql)
