"""Wrong passwords: each makes the next wait longer, for one name from one address, and tells nothing."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.conftest import new_client
from webapp.accounts import actions
from webapp.accounts.actions import Device, change_password, set_password, sign_in_by_password
from webapp.db import db_write, now
from webapp.domain.errors import BadAccount, SignInRefused, TooSoon
from webapp.domain.sign_in_tries import FREE_TRIES
from webapp.models import SignInAttempt

pytestmark = pytest.mark.page

PASSWORD = "correct horse battery"
DIFFERENT = {
    "Content-Length": "",
    "X-Request-Id": "",
    "Retry-After": "",
}  # with the name, for each request, by the clock
HERE, ELSEWHERE = Device(address="192.0.2.7"), Device(address="192.0.2.8")


@pytest.fixture
def known(analyst):
    set_password(analyst, PASSWORD)
    return analyst


def wrong(name, device=HERE, times=1):
    for _ in range(times):
        with pytest.raises(SignInRefused, match="do not match"):
            sign_in_by_password(name, "wrong", device)


def time_passes(by):
    with db_write() as session:
        for tried in session.scalars(select(SignInAttempt)):
            tried.at -= by


def test_after_a_few_wrong_ones_even_the_right_one_waits_and_the_sentence_says_how_long(known):
    wrong(known.name, times=FREE_TRIES)

    with pytest.raises(TooSoon, match="wait 15 seconds and try again"):
        sign_in_by_password(known.name, PASSWORD, HERE)
    time_passes(timedelta(seconds=16))
    assert sign_in_by_password(known.name, PASSWORD, HERE)


def test_the_wait_grows_with_each_and_asking_meanwhile_does_not_lengthen_it(known):
    waits = []
    wrong(known.name, times=FREE_TRIES)
    for _ in range(4):
        for _ in range(3):
            with pytest.raises(TooSoon) as refused:
                sign_in_by_password(known.name, "wrong", HERE)
        waits.append(refused.value.seconds)
        time_passes(timedelta(seconds=waits[-1]))
        wrong(known.name)

    assert waits == [15, 30, 60, 120]


def test_nobody_keeps_another_from_signing_in_elsewhere(known):
    wrong(known.name, HERE, FREE_TRIES)

    assert sign_in_by_password(known.name, PASSWORD, ELSEWHERE)
    with pytest.raises(TooSoon):
        sign_in_by_password(known.name, PASSWORD, HERE)


def test_one_address_is_no_wall_for_all_who_share_it(known, owner):
    for n in range(40):
        wrong(f"Name {n}")
    wrong(owner.name, times=FREE_TRIES)

    assert sign_in_by_password(known.name, PASSWORD, HERE)


def test_whoever_has_an_ipv6_network_has_one_address(known):
    for n in range(FREE_TRIES):
        wrong(known.name, Device(address=f"2001:db8::{n}"))

    with pytest.raises(TooSoon):
        sign_in_by_password(known.name, PASSWORD, Device(address="2001:db8::ffff"))


def test_the_right_password_clears_what_was_counted_here_and_nothing_elsewhere(known):
    wrong(known.name, HERE, FREE_TRIES - 1)
    wrong(known.name, ELSEWHERE, FREE_TRIES)
    sign_in_by_password(known.name, PASSWORD, HERE)

    wrong(known.name, HERE, FREE_TRIES)
    with pytest.raises(TooSoon):
        sign_in_by_password(known.name, PASSWORD, ELSEWHERE)


def test_a_day_later_all_is_forgotten(known):
    wrong(known.name, times=FREE_TRIES)
    time_passes(timedelta(days=1))
    wrong(known.name, times=FREE_TRIES)


def test_a_clock_set_back_makes_nobody_wait(known):
    wrong(known.name, times=FREE_TRIES)
    time_passes(-timedelta(days=20))

    assert sign_in_by_password(known.name, PASSWORD, HERE)


def test_many_tries_at_once_count_as_many(known, monkeypatch):
    """Whoever sends them together finds all of them counted before the first is looked at."""
    verified = []

    def look(hashed, password):
        verified.append(password)
        if len(verified) < FREE_TRIES:  # the next one comes while this one is still looked at
            with pytest.raises(SignInRefused):
                sign_in_by_password(known.name, "wrong", HERE)
        else:
            with pytest.raises(TooSoon):
                sign_in_by_password(known.name, "wrong", HERE)
        return False

    monkeypatch.setattr(actions, "_verified", look)
    with pytest.raises(SignInRefused):
        sign_in_by_password(known.name, "wrong", HERE)

    assert len(verified) == FREE_TRIES


@pytest.mark.parametrize("times", [0, FREE_TRIES], ids=["at first", "when one has to wait"])
@pytest.mark.parametrize("who", ["known", "nobody", "without a password", "deactivated"])
def test_answer_work_and_statements_are_alike_whatever_was_wrong(
    app, known, owner, statements, monkeypatch, who, times
):
    names = {"known": known.name, "nobody": "Nobody At All", "without a password": owner.name, "deactivated": "Gone"}
    gone = actions.add_user("Gone")
    set_password(gone, PASSWORD)
    with db_write():
        gone.deactivated_at = now()
    looked = []
    right = actions.hasher.verify
    monkeypatch.setattr(
        type(actions.hasher), "verify", lambda _, *given: looked.append(1) or right(*given), raising=True
    )
    got = {}
    for name in (names[who], "Another Stranger"):
        client = new_client(app)
        for _ in range(times):
            client.post("/sign-in", data={"name": name, "password": "wrong"})
        looked.clear()
        with statements() as seen:
            answered = client.post("/sign-in", data={"name": name, "password": "wrong"})
        page = re.sub(r"wait \d+ seconds", "wait", answered.text.replace(name, "NAME"))  # it runs down meanwhile
        got[name] = (answered.status_code, dict(answered.headers) | DIFFERENT, page, len(looked), seen)

    first, second = got.values()
    assert first == second
    assert (first[0], first[3]) == ((429, 0) if times else (200, 1))


def test_a_wait_is_told_as_429_with_the_seconds(app, known):
    client = new_client(app)
    for _ in range(FREE_TRIES):
        client.post("/sign-in", data={"name": known.name, "password": "wrong"})
    answered = client.post("/sign-in", data={"name": known.name, "password": PASSWORD})

    assert answered.status_code == 429
    assert 1 <= int(answered.headers["Retry-After"]) <= 15
    assert "Too many wrong passwords for this name from here; wait 1" in answered.text


def test_the_old_password_on_the_account_page_is_no_way_round(known):
    for _ in range(FREE_TRIES):
        with pytest.raises(BadAccount, match="old password"):
            change_password(known, "wrong", "another long one", HERE)

    with pytest.raises(TooSoon):
        change_password(known, PASSWORD, "another long one", HERE)
    with pytest.raises(TooSoon):
        sign_in_by_password(known.name, PASSWORD, HERE)


@pytest.mark.parametrize("name", ["\x00", "A\x00na", "\ud800", "x" * 5_000])
def test_a_name_that_no_database_stores_is_a_wrong_one(known, name):
    wrong(name)


def test_a_password_changed_while_it_is_looked_at_signs_nobody_in(known, monkeypatch):
    def look(hashed, password):
        set_password(known, "another long one")
        return True

    monkeypatch.setattr(actions, "_verified", look)
    with pytest.raises(SignInRefused):
        sign_in_by_password(known.name, PASSWORD, HERE)
