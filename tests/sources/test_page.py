"""The page of one source: what is added to it, what it shows of its record and its use, and its history."""

from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import func, select

from tests.conftest import new_client
from tests.factories import (
    amend,
    answer,
    make_article,
    make_fact,
    make_member,
    make_project,
    make_rating,
    make_source,
    merge_sources,
    sentences_of,
)
from tests.signing_in import sign_in_as
from webapp import verification
from webapp.db import db
from webapp.domain.chains import Link
from webapp.domain.terms import CueStance, SourceType, Tag
from webapp.models import AuditEvent, SourceAlias, SourceEntry, SourceFact, SourceRating

pytestmark = pytest.mark.page


@pytest.fixture
def supervisor(app):
    return make_member("Super Visor", "supervisor", "analyst")


@pytest.fixture
def browser(app, supervisor):
    client = new_client(app)
    sign_in_as(client, supervisor)
    return client


def browser_of(app, person):
    client = new_client(app)
    sign_in_as(client, person)
    return client


def page(client, source_id, **query):
    answered = client.get(f"/sources/{source_id}", query_string=query)
    assert answered.status_code == 200, answered.text
    return BeautifulSoup(answered.text, "html.parser")


def words(element):
    return " ".join(element.get_text().split())


def section(client, source_id, name):
    return page(client, source_id).select_one(f"section[aria-labelledby={name}]")


def send(client, source_id, what, **fields):
    """The status, and what the page says is wrong."""
    answered = client.post(f"/sources/{source_id}/{what}", data={"seen": "0", "client_id": str(uuid4()), **fields})
    db.session.rollback()
    told = [words(line) for line in BeautifulSoup(answered.text, "html.parser").select("[role=alert] p")]
    return answered.status_code, told


def count(table):
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table))


# ---- adding


def test_another_name_is_added_and_found(browser):
    source = make_source("debkafile", "outlet")

    assert send(browser, source, "aliases", alias="DEBKAfile net")[0] == 302
    assert "also called DEBKAfile net" in words(page(browser, source).select_one(".source__line"))
    assert "debkafile" in browser.get("/sources?q=net").text
    assert send(browser, source, "aliases", alias="Debkafile") == (422, ["It is called “Debkafile” already."])
    assert send(browser, source, "aliases", alias="DebkaFile Net")[0] == 422


def test_a_fact_is_added_with_its_date_and_link_and_stands_in_the_head(browser):
    source = make_source("debkafile", "outlet")
    for told, value in (("country", "Israel"), ("outlet_kind", "web_only"), ("domain", "https://Debka.com/")):
        assert send(browser, source, "facts", property=told, value=value, as_of="2013-10")[0] == 302
    send(browser, source, "facts", property="owner", value="DNM", link="https://example.org/owner")

    assert words(page(browser, source).select_one(".source__line")) == "outlet · web only · Israel · debka.com"
    assert "October 2013" in words(section(browser, source, "known"))
    assert section(browser, source, "known").select_one("a")["href"] == "https://example.org/owner"


def test_an_external_rating_stands_by_itself_and_says_who_rates(browser):
    source = make_source("debkafile", "outlet")
    bad = {"property": "external_rating", "value": "44.5"}

    assert send(browser, source, "facts", **bad) == (422, ["Say who gives the external rating."])
    assert send(browser, source, "facts", **bad, issuer="NewsGuard", as_of="2021")[0] == 302
    assert "NewsGuard 44.5 2021" in words(section(browser, source, "external"))


@pytest.mark.parametrize(
    ("what", "fields", "told"),
    [
        ("facts", {"property": "owner", "value": "DNM", "as_of": "2013-13"}, "“2013-13” is no date; write it as 2013, 2013-10 or 2013-10-28."),
        ("facts", {"property": "owner", "value": "DNM", "link": "ftp://example.org"}, "“ftp://example.org” is no web address; write it whole, as in https://example.org/page."),
        ("facts", {"property": "owner", "value": "DNM", "link": "javascript:alert(1)"}, "“javascript:alert(1)” is no web address; write it whole, as in https://example.org/page."),
        ("facts", {"property": "issn", "value": "0261-3078"}, "“0261-3078” is no ISSN; it looks like 0261-3077."),
        ("aliases", {"alias": "x" * 10_000}, "“name” is 10,000 characters long; the most is 300."),
        ("ratings", {"reliability": "B", "rated_on": "2013-13"}, "“2013-13” is no date; write it as 2013, 2013-10 or 2013-10-28."),
        ("ratings", {"reliability": ""}, "Choose a letter from A to F."),
        ("trust", {"text": "member=https://example.org/\nowner=me"}, "Line 2 is no line of trust.txt: “owner=me”; one begins with member, belongto, control, controlledby, social, vendor, customer, disclosure, contact, datatrainingallowed and “=”."),
    ],
)  # fmt: skip
def test_what_cannot_be_added_is_refused_in_one_sentence_and_nothing_changes(browser, what, fields, told):
    source = make_source("debkafile", "outlet")

    assert send(browser, source, what, **fields) == (422, [told])
    assert [count(table) for table in (SourceAlias, SourceFact, SourceRating)] == [0, 0, 0]


