"""The migration of adjudication on filled tables: what was there stays, decisions can be made, and it can go back."""

from uuid import UUID

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import DatabaseError

from tests.adjudication.test_settling import FACT, OPINION, hand_in
from tests.conftest import downgrade, upgrade
from tests.factories import first_project, make_article, sentences_of
from webapp import verification
from webapp.adjudication.actions import accept_unanimous, adjudicate, keep_first_tag
from webapp.db import db, db_write
from webapp.domain.terms import Tag
from webapp.export.actions import export_gold_csv
from webapp.models import SHELL, Sentence


def rows(table):
    return db.session.execute(text(f'SELECT * FROM "{table}" ORDER BY 1')).all()


def decisions():
    """All columns but the client ids, which are drawn anew on the way up."""
    return [
        {name: value for name, value in row._asdict().items() if name != "client_id"} for row in rows("adjudication")
    ]


def test_filled_tables_go_down_and_up_again_without_loss(app, owner):
    article = make_article("One came. Two went.")
    hand_in(article, "A", Tag.FACT, Tag.FACT)
    hand_in(article, "B", Tag.OPINION, Tag.FACT)
    adjudicate(sentences_of(article)[0], owner, FACT, 0)
    kept = ("annotation", "submission", "submission_annotation", "sentence", "audit_event", "project")
    before = {table: rows(table) for table in kept}
    downgrade("0003")
    assert "adjudication" not in inspect(db.engine).get_table_names()
    assert "own_tag_first" not in {column["name"] for column in inspect(db.engine).get_columns("project")}
    upgrade()

    after = {table: rows(table) for table in kept}
    assert {table: len(after[table]) for table in kept} == {table: len(before[table]) for table in kept}
    assert after["annotation"] == before["annotation"]
    assert first_project().own_tag_first is False
    assert adjudicate(sentences_of(article)[0], owner, FACT, 0).version == 1


def test_own_tags_told_with_decisions_are_kept_in_their_own_table(app, owner):
    article = make_article("One came. Two went.")
    first, second = sentences_of(article)
    hand_in(article, "A", Tag.FACT, Tag.FACT)
    hand_in(article, "B", Tag.OPINION, Tag.OPINION)
    keep_first_tag(first, owner, Tag.OPINION)
    adjudicate(first, owner, FACT, 0)
    adjudicate(first, owner, OPINION, 1)
    adjudicate(second, owner, FACT, 0)
    before, sentence_id = decisions(), first.id
    downgrade("0006")
    assert "first_tag" not in inspect(db.engine).get_table_names()
    upgrade()

    assert decisions() == before
    assert [(row.sentence_id, row.adjudicator_id, row.tag) for row in rows("first_tag")] == [
        (sentence_id, owner.id, "OPINION")
    ]
    assert verification.faults() == []


def test_decisions_become_revisions_and_stay_what_they_were(app, owner):
    article = make_article("One came. Two went.")
    first, second = sentences_of(article)
    hand_in(article, "A", Tag.FACT, Tag.FACT)
    hand_in(article, "B", Tag.OPINION, Tag.FACT)
    keep_first_tag(first, owner, Tag.OPINION)
    adjudicate(first, owner, FACT, 0)
    adjudicate(first, owner, OPINION, 1)
    accept_unanimous(first_project(), owner, 1)
    old, exported = decisions(), "".join(export_gold_csv(first_project(), SHELL))
    first_id, second_id = first.id, second.id

    downgrade("0010")
    assert not {"client_id", "is_current"} & {
        column["name"] for column in inspect(db.engine).get_columns("adjudication")
    }
    upgrade()

    assert decisions() == old
    assert [(row.sentence_id, row.version, bool(row.is_current)) for row in rows("adjudication")] == [
        (first_id, 1, False),
        (first_id, 2, True),
        (second_id, 1, True),
    ]
    assert len({UUID(row.client_id) for row in rows("adjudication")}) == 3
    assert {UUID(row.client_id).version for row in rows("adjudication")} == {4}
    assert "".join(export_gold_csv(first_project(), SHELL)) == exported
    assert verification.faults() == []
    with pytest.raises(DatabaseError), db_write() as session:
        session.execute(text("UPDATE adjudication SET client_id = 'x'"))
    assert adjudicate(db.session.get_one(Sentence, first_id), owner, FACT, 2).version == 3
