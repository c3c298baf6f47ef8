"""The search page: what is found, by kind, and for whom."""

from urllib.parse import quote
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup

from tests.factories import (
    amend,
    answer,
    make_article,
    make_claim,
    make_item,
    make_member,
    make_project,
    make_source,
    sentences_of,
)
from webapp import verification
from webapp.claims.actions import assess, withdraw_claim
from webapp.domain.corroboration import assessed_from
from webapp.domain.terms import Tag
from webapp.models import ClaimWording
from webapp.projects.actions import assign


@pytest.fixture
def look(client):
    def looked(asked):
        answered = client.get(f"/search?q={quote(asked)}")
        assert answered.status_code == 200, answered.text
        page = BeautifulSoup(answered.text, "html.parser")
        return {
            section.h2.contents[0].strip(): [" ".join(row.get_text(" ").split()) for row in section.select("li")]
            for section in page.select("section.found")
        }

    return looked


@pytest.fixture
def corpus(app):
    return [
        make_article("The old ferry sank. It rained.", title="One", outlet="The Post", published="2013-10-21"),
        make_article(
            "A white ferry left. The white house is old.", title="Two", outlet="Gulf Monitor", published="2014"
        ),
    ]


def test_sentences_come_the_newest_first_with_their_words_marked_and_open_at_their_place(
    client, sign_in, owner, corpus
):
    sign_in(owner)
    page = BeautifulSoup(client.get("/search?q=FERRY").text, "html.parser")

    rows = page.select("section.found li")
    second = sentences_of(corpus[1])[0]
    assert rows[0].select_one("a")["href"] == f"/articles/{corpus[1].id}#s{second.id}"
    assert [mark.get_text() for mark in page.select("mark")] == ["ferry", "ferry"]


@pytest.mark.parametrize(
    ("asked", "titles"),
    [
        ('"white house"', ["Two"]),
        ("ferry -white", ["One"]),
        ("sank OR left", ["Two", "One"]),
        ("ferry outlet:gulf", ["Two"]),
        ("ferry before:2014", ["One"]),
        ("ferry after:2014", ["Two"]),
        ("zebra", []),
        ("ferry outlet:%", []),
    ],
)
def test_phrases_minus_or_and_filters(sign_in, owner, corpus, look, asked, titles):
    sign_in(owner)

    found = look(asked).get("Articles", [])

    assert [
        next(title for title in ("One", "Two") if f"{title} ," in row or f"{title}," in row) for row in found
    ] == titles


def test_tags_and_sources_count_only_answers_that_the_reader_may_see(sign_in, owner, analyst, corpus, look):
    first, second = (sentences_of(article)[0] for article in corpus)
    answer(first, analyst, Tag.ATTRIBUTION, source_text="the harbour master")
    answer(second, owner, Tag.FACT)
    sign_in(make_member("other", "analyst"))
    assert look("ferry tag:attribution") == {}
    assert look("ferry source:harbour") == {}
    sign_in(analyst)
    assert len(look("ferry tag:attribution")["Articles"]) == 1
    assert len(look("ferry source:harbour")["Articles"]) == 1
    assert look("ferry tag:fact") == {}


def test_what_people_wrote_is_found_by_kind_until_it_is_taken_back(sign_in, owner, corpus, look):
    sentence = sentences_of(corpus[0])[0]
    claim = make_claim("The lifeboat was missing.", sentence, by=owner)
    assess(claim, owner, assessed_from({"status": "in_progress", "note": "A lifeboat was seen."}), 0, uuid4())
    make_item(claim, by=owner, quote="No lifeboat, the owner said.")
    make_source("The Lifeboat Society", by=owner)
    sign_in(owner)

    found = look("lifeboat")
    assert {kind: len(rows) for kind, rows in found.items()} == {"Claims": 1, "Notes": 1, "Evidence": 1, "Sources": 1}
    assert list(look("lifeboat status:in_progress")) == ["Claims", "Notes"]
    assert look("lifeboat status:corroborated") == {}
    assert verification.faults() == []
    withdraw_claim(claim, owner, "A mistake.", 1, uuid4())
    assert "Claims" not in look("lifeboat")


def test_a_claim_is_found_as_it_is_worded_now(sign_in, owner, corpus, look):
    claim = make_claim("The lifeboat was missing.", sentences_of(corpus[0])[0], by=owner)
    amend(ClaimWording, claim.id, by=owner, wording="The raft was missing.")
    sign_in(owner)

    assert "Claims" not in look("lifeboat")
    assert "Claims" in look("raft")


def test_in_a_blind_round_an_analyst_finds_only_what_is_theirs(sign_in, look):
    blind = make_project("Blind", is_blind=True)
    one, other = (make_member(name, "analyst", project=blind) for name in ("one", "other"))
    article = make_article("The old ferry sank.", project=blind)
    make_article("Another ferry left.", project=blind)
    for analyst in (one, other):
        assign(blind, [(article.id, analyst.id)], make_member(f"s{analyst.id}", "supervisor", project=blind))
    make_claim("The ferry sank at night.", sentences_of(article)[0], by=other)
    sign_in(one)

    found = look("ferry")

    assert list(found) == ["Articles"]
    assert len(found["Articles"]) == 1


def test_nothing_of_other_projects_is_found(sign_in, corpus, look):
    sign_in(make_member("stranger", "analyst", project=make_project("Other")))

    assert look("ferry") == {}


@pytest.mark.parametrize("asked", ["x" * 5_000, '"open', "-x", "tag:fact", "\x00", '‏مرحبا"'])
def test_a_mistake_gets_one_sentence_at_the_field(client, sign_in, owner, asked):
    sign_in(owner)
    answered = client.get(f"/search?q={quote(asked)}")
    page = BeautifulSoup(answered.text, "html.parser")

    if asked == "\x00":
        assert answered.status_code == 200
    else:
        assert answered.status_code == 422
        assert page.select_one("#fault").get_text(strip=True).endswith(".")
        assert page.select_one("#q")["aria-invalid"] == "true"


def test_the_search_is_in_the_header_of_every_page_with_its_key(client, sign_in, owner):
    sign_in(owner)
    link = BeautifulSoup(client.get("/").text, "html.parser").select_one('.bar__nav a[href="/search"]')

    assert (link["aria-keyshortcuts"], link["data-behaviour"]) == ("/", "slash")


def test_a_source_is_found_by_either_side_of_an_or_and_by_a_phrase_in_its_name(sign_in, owner, look):
    make_source("The Lifeboat Society", by=owner)
    sign_in(owner)

    assert "Sources" in look("zebra OR lifeboat")
    assert "Sources" in look('"lifeboat society"')
    assert "Sources" not in look('"society lifeboat"')
    assert "Sources" not in look("lifeboat -society")


def test_an_admin_without_a_project_finds_nothing_whatever_is_asked(sign_in, corpus, look):
    sign_in(make_member("admin", is_admin=True))

    assert look("ferry tag:fact source:x") == {}
