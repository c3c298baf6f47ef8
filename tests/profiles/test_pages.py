"""Profiles as pages: an article's, several side by side, the sentences behind a cell, and the files."""

import csv
import io
import xml.etree.ElementTree as ET

import pytest
from bs4 import BeautifulSoup

from tests.factories import answer, make_article, make_claim, make_member, make_project, make_source, sentences_of
from webapp import __version__
from webapp.adjudication.actions import adjudicate
from webapp.db import db, now
from webapp.domain.adjudication import Cause, DecidingRule, Decision
from webapp.domain.terms import SourceType, Tag
from webapp.models import AuditEvent
from webapp.profiles import columns
from webapp.tagging.actions import submit

pytestmark = pytest.mark.page

F, A, S, O, _ = Tag  # noqa: E741 (the letters of the tags)


@pytest.fixture
def others(app):
    return [make_member(name, "analyst") for name in ("Ben", "Chi")]


def words_of(html, selector="main"):
    return " ".join(BeautifulSoup(html, "html.parser").select_one(selector).text.split())


def tag_all(article, person, tags, **fields):
    """Answers to all sentences, handed in."""
    for sentence, tag in zip(sentences_of(article), tags, strict=True):
        answer(sentence, person, tag, **(fields if tag is A else {}))
    submit(article, person)


@pytest.fixture
def article(app, owner, others):
    """Three sentences; one analyst tells two facts, the other one."""
    article = make_article("One came. He said two went. Three may follow.", title="A visit", outlet="Courier")
    tag_all(article, others[0], (F, F, S))
    reuters = make_source("Reuters", "outlet", by=others[1])
    tag_all(article, others[1], (F, A, S), source_type=SourceType.MEDIA_OUTLET, source_id=reuters)
    return article


def test_the_profile_counts_what_was_handed_in(client, sign_in, owner, article):
    sign_in(owner)
    page = words_of(client.get(f"/articles/{article.id}/profile").text)

    assert "3 sentences · 2 analysts, codebook 1.0" in page
    assert "on 1 of 3 shared sentences they differ, on 1 evenly: no tag." in page
    assert "1 of 2 told as fact by the outlet itself" in page
    assert "Fact 1 of 2 (1 to 2)" in page
    assert "Fewer than ten codable sentences: counts only." in page
    assert "%" not in page


def test_an_analyst_sees_a_profile_of_their_own_answers_and_is_told_so(client, sign_in, article, others):
    third = make_member("Dee", "analyst")
    answer(sentences_of(article)[0], third, O)
    sign_in(third)
    page = words_of(client.get(f"/articles/{article.id}/profile").text)

    assert "Your own answers so far: 1 of 3 sentences." in page
    assert "Opinion 1 of 1" in page
    assert "Fact 0 of 1" in page
    assert "Reuters" not in page


def test_what_is_settled_comes_before_what_most_said(client, sign_in, owner, article):
    adjudicate(sentences_of(article)[1], owner, Decision(A, DecidingRule.R1, Cause.SLIP, "Told by him."), 0)
    sign_in(owner)
    page = words_of(client.get(f"/articles/{article.id}/profile").text)

    assert "1 of 1 attribution names a source" in page
    assert "1 distinct source: Reuters" in page
    assert "Of 1 attribution, as most analysts say who found one." in page


def test_without_answers_the_page_says_what_will_be_there(client, sign_in, owner):
    sign_in(owner)
    page = client.get(f"/articles/{make_article().id}/profile")

    assert "Nothing to show yet." in page.text
    assert "<rect" not in page.text


def test_claims_stand_with_what_has_none_yet(client, sign_in, owner, article):
    make_claim("One came.", sentences_of(article)[0], by=owner)
    sign_in(owner)
    page = words_of(client.get(f"/articles/{article.id}/profile").text)

    assert "1 of 1 checkable sentences have a claim" in page
    assert "not started 1" in page


