"""The audit record: what happened is there, filtered by address, page by page."""

import pytest

from tests.factories import make_article
from webapp.accounts.actions import new_link, sign_in_by_link

pytestmark = pytest.mark.page


@pytest.fixture
def admin(sign_in, owner):
    return sign_in(owner)


def test_events_are_told_with_who_and_when(client, admin):
    make_article()
    page = client.get("/audit")

    assert "article imported" in page.text
    assert "signed in" in page.text


@pytest.mark.parametrize("query", ["what=signed+in", "actor_id=1", "project_id=1", "since=2020-01-01&until=2099-01-01"])
def test_filters_keep_what_they_name(client, admin, query):
    assert client.get(f"/audit?{query}").status_code == 200


def test_a_filter_leaves_others_out(client, admin, analyst):
    sign_in_by_link(new_link(analyst))
    page = client.get(f"/audit?actor_id={analyst.id}")

    assert "article imported" not in page.text.split("<table")[-1]


@pytest.mark.parametrize("query", ["since=yesterday", "page=0", "page=9999", "page=x", "actor_id=x", "what=nothing"])
def test_an_odd_address_filters_nothing_or_finds_nothing(client, admin, query):
    assert client.get(f"/audit?{query}").status_code == 200
