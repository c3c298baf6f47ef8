"""Backups are whole, prove themselves, and come back; what they replace moves aside with all that belongs to it."""

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from flask_migrate import downgrade

from tests.conftest import SETTINGS, close
from tests.desk_client import DeskClient
from tests.factories import answer, make_article, sentences_of
from tests.live_server import ForkedServer
from webapp import backups, salvage, server_lock
from webapp.app import create_app
from webapp.cli import main
from webapp.db import db, now
from webapp.domain.errors import BadBackup
from webapp.domain.terms import Tag
from webapp.schema import newest
from webapp.worker import DailyBackups

pytestmark = pytest.mark.sqlite_only("these backups are SQLite files")
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def run(instance, tmp_path, monkeypatch):
    monkeypatch.setenv("CLAIMTAG_INSTANCE", str(instance))

    def run(*words, **options):
        ended = CliRunner().invoke(main, [str(word) for word in words], **options)
        assert ended.exception is None or isinstance(ended.exception, SystemExit), ended.exception
        return ended

    return run


@pytest.fixture
def database(tmp_path):
    return tmp_path / "instance" / "claimtag.sqlite"


def sql(file, statement, *values):
    with closing(sqlite3.connect(file)) as opened:
        found = opened.execute(statement, values).fetchall()
        opened.commit()
        return found


def copies_beside(database):
    return sorted(file.name for file in database.parent.iterdir() if file.name.startswith("claimtag.sqlite."))


def test_a_backup_is_one_file_that_says_what_it_holds(run, tmp_path):
    file = tmp_path / "a.backup"
    said = run("backup", file)

    assert said.exit_code == 0
    assert "articles 1, sentences 16, answers 0, people 1; schema " in said.stdout
    assert sorted(found.name for found in tmp_path.iterdir()) == ["a.backup", "instance"]
    manifest = backups.check(file)
    assert manifest.rows["sentence"] == 16
    assert manifest.rows["user"] == 1
    assert len(manifest.tables["sentence"][1]) == 64


def test_a_backup_taken_while_everybody_saves_holds_what_was_saved_before(instance, tmp_path):
    server = ForkedServer(instance).start()
    try:
        client = DeskClient(server.url, server.link)
        before = [client.save(sentence_id).status for sentence_id in range(1, 9)]
        saving = threading.Thread(target=lambda: [client.save(sentence_id) for sentence_id in range(9, 17)])
        saving.start()
        server.command("backup", str(tmp_path / "a.backup"))
        saving.join()
    finally:
        server.stop()

    assert before == [200] * 8
    held = {number for (number,) in sql(tmp_path / "a.backup", "SELECT sentence_id FROM annotation")}
    assert held >= set(range(1, 9))
    assert backups.check(tmp_path / "a.backup").rows["annotation"] == len(held)


def test_a_killed_server_comes_back_from_its_backup_with_everything_and_nobody_signed_in(instance, tmp_path):
    server = ForkedServer(instance).start()
    try:
        client = DeskClient(server.url, server.link)
        assert [client.save(sentence_id).status for sentence_id in (1, 2, 3)] == [200] * 3
        server.new_link()
        server.command("backup", str(tmp_path / "a.backup"))
        assert client.save(4).status == 200
        in_use = server.refused("restore", str(tmp_path / "a.backup"), "--yes")
        server.kill()
        said = server.command("restore", str(tmp_path / "a.backup"), "--yes")
        moved = next(instance.glob("claimtag.sqlite.replaced-*Z"))
        restored = sql(instance / "claimtag.sqlite", "SELECT sentence_id FROM annotation ORDER BY 1")
        replaced = sql(moved, "SELECT sentence_id FROM annotation ORDER BY 1")
        proved = server.command("verify")
        server.start()
        signed_out = client.get("/api/v1/me").status
        again = DeskClient(server.url, server.link)
        saved = again.save(4).status
    finally:
        server.stop()

    assert "serves it at" in in_use
    assert "answers 3" in said
    assert "Sessions ended: 1, open links: 1." in said
    assert restored == [(1,), (2,), (3,)]
    assert replaced == [(1,), (2,), (3,), (4,)]
    assert proved.startswith("All is well.")
    assert signed_out == 401
    assert saved == 200


