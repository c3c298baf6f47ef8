"""The migration of adjudication on filled tables: what was there stays, decisions can be made, and it can go back."""

from sqlalchemy import inspect, text

from tests.adjudication.test_settling import FACT, OPINION, hand_in
from tests.conftest import downgrade, upgrade
from tests.factories import first_project, make_article, sentences_of
from webapp import verification
from webapp.adjudication.actions import adjudicate, keep_first_tag
from webapp.db import db
from webapp.domain.terms import Tag


def rows(table):
    return db.session.execute(text(f'SELECT * FROM "{table}" ORDER BY 1')).all()


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
    before, sentence_id = rows("adjudication"), first.id
    downgrade("0006")
    assert "first_tag" not in inspect(db.engine).get_table_names()
    upgrade()

    assert rows("adjudication") == before
    assert [(row.sentence_id, row.adjudicator_id, row.tag) for row in rows("first_tag")] == [
        (sentence_id, owner.id, "OPINION")
    ]
    assert verification.faults() == []
