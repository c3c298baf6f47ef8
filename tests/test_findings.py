"""What once went wrong when somebody tried to break it, and must not again."""

import re
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from tests.conftest import new_client
from tests.factories import answer, first_project, make_article, make_member, make_project, sentences_of
from tests.signing_in import sign_in_as
from webapp import jobs, verification, visibility
from webapp.accounts.actions import new_invitation, set_active, set_admin
from webapp.accounts.queries import link_holder
from webapp.articles.actions import draft_of_pasted, imports, start_import
from webapp.articles.queries import failed_items
from webapp.claims.actions import add_note, amend_note
from webapp.db import db, db_write
from webapp.domain.corroboration import Finding
from webapp.domain.errors import BadAnswer, NotFound
from webapp.domain.intake.description import Description
from webapp.domain.intake.formats import extracted
from webapp.domain.repair import Kind
from webapp.domain.segmentation import Sentences
from webapp.domain.terms import CorroborationStatus, Tag
from webapp.export.actions import export_long_csv
from webapp.models import Article, Job, JobItem, JobState, LinkPurpose
from webapp.projects.actions import add_member, assign
from webapp.repair.actions import RepairRequest, repair
from webapp.tagging.actions import record_answer, submit

LOOKING = Finding(CorroborationStatus.IN_PROGRESS, "It was so.")


def test_a_note_never_lands_on_a_sentence_that_a_repair_replaced(app, owner):
    article = make_article("One came today. Two went.")
    sentence = sentences_of(article)[0]
    repair(article, owner, RepairRequest(Kind.SPLIT, sentence.id, 4), 1)

    with pytest.raises(NotFound, match="split or merged"):
        add_note(sentence, owner, LOOKING, uuid4())
    assert verification.faults() == []


def test_a_researcher_reads_what_was_submitted_and_no_more(app, owner):
    project = make_project("Blind study", is_blind=True)
    add_member(project, owner, {"supervisor"})
    ann, rita, both = (
        make_member("Ann", "analyst", project=project),
        make_member("Rita", "researcher", project=project),
        make_member("Bo", "researcher", "analyst", project=project),
    )
    article = make_article("One came.", project=project)
    assign(project, [(article.id, ann.id), (article.id, both.id)], owner)
    sentence = sentences_of(article)[0]
    answer(sentence, ann, Tag.OPINION, note="Secret.")
    add_note(sentence, ann, LOOKING, uuid4())

    def reads(person):
        noted = db.session.scalar(select(func.count()).select_from(visibility.notes_visible_to(person).subquery()))
        return "Secret." in "".join(export_long_csv(project, person)), noted

    assert [reads(person) for person in (rita, both, owner)] == [(False, 0), (False, 0), (True, 1)]
    submit(article, ann)
    assert [reads(person) for person in (rita, both, owner)] == [(True, 1), (False, 0), (True, 1)]
    answer(sentence, both, Tag.FACT)
    submit(article, both)
    assert reads(both) == (True, 1)


def test_more_than_six_megabytes_come_in_with_the_check_against_forgery_on(app, owner):
    app.config["WTF_CSRF_ENABLED"] = True
    client = new_client(app)
    sign_in_as(client, owner)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/imports").text)[1]
    parts = [("project", "", b"1"), ("csrf_token", "", token.encode())]
    parts += [("uploads", f'; filename="{n}.txt"', b"One came. " * 100_000) for n in range(8)]
    body = b"".join(
        f'--b\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'.encode() + content + b"\r\n"
        for name, file, content in parts
    )
    answered = client.post("/imports", data=body + b"--b--\r\n", content_type="multipart/form-data; boundary=b")

    assert answered.status_code == 302


POISON = [
    ("a.jsonl", b'{"text":"Poison came.","published":"\\ud800"}\n{"text":"Good came."}'),
    ("b.jsonl", b'{"text":"Key came here.","\\ud800":"x"}'),
    ("c.html", b'<meta charset="undefined"><p>Page came here.\xff'),
    ("d.html", b'<meta charset="unicode_escape"><title>\\ud800</title><p>Page two came.\xff'),
]


@pytest.mark.parametrize(("name", "content"), POISON)
def test_no_file_keeps_the_worker_from_the_next_job(client, sign_in, owner, name, content):
    sign_in(owner)
    first = start_import(first_project(), owner, [(name, content)])
    if first.state is JobState.DRAFT:
        assert client.get(f"/imports/{first.id}").status_code == 200
        with db_write():
            first.state = JobState.QUEUED
    second = start_import(first_project(), owner, [("good.txt", b"Another came.")])
    jobs.work_on(jobs.claim())
    jobs.work_on(jobs.claim())

    db.session.rollback()
    assert {db.session.get_one(Job, job.id).state for job in (first, second)} == {JobState.DONE}
    assert client.get(f"/imports/{first.id}").status_code == 200


