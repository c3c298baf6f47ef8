"""Articles that share passages: found by the index, compared word by word, shown, and proposed as one origin."""

from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select, text

from tests.conftest import downgrade, raw, upgrade
from tests.factories import make_article, make_claim, make_member, make_project, sentences_of
from webapp import passage_index
from webapp.articles.actions import restore_article, trash_article
from webapp.claims.actions import add_evidence
from webapp.db import db, db_write
from webapp.domain.corroboration import EvidenceItem
from webapp.domain.passage_hashes import passage_hashes
from webapp.domain.reuse import Verdict
from webapp.domain.terms import Independence, Stance
from webapp.models import Article, Evidence
from webapp.near_copies import near_copies
from webapp.projects.actions import assign
from webapp.verification import faults

WIRE = (
    "The ferry was taken out of service on Monday after divers found a second crack in her hull, the harbour master said. "
    "She has carried cars between the town and the outer islands since 1994. The port ordered the owner to have the "
    "vessel surveyed before she sails again. A barge is due to make its first crossing on Thursday."
)
OWN = (
    "Nobody on the quay believed the timetable. Islanders had queued since dawn with empty cans and borrowed trailers. "
    "A shopkeeper counted what oil was left, and wrote names on a list that grew longer than the day. "
)


@pytest.fixture
def wire(app):
    return make_article(WIRE, title="Wire", outlet="Nordwire", published="2025-02-10")


@pytest.fixture
def copy(wire):
    return make_article(WIRE.replace("Monday", "Monday morning").upper(), title="Copy", outlet="Post")


@pytest.fixture
def part(wire):
    return make_article(OWN + WIRE[:230] + "\n" + OWN.replace("dawn", "noon"), title="Part")


def found(article, reader):
    return {one.article.display_title: one for one in near_copies(article, reader)}


def shares(article, reader):
    return {title: (one.share, one.share_of_other) for title, one in found(article, reader).items()}


def test_a_near_copy_and_a_partial_one_are_found_with_shares_both_ways(owner, wire, copy, part):
    make_article("Something else was said by somebody else about another matter on another day.", title="Other")
    told = found(wire, owner)

    assert set(told) == {"Copy", "Part"}
    assert told["Copy"].share > 0.9
    assert told["Copy"].verdict is Verdict.WHOLLY
    assert 0.6 < told["Part"].share < 0.9
    assert told["Part"].share_of_other < 0.5
    assert found(part, owner)["Wire"].verdict is Verdict.PARTIALLY


def test_what_lies_in_the_trash_or_in_another_project_is_not_told(owner, wire, copy):
    make_article(f"{WIRE} Elsewhere.", project=make_project("Elsewhere"), title="Elsewhere")
    trash_article(copy, owner)
    assert found(wire, owner) == {}

    restore_article(db.session.get_one(Article, copy.id), owner)
    assert set(found(wire, owner)) == {"Copy"}


def test_an_analyst_of_a_blind_project_is_told_of_articles_in_hand_alone(app, owner):
    project = make_project("Blind", is_blind=True)
    analyst = make_member("Ana", "analyst", project=project)
    wire, copy = (make_article(text, project=project, title=text[:9]) for text in (WIRE, f"{WIRE} So it said."))
    assign(project, [(wire.id, analyst.id)], owner)
    assert found(wire, analyst) == {}

    assign(project, [(copy.id, analyst.id)], owner)
    assert len(found(wire, analyst)) == 1


def test_what_most_articles_have_in_common_is_left_out(owner, monkeypatch):
    monkeypatch.setattr(passage_index, "NEWEST", 4)
    foot = " This newspaper is printed on paper and read by those who read it, and it owes nothing to anybody at all."
    articles = [
        make_article(f"Event {n} is number {n} of many that nobody else tells. {WIRE if n < 2 else n}{foot * 2}")
        for n in range(7)
    ]

    assert found(articles[5], owner) == {}
    [one] = near_copies(articles[0], owner)
    assert one.article.id == articles[1].id


def test_of_texts_too_long_to_compare_the_share_is_estimated(owner, wire, copy, monkeypatch):
    monkeypatch.setattr("webapp.near_copies.MOST_LETTERS", 10)
    told = found(wire, owner)["Copy"]

    assert told.verdict is None
    assert told.share > 0.5


