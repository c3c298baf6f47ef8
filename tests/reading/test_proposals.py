"""What looks as if it were no part of an article is proposed to supervisors, who say whether it is."""

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from tests.factories import first_project, make_article, make_member, sentences_of
from webapp import verification
from webapp.articles.actions import draft_of_pasted, save_draft, trash_article
from webapp.db import db
from webapp.domain.intake.description import Description
from webapp.domain.terms import NotPart
from webapp.models import Article, Exclusion
from webapp.models.conflicts import Gone
from webapp.reading.actions import decide_proposals
from webapp.reading.queries import proposals_in

pytestmark = pytest.mark.page

TEXT = "By Ann Bee\n\nOne came.\n\nPhoto: Cy Dee / AFP\n\nTwo went.\n\nAdvertisement"
B, C, O = NotPart.BYLINE, NotPart.CAPTION, NotPart.OTHER  # noqa: E741 (the letters of the kinds)


@pytest.fixture
def article(app):
    return make_article(TEXT)


def page_of(client, address):
    return BeautifulSoup(client.get(address).text, "html.parser")


def send(client, form, **fields):
    names = {}
    for one in form.select("input[type=hidden]"):
        names.setdefault(one["name"], []).append(one["value"])
    return client.post(form["action"], data=names | fields)


def said_of(article):
    """Of each sentence whether it is out, and whether somebody said so or the other way."""
    decided = dict(db.session.execute(select(Exclusion.sentence_id, Exclusion.why)).all())
    return [(one.is_excluded, decided.get(one.id, "open")) for one in sentences_of(article)]


def test_nothing_is_left_out_before_a_person_says_so(article):
    assert list(proposals_in(article).values()) == [B, C, O]
    assert said_of(article) == [(False, "open")] * 5
    assert article.sentence_count == 5


def test_each_is_left_out_or_kept_by_one_press_and_proposed_no_more(client, sign_in, owner, article):
    sign_in(owner)
    room = f"/articles/{article.id}/reading"
    page = page_of(client, room)
    assert [one.text for one in page.select("[data-proposed] .words")] == [
        "By Ann Bee",
        "Photo: Cy Dee / AFP",
        "Advertisement",
    ]
    send(client, page.select("li .proposal")[0])
    send(client, page.select("li .proposal")[1], part="1")
    send(client, page.select("li .proposal")[1])  # from the page as it was: it is decided

    db.session.rollback()
    assert said_of(article) == [(True, B), (False, "open"), (False, None), (False, "open"), (False, "open")]
    left = page_of(client, f"{room}?proposed=1")
    assert [one.text for one in left.select(".paper .words")] == ["Advertisement"]
    assert db.session.get_one(Article, article.id).sentence_count == 4
    assert list(verification.faults()) == []


def test_all_that_are_shown_are_decided_at_once_and_the_filter_is_gone_with_the_last(client, sign_in, owner, article):
    sign_in(owner)
    page = page_of(client, f"/articles/{article.id}/reading?proposed=1")
    answered = send(client, page.select_one(".notice .proposal"))

    assert answered.location == f"/articles/{article.id}/reading"
    db.session.rollback()
    assert [out for out, _ in said_of(article)] == [True, False, True, False, True]
    after = page_of(client, answered.location)
    assert "Not part of the article now: 3 sentences." in after.text
    assert after.select(".proposal") == []


def test_a_sentence_that_is_not_proposed_or_stands_elsewhere_is_left_alone(owner, article):
    other = make_article("By Ann Bee\n\nThree stayed.")
    ids = [sentences_of(article)[1].id, sentences_of(other)[0].id, 999_999]

    assert decide_proposals(article, owner, ids, is_part=False) == 0
    assert said_of(article) == [(False, "open")] * 5
    trash_article(article, owner)
    with pytest.raises(Gone):
        decide_proposals(article, owner, [], is_part=False)


def test_only_supervisors_are_told_what_a_sentence_looks_like(client, sign_in, article):
    sign_in(make_member("Rea", "researcher"))
    page = page_of(client, f"/articles/{article.id}/reading?proposed=1")

    assert page.select(".proposal, [data-proposed]") == []
    assert "Byline?" not in page.text


@pytest.mark.parametrize(
    ("ticked", "expected"),
    [
        ({}, [(False, None), (False, "open"), (False, None), (False, "open"), (False, None)]),
        ({"left_out": ["0-10"]}, [(True, B), (False, "open"), (False, None), (False, "open"), (False, None)]),
        ({"all_left_out": "1"}, [(True, B), (False, "open"), (True, C), (False, "open"), (True, O)]),
        ({"left_out": ["12-21", "x"]}, [(False, None), (False, "open"), (False, None), (False, "open"), (False, None)]),
    ],
)
def test_the_preview_asks_before_anything_is_saved(client, sign_in, owner, ticked, expected):
    sign_in(owner)
    draft = draft_of_pasted(first_project(), owner, TEXT, Description())
    page = page_of(client, f"/drafts/{draft.id}")
    assert [one.text for one in page.select(".cut--open[data-proposed] small")] == [
        "Byline?",
        "Caption?",
        "A notice?",
    ]
    form = page.select_one("form:has([name=asked])")
    form["action"] = f"/drafts/{draft.id}"
    send(client, form, save="1", **ticked)

    article = db.session.scalars(select(Article).order_by(Article.id.desc())).first()
    assert said_of(article) == expected
    assert article.sentence_count == sum(not out for out, _ in expected)
    assert proposals_in(article) == {}
    assert list(verification.faults()) == []


def test_an_article_saved_without_being_asked_keeps_its_proposals(owner):
    article = save_draft(draft_of_pasted(first_project(), owner, TEXT, Description()), owner)

    assert list(proposals_in(article).values()) == [B, C, O]


def test_the_keyboard_begins_at_what_decides_a_draft_and_enter_there_saves_it(client, sign_in, owner):
    sign_in(owner)

    def begins_at(text):
        draft = draft_of_pasted(first_project(), owner, text, Description())
        page = page_of(client, f"/drafts/{draft.id}")
        first_button = page.select_one("form:has([name=language]) [type=submit]")
        return [one["name"] for one in page.select("[autofocus]")], first_button["name"]

    assert begins_at("One came.\n\nTwo went.") == (["save"], "save")
    assert begins_at("By Ann Bee\n\nThree stayed.") == (["left_out"], "save")
    assert begins_at(TEXT) == (["all_left_out"], "save")
