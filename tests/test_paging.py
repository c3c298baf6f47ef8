"""Pages of a list: the same rows by number and by key, and the nearest page where there is none."""

import pytest
from sqlalchemy import insert, select

from tests.factories import first_project, make_article
from webapp.db import db, db_write
from webapp.models import Article
from webapp.paging import Asked, Order, asked_in, page_in_order, page_of

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
def test_what_is_no_number_asks_for_the_first_page(ids, address):
    assert asked_in(address).page == 1
    assert list(page_of(select(Article.id), asked=asked_in(address))) == ids[:50]


# ---- in another order than that of ids

BY_NAME = Order((Article.text, Article.id))
LATEST_FIRST = Order((Article.created_at, Article.id), falls=True)


@pytest.mark.parametrize("order", [BY_NAME, LATEST_FIRST])
def test_links_lead_to_the_same_pages_as_numbers_in_any_order(ids, order):
    def page(asked):
        found = page_in_order(select(Article.id), order, asked, HOW_MANY)
        return found.with_rows([row.id for row in found])

    first, second, third = (page(Asked(number)) for number in (1, 2, 3))
    assert sorted([*first, *second, *third]) == ids
    assert [len(one) for one in (first, second, third)] == [50, 50, 20]
    assert order.values(second.last)[-1] == second.rows[-1]
    assert page(Asked(2, after=first.last)) == second
    assert page(Asked(3, after=second.last)) == third
    assert page(Asked(2, before=third.first)) == second
    assert page(Asked(1, before=second.first)) == first
    assert page(Asked(9)) == third


@pytest.mark.parametrize(
    "key",
    [
        "",
        "x",
        "[]",
        "7",
        '["a"]',
        '["a",1,2]',
        '[1,"a"]',
        '["a\u0000",1]',
        '["\ud800",1]',
        '["a",1e9]',
        f'["a",{2**31}]',
        f'["a",{10**30}]',
        "[" * 5_000,
    ],
)
def test_a_key_that_tells_no_place_is_none(ids, key):
    assert BY_NAME.values(key) is None
    assert page_in_order(select(Article.id), BY_NAME, Asked(2, key)).number == 2


@pytest.mark.parametrize("moment", ["2026-01-01T00:00:00", "0001-01-01T00:00:00+14:00", "yesterday", ""])
def test_a_moment_that_is_none_or_has_no_zone_is_no_place(moment):
    assert LATEST_FIRST.values(f'["{moment}",1]') is None
