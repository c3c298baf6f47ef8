"""The one way to write, and what the database itself defends."""

import sqlite3
import threading

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import IntegrityError, ProgrammingError

from tests.conftest import raw
from tests.factories import answer, first_project, make_article, sentences_of
from webapp.db import SaveQueue, current_connection, db, db_write, quick_write
from webapp.domain.terms import Tag
from webapp.models import Annotation, Article, Assignment, Project, User


def test_a_change_outside_db_write_is_refused(app, owner):
    owner.name = "Changed"

    with pytest.raises(RuntimeError, match="db_write"):
        db.session.flush()
    db.session.rollback()


def test_an_error_inside_leaves_nothing_behind(app, owner):
    with pytest.raises(ZeroDivisionError), db_write():
        owner.name = "Changed"
        db.session.flush()
        1 / 0  # noqa: B018

    assert db.session.get_one(User, owner.id).name != "Changed"
    with db_write():
        owner.name = "Changed later"


@pytest.mark.sqlite_only("PostgreSQL looks at references at once, not at the commit")
@pytest.mark.parametrize("write", [db_write, quick_write])
def test_a_commit_that_fails_leaves_nothing_behind_and_the_next_write_goes_on(app, owner, write):
    owner_id = owner.id
    for _ in range(3):
        with pytest.raises(IntegrityError), write() as target:
            target.execute(text("PRAGMA defer_foreign_keys = ON"))
            target.execute(single_keys_off(owner_id))
            target.execute(insert(Assignment).values(article_id=999, analyst_id=owner_id, state="assigned"))
        assert has_single_keys(owner_id)
        db.session.rollback()

    with write() as target:
        target.execute(single_keys_off(owner_id))
    assert not has_single_keys(owner_id)


def test_rows_are_read_anew_inside(app, owner):
    project = first_project()
    before = project.running.overlap
    with raw() as other:
        other.execute(text("UPDATE round SET overlap = overlap + 5"))

    with db_write():
        assert project.running.overlap == before + 5


def single_keys_off(user_id):
    return update(User).where(User.id == user_id).values(single_keys=False)


def has_single_keys(user_id):
    return db.session.scalar(select(User.single_keys).where(User.id == user_id))


only_sqlite_has_a_queue = pytest.mark.sqlite_only("on PostgreSQL saves do not queue")


@pytest.fixture
def queue(app):
    queue = SaveQueue(db.engine)
    yield queue
    queue.close()


