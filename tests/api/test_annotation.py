"""The call that saves a tag: what it takes, what it answers, and how it refuses."""

from uuid import uuid4

import pytest
from sqlalchemy import event, func, select

from tests.conftest import new_client
from tests.factories import answer, make_article, make_member, make_project, sentences_of
from webapp.articles.actions import trash_article
from webapp.db import db, db_write
from webapp.domain.repair import Kind
from webapp.domain.terms import Tag
from webapp.models import Annotation
from webapp.projects.actions import set_trashed
from webapp.repair.actions import RepairRequest, repair


@pytest.fixture
def sentence(sign_in, analyst):
    sign_in(analyst)
    return sentences_of(make_article())[0]


@pytest.fixture
def put(client, sentence):
    def put(version=0, client_id=None, **answer):
        body = answer | {"version": version, "client_id": str(client_id or uuid4())}
        return client.put(f"/api/v1/sentences/{sentence.id}/annotation", json=body)

    return put


def test_a_tag_is_answered_with_the_whole_stored_answer(put, sentence):
    client_id = str(uuid4())
    stored = put(tag="ATTRIBUTION", source_type="group", client_id=client_id).json

    assert stored["sentence_id"] == sentence.id
    assert (stored["tag"], stored["source_type"], stored["note"]) == ("ATTRIBUTION", "group", None)
    assert (stored["version"], stored["client_id"]) == (1, client_id)


def test_the_body_replaces_the_answer_before_as_a_whole(put):
    put(tag="FACT", note="Hard call.")

    assert put(1, tag="FACT").json["note"] is None


def test_a_repeat_is_answered_as_the_first_time(put):
    client_id = uuid4()
    first = put(tag="FACT", client_id=client_id)
    put(1, tag="OPINION")

    assert put(tag="FACT", client_id=client_id).json == first.json


def test_a_late_write_gets_409_with_the_stored_answer(put):
    put(tag="FACT")
    late = put(tag="OPINION")

    assert late.status_code == 409
    assert (late.json["code"], late.json["current"]["tag"], late.json["current"]["version"]) == ("conflict", "FACT", 1)


def test_delete_takes_the_answer_back(client, put, sentence):
    put(tag="FACT")
    body = {"version": 1, "client_id": str(uuid4())}
    cleared = client.delete(f"/api/v1/sentences/{sentence.id}/annotation", json=body)

    assert (cleared.json["tag"], cleared.json["version"]) == (None, 2)


@pytest.mark.parametrize(
    ("body", "sentence_part"),
    [
        ({}, "tag"),
        ({"tag": "TRUE"}, "“tag” is one of"),
        ({"tag": "FACT", "colour": "red"}, "no field “colour”"),
        ({"tag": "FACT", "version": "x"}, "“version”"),
        ({"tag": "FACT", "version": -1}, "“version”"),
        ({"tag": "FACT", "client_id": "x"}, "“client_id” is a UUID"),
    ],
)
def test_a_bad_body_gets_422_and_one_sentence(client, sentence, body, sentence_part):
    body = {"version": 0, "client_id": str(uuid4())} | body
    refused = client.put(f"/api/v1/sentences/{sentence.id}/annotation", json=body)

    assert (refused.status_code, refused.json["code"]) == (422, "bad_answer")
    assert sentence_part in refused.json["error"]


@pytest.mark.parametrize("data", ["", "[]", "no json", "null", "7"])
def test_a_body_that_is_no_object_gets_422(client, sentence, data):
    address = f"/api/v1/sentences/{sentence.id}/annotation"

    assert client.put(address, data=data, content_type="application/json").status_code == 422


def test_an_article_in_the_trash_gets_410(put, sentence):
    with db_write():
        sentence.article.trashed_at = sentence.article.created_at

    gone = put(tag="FACT")
    assert (gone.status_code, gone.json["code"]) == (410, "trashed")


def test_a_sentence_replaced_by_a_repair_takes_no_answer(put, sentence, owner):
    repair(sentence.article, owner, RepairRequest(Kind.SPLIT, sentence.id, 5), 1)

    refused = put(tag="FACT")
    assert (refused.status_code, refused.json["code"]) == (404, "not_found")
    assert "split or merged" in refused.json["error"]
    assert db.session.scalar(select(func.count()).select_from(Annotation)) == 0


@pytest.mark.parametrize("fate", ["trashed", "repaired"])
def test_a_repeat_is_answered_as_the_first_time_whatever_has_become_of_the_sentence(put, sentence, owner, fate):
    client_id = uuid4()
    first = put(tag="FACT", client_id=client_id)
    if fate == "trashed":
        trash_article(sentence.article, owner)
    else:
        repair(sentence.article, owner, RepairRequest(Kind.SPLIT, sentence.id, 5), 1)

    assert put(tag="FACT", client_id=client_id).json == first.json


def test_an_analyst_of_a_project_in_the_trash_alone_may_call_nothing(client, sign_in, owner):
    article = make_article(project=make_project("Gone"))
    sign_in(make_member("Ann", "analyst", project=article.project))
    set_trashed(article.project, True, owner)

    body = {"tag": "FACT", "version": 0, "client_id": str(uuid4())}
    refused = client.put(f"/api/v1/sentences/{sentences_of(article)[0].id}/annotation", json=body)
    assert (refused.status_code, refused.json["code"]) == (403, "forbidden")


@pytest.mark.sqlite_only("on PostgreSQL saves do not queue in one connection")
def test_a_save_reads_who_saves_in_the_transaction_that_writes(put):
    seen = []

    def trace(connection, *_):
        connection.set_trace_callback(lambda statement: seen.append(statement.split()[0]))

    event.listen(db.engine, "checkout", trace)
    assert put(tag="FACT").json["tag"] == "FACT"
    event.remove(db.engine, "checkout", trace)

    seen = [word for word in seen if word != "PRAGMA"]  # how a new connection waits
    assert (seen[:2], seen.count("BEGIN"), seen.count("COMMIT"), seen[-1]) == (["BEGIN", "SELECT"], 1, 1, "COMMIT")


def test_the_history_shows_every_change_newest_first(client, put, sentence):
    put(tag="FACT")
    put(1, tag="OPINION")
    revisions = client.get(f"/api/v1/sentences/{sentence.id}/history").json["revisions"]

    assert [(revision["tag"], revision["version"]) for revision in revisions] == [("OPINION", 2), ("FACT", 1)]


def test_the_history_is_ones_own(client, put, sentence, owner):
    answer(sentence, owner, Tag.SPECULATION)

    assert client.get(f"/api/v1/sentences/{sentence.id}/history").json["revisions"] == []


def test_nobody_signed_in_gets_401_as_json(app, sentence):
    refused = new_client(app).get(f"/api/v1/sentences/{sentence.id}/history")

    assert (refused.status_code, refused.json["code"]) == (401, "signed_out")


def test_what_a_page_left_open_by_another_person_sends_is_refused(client, sentence, owner):
    body = {"tag": "FACT", "version": 0, "client_id": str(uuid4())}
    address = f"/api/v1/sentences/{sentence.id}/annotation"

    refused = client.put(address, json=body, headers={"X-Claimtag-User": str(owner.id)})

    assert (refused.status_code, refused.json["code"]) == (401, "signed_out")
    assert client.get(address.replace("annotation", "history")).json["revisions"] == []


def test_an_unknown_address_under_the_api_is_answered_as_json(client):
    assert client.get("/api/v1/nothing").json["code"] == "not_found"
