"""An article with the address of an earlier one and other words is linked to it, and nothing is carried over."""

from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import inspect, select, text

from tests.conftest import downgrade, raw, upgrade
from tests.factories import (
    Person,
    answer,
    first_project,
    make_article,
    make_claim,
    make_member,
    make_project,
    sentences_of,
)
from webapp import verification
from webapp.articles.actions import import_files, move_articles, restore_article, trash_article
from webapp.claims.actions import add_note
from webapp.db import db, db_write
from webapp.domain.corroboration import Finding
from webapp.domain.errors import MigrationRefused
from webapp.domain.intake.description import Description
from webapp.domain.terms import CorroborationStatus, Tag
from webapp.models import SHELL, Annotation, Article, Assessment, Assignment, AuditEvent, ClaimMention, Edition, User
from webapp.projects.actions import assign
from webapp.reading.actions import describe
from webapp.reading.editions import ON_A_PAGE

BEFORE = "The bridge is open. Ten lorries went over it. Nobody spoke."
AFTER = "The bridge is open. Twelve lorries went over it. The mayor was there."
ADDRESS, SAME = "https://example.org/news/bridge?id=7", "http://www.Example.org/news/bridge/?utm_source=x&id=7#top"


@pytest.fixture
def earlier(app):
    return make_article(BEFORE, title="A bridge opens", url=ADDRESS)


@pytest.fixture
def later(earlier):
    return make_article(AFTER, title="A bridge opened", url=SAME)


def links():
    db.session.rollback()
    return {one.article_id: one.earlier_id for one in db.session.scalars(select(Edition))}


def words_of(page):
    return " ".join(BeautifulSoup(page.text, "html.parser").get_text(" ").split())


def test_the_same_address_with_another_text_is_linked_to_the_newest_before_it(earlier, later):
    newest = make_article("It is shut again.", url=ADDRESS)
    make_article("It is another one.", url=f"{ADDRESS}8")
    make_article("It has no address.")

    assert links() == {later.id: earlier.id, newest.id: later.id}
    told = db.session.scalars(select(AuditEvent.details).where(AuditEvent.what == "edition linked")).all()
    assert {"article_id": later.id, "earlier_id": earlier.id} in told
    assert list(verification.faults()) == []


def test_nothing_is_carried_over(earlier, owner):
    first, second, _ = sentences_of(earlier)
    answer(first, owner, Tag.FACT)
    make_claim("Ten lorries went over it.", second, by=owner)
    add_note(second, owner, Finding(CorroborationStatus.IN_PROGRESS, "Ten lorries went over it."), uuid4())
    carried = [table.sentence_id for table in (Annotation, ClaimMention, Assessment)]
    later = make_article(AFTER, url=SAME)

    ids = [sentence.id for sentence in sentences_of(later)]
    assert [db.session.scalars(select(column).where(column.in_(ids))).all() for column in carried] == [[], [], []]
    assert db.session.scalars(select(Assignment.id).where(Assignment.article_id == later.id)).all() == []


@pytest.mark.page
def test_the_preview_says_so_before_anything_is_saved(client, sign_in, earlier):
    sign_in(make_member("Sue Pervisor", "supervisor"))

    def preview(text, url):
        return words_of(
            client.post("/articles/new", data={"project": "1", "text": text, "url": url}, follow_redirects=True)
        )

    told = preview(AFTER, SAME)
    assert "An earlier edition is in the project, from the same address: “ A bridge opens ” of" in told
    assert "no tag and no note is carried over" in told
    assert links() == {}
    assert "earlier edition" not in preview(AFTER, "https://example.org/news/other")
    assert "earlier edition" not in preview("It has none.", "")


