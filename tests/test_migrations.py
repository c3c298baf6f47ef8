"""Migrations: they build what the models declare, and lose nothing on filled tables."""

from uuid import uuid4

import flask_migrate
import pytest
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import IntegrityError

from tests.conftest import SETTINGS, close
from tests.factories import answer, make_article, sentences_of
from webapp import serving
from webapp.accounts.actions import (
    SignInRefused,
    new_invitation,
    new_link,
    sign_in_by_link,
    sign_in_by_password,
)
from webapp.app import create_app
from webapp.corroboration.actions import add_note
from webapp.db import Base, db, db_write
from webapp.domain.corroboration import Finding
from webapp.domain.terms import CorroborationStatus, Tag
from webapp.models import SHELL
from webapp.triggers import APPEND_ONLY, FIXED
from webapp.visibility import visit_by


def shape(engine):
    """Tables with columns, keys, indexes and checks, as the database itself tells them."""
    found = inspect(engine)

    def named(things):
        return sorted(str(sorted((key, said(value)) for key, value in thing.items())) for thing in things)

    def said(value):
        return str({key: str(inner) for key, inner in value.items()} if isinstance(value, dict) else value)

    return {
        table: {
            "columns": sorted((c["name"], str(c["type"]), c["nullable"]) for c in found.get_columns(table)),
            "primary key": found.get_pk_constraint(table)["constrained_columns"],
            # Without their names: SQLite does not tell those of columns added later.
            "foreign keys": named({**key, "name": None} for key in found.get_foreign_keys(table)),
            "unique": named(found.get_unique_constraints(table)),
            "indexes": named(found.get_indexes(table)),
            "checks": named(found.get_check_constraints(table)),
        }
        for table in sorted(found.get_table_names())
        if table != "alembic_version"
    }


def test_a_migrated_database_is_the_declared_one(app, tmp_path):
    declared = create_engine(f"sqlite:///{tmp_path / 'declared.sqlite'}")
    Base.metadata.create_all(declared)

    assert shape(db.engine) == shape(declared)
    declared.dispose()


def test_every_trigger_is_there_after_migrating(app):
    triggers = set(db.session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")))

    tables = {*APPEND_ONLY, *FIXED}
    everywhere = {f"{table}_keeps_{what}" for table in tables for what in ("rows", "values", "keys")}
    changing_keys = {
        f"{table}_keeps_other_rows" for table in ("annotation", "corroboration_note", "sentence", "article")
    }
    assert triggers == everywhere | changing_keys


def test_foreign_keys_are_on_after_migrating_in_the_same_process(app):
    flask_migrate.stamp(revision="head")
    flask_migrate.upgrade()

    with db.engine.connect() as connection:
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1


@pytest.fixture
def filled(app, owner):
    article = make_article()
    sentence = sentences_of(article)[0]
    answer(sentence, owner, Tag.FACT)
    answer(sentence, owner, Tag.OPINION)
    add_note(sentence, owner, Finding(CorroborationStatus.IN_PROGRESS, "It was so."), uuid4())
    return app


def counts():
    return {
        table: db.session.execute(text(f'SELECT count(*) FROM "{table}"')).scalar()
        for table in inspect(db.engine).get_table_names()
        if table != "alembic_version"
    }


def test_upgrading_a_filled_database_again_changes_nothing(filled):
    before = counts()
    flask_migrate.upgrade()

    assert counts() == before
    assert min(before[table] for table in ("annotation", "corroboration_note", "sentence", "audit_event")) > 0


def answers():
    found = db.session.execute(text("SELECT * FROM annotation ORDER BY id")).mappings().all()
    db.session.rollback()
    return [dict(row) for row in found]


def test_rewriting_the_checks_of_answers_keeps_every_row_index_and_rule(filled):
    before, declared = answers(), shape(db.engine)
    flask_migrate.downgrade(revision="0004")
    assert "source_type IN (" in str(shape(db.engine)["annotation"]["checks"])
    assert shape(db.engine) != declared
    assert answers() == before

    flask_migrate.upgrade()

    assert (answers(), shape(db.engine)) == (before, declared)
    assert len(before) == 2
    with pytest.raises(IntegrityError, match="ck_annotation_source_type"), db_write() as session:
        session.execute(
            text(
                "INSERT INTO annotation (sentence_id, analyst_id, version, is_current, client_id, codebook_id, is_blind,"
                " to_confirm, created_at, tag, source_type, flag_loaded_language, flag_mixed, flag_presupposition,"
                " flag_hedged) SELECT sentence_id, analyst_id, 3, 0, 'other', codebook_id, 0, 0, created_at, tag,"
                " 'friend', 0, 0, 0, 0 FROM annotation WHERE version = 2"
            )
        )


def test_the_upgrade_to_kept_sessions_ends_them_and_keeps_all_else(filled, owner):
    begun = sign_in_by_link(new_link(owner))
    new_invitation(owner, SHELL)
    with pytest.raises(SignInRefused):
        sign_in_by_password(owner.name, "wrong")
    before = counts()
    db.session.remove()
    flask_migrate.downgrade(revision="0007")
    assert "session" not in inspect(db.engine).get_table_names()
    flask_migrate.upgrade()

    assert counts() == before | {"session": 0}
    assert (before["session"], before["sign_in_link"], before["sign_in_attempt"]) == (1, 2, 1)
    assert visit_by(begun.token) is None


def test_down_and_up_again_leaves_an_empty_database_of_the_same_shape(filled):
    before = shape(db.engine)
    db.session.remove()
    flask_migrate.downgrade(revision="base")
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
    flask_migrate.upgrade()

    assert shape(db.engine) == before


def test_a_filled_sqlite_file_is_copied_before_it_is_migrated(filled, monkeypatch):
    monkeypatch.setattr("webapp.schema.newest", lambda: "newer")
    serving.migrate(filled)

    copies = list((filled.config["INSTANCE"]).glob("claimtag.sqlite.before-*"))
    assert len(copies) == 1
    copy = create_engine(f"sqlite:///{copies[0]}")
    with copy.connect() as connection:
        assert connection.execute(text("PRAGMA quick_check")).scalar() == "ok"
        assert connection.execute(text("SELECT count(*) FROM annotation")).scalar() == 2
    copy.dispose()


def test_a_start_with_nothing_to_migrate_copies_nothing(tmp_path):
    app = create_app(tmp_path, SETTINGS)
    serving.migrate(app)
    serving.migrate(app)
    with app.app_context():
        close(app)

    assert list(tmp_path.glob("*.before-*")) == []
