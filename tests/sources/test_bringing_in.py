"""A registry comes in by CSV, or is copied from another project: all of it, or nothing."""

import io

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import func, select

from tests.conftest import new_client
from tests.factories import amend, make_fact, make_member, make_project, make_rating, make_source, merge_sources
from tests.signing_in import sign_in_as
from tests.sources.test_page import blind, browser, browser_of, count, page, supervisor, words  # noqa: F401
from webapp import verification
from webapp.db import db
from webapp.models import AuditEvent, Role, Source, SourceAlias, SourceEntry, SourceFact, SourceRating
from webapp.projects.actions import add_member

TABLE = "name,kind,aliases,domain\ndebkafile,outlet,Debka|DEBKA net,debka.com\nIDF,organisation,,\n"


def bring(client, table=None, **fields):
    """The status, and what is said."""
    data = {"upload": (io.BytesIO(table), "sources.csv")} if isinstance(table, bytes) else {"text": table or ""}
    answered = client.post("/sources/import", data={**data, **fields})
    db.session.rollback()
    told = [words(line) for line in BeautifulSoup(answered.text, "html.parser").select("[role=alert] p")]
    return answered.status_code, told


def rows():
    return [count(table) for table in (Source, SourceEntry, SourceAlias, SourceFact)]


@pytest.mark.parametrize("sent", [TABLE, TABLE.encode(), b"\xef\xbb\xbf" + TABLE.encode()])
def test_a_table_comes_in_pasted_or_as_a_file(browser, sent):  # noqa: F811
    assert bring(browser, sent) == (302, [])
    assert rows() == [2, 2, 2, 1]
    assert "New: 2 sources, 2 other names and 1 fact." in browser.get("/sources").text
    assert verification.faults() == []
    assert db.session.scalar(select(AuditEvent.details).where(AuditEvent.what == "sources brought in"))["sources"] == 2


def test_the_same_again_changes_nothing_and_what_is_there_gets_what_is_new(browser):  # noqa: F811
    source = make_source("Debkafile", "outlet", aliases=["Debka"])
    make_fact(source, "domain", "debka.com")
    bring(browser, TABLE)
    assert rows() == [2, 2, 2, 1]
    assert bring(browser, TABLE)[0] == 302
    assert rows() == [2, 2, 2, 1]
    assert "All of that is here already." in browser.get("/sources").text
    assert "DEBKA net" in page(browser, source).text


def test_one_bad_line_in_ten_thousand_refuses_the_whole_with_its_number(browser):  # noqa: F811
    lines = ["name,kind,domain", *(f"Source {n},outlet,s{n}.example" for n in range(10_000))]
    lines[7_000] = "Source x,outlet,no domain at all"

    status, told = bring(browser, "\n".join(lines).encode())

    assert status == 422
    assert told == [
        "Nothing was brought in, because of line 7,001: “no domain at all” is no Domain; it looks like example.org."
    ]
    assert rows() == [0, 0, 0, 0]


def test_ten_thousand_lines_come_in_with_few_statements(browser, statements):  # noqa: F811
    lines = ["name,kind,aliases,domain", *(f"Source {n},outlet,Alias {n},s{n}.example" for n in range(10_000))]
    with statements() as seen:
        assert bring(browser, "\n".join(lines).encode())[0] == 302

    assert rows() == [10_000] * 4
    assert len(seen) < 130


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ("", "Choose a file or paste lines; one of the two."),
        ("é;ö".encode("latin-1"), "The file is not UTF-8; save it as “CSV UTF-8” and send it again."),
        ("name,kind\nAFP,paper", "Nothing was brought in, because of line 2: “kind” is one of person, organisation, outlet, document, described; got “paper”."),
    ],
)  # fmt: skip
def test_what_is_no_registry_is_refused_in_one_sentence(browser, sent, told):  # noqa: F811
    assert bring(browser, sent) == (422, [told])
    assert rows() == [0, 0, 0, 0]


def test_what_was_pasted_stays_in_the_form(browser):  # noqa: F811
    answered = browser.post("/sources/import", data={"text": "name\nAFP"})

    assert BeautifulSoup(answered.text, "html.parser").select_one("textarea").text.strip() == "name\nAFP"


def test_in_a_blind_round_analysts_see_what_came_in_only_when_it_is_published(app, blind):  # noqa: F811
    project, people = blind
    make_source("debkafile", "outlet", by=people["analyst one"], project=project)
    supervisor, one = browser_of(app, people["supervisor"]), browser_of(app, people["analyst two"])  # noqa: F811
    bring(supervisor, TABLE)
    assert "IDF" not in one.get("/sources").text
    bring(supervisor, "name,kind\nReuters,outlet\n", publish="1")

    assert "Reuters" in one.get("/sources").text
    assert count(Source) == 4


@pytest.fixture
def two(app, supervisor):  # noqa: F811
    """A registry elsewhere, with a double, a withdrawn alias and a rating."""
    elsewhere = make_project("Elsewhere")
    add_member(elsewhere, supervisor, {Role.SUPERVISOR})
    kept = make_source("debkafile", "outlet", project=elsewhere, aliases=["Debka"])
    double = make_source("DEBKA-file", "outlet", project=elsewhere, aliases=["DF"])
    make_fact(double, "owner", "DNM", as_of="2012", link="https://example.org/")
    make_rating(kept, "D", basis="a secret basis")
    merge_sources(double, kept)
    amend(
        SourceAlias,
        db.session.scalar(select(SourceAlias.alias_id).where(SourceAlias.alias == "DF")),
        withdrawn_why="no",
    )
    return elsewhere


def test_a_registry_is_copied_without_ratings(browser, two):  # noqa: F811
    told = words(BeautifulSoup(browser.get("/sources/import").text, "html.parser").main)
    assert "Ratings are not: they are people’s judgements and stay where they were given." in told
    for _ in range(2):
        assert browser.post("/sources/copy", data={"origin": str(two.id)}).status_code == 302
    listed = BeautifulSoup(browser.get("/sources").text, "html.parser").select(".row")

    assert len(listed) == 1
    assert "also called DEBKA-file, Debka" in words(listed[0])
    copied = page(browser, listed[0].a["href"].rpartition("/")[2])
    assert "DNM" in copied.text
    assert copied.select("table .rate") == []
    assert count(SourceRating) == 1
    assert verification.faults() == []


def test_only_from_a_project_that_one_supervises(app, browser, owner):  # noqa: F811
    far = make_project("Far away")
    make_source("Reuters", project=far)

    assert browser.post("/sources/copy", data={"origin": str(far.id)}).status_code == 422
    assert browser.post("/sources/copy", data={"origin": "x"}).status_code == 422
    assert browser.post(f"/sources/import?project={far.id}", data={"text": TABLE}).status_code == 404
    analyst = make_member("An Alyst", "analyst")
    client = new_client(app)
    sign_in_as(client, analyst)
    assert bring(client, TABLE)[0] == 403
    assert db.session.scalar(select(func.count()).select_from(Source)) == 1
