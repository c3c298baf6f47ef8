"""Corroboration notes: added, amended by new revisions, one's own alone to change."""

import threading
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from tests.factories import make_article, make_member, sentences_of
from webapp.claims.actions import add_note, amend_note
from webapp.db import db, db_write
from webapp.domain.corroboration import Finding
from webapp.domain.errors import BadNote, NotFound
from webapp.domain.terms import CorroborationStatus as Status
from webapp.models import Article, Assessment
from webapp.models.conflicts import Conflict, Gone
from webapp.notes import notes_on

LOOKING = Finding(Status.IN_PROGRESS, "The mine closed.")
FOUND = Finding(Status.CORROBORATED, "The mine closed.", url="https://example.org/mine")


@pytest.fixture
def sentence(app):
    return sentences_of(make_article())[0]


def test_an_amended_note_keeps_what_it_said_before(analyst, sentence):
    note = add_note(sentence, analyst, LOOKING, uuid4())
    amend_note(note.note_key, analyst, FOUND, 1, uuid4())

    revisions = db.session.scalars(select(Assessment).order_by(Assessment.version)).all()
    assert [(r.status, r.is_current) for r in revisions] == [(Status.IN_PROGRESS, False), (Status.CORROBORATED, True)]


def test_a_sentence_may_have_several_notes(analyst, sentence):
    add_note(sentence, analyst, LOOKING, uuid4())
    add_note(sentence, analyst, FOUND, uuid4())

    assert [note.assessment.status for note in notes_on(sentence.id, analyst)] == [
        Status.IN_PROGRESS,
        Status.CORROBORATED,
    ]


def test_a_note_sent_twice_is_one_note(analyst, sentence):
    client_id = uuid4()
    add_note(sentence, analyst, LOOKING, client_id)
    add_note(sentence, analyst, LOOKING, client_id)

    assert len(notes_on(sentence.id, analyst)) == 1


def test_the_client_id_of_a_note_is_refused_for_another_sentence(analyst, sentence):
    client_id = uuid4()
    add_note(sentence, analyst, LOOKING, client_id)
    other = sentences_of(sentence.article)[1]

    with pytest.raises(BadNote, match="used for another note"):
        add_note(other, analyst, FOUND, client_id)
    assert notes_on(other.id, analyst) == []


def test_the_client_id_of_a_note_is_refused_for_another_note_and_for_its_own_amendment(analyst, sentence):
    first, second = uuid4(), uuid4()
    note, other = add_note(sentence, analyst, LOOKING, first), add_note(sentence, analyst, LOOKING, second)
    amended = uuid4()
    amend_note(note.note_key, analyst, FOUND, 1, amended)

    assert amend_note(note.note_key, analyst, FOUND, 1, amended).version == 2
    for used in (first, second, amended):
        with pytest.raises(BadNote):
            amend_note(other.note_key, analyst, FOUND, 1, used)
    with pytest.raises(BadNote):
        add_note(sentence, analyst, FOUND, amended)
    assert [(row.assessment.note_key, row.assessment.version) for row in notes_on(sentence.id, analyst)] == [
        (other.note_key, 1),
        (note.note_key, 2),
    ]


def test_a_note_refused_for_its_client_id_is_one_sentence(client, sign_in, analyst, sentence):
    sign_in(analyst)
    first, other = sentences_of(sentence.article)[:2]
    body = {"status": "contested", "claim": "The mine closed.", "client_id": str(uuid4())}
    client.post(f"/api/v1/sentences/{first.id}/notes", json=body)
    refused = client.post(f"/api/v1/sentences/{other.id}/notes", json=body)

    assert (refused.status_code, refused.json["code"]) == (422, "bad_answer")
    assert refused.json["error"] == "This client_id was used for another note; every write needs one of its own."


def test_a_late_amendment_is_told_what_counts_now(analyst, sentence):
    note = add_note(sentence, analyst, LOOKING, uuid4())
    amend_note(note.note_key, analyst, FOUND, 1, uuid4())

    with pytest.raises(Conflict) as late:
        amend_note(note.note_key, analyst, LOOKING, 1, uuid4())
    assert late.value.current.finding == FOUND


def test_another_persons_note_cannot_be_amended_nor_seen_by_an_analyst(analyst, sentence):
    note = add_note(sentence, analyst, LOOKING, uuid4())
    other = make_member("Other", "analyst")

    with pytest.raises(NotFound):
        amend_note(note.note_key, other, FOUND, 1, uuid4())
    assert notes_on(sentence.id, other) == []


def test_an_article_in_the_trash_takes_no_note(analyst, sentence):
    with db_write():
        sentence.article.trashed_at = sentence.article.created_at

    with pytest.raises(Gone):
        add_note(sentence, analyst, LOOKING, uuid4())


def test_a_note_without_javascript(client, sign_in, analyst, sentence):
    sign_in(analyst)
    address = f"/sentences/{sentence.id}/notes"
    sent = {
        "status": "contested",
        "claim": "It closed.",
        "url": "https://example.org",
        "seen": "0",
        "client_id": str(uuid4()),
    }
    client.post(address, data=sent)
    page = client.get(address)

    assert "It closed." in page.text
    assert "https://example.org" in page.text


def test_a_note_without_a_claim_is_sent_back_with_what_was_written(client, sign_in, analyst, sentence):
    sign_in(analyst)
    page = client.post(
        f"/sentences/{sentence.id}/notes",
        data={"status": "contested", "note": "Two say no.", "seen": "0", "client_id": str(uuid4())},
    )

    assert page.status_code == 422
    assert "State the claim" in page.text
    assert "Two say no." in page.text


@pytest.mark.postgresql_only("on SQLite every writer waits for every other")
def test_an_amended_note_waits_for_a_repair_that_moves_it(app, analyst, sentence):
    note_key = add_note(sentence, analyst, LOOKING, uuid4()).note_key

    def amend():
        with app.app_context():
            amend_note(note_key, analyst, FOUND, 1, uuid4())

    amending = threading.Thread(target=amend)
    with db_write() as session:
        session.get_one(Article, sentence.article_id, with_for_update=True)  # as a repair does
        amending.start()
        while not somebody_waits():
            assert amending.is_alive()
    amending.join()

    assert [note.assessment.version for note in notes_on(sentence.id, analyst)] == [2]


def somebody_waits():
    with db.engine.connect() as connection:
        return connection.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted"))
