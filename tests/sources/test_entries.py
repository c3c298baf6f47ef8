"""A source is made, renamed, and shown on its page."""

from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import func, select

from tests.conftest import new_client
from tests.factories import make_member, make_project
from tests.signing_in import sign_in_as
from tests.sources.builders import made
from webapp import verification
from webapp.db import db
from webapp.models import Source, SourceEntry


@pytest.fixture
def browser(app, analyst):
    """An analyst's, in an open project."""
    client = new_client(app)
    sign_in_as(client, analyst)
    return client


def sent(client, address, **fields):
    """What the page says is wrong, and the answer."""
    answered = client.post(address, data={"seen": "0", "client_id": str(uuid4()), **fields})
    told = [line.get_text(strip=True) for line in BeautifulSoup(answered.text, "html.parser").select("[role=alert] p")]
    db.session.rollback()
    return answered, told


def entries():
    db.session.rollback()
    return [
        (entry.name, entry.kind.value, entry.version)
        for entry in db.session.scalars(select(SourceEntry).order_by(SourceEntry.id))
    ]


def test_a_source_is_made_and_its_page_opens(browser):
    answered, _ = sent(browser, "/sources/new", name="  debkafile ", kind="outlet")

    assert answered.status_code == 302
    assert "debkafile" in browser.get(answered.location).text
    assert entries() == [("debkafile", "outlet", 1)]
    assert verification.faults() == []


def test_a_second_click_makes_no_second_source(browser):
    fields = {"name": "AFP", "kind": "outlet", "client_id": str(uuid4())}
    first, _ = sent(browser, "/sources/new", **fields)
    second, _ = sent(browser, "/sources/new", **fields)

    assert first.location == second.location
    assert db.session.scalar(select(func.count()).select_from(Source)) == 1


@pytest.mark.parametrize("name", ["AFP", "afp", " A.F.P.".replace(".", ""), "ÁFP"])
def test_a_name_and_kind_that_is_there_is_refused_in_an_open_project(browser, owner, name):
    made("AFP", "outlet", by=owner)
    answered, told = sent(browser, "/sources/new", name=name, kind="outlet")

    assert answered.status_code == 422
    assert told == ["There is a source called “AFP” (outlet) already; open it, or choose another name."]
    assert sent(browser, "/sources/new", name=name, kind="person")[0].status_code == 302


def test_in_a_blind_round_each_has_their_own_and_only_their_own_doubles_are_refused(app, owner):
    project = make_project("Blind", is_blind=True)
    mine, other = (make_member(name, "analyst", project=project) for name in ("Mine", "Other"))
    theirs = made("Reuters", "outlet", by=other, project=project)
    client = new_client(app)
    sign_in_as(client, mine)
    address = f"/sources/new?project={project.id}"

    assert sent(client, address, name="Reuters", kind="outlet")[0].status_code == 302
    assert sent(client, address, name="Reuters", kind="outlet")[0].status_code == 422
    assert client.get(f"/sources/{theirs.id}").status_code == 404
    assert sent(client, f"/sources/{theirs.id}/name", name="Mine", kind="outlet", seen="1")[0].status_code == 404


@pytest.mark.parametrize(
    ("name", "kind", "told"),
    [
        ("", "outlet", "Give the source a name with at least one letter or digit."),
        ("…", "outlet", "Give the source a name with at least one letter or digit."),
        ("x" * 10_000, "outlet", "“name” is 10,000 characters long; the most is 300."),
        ("AFP", "", "Choose what kind of source it is."),
        ("a\x00b", "outlet", "“name” holds a character that cannot be stored; please type it again."),
    ],
)
def test_what_cannot_be_a_source_is_refused_in_one_sentence_and_nothing_is_made(browser, name, kind, told):
    answered, said = sent(browser, "/sources/new", name=name, kind=kind)

    assert (answered.status_code, said) == (422, [told])
    assert entries() == []


def test_a_new_name_is_a_revision_and_keeps_the_kind_chosen(browser, owner):
    source = made("Reuter", "organisation", by=owner)
    answered, _ = sent(browser, f"/sources/{source.id}/name", name="Reuters", kind="outlet", seen="1")

    assert answered.status_code == 302
    assert entries() == [("Reuter", "organisation", 1), ("Reuters", "outlet", 2)]
    assert verification.faults() == []


def test_a_name_that_comes_late_is_kept_in_the_form_beside_the_one_that_counts(browser, owner):
    source = made("Reuter", "outlet", by=owner)
    sent(browser, f"/sources/{source.id}/name", name="Reuters", kind="outlet", seen="1")
    late, told = sent(browser, f"/sources/{source.id}/name", name="Reuters Ltd", kind="outlet", seen="1")
    page = BeautifulSoup(late.text, "html.parser")
    form = page.select_one("details[open] form")

    assert late.status_code == 409
    assert told == ["This was changed elsewhere in the meantime; choose which of the two is to count."]
    assert page.select_one("h1").get_text(strip=True) == "Reuters"
    assert form.select_one("[name=name]")["value"] == "Reuters Ltd"
    again = {name: form.select_one(f"[name={name}]")["value"] for name in ("name", "seen", "client_id")}
    assert sent(browser, f"/sources/{source.id}/name", kind="outlet", **again)[0].status_code == 302
    assert entries()[-1] == ("Reuters Ltd", "outlet", 3)


def test_a_name_of_another_source_is_refused(browser, owner):
    made("AFP", "outlet", by=owner)
    source = made("Reuters", "outlet", by=owner)

    assert sent(browser, f"/sources/{source.id}/name", name="afp", kind="outlet", seen="1")[0].status_code == 422
    assert sent(browser, f"/sources/{source.id}/name", name="REUTERS", kind="outlet", seen="1")[0].status_code == 302


def test_a_researcher_reads_and_changes_nothing(app, owner):
    source = made("Reuters", by=owner)
    researcher = make_member("Re Searcher", "researcher")
    client = new_client(app)
    sign_in_as(client, researcher)

    assert client.get(f"/sources/{source.id}").status_code == 200
    assert BeautifulSoup(client.get(f"/sources/{source.id}").text, "html.parser").select("main form") == []
    assert sent(client, f"/sources/{source.id}/name", name="A", kind="outlet", seen="1")[0].status_code == 403