@pytest.mark.page
def test_the_reading_room_leads_to_what_differs(client, sign_in, earlier, later, owner):
    sign_in(owner)

    assert f'href="/articles/{later.id}/earlier">A later edition' in client.get(f"/articles/{earlier.id}/reading").text
    assert f'href="/articles/{later.id}/earlier">An earlier edition' in client.get(f"/articles/{later.id}/reading").text
    page = client.get(f"/articles/{later.id}/earlier")
    found = BeautifulSoup(page.text, "html.parser").select(".changes > li")
    assert [" ".join(one.h2.get_text(" ").split()) for one in found] == [
        "Sentence 2",
        "Sentence 3 of the earlier edition went",
        "Sentence 3 came",
    ]
    assert [one.get_text() for one in found[0].select("del, ins")] == ["[taken out:Ten]", "[put in:Twelve]"]
    assert "worded anew: 1; gone: 1; new: 1; the same: 1." in words_of(page)
    assert client.get(f"/articles/{earlier.id}/earlier").status_code == 404


@pytest.mark.page
def test_many_differences_come_a_part_at_a_time(client, sign_in, owner):
    for word in ("went", "came"):
        text = " ".join(f"Sentence number {n} is about a thing that {word}." for n in range(ON_A_PAGE + 5))
        article = make_article(text, url=ADDRESS)
    sign_in(owner)
    address = f"/articles/{article.id}/earlier"

    pages = [client.get(f"{address}?part={part}").text for part in (1, 2)]
    assert [page.count('class="changes__words"') for page in pages] == [ON_A_PAGE, 5]
    assert client.get(f"{address}?part=3").status_code == 404


def test_both_editions_in_white_space_alone_is_said(client, sign_in, owner, earlier):
    later = make_article(BEFORE.replace(". ", ".\n\n"), url=SAME)
    sign_in(owner)

    assert "differ in white space alone" in client.get(f"/articles/{later.id}/earlier").text


def test_who_reads_one_of_the_two_alone_is_told_of_no_other(client, sign_in, earlier, later):
    with db_write():
        first_project().running.is_blind = True
    ann = make_member("Ann", "analyst")
    assign(first_project(), [(later.id, ann.id)], SHELL)
    sign_in(ann)

    alone = client.get(f"/articles/{later.id}/reading").text
    assert "edition" not in alone
    assert client.get(f"/articles/{later.id}/earlier").status_code == 404
    assign(first_project(), [(earlier.id, ann.id)], SHELL)
    assert "An earlier edition" in client.get(f"/articles/{later.id}/reading").text
    assert client.get(f"/articles/{later.id}/earlier").status_code == 200


def test_in_the_trash_an_edition_is_none_and_restored_it_is_one_again(client, sign_in, owner, earlier, later):
    sign_in(owner)
    trash_article(earlier, owner)

    assert "edition" not in client.get(f"/articles/{later.id}/reading").text
    assert client.get(f"/articles/{later.id}/earlier").status_code == 404
    third = make_article("It is shut again.", url=ADDRESS)
    assert links()[third.id] == later.id
    restore_article(db.session.get_one(Article, earlier.id), owner)
    assert client.get(f"/articles/{later.id}/earlier").status_code == 200


def test_a_table_with_editions_links_them_in_their_order_and_its_page_names_them(client, sign_in, owner):
    rows = "text,url\n" + "".join(f"{text},{ADDRESS}\n" for text in ("One came.", "Two came.", "Three came."))
    import_files(first_project(), db.session.get_one(User, owner.id), [("rows.csv", rows.encode())], lambda *_: None)

    first, second, third = db.session.scalars(select(Article.id).order_by(Article.id.desc()).limit(3)).all()[::-1]
    assert links() == {second: first, third: second}
    sign_in(owner)
    page = BeautifulSoup(client.get("/imports/1").text, "html.parser")
    assert [one["href"] for one in page.select(".effects a")] == [f"/articles/{id_}/earlier" for id_ in (second, third)]


