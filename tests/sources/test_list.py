"""The list of a project's sources: what its rows tell, search, filters, pages."""

import pytest
from bs4 import BeautifulSoup

from tests.conftest import new_client
from tests.factories import amend, answer, make_article, make_member, make_project, make_rating, sentences_of
from tests.signing_in import sign_in_as
from tests.sources.builders import made
from webapp.db import db_write
from webapp.domain.sources import name_key
from webapp.domain.terms import Tag
from webapp.models import Role, Source, SourceEntry, SourceRating
from webapp.projects.actions import add_member, set_trashed

pytestmark = pytest.mark.page


@pytest.fixture
def supervisor(app):
    return make_member("Super Visor", "supervisor", "analyst")


@pytest.fixture
def browser(app, supervisor):
    client = new_client(app)
    sign_in_as(client, supervisor)
    return client


def page(client, address="/sources"):
    answered = client.get(address)
    assert answered.status_code == 200, answered.text
    return BeautifulSoup(answered.text, "html.parser")


def names(client, address="/sources"):
    return [link.get_text(strip=True) for link in page(client, address).select(".row__title")]


def row_of(client, name):
    row = next(row for row in page(client).select(".row") if row.select_one(".row__title").get_text() == name)
    return " ".join(row.get_text(" ").split())


def test_the_way_to_the_sources_stands_behind_the_articles(browser):
    links = [link.get_text(strip=True) for link in page(browser).select("nav[aria-label=Main] a")]

    assert links[:2] == ["Articles", "Sources"]


def test_an_empty_list_says_how_a_source_comes_in(browser):
    assert "No source yet." in page(browser).text


def test_sources_stand_by_name_whatever_the_case_and_the_marks(browser):
    for name in ("Zeit", "Élan", "reuters", "AFP"):
        made(name)

    assert names(browser) == ["AFP", "Élan", "reuters", "Zeit"]


def test_every_word_that_is_searched_begins_a_word_of_a_name(browser):
    for name in ("Islamic Republic of Iran Broadcasting", "Iran", "Broadcasting House", "Tirana Iranica"):
        made(name)

    assert names(browser, "/sources?q=iran") == ["Iran", "Islamic Republic of Iran Broadcasting", "Tirana Iranica"]
    assert names(browser, "/sources?q=broad+IRAN") == ["Islamic Republic of Iran Broadcasting"]
    assert names(browser, "/sources?q=%25") == names(browser)
    assert "No source is like that." in page(browser, "/sources?q=xylophone").text


def test_the_list_is_filtered_by_kind_and_what_is_no_kind_filters_nothing(browser):
    made("debkafile", "outlet")
    made("Viktor Bondarev", "person")

    assert names(browser, "/sources?kind=outlet") == ["debkafile"]
    assert names(browser, "/sources?kind=nothing") == ["debkafile", "Viktor Bondarev"]


def test_a_row_counts_the_sentences_and_articles_that_name_the_source(browser, supervisor):
    source = made("Reuters", "outlet")
    for article in (make_article(), make_article()):
        for sentence in sentences_of(article)[:2]:
            answer(sentence, supervisor, Tag.ATTRIBUTION, source_id=source.id)
    made("AFP", "outlet")

    assert "4 sentences in 2 articles" in row_of(browser, "Reuters")
    assert "not named yet" in row_of(browser, "AFP")


def test_an_analyst_of_an_open_project_counts_their_own_answers(app, supervisor, analyst):
    source = made("Reuters", "outlet")
    first, second, _ = sentences_of(make_article())
    answer(first, supervisor, Tag.ATTRIBUTION, source_id=source.id)
    answer(second, supervisor, Tag.ATTRIBUTION, source_id=source.id)
    answer(second, analyst, Tag.ATTRIBUTION, source_id=source.id)
    client = new_client(app)
    sign_in_as(client, analyst)

    assert "1 sentence in 1 article" in row_of(client, "Reuters")


def test_sources_used_in_one_article_only(browser, supervisor):
    once, often, never = (made(name) for name in ("Once", "Often", "Never"))
    for number, article in enumerate((make_article(), make_article())):
        first, second, _ = sentences_of(article)
        answer(first, supervisor, Tag.ATTRIBUTION, source_id=often.id)
        if number:
            answer(second, supervisor, Tag.ATTRIBUTION, source_id=once.id)

    assert names(browser, "/sources?in_one_article=1") == ["Once"]
    assert never.id


def many(project, maker_id, count):
    with db_write() as session:
        made = [Source(project_id=project.id, maker_id=maker_id) for _ in range(count)]
        session.add_all(made)
        session.flush()
        for number, source in enumerate(made):
            name = f"Source {number:05}"
            entry = {"name": name, "name_key": name_key(name), "kind": "person", "author_id": maker_id, "version": 1}
            session.add(SourceEntry(source_id=source.id, client_id=source.id, **entry))


def test_a_page_holds_fifty_and_asks_as_much_for_one_as_for_fifty(browser, supervisor, statements):
    project = made("Source zero").project
    with statements() as few:
        page(browser)
    many(project, supervisor.id, 119)
    with statements() as of_many:
        assert len(names(browser)) == 50

    assert len(of_many) == len(few) <= 14
    assert names(browser, "/sources?page=3")[-1] == "Source zero"
    assert len(names(browser, "/sources?page=3")) == 20
    assert names(browser, "/sources?page=99") == names(browser, "/sources?page=3")
    assert page(browser).select_one("main p.num").get_text(" ", strip=True) == "120 sources · page 1 of 3"


def test_the_newest_letter_counts_and_sources_that_nobody_rated_are_found(browser):
    moved, steady, unrated = (made(name) for name in ("Moved", "Steady", "Unrated"))
    make_rating(moved.id, "B", rated_on="2020-05")
    make_rating(moved.id, "D", rated_on="2021")
    make_rating(moved.id, "A", rated_on="2019-12-31")
    make_rating(steady.id, "B", rated_on="2013")
    amend(SourceRating, make_rating(unrated.id, "B"), withdrawn_why="a slip")

    assert names(browser, "/sources?letter=B") == ["Steady"]
    assert names(browser, "/sources?letter=D") == ["Moved"]
    assert names(browser, "/sources?never_rated=1") == ["Unrated"]
    assert "D 2021" in row_of(browser, "Moved")


def test_whoever_is_in_two_projects_chooses_one(browser, supervisor):
    elsewhere, forbidden = make_project("Elsewhere"), make_project("Forbidden")
    add_member(elsewhere, supervisor, {Role.RESEARCHER})
    there = make_member("There", "supervisor", project=elsewhere)
    made("Here")
    made("Far", by=there, project=elsewhere)

    assert names(browser) == ["Here"]
    links = page(browser).select("nav[aria-label=Project] a")
    assert [link.get_text(strip=True) for link in links] == ["First project", "Elsewhere"]
    assert names(browser, links[1]["href"]) == ["Far"]
    assert browser.get(f"/sources?project={forbidden.id}").status_code == 404
    assert browser.get("/sources?project=abc").status_code == 404


def test_a_project_in_the_trash_shows_no_source(browser, supervisor, owner):
    source = made("Reuters")
    add_member(make_project("Another"), supervisor, {Role.SUPERVISOR})
    set_trashed(source.project, True, owner)

    assert names(browser) == []
    assert browser.get(f"/sources/{source.id}").status_code == 404
