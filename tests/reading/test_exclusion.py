"""A byline or caption is not part of the article: nobody is asked for its tag, no count holds it, and it comes back."""

import csv
import io
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select, text

from tests.adjudication.test_settling import FACT, hand_in
from tests.conftest import raw
from tests.factories import answer, assignment_of, first_project, make_article, make_member, sentences_of, take_up
from webapp import verification
from webapp.adjudication.actions import adjudicate
from webapp.adjudication.queries import queue_of
from webapp.articles.actions import trash_article
from webapp.db import db
from webapp.domain.errors import BadRepair
from webapp.domain.repair import Kind
from webapp.domain.terms import NotPart, Tag
from webapp.export.actions import export_gold_csv, export_long_csv
from webapp.judgements import judgements
from webapp.models import SHELL, Article, Exclusion, ProjectCount
from webapp.models.conflicts import Conflict, Gone, Incomplete
from webapp.profiles.queries import profile_of
from webapp.reading.actions import exclude
from webapp.repair.actions import RepairRequest, repair
from webapp.standings import recount
from webapp.tagging.actions import submit

F, O = Tag.FACT, Tag.OPINION  # noqa: E741 (the letters of the badges)
BYLINE = NotPart.BYLINE


@pytest.fixture
def article(app):
    """Two analysts differ about the first sentence, which somebody settled, and agree on the others."""
    article = make_article("By Ann Bee. One came. Two went.", title="Comings")
    hand_in(article, "Ann Alpha", F, F, F)
    hand_in(article, "Bob Beta", O, F, F)
    return article


def figures(article):
    """What is counted of the article, wherever it is counted."""
    db.session.remove()
    project, article = first_project(), db.session.get_one(Article, article.id)
    queue = queue_of(project, SHELL)
    size = db.session.get(ProjectCount, project.id)
    return {
        "sentences": article.sentence_count,
        "in the project": size.sentences,
        "judgements": len(db.session.scalars(judgements(project, SHELL)).all()),
        "to settle": queue.to_settle,
        "settled": queue.settled,
        "queue": queue.total,
        "gold": "".join(export_gold_csv(project, SHELL)).count("\r\n") - 1,
        "profile": len(profile_of(SHELL, project, [article]).profile.sentences),
    }


def rows(**options):
    return list(csv.DictReader(io.StringIO("".join(export_long_csv(first_project(), SHELL, **options)))))


def test_what_is_not_part_is_in_no_count_and_comes_back_as_it_was(owner, article):
    first, *_ = sentences_of(article)
    adjudicate(first, owner, FACT, 0)
    before = figures(article)

    exclude(first, owner, BYLINE, 0, uuid4())
    assert [sentence.index for sentence in sentences_of(article)] == [1, 2, 3]
    after = figures(article)
    assert {name: before[name] - after[name] for name in before} == {
        "sentences": 1,
        "in the project": 1,
        "judgements": 2,
        "to settle": 0,
        "settled": 1,
        "queue": 1,
        "gold": 1,
        "profile": 1,
    }
    assert list(verification.faults()) == []
    assert [row["excluded"] for row in rows()] == ["true", "true", "false", "false", "false", "false"]
    assert list(rows()[0])[-2:] == ["description_version", "excluded"]

    exclude(first, owner, None, 1, uuid4())
    assert figures(article) == before
    assert list(verification.faults()) == []


def test_nobody_is_asked_for_its_tag_and_an_answer_given_before_stays_on_record(client, sign_in, owner, article):
    first, second, third = sentences_of(article)
    eve = sign_in(make_member("Eve", "analyst"))
    take_up(article, eve)
    answer(first, eve, O)
    answer(second, eve, F)
    assert assignment_of(article.id, eve).answered == 2
    exclude(first, owner, BYLINE, 0, uuid4())
    exclude(third, owner, NotPart.CAPTION, 0, uuid4())
    db.session.rollback()
    assert assignment_of(article.id, eve).answered == 1

    desk = BeautifulSoup(client.get(f"/articles/{article.id}").text, "html.parser")
    assert [one.text for one in desk.select(".prose .words")] == ["One came."]
    assert [one.text for one in desk.select(".not-part")] == ["By Ann Bee.", "Two went."]
    assert len(desk.select(".strip a")) == 1
    answer(first, eve, F)  # which a page from before may still send
    submit(article, eve)

    assert [row["tag"] for row in rows() if row["excluded"] == "true" and row["submitted_at"]].count("FACT") == 4
    assert {row["excluded"] for row in rows(unanswered=True) if not row["tag"]} <= {"false"}
    exclude(first, owner, None, 1, uuid4())
    db.session.rollback()
    assert assignment_of(article.id, eve).answered == 2
    assert list(verification.faults()) == []


