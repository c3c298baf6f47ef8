"""Where one is: the project is chosen in one place, and every page marks its section."""

import pytest
from bs4 import BeautifulSoup

from tests.conftest import new_client
from tests.factories import first_project, make_article, make_member, make_project
from tests.signing_in import sign_in_as
from webapp.models import Role
from webapp.navigation import section_of
from webapp.projects.actions import add_member

pytestmark = pytest.mark.sqlite_only("where one is comes from the cookie and the address")

HEADERLESS = {"health", "assets", "api", "api_claims"}


def page(client, address):
    answered = client.get(address)
    assert answered.status_code == 200
    return BeautifulSoup(answered.text, "html.parser")


def test_every_page_belongs_to_a_section(app):
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}

    assert [one for one in endpoints if one.split(".")[0] not in HEADERLESS and not section_of(one)] == []


def test_the_section_is_marked_in_the_header_and_in_the_menu(client, sign_in, owner):
    sign_in(owner)
    marked = {
        "/": ("Articles", "page"),
        "/articles/1": ("Articles", "true"),
        "/articles/1/sentences": ("Articles", "true"),
        "/articles/new": ("Articles", "true"),
        "/codebook": ("Codebook", "page"),
        "/projects/1/agreement": ("Projects", "true"),
        "/projects/1/adjudication": ("Projects", "true"),
        "/sentences/1/notes": ("Claims", "true"),
        "/export": ("Export", "page"),
        "/search": ("Search", "page"),
    }
    for address, (label, current) in marked.items():
        shown = page(client, address)
        for place in (".bar__nav", ".bar__sections"):
            found = [(one.text, one["aria-current"]) for one in shown.select(f"{place} [aria-current]")]
            assert (address, found) == (address, [(label, current)])
    for address, label in {"/inbox": "Inbox", "/account": "Account", "/people": "People", "/audit": "Audit"}.items():
        assert [one.text for one in page(client, address).select(".bar [aria-current]")] == [label]


def test_the_menu_of_a_phone_leads_wherever_the_header_does(client, sign_in, owner):
    sign_in(owner)
    shown = page(client, "/")

    assert [one["href"] for one in shown.select(".bar__sections a")] == [
        one["href"] for one in shown.select(".bar__nav a")
    ]


def two_projects(owner):
    """The owner's first project, and a second one that they supervise."""
    second = make_project("Second study")
    add_member(second, owner, {Role.SUPERVISOR})
    return first_project(), second


def test_whoever_has_one_project_is_not_asked_for_it(client, sign_in, owner):
    sign_in(owner)

    assert page(client, "/").select(".bar__project") == []


def test_the_project_chosen_in_the_header_holds_on_every_page(client, sign_in, owner):
    _, second = two_projects(owner)
    make_article("Only there.", project=second, title="Of the second")
    sign_in(owner)
    assert "Of the second" not in client.get("/").text
    chosen = client.post("/projects/choose", data={"project": second.id, "page": "sources.index"})

    assert chosen.location == "/sources"
    assert "Of the second" in client.get("/").text
    for address in ("/", "/sources", "/claims", "/export", "/articles/new", "/imports", "/account"):
        assert (
            page(client, address).select_one(".bar__project summary bdi, .bar__project .bar__person").text
            == "Second study"
        )
    for address in ("/articles/new", "/imports"):
        assert page(client, address).select_one("input[name=project]")["value"] == str(second.id)
        assert "Into Second study" in page(client, address).select_one(".into").text


def test_a_page_about_a_project_leads_on_within_it(client, sign_in, owner):
    _, second = two_projects(owner)
    sign_in(owner)
    shown = page(client, f"/projects/{second.id}")

    assert shown.select_one(".bar__project .bar__person").text == "Second study"
    assert shown.select_one(".bar__nav a")["href"] == f"/?project={second.id}"
    assert page(client, f"/imports?project={second.id}").select_one("input[name=project]")["value"] == str(second.id)
    form = page(client, shown.select_one("a[href*='articles/new']")["href"])
    assert form.select_one("a[href*='/imports']")["href"] == f"/imports?project={second.id}"


def test_another_project_opens_on_the_same_page_of_it_if_one_may(client, sign_in, owner):
    first, second = two_projects(owner)
    third = make_project("Third")
    add_member(third, owner, {Role.ANALYST})
    sign_in(owner)

    def after(project, endpoint):
        return client.post("/projects/choose", data={"project": project.id, "page": endpoint}).location

    assert after(second, "projects.plan") == f"/projects/{second.id}/plan"
    assert after(third, "projects.plan") == "/"
    assert after(first, "accounts.sign_out") == "/"


def test_a_project_that_is_not_ones_own_is_not_found(app, owner):
    secret = make_project("Secret")
    client = new_client(app)
    sign_in_as(client, make_member("Ann", "analyst"))

    assert client.post("/projects/choose", data={"project": secret.id}).status_code == 404
    assert client.post("/projects/choose", data={"project": "x"}).status_code == 404
    assert "Secret" not in client.get(f"/?project={secret.id}").text
    assert client.get("/?project=9999999999999999999999").status_code == 200
