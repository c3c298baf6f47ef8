"""The desk as a page."""

import csv
import io
import json
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from tests.factories import answer, current_annotation, first_project, make_article, make_member, sentences_of
from webapp.adjudication.actions import adjudicate
from webapp.db import db, db_write
from webapp.domain.adjudication import Cause, DecidingRule, Decision
from webapp.domain.terms import Tag
from webapp.export.actions import export_long_csv
from webapp.models import Assignment, AssignmentState
from webapp.projects.actions import Settings, assign, change_settings
from webapp.tagging.actions import submit

pytestmark = pytest.mark.page


def test_the_desk_knows_the_person_without_reading_their_row(client, sign_in, owner, statements):
    article = make_article()
    sign_in(owner)
    client.get(f"/articles/{article.id}")
    with statements() as seen:
        assert client.get(f"/articles/{article.id}").status_code == 200

    assert sum("password_hash" in statement for statement in seen) == 0


def test_the_desk_asks_for_the_source_type_right_after_the_tag_unless_somebody_is_used_to_another_way(
    client, sign_in, analyst
):
    address = f"/articles/{make_article().id}"
    sign_in(analyst)
    assert told(client.get(address)) == (True, False)

    with db_write():
        analyst.asks_who = None
    assert told(client.get(address)) == (None, True)
    for wanted in (True, False):
        assert client.put("/api/v1/me/preferences", json={"asks_who": wanted}).json == {"asks_who": wanted}
        assert told(client.get(address)) == (wanted, False)
    for bad in ({}, {"asks_who": 1}, {"asks_who": None}, {"single_keys": True, "asks_who": "no"}):
        assert client.put("/api/v1/me/preferences", json=bad).status_code == 422
    assert told(client.get(address)) == (False, False)


def told(page):
    """What the desk is told of the person's way, and whether it asks them once."""
    shown = BeautifulSoup(page.text, "html.parser")
    return json.loads(shown.select_one("#desk-data").text)["asks_who"], shown.select_one("#offer") is not None


def states(article):
    db.session.rollback()
    return [row.state for row in db.session.scalars(select(Assignment).where(Assignment.article_id == article.id))]


def unanswered_rows(article, reader):
    file = "".join(export_long_csv(article.project, reader, unanswered=True))
    rows = csv.DictReader(io.StringIO(file, newline=""))
    return [row["tag_code"] for row in rows if row["article_id"] == str(article.id)]


def test_opening_the_desk_assigns_nothing_and_the_first_tag_does(client, sign_in, analyst):
    article = make_article(sentences=3)
    sign_in(analyst)
    for _ in range(2):
        desk = client.get(f"/articles/{article.id}")
        assert (desk.status_code, '"locked": false' in desk.text) == (200, True)
    client.get(f"/sentences/{sentences_of(article)[0].id}/tag")
    assert states(article) == []

    body = {"tag": "FACT", "version": 0, "client_id": str(uuid4()), "active_seconds": 7}
    saved = client.put(f"/api/v1/sentences/{sentences_of(article)[0].id}/annotation", json=body)

    assert (saved.status_code, saved.json["active_seconds"]) == (200, 7)
    assert states(article) == [AssignmentState.STARTED]
    assert unanswered_rows(article, analyst) == ["1", "9", "9"]
    assert "1 of 3" in " ".join(client.get("/").text.split())


def test_the_first_tag_by_form_assigns_the_article_too(client, sign_in, analyst):
    article = make_article(sentences=2)
    sign_in(analyst)
    for number, sentence in enumerate(sentences_of(article)):
        assert len(states(article)) == min(number, 1)
        address = f"/sentences/{sentence.id}/tag"
        form = BeautifulSoup(client.get(address).text, "html.parser").select_one("form[method=post]:has([name=seen])")
        blank = {choice["name"]: "" for choice in form.select("select")}
        sent = {field: form.select_one(f"[name={field}]")["value"] for field in ("seen", "client_id")}
        assert client.post(address, data=blank | sent | {"tag": "FACT"}).status_code == 302

    assert states(article) == [AssignmentState.STARTED]
    client.post(f"/articles/{article.id}/submit")
    assert states(article) == [AssignmentState.SUBMITTED]


def test_a_note_before_the_first_tag_is_kept_and_goes_out_with_the_unanswered_sentences(client, sign_in, analyst):
    article = make_article(sentences=2)
    sign_in(analyst)
    sentence = sentences_of(article)[0]
    body = {"status": "contested", "claim": "It was so.", "client_id": str(uuid4())}
    assert client.post(f"/api/v1/sentences/{sentence.id}/notes", json=body).status_code == 201
    assert states(article) == [AssignmentState.ASSIGNED]
    assert "It was so." in client.get(f"/articles/{article.id}").text
    assert unanswered_rows(article, analyst) == ["9", "9"]

    tag = {"tag": "FACT", "version": 0, "client_id": str(uuid4())}
    client.put(f"/api/v1/sentences/{sentence.id}/annotation", json=tag)
    assert states(article) == [AssignmentState.STARTED]


