"""Settling disputed sentences: every decision stays, votes as they stood, conflicts said, nothing of analysts changed."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from tests.factories import (
    answer,
    assignment_of,
    first_project,
    make_article,
    make_member,
    make_project,
    sentences_of,
    take_up,
)
from webapp.adjudication import queries
from webapp.adjudication.actions import accept_unanimous, adjudicate, keep_first_tag
from webapp.db import db, db_write
from webapp.domain.adjudication import Cause, DecidingRule, Decision, Method, Votes
from webapp.domain.errors import BadDecision
from webapp.domain.repair import Kind
from webapp.domain.terms import Tag
from webapp.models import SHELL, Adjudication, Annotation, AuditEvent, StandingState
from webapp.models.conflicts import Conflict, Gone, Replaced
from webapp.projects.actions import return_work
from webapp.repair.actions import RepairRequest, repair
from webapp.tagging.actions import submit

FACT = Decision(Tag.FACT, DecidingRule.R5, Cause.SLIP, "An order is an act.")
OPINION = Decision(Tag.OPINION, DecidingRule.R10, Cause.UNCLEAR_RULE, "Nothing remains without the word.")


@pytest.fixture
def article(app):
    return make_article("One came. Two went. Three stayed.")


NEEDED = {Tag.ATTRIBUTION: {"source_type": "none"}, Tag.NOT_CODABLE: {"not_codable_reason": "no_claim"}}


def hand_in(article, name, *tags):
    """A new analyst who hands the article in with these tags."""
    analyst = make_member(name, "analyst")
    take_up(article, analyst)
    for sentence, tag in zip(sentences_of(article), tags, strict=True):
        answer(sentence, analyst, tag, **NEEDED.get(tag, {}))
    submit(article, analyst)
    return analyst


@pytest.fixture
def disputed(article):
    """One unanimous, one divided evenly, one divided three to one; three answers each but for the last analyst."""
    hand_in(article, "A", Tag.FACT, Tag.FACT, Tag.FACT)
    hand_in(article, "B", Tag.FACT, Tag.FACT, Tag.FACT)
    hand_in(article, "C", Tag.FACT, Tag.OPINION, Tag.FACT)
    hand_in(article, "D", Tag.FACT, Tag.OPINION, Tag.SPECULATION)
    return sentences_of(article)


def events(what):
    return db.session.scalars(select(AuditEvent).where(AuditEvent.what == what)).all()


def in_state(state):
    return [row.sentence_id for row in queries.rows_in(first_project(), SHELL, state)]


def test_the_queue_holds_the_most_divided_first(disputed):
    queue = queries.queue_of(first_project(), SHELL)

    assert in_state(StandingState.TO_SETTLE) == [disputed[1].id, disputed[2].id]
    assert [one.sentence_id for one in queries.acceptable_in(first_project(), SHELL)] == [disputed[0].id]
    assert (queue.settled, queue.total) == (0, 3)


def test_answers_not_handed_in_or_alone_do_not_count(article, analyst):
    hand_in(article, "A", Tag.FACT, Tag.FACT, Tag.FACT)
    answer(sentences_of(article)[0], analyst, Tag.OPINION)

    assert queries.queue_of(first_project(), SHELL).total == 0
    assert queries.votes_on(sentences_of(article)[0], SHELL) == Votes(fact=1)


def test_an_answer_changed_after_a_return_does_not_count(article, owner):
    hand_in(article, "A", Tag.FACT, Tag.FACT, Tag.FACT)
    other = hand_in(article, "B", Tag.OPINION, Tag.FACT, Tag.FACT)
    return_work(assignment_of(article.id, other), owner, "Look again.")
    answer(sentences_of(article)[0], other, Tag.FACT)
    submit(article, other)

    assert queries.votes_on(sentences_of(article)[0], SHELL) == Votes(fact=1, opinion=1)


def test_a_decision_keeps_the_votes_of_its_moment(article, disputed, owner):
    keep_first_tag(disputed[1], owner, Tag.FACT)
    made = adjudicate(disputed[1], owner, OPINION, 0)
    hand_in(article, "E", Tag.FACT, Tag.FACT, Tag.FACT)

    assert (made.version, made.method, made.first_tag) == (1, Method.ADJUDICATED, Tag.FACT)
    assert (made.votes, made.n_coders) == (Votes(fact=2, opinion=2), 4)
    assert made.codebook_id == first_project().running.codebook_id
    assert events("adjudicated")[0].details == {"sentence_id": disputed[1].id, "version": 1}


def test_votes_for_not_codable_are_in_no_column_and_in_the_count(article, owner):
    hand_in(article, "A", Tag.FACT, Tag.FACT, Tag.FACT)
    hand_in(article, "B", Tag.NOT_CODABLE, Tag.NOT_CODABLE, Tag.NOT_CODABLE)

    made = adjudicate(sentences_of(article)[0], owner, FACT, 0)
    assert (made.n_coders, made.votes_fact, made.votes) == (2, 1, Votes(fact=1, not_codable=1))


def test_settled_ones_leave_the_queue_and_the_next_is_named(disputed, owner):
    assert queries.next_to_settle(first_project(), SHELL, disputed[1].id) == disputed[2].id
    assert queries.next_to_settle(first_project(), SHELL, disputed[2].id) == disputed[1].id
    adjudicate(disputed[1], owner, OPINION, 0)

    queue = queries.queue_of(first_project(), SHELL)
    assert in_state(StandingState.TO_SETTLE) == [disputed[2].id]
    assert [row.gold_tag for row in queries.rows_in(first_project(), SHELL, StandingState.DECIDED)] == [Tag.OPINION]
    assert (queue.settled, queue.n_disputed) == (1, 2)
    assert queries.next_to_settle(first_project(), SHELL, disputed[1].id) == disputed[2].id
    assert queries.next_to_settle(first_project(), SHELL, disputed[2].id) is None


def test_a_changed_decision_is_a_new_row(disputed, owner):
    adjudicate(disputed[1], owner, FACT, 0)
    adjudicate(disputed[1], owner, OPINION, 1)

    assert [(row.version, row.gold_tag) for row in queries.decisions_on(disputed[1].id)] == [
        (2, Tag.OPINION),
        (1, Tag.FACT),
    ]
    assert queries.current_decision(disputed[1].id).gold_tag is Tag.OPINION


def test_somebody_faster_is_a_conflict_that_shows_theirs(disputed, owner):
    other = make_member("Other", "supervisor")
    theirs = adjudicate(disputed[1], other, FACT, 0)

    with pytest.raises(Conflict) as late:
        adjudicate(disputed[1], owner, OPINION, 0)
    assert late.value.current.id == theirs.id
    assert len(queries.decisions_on(disputed[1].id)) == 1


def test_the_same_decision_sent_twice_is_one(disputed, owner):
    first = adjudicate(disputed[1], owner, FACT, 0)

    assert adjudicate(disputed[1], owner, FACT, 0).id == first.id
    assert len(events("adjudicated")) == 1


def test_nothing_is_settled_before_anybody_handed_in(article, owner):
    with pytest.raises(BadDecision, match="handed in"):
        adjudicate(sentences_of(article)[0], owner, FACT, 0)


def test_neither_trash_nor_a_replaced_sentence_takes_a_decision(article, disputed, owner):
    repair(article, owner, RepairRequest(Kind.MERGE, disputed[0].id), 1)
    with pytest.raises(Replaced):
        adjudicate(disputed[0], owner, FACT, 0)
    with db_write():
        article.trashed_at = article.created_at
    with pytest.raises(Gone):
        adjudicate(disputed[2], owner, FACT, 0)


def test_what_analysts_answered_stays_as_it_was(disputed, owner):
    def answers():
        return db.session.execute(select(*Annotation.__table__.columns).order_by(Annotation.id)).all()

    before = answers()
    adjudicate(disputed[1], owner, OPINION, 0)
    accept_unanimous(first_project(), owner, 1)

    assert answers() == before


def test_unanimous_ones_are_accepted_all_at_once(disputed, owner):
    assert accept_unanimous(first_project(), owner, 1) == 1

    made = queries.current_decision(disputed[0].id)
    assert (made.method, made.gold_tag, made.n_coders, made.reason) == (Method.UNANIMOUS, Tag.FACT, 4, None)
    assert events("unanimous accepted")[0].details == {"sentences": 1}
    assert accept_unanimous(first_project(), owner, 0) == 0
    assert len(events("unanimous accepted")) == 1


def test_other_counts_than_the_page_showed_accept_nothing(disputed, owner):
    with pytest.raises(BadDecision, match="new counts"):
        accept_unanimous(first_project(), owner, 2)
    assert queries.current_decision(disputed[0].id) is None


def test_another_project_is_left_alone(disputed, owner):
    elsewhere = make_project("Elsewhere")

    assert queries.queue_of(elsewhere, SHELL).total == 0
    assert accept_unanimous(elsewhere, owner, 0) == 0


def test_a_unanimous_one_waits_again_when_a_later_answer_differs(article, disputed, owner):
    accept_unanimous(first_project(), owner, 1)
    hand_in(article, "E", Tag.OPINION, Tag.FACT, Tag.FACT)

    queue = queries.queue_of(first_project(), SHELL)
    assert disputed[0].id in in_state(StandingState.TO_SETTLE)
    assert queue.settled == 0
    adjudicate(disputed[0], owner, FACT, 1)
    assert queries.queue_of(first_project(), SHELL).settled == 1


def test_answers_come_in_a_new_order_each_time(disputed):
    orders = {tuple(row.analyst_id for row in queries.shuffled_answers(disputed[1], SHELL)) for _ in range(60)}

    assert len(orders) > 5


def test_the_queue_is_read_in_one_statement(disputed, statements):
    with statements() as seen:
        queries.queue_of(first_project(), SHELL)

    assert len([statement for statement in seen if statement.startswith(("SELECT", "WITH"))]) <= 2


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE adjudication SET gold_tag = 'FACT'",
        "UPDATE adjudication SET reason = 'Better.'",
        "DELETE FROM adjudication",
    ],
)
def test_the_database_refuses_to_change_a_decision(disputed, owner, change):
    adjudicate(disputed[1], owner, OPINION, 0)

    with pytest.raises(DatabaseError), db_write() as session:
        session.execute(text(change))


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": None},
        {"reason": "  "},
        {"deciding_rule": None},
        {"cause": None},
        {"method": Method.UNANIMOUS},
        {"votes_fact": 9},
        {"version": 0},
    ],
)
def test_the_database_knows_a_whole_decision(disputed, owner, wrong):
    values = {
        "sentence_id": disputed[1].id,
        "version": 1,
        "method": Method.ADJUDICATED,
        "adjudicator_id": owner.id,
        "codebook_id": first_project().running.codebook_id,
        "n_coders": 4,
        "votes_fact": 2,
        "votes_attribution": 0,
        "votes_speculation": 0,
        "votes_opinion": 2,
        **vars(OPINION),
    }
    with pytest.raises(DatabaseError), db_write() as session:
        session.add(Adjudication(**values | wrong))
