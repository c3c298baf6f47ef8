"""The same app on PostgreSQL: run when CLAIMTAG_TEST_POSTGRES names an empty database to use."""

import os
import threading
from uuid import uuid4

import flask_migrate
import pytest
from flask import current_app
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from tests.conftest import SETTINGS, close, new_client
from tests.factories import Person, answer, first_project, make_article, make_member, sentences_of
from tests.signing_in import sign_in_as
from tests.test_migrations import shape
from webapp import jobs, serving, verification
from webapp.app import create_app
from webapp.articles.actions import start_import
from webapp.corroboration.actions import add_note, amend_note
from webapp.corroboration.queries import notes_on
from webapp.db import Base, db, db_write
from webapp.domain.answers import Answer
from webapp.domain.corroboration import Finding
from webapp.domain.repair import Kind
from webapp.domain.terms import CorroborationStatus, Tag
from webapp.first_run import ensure_first_things
from webapp.migrating import MigrationRefused, everything_kept, require_declared
from webapp.models import Article, Job, JobState
from webapp.models.conflicts import Conflict
from webapp.repair.actions import Wish, repair
from webapp.tagging.actions import record_answer, submit
from webapp.tagging.queries import revisions_of
from webapp.triggers import put_triggers

URL = os.environ.get("CLAIMTAG_TEST_POSTGRES")
pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(not URL, reason="CLAIMTAG_TEST_POSTGRES names no database; these tests need an empty one."),
]


@pytest.fixture
def owner(tmp_path):
    app = create_app(tmp_path, SETTINGS | {"DATABASE_URL": URL})
    with app.app_context():
        Base.metadata.drop_all(db.engine)
        with db.engine.begin() as connection:
            connection.execute(text("DROP TABLE IF EXISTS alembic_version"))
    serving.migrate(app)
    with app.app_context():
        yield Person(ensure_first_things().id)
        close(app)


def test_a_migrated_database_is_the_declared_one(owner):
    migrated = shape(db.engine)
    db.session.remove()
    flask_migrate.downgrade(revision="base")
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
    Base.metadata.create_all(db.engine)

    assert shape(db.engine) == migrated


def test_work_is_kept_and_the_database_defends_it(owner):
    article = make_article()
    sentence = sentences_of(article)[0]
    answer(sentence, owner, Tag.FACT)
    answer(sentence, owner, Tag.OPINION)
    repair(article, owner, Wish(Kind.SPLIT, sentence.id, sentence.start + 6), 1)

    assert verification.faults() == []
    for statement in ("DELETE FROM annotation", "UPDATE annotation SET tag = 'FACT'", "UPDATE article SET text = 'x'"):
        with pytest.raises(DBAPIError, match="never"), db_write() as session:
            session.execute(text(statement))


def test_of_many_writes_at_once_one_counts_and_the_others_are_told(owner):
    sentence_id = sentences_of(make_article())[0].id
    outcomes = []

    def write(app):
        with app.app_context():
            try:
                record_answer(sentence_id, owner, Answer(Tag.FACT), 0, uuid4())
                outcomes.append("written")
            except Conflict:
                outcomes.append("conflict")

    app = current_app._get_current_object()
    threads = [threading.Thread(target=write, args=(app,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["conflict"] * 7 + ["written"]
    assert len(revisions_of(sentence_id, owner)) == 1


def test_an_amended_note_waits_for_a_repair_that_moves_it(owner):
    article = make_article()
    sentence = sentences_of(article)[0]
    finding = Finding(CorroborationStatus.IN_PROGRESS, "It came.")
    note_key = add_note(sentence, owner, finding, uuid4()).note_key
    app = current_app._get_current_object()

    def amend():
        with app.app_context():
            amend_note(note_key, Person(1), finding, 1, uuid4())

    amending = threading.Thread(target=amend)
    with db_write() as session:
        session.get_one(Article, article.id, with_for_update=True)  # as a repair does
        amending.start()
        amending.join(0.5)
        assert amending.is_alive()
    amending.join(10)

    assert [note.version for note in notes_on(sentence.id, owner)] == [2]


def test_every_page_answers_and_a_job_runs(owner):
    article = make_article()
    for name in ("Ana", "Ben"):
        analyst = make_member(name, "analyst")
        for sentence in sentences_of(article):
            answer(sentence, analyst, Tag.FACT if name == "Ana" else Tag.OPINION)
        submit(article, analyst)
    client = new_client(current_app._get_current_object())
    sign_in_as(client, owner)
    pages = (
        "/",
        "/articles/2",
        "/articles/2/sentences",
        "/projects/1",
        "/projects/1/plan",
        "/audit",
        "/projects/1/agreement",
        "/projects/1/adjudication",
    )
    files = (
        "/export/1/long.csv",
        "/projects/1/agreement.json",
        "/projects/1/agreement/wide.csv",
        "/projects/1/gold.csv",
    )
    assert {page: client.get(page).status_code for page in pages} == dict.fromkeys(pages, 200)
    assert {file: client.post(file).status_code for file in files} == dict.fromkeys(files, 200)

    job_id = start_import(first_project(), owner, [(f"{n}.txt", f"Article {n} came.".encode()) for n in range(30)]).id
    jobs.work_on(jobs.claim())
    db.session.rollback()
    assert db.session.get_one(Job, job_id).state is JobState.DONE


def test_a_migration_that_loses_or_changes_something_is_found_out(owner):
    answer(sentences_of(make_article())[0], owner, Tag.FACT)
    db.session.remove()
    harms = {
        "ALTER TABLE annotation DISABLE TRIGGER USER; DELETE FROM annotation": "annotation had 1 rows",
        "UPDATE \"user\" SET name = 'other'": "user would not hold the same values",
        "DROP TRIGGER annotation_keeps_rows ON annotation": None,
    }
    for harm, told in harms.items():
        with db.engine.connect() as connection:
            triggers = put_triggers(connection)
            if told:
                with pytest.raises(MigrationRefused, match=told), everything_kept(connection):
                    connection.exec_driver_sql(harm)
            else:
                require_declared(connection, Base.metadata, triggers)
                connection.exec_driver_sql(harm)
                with pytest.raises(MigrationRefused, match="lack annotation_keeps_rows"):
                    require_declared(connection, Base.metadata, triggers)
            connection.rollback()
