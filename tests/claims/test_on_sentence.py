"""The page of a sentence's claims and notes without JavaScript: claims that are there are mentioned and taken back."""

from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from tests.factories import make_article, make_claim, make_member, make_project, sentences_of
from webapp.claims import actions
from webapp.db import db
from webapp.models import ClaimMention
from webapp.projects.actions import add_member, assign


@pytest.fixture
def article():
    return make_article("The mine closed in May. The owner denies it.")


@pytest.fixture
def claim(article, analyst):
    return make_claim("The mine closed.", sentences_of(article)[0], by=analyst)


@pytest.fixture
def denial(article, sign_in, analyst):
    """The second sentence, before the analyst who is signed in."""
    sign_in(analyst)
    return sentences_of(article)[1]


def sent(**fields):
    return {"seen": "0", "client_id": str(uuid4())} | fields


def page_of(client, sentence):
    return BeautifulSoup(client.get(f"/sentences/{sentence.id}/notes").text, "html.parser")


def offered(client, sentence):
    return [option.text for option in page_of(client, sentence).select("#mention-claim option")]


def mentions():
    db.session.rollback()
    return db.session.scalars(select(ClaimMention).where(ClaimMention.is_current).order_by(ClaimMention.id)).all()


def test_a_claim_that_is_there_is_mentioned_and_a_second_click_is_none(client, claim, denial):
    told = sent(claim=str(claim.id), kind="denies")
    for _ in range(2):
        assert client.post(f"/sentences/{denial.id}/mentions", data=told).status_code == 302

    assert [(one.sentence_id == denial.id, one.kind) for one in mentions()] == [(False, "makes"), (True, "denies")]
    page = page_of(client, denial)
    assert "The mine closed." in page.select_one(".notes").text
    assert "denies it · you" in " ".join(page.select_one(".notes").text.split())
    assert page.select_one("#mention-claim") is None


def test_the_claims_of_the_article_are_offered_first_and_the_one_mentioned_here_no_more(
    client, claim, denial, analyst, article
):
    elsewhere = sentences_of(make_article())[0]
    make_claim("It was sold.", elsewhere, by=analyst)

    assert offered(client, denial) == ["choose", "The mine closed.", "It was sold."]
    assert offered(client, sentences_of(article)[0]) == ["choose", "It was sold."]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"kind": "denies"}, "Choose the claim"),
        ({"claim": "{claim}"}, "makes the claim, repeats or denies it"),
        ({"claim": "{claim}", "kind": "hints"}, "is one of"),
        ({"claim": "mine", "kind": "denies"}, "reload the page"),
        ({"claim": "{claim}", "kind": "denies", "client_id": "mine"}, "is a UUID"),
    ],
)
def test_what_cannot_be_taken_is_said_and_stands_as_it_was_sent(client, claim, denial, fields, said):
    told = sent(**{name: value.format(claim=claim.id) for name, value in fields.items()})
    refused = client.post(f"/sentences/{denial.id}/mentions", data=told)
    page = BeautifulSoup(refused.text, "html.parser")

    assert refused.status_code == 422
    assert said in page.select_one("details[open] [role=alert]").text
    assert len(mentions()) == 1
    if fields.get("kind") == "denies":
        assert page.select_one("#mention-kind option[selected]")["value"] == "denies"


def test_a_mention_is_taken_back_with_a_reason(client, claim, denial, article):
    client.post(f"/sentences/{denial.id}/mentions", data=sent(claim=str(claim.id), kind="denies"))
    second = mentions()[1]
    told = {"thing": str(second.mention_id), "seen": "1"}
    address = f"/sentences/{denial.id}/mentions/taken-back"

    refused = client.post(address, data=sent(**told))
    assert refused.status_code == 422
    assert "Give the reason" in BeautifulSoup(refused.text, "html.parser").select_one("details[open]").text
    assert client.post(address, data=sent(**told, reason="It denies something else.")).status_code == 302
    assert [one.withdrawn_why for one in mentions()] == [None, "It denies something else."]
    late = client.post(address, data=sent(**told, reason="Once more."))
    assert late.status_code == 409


def test_somebody_elses_mention_is_read_in_an_open_round_and_not_taken_back(client, denial, owner, article):
    theirs = make_claim("It never closed.", denial, by=owner)
    page = page_of(client, denial)

    assert "makes it · somebody else" in " ".join(page.select_one(".notes").text.split())
    assert page.select_one("form[action$=taken-back]") is None
    told = sent(thing=str(theirs.id), reason="Mine.", seen="1")
    assert client.post(f"/sentences/{denial.id}/mentions/taken-back", data=told).status_code == 404


def test_in_a_blind_round_ones_own_and_published_claims_are_offered(client, sign_in, owner):
    project = make_project("Blind study", is_blind=True)
    add_member(project, owner, {"supervisor"})
    me, other = (make_member(name, "analyst", project=project) for name in ("Mine", "Other"))
    article = make_article("One came. Two went.", project=project)
    assign(project, [(article.id, me.id), (article.id, other.id)], owner)
    first, second = sentences_of(article)
    make_claim("Mine.", first, by=me)
    make_claim("Theirs.", first, by=other)
    shown = make_claim("Shown.", first, by=other)
    actions.publish_claim(shown, owner, is_published=True, seen=1, client_id=uuid4())
    sign_in(me)

    assert offered(client, second) == ["choose", "Mine.", "Shown."]
    assert "Shown." not in page_of(client, first).select_one(".notes").text
