"""What the desk starts from of claims: which sentences mention which, one's own assessment, and the items."""

import json
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup

from tests.factories import make_article, make_claim, make_item, make_member, make_project, sentences_of
from webapp.claims import actions
from webapp.domain.corroboration import assessed_from
from webapp.domain.terms import MentionKind
from webapp.projects.actions import add_member, assign

pytestmark = pytest.mark.page


@pytest.fixture
def article():
    return make_article(sentences=3)


@pytest.fixture
def told(client):
    """The data of the desk, and which sentences are marked."""

    def asked(article):
        page = BeautifulSoup(client.get(f"/articles/{article.id}").text, "html.parser")
        desk = json.loads(page.select_one("#desk-data").string)
        return desk["claims"], desk["mentions"], [span["id"] for span in page.select("[data-noted]")]

    return asked


def test_the_desk_tells_the_claims_of_the_article_and_marks_the_sentences(sign_in, analyst, article, told):
    first, _, third = sentences_of(article)
    claim = make_claim("It shut.", first, by=analyst)
    actions.mention_claim(claim, third, analyst, MentionKind.DENIES, uuid4())
    make_item(claim, by=analyst, outlet="Reuters")
    actions.assess(claim, analyst, assessed_from({"status": "contested"}), 0, uuid4())
    sign_in(analyst)
    [one], mentions, marked = told(article)

    assert (one["wording"], one["assessment"]["status"], one["items"][0]["outlet"]) == (
        "It shut.",
        "contested",
        "Reuters",
    )
    assert [(mention["sentence_id"], mention["kind"]) for mention in mentions] == [
        (first.id, "makes"),
        (third.id, "denies"),
    ]
    assert marked == [f"s{first.id}", f"s{third.id}"]


def test_what_was_withdrawn_is_not_at_the_desk(sign_in, analyst, article, told):
    first, second, _ = sentences_of(article)
    gone, claim = make_claim("It shut.", first, by=analyst), make_claim("It closed.", second, by=analyst)
    actions.withdraw_claim(gone, analyst, "a mistake", 1, uuid4())
    actions.withdraw_mention(claim.id, analyst, "a mistake", 1, uuid4())
    sign_in(analyst)

    assert told(article) == ([], [], [])


def test_the_desk_tells_nobody_elses_assessment_nor_what_the_records_propose(sign_in, owner, analyst, article, told):
    claim = make_claim("It shut.", sentences_of(article)[0], by=owner)
    make_item(claim, by=owner, independence="independent", note="Secret", outlet="Reuters")
    actions.assess(claim, owner, assessed_from({"status": "contradicted", "note": "Secret"}), 0, uuid4())
    sign_in(analyst)
    [one], [mention], _ = told(article)

    assert (one["assessment"], one["item_count"], mention["is_mine"]) == (None, {"own": 0, "visible": 1}, False)
    assert "Secret" not in str(one)
    assert "contradicted" not in str(one)
    assert "proposed" not in str(one)


def test_in_a_blind_round_the_desk_tells_ones_own_claims_alone(sign_in, owner, told):
    project = make_project("Blind study", is_blind=True)
    add_member(project, owner, {"supervisor"})
    me, other = (make_member(name, "analyst", project=project) for name in ("Mine", "Other"))
    article = make_article("One came. Two went.", project=project)
    assign(project, [(article.id, me.id), (article.id, other.id)], owner)
    first, second = sentences_of(article)
    make_claim("Theirs.", first, by=other)
    make_claim("Mine.", second, by=me)
    sign_in(me)
    claims, mentions, marked = told(article)

    assert [claim["wording"] for claim in claims] == ["Mine."]
    assert [mention["sentence_id"] for mention in mentions] == [second.id]
    assert marked == [f"s{second.id}"]


def test_many_claims_cost_no_more_statements_than_one(client, sign_in, analyst, article, statements):
    sign_in(analyst)

    def asked():
        client.get(f"/articles/{article.id}")
        with statements() as seen:
            client.get(f"/articles/{article.id}")
        return len(seen)

    first, second, _ = sentences_of(article)
    make_item(make_claim("It shut.", first, by=analyst), by=analyst)
    few = asked()
    for number in range(6):
        make_item(make_claim(f"Claim {number}.", second, by=analyst), by=analyst)
    assert asked() == few