def test_links_that_were_open_in_a_backup_are_spent_once_it_is_restored(run, tmp_path, database):
    run("link")
    run("backup", tmp_path / "a.backup")
    run("restore", tmp_path / "a.backup", "--yes")

    assert sql(database, "SELECT count(*) FROM sign_in_link WHERE used_at IS NULL AND expires_at > datetime()") == [
        (0,)
    ]
    assert sql(database, "SELECT what, via FROM audit_event ORDER BY id DESC LIMIT 1") == [("restored", "shell")]
    assert sql(database, "SELECT count(*) FROM sqlite_master WHERE name = 'backup_manifest'") == [(0,)]
    assert run("verify").stdout.startswith("All is well.")


def test_a_restore_asks_first(run, tmp_path, database):
    run("backup", tmp_path / "a.backup")
    before = database.read_bytes()
    refused = run("restore", tmp_path / "a.backup", input="n\n")

    assert refused.exit_code == 1
    assert database.read_bytes() == before


def truncated(file):
    os.truncate(file, file.stat().st_size * 2 // 3)


def with_one_text_changed(file):
    sql(file, "DROP TRIGGER article_keeps_values")
    sql(file, "UPDATE article SET title = 'Another'")


def with_one_byte_changed(file):
    content = file.read_bytes()
    where = content.index(b"Tehran")
    file.write_bytes(content[:where] + b"Xehran" + content[where + 6 :])


def of_a_newer_version(file):
    sql(file, "UPDATE alembic_version SET version_num = '9999'")
    sql(file, "DROP TABLE backup_manifest")


def of_something_else(file):
    file.write_bytes(b"This is a letter to my aunt. " * 1_000)


def of_nothing(file):
    file.unlink()


def of_another_program(file):
    file.unlink()
    sql(file, "CREATE TABLE bookmarks (url TEXT)")


@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        (truncated, "damaged or cut off"),
        (with_one_text_changed, "was changed or damaged since it was made, in article"),
        (with_one_byte_changed, "was changed or damaged since it was made"),
        (of_a_newer_version, "schema 9999"),
        (of_something_else, "no backup of Claimtag"),
        (of_nothing, "There is no file"),
        (of_another_program, "no database of Claimtag"),
    ],
)
def test_a_restore_refuses_in_one_sentence_and_touches_nothing(run, tmp_path, database, broken, sentence):
    file = tmp_path / "a.backup"
    run("backup", file)
    broken(file)
    before = database.read_bytes(), copies_beside(database)
    refused = run("restore", file, "--yes")

    assert (refused.exit_code, refused.stdout, refused.stderr.count("\n")) == (1, "", 1)
    assert sentence in refused.stderr
    assert (database.read_bytes(), [name for name in copies_beside(database) if "lock" not in name]) == (
        before[0],
        [name for name in before[1] if "lock" not in name],
    )


def test_a_restore_waits_for_nobody_who_has_the_file_open(run, tmp_path, database, monkeypatch):
    run("backup", tmp_path / "a.backup")
    monkeypatch.setattr("webapp.restoring.LONGEST_WAIT", 0)
    held = Another(database)
    try:
        refused = run("restore", tmp_path / "a.backup", "--yes")
    finally:
        held.stop()

    assert "Another program has" in refused.stderr


