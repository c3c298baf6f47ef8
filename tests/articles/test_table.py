"""The table of a project's articles: everybody's tags as far as one may see, filters, and what is done with the chosen."""

from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import func, select, text
from werkzeug.datastructures import MultiDict

from tests.conftest import new_client
from tests.factories import (
    Person,
    answer,
    assignment_of,
    first_project,
    make_article,
    make_member,
    make_project,
    sentences_of,
)
from tests.signing_in import sign_in_as
from webapp import verification, visibility
from webapp.adjudication.actions import adjudicate
from webapp.articles.actions import moving
from webapp.articles.actions.drafts import ready_article
from webapp.articles.table import table, wanted_in
from webapp.db import db
from webapp.domain.adjudication import Cause, DecidingRule, Decision
from webapp.domain.repair import Kind
from webapp.domain.terms import NotPart, Tag
from webapp.models import SHELL, Annotation, Article, AuditEvent, Role, Standing
from webapp.projects.actions import Settings, add_member, assign, change_settings, return_work
from webapp.reading.actions import exclude
from webapp.repair.actions import RepairRequest, repair
from webapp.tagging.actions import submit

SAMPLE = "Russian air force chief in Tehran"


@pytest.fixture
def study(over):
    return over(make_study)


def make_study():
    """A blind project: one article handed in by two who differ, one half done, one not handed out, in an own outlet."""
    change_settings(first_project(), Settings("Study", is_blind=True, overlap=2), SHELL)
    ann, ben = (make_member(name, "analyst") for name in ("Ann", "Ben"))
    about = [("Disputed", "Reuters", "2013-10"), ("Half done", "Reuters", "2014-01-05"), ("Waits", "AFP", None)]
    articles = [make_article(sentences=2, title=t, outlet=o, published=p) for t, o, p in about]
    owner = owner_of_all()
    assign(first_project(), [(article.id, one.id) for article in articles[:2] for one in (ann, ben)], owner)
    for one, tags in ((ann, (Tag.FACT, Tag.FACT)), (ben, (Tag.OPINION, Tag.FACT))):
        for sentence, tag in zip(sentences_of(articles[0]), tags, strict=True):
            answer(sentence, one, tag)
        submit(articles[0], one)
    answer(sentences_of(articles[1])[0], ann, Tag.SPECULATION)
    return ann.id, ben.id, [article.id for article in articles]


def owner_of_all():
    owner = make_member("Sue", "supervisor")
    add_member(first_project(), owner, {Role.SUPERVISOR})
    return owner


def rows_for(reader, **asked):
    """By title: what the strips say, who has handed it in, what is to settle."""
    db.session.commit()
    shown = table(reader, first_project(), wanted_in(asked)).rows
    return {row.article.display_title: (row.in_words, f"{row.submitted} of {row.held}", row.to_settle) for row in shown}


def test_a_supervisor_sees_everybodys_tags(study):
    seen = rows_for(make_member("Super", "supervisor"))

    assert seen["Disputed"] == ("3 Fact, 1 Opinion", "2 of 2", 1)
    assert seen["Half done"] == ("1 Speculation, 1 untagged", "0 of 2", 0)
    assert seen["Waits"] == ("2 untagged", "0 of 0", 0)


def test_an_analyst_of_a_blind_project_sees_their_own_alone(study, app):
    ann_id, _, _ = study
    seen = rows_for(Person(ann_id))
    assert seen == {"Disputed": ("2 Fact", "1 of 1", 0), "Half done": ("1 Speculation, 1 untagged", "0 of 1", 0)}
    client = new_client(app)
    sign_in_as(client, Person(ann_id))
    page = BeautifulSoup(client.get("/").text, "html.parser")
    assert [one.text for one in page.select(".articles__table thead th")] == ["Article", "Your tags", "Yours"]
    assert page.select(".chosen, select[name=analyst]") == []


def test_a_researcher_sees_what_was_handed_in(study):
    assert rows_for(make_member("Rea", "researcher"))["Half done"] == ("2 untagged", "0 of 0", 0)
    assert rows_for(make_member("Rea too", "researcher"))["Disputed"] == ("3 Fact, 1 Opinion", "2 of 2", 0)