def test_the_bar_code_is_a_picture_of_both_kinds_on_record(client, sign_in, owner, article):
    sign_in(owner)
    drawn = client.post(f"/articles/{article.id}/profile.svg")
    pixels = client.post(f"/articles/{article.id}/profile.png")

    root = ET.fromstring(drawn.data)
    told = " ".join("".join(root.itertext()).split())
    assert "A visit" in told
    assert "codebook 1.0" in told
    assert len(root.findall(".//{*}rect")) >= 3
    assert pixels.mimetype == "image/png"
    assert pixels.data.startswith(b"\x89PNG")
    db.session.rollback()
    taken = [event.details["format"] for event in db.session.query(AuditEvent).filter_by(what="exported")]
    assert taken == ["svg", "png"]


@pytest.mark.parametrize("title", ['<script>alert("x")</script>', "& ]]> “quoted”", "عنوان 漢字"])
def test_a_title_stays_words_in_the_picture(client, sign_in, owner, title):
    article = make_article("One came.", title=title)
    answer(sentences_of(article)[0], owner, F)
    sign_in(owner)

    root = ET.fromstring(client.post(f"/articles/{article.id}/profile.svg").data)
    assert root.find("{*}title").text == title


def test_the_table_has_a_row_for_each_figure(client, sign_in, owner, article):
    sign_in(owner)
    text = client.post(f"/articles/{article.id}/profile.csv").text
    rows = {row["figure"]: row for row in csv.DictReader(io.StringIO(text))}

    assert (rows["fact"]["k"], rows["fact"]["n"], rows["fact"]["share"]) == ("1", "2", "")
    assert rows["fact"]["column"] == f"article:{article.id}"
    assert rows["split"]["k"] == "1"


# ---- side by side


@pytest.fixture
def corpus(app, others):
    """Four articles of the Courier and one of the Post, of four sentences each."""
    mixes = [(F, F, S, O), (F, S, S, O), (F, F, F, S), (F, O, O, S)]
    found = [make_article(sentences=4, outlet="Courier", published=f"2013-0{number}-11") for number in range(1, 5)]
    found.append(make_article(sentences=4, outlet="Post", published="2014"))
    for one, tags in zip(found, [*mixes, (O, O, O, O)], strict=True):
        tag_all(one, others[0], tags)
        tag_all(one, others[1], tags)
    return found


@pytest.mark.parametrize(
    ("role", "way", "dates"),
    [
        ("analyst", "Tag it at the desk", "resolve them"),
        ("supervisor", "Hand it out", "resolve them"),
        ("researcher", None, "where they stand"),
    ],
)
def test_the_profile_of_what_nobody_tagged_says_what_to_do(client, sign_in, app, role, way, dates):
    article = make_article("He came last week. Nobody saw him on Monday.", published="2013-10-26")
    sign_in(make_member("Kim", role))
    page = BeautifulSoup(client.get(f"/articles/{article.id}/profile").text, "html.parser")

    links = [link.text for link in page.select("main .empty a")]
    assert links == ([way] if way else [])
    assert page.select_one(".judge__dates a").text == dates


def test_columns_stand_side_by_side_with_intervals(client, sign_in, owner, corpus):
    sign_in(owner)
    page = words_of(client.get("/projects/1/profiles?column=outlet:Courier&column=outlet:Post").text, "table")

    assert "Courier 4 articles · 2 analysts" in page
    fact = page.split("Fact")[1].split("Attribution")[0]
    assert "7 of 16 44 %" in fact
    assert " to " in fact
    assert "0 of 4" in fact


def test_a_span_of_time_and_the_articles_that_quote_a_source_are_columns(client, sign_in, owner, corpus, article):
    sign_in(owner)
    page = words_of(client.get("/projects/1/profiles?column=time:2013-02..2013-03").text, "table")
    assert "2013-02 to 2013-03 2 articles" in page

    source = client.get("/sources").text
    address = BeautifulSoup(source, "html.parser").find("a", string="Reuters")["href"]
    button = BeautifulSoup(client.get(address).text, "html.parser").find("a", string="Articles that quote it")
    page = words_of(client.get(button["href"]).text, "table")
    assert "quotes Reuters 1 article" in page


