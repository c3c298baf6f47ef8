"""Accounts: invitations, passwords, limits, and what an admin may do to them."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import func, select

from tests.conftest import new_client
from tests.factories import answer, first_project, make_article, make_member, sentences_of
from tests.signing_in import sign_in_as
from webapp.accounts.actions import (
    accept_invitation,
    change_password,
    new_invitation,
    new_link,
    set_active,
    set_admin,
    set_password,
    sign_in_by_link,
    sign_in_by_password,
    sign_out_everywhere,
)
from webapp.accounts.queries import link_holder
from webapp.db import db, db_write, now
from webapp.domain.errors import BadAccount, SignInRefused
from webapp.domain.terms import Tag
from webapp.models import SHELL, Annotation, LinkPurpose, SignInLink, User

pytestmark = pytest.mark.page

PASSWORD = "correct horse battery"


def test_an_invitation_sets_a_password_once(analyst):
    token = new_invitation(analyst, SHELL)
    assert accept_invitation(token, PASSWORD).user.id == analyst.id

    assert sign_in_by_password(analyst.name, PASSWORD).user.id == analyst.id
    with pytest.raises(SignInRefused, match="used already"):
        accept_invitation(token, PASSWORD)


def test_an_invitation_holds_for_a_day(analyst):
    token = new_invitation(analyst, SHELL)
    with db_write() as session:
        session.scalars(select(SignInLink)).one().expires_at = now() - timedelta(seconds=1)

    with pytest.raises(SignInRefused):
        accept_invitation(token, PASSWORD)


def test_a_newer_invitation_ends_the_older(analyst):
    older = new_invitation(analyst, SHELL)
    newer = new_invitation(analyst, SHELL)

    assert link_holder(older, LinkPurpose.SET_PASSWORD) is None
    assert link_holder(newer, LinkPurpose.SET_PASSWORD).id == analyst.id


def test_looking_at_an_invitation_does_not_use_it_up(client, analyst):
    token = new_invitation(analyst, SHELL)
    for method in ("HEAD", "GET", "GET"):
        assert client.open(f"/invitation/{token}", method=method).status_code == 200
    done = client.post(f"/invitation/{token}", data={"password": PASSWORD, "again": PASSWORD})

    assert done.status_code == 302
    assert client.get("/").status_code == 200


def test_a_short_password_leaves_the_invitation_open(client, analyst):
    token = new_invitation(analyst, SHELL)
    refused = client.post(f"/invitation/{token}", data={"password": "short", "again": "short"})

    assert "at least 10" in refused.text
    assert link_holder(token, LinkPurpose.SET_PASSWORD)


def test_a_sign_in_link_is_no_invitation_nor_the_other_way_round(analyst):
    with pytest.raises(SignInRefused):
        accept_invitation(new_link(analyst), PASSWORD)
    with pytest.raises(SignInRefused):
        sign_in_by_link(new_invitation(analyst, SHELL))


def test_an_invitation_is_built_from_the_configured_address(app, client, owner, analyst):
    app.config["BASE_URL"] = "https://claimtag.example.org"
    sign_in_as(client, owner, base_url="https://192.0.2.66")
    page = client.post(f"/people/{analyst.id}/invitation", base_url="https://192.0.2.66")

    assert "https://claimtag.example.org/invitation/" in page.text
    assert "192.0.2.66" not in page.text


def test_a_changed_password_needs_the_old_one(analyst):
    set_password(analyst, PASSWORD)
    with pytest.raises(BadAccount, match="old password"):
        change_password(analyst, "wrong", "another long one")
    change_password(analyst, PASSWORD, "another long one")

    assert sign_in_by_password(analyst.name, "another long one")


def test_changing_ones_password_keeps_this_session_and_ends_the_others(app, client, sign_in, analyst):
    sign_in(analyst)
    other = new_client(app)
    sign_in_as(other, analyst)
    client.post("/account", data={"password": PASSWORD, "again": PASSWORD})

    assert client.get("/").status_code == 200
    assert other.get("/").status_code == 302


def test_signing_out_everywhere_ends_every_session(client, sign_in, analyst):
    sign_in(analyst)
    sign_out_everywhere(analyst)

    assert client.get("/").status_code == 302


def test_a_deactivated_person_keeps_their_work(app, analyst, owner):
    answer(sentences_of(make_article())[0], analyst, Tag.FACT)
    set_active(analyst, False, owner)

    assert db.session.scalar(select(func.count()).select_from(Annotation)) == 1
    with pytest.raises(BadAccount):
        new_link(analyst)
    set_active(analyst, True, owner)
    assert new_link(analyst)


def test_the_last_admin_stays(owner):
    with pytest.raises(BadAccount, match="No active admin would be left"):
        set_active(owner, False, SHELL)
    with pytest.raises(BadAccount, match="No active admin would be left"):
        set_admin(owner, False, owner)
    make_member("Second", is_admin=True)
    set_admin(owner, False, owner)


@pytest.fixture
def people_form(client, sign_in, owner):
    """The page of people, and its one form as the page has it, to be sent with other ticks."""
    sign_in(owner)

    def form():
        page = BeautifulSoup(client.get("/people").text, "html.parser")
        sent = page.select_one("form:has([name=is])")
        was = [one["value"] for one in sent.select("[name=was]")]
        assert was == [one["value"] for one in sent.select("[name=is][checked]")]
        return was

    return form


def test_one_save_makes_admins_deactivates_and_reactivates_and_leaves_all_others(client, people_form, owner, analyst):
    gone = make_member("Gone Girl")
    set_active(gone, False, owner)
    was = people_form()
    set_admin(make_member("Made meanwhile"), True, owner)
    ticked = {*was, f"admin-{analyst.id}", f"active-{gone.id}"} - {f"active-{analyst.id}"}
    client.post("/people/changes", data={"was": was, "is": [*ticked]})

    assert "Saved: 2 people." in client.get("/people").text
    told = {one.name: (one.is_admin, one.is_active) for one in db.session.scalars(select(User))}
    assert told == {
        owner.name: (True, True),
        "Ana Lyst": (True, False),
        "Gone Girl": (False, True),
        "Made meanwhile": (True, True),
    }


def test_whatever_would_leave_no_admin_is_said_at_each_of_them_and_changes_nothing(client, people_form, owner, analyst):
    second = make_member("Second", is_admin=True)
    was = people_form()
    ticked = {*was, f"admin-{analyst.id}"} - {f"admin-{owner.id}", f"active-{second.id}", f"active-{analyst.id}"}
    refused = client.post("/people/changes", data={"was": was, "is": [*ticked]})

    assert refused.status_code == 422
    page = BeautifulSoup(refused.text, "html.parser")
    assert {one["id"] for one in page.select(".field__error")} == {f"e{owner.id}", f"e{second.id}"}
    assert {one["value"] for one in page.select("[name=is][checked]")} == ticked
    db.session.rollback()
    assert (owner.is_admin, second.is_active, analyst.is_admin) == (True, True, False)


def test_boxes_of_nobody_change_nothing(client, people_form):
    was = people_form()
    client.post("/people/changes", data={"was": was, "is": [*was, "admin-999", "admin-x", "king-1", ""]})

    assert "Nothing was different." in client.get("/people").text


def test_each_person_stands_with_the_projects_in_which_they_have_a_role(client, sign_in, owner, analyst):
    sign_in(owner)
    page = BeautifulSoup(client.get("/people").text, "html.parser")
    [line] = [one for one in page.select(".roles") if "Ana Lyst" in one.text]

    assert [(one.text, one["href"]) for one in line.select("a")] == [(first_project().name, "/projects/1/settings")]


def test_an_admin_adds_a_person_and_gets_the_link_once(client, sign_in, owner):
    sign_in(owner)
    page = client.post("/people", data={"name": "Ólafur"})

    assert "Ólafur" in page.text
    assert "/invitation/" in page.text
    assert "/invitation/" not in client.get("/people").text.replace('/invitation"', "")


def test_a_taken_name_is_refused_on_the_page(client, sign_in, owner, analyst):
    sign_in(owner)

    assert "is called “Ana Lyst” already" in client.post("/people", data={"name": "Ana  Lyst"}).text
