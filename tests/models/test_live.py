"""What is live: the same answer from a row in hand and from a condition in a select."""

from sqlalchemy import select

from tests.factories import first_project, make_article, make_project, sentences_of
from webapp.db import db, db_write
from webapp.models import Article, Project, Sentence


def live_ids(table):
    return set(db.session.scalars(select(table.id).where(table.is_live)))


def dead_ids(table):
    return set(db.session.scalars(select(table.id).where(~table.is_live)))


def test_an_article_in_the_trash_is_not_live(app):
    kept, trashed = make_article(), make_article()
    with db_write():
        trashed.trashed_at = trashed.created_at

    assert (kept.is_live, trashed.is_live) == (True, False)
    assert kept.id in live_ids(Article) - dead_ids(Article)
    assert dead_ids(Article) == {trashed.id}


def test_a_sentence_that_a_repair_replaced_is_not_live(app):
    replaced, kept = sentences_of(make_article(sentences=2))
    with db_write():
        replaced.retired_in = 2

    assert (kept.is_live, replaced.is_live) == (True, False)
    assert kept.id in live_ids(Sentence) - dead_ids(Sentence)
    assert dead_ids(Sentence) == {replaced.id}


def test_a_project_in_the_trash_is_not_live(app):
    kept, trashed = first_project(), make_project("Old study")
    with db_write():
        trashed.trashed_at = trashed.created_at

    assert (kept.is_live, trashed.is_live) == (True, False)
    assert (live_ids(Project), dead_ids(Project)) == ({kept.id}, {trashed.id})
