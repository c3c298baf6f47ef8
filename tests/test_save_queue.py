"""Saves of a tag wait before their first statement, wherever the app runs: under the server and under the tests."""

import queue
import threading

import pytest

from tests.conftest import new_client
from webapp import db as database
from webapp.access import ANYONE, allow
from webapp.db import MOST_WAITING, db_write, give_way, saves_under_way
from webapp.save_queue import LARGEST_SAVE, queued_save


def test_the_calls_that_save_a_tag_are_marked_and_no_others(app):
    marked = {name for name, view in app.view_functions.items() if hasattr(view, "is_queued_save")}

    assert marked == {"api.put_annotation", "api.delete_annotation"}


@pytest.mark.sqlite_only("on PostgreSQL saves do not queue")
@pytest.mark.parametrize(
    ("is_marked", "length", "others_can_write"),
    [(True, 200, False), (True, LARGEST_SAVE + 1, True), (False, 200, True)],
)
def test_only_a_marked_view_keeps_other_writers_waiting(unused_app, is_marked, length, others_can_write):
    seen = []

    def write():
        with unused_app.app_context(), db_write():
            seen.append("written")

    @allow(ANYONE)
    def view():
        other = threading.Thread(target=write)
        other.start()
        other.join(0.2)
        seen.append("answered")
        return "ok"

    unused_app.add_url_rule("/probe", view_func=queued_save(view) if is_marked else view, methods=["PUT"])
    assert new_client(unused_app).put("/probe", data=b"x" * length).data == b"ok"

    assert (seen[0] == "written") is others_can_write


@pytest.mark.sqlite_only("on PostgreSQL saves do not queue")
def test_a_write_in_a_hook_before_a_save_fails_here_as_it_would_in_production(unused_app):
    @unused_app.before_request
    def write():
        with db_write():
            pass

    unused_app.add_url_rule("/probe", view_func=queued_save(allow(ANYONE)(lambda: "ok")), methods=["PUT"])

    with pytest.raises(RuntimeError, match="quick_write"):
        new_client(unused_app).put("/probe")


@pytest.mark.sqlite_only("on PostgreSQL saves do not queue")
def test_beside_a_long_change_few_saves_wait_and_the_others_are_sent_away_to_come_again(unused_app, monkeypatch):
    for name, seconds in {"LONG_CHANGE": 0, "SHORT_WAIT": 0.01, "LONGEST_WAIT": 60}.items():
        monkeypatch.setattr(database, name, seconds)
    answered = queue.Queue()
    unused_app.add_url_rule("/probe", view_func=queued_save(allow(ANYONE)(lambda: "ok")), methods=["PUT"])
    saves = [
        threading.Thread(target=lambda: answered.put(new_client(unused_app).put("/probe").status_code))
        for _ in range(MOST_WAITING + 2)
    ]
    with unused_app.app_context(), db_write():
        for save in saves:
            save.start()
        assert [answered.get() for _ in range(2)] == [503, 503]
        saves.append(threading.Thread(target=lambda: (db_write_in(unused_app), answered.put("a form"))))
        saves[-1].start()
        assert answered.empty()
    for save in saves:
        save.join()

    assert sorted(map(str, answered.queue)) == ["200"] * MOST_WAITING + ["a form"]


def db_write_in(app):
    with app.app_context(), db_write():
        pass


@pytest.mark.parametrize("saves", [1, 2])
def test_long_work_goes_on_when_the_last_save_under_way_was_answered(monkeypatch, saves):
    monkeypatch.setattr(database, "LONGEST_GIVEN_WAY", 60)
    went_on = []
    work = threading.Thread(target=lambda: (give_way(), went_on.append(True)))
    with saves_under_way.one_more():
        for _ in range(saves - 1):
            with saves_under_way.one_more():
                pass
        work.start()
        work.join(0.1)
        assert not went_on
    work.join()

    assert went_on


def test_long_work_goes_on_in_the_end_also_beside_saves_without_a_pause(monkeypatch):
    monkeypatch.setattr(database, "LONGEST_GIVEN_WAY", 0.01)
    with saves_under_way.one_more():
        give_way()


def test_a_save_that_broke_is_under_way_no_longer(monkeypatch):
    monkeypatch.setattr(database, "LONGEST_GIVEN_WAY", 60)
    with pytest.raises(ZeroDivisionError), saves_under_way.one_more():
        raise ZeroDivisionError

    give_way()