def test_the_old_file_moves_aside_with_its_newest_changes(run, tmp_path, database):
    run("backup", tmp_path / "a.backup")
    killed = Another(database)
    killed.process.kill()
    killed.stop()
    assert database.with_name("claimtag.sqlite-wal").stat().st_size
    said = run("restore", tmp_path / "a.backup", "--yes")
    moved = next(database.parent.glob("claimtag.sqlite.replaced-*Z"))

    assert str(moved) in said.stdout
    assert sorted(file.name.removeprefix(moved.name) for file in database.parent.glob(f"{moved.name}*")) == [
        "",
        "-shm",
        "-wal",
    ]
    assert sql(moved, "SELECT single_keys FROM user") == [(0,)]
    assert sql(database, "SELECT single_keys FROM user") == [(1,)]


class Another:
    """Another process that has written and has the file open, as a command of another version would."""

    def __init__(self, database):
        code = (
            "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('UPDATE user SET single_keys = 0');"
            "c.commit(); print('open', flush=True); sys.stdin.read()"
        )
        self.process = subprocess.Popen(
            [sys.executable, "-c", code, str(database)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert self.process.stdout.readline() == b"open\n"

    def stop(self):
        self.process.communicate()


def test_a_damaged_database_is_replaced_and_kept(run, tmp_path, database):
    run("backup", tmp_path / "a.backup")
    database.write_bytes(b"\xa5" * 50_000)
    said = run("restore", tmp_path / "a.backup", "--yes")

    assert said.exit_code == 0
    assert run("verify").stdout.startswith("All is well.")
    assert next(database.parent.glob("claimtag.sqlite.replaced-*Z")).read_bytes() == b"\xa5" * 50_000


def test_a_backup_restores_into_a_folder_without_a_database(run, tmp_path, database):
    run("backup", tmp_path / "a.backup")
    for file in database.parent.glob("claimtag.sqlite*"):
        file.unlink()

    assert run("restore", tmp_path / "a.backup", "--yes").exit_code == 0
    assert run("verify").stdout.startswith("All is well.")


def test_an_interrupted_restore_is_not_taken_for_a_first_start(run, tmp_path, database):
    database.rename(database.with_name("claimtag.sqlite.restoring"))
    refused = run("link")

    assert "a restore was interrupted" in refused.stderr
    assert not database.exists()


def test_a_copy_without_a_manifest_is_restored_with_a_warning(run, tmp_path, database):
    shutil.copy(database, tmp_path / "copy.sqlite")
    said = run("restore", tmp_path / "copy.sqlite", "--yes")

    assert said.exit_code == 0
    assert "its newest answers are missing" in said.stdout.replace("\n", " ")


def test_an_older_backup_is_brought_to_the_newest_version(run, tmp_path, database):
    app = create_app(database.parent, SETTINGS)
    with app.app_context():
        downgrade(revision="0007")
        close(app)
    assert run("backup", tmp_path / "old.backup").exit_code == 0
    said = run("restore", tmp_path / "old.backup", "--yes")

    assert "It was brought from schema 0007 to the newest." in said.stdout
    assert sql(database, "SELECT version_num FROM alembic_version") == [(newest(),)]
    assert copies_beside(database) == [name for name in copies_beside(database) if ".before-" not in name]
    assert run("verify").stdout.startswith("All is well.")


@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        ("instance/claimtag.sqlite", "is the database itself"),
        ("nowhere/a.backup", "There is no folder"),
        ("instance", "is a folder"),
        ("letter.txt", "is no backup"),
    ],
)
def test_a_backup_replaces_nothing_but_a_backup(run, tmp_path, target, sentence):
    (tmp_path / "letter.txt").write_text("Dear aunt")
    refused = run("backup", tmp_path / target)

    assert (refused.exit_code, refused.stdout) == (1, "")
    assert sentence in refused.stderr
    assert (tmp_path / "letter.txt").read_text() == "Dear aunt"


def test_a_backup_may_replace_an_older_one(run, tmp_path):
    assert [run("backup", tmp_path / "a.backup").exit_code for _ in range(2)] == [0, 0]


