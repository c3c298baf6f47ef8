"""The search page: what is found, by kind, and for whom."""

import json
from urllib.parse import parse_qs, quote, urlsplit
from uuid import UUID, uuid4

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
    assert rows[0].select_one("a")["href"] == f"/articles/{corpus[1].id}/reading?at={second.id}#s{second.id}"
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

    found = look(asked).get("Sentences", [])

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
    assert len(look("ferry tag:attribution")["Sentences"]) == 1
    assert len(look("ferry source:harbour")["Sentences"]) == 1
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

    assert list(found) == ["Sentences"]
    assert len(found["Sentences"]) == 1


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


def test_a_page_without_hits_says_what_to_try(client, sign_in, owner, corpus):
    sign_in(owner)
    page = BeautifulSoup(client.get("/search?q=ferry+or+barn").text, "html.parser")

    assert "OR and AND are written in capitals" in page.select_one(".empty").text


def test_the_search_is_in_the_header_of_every_page_with_its_key_and_without_scripts(client, sign_in, owner):
    sign_in(owner)
    page = BeautifulSoup(client.get("/").text, "html.parser")
    form = page.select_one("header form[role=search]")

    assert (form["action"], form["method"], form.input["name"]) == ("/search", "get", "q")
    assert (form.input["aria-keyshortcuts"], form.input["data-behaviour"]) == ("/", "slash")
    assert page.select_one('.bar__nav a[href="/search"]')
    assert not BeautifulSoup(client.get("/search").text, "html.parser").select("header form[role=search]")


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


@pytest.fixture
def page_of(client):
    def fetched(address):
        answered = client.get(address)
        assert answered.status_code == 200, answered.text
        return BeautifulSoup(answered.text, "html.parser")

    return fetched


def test_articles_are_found_by_their_titles_from_their_import_on(sign_in, owner, corpus, look):
    make_article("Nobody came.", title="A raft on the lake", outlet="The Post", published="2013-10-21")
    sign_in(owner)

    assert look("raft") == {"Articles": ["21 October 2013 A raft on the lake The Post"]}
    assert look("raft outlet:gulf") == {}
    assert look("raft after:2014") == {}
    assert list(look("raft OR ferry before:2014")) == ["Articles", "Sentences"]


@pytest.fixture
def small_pages(monkeypatch):
    for module in ("webapp.paging", "webapp.search.queries.articles"):
        monkeypatch.setattr(f"{module}.PAGE", 3)
    monkeypatch.setattr("webapp.search.queries.MOST", 2)


def told_on(page, kind):
    return [row.select_one(".said__words").get_text(" ", strip=True) for row in page.select(f"#{kind} ~ ul > li")]


def key_in(address):
    return json.loads(parse_qs(urlsplit(address).query)["after"][0])


def test_further_pages_of_each_kind_lead_on_and_back_and_hold_each_once(sign_in, owner, page_of, small_pages):
    for number in range(7):
        article = make_article(f"Ferry number{number} sank.", title=f"The ferry {number}")
        claim = make_claim(f"Claimed of a ferry: {number}.", sentences_of(article)[0], by=owner)
        make_item(claim, by=owner, quote=f"Ferry item {number}")
        answer(sentences_of(article)[0], owner, Tag.FACT, note=f"Ferry note {number}")
        make_source(f"Ferry line {number}", by=owner)
    sign_in(owner)
    first = page_of("/search?q=ferry")

    for kind in ("articles", "sentences", "claims", "evidence", "answers", "sources"):
        assert len(told_on(first, kind)) == 2, kind
        page = page_of(first.select_one(f'a[href*="kind={kind}"]')["href"])
        pages = [told_on(page, kind)]
        while following := page.select_one("a[rel=next]"):
            assert kind in ("articles", "sentences") or UUID(key_in(following["href"])[1])  # no number of a row
            page = page_of(following["href"])
            pages.append(told_on(page, kind))
        assert [len(rows) for rows in pages] == [3, 3, 1], kind
        assert [next(n for n in "6543210" if n in row) for rows in pages for row in rows] == list("6543210"), kind
        while back := page.select_one("a[rel=prev]"):
            page = page_of(back["href"])
            pages.pop()
            assert told_on(page, kind) == pages[-1], kind
        assert len(pages) == 1, kind


