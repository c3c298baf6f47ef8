"""What goes wrong with disk and database is one sentence: on pages, as JSON, and in every command."""

import errno
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from importlib import import_module
from uuid import uuid4

import pytest
from click.testing import CliRunner
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from tests.conftest import SETTINGS, close, new_client
from tests.desk_client import DeskClient
from tests.factories import first_project
from tests.live_server import CHECKOUT, LiveServer
from webapp import faults, jobs, server_lock, serving
from webapp.app import create_app
from webapp.cli import main
from webapp.db import db, db_write
from webapp.domain.errors import InUse, Unavailable
from webapp.models import JobState, Via

of_sqlite = pytest.mark.sqlite_only("a fault of the file, or of its lock")
resource = import_module("resource") if sys.platform == "linux" else None
NOWHERE = "postgresql+psycopg://claimtag:secret@127.0.0.1:1/claimtag"


@pytest.fixture
def on_each_connection(app):
    """Sets a pragma on every connection that is used from here on."""

    def use(pragma):
        db.session.remove()
        event.listen(db.engine, "checkout", listener := lambda connection, *_: connection.execute(pragma).close())
        listeners.append(listener)

    listeners = []
    yield use
    for listener in listeners:
        event.remove(db.engine, "checkout", listener)
    close(app)


def post_note(client, note):
    body = {"status": "in_progress", "claim": "It came.", "note": note, "client_id": str(uuid4())}
    return client.post("/api/v1/sentences/1/notes", json=body)


@of_sqlite
@pytest.mark.parametrize(
    ("pragma", "sentence"),
    [("PRAGMA max_page_count=1", "The disk is full"), ("PRAGMA query_only=ON", "The database cannot be written")],
)
def test_what_cannot_be_written_is_503_with_one_sentence_and_pages_go_on(
    client, sign_in, owner, on_each_connection, caplog, pragma, sentence
):
    sign_in(owner)
    on_each_connection(pragma)
    refused = post_note(client, "It came. " * 1_000)
    page = client.post("/articles/new", data={"project": "1", "text": "It came again. " * 1_000})

    assert (refused.status_code, refused.json["code"]) == (503, "unavailable")
    assert refused.json["error"].startswith(sentence)
    assert refused.headers["Retry-After"] == "30"
    assert page.status_code == 503
    assert sentence in page.text
    assert client.get("/").status_code == 200
    said = [record for record in caplog.records if record.name == "webapp.errors"]
    assert len(said) == 1
    assert said[0].exc_info is None


@of_sqlite
def test_a_damaged_file_is_503_with_what_helps(app, client, sign_in, owner):
    sign_in(owner)
    file = app.instance_path + "/claimtag.sqlite"
    close(app)
    damage(file)
    page = client.get("/")

    assert page.status_code == 503
    assert "The database file is damaged" in page.text
    assert "verify" in page.text
    assert page.headers["Content-Security-Policy"]


def damage(file):
    """Every page but the first one of the file is overwritten."""
    with open(file, "r+b") as opened:
        size = opened.seek(0, 2)
        opened.seek(4096)
        opened.write(b"\xa5" * (size - 4096))


def test_a_database_server_that_is_away_is_503_on_pages_and_json(tmp_path):
    app = create_app(tmp_path, SETTINGS | {"DATABASE_URL": NOWHERE})
    client = new_client(app)
    page = client.post("/sign-in", data={"name": "Ana", "password": "correct horse battery"})
    with client.session_transaction() as session:
        session["token"] = "x" * 43
    json = client.get("/api/v1/me")

    assert (page.status_code, json.status_code) == (503, 503)
    assert "PostgreSQL cannot be reached" in page.text
    assert json.json["error"].startswith("PostgreSQL cannot be reached")
    assert "secret" not in page.text


def test_an_error_that_is_no_fault_of_the_database_stays_one_of_ours(app, client):
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.view_functions["health.healthz"], healthz = lambda: 1 / 0, app.view_functions["health.healthz"]
    app.view_functions["health.healthz"].allowed = {"anyone"}
    try:
        assert client.get("/healthz").status_code == 500
    finally:
        app.view_functions["health.healthz"] = healthz


# ---- the command line

COMMANDS = [
    ("serve", "--no-browser", "--port", "0"),
    ("link",),
    ("import", "nothing.txt"),
    ("export",),
    ("verify",),
    ("user", "list"),
    ("user", "add", "Ana"),
    ("user", "password", "Ana", "--password", "correct horse battery"),
    ("user", "deactivate", "Ana"),
]


def as_no_database(instance):
    (instance / "claimtag.sqlite").write_bytes(b"This is no database. " * 1_000)