def test_recount_makes_the_index_anew_and_verify_misses_what_is_lost(owner, wire, copy, part):
    before = shares(wire, owner)
    db.session.rollback()
    with raw(defended=False) as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("INSERT INTO passage_hash (passage_hash) VALUES ('delete-all')")
        else:
            connection.exec_driver_sql("DELETE FROM passage_hash")
    told = [fault for fault in faults() if "the index of passages does not hold its text" in fault]
    assert any(f"Article {copy.id}:" in fault for fault in told)
    assert shares(wire, owner) == {}

    db.session.rollback()
    passage_index.make_anew()
    assert shares(wire, owner) == before
    assert list(faults()) == []


def test_verify_finds_a_number_that_an_article_does_not_have(copy):
    with raw(defended=False) as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(f"INSERT INTO passage_hash (rowid, words) VALUES ({copy.id}, '1xffff')")
        else:
            connection.exec_driver_sql(
                f"UPDATE passage_hash SET hashes = array_append(hashes, 65535), "
                f"buckets = array_append(buckets, 32767::smallint) WHERE article_id = {copy.id}"
            )

    assert [fault for fault in faults() if f"Article {copy.id}: the index of passages" in fault]


@pytest.mark.sqlite_only("PostgreSQL refuses such a row")
def test_verify_finds_numbers_of_an_article_that_is_not_there(copy):
    with raw(defended=False) as connection:
        connection.exec_driver_sql("INSERT INTO passage_hash (rowid, words) VALUES (9999, '1xffff')")

    assert [fault for fault in faults() if "Article 9999: the index of passages" in fault]


def test_the_migration_keeps_who_shares_what_in_both_directions(owner, wire, copy, part):
    before = shares(wire, owner)
    downgrade("0025")
    kept = db.session.execute(text("SELECT article_id, hash FROM passage_hash WHERE project_id = 1 ORDER BY 1, 2"))
    articles = db.session.execute(select(Article.id, Article.text))
    by_article = {id_: passage_hashes(text_) for id_, text_ in articles}
    assert kept.all() == [(id_, hash_) for id_ in sorted(by_article) for hash_ in by_article[id_]]
    upgrade()

    assert shares(wire, owner) == before
    assert list(faults()) == []


def test_numbers_of_an_older_version_are_made_anew(owner, wire, copy, part):
    before = shares(wire, owner)
    downgrade("0044")
    with raw(defended=False) as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("DROP TABLE passage_hash")
            connection.exec_driver_sql(
                "CREATE VIRTUAL TABLE passage_hash USING fts5(words, content='', detail=none, tokenize='ascii')"
            )
            connection.exec_driver_sql(f"INSERT INTO passage_hash (rowid, words) VALUES ({wire.id}, '1xffff')")
        else:
            connection.exec_driver_sql("UPDATE passage_hash SET hash = hash / 2")
    upgrade()

    assert shares(wire, owner) == before
    assert list(faults()) == []


# ---- pages


def words_of(page, selector="main"):
    return " ".join(BeautifulSoup(page.text, "html.parser").select_one(selector).text.split())


def test_an_article_says_at_once_where_it_stands_too(client, sign_in, owner, wire, part):
    reader = make_member("Rea", "researcher")
    for person, address in ((reader, f"/articles/{part.id}/reading"), (owner, f"/articles/{part.id}/profile")):
        sign_in(person)
        assert "% of it stands in Nordwire, 10 February 2025" in words_of(client.get(address))


def test_two_articles_stand_side_by_side_with_their_passages_marked(client, sign_in, owner, wire, part):
    sign_in(owner)
    page = client.get(f"/articles/{part.id}/shared/{wire.id}")
    html = BeautifulSoup(page.text, "html.parser")

    assert "The first is partially derived from the second" in words_of(page)
    here, there = (column.select("mark") for column in html.select(".side"))
    assert len(here) == len(there) >= 1
    for mark in (*here, *there):
        target = mark.select_one("a")["href"].removeprefix("#")
        assert html.find(id=target) is not None
    for number in html.select(".side__number"):
        number.extract()
    assert html.select(".side__text")[1].text == WIRE


def test_texts_too_long_for_a_page_give_their_passages_alone(client, sign_in, owner, wire, part, monkeypatch):
    monkeypatch.setattr("webapp.profiles.routes.MOST_LETTERS", 10)
    sign_in(owner)
    page = client.get(f"/articles/{part.id}/shared/{wire.id}")

    assert "too long to stand here whole" in words_of(page)
    assert "<mark" not in page.text