def test_a_column_of_articles_that_nobody_handed_in_says_so(client, sign_in, owner, article):
    make_article("Four came.", outlet="Gazette")
    sign_in(owner)
    page = words_of(client.get("/projects/1/profiles?column=outlet:Gazette").text, "table")

    assert "Gazette 1 article · nothing handed in take away" in page


def test_page_picture_and_cells_say_that_only_the_newest_articles_are_looked_at(
    client, sign_in, owner, corpus, monkeypatch
):
    monkeypatch.setattr(columns, "MOST_ARTICLES", 3)
    sign_in(owner)
    page = client.get("/projects/1/profiles?column=outlet:Courier")
    picture = client.post("/projects/1/profiles.svg?column=outlet:Courier")
    cell = client.get("/projects/1/profiles/sentences?column=outlet:Courier&figure=fact")

    assert "Courier 4 articles, the newest 3 · 2 analysts" in words_of(page.text, "table")
    assert "4 articles, the newest 3 · 2 analysts" in picture.text
    assert "sentences in the newest 3 of 4 articles" in words_of(cell.text)


def test_the_lines_of_a_plot_stand_further_apart_as_words_grow_on_the_page_alone(client, sign_in, owner, corpus):
    sign_in(owner)
    asked = "column=outlet:Courier&column=outlet:Post"
    plot = BeautifulSoup(client.get(f"/projects/1/profiles?{asked}").text, "html.parser").select_one(".dots svg")
    picture = client.post(f"/projects/1/profiles.svg?{asked}").text

    heights = [
        plot["height"],
        *(one["y"] for one in plot.select("text")),
        *(one["cy"] for one in plot.select("circle")),
    ]
    assert len(heights) > 5
    assert all(height.endswith("rem") for height in heights)
    assert "rem" not in picture


def test_a_cell_opens_its_sentences(client, sign_in, owner, corpus):
    sign_in(owner)
    table = BeautifulSoup(client.get("/projects/1/profiles?column=outlet:Courier").text, "html.parser")
    cell = client.get(table.select_one("a.cell")["href"])
    shown = BeautifulSoup(cell.text, "html.parser").select("li.row")

    assert "7 of 16 sentences" in words_of(cell.text)
    assert len(shown) == 7
    first = sentences_of(corpus[-2])[0]
    assert shown[0].select_one("a")["href"] == f"/articles/{corpus[-2].id}/reading?at={first.id}#s{first.id}"


@pytest.mark.parametrize(
    ("asked", "column"),
    [
        ("add_outlet=Post", "outlet:Post"),
        ("add_page=5", "article:5"),
        ("add_page=http://x.org/articles/5", "article:5"),
        ("add_page=http://x.org/articles/5/profile", "article:5"),
        ("add_page=http://x.org/articles/5/reading%3Fat=31%23s31", "article:5"),
        ("add_since=2013-02", "time:2013-02.."),
        ("add_since=2013-02&add_until=2013", "time:2013-02..2013"),
    ],
)
def test_the_form_adds_a_column_to_those_that_stand_there(client, sign_in, owner, corpus, asked, column):
    sign_in(owner)
    answered = client.get(f"/projects/1/profiles?column=outlet:Courier&{asked}")

    assert answered.status_code == 302
    page = client.get(answered.location)
    links = BeautifulSoup(page.text, "html.parser").select("input[name=column]")
    assert [one["value"] for one in links] == ["outlet:Courier", column]


def test_a_source_joins_the_columns_by_the_address_of_its_page(client, sign_in, owner, corpus, article):
    sign_in(owner)
    sources = BeautifulSoup(client.get("/sources").text, "html.parser")
    address = sources.find("a", string="Reuters")["href"]
    added = client.get(f"/projects/1/profiles?column=outlet:Post&add_page=http://x.org{address}")

    assert "quotes Reuters 1 article" in words_of(client.get(added.location).text, "table")


