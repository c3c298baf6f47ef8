"""Sessions: each is a row, ends for good, and is read in the statement that reads the person."""

import sqlite3
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from tests.conftest import new_client
from tests.factories import make_article, sentences_of
from tests.signing_in import sign_in_as
from webapp import last_uses as last_uses_module
from webapp.access import last_uses
from webapp.accounts.actions import (
    Device,
    change_password,
    new_invitation,
    new_link,
    set_active,
    set_password,
    sign_in_by_link,
    sign_out_everywhere,
)
from webapp.accounts.queries import link_holder
from webapp.db import db, db_write, now
from webapp.last_uses import LastUses
from webapp.models import SHELL, AuditEvent, LinkPurpose, SessionKind, UserSession
from webapp.visibility import visit_by

PASSWORD = "correct horse battery"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0"


def sessions():
    db.session.rollback()  # to see what others wrote
    return list(db.session.scalars(select(UserSession).order_by(UserSession.id)))


def cookie_of(client):
    return client.get_cookie(client.application.config["SESSION_COOKIE_NAME"]).value


def with_cookie(app, value):
    client = new_client(app)
    client.set_cookie(app.config["SESSION_COOKIE_NAME"], value)
    return client


def is_signed_in(client):
    return client.get("/api/v1/me").status_code == 200


def kept(app, content):
    """A cookie of this app that holds the content."""
    return with_cookie(app, app.session_interface.get_signing_serializer(app).dumps(content))


# ---- ending


def test_a_cookie_kept_from_before_the_sign_out_opens_nothing(app, client, sign_in, analyst):
    sign_in(analyst)
    thief = with_cookie(app, cookie_of(client))
    assert is_signed_in(thief)
    client.post("/sign-out")

    assert not is_signed_in(thief)
    assert sessions()[0].ended_at


@pytest.mark.parametrize(
    "end",
    [
        lambda person: set_password(person, PASSWORD),
        lambda person: change_password(person, "", PASSWORD),
        sign_out_everywhere,
        lambda person: set_active(person, False, SHELL),
    ],
    ids=["the shell sets a password", "the person sets one", "sign out everywhere", "deactivated"],
)
def test_what_shuts_a_person_out_ends_every_session_and_every_open_link(app, client, sign_in, analyst, end):
    sign_in(analyst)
    program = UserSession(kind=SessionKind.TOKEN, token_sha256="0", user_id=analyst.id, expires_at=now())
    with db_write() as session:
        session.add(program)
    link, invitation = new_link(analyst), new_invitation(analyst, SHELL)
    before = len(sessions())
    end(analyst)

    assert not is_signed_in(client)
    assert all(session.ended_at for session in sessions()[:before])
    assert link_holder(link, LinkPurpose.SIGN_IN) is None
    assert link_holder(invitation, LinkPurpose.SET_PASSWORD) is None


def test_nobody_elses_sessions_and_links_end_with_ones_own(app, client, sign_in, analyst, owner):
    sign_in(owner)
    link = new_link(owner)
    sign_out_everywhere(analyst)

    assert is_signed_in(client)
    assert link_holder(link, LinkPurpose.SIGN_IN)


def test_an_accepted_invitation_ends_what_was_open_before(app, client, sign_in, analyst):
    sign_in(analyst)
    link, newcomer = new_link(analyst), new_client(app)
    token = new_invitation(analyst, SHELL)
    newcomer.post(f"/invitation/{token}", data={"password": PASSWORD, "again": PASSWORD})

    assert (is_signed_in(client), is_signed_in(newcomer)) == (False, True)
    assert link_holder(link, LinkPurpose.SIGN_IN) is None


def test_a_new_password_gives_this_device_another_session_and_says_so(app, client, sign_in, analyst):
    sign_in(analyst)
    thief = with_cookie(app, cookie_of(client))
    page = client.post("/account", data={"password": PASSWORD, "again": PASSWORD}, follow_redirects=True)

    assert "The password is changed" in page.text
    assert (is_signed_in(client), is_signed_in(thief)) == (True, False)


def test_signing_in_again_on_a_device_replaces_its_session(app, client, sign_in, analyst, owner):
    sign_in(analyst)
    sign_in(owner)

    first, second = sessions()
    assert first.ended_at
    assert (second.user_id, second.ended_at) == (owner.id, None)


def test_a_session_expires(client, sign_in, analyst):
    sign_in(analyst)
    with db_write() as session:
        session.scalars(select(UserSession)).one().expires_at = now() - timedelta(seconds=1)

    assert not is_signed_in(client)


def test_a_clock_set_back_signs_nobody_out(client, sign_in, analyst, monkeypatch):
    sign_in(analyst)
    with db_write() as session:
        row = session.scalars(select(UserSession)).one()
        row.created_at = row.last_used_at = now() + timedelta(days=20)
    earlier = int(now().timestamp()) - 20 * 86_400
    monkeypatch.setattr("itsdangerous.timed.TimestampSigner.get_timestamp", lambda _: earlier)

    assert is_signed_in(client)
    assert client.get("/account").status_code == 200


# ---- what a cookie must hold


def test_a_cookie_from_before_sessions_were_kept_asks_to_sign_in_once_more(app, analyst):
    old = kept(app, {"_user_id": f"{analyst.id}:1", "_fresh": True, "csrf_token": "0" * 40})

    assert old.get("/articles/1?x=y").location == "/sign-in?next=/articles/1?x%3Dy"
    assert not is_signed_in(old)


