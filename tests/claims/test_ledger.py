"""The ledger: all claims that the reader sees, how each stands, filters, what is due."""

import re
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup

from tests.factories import make_article, make_claim, make_item, make_member, make_project, sentences_of
from webapp.claims import actions, ledger
from webapp.db import db_write
from webapp.domain.corroboration import Assessed
from webapp.domain.errors import NotFound
from webapp.domain.terms import CorroborationStatus as Status
from webapp.models import Assignment

ALL = ["A pact is near.", "He came.", "It was sold.", "He left."]


@pytest.fixture
def sentence(app):
    return sentences_of(make_article(outlet="debkafile"))[0]


@pytest.fixture
def claims(sentence, owner, analyst):
    pact, trip, sale = (
        make_claim(words, sentence, by=owner) for words in ("A pact is near.", "He came.", "It was sold.")
    )
    actions.assess(pact, owner, Assessed(Status.CONTESTED), 0, uuid4())
    actions.assess(pact, analyst, Assessed(Status.CORROBORATED), 0, uuid4())
    actions.assess(trip, owner, Assessed(Status.CORROBORATED, look_again_by="2020-01-01"), 0, uuid4())
    make_item(sale, by=owner)
    actions.assess(make_claim("He left.", sentence, by=owner), owner, Assessed(Status.CONTESTED), 0, uuid4())
    return pact, trip, sale


def shown(client, address):
    page = " ".join(client.get(address).text.split())
    return [words for words in ALL if words in page]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", ALL),
        ("?status=divided", ["A pact is near."]),
        ("?status=corroborated", ["He came."]),
        ("?status=not_started", ["It was sold."]),
        ("?status=contested", ["He left."]),
        ("?due=1", ["He came."]),
        ("?without_evidence=1", ["A pact is near.", "He came.", "He left."]),
        ("?q=pac+ne", ["A pact is near."]),
        ("?outlet=debkafile", ALL),
        ("?outlet=other", []),
        ("?status=nonsense&page=99999999999999999999", ALL),
    ],
)
def test_filters(client, sign_in, owner, claims, asked, found):
    sign_in(owner)

    assert shown(client, f"/claims{asked}") == found


def test_more_claims_than_one_statement_takes_are_looked_at_by_parts(
    client, sign_in, owner, claims, statements, monkeypatch
):
    sign_in(owner)
    with statements() as at_once:
        whole = [shown(client, f"/claims?{asked}") for asked in ("status=divided", "status=contested", "due=1")]
    monkeypatch.setattr("webapp.db.MOST_VALUES", 1)
    with statements() as by_parts:
        parts = [shown(client, f"/claims?{asked}") for asked in ("status=divided", "status=contested", "due=1")]

    assert parts == whole == [["A pact is near."], ["He left."], ["He came."]]
    assert len(by_parts) > len(at_once)


def test_where_analysts_differ_it_says_divided_and_that_something_is_due(client, sign_in, owner, claims):
    sign_in(owner)
    page = " ".join(client.get("/claims").text.split())

    assert "<strong>Divided</strong>" in page
    assert "1 due for another look" in page
    assert "1 report, 1 origin" in page


def test_a_filter_says_among_how_many_and_in_a_long_ledger_that_it_looks_at_all(
    client, sign_in, owner, claims, monkeypatch
):
    sign_in(owner)

    def said():
        return " ".join(
            BeautifulSoup(client.get("/claims?q=he").text, "html.parser").select_one("p.muted.num").text.split()
        )

    assert said().startswith("2 of 4 claims · 1 due")
    monkeypatch.setattr(ledger, "LONG", 3)
    assert said().startswith("2 of 4 claims · a filter looks at every one of them · 1 due")


def shown_claims(client, address):
    return [row.text for row in BeautifulSoup(client.get(address).text, "html.parser").select(".row__claim")]


def test_fifty_a_page(client, sign_in, owner, sentence):
    for number in range(51):
        make_claim(f"Claim {number}.", sentence, by=owner)
    sign_in(owner)

    first, second = (BeautifulSoup(client.get(f"/claims?page={number}").text, "html.parser") for number in (1, 2))
    assert len(first.select(".row--claim")) == 50
    assert len(second.select(".row--claim")) == 1
    onward, back = first.select_one("nav.pair a[rel=next]")["href"], second.select_one("nav.pair a[rel=prev]")["href"]
    assert re.fullmatch(r"/claims\?page=2&after=%5B%22[0-9a-f-]{36}%22%5D", onward)
    assert shown_claims(client, onward) == [row.text for row in second.select(".row__claim")]
    assert shown_claims(client, back) == [row.text for row in first.select(".row__claim")]
    assert shown_claims(client, f"/claims?page=2&after=%5B%22{uuid4()}%22%5D") == shown_claims(client, onward)


def test_a_merged_claim_stands_with_the_one_it_went_into(client, sign_in, owner, claims):
    pact, trip, _ = claims
    actions.merge_claim(trip, pact, owner, None, 0, uuid4())
    sign_in(owner)

    assert shown(client, "/claims") == ["A pact is near.", "It was sold.", "He left."]
    assert "1 double merged into it" in " ".join(client.get("/claims").text.split())


