"""Pages of a list: the same rows by number and by key, and the nearest page where there is none."""

import pytest
from sqlalchemy import insert, select

from tests.factories import first_project, make_article
from webapp.db import db, db_write
from webapp.models import Article
from webapp.paging import Asked, asked_in, page_of

HOW_MANY = 120


@pytest.fixture
def ids(app):
    make_article()
    one = {"project_id": first_project().id, "imported_by_id": 1, "original": b"", "original_sha256": ""}
    common = one | {"encoding": "utf-8", "media_type": "text/plain", "title": "T"}
    rows = [common | {"text": str(n), "text_sha256": str(n)} for n in range(HOW_MANY - 2)]
    with db_write() as session:
        session.execute(insert(Article), rows)
    found = list(db.session.scalars(select(Article.id).order_by(Article.id)))
    assert len(found) == HOW_MANY
    return found


def test_pages_hold_fifty_and_the_last_one_the_rest(ids):
    pages = [page_of(select(Article.id), asked=Asked(number), total=HOW_MANY) for number in (1, 2, 3)]

    assert [list(page) for page in pages] == [ids[:50], ids[50:100], ids[100:]]
    assert [(page.number, page.pages, page.has_next) for page in pages] == [(1, 3, True), (2, 3, True), (3, 3, False)]


@pytest.mark.parametrize("newest_first", [False, True])
def test_links_lead_to_the_same_pages_as_numbers(ids, newest_first):
    def page(asked):
        return page_of(select(Article.id), asked=asked, newest_first=newest_first)

    first, second, third = (page(Asked(number)) for number in (1, 2, 3))
    assert list(page(Asked(2, after=first.last))) == list(second)
    assert list(page(Asked(3, after=second.last))) == list(third)
    assert list(page(Asked(2, before=third.first))) == list(second)
    assert list(page(Asked(1, before=second.first))) == list(first)


@pytest.mark.parametrize("asked", [Asked(99), Asked(99, after=10**9)])
def test_behind_the_last_page_is_the_last_one_where_they_are_counted_else_the_first(ids, asked):
    assert list(page_of(select(Article.id), asked=asked, total=HOW_MANY)) == ids[100:]
    assert list(page_of(select(Article.id), asked=asked)) == ids[:50]


def test_an_id_of_several_lists_is_shown_once(ids):
    both = page_of(select(Article.id), select(Article.id).where(Article.id > ids[10]), asked=Asked())

    assert list(both) == ids[:50]


def test_no_list_has_one_empty_page(app):
    assert list(page_of(asked=Asked(3))) == []


@pytest.mark.parametrize(
    "address", [{}, {"page": "x"}, {"page": "0"}, {"page": "-1", "after": "x"}, {"before": "9" * 30}]
)
def test_what_is_no_number_asks_for_the_first_page(address):
    assert asked_in(address) == Asked()
