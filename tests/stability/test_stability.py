"""Repeats are drawn at random and look like any other work; the two times are compared for supervisors alone."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from tests.conftest import raw
from tests.factories import (
    assignment_of,
    make_article,
    make_member,
    make_project,
    sentences_of,
)
from webapp.db import db, db_write, now
from webapp.domain.answers import Answer
from webapp.domain.errors import BadPlan, BadProject
from webapp.domain.terms import Tag
from webapp.models import Assignment, AuditEvent, Codebook, InboxEntry, Role
from webapp.projects.actions import add_member, assign, return_work
from webapp.review.filters import Filter
from webapp.review.queries import coders_of, counted_answers
from webapp.rounds.actions import NewRound, begin_next
from webapp.stability.actions import hand_out_repeats
from webapp.stability.queries import shown
from webapp.tagging.actions import record_answer, submit

TEXT = "One came. Two went. Three stayed. Four left."


@pytest.fixture
def study(app, owner):
    """A blind project in which one analyst has handed in four articles."""
    project = make_project("Stable", is_blind=True)
    add_member(project, owner, {Role.SUPERVISOR})
    me = make_member("Mine", "analyst", project=project)
    articles = [make_article(f"{TEXT} {number} more came.", project=project) for number in range(4)]
    assign(project, [(article.id, me.id) for article in articles], owner)
    for article in articles:
        do(article, me, [Tag.FACT, Tag.OPINION])
    return project, me, articles


def do(article, analyst, tags):
    """All sentences of the article, by turns, and hand it in."""
    for place, sentence in enumerate(sentences_of(article)):
        record_answer(sentence.id, analyst, Answer(tags[place % len(tags)]), 0, uuid4())
    submit(article, analyst)


def test_so_many_articles_each_are_drawn_and_what_was_drawn_stands_in_the_audit(study, owner):
    project, me, articles = study

    assert hand_out_repeats(project, 0, 2, owner, seed=7) == (2, 1)

    again = db.session.scalars(select(Assignment).where(Assignment.pass_ == 2)).all()
    assert {one.article_id for one in again} < {article.id for article in articles}
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.what == "repeats handed out")).one()
    assert event.details == {"assignments": 2, "days": 0, "each": 2, "seed": 7, "of": {str(me.id): 4}}
    told = db.session.scalars(select(InboxEntry.number).where(InboxEntry.user_id == me.id)).all()
    assert sorted(told) == [2, 4]


def test_only_what_was_handed_in_long_enough_ago_and_had_once_is_done_again(study, owner):
    project, _, articles = study
    with pytest.raises(BadPlan, match="handed in an article 14 days or more ago"):
        hand_out_repeats(project, 14, 1, owner)
    with raw(defended=False) as connection:
        old = Assignment.__table__.update().where(Assignment.article_id == articles[0].id)
        connection.execute(old.values(submitted_at=now() - timedelta(days=20)))

    assert hand_out_repeats(project, 14, 3, owner) == (1, 1)
    assert db.session.scalars(select(Assignment.article_id).where(Assignment.pass_ == 2)).all() == [articles[0].id]
    assert hand_out_repeats(project, 0, 9, owner) == (3, 1)


def test_the_two_times_are_compared_and_no_figure_about_several_analysts_counts_the_second(study, owner):
    project, me, articles = study
    hand_out_repeats(project, 0, 4, owner)
    assert shown(project, project.running).together is None
    for article in articles[:3]:
        do(article, me, [Tag.FACT, Tag.OPINION])
    do(articles[3], me, [Tag.FACT, Tag.FACT])

    found = shown(project, project.running)

    assert (found.together.same, found.together.sentences, found.together.articles) == (18, 20, 4)
    assert [(one.before, one.again, one.count) for one in found.together.changes] == [(Tag.OPINION, Tag.FACT, 2)]
    low, high = found.together.interval
    assert low < 0.9 < high
    assert [(row.open, row.handed_in) for row in found.rows] == [(0, 4)]
    counted = counted_answers(project, owner, Filter(), coders_of(project))
    assert len(counted.said) == 20


def test_a_later_round_is_compared_with_the_one_before_but_not_under_another_codebook(study, owner):
    project, me, articles = study
    begin_next(project, NewRound("repeat", is_blind=True), False, owner)
    assign(project, [(articles[0].id, me.id)], owner)
    do(articles[0], me, [Tag.FACT, Tag.OPINION])
    assert shown(project, project.running).together.sentences == 5
    with db_write() as session:
        session.add(Codebook(project_id=project.id, version="9.9", text="Newer."))
    begin_next(project, NewRound("next", is_blind=True), False, owner)
    assign(project, [(articles[0].id, me.id)], owner)
    do(articles[0], me, [Tag.FACT, Tag.OPINION])

    found = shown(project, project.running)

    assert (found.together, found.handed_in, found.other_codebook) == (None, 1, 1)


def test_the_first_time_is_not_given_back_while_the_article_is_done_once_more(study, owner):
    project, me, articles = study
    first = assignment_of(articles[0].id, me)
    hand_out_repeats(project, 0, 4, owner)

    with pytest.raises(BadProject, match="once more just now"):
        return_work(first, owner, "Look again.")


def test_the_list_of_its_analyst_shows_an_article_once_and_as_not_begun(study, owner, client, sign_in):
    project, me, articles = study
    hand_out_repeats(project, 0, 1, owner)
    again = db.session.scalars(select(Assignment.article_id).where(Assignment.pass_ == 2)).one()
    sign_in(me)

    page = client.get(f"/articles?project={project.id}").text
    submitted = client.get(f"/articles?project={project.id}&state=submitted").text

    assert [page.count(f'id="a{article.id}"') for article in articles] == [1, 1, 1, 1]
    assert f'id="a{again}"' not in submitted


def test_the_page_hands_out_and_says_the_figure_in_a_sentence_first(study, owner, client, sign_in):
    project, me, articles = study
    sign_in(owner)
    address = f"/projects/{project.id}/stability"
    assert "Nobody does an article once more" in client.get(address).text
    refused = client.post(address, data={"days": "900", "each": "1", "hand_out": "1"})
    assert "choose fewer days, or wait" in refused.text
    assert "Write a number from 1" in client.post(address, data={"days": "0", "each": "0", "hand_out": "1"}).text

    done = client.post(address, data={"days": "0", "each": "4", "hand_out": "1"}, follow_redirects=True)
    assert "Handed out once more: 4 articles to 1 analyst" in done.text
    for article in articles:
        do(article, me, [Tag.FACT, Tag.OPINION, Tag.OPINION])

    page = " ".join(client.get(address).text.split())
    assert "8 of 20 sentences (40.0 %) that an analyst tagged twice got the same tag both times" in page
    told = json.loads(client.post(f"{address}.json").text)
    assert (told["together"]["same"], told["together"]["sentences"]) == (8, 20)
    assert told["together"]["share_ci"] is not None or told["together"]["ci_text"]
    assert client.get(f"{address}?round=none").status_code == 404