def as_damaged(instance):
    damage(instance / "claimtag.sqlite")


def as_of_a_newer_version(instance):
    with closing(sqlite3.connect(instance / "claimtag.sqlite")) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()


def as_a_folder(instance):
    (instance / "claimtag.sqlite").unlink()
    (instance / "claimtag.sqlite").mkdir()


def with_a_bad_setting(instance):
    (instance / "config.py").write_text("DATABASE_URL = = 'sqlite://'\n")


def with_a_bad_address(instance):
    (instance / "config.py").write_text("DATABASE_URL = 'mysql://localhost/claimtag'\n")


def with_postgres_away(instance):
    (instance / "config.py").write_text(f"DATABASE_URL = {NOWHERE!r}\n")


@of_sqlite
@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        (as_no_database, "damaged"),
        (as_damaged, "damaged"),
        (as_of_a_newer_version, "schema 9999"),
        (as_a_folder, "cannot be opened"),
        (with_a_bad_setting, "config.py, line 1"),
        (with_a_bad_address, "must begin with sqlite:///"),
        (with_postgres_away, "PostgreSQL cannot be reached"),
    ],
)
def test_every_command_says_in_one_sentence_what_is_wrong(instance, monkeypatch, words, broken, sentence):
    broken(instance)
    monkeypatch.setenv("CLAIMTAG_INSTANCE", str(instance))
    ended = CliRunner().invoke(main, words)
    server_lock.release(instance / "claimtag.sqlite")

    assert isinstance(ended.exception, SystemExit), ended.exception
    assert ended.exit_code == 1
    assert sentence in ended.output
    if words[0] != "verify":
        assert ended.stderr.count("\n") == 1
        assert ended.stdout == ""


def test_an_instance_folder_that_cannot_be_made_is_one_sentence(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("CLAIMTAG_INSTANCE", str(tmp_path / "file" / "instance"))
    ended = CliRunner().invoke(main, ["link"])

    assert (ended.exit_code, ended.stdout, ended.stderr.count("\n")) == (1, "", 1)


@pytest.fixture
def without_roots_rights():
    """Words before a command that let root no longer write where its own rights do not allow it."""
    if not hasattr(os, "geteuid"):
        pytest.skip("Rights of files are another matter on Windows.")
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("root may write everywhere, and setpriv is not here to take that away.")
    capabilities = "-dac_override,-dac_read_search"
    return ["setpriv", f"--bounding-set={capabilities}", f"--inh-caps={capabilities}"]


EACH_IN_TURN = """
import json, sys
from click.testing import CliRunner
from webapp.cli import main
for words in json.load(sys.stdin):
    ended = CliRunner().invoke(main, words)
    print(json.dumps([words, ended.exit_code, isinstance(ended.exception, SystemExit), ended.stdout, ended.stderr]))
"""
"""A program that tells of commands how they end; to start one process for each takes two seconds."""


@of_sqlite
def test_a_folder_that_cannot_be_written_is_one_sentence_of_every_command(instance, tmp_path, without_roots_rights):
    commands = [*COMMANDS, ("backup", "a.backup"), ("restore", "a.backup", "--yes")]
    (instance / "secret_key").write_text("0" * 64)
    (instance / "claimtag.sqlite").chmod(0o444)
    instance.chmod(0o555)
    try:
        ended = subprocess.run(
            [*without_roots_rights, sys.executable, "-c", EACH_IN_TURN],
            env={**os.environ, "CLAIMTAG_INSTANCE": str(instance), "PYTHONPATH": str(CHECKOUT)},
            cwd=tmp_path,
            input=json.dumps(commands),
            capture_output=True,
            text=True,
            check=True,
        )
    finally:
        instance.chmod(0o755)
    told = [json.loads(line) for line in ended.stdout.splitlines()]

    assert [tuple(words) for words, *_ in told] == commands
    for words, code, is_exit, stdout, stderr in told:
        assert (code, is_exit, stdout, stderr.count("\n")) == (1, True, "", 1), (words, stderr)
        assert "Traceback" not in stderr
    assert ended.stderr == ""


@of_sqlite
def test_the_doctor_names_a_folder_that_cannot_be_written(instance, tmp_path, without_roots_rights):
    (instance / "secret_key").write_text("0" * 64)
    instance.chmod(0o555)
    try:
        ended = subprocess.run(
            [*without_roots_rights, sys.executable, "-m", "webapp", "doctor"],
            env={**os.environ, "CLAIMTAG_INSTANCE": str(instance)},
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
        )
    finally:
        instance.chmod(0o755)

    assert ended.returncode == 1
    assert f"PROBLEM  {instance} cannot be read and written by this account. Cure: give the account" in ended.stdout


# ---- the sentences


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (sqlite3.SQLITE_BUSY, "held by another program"),
        (sqlite3.SQLITE_FULL, "disk is full"),
        (sqlite3.SQLITE_IOERR | (3 << 8), "disk with the database reports an error"),
        (sqlite3.SQLITE_CORRUPT, "damaged"),
        (sqlite3.SQLITE_READONLY, "cannot be written"),
        (sqlite3.SQLITE_CANTOPEN, "cannot be opened"),
    ],
)
@pytest.mark.parametrize("wrapped", [False, True])
def test_sqlites_own_errors_have_sentences(code, sentence, wrapped):
    error = sqlite3.OperationalError("as SQLite says it")
    error.sqlite_errorcode = code

    assert sentence in str(faults.unavailable(OperationalError("SELECT 1", {}, error) if wrapped else error))