# ---- due, on the list of articles


def link_to_due(client):
    page = BeautifulSoup(client.get("/").text, "html.parser")
    return [(" ".join(a.get_text().split()), a["href"]) for a in page("a") if "due=1" in a["href"]]


def test_the_list_of_articles_says_how_many_claims_are_due_and_leads_to_them(client, sign_in, owner, claims):
    pact, trip, sale = claims
    sign_in(owner)
    [(told, address)] = link_to_due(client)
    assert told == "1 claim due for another look"
    assert shown(client, address) == ["He came."]

    actions.assess(sale, owner, Assessed(Status.UNVERIFIABLE, look_again_by="9999"), 0, uuid4())
    actions.assess(pact, owner, Assessed(Status.CONTESTED, look_again_by="2020"), 1, uuid4())
    assert link_to_due(client)[0][0] == "2 claims due for another look"

    actions.merge_claim(trip, pact, owner, None, 0, uuid4())
    assert link_to_due(client)[0][0] == "1 claim due for another look"
    actions.withdraw_claim(pact, owner, "No claim.", 1, uuid4())  # what was merged into it stands for itself again
    assert link_to_due(client)[0][0] == "1 claim due for another look"
    assert shown(client, address) == ["He came."]
    actions.withdraw_claim(trip, owner, "No claim either.", 1, uuid4())
    assert link_to_due(client) == []


def test_in_a_blind_round_only_what_one_assessed_oneself_is_due(client, sign_in, app):
    blind = make_project("Blind", is_blind=True)
    head = make_member("S", "supervisor", project=blind)
    one, other = (make_member(name, "analyst", project=blind) for name in ("One", "Other"))
    sentence = sentences_of(make_article(project=blind, by=head))[0]
    claim = make_claim("It was sold.", sentence, by=other)
    actions.publish_claim(claim, head, is_published=True, seen=1, client_id=uuid4())
    actions.assess(claim, other, Assessed(Status.CONTESTED, look_again_by="2020"), 0, uuid4())

    sign_in(one)
    assert link_to_due(client) == []
    actions.assess(claim, one, Assessed(Status.CONTESTED, look_again_by="2021"), 0, uuid4())
    assert [told for told, _ in link_to_due(client)] == ["1 claim due for another look"]


# ---- blind


def test_in_a_blind_round_an_analyst_sees_own_and_published_claims_alone(client, sign_in, app):
    blind = make_project("Blind", is_blind=True)
    supervisor = make_member("S", "supervisor", project=blind)
    one, other = (make_member(name, "analyst", project=blind) for name in ("One", "Other"))
    article = make_article(project=blind, by=supervisor)
    with db_write() as session:
        for analyst in (one, other):
            session.add(Assignment(round_id=blind.running.id, article_id=article.id, analyst_id=analyst.id))
    sentence = sentences_of(article)[0]
    mine, theirs, open_ = (
        make_claim("He came.", sentence, by=one),
        make_claim("A pact is near.", sentence, by=other),
        make_claim("It was sold.", sentence, by=other),
    )
    make_item(open_, by=other, outlet="RIA Novosti")
    actions.publish_claim(open_, supervisor, is_published=True, seen=1, client_id=uuid4())
    actions.merge_claim(mine, theirs, supervisor, None, 0, uuid4())
    sign_in(one)

    assert shown(client, "/claims") == ["He came.", "It was sold."]
    assert client.get(f"/claims/{theirs.id}").status_code == 404
    page = client.get(f"/claims/{open_.id}").text
    assert "RIA Novosti" not in page
    assert "In no sentence that you may read." in page
    assert client.get(f"/claims/{mine.id}").status_code == 200  # nothing tells that it was merged


def test_in_a_blind_round_a_published_claim_is_worded_and_taken_back_by_supervisors_alone(client, sign_in, app):
    blind = make_project("Blind", is_blind=True)
    supervisor, one = (make_member(role, role, project=blind) for role in ("supervisor", "analyst"))
    claim = make_claim("He came.", sentences_of(make_article(project=blind, by=supervisor))[0], by=one)
    actions.reword_claim(claim, one, "He did come.", 1, uuid4())
    actions.publish_claim(claim, supervisor, is_published=True, seen=2, client_id=uuid4())
    with pytest.raises(NotFound):
        actions.reword_claim(claim, one, "He left.", 3, uuid4())
    with pytest.raises(NotFound):
        actions.withdraw_claim(claim, one, "Typed twice.", 3, uuid4())
    sign_in(one)
    assert "Word it anew" not in client.get(f"/claims/{claim.id}").text

    assert actions.reword_claim(claim, supervisor, "He left.", 3, uuid4()).wording == "He left."


def test_a_ledger_of_many_claims_asks_no_more_than_one_of_few(client, sign_in, owner, sentence, statements):
    sign_in(owner)
    asked = []
    for number in range(1, 41):
        make_item(make_claim(f"Claim {number}.", sentence, by=owner), by=owner)
        if number in (2, 40):
            with statements() as seen:
                client.get("/claims")
            asked.append(len(seen))

    assert asked[0] == asked[1]