def test_letter_g_is_refused_and_what_was_typed_stays(browser):
    source = make_source("debkafile", "outlet")
    answered = browser.post(f"/sources/{source}/ratings", data={"reliability": "G", "basis": "a hunch"})

    assert answered.status_code == 422
    form = BeautifulSoup(answered.text, "html.parser").select_one("#ratings[open]")
    assert words(form.select_one(".notice--bad")) == "“reliability” is one of A, B, C, D, E, F; got “G”."
    assert form.select_one("[name=basis]")["value"] == "a hunch"
    assert count(SourceRating) == 0


def test_lines_of_trust_txt_become_facts_once(browser):
    source = make_source("debkafile", "outlet")
    lines = "# our file\nbelongto=https://jta.example/\ncontrolledby=https://dnm.example/\n"
    for _ in range(2):
        assert send(browser, source, "trust", text=lines, as_of="2024")[0] == 302

    assert count(SourceFact) == 2
    told = words(section(browser, source, "known"))
    assert "Controlled by https://dnm.example/ 2024" in told
    assert "Member of https://jta.example/ 2024" in told


def test_sources_with_one_owner_name_each_other_as_a_reason_for_doubt(browser):
    one, other, third = (make_source(name, "outlet") for name in ("One", "Other", "Third"))
    make_fact(one, "owner", "Média Group")
    make_fact(other, "controlled_by", "media  group")
    make_fact(third, "owner", "Somebody else")

    told = words(page(browser, one).select_one("main > .notice:not([hidden])"))
    assert told == (
        "Both controlled by Média Group: this source and Other. That is a reason to doubt that they are independent."
    )
    assert page(browser, third).select_one("main > .notice:not([hidden])") is None


def test_a_double_and_a_withdrawn_source_are_no_further_reason_for_doubt(browser):
    one, other, double, gone = (make_source(name, "outlet") for name in ("One", "Other", "Other again", "Gone"))
    for source in (one, other, double, gone):
        make_fact(source, "owner", "Media Group")
    merge_sources(double, other)
    amend(SourceEntry, gone, withdrawn_why="made twice")

    told = words(page(browser, one).select_one("main > .notice:not([hidden])"))
    assert told.startswith("Both controlled by Media Group: this source and Other. ")


# ---- ratings


def test_a_rating_stands_with_its_letter_alone_its_date_basis_and_coder_code(browser, supervisor):
    source = make_source("debkafile", "outlet")
    send(browser, source, "ratings", reliability="C", rated_on="2013-03", basis="first look")
    send(browser, source, "ratings", reliability="D", rated_on="2013-10-28", basis="two claims contradicted")
    rows = section(browser, source, "rated").select("tbody tr")

    assert [row.select_one(".rate").get_text() for row in rows] == ["D", "C"]
    assert [row.select_one("time").get_text() for row in rows] == ["28 October 2013", "March 2013"]
    assert "first look" in words(rows[1])
    assert page(browser, source).select_one("svg.letters")["aria-label"] == (
        "Ratings over time: C as of March 2013, D as of 28 October 2013."
    )
    assert verification.faults() == []


def test_a_second_click_rates_once(browser):
    source = make_source("debkafile", "outlet")
    same = {"reliability": "C", "client_id": str(uuid4())}
    for _ in range(2):
        assert send(browser, source, "ratings", **same)[0] == 302

    assert count(SourceRating) == 1


def test_answers_keep_the_letter_that_was_in_force(browser, supervisor):
    source = make_source("debkafile", "outlet")
    send(browser, source, "ratings", reliability="D", rated_on="2013")
    first, second, third = sentences_of(make_article())
    for sentence in (first, second):
        answer(sentence, supervisor, Tag.ATTRIBUTION, source_id=source)
    send(browser, source, "ratings", reliability="C", rated_on="2026")
    answer(third, supervisor, Tag.ATTRIBUTION, source_id=source)
    note = section(browser, source, "rated").select_one(".twin__note")

    assert words(note) == "2 answers were given while D of 2013 was in force; they keep it. See them"
    listed = BeautifulSoup(browser.get(note.a["href"]).text, "html.parser")
    assert [words(link) for link in listed.select(".quotes__words")] == [first.text, second.text]
    assert "2 sentences whose answers keep D of 2013" in words(listed.main)


# ---- use


