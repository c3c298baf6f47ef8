"""Migrations: they build what the models declare, and lose nothing on filled tables."""

from uuid import uuid4

import flask_migrate
import pytest
from sqlalchemy import create_engine, inspect, select, text
from sqlalchemy.exc import IntegrityError

from tests.conftest import SETTINGS, close, downgrade, upgrade
from tests.factories import answer, first_project, make_article, sentences_of
from webapp import serving, word_index
from webapp.accounts.actions import new_invitation, new_link, sign_in_by_link, sign_in_by_password
from webapp.app import create_app
from webapp.articles.actions import draft_of_pasted
from webapp.claims.actions import add_note
from webapp.counting_triggers import COUNTING
from webapp.db import Base, db, db_write
from webapp.domain.corroboration import Finding
from webapp.domain.errors import MigrationRefused, SignInRefused
from webapp.domain.intake.description import Description
from webapp.domain.terms import CorroborationStatus, Tag
from webapp.migrating import everything_kept, require_declared
from webapp.models import SHELL, Draft, User
from webapp.models.revisions import REGISTRY, revised
from webapp.triggers import put_triggers
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


def test_a_migrated_database_is_the_declared_one(app, empty_instance):
    declared = create_app(empty_instance, SETTINGS)
    migrated = shape(db.engine)
    with declared.app_context():
        Base.metadata.create_all(db.engine)
        assert shape(db.engine) == migrated
        close(declared)


def test_every_trigger_is_there_after_migrating(app):
    is_sqlite = db.engine.dialect.name == "sqlite"
    listed = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if is_sqlite
        else ("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
    )
    triggers = set(db.session.scalars(text(listed)))

    everywhere = {f"{table}_keeps_{what}" for table in REGISTRY for what in ("rows", "values")}
    against_replace = {f"{table}_keeps_keys" for table in REGISTRY} | {
        f"{table}_keeps_other_rows"
        for table in (
            *(table.__tablename__ for table in revised()),
            "sentence",
            "article",
            "session",
            "assignment",
            "round",
        )
    }
    counting = {counting.name for counting in COUNTING if is_sqlite or not counting.is_for_sqlite}
    assert triggers == everywhere | counting | (against_replace if is_sqlite else set())


@pytest.mark.sqlite_only("PostgreSQL never puts them off")
def test_foreign_keys_are_on_after_migrating_in_the_same_process(app):
    db.session.commit()
    flask_migrate.stamp(revision="head")
    upgrade()

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
        if table != "alembic_version" and not word_index.is_of_index(table)
    }


def test_upgrading_a_filled_database_again_changes_nothing(filled):
    before = counts()
    upgrade()

    assert counts() == before
    assert min(before[table] for table in ("annotation", "assessment", "sentence", "audit_event")) > 0


def answers():
    found = db.session.execute(text("SELECT * FROM annotation ORDER BY id")).mappings().all()
    db.session.rollback()
    return [dict(row) for row in found]


def test_rewriting_the_checks_of_answers_keeps_every_row_index_and_rule(filled):
    before, declared = answers(), shape(db.engine)
    downgrade("0004")
    assert "source_type IS NULL" not in str(shape(db.engine)["annotation"]["checks"])
    assert shape(db.engine) != declared
    later = {"assignment_id", "number", "source_id", "rating_id"}
    assert answers() == [{name: row[name] for name in row if name not in later} for row in before]

    upgrade()

    assert (answers(), shape(db.engine)) == (before, declared)
    assert len(before) == 2
    with pytest.raises(IntegrityError, match="ck_annotation_source_type"), db_write() as session:
        session.execute(
            text(
                "INSERT INTO annotation (sentence_id, assignment_id, analyst_id, version, is_current, client_id, codebook_id, is_blind,"
                " to_confirm, created_at, tag, source_type, flag_loaded_language, flag_mixed, flag_presupposition,"
                " flag_hedged) SELECT sentence_id, assignment_id, analyst_id, 3, false, 'other', codebook_id, false, false,"
                " created_at, tag, 'friend', false, false, false, false FROM annotation WHERE version = 2"
            )
        )


@pytest.mark.sqlite_only("PostgreSQL goes the same way down and up in the tests around it")
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


@pytest.mark.sqlite_only("PostgreSQL goes the same way down and up in the tests around it")
def test_a_draft_survives_the_upgrade_to_kept_splits_and_back(filled, owner):
    draft_of_pasted(first_project(), owner, "One. Two.", Description("A bridge"))
    before = counts()
    downgrade("0012")
    assert "spans" not in [column["name"] for column in inspect(db.engine).get_columns("draft")]
    upgrade()

    draft = db.session.scalars(select(Draft)).one()
    assert counts() == before
    assert (draft.title, draft.spans) == ("A bridge", None)
    assert [draft.text[span.start : span.end] for span in draft.sentences] == ["One.", "Two."]


def test_whoever_has_tagged_is_not_asked_for_the_source_type_until_they_choose(filled, owner, analyst):
    before = counts()
    assert (owner.asks_who, analyst.asks_who) == (True, True)
    downgrade("0029")
    assert "asks_who" not in [column["name"] for column in inspect(db.engine).get_columns("user")]
    upgrade()

    assert counts() == before
    assert dict(db.session.execute(select(User.name, User.asks_who)).all()) == {owner.name: None, analyst.name: True}


def test_down_and_up_again_leaves_an_empty_database_of_the_same_shape(filled):
    before = shape(db.engine)
    downgrade("base")
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
    upgrade()

    assert shape(db.engine) == before


@pytest.mark.sqlite_only("there is no file to copy on PostgreSQL")
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


def test_a_start_with_nothing_to_migrate_copies_nothing(empty_instance):
    app = create_app(empty_instance, SETTINGS)
    serving.migrate(app)
    serving.migrate(app)
    with app.app_context():
        close(app)

    assert list(empty_instance.glob("*.before-*")) == []


@pytest.mark.postgresql_only("SQLite's tables are rebuilt, and looked at in test_migrating")
def test_a_migration_that_loses_or_changes_something_is_found_out(app, owner):
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
