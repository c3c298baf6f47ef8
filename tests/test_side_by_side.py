"""Writes at the same moment come out as if one had followed the other, on both databases."""

import io
import threading
from collections.abc import Callable
from uuid import uuid4

import pytest
from flask import Flask, Response, flash, g, get_flashed_messages, request, session, stream_with_context
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError

from tests.concurrency import at_once
from tests.conftest import new_client, raw
from tests.factories import assignment_of, make_article, make_member, make_project, sentences_of, take_up
from tests.signing_in import sign_in_as
from webapp.access import ANYONE, allow
from webapp.accounts.actions import Device, add_user, set_active, set_admin, set_password, sign_in_by_password
from webapp.db import db, db_write, lock_rows
from webapp.domain.answers import Answer
from webapp.domain.errors import BadAccount, BadProject, SignInRefused, TooSoon
from webapp.domain.sign_in_tries import FREE_TRIES
from webapp.domain.terms import Tag
from webapp.models import SHELL, Assignment, Round, User, UserSession
from webapp.models.conflicts import Withdrawn
from webapp.projects.actions import withdraw
from webapp.reruns import MOST_RERUNS, again
from webapp.tagging.actions import record_answer

only_postgres_refuses = pytest.mark.postgresql_only("SQLite has one writer at a time and refuses none")


def counted(round_id: int) -> int:
    """The column that the tests count up: how many analysts tag each article."""
    with raw() as connection:
        found = connection.scalar(text("SELECT overlap FROM round WHERE id = :id"), {"id": round_id})
        assert isinstance(found, int)
        return found


def count_up_elsewhere(round_id: int) -> None:
    with raw() as other:
        other.execute(text("UPDATE round SET overlap = overlap + 1 WHERE id = :id"), {"id": round_id})


# ---- rows locked by name


def test_no_addition_is_lost_where_rows_are_locked(app):
    """Read, then write one more, 200 times from eight threads."""

    def add():
        for _ in range(25):
            with db_write() as session:
                lock_rows(session, select(Round.id).where(Round.id == 1))
                session.get_one(Round, 1).overlap += 1

    before = counted(1)
    assert at_once(app, *[add] * 8) == [None] * 8

    assert counted(1) == before + 200


def test_rows_are_locked_before_anything_is_read(app, owner):
    rows = select(User.id).where(User.id == owner.id)
    with pytest.raises(RuntimeError, match="before"), db_write() as session:
        session.get_one(User, owner.id)
        lock_rows(session, rows)

    with db_write() as session:
        lock_rows(session, rows)
        session.get_one(User, owner.id)
        lock_rows(session, rows)  # more of them, once some are locked


def test_an_assignment_is_withdrawn_or_begun_but_not_both(app, analyst):
    for _ in range(10):
        article = make_article()
        sentence_id, assignment_id = sentences_of(article)[0].id, take_up(article, analyst).id

        def begin(sentence_id=sentence_id):
            record_answer(sentence_id, analyst, Answer(Tag.FACT), 0, uuid4())

        def take_back(assignment_id=assignment_id):
            withdraw(db.session.get_one(Assignment, assignment_id), SHELL)

        begun, taken_back = at_once(app, begin, take_back)
        db.session.rollback()

        if begun is None:
            assert isinstance(taken_back, BadProject)
            assert assignment_of(article.id, analyst).started_at is not None
        else:
            assert isinstance(begun, Withdrawn)
            assert taken_back is None


def test_no_more_wrong_passwords_are_looked_at_together_than_one_after_the_other(app, owner):
    set_password(db.session.get_one(User, owner.id), "the right password")
    name = owner.name
    db.session.commit()

    def guess():
        sign_in_by_password(name, "a wrong password", Device(address="192.0.2.7"))

    outcomes = [type(outcome) for outcome in at_once(app, *[guess] * (FREE_TRIES + 4))]

    assert (outcomes.count(SignInRefused), outcomes.count(TooSoon)) == (FREE_TRIES, 4)


def test_nobody_stays_signed_in_who_signed_in_while_the_password_changed(app, owner):
    user_id, name = owner.id, owner.name
    for number in range(8):
        old, new = f"password number {number}", f"password number {number + 1}"
        set_password(db.session.get_one(User, user_id), old)
        db.session.commit()

        def change(new=new):
            set_password(db.session.get_one(User, user_id), new)

        def sign_in(old=old):
            sign_in_by_password(name, old)

        changed, signed_in = at_once(app, change, sign_in)
        open_ones = db.session.scalars(select(UserSession.id).where(UserSession.ended_at.is_(None))).all()
        db.session.commit()

        assert changed is None
        assert signed_in is None or isinstance(signed_in, SignInRefused)
        assert open_ones == []


# ---- refused by the database, and run again