def test_a_returned_article_shows_its_tags_as_they_are_now(study):
    ann_id, _, ids = study
    ann, article = Person(ann_id), db.session.get_one(Article, ids[0])
    return_work(assignment_of(article.id, ann), make_member("S", "supervisor"), "Look again")
    answer(sentences_of(article)[0], ann, Tag.ATTRIBUTION, source_type="named_person")
    boss = make_member("Super", "supervisor")

    assert rows_for(boss)["Disputed"][:2] == ("2 Fact, 1 Attribution, 1 Opinion", "1 of 2")
    submit(article, ann)
    assert rows_for(boss)["Disputed"][:2] == ("2 Fact, 1 Attribution, 1 Opinion", "2 of 2")
    assert verification.faults() == []


def test_what_is_settled_is_disputed_no_more(study):
    boss = make_member("Super", "supervisor")
    sentence = sentences_of(db.session.get_one(Article, study[2][0]))[0]
    adjudicate(sentence, boss, Decision(Tag.FACT, DecidingRule.CODEBOOK_GAP, Cause.SLIP, "It is told so."), 0)

    assert rows_for(boss)["Disputed"][2] == 0


@pytest.mark.parametrize(
    ("asked", "titles"),
    [
        ({"q": "dispu"}, ["Disputed"]),
        ({"q": "DONE half"}, ["Half done"]),
        ({"outlet": "Reuters"}, ["Half done", "Disputed"]),
        ({"since": "2014"}, ["Half done"]),
        ({"until": "2013"}, ["Disputed", SAMPLE]),
        ({"since": "2013-10", "until": "2014-01"}, ["Half done", "Disputed", SAMPLE]),
        ({"state": "none"}, ["Waits", SAMPLE]),
        ({"state": "work"}, ["Half done"]),
        ({"state": "done"}, ["Disputed"]),
        ({"state": "settle"}, ["Disputed"]),
        ({"sort": "oldest"}, [SAMPLE, "Disputed", "Half done", "Waits"]),
        ({"sort": "published"}, ["Half done", "Disputed", SAMPLE]),
        ({"sort": "outlet"}, ["Waits", "Disputed", "Half done", SAMPLE]),
        (
            {"state": "nonsense", "sort": "x", "analyst": "y"},
            ["Waits", "Half done", "Disputed", SAMPLE],
        ),
    ],
)
def test_the_table_is_narrowed_down_and_put_in_order(study, asked, titles):
    assert list(rows_for(make_member("Super", "supervisor"), **asked)) == titles


def test_one_analysts_articles_are_listed_for_a_supervisor_and_for_nobody_else(study):
    ann_id, ben_id, _ = study
    boss = make_member("Super", "supervisor")

    assert list(rows_for(boss, analyst=str(ben_id))) == ["Half done", "Disputed"]
    assert list(rows_for(boss, analyst="999999")) == []
    assert list(rows_for(Person(ann_id), analyst=str(ben_id))) == ["Half done", "Disputed"]
    assert list(rows_for(Person(ann_id), state="settle")) == ["Half done", "Disputed"]
    assert list(rows_for(Person(ann_id), state="submitted")) == ["Disputed"]


def test_words_too_short_are_answered_with_a_sentence(client, sign_in, study, owner):
    sign_in(owner)
    for words in ("x", "“", "%"):
        answered = client.get("/", query_string={"q": words})
        assert (answered.status_code, "three letters" in answered.text) == (422, True)
    assert client.get("/?q=" + "x" * 5_000).status_code == 200
    assert client.get("/?since=%00&sort=published&page=2&after=[]").status_code == 200


@pytest.mark.parametrize(("name", "day"), [("since", "2026-13"), ("until", "yesterday"), ("until", "2013-02-30")])
def test_what_is_no_date_is_answered_with_a_sentence(client, sign_in, study, owner, name, day):
    sign_in(owner)
    answered = client.get("/", query_string={name: day})

    assert answered.status_code == 422
    assert f"“{day}” is no date; write it as 2013, 2013-10 or 2013-10-28." in answered.text
    assert "No article is so" not in answered.text


def test_what_tells_a_page_narrows_nothing_down():
    assert wanted_in({"page": "2", "after": "51", "before": "101"}).is_everything