def test_the_chain_of_a_sentence_is_told_and_whom_the_source_speaks_for(browser, supervisor):
    outlet, army = make_source("debkafile", "outlet"), make_source("Israel Defense Forces")
    unnamed = make_source("military sources of debkafile", "described")
    first, second, third = sentences_of(make_article(title="Air force chief", published="2013-10-27"))
    answer(
        first, supervisor, Tag.ATTRIBUTION, source_id=unnamed, source_type=SourceType.UNNAMED_SOURCE,
        chain=(Link(outlet, cue_text="report", cue_stance=CueStance.DISTANCING),),
    )  # fmt: skip
    answer(second, supervisor, Tag.ATTRIBUTION, source_id=army, chain=(Link(outlet),))
    answer(third, supervisor, Tag.ATTRIBUTION, source_id=outlet)
    figures = [words(tile) for tile in page(browser, outlet).select(".figures li")]

    assert figures == [
        "3 sentences name it, in 1 article",
        "2 of 3 times it passes on what somebody else said",
        "1 of 3 times it speaks for unnamed people",
        "1 of 3 times the cue keeps its distance",
    ]
    assert [words(row) for row in section(browser, outlet, "speaks-for").select("li")] == [
        "Israel Defense Forces organisation 1 sentence",
        "military sources of debkafile described unknown 1 sentence",
    ]
    said = section(browser, outlet, "quoted").select("li")
    assert words(said[0].select_one(".quotes__chain")).replace(" ,", ",") == (
        "military sources of debkafile →, passed on by debkafile report"
    )
    assert "27 October 2013" in words(said[0])
    assert "Air force chief, sentence 1" in words(said[0])
    assert said[0].select_one("[data-tag=ATTRIBUTION]")
    assert words(section(browser, army, "quoted").select_one(".quotes__words")) == second.text


def test_words_that_are_no_entry_are_spoken_for_as_they_were_printed(browser, supervisor):
    outlet = make_source("debkafile", "outlet")
    first, *_ = sentences_of(make_article())
    answer(
        first, supervisor, Tag.ATTRIBUTION, source_text="insiders", source_type=SourceType.UNNAMED_SOURCE,
        chain=(Link(outlet),),
    )  # fmt: skip

    assert words(section(browser, outlet, "speaks-for").select_one("li")) == "insiders unnamed source 1 sentence"


def test_the_page_of_a_source_asks_as_much_for_many_sentences_as_for_one(browser, supervisor, statements):
    source = make_source("debkafile", "outlet")
    sentences = sentences_of(make_article(sentences=30))
    answer(sentences[0], supervisor, Tag.ATTRIBUTION, source_id=source)
    with statements() as few:
        page(browser, source)
    for sentence in sentences[1:]:
        answer(sentence, supervisor, Tag.ATTRIBUTION, source_id=source)
    with statements() as many:
        shown = page(browser, source)

    assert len(many) == len(few) <= 32
    assert len(shown.select(".quotes > li")) == 10
    assert "All 30 sentences" in words(shown.main)
    assert len(BeautifulSoup(browser.get(f"/sources/{source}/uses").text, "html.parser").select(".quotes > li")) == 30


# ---- taken back


@pytest.mark.parametrize("part", ["alias", "fact", "rating"])
def test_what_was_a_mistake_is_withdrawn_with_a_reason_and_stays_in_the_history(browser, supervisor, part):
    source = make_source("debkafile", "outlet", by=supervisor)
    send(browser, source, "aliases", alias="Debka net")
    send(browser, source, "facts", property="country", value="Jordan")
    send(browser, source, "ratings", reliability="A")
    table = {"alias": SourceAlias, "fact": SourceFact, "rating": SourceRating}[part]
    row = db.session.scalars(select(table)).one()
    about = {"part": part, "part_id": str(getattr(row, f"{part}_id")), "seen": "1"}

    assert send(browser, source, "withdraw", **about, reason=" ") == (
        422,
        ["Say in a few words why it is withdrawn; it stays on record."],
    )
    assert send(browser, source, "withdraw", **about, reason="a slip")[0] == 302
    struck = section(browser, source, "history").select_one("s")
    assert words(struck) in ("“Debka net”", "Country: Jordan") or "A as of" in words(struck)
    assert "a slip" in words(section(browser, source, "history"))
    assert send(browser, source, "withdraw", **{**about, "seen": "2"}, reason="again")[0] == 422
    assert count(table) == 2
    assert verification.faults() == []


def test_only_ones_own_is_withdrawn_unless_one_supervises(app, browser, supervisor, analyst):
    source = make_source("debkafile", "outlet", by=supervisor)
    send(browser, source, "aliases", alias="Debka net")
    row = db.session.scalars(select(SourceAlias)).one()
    about = {"part": "alias", "part_id": str(row.alias_id), "seen": "1", "reason": "no"}

    assert send(browser_of(app, analyst), source, "withdraw", **about)[0] == 404
    assert send(browser, source, "withdraw", **about)[0] == 302


