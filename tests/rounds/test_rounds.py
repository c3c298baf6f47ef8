"""Rounds: one closes where the next begins, and what was done in it stays; articles drawn keep their chance."""

import pytest
from sqlalchemy import func, select

from tests.conftest import raw
from tests.factories import Person, answer, first_project, make_article, make_member, make_project, sentences_of
from webapp.db import db, db_write
from webapp.domain.errors import BadPlan, BadProject
from webapp.domain.terms import Tag
from webapp.models import Article, AuditEvent, Codebook, Role, Round, RoundArticle
from webapp.projects.actions import Wish, add_member, assign, carry_out, planned
from webapp.projects.queries import assignments_of
from webapp.rounds.actions import NewRound, begin_next, rename_running
from webapp.rounds.queries import rounds_of
from webapp.samples import Sample, sample_of
from webapp.tagging.actions import submit


def test_the_next_round_begins_empty_and_what_was_done_before_stays(app, owner, analyst):
    project, article = first_project(), make_article("One came.")
    kept = answer(sentences_of(article)[0], analyst, Tag.FACT)

    begun = begin_next(project, NewRound("repeat", is_blind=True, overlap=2), True, owner)

    assert first_project().running.id == begun.id
    assert (begun.is_blind, begun.overlap) == (True, 2)
    assert assignments_of(project) == []
    db.session.rollback()
    assert (kept.tag, kept.assignment.is_done) == (Tag.FACT, True)
    assert [row.round.name for row in rounds_of(project)] == ["repeat", "main"]
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.what == "round begun")).one()
    assert event.details == {"closed": "main", "not_handed_in": 1, "round": "repeat", "is_blind": True}


def test_work_that_is_not_handed_in_is_closed_only_by_whoever_says_so(app, owner, analyst):
    assign(first_project(), [(make_article().id, analyst.id)], owner)

    with pytest.raises(BadProject, match="1 piece of work in this round is not handed in"):
        begin_next(first_project(), NewRound("next"), False, owner)
    assert first_project().running.name == "main"


def test_a_round_follows_the_newest_codebook_and_the_one_before_keeps_its_own(app, owner):
    project = first_project()
    before = project.running.codebook_id
    with db_write() as session:
        session.add(Codebook(project_id=project.id, version="9.9", text="Newer."))

    begun = begin_next(project, NewRound("next"), False, owner)

    assert begun.codebook.version == "9.9"
    assert db.session.scalars(select(Round.codebook_id).where(Round.name == "main")).one() == before


@pytest.mark.parametrize(("name", "sentence"), [(" ", "needs a name"), ("MAIN", "called “MAIN” already")])
def test_a_name_that_is_none_or_taken_is_refused_and_nothing_is_closed(app, owner, name, sentence):
    with pytest.raises(BadProject, match=sentence):
        begin_next(first_project(), NewRound(name), False, owner)

    assert first_project().running.name == "main"


def test_the_running_round_may_get_another_name(app, owner):
    rename_running(first_project(), "pilot", owner)

    assert first_project().running.name == "pilot"


def test_the_page_begins_the_next_round_and_says_what_would_be_closed(client, sign_in, owner, analyst):
    assign(first_project(), [(make_article().id, analyst.id)], owner)
    sign_in(owner)

    page = client.get("/projects/1/rounds")
    assert "1 piece of work" in page.text
    refused = client.post("/projects/1/rounds", data={"name": "next", "overlap": "1", "begin": "1"})
    assert "is not handed in" in refused.text
    begun = client.post(
        "/projects/1/rounds", data={"name": "next", "overlap": "2", "begin": "1", "closes": "y"}, follow_redirects=True
    )
    assert "The round “next” runs now" in begun.text
    renamed = client.post("/projects/1/rounds/name", data={"name": "main round"}, follow_redirects=True)
    assert "main round" in renamed.text


# ---- articles drawn


@pytest.fixture
def frame(app, owner):
    """A project of ten articles of two outlets, and two analysts."""
    project = make_project("Drawn")
    add_member(project, owner, {Role.SUPERVISOR})
    people = [make_member(name, "analyst", project=project) for name in ("Ann", "Bea")]
    articles = [make_article(f"Number {number} came.", project=project) for number in range(10)]
    with db_write():
        for number, article in enumerate(articles):
            article.outlet = "Courier" if number < 5 else "Echo"
    return project, [person.id for person in people]


