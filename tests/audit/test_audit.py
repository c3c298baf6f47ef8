"""The audit record: what happened is there, filtered by address, page by page."""

import pytest
from bs4 import BeautifulSoup

from tests.factories import make_article, make_claim, make_project, make_source, sentences_of
from webapp.accounts.actions import new_link, sign_in_by_link
from webapp.db import db_write
from webapp.models import audit
from webapp.projects.actions import assign

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


def details_of(client, query=""):
    page = BeautifulSoup(client.get(f"/audit{query}").text, "html.parser")
    return page, {(a.text, a["href"]) for a in page.select("table .detail a")}


def test_things_and_people_stand_by_name_with_the_way_to_them(client, admin, owner, analyst):
    article = make_article("One came. Two went.", title="Comings")
    claim = make_claim("Somebody came.", sentences_of(article)[0])
    into = make_source("Reuters")
    assign(article.project, [(article.id, analyst.id)], owner)
    with db_write() as session:
        sentence_id = sentences_of(article)[0].id
        audit(session, owner, "looked at", claim_id=str(claim.id), source_id=str(into), sentence_id=sentence_id, x_id=7)
    page, links = details_of(client)

    assert links >= {
        ("Comings", f"/articles/{article.id}/reading"),
        ("Comings", f"/sentences/{sentence_id}"),
        ("Somebody came.", f"/claims/{claim.id}"),
        ("Reuters", f"/sources/{into}"),
        ("Ana Lyst", f"/audit?actor_id={analyst.id}"),
    }
    assert "Comings to Ana Lyst" in " ".join(page.text.split())


def test_what_the_reader_may_not_read_stays_a_number(client, sign_in, owner):
    elsewhere = make_project("Elsewhere")
    article = make_article("Three stayed.", title="Secret title", project=elsewhere, by=owner)
    sign_in(owner)
    page, links = details_of(client)

    assert "Secret title" not in page.text
    assert not any(f"/articles/{article.id}" in address for _, address in links)


def test_the_tabs_of_a_project_stay_where_its_events_alone_are_shown(client, admin):
    page, _ = details_of(client, "?project_id=1")
    tabs = {a.text: a.get("aria-current") for a in page.select("nav.tabs a")}

    assert (tabs["Audit"], tabs["Settings"]) == ("page", None)
    assert details_of(client)[0].select("nav.tabs") == []
