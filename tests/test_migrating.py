"""A migration is copied before, proves what it kept, and is undone whole where it cannot."""

import shutil
import sqlite3
from contextlib import closing, nullcontext
from pathlib import Path
from types import SimpleNamespace

import flask_migrate
import pytest
from flask import current_app
from sqlalchemy.exc import OperationalError

from tests.factories import answer, make_article, sentences_of
from webapp import migrating, server_lock, serving, triggers
from webapp.db import Base, database_file, db
from webapp.domain.errors import InUse, MigrationRefused
from webapp.domain.terms import Tag
from webapp.migrating import copy_before, everything_kept, rebuild, refuse, require_declared
from webapp.triggers import put_triggers

pytestmark = pytest.mark.sqlite_only("about the copy of the file, and tables that SQLite rebuilds")


@pytest.fixture
def file(app, owner):
    """A database file with an answer in it."""
    answer(sentences_of(make_article())[0], owner, Tag.FACT)
    db.session.remove()
    return database_file()


@pytest.fixture
def older(monkeypatch):
    """The code then takes the database for one of an older version."""
    monkeypatch.setattr("webapp.schema.newest", lambda: "newer")


def beside(file):
    return sorted(other.name for other in file.parent.glob(f"{file.name}.before-*"))


@pytest.fixture
def connection(file):
    with db.engine.connect() as connection:
        connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
        connection.begin()
        yield connection
        connection.rollback()
    db.engine.dispose()


# ---- before


def test_the_copy_is_one_whole_file_with_the_same_rows(file):
    copy = copy_before(file)

    with closing(sqlite3.connect(copy)) as opened:
        assert opened.execute("PRAGMA quick_check").fetchone() == ("ok",)
        assert opened.execute("SELECT tag FROM annotation").fetchall() == [("FACT",)]
    assert beside(file) == [copy.name]


def test_a_disk_without_three_times_the_room_is_refused_before_anything_happens(file, older, monkeypatch):
    size = migrating.size_of(file)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=3 * size - 1))

    with pytest.raises(MigrationRefused, match="three times the file"):
        serving.migrate(this_app())
    assert beside(file) == []


def test_a_damaged_file_is_refused(file, older, monkeypatch):
    monkeypatch.setattr(migrating, "is_whole", lambda _: False)

    with pytest.raises(MigrationRefused, match="damaged"):
        serving.migrate(this_app())
    assert beside(file) == []


def test_a_copy_that_lacks_a_row_keeps_the_migration_from_beginning(file, older, monkeypatch):
    monkeypatch.setattr(migrating, "_rows_in_file", lambda _: {"annotation": 0})
    monkeypatch.setattr(flask_migrate, "upgrade", lambda: pytest.fail("the migration began"))

    with pytest.raises(MigrationRefused, match="not the same as the file"):
        serving.migrate(this_app())
    assert beside(file) == []


def test_a_file_that_another_process_serves_is_not_migrated(file, older, monkeypatch):
    monkeypatch.setattr(serving, "_alone", lambda doing: server_lock.held(file, doing))
    monkeypatch.setattr(server_lock, "_locked", lambda _: False)

    with pytest.raises(InUse, match="in use by"):
        serving.migrate(this_app())
    assert beside(file) == []


def test_a_migration_that_fails_is_undone_and_the_message_names_the_copy(file, older, monkeypatch):
    def fail():
        raise MigrationRefused("A table would lose a row.")

    monkeypatch.setattr(flask_migrate, "upgrade", fail)

    with pytest.raises(MigrationRefused) as refused:
        serving.migrate(this_app())
    [copy] = beside(file)
    assert str(refused.value).endswith(
        f"is as it was. A table would lose a row. The copy made before is {file.parent / copy}."
    )


# ---- inside


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        ("DELETE FROM audit_event WHERE id = 1", "audit_event had"),
        ("UPDATE user SET name = 'other' WHERE id = 1", "user would not hold the same values"),
        ("UPDATE annotation SET note = '' WHERE id = 1", "annotation would not hold the same values"),
        ("ALTER TABLE user DROP COLUMN single_keys", "no such column"),
    ],
)
def test_a_lost_row_or_a_changed_value_ends_the_migration(connection, harm, told):
    drop_triggers(connection)

    with pytest.raises((MigrationRefused, OperationalError), match=told), everything_kept(connection):
        connection.exec_driver_sql(harm)


