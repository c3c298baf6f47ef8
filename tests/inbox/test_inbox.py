"""The inbox tells what happened to one's own work, and nothing of anybody else's."""

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select, update

from tests.conftest import new_client, raw
from tests.factories import answer, assignment_of, first_project, make_article, make_member, sentences_of
from tests.signing_in import sign_in_as
from webapp import verification, visibility
from webapp.adjudication.actions import adjudicate
from webapp.articles.actions import trash_article
from webapp.db import db
from webapp.domain.adjudication import Cause, DecidingRule, Decision
from webapp.domain.terms import Tag
from webapp.inbox.queries import inbox
from webapp.models import SHELL, InboxEntry, Role
from webapp.projects.actions import Settings, add_member, assign, change_settings, return_work, withdraw
from webapp.tagging.actions import submit

pytestmark = pytest.mark.page

IT_IS_SO = Decision(Tag.FACT, DecidingRule.CODEBOOK_GAP, Cause.SLIP, "It is told as a fact.")


@pytest.fixture
def blind(app, owner):
    change_settings(first_project(), Settings("Study", is_blind=True, overlap=2), SHELL)
    return first_project()


def told(reader):
    """What, about which article, of how many."""
    db.session.commit()
    return [
        (row.entry.what.value, row.article and row.article.display_title, row.entry.number) for row in inbox(reader)
    ]


def handed_in(blind, owner, title, *people):
    """An article of one sentence that these analysts have tagged differently and handed in."""
    article = make_article(sentences=1, title=title)
    assign(blind, [(article.id, person.id) for person in people], owner)
    for person, tag in zip(people, (Tag.FACT, Tag.OPINION), strict=False):
        answer(sentences_of(article)[0], person, tag)
        submit(article, person)
    return article


def test_work_handed_out_together_is_told_as_one(blind, analyst, owner):
    articles = [make_article(title=f"No. {n}") for n in range(3)]
    assign(blind, [(article.id, analyst.id) for article in articles[:2]], owner)
    assign(blind, [(articles[2].id, analyst.id)], owner)

    assert told(analyst) == [("assigned", "No. 2", 1), ("assigned", None, 2)]
    assert told(owner) == []


def test_what_one_does_oneself_is_not_told(blind, owner):
    article = make_article()
    assign(blind, [(article.id, owner.id)], owner)

    assert told(owner) == []


def test_a_return_is_told_with_its_reason(client, sign_in, blind, analyst, owner):
    article = handed_in(blind, owner, "Back", analyst)
    return_work(assignment_of(article.id, analyst), owner, "Look at R15")
    sign_in(analyst)
    page = BeautifulSoup(client.get("/inbox").text, "html.parser")

    assert told(analyst) == [("returned", "Back", 1), ("assigned", "Back", 1)]
    assert page.select_one(".inbox__row q").text == "Look at R15"
    assert page.select_one(".inbox__row a")["href"] == f"/articles/{article.id}"


def test_what_was_settled_is_told_once_until_it_is_read(client, sign_in, blind, analyst, owner):
    other = make_member("Ben", "analyst")
    article = handed_in(blind, owner, "Disputed", analyst, other)
    adjudicate(sentences_of(article)[0], owner, IT_IS_SO, 0)
    adjudicate(sentences_of(article)[0], owner, Decision(Tag.OPINION, *list(vars(IT_IS_SO).values())[1:]), 1)

    assert told(analyst) == told(other) == [("settled", "Disputed", 1), ("assigned", "Disputed", 1)]
    sign_in(analyst)
    page = BeautifulSoup(client.get("/inbox").text, "html.parser")
    until = page.select_one("input[name=until]")["value"]
    client.post("/inbox/read", data={"until": until})
    assert BeautifulSoup(client.get("/inbox").text, "html.parser").select("[data-unread]") == []
    adjudicate(sentences_of(article)[0], owner, IT_IS_SO, 2)
    assert len(told(analyst)) == 3
    assert verification.faults() == []


def test_nobody_is_told_of_a_decision_that_they_may_not_read(blind, analyst, owner):
    """Whoever still has to hand it in is not told; nor is whoever has to do it again in another round."""
    other = make_member("Ben", "analyst")
    late = make_member("Cem", "analyst")
    article = handed_in(blind, owner, "Disputed", analyst, other)
    assign(blind, [(article.id, late.id)], owner)
    adjudicate(sentences_of(article)[0], owner, IT_IS_SO, 0)

    assert [what for what, *_ in told(late)] == ["assigned"]
    add_member(blind, analyst, set())
    assert told(analyst) == []


def test_what_is_withdrawn_or_in_the_trash_is_told_no_more(blind, analyst, owner):
    first, second = make_article(title="First"), make_article(title="Second")
    for article in (first, second):
        assign(blind, [(article.id, analyst.id)], owner)
    withdraw(assignment_of(first.id, analyst), owner)
    assert [title for _, title, _ in told(analyst)] == ["Second"]
    trash_article(second, owner)

    assert told(analyst) == []


def test_only_what_the_page_showed_is_marked_as_read(client, sign_in, blind, analyst, owner):
    assign(blind, [(make_article().id, analyst.id)], owner)
    sign_in(analyst)
    until = BeautifulSoup(client.get("/inbox").text, "html.parser").select_one("input[name=until]")["value"]
    assign(blind, [(make_article().id, analyst.id)], owner)
    client.post("/inbox/read", data={"until": until})
    for nonsense in ("", "x", "2026-01-01", "9" * 40, "9999-12-31T23:59:59-14:00"):
        assert client.post("/inbox/read", data={"until": nonsense}).status_code == 302

    page = BeautifulSoup(client.get("/inbox").text, "html.parser")
    assert [row.has_attr("data-unread") for row in page.select(".inbox__row")] == [True, False]
    assert BeautifulSoup(client.get("/").text, "html.parser").select_one(".unread").text.split() == ["1", "new"]


def test_another_persons_inbox_is_not_touched(app, blind, analyst, owner):
    other = make_member("Ben", "analyst")
    assign(blind, [(make_article().id, person.id) for person in (analyst, other)], owner)
    client = new_client(app)
    sign_in_as(client, other)
    until = BeautifulSoup(client.get("/inbox").text, "html.parser").select_one("input[name=until]")["value"]
    client.post("/inbox/read", data={"until": until})

    db.session.rollback()
    unread = select(InboxEntry.user_id).where(InboxEntry.read_at.is_(None))
    assert db.session.scalars(unread).all() == [analyst.id]
    assert db.session.scalars(visibility.inbox_of(other)).all() != []
    assert Role.ANALYST in other.roles[1]


def test_verify_finds_an_entry_about_work_that_never_was(blind, analyst, owner):
    make_article()
    assign(blind, [(make_article().id, analyst.id)], owner)
    with raw(defended=False) as connection:
        connection.execute(update(InboxEntry.__table__).values(article_id=1))

    assert [fault for fault in verification.faults() if "Inbox entry" in fault]
