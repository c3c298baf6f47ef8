"""How the long shape is read: in the order of the articles, and no more statements for more of them than it must."""

import pytest
from sqlalchemy import text, true

from tests.factories import answer, make_article, make_member, sentences_of
from webapp import visibility
from webapp.db import db
from webapp.domain.terms import Tag
from webapp.export import long
from webapp.models import Article, Project, is_held


@pytest.mark.sqlite_only("about its plans")
@pytest.mark.parametrize("roles", ["supervisor", "researcher", "analyst"])
def test_no_table_is_read_from_end_to_end_for_some_articles(app, roles):
    shown = visibility.answers_shown_to(make_member("Reader", roles), db.session.get_one(Project, 1))
    work = long._WORK.where(Article.id.in_([1, 2]), is_held(), shown)
    for statement in (work, long._SENTENCES.params(ids=[1, 2]), long._ANSWERS.params(ids=[1, 2])):
        made = statement.compile(db.engine, compile_kwargs={"literal_binds": True})
        plan = [row.detail for row in db.session.execute(text(f"EXPLAIN QUERY PLAN {made}"))]
        assert not [step for step in plan if step.startswith("SCAN") and "SCAN round" not in step], plan


def test_ten_articles_more_cost_no_statement_more(app, owner, statements):
    def taken():
        with statements() as seen:
            lines = "".join(long.parts(1, true())).splitlines()
        return len(lines), len(seen)

    def answered():
        for sentence in sentences_of(make_article(sentences=3)):
            answer(sentence, owner, Tag.FACT)

    answered()
    lines, asked = taken()
    for _ in range(10):
        answered()

    assert taken() == (lines + 30, asked)


def test_articles_are_read_in_blocks_that_fit_into_memory(app, owner, monkeypatch):
    for _ in range(5):
        for sentence in sentences_of(make_article(sentences=3)):
            answer(sentence, owner, Tag.FACT)
    whole = "".join(long.parts(1, true()))
    for name, value in (("LETTERS", 100), ("ARTICLES", 2)):
        monkeypatch.setattr(long, name, value)
        parts = list(long.parts(1, true()))
        assert len(parts) > 2
        assert "".join(parts) == whole
