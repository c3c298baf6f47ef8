"""What is on record cannot be replaced either, by any key and from any connection."""

import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from tests.factories import answer, make_article, sentences_of
from webapp.articles.actions import trash_article
from webapp.db import db, db_write
from webapp.domain.terms import Tag
from webapp.models.revisions import REGISTRY

pytestmark = pytest.mark.sqlite_only("REPLACE is a word of SQLite's")
HOLDS_FOR = {("codebook", ("version",)): {"project_id": None}}
"""Keys that only some rows have, with what is in those."""
GUARDED = list(REGISTRY)


@pytest.fixture
def shell(app):
    """The file as the sqlite3 shell opens it: without a single pragma of ours."""
    db.session.rollback()
    with closing(sqlite3.connect(app.instance_path + "/claimtag.sqlite", isolation_level=None)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")  # made-up rows will do
        connection.row_factory = sqlite3.Row
        yield connection


def keys_of(shell, table):
    """The columns of each unique index, and of the primary key."""
    primary = tuple(row["name"] for row in shell.execute(f"PRAGMA table_info({table})") if row["pk"])
    indexes = [row["name"] for row in shell.execute(f"PRAGMA index_list({table})") if row["unique"]]
    return {
        primary,
        *(tuple(row["name"] for row in shell.execute(f"PRAGMA index_info({index})")) for index in indexes),
    }


def made_up(shell, table, number):
    """A row that fits the table, its values those of no other; what may be empty and is in no key is."""
    in_keys = {name for key in keys_of(shell, table) for name in key}

    def value(column):
        if not column["notnull"] and not column["pk"] and column["name"] not in in_keys:
            return None
        if column["type"] == "BOOLEAN":
            return 1
        return number if column["type"] == "INTEGER" else f"made up {number}"

    return {column["name"]: value(column) for column in shell.execute(f"PRAGMA table_info({table})")}


def put(shell, verb, table, row):
    marks = ", ".join("?" * len(row))
    shell.execute(f"{verb} INTO {table} ({', '.join(row)}) VALUES ({marks})", list(row.values()))


def contents(shell, table):
    return [tuple(row) for row in shell.execute(f"SELECT * FROM {table}")]


@pytest.mark.parametrize("table", GUARDED)
def test_no_key_of_a_row_on_record_lets_it_be_replaced(shell, table):
    for number, key in enumerate(keys_of(shell, table)):
        held = HOLDS_FOR.get((table, key), {})
        row = made_up(shell, table, 7_000_001 + 2 * number) | held
        put(shell, "INSERT", table, row)
        before = contents(shell, table)
        clash = made_up(shell, table, 7_000_002 + 2 * number) | {name: row[name] for name in key} | held
        for verb in ("INSERT OR REPLACE", "REPLACE", "INSERT OR IGNORE", "INSERT"):
            with pytest.raises(sqlite3.IntegrityError, match=f"rows of {table} are never replaced"):
                put(shell, verb, table, clash)
        assert contents(shell, table) == before


def numbers_its_rows(shell, table):
    """Whether a row without an id gets the next number; others have an id that is drawn."""
    return ("id", "INTEGER") in shell.execute(f'SELECT name, type FROM pragma_table_info("{table}")').fetchall()


@pytest.mark.parametrize("table", GUARDED)
def test_a_row_that_takes_no_key_goes_in_as_before(shell, table):
    put(shell, "INSERT", table, made_up(shell, table, 7_000_001))
    put(shell, "INSERT OR REPLACE", table, made_up(shell, table, 7_000_002))
    if numbers_its_rows(shell, table):
        without_number = {name: value for name, value in made_up(shell, table, 7_000_003).items() if name != "id"}
        put(shell, "INSERT OR REPLACE", table, without_number)

    assert len([row for row in contents(shell, table) if 7_000_001 in row or "made up 7000001" in row]) == 1


def test_an_answer_that_stepped_back_cannot_push_out_the_one_that_counts(shell, app, owner):
    sentence = sentences_of(make_article())[0]
    answer(sentence, owner, Tag.FACT)
    answer(sentence, owner, Tag.OPINION)
    before = contents(shell, "annotation")

    with pytest.raises(sqlite3.IntegrityError, match="never replaced"):
        shell.execute("UPDATE OR REPLACE annotation SET is_current = 1 WHERE version = 1")

    assert contents(shell, "annotation") == before
    assert len(before) == 2


def test_an_article_taken_out_of_the_trash_cannot_push_out_its_twin(shell, app, owner):
    first = make_article("The bridge reopened.")
    trash_article(first, owner)
    make_article("The bridge reopened.")

    with pytest.raises(sqlite3.IntegrityError, match="never replaced"):
        shell.execute("UPDATE OR REPLACE article SET trashed_at = NULL")
    with pytest.raises(sqlite3.IntegrityError, match="never replaced"):
        shell.execute("UPDATE OR REPLACE article SET id = ? WHERE id = ?", (first.id + 1, first.id))

    assert len(contents(shell, "article")) == 3


def test_our_own_connections_ask_the_trigger_on_delete_for_what_replace_removes(app, owner):
    """Should the check on insert be missing, this one is left."""
    answer(sentences_of(make_article())[0], owner, Tag.FACT)

    with pytest.raises(IntegrityError, match="never deleted"), db_write() as session:
        session.execute(text("DROP TRIGGER annotation_keeps_keys"))
        session.execute(text("INSERT OR REPLACE INTO annotation SELECT * FROM annotation"))
