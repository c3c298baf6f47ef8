"""What /healthz knows: it answers soon whatever hangs, and names what fails."""

import os
import shutil
import sqlite3
import threading
from collections import namedtuple
from pathlib import Path

import pytest
from sqlalchemy import text

from webapp import __version__, health
from webapp.db import db, db_write

of_sqlite = pytest.mark.sqlite_only("about the file, or its one writer")


@pytest.fixture
def checks(client, monkeypatch):
    """What /healthz says now, however busy the machine is: its status and its checks."""
    monkeypatch.setattr(health, "ANSWER_WITHIN", 60)

    def checks():
        client.application.extensions["health"].forget()
        answered = client.get("/healthz")
        assert answered.json["version"] == __version__
        assert (answered.json["status"] == "ok") is (answered.status_code == 200)
        return answered.status_code, answered.json["checks"]

    return checks


@pytest.fixture
def file(app):
    return Path(db.engine.url.database)


def failing(found):
    code, checks = found
    assert code == 503
    return {name for name, said in checks.items() if said not in ("ok", health.NOT_LOOKED_AT)}


def test_all_is_well(checks):
    assert checks() == (200, dict.fromkeys(("file", "database", "schema", "writable", "space"), "ok"))


@of_sqlite
def test_a_write_lock_held_elsewhere_is_told_and_goes(checks, file):
    elsewhere = sqlite3.connect(file, isolation_level=None)
    elsewhere.execute("BEGIN IMMEDIATE")
    assert failing(checks()) == {"writable"}

    elsewhere.close()
    assert checks()[0] == 200


@of_sqlite
def test_it_is_answered_while_a_write_of_our_own_goes_on(app, checks):
    with db_write() as session:
        session.execute(text("SELECT 1"))
        assert failing(checks()) == {"writable"}


def test_an_answer_that_hangs_is_not_waited_for(app, checks, monkeypatch):
    go_on = threading.Event()
    monkeypatch.setattr(health.Health, "_looked", lambda _: go_on.wait(30) and [])
    monkeypatch.setattr(health, "ANSWER_WITHIN", 0.01)

    for _ in range(2):
        assert failing(checks()) == {"database"}
    assert not go_on.is_set()
    go_on.set()


def test_a_database_of_another_version_is_told(checks):
    with db_write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    assert failing(checks()) == {"schema"}


@of_sqlite
@pytest.mark.parametrize("successor", [None, "copy"])
def test_a_file_that_was_moved_or_replaced_is_told_and_not_opened(checks, file, successor):
    assert checks()[0] == 200
    moved = file.with_suffix(".moved")
    file.rename(moved)
    if successor:
        shutil.copy(moved, file)

    found = checks()
    assert failing(found) == {"file"}
    assert found[1]["database"] == found[1]["writable"] == health.NOT_LOOKED_AT
    assert file.exists() is bool(successor)
    moved.replace(file)
    assert checks()[0] == 200


@of_sqlite
def test_a_broken_file_is_told(app, checks, file):
    db.session.remove()
    db.engine.dispose()
    file.write_bytes(b"nonsense" * 1000)

    assert "database" in failing(checks())


def test_a_disk_that_is_nearly_full_is_told(checks, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: namedtuple("Usage", "free")(10 * 2**20))

    assert failing(checks()) == {"space"}


def test_a_folder_that_was_removed_is_told(checks, monkeypatch):
    assert checks()[0] == 200

    def gone(_path):
        raise FileNotFoundError("no such folder")

    monkeypatch.setattr("webapp.health.shutil.disk_usage", gone)
    assert failing(checks()) == {"space"}


def test_a_look_that_broke_off_does_not_tell_again_what_was_found_before(app, checks, monkeypatch):
    assert checks()[0] == 200

    def breaks():
        raise ValueError("something broke")

    monkeypatch.setattr("webapp.health.file_fault", breaks)
    with pytest.raises(ValueError, match="something broke"):
        app.extensions["health"]._look()

    assert app.extensions["health"]._found["database"] != "ok"


def test_however_often_it_is_asked_it_looks_once_a_second(app, client, checks, monkeypatch):
    checks()
    monkeypatch.setattr(health.Health, "_look", None)

    assert client.get("/healthz").status_code == 200


@of_sqlite
def test_it_tells_strangers_no_names(checks, file):
    file.rename(file.with_suffix(".moved"))

    assert not any(os.fspath(file.name) in said for said in checks()[1].values())
