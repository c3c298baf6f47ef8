"""Errors in JSON are problem details (RFC 9457), whichever part of the program refuses."""

import json
from http import HTTPStatus
from pathlib import Path
from uuid import uuid4

import pytest

from tests.factories import answer, make_article, sentences_of
from webapp.api import routes as api
from webapp.domain.errors import Unavailable
from webapp.domain.terms import Tag
from webapp.front_door import plain_answer
from webapp.problems import CODES, MEDIA_TYPE, TITLES, problem

pytestmark = pytest.mark.page

WEBAPP = Path(__file__).parent.parent / "webapp"
SAVE = "/api/v1/sentences/{}/annotation"


def require_problem(answered, status, code):
    """The members of the answer, which are those of problem details and ours."""
    said = answered.json

    assert (answered.status_code, answered.mimetype) == (status, MEDIA_TYPE)
    assert (said["type"], said["title"], said["status"]) == ("about:blank", HTTPStatus(status).phrase, status)
    assert said["code"] == code
    assert said["detail"].endswith(".")
    return said


@pytest.fixture
def sentence(sign_in, analyst):
    sign_in(analyst)
    return sentences_of(make_article())[0]


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [("GET", "/api/v1/nothing", 404), ("DELETE", "/api/v1/me", 405), ("PUT", "/api/v1/me/preferences", 422)],
)
def test_what_flask_and_our_rules_refuse_is_a_problem(client, sentence, method, address, status):
    require_problem(client.open(address, method=method, json={}), status, CODES[status])


def test_the_guard_answers_strangers_with_a_problem(client):
    require_problem(client.get("/api/v1/me"), 401, "signed_out")


def test_a_name_that_is_not_ours_meets_a_problem(client):
    require_problem(client.get("/api/v1/me", headers={"Host": "evil.example"}), 421, "wrong_host")


def test_a_conflict_tells_what_counts_now(client, sentence, analyst):
    stored = answer(sentence, analyst, Tag.FACT)
    body = {"tag": "OPINION", "version": 0, "client_id": str(uuid4())}
    said = require_problem(client.put(SAVE.format(sentence.id), json=body), 409, "conflict")

    assert said["current"]["version"] == stored.version


def test_a_conflict_over_a_note_tells_what_counts_now(client, sentence):
    body = {"status": "contested", "claim": "The mine closed.", "client_id": str(uuid4())}
    note = client.post(f"/api/v1/sentences/{sentence.id}/notes", json=body).json
    late = client.put(f"/api/v1/notes/{note['key']}", json=body | {"version": 0, "client_id": str(uuid4())})

    assert require_problem(late, 409, "conflict")["current"] == note


def test_work_that_is_not_done_names_what_is_missing(client, sentence, analyst):
    answer(sentence, analyst, Tag.FACT)
    said = require_problem(
        client.post(f"/api/v1/articles/{sentence.article_id}/submission", json={}), 422, "incomplete"
    )

    assert {gap["field"] for gap in said["missing"]} == {"tag"}


def test_our_mistake_and_a_database_that_cannot_be_used_are_problems_with_the_id_of_the_request(
    app, client, sentence, monkeypatch
):
    def fail():
        raise broken

    monkeypatch.setattr(api, "current_actor", fail)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    broken = RuntimeError("of nobody's doing")
    assert require_problem(client.get("/api/v1/me"), 500, "error")["request_id"]
    broken = Unavailable("The disk is full.")
    answered = client.get("/api/v1/me")
    assert require_problem(answered, 503, "unavailable")["request_id"]
    assert answered.headers["Retry-After"] == "5"


@pytest.mark.parametrize("status", [400, 413, 421, 431, 500, 501])
def test_what_the_server_refuses_before_flask_is_the_same_problem(status):
    _, headers, body = plain_answer(status, "That was too much.", "/api/v1/me")

    assert dict(headers)["Content-Type"] == MEDIA_TYPE
    assert json.loads(body) == problem(status, "That was too much.")


def test_scripts_that_a_browser_loaded_before_find_the_sentence_where_they_look_for_it(client):
    said = client.get("/api/v1/me").json

    assert said["error"] == said["detail"]


def test_problems_are_kept_out_of_caches(client):
    assert client.get("/api/v1/me").headers["Cache-Control"] == "no-store"


def test_every_status_with_a_title_has_a_code():
    assert TITLES.keys() == CODES.keys()


def test_nobody_writes_an_error_by_hand():
    by_hand = [path.name for path in WEBAPP.rglob("*.py") if "jsonify(error" in path.read_text("utf-8")]

    assert by_hand == []
