"""Decisions become revisions like answers and notes: each with a client id, the newest of a sentence alone current."""

import sqlalchemy as sa
from alembic import op

from webapp.migrating import everything_kept, rebuild

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

NEWEST = "(SELECT max(version) FROM adjudication AS other WHERE other.sentence_id = adjudication.sentence_id)"
# A random UUID, as both databases keep it: 32 digits, among them its kind.
RANDOM = (
    "lower(hex(randomblob(6)) || '4' || substr(hex(randomblob(2)), 2) || '8' || substr(hex(randomblob(2)), 2) "
    "|| hex(randomblob(6)))"
)
OLD_KEY = "CONSTRAINT uq_adjudication_sentence_id_version UNIQUE (sentence_id, version)"
NEW_KEY = "CONSTRAINT uq_adjudication_adjudicator_id_client_id UNIQUE (adjudicator_id, client_id)"
VERSION = "version INTEGER NOT NULL, "
NEW_COLUMNS = "is_current BOOLEAN NOT NULL, client_id CHAR(32) NOT NULL, "


def upgrade() -> None:
    connection = op.get_bind()
    with everything_kept(connection):
        if connection.dialect.name == "sqlite":
            edits = [("version INTEGER NOT NULL, ", VERSION + NEW_COLUMNS), (OLD_KEY, f"{OLD_KEY}, {NEW_KEY}")]
            rebuild(connection, "adjudication", edits, {"is_current": f"version = {NEWEST}", "client_id": RANDOM})
        else:
            _add_columns()
        op.create_index(
            "uq_adjudication_current",
            "adjudication",
            ["sentence_id"],
            unique=True,
            sqlite_where=sa.text("is_current = 1"),
            postgresql_where=sa.text("is_current"),
        )


def _add_columns() -> None:
    op.add_column("adjudication", sa.Column("is_current", sa.Boolean()))
    op.add_column("adjudication", sa.Column("client_id", sa.Uuid(native_uuid=False)))
    random = "replace(gen_random_uuid()::text, '-', '')"
    op.execute(f"UPDATE adjudication SET client_id = {random}, is_current = (version = {NEWEST})")
    for column in ("is_current", "client_id"):
        op.alter_column("adjudication", column, nullable=False)
    key = op.f("uq_adjudication_adjudicator_id_client_id")
    op.create_unique_constraint(key, "adjudication", ["adjudicator_id", "client_id"])


def downgrade() -> None:
    connection = op.get_bind()
    with everything_kept(connection, gone=("adjudication.is_current", "adjudication.client_id")):
        op.drop_index("uq_adjudication_current", "adjudication")
        if connection.dialect.name == "sqlite":
            rebuild(connection, "adjudication", [(NEW_COLUMNS, ""), (f", {NEW_KEY}", "")])
            return
        op.execute("DROP TRIGGER IF EXISTS adjudication_keeps_values ON adjudication")  # it names the columns
        op.drop_constraint(op.f("uq_adjudication_adjudicator_id_client_id"), "adjudication", type_="unique")
        op.drop_column("adjudication", "is_current")
        op.drop_column("adjudication", "client_id")