def test_a_backup_of_a_faulty_database_does_not_pass_for_a_good_one(run, tmp_path, database):
    sql(database, "DROP TRIGGER sentence_keeps_rows")
    sql(database, "DELETE FROM sentence WHERE id = 3")
    refused = run("backup", tmp_path / "a.backup")

    assert refused.exit_code == 1
    assert "does not pass" in refused.stderr
    assert not (tmp_path / "a.backup").exists()
    assert (tmp_path / "a.backup.unsound").exists()


def test_a_copy_of_a_live_file_by_hand_is_incomplete_and_says_ok(instance, tmp_path):
    """Why the README sends people to `backup`."""
    server = ForkedServer(instance).start()
    try:
        client = DeskClient(server.url, server.link)
        assert client.save(1).status == 200
        shutil.copy(instance / "claimtag.sqlite", tmp_path / "copy.sqlite")
    finally:
        server.stop()

    assert sql(tmp_path / "copy.sqlite", "PRAGMA quick_check") == [("ok",)]
    assert sql(tmp_path / "copy.sqlite", "SELECT count(*) FROM annotation") == [(0,)]
    assert "cp" in (instance / "README.txt").read_text()


# ---- every day


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "backups"


def test_a_daily_backup_is_made_once_a_day_and_only_when_something_changed(app, owner, folder, monkeypatch):
    db.session.remove()
    assert backups.make_daily(folder, LONG_AGO).startswith("Made ")
    assert backups.make_daily(folder, LONG_AGO) is None
    tomorrow = now() + timedelta(days=1)
    monkeypatch.setattr("webapp.backups.now", lambda: tomorrow)
    assert backups.make_daily(folder, LONG_AGO) is None
    os.utime(app.config["INSTANCE"] / "claimtag.sqlite")  # opened and closed, say
    assert backups.make_daily(folder, LONG_AGO).startswith("Nothing changed")
    answer(sentences_of(make_article())[0], owner, Tag.FACT)
    db.session.remove()
    day_after = tomorrow + timedelta(days=1)
    monkeypatch.setattr("webapp.backups.now", lambda: day_after)
    os.utime(app.config["INSTANCE"] / "claimtag.sqlite", (day_after.timestamp(), day_after.timestamp()))

    assert backups.make_daily(folder, LONG_AGO).startswith("Made ")
    assert len(backups.kept_in(folder)) == 2
    file, as_of = backups.newest(folder)
    assert backups.check(file).rows["annotation"] == 1
    assert abs(as_of - day_after) < timedelta(seconds=1)


def test_a_backup_from_before_the_clock_was_set_back_keeps_no_other_from_being_made(app, owner, folder):
    db.session.remove()
    folder.mkdir()
    ahead = now() + timedelta(days=400)
    early = [folder / f"claimtag-{ahead + timedelta(days=day):%Y%m%dT%H%M%SZ}.backup" for day in range(8)]
    for file in early:
        file.touch()

    assert backups.make_daily(folder, LONG_AGO).startswith("Made ")
    made, _ = backups.newest(folder)
    assert made not in early
    assert all(file.exists() for file in (made, *early))


def test_the_worker_starts_a_process_for_a_backup_that_is_due(app, owner, monkeypatch):
    db.session.remove()
    monkeypatch.setenv("CLAIMTAG_INSTANCE", str(app.config["INSTANCE"]))
    monkeypatch.setattr("webapp.worker.FIRST_LOOK", 0)
    daily = DailyBackups(app.config["BACKUP_DIR"], now())
    daily()
    assert daily._running.wait(60) == 0
    daily()

    assert daily._running is None
    [file] = backups.kept_in(app.config["BACKUP_DIR"])
    assert backups.check(file).rows["user"] == 1


