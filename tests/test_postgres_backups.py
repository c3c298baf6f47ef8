"""Backups of a PostgreSQL database are made by its own programs, and fill an empty database again."""

import os
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from tests.conftest import SETTINGS, close
from tests.factories import answer, make_article, sentences_of
from webapp import backups, postgres_dump, restoring, verification, word_index
from webapp.accounts.actions import new_link
from webapp.app import create_app
from webapp.db import db, now
from webapp.domain.errors import BadBackup, DumpFailed, NotRestored
from webapp.domain.terms import Tag
from webapp.models import Annotation, SignInLink

pytestmark = pytest.mark.postgresql_only("SQLite has backups of its own")
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@contextmanager
def app_over(instance):
    app = create_app(instance, SETTINGS)
    with app.app_context():
        yield
        close(app)


@pytest.fixture
def backup(app, owner, tmp_path):
    answer(sentences_of(make_article())[0], owner, Tag.FACT)
    new_link(owner)
    db.session.commit()
    file = tmp_path / "a.backup"
    assert isinstance(postgres_dump.changes(), str)
    assert backups.back_up(file).startswith("a dump of PostgreSQL with ")
    return file


def test_a_dump_fills_an_empty_database_in_which_nobody_is_signed_in(backup, empty_instance):
    with app_over(empty_instance):
        done = restoring.restore_postgres(backup)

        assert done.links_ended == 1
        assert db.session.scalars(select(Annotation.tag)).all() == [Tag.FACT]
        assert db.session.scalars(select(SignInLink).where(SignInLink.used_at.is_(None))).all() == []
        assert word_index.has_parts(db.session.connection())
        assert verification.faults() == []


def test_a_dump_is_restored_where_pg_trgm_cannot_be_created(backup, empty_instance, monkeypatch):
    monkeypatch.setattr("webapp.word_index.EXTENSION", "CREATE EXTENSION no_such_extension")
    with app_over(empty_instance):
        restoring.restore_postgres(backup)

        assert not word_index.has_parts(db.session.connection())
        assert verification.faults() == []


def test_a_database_that_is_not_empty_is_not_restored_into(backup):
    with pytest.raises(NotRestored, match="is not empty"):
        restoring.restore_postgres(backup)
    assert db.session.scalars(select(Annotation.tag)).all() == [Tag.FACT]


def test_a_dump_that_was_cut_off_leaves_the_database_empty(backup, empty_instance):
    os.truncate(backup, backup.stat().st_size // 2)
    with app_over(empty_instance):
        with pytest.raises(DumpFailed, match="pg_restore refused"):
            restoring.restore_postgres(backup)
        with pytest.raises(DumpFailed, match="pg_restore refused"):
            restoring.restore_postgres(backup)  # which looks first whether the database is empty


def test_what_is_no_dump_is_refused(app, tmp_path):
    (tmp_path / "letter.txt").write_text("Dear aunt")

    with pytest.raises(NotRestored, match="no dump of PostgreSQL"):
        restoring.restore_postgres(tmp_path / "letter.txt")


def test_a_missing_pg_dump_is_one_sentence(app, tmp_path, monkeypatch):
    monkeypatch.setattr("webapp.postgres_dump.shutil.which", lambda _: None)

    with pytest.raises(DumpFailed, match="pg_dump is missing here: install"):
        backups.back_up(tmp_path / "a.backup")
    with pytest.raises(BadBackup, match="pg_dump is missing here: install"):
        backups.make_daily(tmp_path, LONG_AGO)


def test_a_daily_dump_is_made_only_when_something_changed(app, tmp_path, monkeypatch):
    changes = ["12 rows"]
    tomorrow = now() + timedelta(days=1)
    monkeypatch.setattr("webapp.postgres_dump.changes", lambda: changes[-1])
    assert backups.make_daily(tmp_path, LONG_AGO).startswith("Made ")
    monkeypatch.setattr("webapp.backups.now", lambda: tomorrow)
    assert backups.make_daily(tmp_path, LONG_AGO) is None
    changes.append("13 rows")

    assert backups.make_daily(tmp_path, LONG_AGO).startswith("Made ")
    assert len(backups.kept_in(tmp_path)) == 2
