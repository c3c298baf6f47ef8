"""Many at once: a job that names what is bad, goes on, and after a crash goes on where it was."""

import io
import json
import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import pytest
from sqlalchemy import func, select, text, update

from tests.conftest import close, raw
from tests.factories import first_project
from tests.live_server import CHECKOUT
from tests.pdf_files import PICTURE, TWO_COLUMNS, pdf
from webapp import jobs, worker
from webapp.articles.actions import (
    drafts,
    import_files,
    imports,
    leave_out,
    map_columns,
    read_again,
    run_import,
    start_import,
)
from webapp.articles.queries import failed_items, items_to_look_at, unsure_of
from webapp.db import database_file, db, db_write, now
from webapp.domain.errors import BadArticle, BadTable
from webapp.domain.intake import pdf as pdf_intake
from webapp.domain.intake import pdf_reader, table
from webapp.domain.intake.decoding import BROKEN_UTF8
from webapp.models import Article, Job, JobItem, JobState, Project


def count():
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Article))


def many(n):
    return [(f"{i}.txt", f"Article {i} came. It went.".encode()) for i in range(n)]


def test_every_file_becomes_an_article_and_a_bad_one_is_named(app, owner):
    uploads = [*many(3), ("bad.txt", b""), ("twice.txt", many(1)[0][1]), ("odd.xyz", b"x"), ("no.docx", b"x")]
    job = start_import(first_project(), owner, uploads)
    jobs.work_on(jobs.claim())

    db.session.refresh(job)
    assert (job.state, job.done, job.total, count()) == (JobState.DONE, 7, 7, 4)
    faults = {item.name: item.fault for item in failed_items(job)}
    assert sorted(faults) == ["bad.txt", "no.docx", "odd.xyz", "twice.txt"]
    assert "already" in faults["twice.txt"]


def test_pdfs_come_in_beside_others_and_a_scanned_one_is_named(app, owner, monkeypatch):
    monkeypatch.setattr(pdf_intake, "_told_by_reader", pdf_reader.read)  # in this process
    start_import(first_project(), owner, [("bridge.pdf", TWO_COLUMNS), ("scan.pdf", pdf([PICTURE])), *many(1)])
    job = jobs.claim()
    jobs.work_on(job)

    db.session.rollback()
    assert count() == 3
    [failed] = failed_items(db.session.scalars(select(Job)).one())
    assert (failed.name, "text recognition" in failed.fault) == ("scan.pdf", True)


CUT = "Die Brücke wurde geöffnet, sagte der Bürgermeister. Das ist schön".encode()[:-2]
WESTERN = "Le café a déjà rouvert, dit le maire.".encode("windows-1252")


def unsure_import(owner):
    job = start_import(first_project(), owner, [*many(2), ("cut.txt", CUT), ("old.txt", WESTERN)])
    jobs.work_on(jobs.claim())
    db.session.refresh(job)
    return job


def test_what_does_not_say_its_encoding_is_to_be_looked_at_and_nothing_is_taken_silently(app, owner):
    job = unsure_import(owner)

    assert (job.state, job.done, count()) == (JobState.DONE, 4, 3)
    faults = {item.name: item.fault for item in items_to_look_at(job)}
    assert failed_items(job) == []
    assert faults["cut.txt"].startswith(f"To look at: The file is UTF-8 and ends within a character (byte {len(CUT)})")
    assert faults["cut.txt"].endswith("in the shell with --encoding utf-8-broken.")
    assert faults["old.txt"].endswith("in the shell with --encoding windows-1252.")
    assert [(unsure.guess, [item.name for item in unsure.items]) for unsure in unsure_of(job)] == [
        (BROKEN_UTF8, ["cut.txt"]),
        ("windows-1252", ["old.txt"]),
    ]


def test_what_was_looked_at_is_read_again_as_chosen(app, owner):
    job = unsure_import(owner)
    assert read_again(job, {"windows-1252": "windows-1252"}) == 1
    assert (job.state, job.done) == (JobState.QUEUED, 3)
    jobs.work_on(jobs.claim())

    db.session.refresh(job)
    assert (job.state, job.done, count()) == (JobState.DONE, 4, 4)
    article = db.session.scalars(select(Article).order_by(Article.id.desc()).limit(1)).one()
    assert (article.text, article.encoding) == (WESTERN.decode("windows-1252"), "windows-1252")
    assert leave_out(job) == 1
    assert set(db.session.scalars(select(JobItem.content))) == {None}
    assert [item.name for item in failed_items(job)] == ["cut.txt"]