def test_no_addition_is_lost_where_none_is_locked_and_what_is_refused_is_done_again(app):
    def add():
        with db_write() as session:
            session.get_one(Round, 1).overlap += 1

    def add_one_by_one():
        added = 0
        for _ in range(25):
            try:
                again(add)
            except OperationalError:
                continue
            added += 1
        return added

    before = counted(1)
    added = at_once(app, *[add_one_by_one] * 8)

    assert counted(1) == before + sum(added)
    assert sum(added) > 100


def test_two_admins_who_deactivate_each_other_leave_one(app, owner):
    people = [make_member(name, is_admin=True).id for name in ("Ada", "Bea")]
    set_admin(db.session.get_one(User, owner.id), False, SHELL)

    def signed_in(user_id):
        person, client = db.session.get_one(User, user_id), new_client(app)
        set_active(person, True, SHELL)
        sign_in_as(client, person)
        return client

    def deactivating(client, user_id):
        return lambda: client.post("/people/changes", data={"was": f"active-{user_id}"}).status_code

    for _ in range(25):
        calls = [
            deactivating(client, other) for client, other in zip(map(signed_in, people), reversed(people), strict=True)
        ]
        answers = at_once(app, *calls)
        db.session.rollback()

        admins = select(func.count()).where(User.is_admin, User.deactivated_at.is_(None))
        assert db.session.scalar(admins) == 1
        assert answers.count(302) >= 1  # the other one is told why not (422), or is signed out by then


def test_one_of_two_people_added_at_once_by_one_name_is_told_that_it_is_taken(app):
    outcomes = at_once(app, *[lambda: again(add_user, "Namesake").id] * 2)

    assert {type(outcome) for outcome in outcomes} == {int, BadAccount}


@pytest.fixture
def probe(unused_app: Flask) -> Callable[..., Response]:
    """Posts to a view of the test's own, as it stands at the moment."""

    def post(view, **sent):
        unused_app.add_url_rule("/probe", view_func=allow(ANYONE)(view), methods=["POST"])
        return new_client(unused_app).post("/probe", **sent)

    return post


@only_postgres_refuses
def test_a_view_that_lost_to_others_twice_is_run_again_from_its_start(probe):
    seen = []

    def add():
        run = {
            "word": request.form["word"],
            "file": request.files["file"].read(),
            "is_fresh": "left" not in g and "left" not in session and get_flashed_messages() == [],
        }
        seen.append(run)
        g.left = session["left"] = True
        flash("Left.")
        with db_write() as write:
            round_ = write.get_one(Round, 1)
            if len(seen) < 3:
                count_up_elsewhere(1)
            round_.overlap += 1
        return f"run {len(seen)}"

    before = counted(1)
    answered = probe(add, data={"word": "kept", "file": (io.BytesIO(b"whole"), "file.txt")})

    assert (answered.status_code, answered.text) == (200, "run 3")
    assert seen == [{"word": "kept", "file": b"whole", "is_fresh": True}] * 3
    assert counted(1) == before + 3  # two by others, one by the view


@only_postgres_refuses
def test_a_view_that_is_always_refused_says_so_after_three_reruns(probe):
    runs = []

    def add():
        runs.append(1)
        with db_write() as write:
            round_ = write.get_one(Round, 1)
            count_up_elsewhere(1)
            round_.overlap += 1
        return "never"

    before = counted(1)
    answered = probe(add)

    assert (answered.status_code, answered.headers["Retry-After"]) == (503, "1")
    assert "Others changed the same at the same moment" in answered.text
    assert len(runs) == 1 + MOST_RERUNS
    assert counted(1) == before + len(runs)


@only_postgres_refuses
def test_a_deadlock_ends_with_both_views_answered(unused_app):
    both_hold_one = threading.Barrier(2)

    def cross():
        first, second = map(int, request.form["order"].split())
        with db_write() as write:
            lock_rows(write, select(Round.id).where(Round.id == first))
            if "reruns" not in g:
                both_hold_one.wait()
            write.get_one(Round, second).overlap += 1
        return "ok"

    unused_app.add_url_rule("/probe", view_func=allow(ANYONE)(cross), methods=["POST"])
    other = make_project("Other").running.id
    orders = (f"1 {other}", f"{other} 1")
    answers = at_once(
        unused_app,
        *[lambda order=order: new_client(unused_app).post("/probe", data={"order": order}).text for order in orders],
    )

    assert answers == ["ok", "ok"]


@only_postgres_refuses
def test_what_is_streamed_is_never_run_again(probe):
    runs = []

    def stream():
        def parts():
            runs.append(1)
            yield "first"
            with db_write() as write:
                round_ = write.get_one(Round, 1)
                count_up_elsewhere(1)
                round_.overlap += 1

        return Response(stream_with_context(parts()))

    with pytest.raises(OperationalError):
        probe(stream)

    assert runs == [1]
