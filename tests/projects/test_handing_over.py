"""A leaver's work is handed over: closed for them, new for somebody else, and nothing that was answered is lost."""

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from tests.conftest import downgrade
from tests.factories import answer, assignment_of, first_project, make_article, make_member, sentences_of, take_up
from webapp import verification, visibility
from webapp.db import db
from webapp.domain.errors import BadProject, MigrationRefused, NotFound
from webapp.domain.terms import Tag
from webapp.inbox.queries import inbox
from webapp.judgements import judgements
from webapp.models import SHELL, Article, Assignment, AssignmentState, AuditEvent
from webapp.models.conflicts import NotOpen
from webapp.projects.actions import Settings, Wish, assign, change_settings, hand_over, planned, return_work
from webapp.projects.queries import loads_in
from webapp.tagging.actions import submit

STATE = AssignmentState


@pytest.fixture
def blind(app):
    change_settings(first_project(), Settings("Study", is_blind=True, overlap=1), SHELL)
    return first_project()


@pytest.fixture
def stays(app):
    return make_member("Sten", "analyst")


@pytest.fixture
def leaves(app):
    return make_member("Lena", "analyst")


@pytest.fixture
def work(blind, leaves, owner):
    """Articles that the leaver has not begun, begun, handed in, and got back, in this order; each of one sentence."""
    articles = [make_article(sentences=1) for _ in range(4)]
    assign(blind, [(article.id, leaves.id) for article in articles], owner)
    for article in articles[1:]:
        answer(sentences_of(article)[0], leaves, Tag.FACT)
    for article in articles[2:]:
        submit(article, leaves)
    return_work(assignment_of(articles[3].id, leaves), owner, "Look again")
    return articles


def states_of(person):
    db.session.rollback()
    own = select(Assignment).where(Assignment.analyst_id == person.id).order_by(Assignment.id)
    return [one.state for one in db.session.scalars(own)]


def test_open_work_is_closed_and_the_other_gets_work_of_their_own(blind, work, leaves, stays, owner):
    assert hand_over(blind, leaves.id, stays.id, 3, owner) == (3, 3)

    assert states_of(leaves) == [STATE.HANDED_OVER, STATE.HANDED_OVER, STATE.SUBMITTED, STATE.HANDED_OVER]
    assert states_of(stays) == [STATE.ASSIGNED] * 3
    [told] = inbox(stays)
    assert (told.entry.what, told.entry.number) == ("assigned", 3)
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.what == "handed over")).one()
    assert (event.details["from_id"], event.details["to_id"], event.details["new"]) == (leaves.id, stays.id, 3)
    assert verification.faults() == []


def test_answers_stay_on_record_and_count_where_they_were_handed_in(blind, work, leaves, stays, owner):
    before = [one.id for one in db.session.scalars(judgements(blind, owner))]
    hand_over(blind, leaves.id, stays.id, 3, owner)

    assert [one.id for one in db.session.scalars(judgements(blind, owner))] == before
    assert len(before) == 2
    on_record = visibility.annotations_visible_to(owner, blind)
    assert len([one for one in db.session.scalars(on_record) if one.analyst_id == leaves.id]) == 3


def test_the_leaver_can_no_longer_write_nor_open_it(client, sign_in, blind, work, leaves, stays, owner):
    hand_over(blind, leaves.id, stays.id, 3, owner)
    begun = db.session.get_one(Article, work[1].id)
    sign_in(leaves)

    assert client.get(f"/articles/{begun.id}").status_code == 404
    with pytest.raises((NotOpen, NotFound)):
        answer(sentences_of(begun)[0], leaves, Tag.OPINION)
    assert [one.text for one in BeautifulSoup(client.get("/").text, "html.parser").select("a.next")] == []


def test_in_an_open_project_it_is_closed_as_well(leaves, stays, owner):
    article = make_article(sentences=1)
    take_up(article, leaves)
    answer(sentences_of(article)[0], leaves, Tag.FACT)
    hand_over(first_project(), leaves.id, stays.id, 1, owner)

    with pytest.raises((NotOpen, NotFound)):
        answer(sentences_of(article)[0], leaves, Tag.OPINION)
    assert states_of(stays) == [STATE.ASSIGNED]


def test_what_the_other_holds_already_stays_as_it_is(blind, work, leaves, stays, owner):
    assign(blind, [(work[0].id, stays.id)], owner)

    assert hand_over(blind, leaves.id, stays.id, 3, owner) == (3, 2)


def test_loads_and_plans_leave_out_what_was_handed_over(blind, work, leaves, stays, owner):
    hand_over(blind, leaves.id, stays.id, 3, owner)

    assert (loads_in(blind)[leaves.id].held, loads_in(blind)[stays.id].held) == (1, 3)
    new = planned(blind, Wish([leaves.id, stays.id], 1)).plan.new
    assert {one.article for one in new} == {1}


def test_handed_out_again_it_goes_on_where_it_was(blind, work, leaves, stays, owner):
    hand_over(blind, leaves.id, stays.id, 3, owner)
    assign(blind, [(work[1].id, leaves.id)], owner)

    assert assignment_of(work[1].id, leaves).state is STATE.STARTED
    answer(sentences_of(work[1])[0], leaves, Tag.OPINION)


@pytest.mark.parametrize(
    ("to", "expected", "why"), [("leaves", 3, "somebody else"), ("stays", 2, "changed"), ("owner", 3, "not in")]
)
def test_what_cannot_be_handed_over_is_refused_and_nothing_changes(
    blind, work, leaves, stays, owner, to, expected, why
):
    change = {"leaves": leaves.id, "stays": stays.id, "owner": make_member("R", "researcher").id}

    with pytest.raises(BadProject, match=why):
        hand_over(blind, leaves.id, change[to], expected, owner)
    assert states_of(leaves) == [STATE.ASSIGNED, STATE.STARTED, STATE.SUBMITTED, STATE.RETURNED]


def test_the_page_of_progress_hands_over_and_shows_it(client, sign_in, blind, work, leaves, stays, owner):
    sign_in(owner)
    page = BeautifulSoup(client.get(f"/projects/1?analyst={leaves.id}&state=started").text, "html.parser")
    form = page.select_one("form[action$='/hand-over']")
    sent = {one["name"]: one["value"] for one in form.select("input")} | {"to": str(stays.id)}
    told = client.post(form["action"], data=sent, follow_redirects=True)

    assert "Handed over: 3; new to the other person: 3." in told.text
    shown = BeautifulSoup(told.text, "html.parser")
    assert len(shown.select('[data-held="handed_over"]')) == 3


@pytest.mark.sqlite_only("the sentence is the same on either database")
def test_an_older_version_that_cannot_hold_it_is_refused(blind, work, leaves, stays, owner):
    hand_over(blind, leaves.id, stays.id, 3, owner)

    with pytest.raises(MigrationRefused, match="handed over"):
        downgrade("0035")
