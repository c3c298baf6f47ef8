"""The front page: what waits first, for an analyst and for a supervisor."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import update

from tests.adjudication.test_settling import hand_in
from tests.conftest import raw
from tests.factories import answer, first_project, make_article, make_member, make_project, sentences_of, take_up
from webapp.articles.actions import trash_article
from webapp.db import db, now
from webapp.domain.repair import Kind
from webapp.domain.terms import Tag
from webapp.models import SHELL, Assignment, Job, JobItem, JobItemState, JobState, Role
from webapp.projects.actions import Settings, add_member, assign, change_settings, return_work
from webapp.repair.actions import RepairRequest, repair
from webapp.tagging.actions import submit

pytestmark = pytest.mark.page


def front(client):
    return BeautifulSoup(client.get("/").text, "html.parser")


def words(found):
    return " ".join(found.get_text(" ").split())


@pytest.fixture
def blind(app, owner, analyst):
    """A blind project with nothing handed out yet; the sample article is of no concern."""
    change_settings(first_project(), Settings("Study", is_blind=True), SHELL)
    return first_project()


def handed(blind, analyst, owner, title, sentences=2):
    article = make_article(sentences=sentences, title=title)
    assign(blind, [(article.id, analyst.id)], owner)
    return article


def tag_all(article, analyst):
    for sentence in sentences_of(article):
        answer(sentence, analyst, Tag.FACT)


def test_what_waits_stands_in_order_and_the_first_takes_one_key(client, sign_in, blind, analyst, owner):
    tagged, returned, begun, new = (
        handed(blind, analyst, owner, title) for title in ("Tagged", "Back", "Begun", "New")
    )
    tag_all(tagged, analyst)
    answer(sentences_of(begun)[0], analyst, Tag.FACT)
    tag_all(returned, analyst)
    submit(returned, analyst)
    work = take_up(returned, analyst)
    return_work(work, owner, "Look at R15 again")
    sign_in(analyst)
    shown = front(client)

    first = shown.select_one("a.next")
    assert first.has_attr("autofocus")
    assert words(first) == "Returned to you Back Look at R15 again · all 2 sentences tagged"
    lines = [words(one) for one in shown.select(".waits li:not([hidden])")]
    assert lines == [
        "Go on Begun 1 of 2 sentences tagged",
        "Tagged, not handed in Tagged all 2 sentences tagged",
    ]
    assert new.display_title in shown.select_one(".articles__table").text
    assert shown.select(".watched") == []


def test_an_answer_that_a_repair_carried_along_waits_to_be_confirmed(client, sign_in, blind, analyst, owner):
    article = handed(blind, analyst, owner, "Repaired", sentences=1)
    sentence = sentences_of(article)[0]
    tag_all(article, analyst)
    repair(article, owner, RepairRequest(Kind.SPLIT, sentence.id, 9), article.segmentation_version)
    sign_in(analyst)

    assert words(front(client).select_one("a.next")) == "To confirm Repaired 2 answers after a repair of the split"


def test_a_finished_queue_says_so(client, sign_in, blind, analyst, owner):
    article = handed(blind, analyst, owner, "Only one")
    sign_in(analyst)
    assert front(client).select(".finished") == []
    tag_all(article, analyst)
    submit(article, analyst)

    assert words(front(client).select_one(".finished")) == "Nothing waits for you: your article is handed in."


def test_work_in_another_project_waits_too_and_says_where(client, sign_in, blind, analyst, owner):
    other = make_project("Other study")
    article = make_article(project=other, title="There")
    add_member(other, analyst, {Role.ANALYST})
    sign_in(analyst)

    assert words(front(client).select_one("a.next")) == "Start There Other study 0 of 3 sentences tagged"
    trash_article(article, owner)
    assert front(client).select("a.next, .finished") == []


def test_a_supervisor_sees_what_is_to_settle_and_handed_in(client, sign_in, blind, analyst, owner):
    article = make_article(sentences=2)
    hand_in(article, "A", Tag.FACT, Tag.FACT)
    hand_in(article, "B", Tag.OPINION, Tag.FACT)
    handed(blind, analyst, owner, "Waits")
    sign_in(owner)
    tiles = {words(one.dt): words(one.dd) for one in front(client).select(".tiles > div")}

    assert tiles["sentence to settle"] == "1"
    assert tiles["of 3 handed in"] == "2"
    assert tiles["backup yet; the server makes one every day"] == "No"


def test_analysts_who_have_tagged_nothing_for_days_are_named(client, sign_in, blind, analyst, owner):
    handed(blind, analyst, owner, "Left lying")
    sign_in(owner)
    assert "in hand" not in front(client).select_one(".tiles").text
    with raw(defended=False) as connection:
        connection.execute(update(Assignment.__table__).values(assigned_at=now() - timedelta(days=5)))

    tiles = {words(one.dt): words(one.dd) for one in front(client).select(".tiles > div")}
    assert tiles["since Ana Lyst tagged, 1 article in hand"] == "5 days"


def test_an_import_with_failures_is_told_of_for_a_week(client, sign_in, blind, owner):
    db.session.rollback()
    with raw() as connection:
        values = {"name": "import", "project_id": 1, "user_id": owner.id, "options": {}, "total": 2, "done": 2}
        for days in (1, 8):
            made = Job.__table__.insert().values(**values, state=JobState.DONE, created_at=now() - timedelta(days=days))
            [job_id] = connection.execute(made).inserted_primary_key
            item = {"job_id": job_id, "number": 1, "name": "a.txt", "options": {}, "state": JobItemState.FAILED}
            connection.execute(JobItem.__table__.insert().values(**item, fault="It is empty."))
    sign_in(owner)

    found = [words(one) for one in front(client).select(".tiles > div") if "import" in one.text]
    assert found == ["of an import did not come in 1 file"]


def test_the_first_page_alone_tells_what_waits(client, sign_in, blind, analyst, owner):
    handed(blind, analyst, owner, "Waits")
    sign_in(analyst)

    assert BeautifulSoup(client.get("/?page=2").text, "html.parser").select("a.next, .tiles") == []


def test_where_nothing_of_ones_own_waits_the_keyboard_begins_at_what_is_to_settle(client, sign_in, owner):
    article = make_article("One came. Two went.")
    hand_in(article, "Ann Alpha", Tag.FACT, Tag.FACT)
    hand_in(article, "Bob Beta", Tag.OPINION, Tag.FACT)
    change_settings(first_project(), Settings("Study", is_blind=True), owner)
    sign_in(owner)

    assert [one["href"] for one in front(client).select("[autofocus]")] == ["/projects/1/adjudication"]


def test_in_an_empty_project_it_begins_at_the_first_import(client, sign_in):
    sign_in(make_member("Sue", "supervisor", project=make_project("Empty")))

    assert [one.text for one in front(client).select("[autofocus]")] == ["Import an article"]