def test_an_item_that_trips_a_reader_is_named_and_the_rest_goes_on(app, owner, monkeypatch):
    monkeypatch.setattr(imports, "sentences_in", lambda text, _: 1 / 0 if "Poison" in text else Sentences([], None))
    job = start_import(first_project(), owner, [("bad.txt", b"Poison came."), ("good.txt", b"Good came.")])
    jobs.work_on(jobs.claim())

    assert [item.name for item in failed_items(job)] == ["bad.txt"]
    assert db.session.get_one(Job, job.id).done == 2


def test_a_job_that_cannot_be_done_ends(app, owner, monkeypatch):
    job = start_import(first_project(), owner, [("a.txt", b"One came.")])
    monkeypatch.setitem(jobs._work, job.name, lambda _: 1 / 0)
    jobs.work_on(jobs.claim())

    db.session.refresh(job)
    assert job.state is JobState.FAILED
    assert jobs.claim() is None


def test_a_table_expanded_half_before_a_crash_gives_every_row_once(app, owner, monkeypatch):
    table = "text\n" + "".join(f"Row {n} came.\n" for n in range(500))
    job = start_import(first_project(), owner, [("t.csv", table.encode())])
    (item,) = db.session.scalars(select(JobItem)).all()
    imports.map_columns(job, {item.id: {"text": "text"}})
    add_items, calls = jobs.add_items, []

    def dies_at_the_second(*arguments, **named):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return add_items(*arguments, **named)

    monkeypatch.setattr(jobs, "add_items", dies_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        imports.run_import(job.id)
    imports.run_import(job.id)

    db.session.refresh(job)
    assert (job.done, job.total) == (500, 500)
    assert db.session.scalar(select(func.count()).select_from(Article)) == 501


@pytest.mark.parametrize("mark", ["<a ", "<!--", "</", "<!", "<?", "<a x='", "&"])
def test_a_page_of_nothing_but_beginnings_is_read_or_refused(mark):
    page = "<p>The story came in.</p>" + mark * 100_000

    assert "The story came in." in extracted(page.encode(), "text/html").text


def test_a_note_is_not_amended_from_outside_its_project_nor_through_another_sentence(app, analyst):
    one, other, _ = sentences_of(make_article())
    note = add_note(one, analyst, LOOKING, uuid4())
    with pytest.raises(NotFound):
        amend_note(note.note_key, analyst, LOOKING, 1, uuid4(), other.id)
    add_member(first_project(), analyst, set())
    with pytest.raises(NotFound):
        amend_note(note.note_key, analyst, LOOKING, 1, uuid4())


def test_a_former_supervisor_saves_no_draft(app, client, sign_in):
    person = sign_in(make_member("Sue", "supervisor"))
    draft = draft_of_pasted(first_project(), person, "One came.", Description())
    add_member(first_project(), person, {"analyst"})

    assert client.post(f"/drafts/{draft.id}", data={"save": "1"}).status_code in (403, 404)


def test_a_client_id_names_one_write_alone(app, analyst):
    one, other, _ = sentences_of(make_article())
    client_id = uuid4()
    record_answer(one.id, analyst, answer(one, analyst, Tag.FACT).answer, 1, client_id)

    with pytest.raises(BadAnswer, match="another sentence"):
        record_answer(other.id, analyst, answer(other, analyst, Tag.FACT).answer, 1, client_id)


def test_deactivating_ends_open_invitations(app, owner, analyst):
    token = new_invitation(analyst, owner)
    set_active(analyst, False, owner)
    set_active(analyst, True, owner)

    assert link_holder(token, LinkPurpose.SET_PASSWORD) is None


def test_a_deactivated_admin_can_lose_the_office(app, owner):
    other = make_member("Old", is_admin=True)
    set_active(other, False, owner)
    set_admin(other, False, owner)

    assert not other.is_admin


def test_doubled_slashes_do_not_lead_to_the_host_of_the_request(client):
    assert client.get("/articles//2", headers={"Host": "192.0.2.66"}).status_code == 404


def test_an_analyst_does_not_learn_the_size_of_a_study(client, sign_in, analyst):
    sign_in(analyst)
    page = client.get("/projects").text

    assert "member" not in page.split("<main")[1].lower().replace("you are not a member", "")


def test_more_sentences_than_a_desk_can_show_are_refused(client, sign_in, owner):
    sign_in(owner)
    page = client.post("/articles/new", data={"project": "1", "text": "It came. " * 20_001})

    assert "20,001 sentences; 20,000 are the most" in page.text