@only_sqlite_has_a_queue
def test_a_queued_save_reads_in_the_transaction_that_writes(app, owner, queue):
    owner_id = owner.id
    db.session.commit()
    elsewhere = sqlite3.connect(app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///"), timeout=0)

    with queue.turn():
        current_connection().execute(select(User.id)).all()
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            elsewhere.execute("UPDATE round SET overlap = 7")
        with quick_write() as connection:
            connection.execute(single_keys_off(owner_id))

    elsewhere.execute("UPDATE round SET overlap = 7")
    assert elsewhere.execute("SELECT single_keys FROM user WHERE id = ?", (owner_id,)).fetchall() == [(0,)]
    elsewhere.close()


@only_sqlite_has_a_queue
def test_nobody_in_the_save_queue_keeps_the_turn_after_an_error(app, owner, queue):
    written = []
    owner_id, project_id = owner.id, first_project().id
    db.session.commit()

    def write():
        with app.app_context(), db_write() as session:
            session.get_one(Project, project_id).running.overlap = 7
            written.append(7)

    with pytest.raises(RuntimeError, match="stumbled"), queue.turn(), quick_write() as connection:
        connection.execute(single_keys_off(owner_id))
        raise RuntimeError("stumbled")
    other = threading.Thread(target=write, daemon=True)
    other.start()
    other.join(60)

    assert written == [7]
    assert has_single_keys(owner_id)


@only_sqlite_has_a_queue
def test_what_is_refused_at_the_commit_is_taken_back_and_the_next_one_writes(app, owner, queue):
    owner_id = owner.id
    db.session.commit()
    with pytest.raises(IntegrityError), queue.turn(), quick_write() as connection:
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        connection.execute(single_keys_off(owner_id))
        connection.execute(insert(Assignment).values(article_id=999, analyst_id=owner_id, state="assigned"))

    with queue.turn():
        assert current_connection().scalar(select(User.single_keys).where(User.id == owner_id))  # taken back
        with quick_write() as connection:
            connection.execute(single_keys_off(owner_id))
    assert not has_single_keys(owner_id)


@only_sqlite_has_a_queue
def test_after_sqlite_itself_took_a_transaction_back_the_next_one_begins_anew(app, queue):
    for _ in range(2):
        with queue.turn():
            driver_connection = current_connection().connection.driver_connection
            assert driver_connection.in_transaction
            driver_connection.execute("ROLLBACK")  # as it does when the disk is full


@only_sqlite_has_a_queue
def test_after_a_broken_connection_the_next_one_in_the_queue_gets_another(app, owner, queue):
    owner_id = owner.id
    db.session.commit()
    with pytest.raises(ProgrammingError, match="closed"), queue.turn():
        current_connection().connection.driver_connection.close()

    with queue.turn(), quick_write() as connection:
        connection.execute(single_keys_off(owner_id))
    assert not has_single_keys(owner_id)


@only_sqlite_has_a_queue
def test_a_queued_save_is_told_to_write_quickly(app, queue):
    with pytest.raises(RuntimeError, match="quick_write"), queue.turn(), db_write():
        pass


def test_a_quick_write_is_seen_by_rows_that_were_loaded_before(app, owner):
    assert owner.single_keys

    with quick_write() as connection:
        connection.execute(single_keys_off(owner.id))

    assert not owner.single_keys


def test_rows_may_be_read_but_not_changed_beside_a_quick_write(app, owner):
    with quick_write() as connection:
        connection.execute(single_keys_off(owner.id))
        owner.name = "Changed"
        with pytest.raises(RuntimeError, match="db_write"):
            db.session.flush()
        db.session.rollback()


def test_an_error_in_a_quick_write_leaves_nothing_behind(app, owner):
    with pytest.raises(ZeroDivisionError), quick_write() as connection:
        connection.execute(single_keys_off(owner.id))
        1 / 0  # noqa: B018

    assert db.session.get_one(User, owner.id).single_keys


@pytest.mark.parametrize("outer", [db_write, quick_write])
@pytest.mark.parametrize("inner", [db_write, quick_write])
def test_writing_does_not_nest(app, outer, inner):
    with pytest.raises(RuntimeError, match="nest"), outer(), inner():
        pass


@pytest.mark.parametrize("write", [db_write, quick_write])
def test_a_change_left_over_from_before_is_refused(app, owner, write):
    owner.name = "Changed"

    with pytest.raises(RuntimeError, match="outside"), write():
        pass
    db.session.rollback()


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM annotation",
        "UPDATE annotation SET tag = 'OPINION'",
        "UPDATE annotation SET analyst_id = 99",
        "DELETE FROM sentence",
        "UPDATE sentence SET start = 1",
        "DELETE FROM article",
        "UPDATE article SET text = 'other'",
        "DELETE FROM audit_event",
        "UPDATE audit_event SET what = 'other'",
        "DELETE FROM codebook",
        "UPDATE codebook SET text = 'other'",
    ],
)
def test_the_database_keeps_what_was_written(app, owner, statement):
    answer(sentences_of(make_article())[0], owner, Tag.FACT)

    with pytest.raises(IntegrityError, match="never"), db_write() as session:
        session.execute(text(statement))


@pytest.mark.parametrize(
    "change",
    [
        {"tag": "TRUE"},
        {"second_choice": "NOT_CODABLE"},
        {"source_type": "friend"},
        {"analyst_id": 999},
        {"version": 0},
        {"active_seconds": -1},
        {"second_choice": "FACT"},
        {"is_current": True, "version": 2},
        {"is_current": False},
        {"is_current": False, "version": 2},
    ],
)
def test_the_database_refuses_a_row_that_breaks_a_rule(app, owner, change):
    answer(sentences_of(make_article())[0], owner, Tag.FACT)
    row = dict(db.session.execute(select(Annotation.__table__)).mappings().one())
    del row["id"]

    with pytest.raises(IntegrityError), db_write() as session:
        columns = row | {"version": 2, "is_current": False, "client_id": "0" * 32} | change
        if change == {"is_current": False}:
            columns["client_id"] = row["client_id"].hex  # the same write twice
        if change == {"is_current": False, "version": 2}:
            columns |= {"sentence_id": 999}
        columns["client_id"] = str(getattr(columns["client_id"], "hex", columns["client_id"]))
        names = ", ".join(columns)
        values = ", ".join(f":{name}" for name in columns)
        columns["created_at"] = "2026-01-01 00:00:00.000000"
        session.execute(text(f"INSERT INTO annotation ({names}) VALUES ({values})"), columns)


def test_one_text_lies_in_a_project_once(app):
    article = make_article("The bridge reopened.")
    columns = [column.key for column in Article.__table__.columns if column.key != "id"]

    with pytest.raises(IntegrityError), db_write() as session:
        listed = ", ".join(columns)
        session.execute(text(f"INSERT INTO article ({listed}) SELECT {listed} FROM article WHERE id = {article.id}"))
