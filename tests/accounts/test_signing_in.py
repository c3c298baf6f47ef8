"""One-time links, passwords, and where signing in leads."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from tests.conftest import new_client
from tests.factories import make_member
from tests.signing_in import hidden_fields, sign_in_as
from webapp.accounts.actions import Device, add_user, new_link, set_password, sign_in_by_link, sign_in_by_password
from webapp.accounts.queries import link_holder
from webapp.accounts.routes import is_local
from webapp.db import db, db_write, now
from webapp.domain.errors import BadAccount, SignInRefused
from webapp.models import AuditEvent, LinkPurpose, SignInLink

pytestmark = pytest.mark.page

PASSWORD = "correct horse battery"


def test_a_link_signs_in_once(analyst):
    token = new_link(analyst)

    assert sign_in_by_link(token).user.id == analyst.id
    with pytest.raises(SignInRefused, match=r"run\.py link"):
        sign_in_by_link(token)


def test_a_link_is_too_old_after_a_quarter_of_an_hour(analyst):
    token = new_link(analyst)
    with db_write() as session:
        session.scalars(select(SignInLink)).one().expires_at = now() - timedelta(seconds=1)

    with pytest.raises(SignInRefused):
        sign_in_by_link(token)


def test_the_token_itself_is_not_kept(app, analyst):
    token = new_link(analyst)

    assert token not in str(db.session.scalars(select(SignInLink.token_sha256)).all())


def test_an_unknown_link_leads_to_the_sign_in_page_and_says_why(client):
    page = client.get("/sign-in/nothing", follow_redirects=True)

    assert "used already or is too old" in page.text


def test_a_used_link_in_a_signed_in_browser_goes_home(client, owner):
    link = f"/sign-in/{new_link(owner)}"
    client.post(link)

    assert client.get(link).location == "/"
    assert client.post(link).location == "/"


def test_looking_at_a_link_does_not_use_it_up(client, analyst):
    link = f"/sign-in/{new_link(analyst)}?next=/articles/1"
    for method in ("HEAD", "GET", "GET"):
        looked = client.open(link, method=method)
        assert looked.status_code == 200
        assert client.get("/").status_code == 302

    assert client.post(link).location == "/articles/1"
    assert client.get("/").status_code == 200


def test_the_sign_in_page_is_one_form_for_whoever_comes(client, sign_in, analyst):
    for _ in range(2):
        page = BeautifulSoup(client.get("/sign-in").text, "html.parser")
        assert [form["method"] for form in page.select("form")] == ["post"]
        sign_in(analyst)


def test_the_page_of_a_link_is_one_form_that_changes_nothing_until_it_is_sent(client, sign_in, analyst, owner):
    sign_in(owner)
    page = BeautifulSoup(client.get(f"/sign-in/{new_link(analyst)}").text, "html.parser")
    [form] = page.select("form")

    assert form["method"] == "post"
    assert [button.text for button in form.select("button")] == ["Sign in"]
    assert form["data-behaviour"] == "submit"
    assert analyst.name in page.h1.text
    assert client.get("/api/v1/me").json["user_id"] == owner.id


def test_a_link_wants_the_token_of_its_page(app, client, analyst):
    app.config["WTF_CSRF_ENABLED"] = True
    link = f"/sign-in/{new_link(analyst)}"

    assert client.post(link).status_code == 400
    assert client.post(link, data=hidden_fields(client.get(link).text)).status_code == 302


def test_a_session_lasts_thirty_days(client, owner):
    cookie = sign_in_as(client, owner).headers["Set-Cookie"]

    assert "Expires=" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_a_link_leads_on_to_the_article(client, owner):
    assert sign_in_as(client, owner, query_string={"next": "/articles/1"}).location == "/articles/1"


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "", "\t//evil"]
)
def test_signing_in_never_leads_elsewhere(target):
    assert not is_local(target)


def test_name_and_password_sign_in(client, analyst):
    set_password(analyst, PASSWORD)

    signed_in = client.post("/sign-in", data={"name": analyst.name, "password": PASSWORD})

    assert signed_in.status_code == 302
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("name", ["Ana Lyst", "Nobody"])
def test_a_wrong_password_and_a_wrong_name_sound_alike(client, analyst, name):
    set_password(analyst, PASSWORD)

    refused = client.post("/sign-in", data={"name": name, "password": "wrong"})

    assert "Name and password do not match" in refused.text


def test_a_person_without_a_password_cannot_sign_in_by_one(analyst):
    with pytest.raises(SignInRefused):
        sign_in_by_password(analyst.name, "")


def test_a_new_password_ends_other_sessions(app, client, sign_in, analyst):
    sign_in(analyst)
    assert client.get("/").status_code == 200

    set_password(analyst, PASSWORD)

    assert client.get("/").status_code == 302


def test_a_deactivated_person_is_signed_out_and_gets_no_link(client, sign_in, analyst):
    sign_in(analyst)
    with db_write():
        analyst.deactivated_at = now()

    assert client.get("/").status_code == 302
    with pytest.raises(BadAccount, match="deactivated"):
        new_link(analyst)


def test_signing_out_ends_the_session(client, sign_in, analyst):
    sign_in(analyst)
    client.post("/sign-out")

    assert client.get("/").location.startswith("/sign-in")


def test_names_are_unique_and_may_be_in_any_script(app):
    make_member("Ольга Петрівна", "analyst")

    with pytest.raises(BadAccount, match="already"):
        add_user(" Ольга  Петрівна ")
    with pytest.raises(BadAccount, match="needs a name"):
        add_user("  ")


def test_a_short_password_is_refused(analyst):
    with pytest.raises(BadAccount, match="at least 10"):
        set_password(analyst, "short")


def test_every_sign_in_is_on_record(app, analyst):
    sign_in_by_link(new_link(analyst), Device("Firefox on Linux"))

    events = db.session.scalars(select(AuditEvent).where(AuditEvent.actor_id == analyst.id)).all()
    details = {"by": "link", "session_id": 1, "device": "Firefox on Linux"}
    assert [(event.what, event.details) for event in events] == [("signed in", details)]


def test_two_browsers_do_not_disturb_each_other(app, analyst, owner):
    one, other = new_client(app), new_client(app)
    sign_in_as(one, analyst)
    sign_in_as(other, owner)

    assert one.get("/api/v1/me").json["user_id"] == analyst.id
    assert other.get("/api/v1/me").json["user_id"] == owner.id


def test_a_link_holds_when_the_clock_is_set_back(owner, monkeypatch):
    token = new_link(owner)
    earlier = now() - timedelta(days=400)
    monkeypatch.setattr("webapp.accounts.queries.now", lambda: earlier)

    assert link_holder(token, LinkPurpose.SIGN_IN).id == owner.id
