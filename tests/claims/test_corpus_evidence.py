"""A sentence of an article as evidence: chosen from the claim or from the sentence, kept as it was whatever comes."""

from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from tests.factories import make_article, make_claim, make_item, make_member, make_project, sentences_of
from webapp import verification
from webapp.db import db
from webapp.domain.repair import Kind
from webapp.models import Article, Evidence, Role
from webapp.projects.actions import add_member
from webapp.repair.actions import RepairRequest, repair


@pytest.fixture
def article(app):
    return make_article("The mine closed in May. The owner denies it.", outlet="Gulf Monitor", title="On the mine")


@pytest.fixture
def claim(app, owner):
    return make_claim("The mine closed.", sentences_of(make_article(outlet="Post"))[0], by=owner)


def text_of(answered):
    return " ".join(BeautifulSoup(answered.text, "html.parser").get_text(" ").split())


def link_with(answered, words):
    return next(a["href"] for a in BeautifulSoup(answered.text, "html.parser")("a") if words in a.get_text())


def form_of(answered):
    """What the form for a new item would send."""
    form = BeautifulSoup(answered.text, "html.parser").select_one("form[action$='/item']")
    fields = {field["name"]: field.get("value", "") for field in form("input") if field.get("name")}
    return form["action"], {name: value for name, value in fields.items() if name != "submit"}


def test_from_the_claim_through_an_article_to_its_sentence(client, sign_in, owner, claim, article):
    sign_in(owner)
    page = client.get(f"/claims/{claim.id}")
    articles = client.get(link_with(page, "a sentence of an article"))
    chosen = client.get(link_with(client.get(link_with(articles, "On the mine")), "The owner denies it."))
    action, sent = form_of(chosen)
    assert sent["outlet"] == "Gulf Monitor"
    answered = client.post(action, data=sent | {"stance": "refutes", "independence": "unknown"}, follow_redirects=True)

    assert "“The owner denies it.”" in answered.text
    assert "a sentence of On the mine" in text_of(answered)
    assert link_with(answered, "On the mine").endswith(f"#s{sentences_of(article)[1].id}")
    assert verification.faults() == []


def test_from_the_sentence_to_the_claim(client, sign_in, owner, claim, article):
    sign_in(owner)
    sentence = sentences_of(article)[0]
    claims = client.get(f"/sentences/{sentence.id}/evidence?q=mine")
    _, sent = form_of(client.get(link_with(claims, "The mine closed.")))

    assert sent["sentence"] == str(sentence.id)
    assert "No claim is like that." in client.get(f"/sentences/{sentence.id}/evidence?q=harbour").text


@pytest.mark.parametrize(
    ("asked", "is_found"), [("MINE", True), ("gulf mine", True), ("50%", False), ("harbour", False)]
)
def test_articles_are_found_by_words_of_title_and_outlet(client, sign_in, owner, claim, article, asked, is_found):
    sign_in(owner)
    page = client.get(f"/claims/{claim.id}/sentence", query_string={"q": asked}).text

    assert ("On the mine" in page) is is_found


def test_a_repair_leaves_the_item_as_it_was_and_the_page_says_so(client, sign_in, owner, claim, article):
    sentence = sentences_of(article)[0]
    make_item(claim, by=owner, sentence=sentence)
    kept = (sentence.id, sentence.article_id, sentence.start, sentence.end)
    repair(article, owner, RepairRequest(Kind.MERGE, sentence.id), 1)
    item = db.session.scalars(select(Evidence)).one()
    sign_in(owner)
    page = client.get(f"/claims/{claim.id}")

    assert (item.sentence_id, item.sentence.article_id, item.sentence.start, item.sentence.end) == kept
    assert item.words == "The mine closed in May."
    assert "which a repair of the split replaced since; its words are those of before" in text_of(page)
    [now] = sentences_of(db.session.get_one(Article, article.id))
    assert link_with(page, "On the mine").endswith(f"#s{now.id}")


def test_a_sentence_that_was_replaced_meanwhile_is_refused_with_a_sentence(client, sign_in, owner, claim, article):
    sentence = sentences_of(article)[0]
    repair(article, owner, RepairRequest(Kind.MERGE, sentence.id), 1)
    sign_in(owner)
    sent = {"seen": "0", "client_id": str(uuid4()), "sentence": str(sentence.id), "stance": "supports"}
    answered = client.post(f"/claims/{claim.id}/item", data={**sent, "independence": "unknown", "description": "It."})

    assert answered.status_code == 422
    assert "This sentence was split or merged meanwhile" in answered.text
    assert db.session.scalar(select(Evidence.id)) is None


def test_a_repeat_is_one_item_also_after_a_repair(client, sign_in, owner, claim, article):
    sentence = sentences_of(article)[0]
    sign_in(owner)
    sent = {"seen": "0", "client_id": str(uuid4()), "sentence": str(sentence.id), "stance": "supports"}
    for _ in range(2):
        told = {**sent, "independence": "unknown", "description": "It."}
        assert client.post(f"/claims/{claim.id}/item", data=told).status_code == 302
        if sentence.is_live:
            repair(article, owner, RepairRequest(Kind.MERGE, sentence.id), 1)

    assert len(db.session.scalars(select(Evidence)).all()) == 1


def test_a_sentence_that_one_may_not_read_is_not_there(client, sign_in, claim):
    other = make_project("Other")
    theirs = sentences_of(make_article(project=other))[0].id
    analyst = make_member("Analyst", "analyst")
    sign_in(analyst)

    assert client.get(f"/claims/{claim.id}?sentence={theirs}").status_code == 404
    assert client.get(f"/sentences/{theirs}/evidence").status_code == 404
    assert client.get(f"/claims/{claim.id}/sentence?article=99999").status_code == 404


def test_a_sentence_of_another_project_is_no_item(client, sign_in, owner, claim):
    other = make_project("Other")
    person = make_member("Both", "analyst")
    add_member(other, person, {Role.ANALYST})
    theirs = sentences_of(make_article(project=other))[0].id
    sign_in(person)
    sent = {"seen": "0", "client_id": str(uuid4()), "sentence": str(theirs), "stance": "supports"}
    answered = client.post(f"/claims/{claim.id}/item", data={**sent, "independence": "unknown", "description": "It."})

    assert answered.status_code == 422
    assert "of another project" in answered.text