def test_a_supervisor_sees_in_the_progress_who_tagged_and_not_who_looked(client, sign_in, owner, analyst):
    article = make_article(sentences=2)
    looker = make_member("Only Looks", "analyst")
    sign_in(looker)
    client.get(f"/articles/{article.id}")
    sign_in(analyst)
    tag = {"tag": "FACT", "version": 0, "client_id": str(uuid4())}
    client.put(f"/api/v1/sentences/{sentences_of(article)[0].id}/annotation", json=tag)
    sign_in(owner)
    page = client.get("/projects/1").text

    assert page.count('data-held="') == 1
    assert "1 of 2" in page


def test_a_researcher_reads_an_article_with_its_sentences_and_what_is_settled(client, sign_in, owner):
    article = make_article("One came. Two went.", title="Comings")
    sentence = sentences_of(article)[0]
    for analyst in (make_member("A", "analyst"), make_member("B", "analyst")):
        for one in sentences_of(article):
            answer(one, analyst, Tag.FACT)
        submit(article, analyst)
    adjudicate(sentence, owner, Decision(Tag.OPINION, DecidingRule.R10, Cause.SLIP, "Nothing remains."), 0)
    sign_in(make_member("R", "researcher"))
    listed = BeautifulSoup(client.get("/").text, "html.parser").select_one(f'a[href="/articles/{article.id}"]')
    shown = BeautifulSoup(client.get(listed["href"], follow_redirects=True).text, "html.parser")

    assert [(row.select_one(".words").text, row.select_one(".s")["data-tag"]) for row in shown.select(".voiced")] == [
        ("One came.", "OPINION"),
        ("Two went.", "FACT"),
    ]
    assert shown.select("form[action*=submit], .desk") == []
    assert client.get(f"/articles/{article.id}/gold").status_code == 403


def test_a_form_gone_back_to_and_sent_otherwise_shows_both_and_can_be_sent_again(client, sign_in, analyst):
    sentence = sentences_of(make_article())[0]
    sign_in(analyst)
    address = f"/sentences/{sentence.id}/tag"

    def form(page):
        found = BeautifulSoup(page, "html.parser").select_one("form:has([name=seen])")
        blank = {choice["name"]: "" for choice in found.select("select")}
        return blank | {hidden["name"]: hidden["value"] for hidden in found.select("input[type=hidden]")}

    sent = form(client.get(address).text)
    client.post(address, data=sent | {"tag": "FACT"})
    late = client.post(address, data=sent | {"tag": "OPINION"})

    assert late.status_code == 409
    assert client.post(address, data=form(late.text) | {"tag": "OPINION"}).status_code == 302
    db.session.rollback()
    assert current_annotation(sentence.id, analyst.id).tag is Tag.OPINION


def test_after_submitting_the_next_article_is_named_and_a_supervisor_takes_their_own_back(client, sign_in, owner):
    first = make_article("One came.", title="First")
    make_article("Two went.", title="Second")
    answer(sentences_of(first)[0], owner, Tag.FACT)
    submit(first, owner)
    sign_in(owner)
    shown = BeautifulSoup(client.get(f"/articles/{first.id}").text, "html.parser")
    assert shown.select_one("#next-article")["href"] != f"/articles/{first.id}"
    form = shown.select_one(".article__next form")
    answered = client.post(form["action"], data={field["name"]: field["value"] for field in form.select("input")})

    assert answered.headers["Location"] == f"/articles/{first.id}"
    page = client.get(f"/articles/{first.id}").text
    assert ('"locked": false' in page, "Your article is open again" in page) == (True, True)
    assert states(first) == [AssignmentState.RETURNED]
    assert "Round <bdi>main</bdi>" in page


def test_an_analyst_who_is_no_supervisor_takes_nothing_back(client, sign_in, analyst):
    article = make_article("One came.")
    answer(sentences_of(article)[0], analyst, Tag.FACT)
    submit(article, analyst)
    sign_in(analyst)
    shown = BeautifulSoup(client.get(f"/articles/{article.id}").text, "html.parser")

    assert "A supervisor can return the article to you." in shown.get_text()
    assert shown.select(".article__next form") == []


def test_from_the_last_article_the_key_of_the_next_one_leads_back_to_the_list(client, sign_in, owner):
    change_settings(first_project(), Settings("Study", is_blind=True), owner)
    article, analyst = make_article("One came."), make_member("Ann", "analyst")
    assign(first_project(), [(article.id, analyst.id)], owner)
    answer(sentences_of(article)[0], analyst, Tag.FACT)
    submit(article, analyst)
    sign_in(analyst)
    shown = BeautifulSoup(client.get(f"/articles/{article.id}").text, "html.parser")

    assert "Nothing else waits for you." in shown.text
    assert shown.select_one("#next-article")["href"] == "/"