@pytest.mark.parametrize("other", ["itself", "elsewhere", "none"])
def test_what_cannot_stand_beside_it_gets_a_sentence(client, sign_in, owner, wire, other):
    elsewhere = make_article(project=make_project("Elsewhere"), by=owner)
    other_id = {"itself": wire.id, "elsewhere": elsewhere.id, "none": 999}[other]
    sign_in(owner)

    assert client.get(f"/articles/{wire.id}/shared/{other_id}").status_code == 404


# ---- one origin


def item_of(article, claim, author):
    item = EvidenceItem(Stance.SUPPORTS, Independence.UNKNOWN, description="A report", note="Two\nlines.")
    return add_evidence(claim, author, item, uuid4(), sentences_of(article)[0])


def claim_with_items_of(author, *articles, by):
    """A claim that is made in an article of its own."""
    made_in = make_article("It was said that the ferry has a crack.", title="Own")
    claim = make_claim("The ferry has a crack.", sentences_of(made_in)[0], by=by)
    for article in articles:
        item_of(article, claim, author)
    return claim


def test_near_copies_among_the_evidence_are_proposed_as_one_origin_and_a_press_confirms(
    client, sign_in, owner, wire, copy
):
    claim = claim_with_items_of(owner, wire, copy, by=owner)
    sign_in(owner)
    page = client.get(f"/claims/{claim.id}")
    assert "Counted as two origins, but" in words_of(page)
    assert "2 reports, 2 origins" in words_of(page)

    form = BeautifulSoup(page.text, "html.parser").select_one(".near-copies form")
    sent = {field["name"]: field.get("value", "") for field in form.select("input[name]")}
    assert client.post(form["action"], data=sent).status_code == 302
    page = client.get(f"/claims/{claim.id}")
    assert "2 reports, 1 origin" in words_of(page)
    assert "Counted as" not in words_of(page)
    db.session.rollback()
    joined = db.session.query(Evidence).filter_by(version=2).one()
    assert (joined.independence, joined.note) == (Independence.SAME_ORIGIN, "Two\nlines.")


def test_an_item_made_of_the_article_that_claims_is_proposed_as_derived(client, sign_in, owner, wire, copy):
    claim = make_claim("The ferry has a crack.", sentences_of(wire)[0], by=owner)
    item_of(copy, claim, owner)
    sign_in(owner)
    page = client.get(f"/claims/{claim.id}")

    assert "which makes the claim. Derived from it?" in words_of(page)
    assert (
        BeautifulSoup(page.text, "html.parser").select_one(".near-copies button").text.strip()
        == "Derived from the article"
    )


def test_whose_item_it_is_not_sees_the_question_without_a_button(client, sign_in, owner, analyst, wire, copy):
    claim = claim_with_items_of(analyst, wire, copy, by=owner)
    sign_in(owner)
    page = client.get(f"/claims/{claim.id}")

    assert "Counted as two origins, but" in words_of(page)
    assert not BeautifulSoup(page.text, "html.parser").select(".near-copies button")


def test_of_each_number_the_newest_articles_are_told_however_many_have_it_but_for_boilerplate(app, monkeypatch):
    monkeypatch.setattr(passage_index, "NEWEST", 2)
    monkeypatch.setattr(passage_index, "COMMON", 3)
    ids = [make_article(f"Number {n}.").id for n in range(12)]
    same_bucket = 7 + 2**16
    numbers = {id_: [7] if place < 8 else [same_bucket] for place, id_ in enumerate(ids)}
    numbers[ids[0]] += [-(2**31), 2**31 - 1]
    numbers[ids[6]] += [same_bucket]
    numbers[ids[11]] += [-1]
    for place in (0, 6):
        numbers[ids[place]] += [5]
    with db_write() as session:
        passage_index.drop(session.connection())
        passage_index.create(session.connection())
        passage_index.add(session.connection(), 1, numbers)
        told = passage_index.sharing(session.connection(), 1, [-(2**31), -1, 1, 5, 7, same_bucket, 2**31 - 1])
        elsewhere = passage_index.sharing(session.connection(), 2, [7])

    assert told.common == {7, same_bucket}
    assert told.hits == {ids[0]: 3, ids[6]: 1, ids[11]: 1}
    assert told.looked_up == 5
    assert not elsewhere.hits


def test_numbers_are_written_as_words_by_which_each_is_looked_up():
    numbers = [-(2**31), -1, 0, 1, 15, 16, 255, 256, 2**24, 2**31 - 1]

    assert passage_index._as_words(12, numbers).split() == [passage_index._word(12, one) for one in numbers]
    assert passage_index._as_words(12, []) == ""