def test_however_many_sentences_of_others_hold_the_words_no_page_or_key_tells_of_them(
    sign_in, page_of, small_pages, monkeypatch
):
    monkeypatch.setattr("webapp.search.queries.articles.ROWS_AT_ONCE", (1, 2))
    mine = make_project("Mine")
    make_article("The ferry sank.", project=mine)
    for number in range(7):
        make_article(f"Ferry {number} of others, a barge.")
    sign_in(make_member("reader", "supervisor", project=mine))

    for address in ("/search?q=ferry", "/search?q=ferry&kind=sentences", "/search?q=ferry&kind=sentences&page=2"):
        page = page_of(address)
        assert told_on(page, "sentences") == ["The ferry sank."]
        assert page.select('a[rel=next], a[href*="kind=sentences"]') == []
    assert page_of("/search?q=barge&kind=sentences").select("a[rel=next]") == []


def test_a_kind_that_is_none_gets_a_sentence(client, sign_in, owner):
    sign_in(owner)
    answered = client.get("/search?q=ferry&kind=x")

    assert answered.status_code == 422
    assert "no such kind" in answered.text


def test_a_page_key_that_is_none_shows_the_first_page(client, sign_in, owner, corpus):
    sign_in(owner)

    for kind in ("sentences", "claims"):
        for key in ("x", "[1]", "99999999999999999999", '["2013",1]', "%00"):
            address = f"/search?q=ferry&kind={kind}&page=2&after={key}&before={key}"
            assert client.get(address).status_code == 200, address


def test_notes_on_answers_are_found_as_they_stand_by_those_who_may_read_them(sign_in, owner, analyst, corpus, look):
    sentence = sentences_of(corpus[0])[0]
    answer(sentence, analyst, Tag.FACT, note="The captain was elsewhere.")
    sign_in(analyst)
    [row] = look("captain")["Notes on answers"]
    assert row.endswith("The captain was elsewhere. One , The Post , sentence 1")
    assert look("captain tag:fact")
    assert look("captain tag:opinion") == {}
    sign_in(owner)
    assert "Notes on answers" in look("captain")
    answer(sentence, analyst, Tag.FACT, note="The mate was elsewhere.")
    assert look("captain") == {}
    assert "Notes on answers" in look("mate")
    assert verification.faults() == []


def test_in_a_blind_round_only_notes_on_ones_own_answers_are_found(sign_in, look):
    blind = make_project("Blind", is_blind=True)
    one, other = (make_member(name, "analyst", project=blind) for name in ("one", "other"))
    supervisor = make_member("supervisor", "supervisor", project=blind)
    article = make_article("The old ferry sank.", project=blind)
    assign(blind, [(article.id, one.id), (article.id, other.id)], supervisor)
    answer(sentences_of(article)[0], other, Tag.FACT, note="The captain was elsewhere.")
    sign_in(one)
    assert look("captain") == {}
    sign_in(supervisor)
    assert "Notes on answers" in look("captain")


@pytest.fixture
def near(client):
    def looked(asked):
        page = BeautifulSoup(client.get(f"/search?q={quote(asked)}").text, "html.parser")
        return [row.a.get_text() for row in page.select("#nearly ~ ul > li")]

    return looked


NEARLY = {
    "Reut": ["Reuters"],
    "Ahmedinejad": ["Mahmoud Ahmadinejad"],
    "Ahmdainejad": ["Mahmoud Ahmadinejad"],
    "mahmud": ["Mahmoud Ahmadinejad"],
    "missil": ["Missiles over the Gulf"],
    "missles": ["Missiles over the Gulf"],
    "re": [],
    "Reuters": [],
    "missil -gulf": [],
    "missil OR reut": ["Missiles over the Gulf", "Reuters"],
    '"ahmedinejad mahmoud"': [],
    "missil tag:fact": [],
}


def test_names_are_found_by_parts_of_words_and_with_slips(sign_in, owner, near):
    make_article("Nothing of that.", title="Missiles over the Gulf")
    make_source("Reuters", by=owner)
    make_source("Mahmoud Ahmadinejad", by=owner)
    sign_in(owner)

    assert {asked: near(asked) for asked in NEARLY} == NEARLY


def test_a_source_found_by_one_of_its_names_is_not_told_again_for_another_that_is_nearly_so(sign_in, owner, near, look):
    make_source("Mahmoud Ahmadinejad", by=owner, aliases=("Mahmud Ahmadinejad",))
    sign_in(owner)

    for asked in ("mahmoud", "mahmud"):
        assert len(look(asked)["Sources"]) == 1
        assert near(asked) == []
    assert near("mahmut") == ["Mahmoud Ahmadinejad"]


def test_a_name_that_others_entered_in_a_blind_round_is_not_found_nearly_either(sign_in, near):
    blind = make_project("Blind", is_blind=True)
    one, other = (make_member(name, "analyst", project=blind) for name in ("one", "other"))
    make_source("Reuters", project=blind, by=other)
    sign_in(one)
    assert near("reut") == []
    sign_in(other)
    assert near("reut") == ["Reuters"]
