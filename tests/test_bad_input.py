"""Whatever is sent, the answer is a page or a sentence: never a 500, and nothing half-done."""

import io
import re
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DataError

from tests.conftest import new_client
from tests.factories import first_project, make_article, make_project, sentences_of
from tests.signing_in import sign_in_as
from webapp.access import ANYONE, allow
from webapp.articles.actions import draft_of_pasted, import_upload
from webapp.db import db, db_write
from webapp.domain.intake.description import Description
from webapp.ids import LARGEST_ID
from webapp.models import SHELL, Article, Project, User
from webapp.projects.actions import Settings, change_settings

HUGE = 9_223_372_036_854_775_808


@pytest.fixture
def signed_in(app, owner):
    """The owner's browser, in which a server error is an answer and no exception of the test's."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    client = new_client(app)
    sign_in_as(client, owner)
    return client


def test_no_address_with_an_endless_number_breaks_the_server(app, signed_in):
    found = {}
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            with app.test_request_context():
                values = {name: uuid4() if f"<uuid:{name}>" in rule.rule else HUGE for name in rule.arguments}
                address = app.url_for(rule.endpoint, **values)
            found[f"{method} {address}"] = signed_in.open(address, method=method, json={}).status_code

    assert {address: code for address, code in found.items() if code >= 500} == {}


def test_the_largest_id_is_looked_up_and_a_larger_one_is_no_address(signed_in, statements):
    for number in (LARGEST_ID, LARGEST_ID + 1, HUGE, "9" * 5_000):
        with statements() as asked:
            assert signed_in.get(f"/articles/{number}").status_code == 404
        looked_up = [one for one in asked if "FROM article" in one]
        assert bool(looked_up) is (number == LARGEST_ID), number


def test_a_filter_by_an_id_that_no_row_can_have_finds_nothing(signed_in):
    asked = {
        name: signed_in.get("/audit", query_string={name: HUGE}).status_code for name in ("actor_id", "project_id")
    }

    assert asked == {"actor_id": 404, "project_id": 404}
    assert signed_in.get("/audit", query_string={"actor_id": LARGEST_ID}).status_code == 200
    assert signed_in.get("/audit", query_string={"page": HUGE}).status_code == 200


@pytest.mark.parametrize("fault", [OverflowError("too large"), DataError("SELECT 1", None, Exception("too large"))])
def test_a_number_too_large_anywhere_else_is_a_mistake_of_ours(unused_app, fault):
    @unused_app.get("/broken")
    @allow(ANYONE)
    def broken():
        raise fault

    unused_app.config["PROPAGATE_EXCEPTIONS"] = False

    assert new_client(unused_app).get("/broken").status_code == 500


NUL = "a\x00b"
SENT_WITH_NUL = [
    ("POST", "/sign-in", {"name": NUL, "password": "long enough"}),
    ("POST", "/sign-in", {"name": "a", "password": NUL}),
    ("GET", "/sign-in/a%00b", {}),
    ("GET", "/invitation/a%00b", {}),
    ("GET", "/audit", {"what": NUL}),
    ("POST", "/export/1/long.csv", {"round": NUL}),
    ("POST", "/projects/1/gold.csv", {"round": NUL}),
    ("GET", "/projects/1/agreement", {"round": NUL, "analyst": NUL}),
    ("POST", "/people", {"name": NUL}),
    ("POST", "/account", {"name": NUL, "old": NUL, "new": NUL}),
    ("POST", "/projects/new", {"name": NUL, "overlap": "1"}),
    ("POST", "/projects/1/settings", {"name": "a", "overlap": "1", "language": NUL, "description": NUL}),
    ("POST", "/drafts/1", {"encoding": NUL, "reread": "1"}),
    ("POST", "/sentences/1/tag", {"tag": NUL, "assignment_key": NUL, "note": NUL}),
    ("POST", "/sentences/1/adjudication", {"reason": NUL, "gold_tag": NUL}),
    ("POST", "/sentences/1/notes", {"claim": NUL, "note": NUL}),
    ("POST", "/sentences/1/repair", {"kind": NUL, "at": NUL, "reason": NUL}),
    ("POST", "/articles/1/submit", {"assignment_key": NUL}),
    ("GET", "/sources", {"q": NUL, "kind": NUL, "letter": NUL, "project": NUL}),
    ("POST", "/sources/import", {"text": f"name,kind\n{NUL},outlet"}),
    ("POST", "/sources/copy", {"origin": NUL}),
    ("POST", "/sources/new", {"name": NUL, "kind": NUL, "client_id": NUL, "seen": NUL}),
]


@pytest.mark.parametrize(("method", "address", "sent"), SENT_WITH_NUL)
def test_a_word_that_no_database_stores_is_answered_by_a_page(app, signed_in, method, address, sent):
    for client in (signed_in, new_client(app)):
        given = {"query_string": sent} if method == "GET" else {"data": sent}
        assert client.open(address, method=method, **given).status_code < 500


@pytest.mark.parametrize(
    "query",
    ["actor_id", "project_id", "page", "since", "until", "names", "a", "b", "project", "kind", "at", "q", "letter"],
)
@pytest.mark.parametrize("value", [str(HUGE), "9" * 5_000, "-1", "9999-12-31", "\x00", "%ED%A0%80", "x" * 3_000, "[]"])
def test_no_odd_parameter_breaks_a_page(signed_in, query, value):
    for address in (
        "/audit",
        "/articles/new",
        "/projects/1/agreement",
        "/projects/1/agreement/cell",
        "/sentences/1/repair",
        "/projects/1/adjudication",
        "/sources",
        "/sources/new",
        "/sources/import",
    ):
        assert signed_in.get(address, query_string={query: value}).status_code < 500


@pytest.mark.parametrize("number", ["9" * 400, "9" * 5_000, str(HUGE), "-" + "9" * 400])
def test_a_number_too_large_for_any_row_is_no_number_in_a_form(signed_in, number):
    numbers = dict.fromkeys(("overlap", "percent", "draw", "days", "each", "pass_mark", "expected"), number)
    sent = numbers | {"name": "second", "preview": "1", "hand_out": "1", "begin": "1"}
    found = {
        page: signed_in.post(f"/projects/1/{page}", data=sent).status_code
        for page in ("plan", "settings", "stability", "rounds")
    }

    assert set(found.values()) <= {200, 422}, found


@pytest.mark.parametrize(
    "body", ["[" * 100_000, '{"a":' * 50_000, '{"version": ' + "9" * 5_000 + "}", '{"version": 1e999}', "\ud800"]
)
def test_no_body_breaks_a_call(signed_in, body):
    for method, address in (
        ("PUT", "/api/v1/sentences/1/annotation"),
        ("POST", "/api/v1/sentences/1/notes"),
        ("PUT", "/api/v1/me/preferences"),
    ):
        data = body.encode("utf-8", "surrogatepass")
        assert signed_in.open(address, method=method, data=data, content_type="application/json").status_code == 422


def test_forms_with_endless_numbers_are_refused(signed_in):
    endless = "9" * 5_000
    for address in (
        "/sentences/1/repair",
        "/sentences/1/adjudication",
        "/projects/1/assignments",
        "/projects/1/plan",
        "/sentences/1/tag",
        "/projects/1/members",
    ):
        data = dict.fromkeys(
            ("seen", "at", "pair", "overlap", "percent", "expected", "user_id", "version"), endless
        ) | {"kind": "split"}
        data["pair"] = f"{endless}-1"
        assert signed_in.post(address, data=data).status_code < 500


@pytest.mark.parametrize(
    "address", ["/imports", "/articles/new", "/drafts/1", "/people", "/account", "/projects/new", "/projects/1/plan"]
)
def test_an_empty_form_is_sent_back(signed_in, address):
    assert signed_in.post(address, data={}).status_code < 500


def test_a_draft_saved_by_a_second_click_is_saved_once(app, signed_in, owner):
    draft = draft_of_pasted(make_article().project, owner, "One came. Two went.", Description())
    address = f"/drafts/{draft.id}"
    codes = [signed_in.post(address, data={"save": "1"}).status_code for _ in range(2)]

    db.session.rollback()
    assert codes == [302, 404]
    assert len(db.session.scalars(select(Article).where(Article.text == "One came. Two went.")).all()) == 1


def test_a_file_name_of_half_characters_is_stored(app, owner):
    article = import_upload(first_project(), owner, b"One came. Two went.", "bad\udcffname.txt", Description())

    assert article.file_name == "bad\ufffdname.txt"


@pytest.mark.parametrize("encoding", ["undefined", "idna", "unicode_escape", "rot13", "utf-7", "hex", "x" * 500])
def test_a_page_may_declare_any_encoding(signed_in, encoding):
    page = f'<meta charset="{encoding}"><p>'.encode() + b"Caf\xe9 came. " * 30
    answered = signed_in.post("/articles/new", data={"project": "1", "upload": (io.BytesIO(page), "a.html")})

    assert answered.status_code == 302


@pytest.mark.parametrize("target", ["/a\r\nSet-Cookie: x=1", "/a\nb", "/\x00"])
def test_a_target_with_line_ends_is_not_followed(app, owner, target):
    client = new_client(app)
    answered = sign_in_as(client, owner, query_string={"next": target})

    assert (answered.status_code, answered.location) == (302, "/")


def test_a_sentence_of_an_article_with_no_other_is_not_merged(signed_in):
    sentence = sentences_of(make_article("One came."))[0]

    assert signed_in.get(f"/sentences/{sentence.id}/repair", query_string={"kind": "merge"}).status_code == 422


MISLEADING = ["Ana\u200b Lyst", "\u202eAna", "Аna"]


@pytest.mark.parametrize("name", MISLEADING)
def test_a_name_that_misleads_is_refused_on_the_page_and_nothing_is_made(signed_in, name):
    for address, made in (("/people", User), ("/projects/new", Project)):
        before = db.session.scalar(select(func.count()).select_from(made))
        refused = signed_in.post(address, data={"name": name, "overlap": "1"})
        db.session.rollback()

        assert re.search("nobody sees|mixes letters of Cyrillic and Latin", refused.text), address
        assert db.session.scalar(select(func.count()).select_from(made)) == before


def test_an_older_project_keeps_its_name_when_other_settings_change(app, owner):
    project = make_project("Old")
    with db_write():
        project.name = "Аna"
    change_settings(project, Settings("Аna", overlap=2), SHELL)

    assert (project.name, project.running.overlap) == ("Аna", 2)


@pytest.mark.parametrize("url", ["https://аpple.example/", "https://a.example/\u202eb", "https://a.example@b.example/"])
def test_an_address_that_misleads_is_refused_in_notes_and_descriptions(signed_in, url):
    sentence = sentences_of(make_article())[0]
    note = {"status": "in_progress", "claim": "It is so.", "url": url, "client_id": str(uuid4())}
    refused = signed_in.post(f"/api/v1/sentences/{sentence.id}/notes", json=note)
    page = signed_in.post("/articles/new", data={"project": "1", "text": "One came.", "url": url})

    assert (refused.status_code, refused.json["code"]) == (422, "bad_answer")
    assert refused.json["error"].replace("“", "").split(" ")[0] in page.text
    assert page.status_code == 422