@pytest.mark.sqlite_only("about its plans")
def test_standings_of_a_page_are_looked_up_by_its_articles(app, owner):
    found = visibility.standings_by_article(owner, first_project()).where(Standing.article_id.in_([1, 2]))
    made = found.with_only_columns(Standing.sentence_id).compile(db.engine, compile_kwargs={"literal_binds": True})
    [step] = [row.detail for row in db.session.execute(text(f"EXPLAIN QUERY PLAN {made}"))]
    assert "ix_standing_article_id" in step


def test_the_chosen_are_handed_out_and_put_into_the_trash(client, sign_in, study, owner):
    ann_id, _, ids = study
    sign_in(owner)
    sent = client.post("/projects/1/hand-out?state=none", data={"article": [str(ids[2]), "x"], "analyst": str(ann_id)})

    assert sent.location == "/?state=none&project=1"
    assert "Handed out: 1." in client.get("/").text
    client.post("/projects/1/articles/trash", data={"article": [str(ids[2]), str(ids[1])]})
    db.session.rollback()
    assert [db.session.get_one(Article, id_).is_live for id_ in ids] == [True, False, False]
    for address in ("hand-out", "articles/trash"):
        assert "Choose articles first" in client.post(f"/projects/1/{address}", follow_redirects=True).text


def test_an_article_moves_to_another_project_with_its_split_and_its_description(client, sign_in, study, owner):
    _, _, ids = study
    other = make_project("Other study")
    add_member(other, owner, {Role.SUPERVISOR})
    sign_in(owner)
    client.post("/projects/1/articles/move", data={"article": [str(ids[2])], "to": str(other.id)})

    db.session.rollback()
    moved = db.session.scalars(select(Article).where(Article.project_id == other.id)).one()
    before = db.session.get_one(Article, ids[2])
    assert (moved.title, moved.outlet, moved.text, moved.is_live, before.is_live) == (*described(before), True, False)
    assert [one.span for one in sentences_of(moved)] == [one.span for one in sentences_of(before)]
    assert db.session.scalar(select(AuditEvent).where(AuditEvent.what == "article moved")).project_id == 1
    assert verification.faults() == []


def described(article):
    return article.title, article.outlet, article.text


@pytest.fixture
def elsewhere(owner):
    """Another project of the owner."""
    other = make_project("Other study")
    add_member(other, owner, {Role.SUPERVISOR})
    return other


def in_project(project):
    db.session.rollback()
    return {one.title: one for one in db.session.scalars(select(Article).where(Article.project_id == project.id))}


def test_of_the_chosen_those_with_work_stay_with_the_reason_and_the_others_move(
    client, sign_in, study, owner, elsewhere
):
    _, _, ids = study
    sign_in(owner)
    told = BeautifulSoup(client.post(MOVE, data={"article": ids, "to": str(elsewhere.id)}).text, "html.parser")
    titles = {one.id: one.title for one in in_project(first_project()).values()}

    assert in_project(elsewhere).keys() == {titles[ids[2]]}
    assert [" ".join(one.text.split()) for one in told.select("main li")] == [
        f"{titles[id_]} it has answers" for id_ in ids[:2]
    ]
    assert [db.session.get_one(Article, id_).is_live for id_ in ids] == [True, True, False]


def test_those_that_stay_are_copied_without_the_work_and_all_of_it_stays(client, sign_in, study, owner, elsewhere):
    _, _, ids = study
    answers = db.session.scalar(select(func.count()).select_from(Annotation))
    sign_in(owner)
    exclude(sentences_of(db.session.get_one(Article, ids[0]))[0], owner, NotPart.BYLINE, 0, uuid4())
    page = client.post(MOVE, data={"article": ids, "to": str(elsewhere.id)}).text
    form = BeautifulSoup(page, "html.parser").select_one("main form")
    fields = MultiDict((one["name"], one["value"]) for one in form.select("input"))
    assert client.post(form["action"], data=fields).status_code == 302
    again = client.post(form["action"], data=fields).text

    assert again.count("its text is there already") == 2
    assert "without the work</button>" not in again
    assert len(in_project(elsewhere)) == 3
    copy = in_project(elsewhere)[db.session.get_one(Article, ids[0]).title]
    assert [one.is_excluded for one in sentences_of(copy)][:2] == [True, False]
    assert [db.session.get_one(Article, id_).is_live for id_ in ids] == [True, True, False]
    assert db.session.scalar(select(func.count()).select_from(Annotation)) == answers
    assert list(verification.faults()) == []