def test_the_encoding_of_what_is_to_be_looked_at_is_chosen_on_the_page(client, sign_in, owner):
    sign_in(owner)
    address = f"/imports/{unsure_import(owner).id}"
    page = client.get(address)
    assert "déjà" in page.text
    assert "sch\ufffd" in page.text

    assert client.post(address, data={}).status_code == 422
    assert client.post(address, data={"encoding-windows-1252": "windows-1252"}).status_code == 302
    db.session.rollback()
    jobs.work_on(jobs.claim())
    assert "old.txt" not in client.get(address).text
    client.post(address, data={"leave_out": "1"})
    assert "To look at" not in client.get(address).text
    assert count() == 4


def test_a_table_that_does_not_say_its_encoding_is_asked_about_and_drawn_again(client, sign_in, owner):
    sign_in(owner)
    content = "Überschrift,text\nKöln,Die Brücke öffnet.\n".encode("windows-1252")
    data = {"project": "1", "uploads": [(io.BytesIO(content), "t.csv")]}
    page = client.post("/imports", data=data, content_type="multipart/form-data", follow_redirects=True)
    item = db.session.scalars(select(JobItem)).one()
    assert "does not say what it is" in page.text

    sent = {f"{item.id}-text": "text", f"{item.id}-title": ""}
    drawn = client.post(page.request.path, data=sent | {"look": "1", f"{item.id}-encoding": "windows-1251"})
    assert (drawn.status_code, "Die Brьcke цffnet." in drawn.text) == (200, True)
    assert client.post(page.request.path, data=sent).status_code == 422
    assert client.post(page.request.path, data=sent | {f"{item.id}-encoding": "windows-1252"}).status_code == 302
    db.session.rollback()
    jobs.work_on(jobs.claim())

    assert db.session.scalars(select(Article.text).order_by(Article.id.desc()).limit(1)).one() == "Die Brücke öffnet."


def test_uploads_are_not_kept_twice(app, owner):
    start_import(first_project(), owner, many(2))
    jobs.work_on(jobs.claim())

    assert set(db.session.scalars(select(JobItem.content))) == {None}


def test_a_table_waits_until_its_columns_are_explained(app, owner):
    content = b"headline;story\nOne;It came. It went.\nTwo;\nThree;It stayed.\n"
    job = start_import(first_project(), owner, [("t.csv", content)])
    assert jobs.claim() is None
    item = db.session.scalars(select(JobItem)).one()
    map_columns(job, {item.id: {"text": "story", "title": "headline"}})
    jobs.work_on(jobs.claim())

    db.session.refresh(job)
    assert (job.state, job.done, job.total) == (JobState.DONE, 3, 3)
    titles = db.session.scalars(select(Article.title).order_by(Article.id.desc()).limit(2)).all()
    assert titles == ["Three", "One"]
    assert [item.name for item in failed_items(job)] == ["t.csv, line 3"]


def test_a_table_without_a_text_column_is_refused_and_names_those_it_has(app, owner):
    job = start_import(first_project(), owner, [("t.csv", b"a,b\n1,2\n")])
    item = db.session.scalars(select(JobItem)).one()

    with pytest.raises(BadTable, match="The table has “a”, “b”"):
        map_columns(job, {item.id: {}})
    assert db.session.get_one(Job, job.id).state is JobState.DRAFT


def test_no_files_are_refused(app, owner):
    with pytest.raises(BadArticle, match="Choose the files"):
        start_import(first_project(), owner, [])


def test_a_job_whose_worker_died_is_taken_again(app, owner):
    start_import(first_project(), owner, many(2))
    first = jobs.claim()
    assert jobs.claim() is None
    with db_write() as session:
        session.get_one(Job, first).lease = now() - jobs.LEASE

    assert jobs.claim() == first


def test_running_a_job_again_makes_no_doubles(app, owner):
    job = start_import(first_project(), owner, many(20))
    run_import(job.id)
    run_import(job.id)

    assert count() == 21
    assert db.session.get_one(Job, job.id).done == 20


def test_a_worker_killed_in_the_middle_loses_and_doubles_nothing(app, owner):
    job_id = start_import(first_project(), owner, many(300)).id
    close(app)
    killed = subprocess.Popen(
        [sys.executable, "-m", "webapp", "worker"],
        cwd=CHECKOUT,
        env=environment(app),
        stdin=subprocess.DEVNULL,
    )
    while count() < 50:
        time.sleep(0.01)
    killed.kill()
    killed.wait()
    done = count()
    assert done < 301
    with db_write() as session:
        session.get_one(Job, job_id).lease = now() - jobs.LEASE
    jobs.work_on(jobs.claim())

    job = db.session.get_one(Job, job_id)
    assert (job.state, job.done, job.total, count()) == (JobState.DONE, 300, 300, 301)