def test_no_daily_backup_is_made_where_less_than_twice_the_file_is_free(app, folder, monkeypatch):
    size = backups.size_of(app.config["INSTANCE"] / "claimtag.sqlite")
    monkeypatch.setattr("webapp.backups.shutil.disk_usage", lambda _: shutil._ntuple_diskusage(0, 0, 2 * size - 1))

    with pytest.raises(BadBackup, match="less than twice the database's"):
        backups.make_daily(folder, LONG_AGO)
    assert not folder.exists()


def test_seven_days_and_four_weeks_are_kept(folder):
    folder.mkdir()
    first = datetime(2026, 1, 5, 3, tzinfo=UTC)  # a Monday
    for day in range(60):
        for hour in (0, 6):
            (folder / f"claimtag-{first + timedelta(days=day, hours=hour):%Y%m%dT%H%M%SZ}.backup").touch()
    (folder / "mine.backup").touch()
    (folder / "claimtag-before-the-holidays.backup").touch()
    backups.prune(folder)

    kept = sorted((moment - first).days for moment in backups.kept_in(folder).values())
    assert kept == [41, 48, 53, 54, 55, 56, 57, 58, 59]
    assert all(moment.hour == 9 for moment in backups.kept_in(folder).values())
    assert len(list(folder.iterdir())) == len(kept) + 2


def test_copies_from_before_a_migration_go_only_after_a_proved_backup_and_never_the_newest_of_a_version(
    app, owner, folder
):
    database = app.config["INSTANCE"] / "claimtag.sqlite"
    db.session.remove()
    made = {}
    for name, version, day in [
        ("a", "0003", 1),
        ("b", "0003", 2),
        ("c", "0004", 3),
        ("d", "0004", 4),
        ("e", "0004", 5),
    ]:
        copy = database.with_name(f"{database.name}.before-2026010{day}T000000Z")
        shutil.copy(database, copy)
        sql(copy, "UPDATE alembic_version SET version_num = ?", version)
        made[copy.name] = name
    unreadable = database.with_name(f"{database.name}.before-20250101T000000Z")
    unreadable.write_text("no database")
    this_start = datetime(2026, 1, 4, tzinfo=UTC)

    def left():
        return "".join(made[file.name] for file in backups.copies_before_migration(database) if file.name in made)

    assert Counter(left()) == Counter("abcde")
    backups.make_daily(folder, this_start)

    assert sorted(left()) == ["b", "d", "e"]
    assert unreadable.exists()


def test_nothing_is_dropped_when_the_backup_did_not_pass(app, owner, folder):
    database = app.config["INSTANCE"] / "claimtag.sqlite"
    db.session.remove()
    for day in (1, 2):
        shutil.copy(database, database.with_name(f"{database.name}.before-2026010{day}T000000Z"))
    sql(database, "DROP TRIGGER sentence_keeps_rows")
    sql(database, "DELETE FROM sentence WHERE id = 3")

    with pytest.raises(BadBackup, match="does not pass"):
        backups.make_daily(folder, now())
    assert len(backups.copies_before_migration(database)) == 2


def test_the_admins_page_tells_the_age_of_the_newest_backup(app, client, sign_in, owner):
    sign_in(owner)
    before = client.get("/people").text
    db.session.remove()
    backups.make_daily(app.config["BACKUP_DIR"], LONG_AGO)
    after = client.get("/people").text

    assert "No daily backup yet" in before
    assert "Newest daily backup" in after
    assert f"{now():%Y-%m-%d}" in after


# ---- the look over everything


def test_the_doctor_finds_a_sound_installation_sound(run):
    said = run("doctor")

    assert said.exit_code == 0, said.output
    assert said.stdout.endswith("All is sound.\n")
    for word in ("Claimtag ", "SQLite ", "Database sqlite:///", "MB free", "Schema ", "backup", "incomplete"):
        assert word in said.stdout


def without_a_file_but_with_its_log(instance):
    (instance / "claimtag.sqlite").rename(instance / "renamed.sqlite")
    (instance / "claimtag.sqlite-wal").write_bytes(b"x")


def damaged(instance):
    (instance / "claimtag.sqlite").write_bytes(b"\xa5" * 50_000)


