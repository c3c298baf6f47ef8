"""The log: one line a request, with who, which route and how long, and nothing of what was said."""

import json
import logging
import re

import pytest

from tests.conftest import new_client
from tests.factories import make_article, sentences_of
from tests.live_server import LiveServer
from webapp import logs
from webapp.domain.errors import BadSetting

pytestmark = pytest.mark.page


@pytest.fixture
def written(app, tmp_path):
    """What a server under these settings would have in its log file by now."""
    root, package = logging.getLogger(), logging.getLogger("webapp")
    before = root.handlers[:], root.level, package.level, logging.raiseExceptions

    def start(form="text"):
        app.config.update(LOG=form, LOG_DIR=str(tmp_path / "logs"))
        logs.start(app.config, "server")

    def lines():
        for handler in root.handlers:
            if isinstance(handler, logs.BatchedFile):
                handler.write()
        return (tmp_path / "logs" / "server.log").read_text("utf-8").splitlines()

    lines.start = start
    yield lines
    for handler in root.handlers:
        if handler not in before[0]:
            handler.close()
    root.handlers, root.level = before[0], before[1]
    package.setLevel(before[2])
    logging.raiseExceptions = before[3]


def test_a_request_is_one_line_with_person_route_status_and_time(written, client, sign_in, owner):
    written.start()
    sign_in(owner)
    article = make_article()

    answered = client.get(f"/articles/{article.id}?looking=for-something")

    line = written()[-1]
    at, level, request_id, _, person, method, route, status, ms, _ = line.split(" ")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", at)
    assert (level, request_id, person) == ("info", answered.headers["X-Request-Id"], str(owner.id))
    assert (method, route, status) == ("GET", "/articles/<int:article_id>", "200")
    assert float(ms) > 0
    assert "looking" not in line


def test_lines_are_json_by_choice(written, client):
    written.start("json")

    client.get("/sign-in")

    told = json.loads(written()[-1])
    assert told["at"].endswith("Z")
    assert (told["method"], told["route"], told["status"], told["person"]) == ("GET", "/sign-in", 200, None)


def test_what_the_front_door_refuses_is_told_too(written, client):
    written.start("json")

    client.get("/sign-in", headers={"Host": "evil.example"})

    assert (json.loads(written()[-1])["status"], json.loads(written()[-1])["route"]) == (421, "-")


def test_no_word_of_a_person_and_no_token_comes_into_the_log(written, app, client, sign_in, owner):
    written.start()
    sign_in(owner)
    sentence = sentences_of(make_article())[0]
    client.get("/sign-in/a-secret-token?next=/articles/1")
    client.put(
        f"/api/v1/sentences/{sentence.id}/annotation",
        json={"tag": "FACT", "note": "my-very-own-words", "version": 0, "client_id": "no uuid my-very-own-words"},
    )

    everything = "\n".join(written())
    assert "a-secret-token" not in everything
    assert "my-very-own-words" not in everything
    assert "/sign-in/<token>" in everything


def test_the_page_of_a_failure_names_the_request_under_which_the_log_tells_more(written, unused_app):
    written.start()
    unused_app.config["PROPAGATE_EXCEPTIONS"] = False

    def break_down():
        raise ValueError("something broke")

    break_down.allowed = frozenset({"anyone"})
    unused_app.add_url_rule("/broken", view_func=break_down)
    unused_app.add_url_rule("/api/broken", view_func=break_down, endpoint="api-broken")

    page = new_client(unused_app).get("/broken")
    answer = new_client(unused_app).get("/api/broken")

    assert (page.status_code, answer.status_code) == (500, 500)
    number = page.headers["X-Request-Id"]
    assert number in page.text
    assert answer.json["request_id"] == answer.headers["X-Request-Id"]
    everything = "\n".join(written())
    assert f"GET /broken failed in request {number}" in everything
    assert "ValueError: something broke" in everything


def test_an_error_of_the_database_does_not_tell_its_values(app):
    assert app.config["SQLALCHEMY_ENGINE_OPTIONS"]["hide_parameters"] is True


def test_a_form_of_lines_that_there_is_not_is_named(app):
    app.config["LOG"] = "xml"

    with pytest.raises(BadSetting, match="CLAIMTAG_LOG is “xml”; it takes text, json or off"):
        logs.start(app.config, "server")


def test_a_full_log_file_makes_room_for_the_next(tmp_path, monkeypatch):
    monkeypatch.setattr(logs, "LARGEST_FILE", 300)
    file = logs.BatchedFile(tmp_path / "server.log")
    for number in range(100):
        file.emit(logging.LogRecord("webapp", logging.INFO, "", 0, f"line {number:>20}", (), None))
        file.write()
    file.close()

    assert len(list(tmp_path.glob("server.log.*"))) == logs.FILES_KEPT
    assert all(path.stat().st_size < 400 for path in tmp_path.glob("server.log*"))


def test_a_rollover_that_breaks_off_does_not_silence_the_log(tmp_path, monkeypatch):
    file = logs.BatchedFile(tmp_path / "server.log")
    monkeypatch.setattr(
        logs.BatchedFile, "doRollover", lambda self: self.stream.close() or setattr(self, "stream", None)
    )
    file.maxBytes = 1
    file.emit(logging.LogRecord("webapp", logging.WARNING, "", 0, "before", (), None))
    file.emit(logging.LogRecord("webapp", logging.WARNING, "", 0, "after", (), None))
    file.close()

    assert (tmp_path / "server.log").read_text("utf-8") == "before\nafter\n"


def test_a_real_server_logs_requests_but_no_sign_in_link(server: LiveServer):
    token = server.link.split("/sign-in/")[1].split("?")[0]
    server.stop()

    written = "\n".join(path.read_text("utf-8") for path in (server.instance / "logs").glob("*.log"))
    assert "GET /healthz 200" in written
    assert token not in written
