"""The page of relative dates: what is open, what somebody saved, and whose it is."""

import csv
import io

import pytest
from bs4 import BeautifulSoup

from tests.factories import answer, make_article, make_member, make_project, sentences_of
from webapp.db import db
from webapp.domain.repair import Kind
from webapp.domain.terms import Tag
from webapp.export.actions import export_csv_of
from webapp.models import SHELL, DateReading
from webapp.projects.actions import assign
from webapp.repair.actions import RepairRequest, repair
from webapp.verification import faults

pytestmark = pytest.mark.page

TEXT = "He came last week. On Monday he left. Nobody saw him since."


@pytest.fixture
def article(app):
    return make_article(TEXT, published="2013-10-26")


def words_of(page):
    return " ".join(BeautifulSoup(page.text, "html.parser").select_one("main").text.split())


def sent(client, article, words, resolved):
    """The form of these words, as the page has it, with another value."""
    html = BeautifulSoup(client.get(f"/articles/{article.id}/dates").text, "html.parser")
    row = next(one for one in html.select("li.row--date") if one.select_one("mark").text == words)
    data = {field["name"]: field.get("value", "") for field in row.select("input[name]")}
    return client.post(f"/articles/{article.id}/dates", data=data | {"resolved": resolved})


def readings():
    db.session.rollback()
    rows = db.session.query(DateReading).order_by(DateReading.id)
    return [(row.words, row.resolved, row.version, row.is_current) for row in rows]


def test_after_a_date_is_saved_the_page_opens_at_the_next_open_one(client, sign_in, owner, article):
    sign_in(owner)
    rows = BeautifulSoup(client.get(f"/articles/{article.id}/dates").text, "html.parser").select("li.row--date")

    assert sent(client, article, "last week", "2013-W42").status_code == 422
    assert sent(client, article, "last week", "2013-10").location.endswith(f"#{rows[1]['id']}")
    assert sent(client, article, "Monday", "2013-10-21").location.endswith(f"#{rows[1]['id']}")


def test_who_may_not_resolve_dates_is_not_told_to_save_them(client, sign_in, article):
    sign_in(make_member("Rita", "researcher"))
    page = words_of(client.get(f"/articles/{article.id}/dates"))

    assert "2 of 2 relative dates are still open." in page
    assert "Analysts and supervisors say which date it is." in page
    assert "you save" not in page


def test_what_the_words_may_mean_is_proposed_and_kept_once_it_is_saved(client, sign_in, owner, article):
    sign_in(owner)
    page = client.get(f"/articles/{article.id}/dates")
    fields = BeautifulSoup(page.text, "html.parser").select("input[name=resolved]")
    assert [field["value"] for field in fields] == ["2013-10-14/2013-10-20", "2013-10-21"]
    assert "2 of 2 relative dates are still open." in words_of(page)
    assert readings() == []

    assert sent(client, article, "Monday", "2013-10-21").status_code == 302
    assert readings() == [("Monday", "2013-10-21", 1, True)]
    assert "1 of 2 relative dates is still open." in words_of(client.get(f"/articles/{article.id}/dates"))
    assert sent(client, article, "Monday", "2013-10").status_code == 302
    assert sent(client, article, "Monday", "").status_code == 302
    assert readings()[1:] == [("Monday", "2013-10", 2, False), ("Monday", None, 3, True)]
    assert faults() == []


def test_the_profile_lists_those_that_are_open(client, sign_in, owner, article):
    sign_in(owner)
    sent(client, article, "Monday", "2013-10-21")
    answer(sentences_of(article)[0], owner, Tag.FACT)
    page = words_of(client.get(f"/articles/{article.id}/profile"))

    assert "1 relative date is still open: last week" in page


@pytest.mark.parametrize("resolved", ["soon", "2014/2013", "x" * 10_000, "2013-10-21\0"])
def test_what_is_no_date_gets_a_sentence_and_stands_there_as_it_was_sent(client, sign_in, owner, article, resolved):
    sign_in(owner)
    answered = sent(client, article, "Monday", resolved)

    assert answered.status_code == 422
    page = BeautifulSoup(answered.text, "html.parser")
    assert page.select(".form__errors, .notice--bad, [role=alert]")
    [field] = page.select("[name=resolved][aria-invalid=true][autofocus]")
    assert page.find(id=field["aria-describedby"]).text
    assert readings() == []


@pytest.mark.parametrize("place", ["", "0-3", "3-0", "x-y", "99999999999-9"])
def test_a_place_without_such_words_is_refused(client, sign_in, owner, article, place):
    sign_in(owner)
    answered = client.post(f"/articles/{article.id}/dates", data={"place": place, "resolved": "2013"})

    assert answered.status_code == 422
    assert readings() == []


def test_a_second_window_is_told_of_the_first(client, sign_in, owner, article):
    sign_in(owner)
    sent(client, article, "Monday", "2013-10-21")
    late = client.post(f"/articles/{article.id}/dates", data={"place": "22-28", "resolved": "2013", "seen": "0"})

    assert late.status_code == 422
    assert "in another window" in words_of(late)
    assert len(readings()) == 1


def test_a_repair_of_the_split_moves_no_date(client, sign_in, owner, article):
    sign_in(owner)
    sent(client, article, "Monday", "2013-10-21")
    first, *_ = sentences_of(article)
    repair(article, owner, RepairRequest(Kind.MERGE, first.id), 1)

    assert faults() == []
    assert "2013-10-21" in words_of(client.get(f"/articles/{article.id}/dates"))


def test_a_researcher_reads_and_resolves_nothing(client, sign_in, owner, article):
    sign_in(owner)
    sent(client, article, "Monday", "2013-10-21")
    sign_in(make_member("Rea", "researcher"))
    page = client.get(f"/articles/{article.id}/dates")

    assert "2013-10-21, said by another" in words_of(page)
    assert not BeautifulSoup(page.text, "html.parser").select("form.date__form")
    assert client.post(f"/articles/{article.id}/dates", data={"place": "22-28", "resolved": "2013"}).status_code == 404


def test_in_a_blind_round_an_analyst_sees_their_own_alone(client, sign_in, app, owner):
    project = make_project("Blind", is_blind=True)
    ana, ben = (make_member(name, "analyst", project=project) for name in ("Ana", "Ben"))
    article = make_article(TEXT, project=project, published="2013-10-26")
    assign(project, [(article.id, ana.id), (article.id, ben.id)], owner)
    sign_in(ben)
    assert sent(client, article, "Monday", "2013-10-07").status_code == 302

    sign_in(ana)
    page = client.get(f"/articles/{article.id}/dates")
    assert "2013-10-07" not in page.text
    assert "2 of 2 relative dates are still open." in words_of(page)


def test_the_file_has_the_words_and_the_date(client, sign_in, owner, article):
    sign_in(owner)
    sent(client, article, "last week", "2013-10-14/2013-10-20")
    sent(client, article, "Monday", "2013-10-21")
    sent(client, article, "Monday", "")
    rows = list(csv.DictReader(io.StringIO("".join(export_csv_of("dates", article.project, SHELL)))))

    assert [(row["words"], row["resolved"], row["article_date"]) for row in rows] == [
        ("last week", "2013-10-14/2013-10-20", "2013-10-26")
    ]
    assert TEXT[int(rows[0]["char_start"]) : int(rows[0]["char_end"])] == "last week"


def test_without_any_the_page_says_so(client, sign_in, owner):
    sign_in(owner)
    page = client.get(f"/articles/{make_article('It came on 3 May 2012.').id}/dates")

    assert "No relative dates." in words_of(page)