def test_an_error_of_ours_has_none():
    assert faults.unavailable(sqlite3.IntegrityError("CHECK constraint failed")) is None
    assert faults.unavailable(ValueError("?")) is None
    assert faults.unavailable(FileNotFoundError(errno.ENOENT, "No such file")) is None


def test_one_sentence_is_told_once_a_minute():
    repeated = faults.Repeated()

    assert [repeated.is_news(sentence) for sentence in ("one", "one", "two", "one")] == [True, False, True, False]


# ---- long work


def test_a_job_waits_out_a_database_that_cannot_be_used(app, owner, monkeypatch):
    def held(_job_id):
        raise Unavailable("The database is held.")

    tried, slept = [], []
    monkeypatch.setitem(jobs._work, "test", held)
    monkeypatch.setattr("webapp.jobs.time.sleep", slept.append)
    job_id = jobs.enqueue("test", first_project(), owner.id, Via.SHELL, []).id
    jobs.work_forever(lambda: tried.append(1) or len(tried) > 2, idle=0)
    job = db.session.get_one(jobs.Job, job_id)

    assert job.state is JobState.RUNNING
    assert slept[0] == jobs.LONGEST_PAUSE


def test_a_lease_from_before_the_clock_was_set_back_keeps_no_job_for_a_day(app, owner):
    job_id = jobs.enqueue("test", first_project(), owner.id, Via.SHELL, []).id
    jobs.claim()
    assert jobs.claim() is None
    with db_write() as session:
        session.get_one(jobs.Job, job_id).lease = jobs.now() + 100 * jobs.LEASE

    assert jobs.claim() == job_id


# ---- one server on one file


@of_sqlite
def test_a_second_server_on_the_same_file_says_who_serves_it(instance):
    server = LiveServer(instance).start()
    try:
        refused = server.refused("serve", "--no-browser", "--port", "0")
        assert f"in use by process {server.process.pid}, which serves it at {server.url}; stop that first" in refused
        server.command("verify")
        server.command("user", "add", "Ana")
        server.kill()
        server.start()
    finally:
        server.stop()


@of_sqlite
def test_an_older_server_is_not_migrated_under_its_feet(instance, monkeypatch):
    server = LiveServer(instance).start()
    monkeypatch.setattr("webapp.schema.newest", lambda: "newer")
    monkeypatch.setattr("webapp.server_lock.time.monotonic", iter(range(0, 1_000, 10)).__next__)
    app = create_app(instance, SETTINGS)
    try:
        with pytest.raises(InUse, match="serves it at"):
            serving.migrate(app)
    finally:
        server.stop()
        with app.app_context():
            close(app)


# ---- a disk that fills up under the running server


@of_sqlite
@pytest.mark.skipif(resource is None, reason="Only Linux limits the files of a process that runs.")
def test_a_full_disk_loses_nothing_that_was_called_saved(instance):
    server = LiveServer(instance).start()
    try:
        client = DeskClient(server.url, server.link)
        assert client.save(1).status == 200
        wal = (instance / "claimtag.sqlite-wal").stat().st_size
        unlimited = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (wal, unlimited[1]))
        full = [client.save(sentence_id) for sentence_id in range(2, 6)]
        page = client.get("/")
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, unlimited)
        again = [client.save(sentence_id).status for sentence_id in range(2, 6)]
        server.kill()
        with closing(sqlite3.connect(instance / "claimtag.sqlite")) as database:
            stored = database.execute("SELECT count(*) FROM annotation").fetchone()
    finally:
        server.stop()

    assert [answer.status for answer in full] == [503] * 4
    assert "disk" in full[0].json["error"]
    assert page.status == 200
    assert again == [200] * 4
    assert stored == (5,)
