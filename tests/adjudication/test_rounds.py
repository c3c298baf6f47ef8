"""Gold belongs to a round: each has its own decisions, and its rules are those of its codebook's text."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from tests.adjudication.test_settling import FACT, OPINION, hand_in
from tests.factories import Person, assignment_of, first_project, make_article, move_to, sentences_of
from webapp import verification, visibility
from webapp.adjudication import queries
from webapp.adjudication.actions import accept_unanimous, adjudicate
from webapp.db import db, db_write, now
from webapp.domain.adjudication import Cause, Decision, rule_named
from webapp.domain.errors import BadDecision
from webapp.domain.terms import Tag
from webapp.models import SHELL, Adjudication, Assignment, Codebook, Round


@pytest.fixture
def article(app):
    article = make_article("One came. Two went.")
    hand_in(article, "A", Tag.FACT, Tag.FACT)
    hand_in(article, "B", Tag.OPINION, Tag.FACT)
    return article


def next_round(text=None):
    """Close the running round and begin another, perhaps under another codebook."""
    project = first_project()
    with db_write() as session:
        old = project.running
        codebook_id = old.codebook_id
        if text:
            codebook = Codebook(version="2.0", text=text)
            session.add(codebook)
            session.flush()
            codebook_id = codebook.id
        old.closed_at = now()
        session.flush()
        session.add(Round(project_id=project.id, name="repeat", codebook_id=codebook_id))
    return old


def move_the_work():
    """The analysts' answers are then those of the running round."""
    move_to(first_project().running, *db.session.scalars(select(Assignment)))


def test_each_round_has_its_own_queue_and_its_own_decisions(article, owner):
    first, _ = sentences_of(article)
    assert accept_unanimous(first_project(), owner, 1) == 1
    adjudicate(first, owner, FACT, 0)
    old = next_round()

    queue = queries.queue_of(first_project(), owner)
    assert (queue.total, queue.settled) == (0, 0)
    assert queries.current_decision(first.id) is None
    move_the_work()
    queue = queries.queue_of(first_project(), owner)
    assert (queue.total, queue.settled, queue.acceptable) == (2, 0, 1)
    assert accept_unanimous(first_project(), owner, 1) == 1
    assert adjudicate(first, owner, OPINION, 0).version == 1

    def gold(round_id):
        found = db.session.scalars(visibility.gold_visible_to(SHELL, round_id).order_by(Adjudication.sentence_id))
        return [one.gold_tag for one in found]

    assert gold(old.id) == [Tag.FACT, Tag.FACT]
    assert gold(first_project().running.id) == [Tag.OPINION, Tag.FACT]
    assert verification.faults() == []


def test_an_analyst_sees_gold_of_the_round_in_which_they_handed_in_and_not_while_they_do_it_again(article, owner):
    adjudicate(sentences_of(article)[0], owner, FACT, 0)
    ana = Person(db.session.scalars(select(Assignment.analyst_id).order_by(Assignment.id)).first())
    round_id = first_project().running.id

    def gold(number=round_id):
        return len(db.session.scalars(visibility.gold_visible_to(ana, number)).all())

    assert gold() == 1
    with db_write() as session:
        session.add(Assignment(round_id=round_id, article_id=article.id, analyst_id=ana.id, pass_=2))
    assert gold() == 0


def test_a_rule_has_to_be_one_of_the_rounds_codebook(article, owner):
    first, _ = sentences_of(article)
    next_round("| R1 | Case | Rule | Example |\n| R40 | Forty | Rule | Example |\n")
    move_the_work()

    with pytest.raises(BadDecision, match="Name the rule"):
        adjudicate(first, owner, Decision(Tag.FACT, "R5", Cause.SLIP, "It was."), 0)
    made = adjudicate(first, owner, Decision(Tag.FACT, "R40", Cause.SLIP, "It was."), 0)
    assert (made.deciding_rule, made.rule.meaning, made.codebook.version) == ("R40", "Forty", "2.0")
    assert adjudicate(first, owner, Decision(Tag.FACT, "codebook_gap", Cause.SLIP, "It was."), 1).version == 2
    assert verification.faults() == []


def test_the_form_offers_the_rules_of_the_rounds_codebook(article, owner, client, sign_in):
    sign_in(owner)
    next_round("| R40 | Forty | Rule | Example |\n")
    move_the_work()
    page = client.get(f"/sentences/{sentences_of(article)[0].id}/adjudication").text

    assert "R40 Forty" in page
    assert "R22" not in page


@pytest.mark.parametrize("rule", ["R0", "R", "R01", "R1a", "r1", "r2", "gap", "R12345"])
def test_the_database_takes_rules_by_letter_and_number_only(article, owner, rule):
    adjudicate(sentences_of(article)[0], owner, FACT, 0)
    columns = (
        "gold_tag, method, cause, reason, adjudicator_id, codebook_id, at, n_coders, votes_fact, votes_attribution, "
        "votes_speculation, votes_opinion, sentence_id, round_id"
    )

    with pytest.raises(IntegrityError, match="ck_adjudication_deciding_rule"), db_write() as session:
        session.execute(
            text(
                f"INSERT INTO adjudication ({columns}, version, is_current, client_id, deciding_rule) "
                f"SELECT {columns}, 2, false, 'other', :rule FROM adjudication"
            ),
            {"rule": rule},
        )


def test_a_rule_that_a_codebook_does_not_have_any_more_keeps_its_number():
    assert (rule_named("R7", "no rules").label, rule_named(None, "")) == ("R7", None)


def test_work_is_that_of_the_article_in_the_running_round(article, owner):
    ana = Person(db.session.scalars(select(Assignment.analyst_id).order_by(Assignment.id)).first())
    next_round()
    with db_write() as session:
        session.add(
            Assignment(round_id=first_project().running.id, article_id=article.id, analyst_id=ana.id, position=3)
        )

    assert assignment_of(article.id, ana).round.name == "repeat"