def test_a_worker_is_there_while_there_is_work_and_gone_behind_it(app, owner, monkeypatch):
    for name, value in environment(app).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(worker, "ON_DEMAND", [*worker.ON_DEMAND[:-1], "--until-idle=0"])
    monkeypatch.chdir(CHECKOUT)
    on_demand = worker.OnDemand()
    on_demand.look()
    assert on_demand.worker is None

    job_id = start_import(first_project(), owner, many(3)).id
    db.session.remove()
    on_demand.look()
    assert on_demand.worker.wait(60) == 0
    assert (db.session.get_one(Job, job_id).state, count()) == (JobState.DONE, 4)
    on_demand.look()
    assert on_demand.worker is None


def environment(app):
    return {**os.environ, "CLAIMTAG_INSTANCE": str(app.config["INSTANCE"]), "CLAIMTAG_SECRET_KEY": "test"}


def test_the_shell_reports_each_item(app, owner):
    told = []
    import_files(first_project(), owner, [*many(2), ("bad.txt", b"")], lambda *words: told.append(words))

    assert [(name, article_id is not None) for name, article_id, _ in told] == [
        ("0.txt", True),
        ("1.txt", True),
        ("bad.txt", False),
    ]


def test_jsonl_is_imported_line_by_line(app, owner):
    lines = "\n".join(json.dumps(row) for row in ({"text": "One came."}, {"text": 7}, {"body": "Two"}))
    told = []
    import_files(first_project(), owner, [("a.jsonl", lines.encode())], lambda *words: told.append(words))

    outcomes = [article_id is not None for _, article_id, _ in told]
    assert (outcomes[0], len(outcomes)) == (True, 3)
    assert count() == 1 + sum(outcomes)


def table_of(rows):
    return b"text\n" + b"".join(f"Row {number} came.\n".encode() for number in range(rows))


def queued(owner, content):
    """The job of a table whose columns are explained, and its item."""
    job = start_import(first_project(), owner, [("t.csv", content)])
    item = db.session.scalars(select(JobItem)).one()
    map_columns(job, {item.id: {"text": "text"}})
    return job, item


def state_of(job):
    db.session.rollback()
    db.session.refresh(job)
    return job.done, job.total, count()


def test_how_many_rows_a_table_has_is_known_from_the_start(app, owner, monkeypatch):
    monkeypatch.setattr(jobs, "AIM", float("inf"))
    monkeypatch.setattr(imports, "MOST_ITEMS", 2)
    job, _ = queued(owner, table_of(5))
    seen = []
    run_import(job.id, lambda *_: seen.append(state_of(job)))

    assert seen == [(2, 5, 3), (2, 5, 3), (4, 5, 5), (4, 5, 5), (5, 5, 6)]


def test_a_table_that_cannot_be_read_to_its_end_keeps_the_rows_before(app, owner, monkeypatch):
    monkeypatch.setattr(table, "MOST_BLANK", 3)
    job, _ = queued(owner, table_of(3) + b"\n" * 4)
    told = []
    run_import(job.id, lambda *words: told.append(words))

    assert state_of(job) == (4, 4, 4)
    assert [name for name, _, _ in told] == ["t.csv, line 2", "t.csv, line 3", "t.csv, line 4", "t.csv"]
    assert "empty lines in a row" in failed_items(job)[0].fault


def test_a_batch_of_rows_leaves_the_upload_of_the_table_alone(app, owner, statements):
    job, _ = queued(owner, table_of(5))
    with statements() as seen:
        run_import(job.id)

    # SQLite writes a row anew, with the whole upload, for each change of it: it changes once, at its end.
    assert len([told for told in seen if told.startswith("UPDATE job_item")]) == 1


def test_a_batch_ends_with_the_item_that_makes_it_long(app, owner, monkeypatch):
    monkeypatch.setattr(jobs, "AIM", float("inf"))
    monkeypatch.setattr(imports, "MOST_SENTENCES", 4)
    job = start_import(first_project(), owner, many(5))  # two sentences each
    seen = []
    run_import(job.id, lambda *_: seen.append(state_of(job)[0]))

    assert seen == [2, 2, 4, 4, 5]


@pytest.mark.sqlite_only("PostgreSQL has many writers")
def test_batches_are_smaller_while_they_hold_the_writer_for_long(app, owner, monkeypatch):
    monkeypatch.setattr(jobs, "AIM", 0)
    monkeypatch.setattr(imports, "MOST_ITEMS", 4)
    job = start_import(first_project(), owner, many(10))
    done = []
    run_import(job.id, lambda *_: done.append(state_of(job)[0]))

    assert sorted(set(done)) == [4, 6, 7, 8, 9, 10]