def test_what_is_back_in_the_article_is_asked_for_again(owner, article):
    first, *others = sentences_of(article)
    eve = make_member("Eve", "analyst")
    take_up(article, eve)
    exclude(first, owner, BYLINE, 0, uuid4())
    for sentence in others:
        answer(sentence, eve, F)
    exclude(first, owner, None, 1, uuid4())

    with pytest.raises(Incomplete):
        submit(article, eve)


def test_a_repair_leaves_it_on_the_old_sentence(owner, article):
    first, *_ = sentences_of(article)
    exclude(first, owner, BYLINE, 0, uuid4())
    repair(article, owner, RepairRequest(Kind.MERGE, first.id), article.segmentation_version)

    db.session.rollback()
    assert [sentence.is_excluded for sentence in sentences_of(article)] == [False, False]
    assert article.sentence_count == 2
    assert list(verification.faults()) == []


def test_a_late_or_repeated_or_empty_change_changes_nothing(owner, article):
    first, write = sentences_of(article)[0], uuid4()
    made = exclude(first, owner, BYLINE, 0, write)
    assert exclude(first, owner, BYLINE, 0, write).id == made.id
    with pytest.raises(Conflict):
        exclude(first, owner, NotPart.OTHER, 0, uuid4())
    with pytest.raises(BadRepair, match="stands so already"):
        exclude(first, owner, BYLINE, 1, uuid4())
    trash_article(article, owner)
    with pytest.raises(Gone):
        exclude(first, owner, None, 1, uuid4())

    assert len(db.session.scalars(select(Exclusion)).all()) == 1


def test_verify_finds_a_sentence_that_counts_against_what_was_said_and_recount_mends_it(owner, article):
    exclude(sentences_of(article)[0], owner, BYLINE, 0, uuid4())
    with raw(defended=False) as connection:
        connection.execute(text("UPDATE sentence SET is_excluded = (1 = 0) WHERE is_excluded"))

    assert "whether it is part of its article" in "\n".join(verification.faults())
    recount()
    assert list(verification.faults()) == []


def test_the_reading_room_takes_a_sentence_out_and_back_in(client, sign_in, owner, article):
    first, *_ = sentences_of(article)
    sign_in(owner)

    def opened():
        page = BeautifulSoup(client.get(f"/articles/{article.id}/reading?at={first.id}").text, "html.parser")
        return page, page.select_one(".part:not(.proposal)")

    def sent(**fields):
        form = opened()[1]
        hidden = {field["name"]: field["value"] for field in form.select("input[type=hidden]")}
        return client.post(form["action"], data=hidden | fields)

    assert [button["value"] for button in opened()[1].select("button")] == [why.value for why in NotPart]
    assert sent(why="byline").location.endswith(f"/reading?at={first.id}#s{first.id}")
    page, form = opened()
    assert "2 sentences" in page.select_one(".article__head").text
    assert page.select_one("[data-excluded]")["id"] == f"s{first.id}"
    assert form.select_one("button").text == "Take it back in"
    sent()
    assert opened()[0].select("[data-excluded]") == []
    assert "handed in without its tag" not in opened()[0].text
    sent(why="rumour")
    assert "is one of byline, caption, table_row, other" in opened()[0].text


def test_who_takes_a_sentence_back_in_is_told_how_many_handed_the_article_in_without_it(
    client, sign_in, owner, article
):
    first, *others = sentences_of(article)
    exclude(first, owner, BYLINE, 0, uuid4())
    eve = make_member("Eve", "analyst")
    take_up(article, eve)
    for sentence in others:
        answer(sentence, eve, F)
    submit(article, eve)
    sign_in(owner)

    told = {"seen": "1", "client_id": str(uuid4())}
    page = client.post(f"/sentences/{first.id}/exclusion", data=told, follow_redirects=True).text
    assert "1 piece of work was handed in without its tag" in page
