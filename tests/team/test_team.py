"""A team on one page: people taken in from a list, their links, who has come, and work for all of them."""

from collections import Counter

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import func, select

from tests.conftest import new_client
from tests.factories import first_project, make_article, make_member
from tests.signing_in import sign_in_as
from webapp.accounts.actions import set_active, set_password
from webapp.db import db
from webapp.models import SHELL, Assignment, Membership, Role, RoundArticle, User
from webapp.projects.actions import add_member

pytestmark = pytest.mark.sqlite_only("people are added and handed work as on other pages, which run on both")

TEAM = "/projects/1/team"


def page(answered):
    return BeautifulSoup(answered.text, "html.parser")


def rows(shown):
    return {
        row.th.get_text(strip=True): [" ".join(cell.get_text(" ").split()) for cell in row.select("td")[:3]]
        for row in shown.select("tbody tr")
    }


def test_a_pasted_list_becomes_people_with_roles_and_links(client, sign_in, owner):
    sign_in(owner)
    shown = page(client.post(TEAM, data={"people": "Ana Silva, analyst\nBen Okafor, analyst researcher\nCem"}))

    lines = shown.select_one(".team__links").text.strip().splitlines()
    assert [line.split(": ")[0] for line in lines] == ["Ana Silva", "Ben Okafor", "Cem"]
    assert rows(shown)["Ben Okafor"] == ["analyst, researcher", "has not come yet", "–"]
    address = lines[0].split(": ", 1)[1].split("/", 3)[3]
    assert client.get(f"/{address}").status_code == 200
    assert page(client.get(TEAM)).select(".team__links") == []


def test_whoever_is_there_already_is_taken_in_and_keeps_their_roles(client, sign_in, owner):
    there = make_member("Rea", "researcher")
    set_password(there, "a long password")
    sign_in(owner)
    shown = page(client.post(TEAM, data={"people": "Rea, analyst"}))

    assert rows(shown)["Rea"][0] == "analyst, researcher"
    assert shown.select(".team__links") == []


def test_a_list_with_a_fault_changes_nothing_and_is_there_to_be_mended(client, sign_in, owner):
    gone = make_member("Gone")
    set_active(gone, False, SHELL)
    sign_in(owner)
    before = db.session.scalar(select(func.count()).select_from(User))
    for text, fault in (("Ana\nBen, boss", "Line 2"), ("", "at least one name"), ("Ana\nGone", "deactivated")):
        answered = client.post(TEAM, data={"people": text})
        assert (answered.status_code, fault in page(answered).select_one("[role=alert]").text) == (422, True)
        assert page(answered).select_one("#people").text.strip() == text.replace("\n", "\n")

    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(User)) == before


def test_only_an_admin_adds_people_and_makes_links(app, owner):
    client = new_client(app)
    sign_in_as(client, make_member("Sue", "supervisor"))
    late = make_member("Late", "analyst")

    assert page(client.get(TEAM)).select("#people, form[action$='/link']") == []
    client.post(TEAM, data={"people": "Mallory"})
    assert client.post(f"{TEAM}/{late.id}/link").status_code == 403
    assert db.session.scalar(select(User).where(User.name == "Mallory")) is None


def test_a_new_link_is_for_who_has_no_password_yet_and_of_the_team(client, sign_in, owner):
    late, has_one, stranger = make_member("Late", "analyst"), make_member("Has", "analyst"), make_member("Out")
    set_password(has_one, "a long password")
    sign_in(owner)

    assert "Late: http" in page(client.post(f"{TEAM}/{late.id}/link")).select_one(".team__links").text
    for person in (has_one, stranger):
        told = client.post(f"{TEAM}/{person.id}/link", follow_redirects=True)
        assert "not in the team" in told.text
    assert client.post(f"{TEAM}/999999/link").status_code == 302


def test_who_has_come_is_told(app, client, sign_in, owner):
    ana = make_member("Ana", "analyst")
    sign_in(owner)
    assert rows(page(client.get(TEAM)))["Ana"][1] == "has not come yet"
    sign_in_as(new_client(app), ana)

    assert rows(page(client.get(TEAM)))["Ana"][1].endswith("UTC")


def test_everything_is_handed_out_evenly_in_one_step(client, sign_in, owner):
    people = [make_member(name, "analyst") for name in ("Ana", "Ben")]
    for _ in range(2):
        make_article()
    sign_in(owner)
    told = client.post(f"{TEAM}/hand-out", data={"overlap": "2"}, follow_redirects=True)

    assert "Handed out: 6." in told.text
    held = db.session.scalars(select(Assignment).where(Assignment.analyst_id.in_([one.id for one in people]))).all()
    assert {one.round_id for one in held} == {first_project().running.id}
    assert "Nothing is missing" in client.post(f"{TEAM}/hand-out", data={"overlap": "2"}, follow_redirects=True).text


@pytest.mark.parametrize("overlap", ["", "0", "x", "99", "9" * 30])
def test_an_overlap_that_cannot_be_is_refused_with_a_sentence(client, sign_in, owner, overlap):
    make_member("Ana", "analyst")
    sign_in(owner)
    told = client.post(f"{TEAM}/hand-out", data={"overlap": overlap}, follow_redirects=True)

    assert told.status_code == 200
    assert page(told).select(".notice--bad")
    assert db.session.scalars(select(Assignment)).all() == []
    assert db.session.scalars(select(Membership)).all() != []


def test_new_articles_go_out_as_they_come_in_where_that_is_the_rule(client, sign_in, owner):
    analysts = [make_member(name, "analyst").id for name in ("A", "B", "C")]
    remove_analyst(owner)
    sign_in(owner)
    client.post(f"{TEAM}/hand-out", data={"overlap": "2", "also_new": "1"})
    before = set(db.session.scalars(select(Assignment.id)))
    db.session.commit()
    articles = [make_article().id for _ in range(3)]
    new = [one for one in db.session.scalars(select(Assignment)) if one.id not in before]

    assert Counter(one.article_id for one in new) == dict.fromkeys(articles, 2)
    assert Counter(one.analyst_id for one in db.session.scalars(select(Assignment))).keys() == set(analysts)
    loads = Counter(one.analyst_id for one in db.session.scalars(select(Assignment))).values()
    assert max(loads) - min(loads) <= 1
    assert {one.places for one in db.session.scalars(select(RoundArticle))} == {1}
    client.post(f"{TEAM}/hand-out", data={"overlap": "2"})
    db.session.commit()
    assert db.session.scalars(select(Assignment).where(Assignment.article_id == make_article().id)).all() == []


def remove_analyst(owner):
    """The supervisor only supervises."""
    add_member(first_project(), owner, {Role.SUPERVISOR})