def newer(instance):
    sql(instance / "claimtag.sqlite", "UPDATE alembic_version SET version_num = '9999'")


def with_an_open_key(instance):
    (instance / "secret_key").write_text("0" * 64)
    (instance / "secret_key").chmod(0o644)


def long_without_a_backup(instance):
    sql(instance / "claimtag.sqlite", "UPDATE user SET created_at = '2020-01-01 00:00:00.000000'")


def with_postgres_away(instance):
    (instance / "config.py").write_text("DATABASE_URL = 'postgresql+psycopg://a:secret@127.0.0.1:1/b'\n")


@pytest.mark.parametrize(
    ("broken", "problem", "cure"),
    [
        (without_a_file_but_with_its_log, "is missing", "put the file back"),
        (damaged, "damaged", "restore"),
        (newer, "newer Claimtag", "install the newer"),
        (with_an_open_key, "can be read by others", "chmod 600"),
        (long_without_a_backup, "No daily backup", "backup FILE"),
        (with_postgres_away, "PostgreSQL cannot be reached", "start PostgreSQL"),
    ],
)
def test_the_doctor_names_a_problem_and_its_cure(run, database, broken, problem, cure):
    broken(database.parent)
    said = run("doctor")

    assert said.exit_code == 1
    [line] = [line for line in said.stdout.splitlines() if line.startswith("PROBLEM") and problem in line]
    assert cure in line.partition("Cure:")[2]
    assert "secret@" not in said.stdout
    assert said.stderr.count("\n") == 1


def test_the_doctor_says_that_a_server_runs(run, database):
    server_lock.take(database, "serves it at http://127.0.0.1:1")
    try:
        assert "No server runs" in run("doctor").stdout  # it is this process itself
    finally:
        server_lock.release(database)


# ---- what a damaged file still gives


def break_pages_with(file, words):
    """Overwrite every page of the file on which these words stand."""
    with closing(sqlite3.connect(file)) as opened:
        opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (size,) = opened.execute("PRAGMA page_size").fetchone()
    content = bytearray(file.read_bytes())
    broken = 0
    while (where := content.find(words)) >= 0:
        page = where // size * size
        content[page : page + size] = b"\xa5" * size
        broken += 1
    file.write_bytes(content)
    return broken


def test_verify_survives_damage_and_says_what_can_be_saved(run, database, tmp_path):
    folder = tmp_path / "articles"
    folder.mkdir()
    for number in range(30):
        (folder / f"{number}.txt").write_text(f"Article number {number} came. " + "It went on and on. " * 400)
    run("import", folder)
    assert break_pages_with(database, b"Article number 15 came")
    ended = run("verify")

    assert ended.exit_code == 1
    assert "Still readable: articles 30, sentences 12,046, answers 0, notes 0." in ended.stdout
    assert "cannot be read to the end" in ended.stdout
    assert ended.stderr.count("\n") == 1


def test_what_lies_around_the_damage_is_counted(tmp_path):
    file = tmp_path / "a.sqlite"
    with closing(sqlite3.connect(file)) as opened:
        opened.execute("CREATE TABLE article (id INTEGER PRIMARY KEY, text TEXT)")
        rows = [(number, f"number {number:04} " + "x" * 900) for number in range(1, 401)]
        opened.executemany("INSERT INTO article VALUES (?, ?)", rows)
        opened.commit()
    break_pages_with(file, b"number 0100")
    break_pages_with(file, b"number 0300")
    readable = salvage.readable(file)

    assert readable == "articles 392, sentences 0, answers 0, notes 0"


def test_of_a_file_that_is_no_database_nothing_can_be_read(tmp_path):
    (tmp_path / "a.sqlite").write_bytes(b"\xa5" * 50_000)

    assert salvage.readable(tmp_path / "a.sqlite") == "articles 0, sentences 0, answers 0, notes 0"
