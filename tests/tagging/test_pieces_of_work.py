"""An answer belongs to a piece of work: which one a write means, and what it is told where that is not open."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from tests.conftest import new_client
from tests.factories import (
    answer,
    assignment_of,
    first_project,
    make_article,
    make_member,
    make_project,
    move_to,
    sentences_of,
    take_up,
)
from tests.signing_in import sign_in_as
from webapp import verification
from webapp.db import db, db_write, now
from webapp.domain.repair import Kind
from webapp.domain.terms import Tag
from webapp.models import Annotation, Assignment, AssignmentState, Round
from webapp.projects.actions import assign, return_work, withdraw
from webapp.repair.actions import RepairRequest, repair
from webapp.tagging.actions import submit


@pytest.fixture
def article(app):
    return make_article("One came. Two went.")


@pytest.fixture
def sentence(article, sign_in, analyst):
    sign_in(analyst)
    return sentences_of(article)[0]


@pytest.fixture
def put(client, sentence):
    def put(version=0, key=None, tag="FACT"):
        body = {"tag": tag, "version": version, "client_id": str(uuid4())} | ({"assignment_key": key} if key else {})
        return client.put(f"/api/v1/sentences/{sentence.id}/annotation", json=body)

    return put


def second_pass(assignment, **values):
    whose = {"round_id": assignment.round_id, "article_id": assignment.article_id, "analyst_id": assignment.analyst_id}
    with db_write() as session:
        again = Assignment(**whose, pass_=2, **values)
        session.add(again)
    return str(again.key)


def closed_round(project, name="pilot"):
    with db_write() as session:
        round_ = Round(project_id=project.id, name=name, codebook_id=project.running.codebook_id, closed_at=now())
        session.add(round_)
    return round_


# ---- which one is meant


def test_the_first_tag_in_an_open_project_makes_the_work_and_brings_its_key(put, article, analyst):
    told = put().json["assignment_key"]
    db.session.rollback()  # what was read before

    made = assignment_of(article.id, analyst)
    assert (str(made.key), made.state, made.round.name, made.pass_) == (told, AssignmentState.STARTED, "main", 1)
    assert db.session.scalars(select(Annotation)).one().assignment_id == made.id


def test_the_key_is_in_every_answer_and_later_writes_name_it(put, client, sentence):
    key = put().json["assignment_key"]

    assert put(1, key).json["assignment_key"] == key
    assert put(1, key).json["current"]["assignment_key"] == key
    history = client.get(f"/api/v1/sentences/{sentence.id}/history").json["revisions"]
    assert {revision["assignment_key"] for revision in history} == {key}
    cleared = {"version": 2, "client_id": str(uuid4()), "assignment_key": key}
    answered = client.delete(f"/api/v1/sentences/{sentence.id}/annotation", json=cleared)
    assert answered.json["assignment_key"] == key


def test_a_write_without_a_key_goes_to_the_one_open_piece_of_work(put, article, analyst):
    key = str(take_up(article, analyst).key)

    assert put().json["assignment_key"] == key
    assert put(1).json["version"] == 2


def test_of_a_submitted_and_an_open_pass_the_open_one_is_meant(put, article, analyst):
    for each in sentences_of(article):
        answer(each, analyst, Tag.FACT)
    submit(article, analyst)
    again = second_pass(assignment_of(article.id, analyst))

    stored = put(tag="OPINION").json
    assert (stored["assignment_key"], stored["version"]) == (again, 1)


def test_with_several_open_a_write_has_to_say_which(put, article, analyst):
    first = take_up(article, analyst)
    second = second_pass(first)

    refused = put()
    assert (refused.status_code, refused.json["code"]) == (409, "several_open")
    assert "more than once" in refused.json["error"]
    assert put(0, second, "OPINION").json["version"] == 1
    assert put(0, str(first.key), "FACT").json["version"] == 1
    db.session.rollback()  # what was read before
    answers = db.session.scalars(select(Annotation).order_by(Annotation.id)).all()
    assert [(one.tag, one.assignment.pass_, one.is_current) for one in answers] == [
        (Tag.OPINION, 2, True),
        (Tag.FACT, 1, True),
    ]
    assert verification.faults() == []


@pytest.mark.parametrize("key", [str(UUID(int=7)), "theirs"])
def test_a_key_that_is_not_ones_own_is_not_found(put, article, analyst, key):
    take_up(article, analyst)
    if key == "theirs":
        key = str(take_up(article, make_member("Ben", "analyst")).key)

    assert put(0, key).status_code == 404
    assert db.session.scalars(select(Annotation)).all() == []


def test_what_is_no_key_is_refused_by_its_name(put):
    refused = put(0, "seven")

    assert refused.status_code == 422
    assert "assignment_key" in refused.json["error"]


# ---- work that is not open


def test_submitted_work_answers_409_with_a_sentence_and_what_counts(put, article, analyst):
    key = put().json["assignment_key"]
    answer(sentences_of(article)[1], analyst, Tag.FACT)
    submit(article, analyst)

    for refused in (put(1), put(1, key)):
        assert (refused.status_code, refused.json["code"]) == (409, "locked")
        assert "locked until it is returned" in refused.json["error"]
        assert refused.json["current"]["version"] == 1


def test_withdrawn_work_answers_409_and_handing_it_out_again_revives_it_with_its_key(client, owner, analyst):
    project = make_project("Blind study", is_blind=True)
    ben = make_member("Ben", "analyst", project=project)
    article = make_article("One came.", project=project)
    assign(project, [(article.id, ben.id)], owner)
    held = assignment_of(article.id, ben)
    key, sentence_id = str(held.key), sentences_of(article)[0].id
    sign_in_as(client, ben)

    def put(**more):
        body = {"tag": "FACT", "version": 0, "client_id": str(uuid4())} | more
        return client.put(f"/api/v1/sentences/{sentence_id}/annotation", json=body)

    withdraw(held, owner)
    for refused in (put(), put(assignment_key=key)):
        assert (refused.status_code, refused.json["code"]) == (409, "withdrawn")
        assert "ask a supervisor" in refused.json["error"]
    assert client.get(f"/articles/{article.id}").status_code == 404

    assert assign(project, [(article.id, ben.id)], owner) == 1
    assert put().json["assignment_key"] == key
    assert len(db.session.scalars(select(Assignment)).all()) == 1


def test_withdrawn_work_is_not_begun_anew_in_an_open_project(put, client, article, analyst, owner):
    assign(first_project(), [(article.id, analyst.id)], owner)
    withdraw(assignment_of(article.id, analyst), owner)

    assert put().json["code"] == "withdrawn"
    assert client.get(f"/articles/{article.id}").location == f"/articles/{article.id}/reading"


def test_work_of_a_closed_round_takes_no_answers(put, article, analyst):
    work = take_up(article, analyst)
    round_ = closed_round(first_project())
    move_to(round_, work)

    assert put().json["code"] == "round_closed"


def test_a_client_id_is_good_for_one_piece_of_work(client, sentence, article, analyst):
    first = take_up(article, analyst)
    second = second_pass(first)
    address = f"/api/v1/sentences/{sentence.id}/annotation"
    body = {"tag": "FACT", "version": 0, "client_id": str(uuid4())}
    key = str(first.key)

    assert client.put(address, json=body | {"assignment_key": key}).status_code == 200
    again = client.put(address, json=body | {"assignment_key": key})
    elsewhere = client.put(address, json=body | {"assignment_key": second})
    assert (again.status_code, again.json["assignment_key"]) == (200, key)
    assert elsewhere.status_code == 422
    assert "another piece of work" in elsewhere.json["error"]


def test_a_form_sent_otherwise_is_compared_with_the_work_that_it_was_about(client, sentence, article, analyst):
    first = take_up(article, analyst)
    second = second_pass(first)
    address = f"/api/v1/sentences/{sentence.id}/annotation"
    of_first = {"tag": "FACT", "version": 0, "client_id": str(uuid4()), "assignment_key": str(first.key)}
    of_second = {"tag": "OPINION", "version": 0, "client_id": str(uuid4()), "assignment_key": second}
    client.put(address, json=of_first)
    client.put(address, json=of_second)

    late = client.put(address, json=of_second | {"tag": "SPECULATION"})
    assert (late.status_code, late.json["current"]["assignment_key"]) == (409, second)


def test_the_history_of_a_pass_shows_nothing_of_another_one(client, sentence, article, analyst):
    first = take_up(article, analyst)
    answer(sentence, analyst, Tag.FACT)
    for each in sentences_of(article)[1:]:
        answer(each, analyst, Tag.FACT)
    submit(article, analyst)
    second_pass(first)

    assert client.get(f"/api/v1/sentences/{sentence.id}/history").json["revisions"] == []


def test_returned_work_is_open_again_under_its_key(put, article, analyst, owner):
    key = put().json["assignment_key"]
    answer(sentences_of(article)[1], analyst, Tag.FACT)
    submit(article, analyst)
    return_work(assignment_of(article.id, analyst), owner, "Look again.")

    assert put(1, tag="OPINION").json["assignment_key"] == key


def test_handing_in_goes_by_the_key_too(client, sentence, article, analyst):
    first = take_up(article, analyst)
    second = second_pass(first)
    address = f"/api/v1/articles/{article.id}/submission"

    assert client.post(address, json={}).json["code"] == "several_open"
    for each in sentences_of(article):
        body = {"tag": "FACT", "version": 0, "client_id": str(uuid4()), "assignment_key": second}
        client.put(f"/api/v1/sentences/{each.id}/annotation", json=body)
    assert client.post(address, json={"assignment_key": str(first.key)}).status_code == 422
    assert client.post(address, json={"assignment_key": second}).json["number"] == 1


# ---- pages


def test_the_desk_and_the_form_carry_the_key(app, client, sentence, article, analyst):
    assert '"assignment_key": null' in client.get(f"/articles/{article.id}").text
    key = str(take_up(article, analyst).key)

    assert f'"assignment_key": "{key}"' in client.get(f"/articles/{article.id}").text
    assert f'value="{key}"' in client.get(f"/sentences/{sentence.id}/tag").text
    other = new_client(app)
    sign_in_as(other, make_member("Ben", "analyst"))
    assert key not in other.get(f"/articles/{article.id}").text


# ---- repairs


def test_a_repair_reopens_work_of_the_running_round_only(article, analyst, owner):
    ben = make_member("Ben", "analyst")
    for person in (analyst, ben):
        for each in sentences_of(article):
            answer(each, person, Tag.FACT)
        submit(article, person)
    before = closed_round(first_project())
    move_to(before, assignment_of(article.id, ben))

    first, _ = sentences_of(article)
    repair(article, owner, RepairRequest(Kind.MERGE, first.id), 1)

    states = {one.analyst_id: one.state for one in db.session.scalars(select(Assignment))}
    assert states == {analyst.id: AssignmentState.RETURNED, ben.id: AssignmentState.SUBMITTED}
    assert verification.faults() == []
