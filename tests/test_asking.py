"""A request that only asks changes nothing, and what goes on record takes a form of our own."""

import re

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import func, inspect, select, table

from tests.conftest import new_client
from tests.factories import make_member
from tests.signing_in import sign_in_as
from tests.test_access import scene, whole_scene  # noqa: F401
from webapp.db import db, db_write, quick_write, reads_only
from webapp.models import AuditEvent, Role
from webapp.word_index import PASSAGES

CHANGES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE|CREATE|DROP|ALTER)\b", re.IGNORECASE)
QUERIES = {"review.cell": "?a=FACT&b=FACT", "review.field": "?field=tag", "review.agreement": "?names=1&page=2"}
DOWNLOADS = {
    "export.dates_csv": "/export",
    "export.pack": "/export",
    "export.claims_csv": "/export",
    "export.evidence_csv": "/export",
    "export.mentions_csv": "/export",
    "export.gold_csv": "/projects/1/agreement",
    "export.long_csv": "/export",
    "export.long_xlsx": "/export",
    "export.take": "/export",
    "export.ratings_csv": "/export",
    "export.sources_csv": "/export",
    "export.profile_csv": "/articles/1/profile",
    "export.profiles_csv": "/projects/1/profiles",
    "profiles.compare_png": "/projects/1/profiles",
    "profiles.compare_svg": "/projects/1/profiles",
    "profiles.png": "/articles/1/profile",
    "profiles.svg": "/articles/1/profile",
    "stability.figures_json": "/projects/1/stability",
    "rounds.results_json": "/projects/1/rounds/1/results",
    "review.drift_json": "/projects/1/agreement/drift",
    "review.release_json": "/projects/1/rounds/1/release",
    "review.agreement_json": "/projects/1/agreement",
    "review.fields_json": "/projects/1/agreement/fields",
    "export.wide_csv": "/projects/1/agreement",
    "codebooks.file": "/codebooks/1",
    "review.names": "/projects/1/agreement",
    "reading.names": "/articles/1/reading",
}


def addresses(app, values):
    """Every route, those for POST as well, whatever is asked of it."""
    with app.test_request_context():
        return [
            app.url_for(rule.endpoint, **{name: values[name] for name in rule.arguments})
            + QUERIES.get(rule.endpoint, "")
            for rule in app.url_map.iter_rules()
        ]


def counts():
    db.session.rollback()
    return {
        name: db.session.scalar(select(func.count()).select_from(table(name)))
        for name in inspect(db.engine).get_table_names()
        if name != PASSAGES  # which cannot be gone through; the tables that SQLite keeps for it can
    }


WHO = ["anonymous", "analyst in", "analyst out", "supervisor in", "supervisor out", "admin", "everything"]


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize(
    "method", ["GET", *(pytest.param(asked, marks=pytest.mark.page) for asked in ("HEAD", "OPTIONS"))]
)
def test_no_request_that_only_asks_sends_a_statement_that_changes(app, scene, statements, who, method):  # noqa: F811
    people, values, _ = scene
    everything = make_member("everything", *Role, is_admin=True)
    client = new_client(app)
    if person := {**people, "everything": everything}[who]:
        sign_in_as(client, person)
    before = counts()
    with statements() as seen:
        statuses = {address: client.open(address, method=method).status_code for address in addresses(app, values)}

    assert [statement for statement in seen if CHANGES.match(statement)] == []
    assert counts() == before
    assert set(statuses.values()) <= {200, 302, 303, 401, 403, 404, 405, 410, 422}
    assert len(statuses) >= 55
    if who == "everything" and method == "GET":
        assert list(statuses.values()).count(200) > 25


@pytest.mark.parametrize("write", [db_write, quick_write])
def test_a_view_that_would_write_for_a_get_fails_and_for_a_post_does_not(unused_app, write):
    written = []

    def careless():
        with write():
            written.append(1)
        return "written"

    careless.allowed = {"anyone"}
    unused_app.add_url_rule("/careless", view_func=careless, methods=["GET", "POST"])
    unused_app.config["WTF_CSRF_ENABLED"] = False
    client = new_client(unused_app)

    for method in ("GET", "HEAD"):
        with pytest.raises(RuntimeError, match="changes nothing"):
            client.open("/careless", method=method)
    assert written == []
    assert client.post("/careless").text == "written"
    assert written == [1]