def test_articles_go_to_a_project_that_one_supervises_alone(client, sign_in, study, owner):
    other = make_project("Other study")
    sign_in(owner)

    assert client.post(MOVE, data={"article": study[2], "to": str(other.id)}).status_code == 404
    assert in_project(other) == {}


MOVE = "/projects/1/articles/move"


def test_a_repair_that_comes_while_an_article_is_made_ready_goes_along(app, owner, monkeypatch):
    article, other = make_article(sentences=3), make_project("Other study")

    def ready(values, split):
        monkeypatch.setattr(moving, "ready_article", ready_article)
        repair(article, owner, RepairRequest(Kind.MERGE, sentences_of(article)[1].id), 1, "It is one.")
        return ready_article(values, split)

    monkeypatch.setattr(moving, "ready_article", ready)
    assert moving.move_articles([article], other, owner) == (1, [])

    [moved] = db.session.scalars(select(Article).where(Article.project_id == other.id))
    assert len(sentences_of(moved)) == 2
    assert verification.faults() == []


def test_the_table_is_narrowed_down_by_the_share_of_a_tag_among_what_one_may_read(study):
    ann_id, ben_id, _ = study
    supervisor = make_member("Super", "supervisor")

    assert rows_for(supervisor, tag="OPINION", share="25").keys() == {"Disputed"}
    assert rows_for(supervisor, tag="OPINION", share="26") == {}
    assert rows_for(supervisor, tag="SPECULATION") == {}  # it is not handed in yet
    assert rows_for(Person(ben_id), tag="OPINION", share="50").keys() == {"Disputed"}
    assert rows_for(Person(ann_id), tag="OPINION") == {}
    assert rows_for(make_member("Re", "researcher"), tag="FACT", share="75").keys() == {"Disputed"}


def test_how_long_one_took_for_a_sentence_is_told_to_oneself_and_to_supervisors_alone(app, owner):
    change_settings(first_project(), Settings("Study", is_blind=True, overlap=2), SHELL)
    ann, article = make_member("Ann", "analyst"), make_article(sentences=3)
    assign(first_project(), [(article.id, ann.id)], owner)
    for sentence, seconds in zip(sentences_of(article), (4, 7, 600), strict=True):
        answer(sentence, ann, Tag.FACT, active_seconds=seconds)
    submit(article, ann)
    told = {}
    for person in (ann, owner, make_member("Ben", "analyst"), make_member("Re", "researcher")):
        client = new_client(app)
        sign_in_as(client, person)
        told[person.name] = [("7 s" in client.get(page).text) for page in ("/", "/projects/1")]

    assert told == {"Ann": [True, False], owner.name: [False, True], "Ben": [False, False], "Re": [False, False]}


def test_the_answers_to_the_chosen_articles_alone_are_exported_and_that_is_on_record(study, client, sign_in):
    _, _, (disputed, *_) = study
    sign_in(make_member("Super", "supervisor"))
    rows = client.post("/export/1/long.csv", data={"article": disputed}).text.splitlines()
    db.session.rollback()
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.what == "exported")).one()

    assert len(rows) == 1 + 4
    assert all("Disputed" in row for row in rows[1:])
    assert event.details["choices"] == {"articles": [str(disputed)]}
    assert client.post("/export/1/long.csv", data={"article": 999}).status_code == 422


def test_what_the_table_was_narrowed_down_to_is_kept_behind_a_form(client, sign_in, owner, study):
    sign_in(owner)
    asked = {"q": "a", "outlet": "Reuters", "since": "2013", "until": "2014-02", "tag": "FACT", "share": "20"}
    answered = client.post("/projects/1/articles/trash", query_string=asked)

    kept = parse_qs(urlsplit(answered.headers["Location"]).query)
    assert {name: values[0] for name, values in kept.items() if name != "project"} == asked