def test_all_that_is_filled_in_at_once_becomes_columns(client, sign_in, owner, corpus):
    sign_in(owner)
    added = client.get("/projects/1/profiles?add_outlet=Post&add_page=5&add_since=2013-02")

    page = BeautifulSoup(client.get(added.location).text, "html.parser")
    assert [one["value"] for one in page.select("input[name=column]")] == ["outlet:Post", "article:5", "time:2013-02.."]


@pytest.mark.parametrize(
    ("asked", "field", "said"),
    [
        ("add_page=visit", "add_page", "“visit” leads to no article of this project"),
        ("add_page=5 visits", "add_page", "“5 visits” leads to no article of this project"),
        ("add_page=999", "add_page", "“999” leads to no article of this project"),
        (
            "add_page=/sources/00000000-0000-4000-8000-000000000000",
            "add_page",
            "No answer that you may read quotes this source",
        ),
        ("add_since=May 2013", "add_since", "“May 2013” is no date; write it as 2013"),
        ("add_since=2014&add_until=2013-02", "add_since", "The beginning is after the end; swap them."),
        ("add_since=2199", "add_since", "No article that you may read is dated from 2199"),
    ],
)
def test_a_slip_in_a_new_column_is_said_at_its_field_and_loses_nothing(
    client, sign_in, owner, corpus, asked, field, said
):
    sign_in(owner)
    answered = client.get(f"/projects/1/profiles?column=outlet:Courier&add_outlet=Post&{asked}")
    page = BeautifulSoup(answered.text, "html.parser")

    assert answered.status_code == 422
    assert page.select_one(f"#{field}-error").text.startswith(said)
    at_fault = page.select_one(f"#{field}")
    assert at_fault["value"] == asked.partition("&")[0].partition("=")[2]
    assert at_fault["aria-invalid"] == "true"
    assert page.select_one("[autofocus]") is at_fault
    assert page.select_one("#add_outlet option[selected]")["value"] == "Post"
    assert "Courier 4 articles" in words_of(answered.text, "table")


def test_the_way_to_a_new_column_stands_before_the_figures(client, sign_in, owner, corpus):
    sign_in(owner)
    page = BeautifulSoup(client.get("/projects/1/profiles?column=outlet:Courier").text, "html.parser")

    way = page.find("a", href="#add")
    assert page.select_one(way["href"]).text == "Add a column"
    assert way.find_next("table")


def test_a_seventh_column_is_refused_and_the_six_stay(client, sign_in, owner, corpus):
    sign_in(owner)
    six = "&".join(f"column=time:200{n}.." for n in range(6))
    answered = client.get(f"/projects/1/profiles?{six}&add_outlet=Post")
    page = BeautifulSoup(answered.text, "html.parser")

    assert answered.status_code == 422
    assert "take one away" in page.select_one("#add_outlet-error").text
    assert len(page.select("thead th[scope=col]")) == 1 + 6


def test_a_column_that_is_none_leaves_the_others_standing(client, sign_in, owner, corpus):
    sign_in(owner)
    answered = client.get("/projects/1/profiles?column=outlet:Courier&column=outlet:Nobody")

    assert answered.status_code == 422
    assert "No article of “Nobody”" in BeautifulSoup(answered.text, "html.parser").select_one("[role=alert]").text
    assert "Courier 4 articles" in words_of(answered.text, "table")


@pytest.mark.parametrize(
    "asked",
    [
        "column=nonsense",
        "column=outlet:",
        "column=outlet:Nobody",
        "column=outlet:%00",
        "column=article:0",
        "column=article:99999999999999999999",
        "column=time:..",
        "column=time:last+week..",
        "column=source:none",
        "column=source:00000000-0000-4000-8000-000000000000",
        "&".join(f"column=time:200{n}.." for n in range(7)),
        f"column=outlet:{'x' * 10_000}",
    ],
)
def test_what_cannot_be_a_column_gets_one_sentence(client, sign_in, owner, corpus, asked):
    sign_in(owner)
    answered = client.get(f"/projects/1/profiles?{asked}")

    assert answered.status_code == 422
    assert BeautifulSoup(answered.text, "html.parser").select_one("main").text.strip()