def test_a_hook_that_would_write_for_a_get_fails_too(unused_app):
    @unused_app.before_request
    def careless():
        with db_write():
            pass

    with pytest.raises(RuntimeError, match="changes nothing"):
        new_client(unused_app).get("/sign-in")


def test_the_promise_to_change_nothing_ends_with_the_request(app):
    with reads_only():
        pass
    with db_write():
        pass


def address_of(app, endpoint):
    """The address of the first project's file, or of its first article's."""
    return app.url_for(endpoint, **dict.fromkeys(next(app.url_map.iter_rules(endpoint)).arguments, 1))


@pytest.mark.page
@pytest.mark.parametrize(("endpoint", "page"), DOWNLOADS.items())
def test_the_address_of_a_file_says_the_way_to_its_button(app, client, sign_in, owner, endpoint, page):
    with app.test_request_context():
        address = address_of(app, endpoint)
    for person in (None, owner):
        if person:
            sign_in(person)
        before = counts()
        asked = client.get(address)

        assert (asked.status_code, asked.headers["Allow"]) == (405, "OPTIONS, POST")
        assert "Content-Disposition" not in asked.headers
        way = BeautifulSoup(asked.text, "html.parser").select_one("main a.button--main")
        assert way["href"] == page
        assert counts() == before
        assert client.head(address).status_code == 405


def test_every_file_is_behind_a_form_for_post(app):
    """Whatever answers with a file says where its button is, so it cannot be asked for by GET."""
    files = {name for name, view in app.view_functions.items() if hasattr(view, "form_on")}
    by_get = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in rule.methods}

    assert files == set(DOWNLOADS)
    assert files & by_get == set()


def test_a_file_by_a_form_without_a_token_is_refused_and_not_on_record(app, client, sign_in, owner):
    sign_in(owner)
    app.config["WTF_CSRF_ENABLED"] = True
    for endpoint in DOWNLOADS:
        with app.test_request_context():
            address = address_of(app, endpoint)
        assert client.post(address).status_code == 400
    db.session.rollback()

    assert db.session.scalars(select(AuditEvent).where(AuditEvent.what.in_(["exported", "names shown"]))).all() == []


def test_the_buttons_of_the_pages_send_the_token_that_is_asked_for(app, client, sign_in, owner):
    sign_in(owner)
    app.config["WTF_CSRF_ENABLED"] = True
    form = BeautifulSoup(client.get("/export").text, "html.parser").select_one("form.export__form")
    token = form.select_one("[name=csrf_token]")["value"]
    taken = client.post(form["action"], data={"csrf_token": token, "unanswered": "1", "guard": "1"})
    db.session.rollback()
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.what == "exported")).one()

    assert taken.headers["Content-Disposition"].startswith("attachment")
    options = ["unanswered", "guard"]
    assert event.details == {"shape": "long", "format": "csv", "options": options, "round": "main", "pass": 1}


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("/projects/1/assignments", "/projects/1"),
        ("/projects/1/assignments/7?x=1", "/projects/1"),
        ("/articles/1/submit", "/articles/1"),
        ("/projects/1/team/2/link", "/projects/1/team"),
        ("/account/devices/00000000-0000-0000-0000-000000000000", "/account"),
        ("/inbox/read", "/inbox"),
        ("/sentences/1/exclusion", "/sentences/1"),
    ],
)
def test_who_reloads_what_a_form_was_sent_to_comes_to_the_page_over_it(client, address, page):
    asked = client.get(address)

    assert (asked.status_code, asked.headers["Location"]) == (303, page)


@pytest.mark.parametrize("address", ["/sign-out", "/api/v1/articles/1/submission"])
def test_an_address_that_takes_no_get_and_has_no_page_over_it_says_so(client, address):
    asked = client.get(address)

    assert asked.status_code == 405
    assert "does not take that kind of request" in asked.text
    assert client.head("/projects/1/assignments").status_code == 405