def drop_triggers(connection):
    for trigger in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all():
        connection.exec_driver_sql(f"DROP TRIGGER {trigger}")


def test_rows_that_a_migration_has_to_make_are_counted(connection):
    make = "INSERT INTO sign_in_attempt (name, address, at) VALUES ('a', 'b', '2026-01-01')"

    with pytest.raises(MigrationRefused, match="had 0 rows and would have 1"), everything_kept(connection):
        connection.exec_driver_sql(make)
    with everything_kept(connection) as proof:
        connection.exec_driver_sql(make)
        proof.added["sign_in_attempt"] = 1


@pytest.mark.parametrize(("value", "is_kept"), [("name", True), ("id", False)])
def test_a_value_that_moved_is_looked_for_where_it_is_now(connection, value, is_kept):
    drop_triggers(connection)
    moved = {"user.name": '(SELECT called.name FROM called WHERE called.user_id = "user".id)'}
    refused = nullcontext() if is_kept else pytest.raises(MigrationRefused, match="user would not hold")

    with refused, everything_kept(connection, moved=moved):
        connection.exec_driver_sql(f"CREATE TABLE called AS SELECT id AS user_id, {value} AS name FROM user")
        connection.exec_driver_sql("UPDATE user SET name = id")


def test_what_the_older_schema_does_not_have_need_not_be_there(connection):
    drop_triggers(connection)

    with everything_kept(connection, gone=["draft", "user.single_keys"]):
        connection.exec_driver_sql("ALTER TABLE user DROP COLUMN single_keys")
        connection.exec_driver_sql("DROP TABLE draft")


def test_a_table_is_rebuilt_with_its_rows_and_indexes(connection):
    with everything_kept(connection):
        rebuild(
            connection,
            "annotation",
            [("analyst_id INTEGER NOT NULL", "analyst_id INTEGER NOT NULL, \n\tchecked INTEGER NOT NULL")],
            {"checked": "7"},
        )

    assert connection.exec_driver_sql("SELECT tag, checked FROM annotation").all() == [("FACT", 7)]
    require_declared(connection, Base.metadata, put_triggers(connection))


def test_a_table_in_other_words_than_expected_is_not_rebuilt(connection):
    with pytest.raises(MigrationRefused, match="not made as expected"):
        rebuild(connection, "annotation", [("no such words", "")])


def test_what_the_older_schema_cannot_hold_is_refused_with_its_sentence(connection):
    with pytest.raises(MigrationRefused, match="There are 1 answers"):
        refuse(connection, {"SELECT count(*) FROM annotation": "There are {count} answers."})
    refuse(connection, {"SELECT count(*) FROM draft": "There are {count} drafts."})


# ---- at the end


@pytest.mark.parametrize(
    ("harm", "lacking"),
    [
        ("DROP INDEX uq_annotation_current", "uq_annotation_current"),
        ("DROP TRIGGER annotation_keeps_rows", "annotation_keeps_rows"),
    ],
)
def test_a_missing_index_or_trigger_ends_the_migration(connection, harm, lacking):
    names = put_triggers(connection)
    require_declared(connection, Base.metadata, names)
    connection.exec_driver_sql(harm)

    with pytest.raises(MigrationRefused, match=f"lack {lacking}"):
        require_declared(connection, Base.metadata, names)


def test_a_migration_that_fails_at_its_end_leaves_the_database_as_it_was(file, monkeypatch):
    flask_migrate.downgrade(revision="0006")
    before = content(file)
    monkeypatch.setattr(triggers, "put_triggers", lambda _: {"a_trigger"})

    with pytest.raises(MigrationRefused, match="lack a_trigger"):
        serving.migrate(this_app())
    assert content(file) == before


def content(file):
    with closing(sqlite3.connect(file)) as opened:
        return list(opened.iterdump())


def this_app():
    return current_app._get_current_object()


def test_every_migration_from_rounds_on_proves_what_it_keeps():
    versions = Path(migrating.__file__).parent / "migrations" / "versions"
    for script in sorted(versions.glob("0*.py")):
        if script.name >= "0011":
            source = script.read_text("utf-8")
            changes = source.count("\ndef upgrade") + source.count("\ndef downgrade")
            nothing = source.count('() -> None:\n    """Nothing: ')
            assert source.count("with everything_kept(") >= changes - nothing == 2 - nothing, script.name
