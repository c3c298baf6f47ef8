"""What is known of an article besides its text is amended by supervisors, and every version stays on record."""

import csv
import io
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select, text

from tests.conftest import raw
from tests.factories import answer, first_project, make_article, make_claim, make_member, sentences_of
from webapp import verification
from webapp.articles.actions import trash_article
from webapp.db import db
from webapp.domain.errors import BadArticle
from webapp.domain.intake.description import Description
from webapp.domain.terms import Tag
from webapp.export.actions import export_long_csv
from webapp.models import SHELL, AuditEvent, DescriptionRevision, display_title
from webapp.models.conflicts import Conflict, Gone
from webapp.reading.actions import describe

WAS = {"title": "The ferri", "outlet": "The Post"}
IS = Description("The ferry", "The Herald", "Ann Bee", "https://example.org/a", "2013-10")


@pytest.fixture
def article(app):
    return make_article("One came. Two went.", **WAS)


def revisions(article):
    db.session.rollback()
    rows = db.session.scalars(select(DescriptionRevision).where(DescriptionRevision.article_id == article.id))
    return [(row.version, row.title, row.is_current) for row in rows]


def test_an_amended_description_holds_everywhere_and_the_one_before_stays_on_record(client, sign_in, owner, article):
    make_claim("One person came.", sentences_of(article)[0])
    sign_in(owner)
    describe(article, owner, IS, "de", 1, uuid4())

    assert revisions(article) == [(1, "The ferri", False), (2, "The ferry", True)]
    assert client.get("/search?q=ferry").text.count("The <mark>ferry</mark>") == 1
    assert "nothing" in client.get("/search?q=ferri").text.lower()
    assert "The Herald" in client.get(f"/articles/{article.id}/reading").text
    assert list(verification.faults()) == []
    assert db.session.scalars(select(AuditEvent.details).where(AuditEvent.what == "article described")).one() == {
        "article_id": article.id,
        "version": 2,
    }


def test_a_title_comes_and_goes_from_the_index_of_words(client, sign_in, owner):
    article = make_article("One came. Two went.", title=None)
    sign_in(owner)
    describe(article, owner, Description(title="Zeppelins"), None, 1, uuid4())
    assert "Zeppelin" in client.get("/search?q=Zeppelins").text.split("</form>")[-1]
    describe(article, owner, Description(), None, 2, uuid4())

    assert list(verification.faults()) == []
    assert "<mark>" not in client.get("/search?q=Zeppelins").text


def test_an_amendment_that_is_late_or_repeated_or_empty_changes_nothing(owner, article):
    first = uuid4()
    made = describe(article, owner, IS, None, 1, first)
    assert describe(article, owner, IS, None, 1, first).id == made.id
    with pytest.raises(Conflict):
        describe(article, owner, Description("Other"), None, 1, uuid4())
    with pytest.raises(BadArticle, match="Nothing is different"):
        describe(article, owner, IS, None, 2, uuid4())
    trash_article(article, owner)
    with pytest.raises(Gone):
        describe(article, owner, Description("Other"), None, 2, uuid4())

    assert len(revisions(article)) == 2


def test_exports_give_the_newest_and_the_version_in_force_when_the_answer_was_given(owner, article):
    analyst, (first, second) = make_member("A", "analyst"), sentences_of(article)
    answer(first, analyst, Tag.FACT)
    describe(article, owner, IS, None, 1, uuid4())
    answer(second, analyst, Tag.FACT)
    other = make_article("Three stayed.")
    answer(sentences_of(other)[0], analyst, Tag.FACT)

    rows = list(csv.DictReader(io.StringIO("".join(export_long_csv(first_project(), SHELL, unanswered=True)))))
    told = [(row["article_title"], row["outlet"], row["description_version"]) for row in rows if row["tag"]]
    assert told == [("The ferry", "The Herald", "1"), ("The ferry", "The Herald", "2"), ("", "", "1")]


def test_verify_finds_an_article_that_says_something_else_than_its_description(owner, article):
    describe(article, owner, IS, None, 1, uuid4())
    with raw(defended=False) as connection:
        connection.execute(text("UPDATE article SET outlet = 'Nobody' WHERE title = 'The ferry'"))

    assert "its outlet is not that of version 2" in "\n".join(verification.faults())


def test_the_page_amends_and_tells_how_it_was(client, sign_in, owner, article):
    sign_in(owner)
    address = f"/articles/{article.id}/description"

    def sent(**fields):
        page = BeautifulSoup(client.get(address).text, "html.parser").select_one("main form")
        filled = {field["name"]: field.get("value", "") for field in page.select("input[name]")}
        return client.post(address, data=filled | fields)

    for fields, why in (
        ({"published": "yesterday"}, "is no date"),
        ({"language": "Klingon, mostly"}, "is no code of a language"),
        ({"url": "javascript:alert(1)"}, "http"),
        ({}, "Nothing is different"),
    ):
        answered = sent(**fields)
        assert (answered.status_code, why in answered.text) == (422, True)
        bad = BeautifulSoup(answered.text, "html.parser").select("[aria-invalid]")
        assert [field["name"] for field in bad if field.has_attr("autofocus")] == list(fields)
    assert sent(outlet="The Herald", published="2013").location == f"/articles/{article.id}/reading"
    assert sent(title="Other", seen="1").status_code == 409
    history = BeautifulSoup(client.get(address).text, "html.parser").select(".edits li > p:first-child")
    assert " ".join(history[0].text.split()).startswith("outlet: The Post → The Herald; published: nothing")


def test_supervisors_amend_it_in_the_reading_room_and_nobody_else_is_asked(client, sign_in, owner, article):
    describe(article, owner, IS, "de", 1, uuid4())
    room = f"/articles/{article.id}/reading"
    sign_in(owner)
    form = BeautifulSoup(client.get(room).text, "html.parser").select_one("details form.form")
    fields = {one["name"]: one.get("value", "") for one in form.select("input:not([type=submit])")}
    assert (fields["title"], fields["language"], fields["seen"]) == ("The ferry", "de", "2")
    answered = client.post(form["action"], data=fields | {"title": "The last ferry"})

    assert answered.location == room
    assert revisions(article)[-1] == (3, "The last ferry", True)
    sign_in(make_member("Rea", "researcher"))
    assert BeautifulSoup(client.get(room).text, "html.parser").select("form[action$=description]") == []


@pytest.mark.parametrize(
    ("opening", "name"),
    [
        ("Ferry sinks\n\nThe old ferry sank at night. It rained.", "Ferry sinks"),
        ("One came. Two went.", "One came."),
        ("One came in the rain and nobody at all saw it. Two went.", "One came in the rain and nobody at…"),
        ("  \n ", "Untitled"),
        ("x" * 200, "x" * 80 + "…"),
    ],
)
def test_an_article_without_a_title_goes_by_its_first_sentence(opening, name):
    assert display_title(None, opening) == name