def test_another_project_has_editions_of_its_own(app, owner, earlier, later):
    other = make_project("Other")
    there = make_article("There it is another text.", project=other, url=ADDRESS)
    before = links()
    move_articles([later], other, owner)

    moved = db.session.scalars(select(Article).order_by(Article.id.desc())).first()
    assert links() == before | {moved.id: there.id}
    assert list(verification.faults()) == []


def test_an_amended_address_is_that_by_which_later_ones_are_found(earlier, owner):
    describe(earlier, owner, Description(url="https://example.org/moved"), None, 1, uuid4())
    make_article("It is at the old one.", url=ADDRESS)
    later = make_article(AFTER, url="https://example.org/moved")

    assert links() == {later.id: earlier.id}
    assert list(verification.faults()) == []


def amend(article_id, url, seen=1):
    describe(db.session.get_one(Article, article_id), Person(1), Description(url=url), None, seen, uuid4())


def test_an_address_amended_to_that_of_others_links_both_neighbours_and_amended_again_shows_none(
    client, sign_in, earlier, owner
):
    between, newest = make_article("It is half open."), make_article(AFTER, url=SAME)
    lonely = make_article("It is somewhere else.")
    assert links() == {newest.id: earlier.id}
    amend(between.id, ADDRESS)
    last = make_article("It is shut again.")
    amend(last.id, ADDRESS)
    amend(lonely.id, "https://example.org/elsewhere")

    assert links() == {newest.id: earlier.id, between.id: earlier.id, last.id: newest.id}
    told = db.session.scalars(select(AuditEvent.details).where(AuditEvent.what == "edition linked")).all()
    assert {"article_id": last.id, "earlier_id": newest.id} in told
    assert list(verification.faults()) == []
    sign_in(owner)
    assert client.get(f"/articles/{last.id}/earlier").status_code == 200
    amend(last.id, "https://example.org/elsewhere", seen=2)
    assert client.get(f"/articles/{last.id}/earlier").status_code == 404
    assert "edition" not in client.get(f"/articles/{newest.id}/reading").text.partition("A later")[2]
    amend(last.id, ADDRESS, seen=3)
    assert client.get(f"/articles/{last.id}/earlier").status_code == 200
    assert list(verification.faults()) == []


def test_an_earlier_article_amended_to_the_address_of_a_later_one_is_its_earlier_edition(owner, app):
    old = make_article(BEFORE)
    new = make_article(AFTER, url=SAME)
    amend(old.id, ADDRESS)

    assert links() == {new.id: old.id}
    assert list(verification.faults()) == []


def test_articles_are_found_by_their_address_after_the_upgrade_and_links_refuse_the_way_back(earlier):
    make_article("It has no address.")
    before = db.session.execute(text("SELECT id, url, address_key FROM article ORDER BY id")).all()
    downgrade("0043")
    assert "address_key" not in [column["name"] for column in inspect(db.engine).get_columns("article")]
    upgrade()

    assert db.session.execute(text("SELECT id, url, address_key FROM article ORDER BY id")).all() == before
    assert [bool(row.address_key) for row in before] == [bool(row.url) for row in before]
    later = make_article(AFTER, url=SAME)
    assert links() == {later.id: earlier.id}
    with pytest.raises(MigrationRefused, match="1 articles are linked to an earlier edition"):
        downgrade("0043")


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        ("UPDATE article SET address_key = 'x' WHERE id = {later}", "not found by its address"),
        ("INSERT INTO edition (article_id, earlier_id, linked_at) VALUES ({earlier}, {elsewhere}, '2026-01-01 00:00:00')",
         "no later edition of the one that it is linked to"),
    ],
)  # fmt: skip
def test_verify_finds_what_is_no_edition(app, owner, earlier, later, harm, told):
    elsewhere = make_article("It is elsewhere.", project=make_project("Other"))
    with raw() as connection:
        connection.exec_driver_sql(harm.format(earlier=earlier.id, later=later.id, elsewhere=elsewhere.id))
    db.session.rollback()

    assert [fault for fault in verification.faults() if told in fault]