def test_a_withdrawn_source_leaves_the_list_says_why_and_takes_nothing_more(browser, supervisor):
    source = make_source("debkafile", "outlet", by=supervisor)
    send(browser, source, "withdraw", part="source", part_id=str(source), seen="1", reason="made twice")

    assert "debkafile" not in browser.get("/sources").text
    assert (
        words(page(browser, source).select_one("main > .notice:not([hidden])"))
        == "This source was withdrawn: made twice"
    )
    assert send(browser, source, "aliases", alias="x")[0] == 422
    assert send(browser, source, "name", name="y", kind="outlet", seen="2")[0] == 422
    assert verification.faults() == []


# ---- blind


@pytest.fixture
def blind(app):
    project = make_project("Blind", is_blind=True)
    people = {name: make_member(name, name.split()[0], project=project) for name in ("analyst one", "analyst two")}
    people["supervisor"] = make_member("supervisor", "supervisor", project=project)
    return project, people


def test_in_a_blind_round_an_analyst_sees_a_published_source_without_anybodys_use_or_rating(app, blind):
    project, people = blind
    source = make_source("Reuters", "outlet", by=people["analyst one"], project=project)
    supervisor, two = browser_of(app, people["supervisor"]), browser_of(app, people["analyst two"])
    theirs = make_rating(source, "B", by=people["analyst one"], basis="secret basis")
    assert two.get(f"/sources/{source}").status_code == 404
    send(supervisor, source, "publish", part="source", part_id=str(source), seen="1", publish="1")
    send(supervisor, source, "aliases", alias="Thomson Reuters")

    shown = page(two, source)
    assert "Thomson Reuters" in shown.text
    assert "secret basis" not in shown.text
    assert shown.select("svg.letters") == []
    assert "made it" not in words(shown.select_one("section[aria-labelledby=history]"))
    assert send(two, source, "aliases", alias="mine")[0] == 404
    assert send(two, source, "ratings", reliability="C")[0] == 302
    assert [one.get_text() for one in page(two, source).select("table .rate")] == ["C"]
    send(supervisor, source, "publish", part="rating", part_id=str(theirs), seen="1", publish="1")
    assert sorted(one.get_text() for one in page(two, source).select("table .rate")) == ["B", "C"]
    assert sorted(
        one.get_text() for one in page(browser_of(app, people["analyst one"]), source).select("table .rate")
    ) == ["B"]
    assert verification.faults() == []


def test_publishing_is_the_supervisors_is_taken_back_and_goes_on_record(app, blind):
    project, people = blind
    source = make_source("Reuters", "outlet", by=people["analyst one"], project=project)
    supervisor, one = browser_of(app, people["supervisor"]), browser_of(app, people["analyst one"])
    about = {"part": "source", "part_id": str(source)}

    assert send(one, source, "publish", **about, seen="1", publish="1")[0] == 404
    assert send(supervisor, source, "publish", **about, seen="1", publish="1")[0] == 302
    assert send(supervisor, source, "publish", **about, seen="1", publish="")[0] == 409
    assert send(supervisor, source, "publish", **about, seen="2", publish="")[0] == 302
    assert browser_of(app, people["analyst two"]).get(f"/sources/{source}").status_code == 404
    kinds = db.session.scalars(select(AuditEvent.what).where(AuditEvent.what.like("source%")).order_by(AuditEvent.id))
    assert list(kinds) == ["source published", "source no longer published"]


def test_in_a_blind_round_its_maker_adds_nothing_more_to_a_published_source(app, blind):
    """The others would see it."""
    project, people = blind
    source = make_source("Reuters", "outlet", by=people["analyst one"], project=project)
    one, two = (browser_of(app, people[name]) for name in ("analyst one", "analyst two"))
    assert send(one, source, "aliases", alias="RTR")[0] == 302
    send(
        browser_of(app, people["supervisor"]),
        source,
        "publish",
        part="source",
        part_id=str(source),
        seen="1",
        wanted="1",
    )
    before = words(page(two, source))

    for what, told in {
        "aliases": {"alias": "Xylophone"},
        "facts": {"property": "country", "value": "Xylophone"},
        "trust": {"text": "control=https://xylophone.example"},
        "name": {"name": "Xylophone", "kind": "outlet", "seen": "2"},
        "withdraw": {"part": "source", "part_id": str(source), "seen": "2", "reason": "Xylophone"},
    }.items():
        assert send(one, source, what, **told)[0] == 404, what
    row = db.session.scalars(select(SourceAlias)).one()
    gone = {"part": "alias", "part_id": str(row.alias_id), "seen": "1", "reason": "Xylophone"}
    assert send(one, source, "withdraw", **gone)[0] == 404
    assert words(page(two, source)) == before
