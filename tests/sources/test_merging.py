"""Doubles are merged and unmerged, and pages tell of the entry that stands for them."""

from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from tests.factories import (
    answer,
    make_article,
    make_fact,
    make_member,
    make_project,
    make_rating,
    make_source,
    merge_sources,
    sentences_of,
)
from tests.sources.test_page import blind, browser, browser_of, page, section, send, supervisor, words  # noqa: F401
from webapp import verification
from webapp.db import db
from webapp.domain.terms import Tag
from webapp.models import AuditEvent, SourceMerge


def merge(client, source, into, **fields):
    """The status, and what the page says is wrong."""
    data = {"seen": "0", "client_id": str(uuid4()), **fields}
    answered = client.post(f"/sources/{source}/merge?into={into}", data=data)
    db.session.rollback()
    return answered.status_code, [
        words(line) for line in BeautifulSoup(answered.text, "html.parser").select("[role=alert] p")
    ]


def merges():
    db.session.rollback()
    return [(row.into_id, row.version, row.is_current) for row in db.session.scalars(select(SourceMerge))]


@pytest.fixture
def pair(app):
    return make_source("Reuter", "outlet", aliases=["Thomson Reuters"]), make_source("Reuters", "outlet")


def test_a_source_called_the_same_is_suggested_by_name_or_alias(browser, pair):  # noqa: F811
    double, _ = pair
    other = make_source("thomson  REUTERS", "organisation")
    shown = BeautifulSoup(browser.get(f"/sources/{double}/merge").text, "html.parser")

    assert [link["href"] for link in shown.select("main .lines a")] == [f"/sources/{double}/merge?into={other}"]
    found = BeautifulSoup(browser.get(f"/sources/{double}/merge?q=reuters").text, "html.parser")
    assert "Reuters" in [link.get_text() for link in found.select("main .lines a")]


def test_what_a_merge_means_is_said_before_anything_is_written(browser, pair):  # noqa: F811
    double, kept = pair
    told = words(BeautifulSoup(browser.get(f"/sources/{double}/merge?into={kept}").text, "html.parser").main)

    assert "“Reuter” (outlet) becomes a double of “Reuters” (outlet)." in told
    assert "Nothing is rewritten" in told
    assert merges() == []


def test_the_page_and_the_list_show_one_source_with_what_both_have(browser, supervisor, pair):  # noqa: F811
    double, kept = pair
    make_rating(double, "B", rated_on="2020")
    make_fact(double, "country", "United Kingdom")
    first, second, _ = sentences_of(make_article())
    answer(first, supervisor, Tag.ATTRIBUTION, source_id=double)
    answer(second, supervisor, Tag.ATTRIBUTION, source_id=kept)

    assert merge(browser, double, kept, reason="a slip of the pen") == (302, [])
    assert browser.get(f"/sources/{double}").location.endswith(f"/sources/{kept}")
    shown = page(browser, kept)
    line = "outlet · United Kingdom · also called Thomson Reuters, Reuter"
    assert words(shown.select_one(".source__line")) == line
    assert words(shown.select_one(".figures li")) == "2 sentences name it, in 1 article"
    assert shown.select_one("table .rate").get_text() == "B"
    assert "a slip of the pen" in words(shown.select_one("[aria-labelledby=doubles]"))
    rows = [" ".join(row.get_text(" ").split()) for row in page_of_list(browser).select(".row")]
    assert len(rows) == 1
    assert "1 double merged into it" in rows[0]
    assert "2 sentences in 1 article" in rows[0]
    assert "B 2020" in rows[0]
    for query in ("letter=B", "q=reuter", "q=thomson", "in_one_article=1"):
        assert len(page_of_list(browser, query).select(".row")) == 1, query
    assert page_of_list(browser, "never_rated=1").select(".row") == []
    assert verification.faults() == []


def page_of_list(client, query=""):
    return BeautifulSoup(client.get(f"/sources?{query}").text, "html.parser")