def test_a_plan_that_draws_hands_out_what_was_drawn_and_keeps_the_chance_of_each(frame, owner):
    project, ids = frame
    wish = Wish(ids, 2, draw=4, strata="outlet")

    count = carry_out(project, wish, len(planned(project, wish).plan.new), owner)

    rows = db.session.scalars(select(RoundArticle)).all()
    assert count == 8
    assert len(rows) == 10
    assert {row.article_id for row in rows if row.drawn} == {one.article_id for one in assignments_of(project)}
    assert {(row.stratum, row.places, row.among) for row in rows} == {("Courier", 2, 5), ("Echo", 2, 5)}
    assert sum(row.drawn for row in rows if row.stratum == "Echo") == 2
    assert (sample_of(project.running, owner).drawn, sample_of(project.running, owner).of) == (4, 10)


def test_a_later_plan_leaves_out_what_was_not_drawn_and_takes_in_what_came_since(frame, owner):
    project, ids = frame
    wish = Wish(ids, 1, draw=4)
    carry_out(project, wish, 4, owner)
    late = make_article("It came later.", project=project)

    new = planned(project, Wish(ids, 2)).plan.new

    assert len(new) == 4 + 2
    assert late.id in {one.article for one in new}


def test_work_handed_out_by_hand_has_no_known_chance(frame, owner):
    project, ids = frame
    by_hand = db.session.scalar(select(func.min(Article.id)).where(Article.project_id == project.id))
    assign(project, [(by_hand, ids[0])], owner)

    carry_out(project, Wish(ids, 1, draw=3), 3, owner)

    assert db.session.get(RoundArticle, (project.running.id, by_hand)) is None
    assert sample_of(project.running, owner).of == 9


def test_more_than_there_are_cannot_be_drawn(frame):
    project, ids = frame

    with pytest.raises(BadPlan, match="Draw 1 to 10 articles"):
        planned(project, Wish(ids, 1, draw=11))


def test_the_chance_of_an_article_never_changes(frame, owner):
    project, ids = frame
    carry_out(project, Wish(ids, 1, draw=3), 3, owner)

    with pytest.raises(Exception, match="never changes"), raw() as connection:
        connection.exec_driver_sql("UPDATE round_article SET places = 1")


def test_the_page_of_the_plan_draws(client, sign_in, frame, owner):
    project, ids = frame
    sign_in(owner)
    data = {"analysts": [str(id_) for id_ in ids], "overlap": "1", "percent": "0", "draw": "4", "strata": "outlet"}

    preview = client.post(f"/projects/{project.id}/plan", data=data | {"preview": "1"})
    assert "4 of 10 articles that no plan has seen would be drawn" in " ".join(preview.text.split())
    client.post(f"/projects/{project.id}/plan", data=data | {"carry_out": "1", "expected": "4"})
    db.session.rollback()
    assert len(assignments_of(project)) == 4
    assert "4 of 10" in client.get(f"/projects/{project.id}/rounds").text


def test_the_agreement_page_says_how_the_articles_were_drawn(client, sign_in, frame, owner):
    project, ids = frame
    sign_in(owner)
    address = f"/projects/{project.id}/agreement"
    carry_out(project, Wish(ids, 1, draw=4, strata="outlet"), 4, owner)
    for assignment in assignments_of(project):
        hand_in_all(assignment)

    page = " ".join(client.get(address).text.split())
    told = client.post(f"{address}.json").json

    sentence = (
        f"4 of 10 articles were drawn at random (seed {project.running.plan_seed}), in proportion among 2 strata."
    )
    assert sentence in page
    assert told["sample"] == sentence
    assert sentence in told["methods_paragraph"]


def test_articles_that_no_plan_knew_are_named_as_those():
    assert Sample(4, 4, 1, 7, 1).sentence.endswith(
        "; 1 more, which was handed out by hand, has no known chance of being drawn."
    )


def hand_in_all(assignment):
    for sentence in sentences_of(assignment.article):
        answer(sentence, Person(assignment.analyst_id), Tag.FACT)
    submit(assignment.article, Person(assignment.analyst_id))