def test_a_figure_that_is_none_gets_one_sentence(client, sign_in, owner, corpus):
    sign_in(owner)
    answered = client.get("/projects/1/profiles/sentences?column=outlet:Post&figure=beauty")

    assert answered.status_code == 422
    assert "There is no such figure" in answered.text


def test_an_article_that_one_may_not_read_is_no_column(client, sign_in, app, corpus):
    hidden = make_article("Four came.", project=make_project("Elsewhere"))
    outsider = make_member("Out", "researcher")
    sign_in(outsider)

    assert client.get(f"/projects/1/profiles?column=article:{hidden.id}").status_code == 422


def test_the_table_of_columns_is_a_file(client, sign_in, owner, corpus):
    sign_in(owner)
    text = client.post("/projects/1/profiles.csv?column=outlet:Courier&column=outlet:Post").text
    rows = [row for row in csv.DictReader(io.StringIO(text)) if row["figure"] == "fact"]

    assert [(row["column"], row["k"], row["n"]) for row in rows] == [
        ("outlet:Courier", "7", "16"),
        ("outlet:Post", "0", "4"),
    ]
    assert 0 < float(rows[0]["low"]) < float(rows[0]["share"]) < float(rows[0]["high"]) < 1
    assert rows[1]["low"] == rows[1]["share"] == ""


def test_the_number_of_statements_does_not_grow_with_the_articles(client, sign_in, owner, corpus, statements):
    sign_in(owner)
    counts = []
    for asked in ("column=outlet:Post", "column=outlet:Courier"):
        client.get(f"/projects/1/profiles?{asked}")
        with statements() as seen:
            client.get(f"/projects/1/profiles?{asked}")
        counts.append(len(seen))

    assert counts[0] == counts[1]


def test_shares_are_drawn_beside_the_table_and_of_fewer_than_ten_sentences_the_counts_alone(
    client, sign_in, owner, corpus
):
    sign_in(owner)
    page = BeautifulSoup(
        client.get("/projects/1/profiles?column=outlet:Courier&column=outlet:Post").text, "html.parser"
    )
    plot = page.select_one(".dots svg")

    assert plot["aria-label"].startswith("Fact, drawn")
    assert [count.get_text() for count in plot.select(".dots__count")] == ["7 of 16", "0 of 4"]
    assert (len(plot.select(".dots__dot")), len(plot.select(".dots__interval"))) == (1, 1)
    assert plot.select(".dots__ring") == []
    assert [key.get_text() for key in page.select(".dots__key")] == ["A", "B"]


@pytest.mark.sqlite_only("a title is the same text in both databases")
def test_a_title_of_a_file_with_what_xml_cannot_hold_is_drawn_without_it(client, sign_in, owner):
    strange = make_article("One came.", title="A\x01visit\uffff <b>").id
    sign_in(owner)
    for address in (f"/articles/{strange}/profile", "/projects/1/profiles"):
        drawn = client.post(f"{address}.svg?column=article:{strange}")
        assert "A\ufffdvisit\ufffd <b>" in "".join(ET.fromstring(drawn.data).itertext())
        assert client.post(f"{address}.png?column=article:{strange}").status_code == 200


def test_the_plots_are_a_picture_of_both_kinds_with_project_day_and_version_on_record(client, sign_in, owner, corpus):
    sign_in(owner)
    asked = "column=outlet:Courier&column=outlet:Post"
    drawn = client.post(f"/projects/1/profiles.svg?{asked}")
    pixels = client.post(f"/projects/1/profiles.png?{asked}")

    told = " ".join("".join(ET.fromstring(drawn.data).itertext()).split())
    assert "A Courier" in told
    assert "7 of 16" in told
    assert f"codebook 1.0 · {now():%Y-%m-%d} · Claimtag {__version__}" in told
    assert pixels.data.startswith(b"\x89PNG")
    db.session.rollback()
    taken = [event.details["format"] for event in db.session.query(AuditEvent).filter_by(what="exported")]
    assert taken == ["svg", "png"]
    assert client.post("/projects/1/profiles.svg").status_code == 422