@pytest.mark.parametrize("token", ["", "made-up", 7, None, ["x"], "a" * 5_000])
def test_a_token_of_no_session_signs_nobody_in(app, token):
    assert not is_signed_in(kept(app, {"token": token}))


@pytest.mark.parametrize("value", ["", "nonsense", "a.b.c"])
def test_a_cookie_that_is_not_ours_is_none(app, value):
    assert not is_signed_in(with_cookie(app, value))


def test_a_programs_token_in_a_cookie_signs_nobody_in(app, analyst):
    begun = sign_in_by_link(new_link(analyst))
    assert visit_by(begun.token)
    with db_write():
        sessions_of_analyst = select(UserSession).where(UserSession.user_id == analyst.id)
        db.session.scalars(sessions_of_analyst).one().kind = SessionKind.TOKEN

    assert visit_by(begun.token) is None


def test_only_the_hash_of_a_token_is_kept(app, analyst):
    token = sign_in_by_link(new_link(analyst)).token
    db.session.rollback()
    [row] = db.session.execute(select(UserSession.__table__)).mappings()

    assert len(token) >= 40
    assert token not in str(dict(row))


def test_the_cookie_holds_the_token_and_the_secret_against_forgery(app, client, sign_in, analyst):
    app.config["WTF_CSRF_ENABLED"] = True
    sign_in(analyst)
    client.get("/account")

    with client.session_transaction() as content:
        assert set(content) == {"token", "csrf_token", "_permanent"}


# ---- devices


def test_devices_are_listed_and_signed_out_one_by_one(app, client, analyst):
    phone, laptop = new_client(app), new_client(app)
    sign_in_as(phone, analyst)
    sign_in_as(laptop, analyst, headers={"User-Agent": FIREFOX})
    page = laptop.get("/account").text
    assert "Firefox on Linux" in page
    assert "this device" in page
    assert page.count("from 127.0.0.1") == 2

    lost, here = sessions()
    gone = laptop.post(f"/account/devices/{lost.key}", follow_redirects=True)
    assert "That device is signed out" in gone.text
    assert (is_signed_in(phone), is_signed_in(laptop)) == (False, True)
    assert laptop.post(f"/account/devices/{here.key}").location == "/sign-in"
    assert not is_signed_in(laptop)


def test_a_device_that_was_signed_out_is_not_listed(client, sign_in, analyst):
    sign_in_by_link(new_link(analyst), Device("A phone"))
    with db_write():
        db.session.scalars(select(UserSession)).one().ended_at = now()
    sign_in(analyst)

    assert "A phone" not in client.get("/account").text


def test_signing_out_devices_is_in_the_audit(app, client, sign_in, analyst):
    sign_in_by_link(new_link(analyst), Device("A phone"))
    sign_in(analyst)
    client.post(f"/account/devices/{sessions()[0].key}")
    client.post("/sign-out")
    db.session.rollback()
    by_analyst = select(AuditEvent).where(AuditEvent.actor_id == analyst.id).order_by(AuditEvent.id)
    events = [(event.what, event.details) for event in db.session.scalars(by_analyst)][2:]

    assert events == [
        ("device signed out", {"session_id": 1, "device": "A phone"}),
        ("signed out", {"session_id": 2}),
    ]


# ---- what it costs


def test_session_person_and_roles_are_read_in_one_statement(client, sign_in, analyst, statements):
    sign_in(analyst)
    with statements() as seen:
        client.get("/api/v1/me")

    assert len(seen) == 1
    assert "session" in seen[0]
    assert "membership" in seen[0]


def test_whoever_holds_no_token_asks_the_database_nothing(client, statements):
    client.get("/healthz")
    with statements() as seen:
        client.get("/articles/1")

    assert seen == []


# ---- the last use


def test_a_page_writes_no_last_use_and_a_minute_later_one_write_holds_them_all(
    app, client, analyst, owner, statements, monkeypatch
):
    other = new_client(app)
    sign_in_as(client, analyst)
    sign_in_as(other, owner)
    before = [session.last_used_at for session in sessions()]
    for person in (client, other, other):
        person.get("/")
    assert [session.last_used_at for session in sessions()] == before

    monkeypatch.setattr(last_uses_module, "now", lambda: before[0] + timedelta(minutes=5))
    client.get("/")
    other.get("/")
    with statements() as seen:
        last_uses(app).write()

    assert [session.last_used_at for session in sessions()] == [before[0] + timedelta(minutes=5)] * 2
    assert len([statement for statement in seen if statement.startswith("UPDATE")]) == 1


def test_last_uses_that_cannot_be_written_wait_for_the_next_time(app, client, sign_in, analyst, monkeypatch):
    sign_in(analyst)
    later = now() + timedelta(minutes=5)
    uses = LastUses()
    monkeypatch.setattr(last_uses_module, "now", lambda: later)
    uses.note(1)

    def locked():
        raise OperationalError("UPDATE session", {}, sqlite3.OperationalError("database is locked"))

    with monkeypatch.context() as broken:
        broken.setattr(last_uses_module, "db_write", locked)
        uses.write()
    uses.write()

    assert sessions()[0].last_used_at == later


def test_a_save_reads_the_session_in_the_statement_that_reads_the_person(client, sign_in, analyst, statements):
    sentence = sentences_of(make_article())[0]
    sign_in(analyst)
    body = {"tag": "FACT", "version": 0, "client_id": "6ff4ad52-7b0e-4c4f-9a49-3a8e6c2f6f0e"}
    with statements() as seen:
        assert client.put(f"/api/v1/sentences/{sentence.id}/annotation", json=body).status_code == 200

    assert len([statement for statement in seen if " session" in statement]) <= 1