def test_what_came_since_a_merge_is_counted_and_stays_when_it_is_taken_back(browser, supervisor, pair):  # noqa: F811
    double, kept = pair
    first, second, third = sentences_of(make_article())
    answer(first, supervisor, Tag.ATTRIBUTION, source_id=double)
    merge(browser, double, kept)
    answer(second, supervisor, Tag.ATTRIBUTION, source_id=kept)
    answer(third, supervisor, Tag.ATTRIBUTION, source_id=kept)
    send(browser, kept, "aliases", alias="RTR")
    send(browser, kept, "ratings", reliability="A")

    told = words(section(browser, kept, "doubles"))
    assert "Since then came 2 sentences, 1 name, 0 facts and 1 rating; they stay" in told
    assert send(browser, double, "unmerge", seen="1", reason="two after all") == (302, [])
    assert words(page(browser, double).select_one(".figures li")) == "1 sentence names it, in 1 article"
    assert words(page(browser, kept).select_one(".figures li")) == "2 sentences name it, in 1 article"
    assert "RTR" in page(browser, kept).text
    history = words(section(browser, kept, "history"))
    assert "merged into it “Reuter”" in history
    assert "took the merge back of “Reuter”: two after all" in history
    assert verification.faults() == []


def test_a_merge_into_itself_or_in_a_circle_is_refused_in_one_sentence(browser, pair):  # noqa: F811
    first, second = pair
    third = make_source("AFP", "outlet")

    assert merge(browser, first, first) == (422, ["A source cannot be merged into itself; choose another one."])
    merge(browser, first, second)
    merge(browser, second, third)
    before = merges()
    circle = ["That source was merged into this one already; take that merge back first."]
    assert merge(browser, third, first) == (422, circle)
    assert merge(browser, third, second) == (422, circle)
    assert merge(browser, first, third, seen="1") == (
        422,
        ["It was merged into another source already; take that merge back first."],
    )
    assert merges() == before


def test_a_double_of_a_double_is_one_with_the_last(browser, pair):  # noqa: F811
    first, second = pair
    third = make_source("Thomson", "outlet")
    merge(browser, first, second)
    merge(browser, second, third)

    assert browser.get(f"/sources/{first}").location.endswith(f"/sources/{third}")
    told = words(section(browser, third, "doubles"))
    assert "first into Reuters" in told
    assert "2 doubles merged into it" in words(page_of_list(browser).select_one(".row"))


def test_a_late_merge_and_a_second_click(browser, pair):  # noqa: F811
    double, kept = pair
    same = {"client_id": str(uuid4())}
    assert merge(browser, double, kept, **same)[0] == 302
    assert merge(browser, double, kept, **same)[0] == 302
    send(browser, double, "unmerge", seen="1")
    assert merge(browser, double, kept)[0] == 409
    assert merge(browser, double, kept, seen="2")[0] == 302
    assert [current for *_, current in merges()] == [False, False, True]
    kinds = db.session.scalars(select(AuditEvent.what).where(AuditEvent.what.like("%merge%")).order_by(AuditEvent.id))
    assert list(kinds) == ["source merged", "merge of a source taken back", "source merged"]


def test_sources_of_two_projects_are_not_merged(browser, supervisor, owner, pair):  # noqa: F811
    far = make_source("Far", project=make_project("Elsewhere"))

    assert merge(browser, pair[0], far)[0] == 404
    assert browser.get(f"/sources/{pair[0]}/merge?into=nonsense").status_code == 422
    assert merges() == []


def test_an_analyst_of_a_blind_round_learns_nothing_of_a_merge(app, blind, statements):  # noqa: F811
    project, people = blind
    mine = make_source("Reuters", "outlet", by=people["analyst one"], project=project)
    theirs = make_source("Reuters", "outlet", by=people["analyst two"], project=project)
    one = browser_of(app, people["analyst one"])

    def got():
        with statements() as seen:
            texts = [one.get(address).text for address in (f"/sources/{mine}", f"/sources?project={project.id}")]
        return seen, [hidden(text) for text in texts]

    before = got()
    merge_sources(mine, theirs, by=people["supervisor"])

    assert got() == before
    assert one.get(f"/sources/{mine}/merge").status_code == 403


def hidden(text):
    """The page without what is drawn anew for each."""
    soup = BeautifulSoup(text, "html.parser")
    for field in soup.select("[name=client_id], [name=csrf_token], [data-csrf]"):
        field.decompose()
    return str(soup)


def test_only_supervisors_merge(app, pair):
    analyst, researcher = make_member("A", "analyst"), make_member("R", "researcher")
    for person in (analyst, researcher):
        assert merge(browser_of(app, person), *pair)[0] == 403
    assert send(browser_of(app, analyst), pair[0], "unmerge", seen="0")[0] == 404
