"""Prepared statements give and take what SQLAlchemy's own execution would."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import bindparam, insert, select, update

from tests.factories import answer, make_article, sentences_of
from webapp.db import current_connection, db, quick_write
from webapp.domain.terms import Tag
from webapp.models import Annotation, User
from webapp.prepared import Prepared

ANNOTATION = Annotation.__table__
COLUMNS = [column.key for column in ANNOTATION.c]


@pytest.fixture
def answered(owner):
    """The number of a sentence with an answer."""
    sentence = sentences_of(make_article())[0]
    answer(sentence, owner, Tag.OPINION)
    return sentence.id


def test_a_row_comes_with_the_types_of_its_columns(app, answered):
    statement = select(ANNOTATION).where(ANNOTATION.c.sentence_id == bindparam("sentence_id"))

    [row] = Prepared(statement).run(current_connection(), sentence_id=answered)

    assert row == tuple(db.session.execute(statement, {"sentence_id": answered}).one())
    values = dict(zip(COLUMNS, row, strict=True))
    assert (values["tag"], values["is_current"], type(values["client_id"])) == (Tag.OPINION, True, UUID)
    assert values["created_at"].tzinfo is UTC


def test_values_are_written_as_their_columns_keep_them(app, owner, answered):
    names = [name for name in COLUMNS if name != "id"]
    [row] = Prepared(select(ANNOTATION)).run(current_connection())
    given = dict(zip(COLUMNS, row, strict=True)) | {
        "version": 2,
        "is_current": False,
        "client_id": UUID(int=7),
        "created_at": datetime(2026, 3, 1, 12, 30, tzinfo=UTC),
        "tag": Tag.SPECULATION,
        "note": "it’s “so” 🚢",
    }
    with quick_write() as connection:
        add = Prepared(insert(ANNOTATION).inline().values({name: bindparam(name) for name in names}))
        assert add.run(connection, **{name: given[name] for name in names}) == []

    written = db.session.scalars(select(Annotation).where(Annotation.version == 2)).one()
    assert {name: getattr(written, name) for name in names} == {name: given[name] for name in names}


def test_one_statement_serves_many_values_and_keeps_its_constants(app, owner):
    owner_id = owner.id
    switch_off = Prepared(update(User).where(User.id == bindparam("user_id")).values(single_keys=False))
    with quick_write() as connection:
        switch_off.run(connection, user_id=owner_id + 1000)
    assert db.session.get_one(User, owner_id).single_keys

    with quick_write() as connection:
        switch_off.run(connection, user_id=owner_id)
    assert not db.session.get_one(User, owner_id).single_keys


@pytest.mark.parametrize("number", [2, 24, 25, 60])
def test_many_rows_are_written_as_one_by_one(app, owner, answered, statements, number):
    names = [name for name in COLUMNS if name != "id"]
    [row] = Prepared(select(ANNOTATION)).run(current_connection())
    given = dict(zip(COLUMNS, row, strict=True)) | {"is_current": False}
    rows = [
        given | {"version": version, "client_id": UUID(int=version), "note": "so"} for version in range(2, 2 + number)
    ]
    add = Prepared(insert(ANNOTATION).inline().values({name: bindparam(name) for name in names} | {"note": None}))
    with quick_write() as connection, statements() as seen:
        add.run_many(connection, rows)
        add.run_many(connection, [])

    assert [told.split()[0] for told in seen] == ["INSERT" if db.engine.dialect.name == "sqlite" else "COPY"]
    written = db.session.scalars(select(Annotation).where(Annotation.version > 1).order_by(Annotation.version)).all()
    assert [{name: getattr(one, name) for name in names} for one in written] == [
        {name: one[name] for name in names} | {"note": None} for one in rows
    ]


def test_a_missing_value_is_an_error(app, answered):
    statement = Prepared(select(ANNOTATION.c.id).where(ANNOTATION.c.sentence_id == bindparam("sentence_id")))

    with pytest.raises(KeyError, match="sentence_id"):
        statement.run(current_connection())


def test_whoever_counts_statements_hears_of_prepared_ones(app, answered, statements):
    statement = Prepared(select(ANNOTATION.c.id).where(ANNOTATION.c.sentence_id == bindparam("sentence_id")))

    with statements() as seen:
        statement.run(current_connection(), sentence_id=answered)

    assert [told.split()[0] for told in seen] == ["SELECT"]


def test_a_save_is_counted_statement_by_statement(client, sign_in, owner, statements):
    sign_in(owner)
    address = f"/api/v1/sentences/{sentences_of(make_article())[0].id}/annotation"
    client.put(address, json={"tag": "FACT", "version": 0, "client_id": str(UUID(int=1))})

    with statements() as seen:
        client.put(address, json={"tag": "OPINION", "version": 1, "client_id": str(UUID(int=2))})

    locks = [told for told in seen if "FOR NO KEY UPDATE" in told]  # where there is no one writer at a time
    assert len(locks) == (db.engine.dialect.name == "postgresql")
    assert [told.split()[0] for told in seen if told not in locks] == ["SELECT", "SELECT", "UPDATE", "INSERT"]