@pytest.mark.sqlite_only("PostgreSQL has many writers")
def test_texts_are_made_ready_in_full_batches_however_few_are_written_at_once(app, owner, monkeypatch):
    monkeypatch.setattr(jobs, "AIM", 0)
    monkeypatch.setattr(imports, "MOST_ITEMS", 4)
    monkeypatch.setattr(table, "MOST_BLANK", 3)
    at_once, made, done = [], drafts.hashes_of_all, []
    monkeypatch.setattr(drafts, "hashes_of_all", lambda texts: at_once.append(len(texts)) or made(texts))
    job, _ = queued(owner, table_of(10) + b"\n" * 4)
    run_import(job.id, lambda *_: done.append(state_of(job)[0]))

    assert at_once == [4, 4, 2]
    assert sorted(set(done)) == [4, 6, 7, 8, 9, 10, 11]
    assert [item.name for item in failed_items(job)] == ["t.csv"]


@pytest.mark.sqlite_only("PostgreSQL has many writers")
def test_batches_grow_again_up_to_the_most(app, monkeypatch):
    monkeypatch.setattr(jobs, "AIM", float("inf"))
    turns = jobs.Turns()
    turns.share = 0.7
    turns.leave_room()
    assert turns.share == pytest.approx(0.875)
    turns.leave_room()
    assert turns.share == 1


@pytest.mark.sqlite_only("PostgreSQL has many writers")
def test_batches_are_small_for_as_long_as_others_write(app, monkeypatch):
    monkeypatch.setattr(jobs, "AIM", float("inf"))
    monkeypatch.setattr(jobs, "AIM_BESIDE_OTHERS", 0)
    monkeypatch.setattr(jobs, "STILL_THERE", float("inf"))
    turns = jobs.Turns()

    def share_after_one_more():
        with db_write() as session:
            turns.begin(session)
        turns.leave_room()
        return turns.share

    assert [share_after_one_more(), share_after_one_more()] == [1, 1]
    with db.engine.connect(), raw() as another:
        another.execute(text("UPDATE project SET name = name"))
    assert [share_after_one_more(), share_after_one_more()] == [0.5, 0.25]


def test_what_an_older_version_left_half_done_is_finished(app, owner):
    """It made an item of each row, and said in the table's how many it had made."""
    job, item = queued(owner, table_of(5))
    with db_write() as session:
        item.options = item.options | {"rows": 2}
        rows = [(f"t.csv, line {line}", f"Row {line - 2} came.".encode(), {"row": {}}) for line in (2, 3)]
        named = [{"name": name, "content": content, "options": options} for name, content, options in rows]
        jobs.add_items(session, job.id, named, after=1)
        job.total += 2
    run_import(job.id)

    assert state_of(job) == (5, 5, 6)


def test_a_table_is_not_imported_twice_by_two_workers(app, owner, monkeypatch):
    monkeypatch.setattr(imports, "MOST_ITEMS", 2)
    job, _ = queued(owner, table_of(5))
    other = []
    run_import(job.id, lambda *_: other or (other.append(1), run_import(job.id)))

    assert state_of(job) == (5, 5, 6)


@pytest.mark.sqlite_only("PostgreSQL has many writers")
def test_a_worker_leaves_others_room_while_they_write(app, owner, monkeypatch):
    slept = []
    monkeypatch.setattr(jobs.time, "sleep", slept.append)
    monkeypatch.setattr(jobs, "PAUSE_BETWEEN_COMMITS", 0)
    turns = jobs.Turns()

    def write():
        with db_write() as session:
            turns.begin(session)
            session.execute(update(Project).values(name="Other"))
        turns.leave_room()

    write()  # who wrote before is not known
    write()
    with closing(sqlite3.connect(database_file())) as other, other:
        other.execute("UPDATE project SET name = 'Theirs'")
    write()

    assert [seconds > 0 for seconds in slept] == [True, False, True]


def test_the_pages_upload_explain_and_report(client, sign_in, owner):
    sign_in(owner)
    data = {"project": "1", "uploads": [(io.BytesIO(b"text,title\nIt came.,One\n,Two\n"), "t.csv")]}
    page = client.post("/imports", data=data, content_type="multipart/form-data", follow_redirects=True)
    assert "What do the columns hold?" in page.text
    item = db.session.scalars(select(JobItem)).one()
    client.post(page.request.path, data={f"{item.id}-text": "text", f"{item.id}-title": "title"})
    db.session.rollback()
    jobs.work_on(jobs.claim())

    report = client.get(page.request.path)
    assert "1 of 2 articles came in." in report.text
    assert "t.csv, line 3" in report.text
    assert client.get(page.request.path.replace("/imports/", "/api/v1/jobs/")).json["state"] == "done"
