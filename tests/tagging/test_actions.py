"""Answers are added, never changed; a late or repeated write does no harm."""

from uuid import uuid4

import pytest

from tests.concurrency import at_once
from tests.factories import (
    assignment_of,
    current_annotation,
    first_project,
    make_article,
    make_member,
    make_project,
    sentences_of,
    take_up,
)
from webapp.db import db, db_write
from webapp.domain.answers import Answer
from webapp.domain.terms import Tag
from webapp.models import AssignmentState, Role
from webapp.models.conflicts import Conflict, Gone, Locked
from webapp.projects.actions import add_member
from webapp.tagging.actions import record_answer
from webapp.tagging.queries import revisions_of


@pytest.fixture
def sentence(app):
    return sentences_of(make_article())[0]


def test_a_second_answer_becomes_current_and_the_first_stays_on_record(analyst, sentence):
    first = record_answer(sentence.id, analyst, Answer(Tag.FACT), seen=0, client_id=uuid4())
    record_answer(sentence.id, analyst, Answer(Tag.OPINION), seen=first.version, client_id=uuid4())

    revisions = [(r.answer.tag, r.version) for r in revisions_of(sentence, analyst)]
    assert revisions == [(Tag.OPINION, 2), (Tag.FACT, 1)]
    assert current_annotation(sentence.id, analyst.id).answer.tag is Tag.OPINION


def test_a_write_that_comes_twice_counts_once(analyst, sentence):
    client_id = uuid4()
    first = record_answer(sentence.id, analyst, Answer(Tag.FACT), 0, client_id)
    again = record_answer(sentence.id, analyst, Answer(Tag.FACT), 0, client_id)

    assert again == first
    assert len(revisions_of(sentence, analyst)) == 1


def test_a_repeated_write_gets_the_answer_it_got_then_even_after_a_newer_one(analyst, sentence):
    client_id = uuid4()
    record_answer(sentence.id, analyst, Answer(Tag.FACT), 0, client_id)
    record_answer(sentence.id, analyst, Answer(Tag.OPINION), 1, uuid4())

    assert record_answer(sentence.id, analyst, Answer(Tag.FACT), 0, client_id).answer.tag is Tag.FACT
    assert current_annotation(sentence.id, analyst.id).tag is Tag.OPINION


def test_another_answer_under_the_same_client_id_is_a_conflict_and_not_a_repeat(analyst, sentence):
    client_id = uuid4()
    record_answer(sentence.id, analyst, Answer(Tag.FACT), 0, client_id)

    with pytest.raises(Conflict) as late:
        record_answer(sentence.id, analyst, Answer(Tag.OPINION), 0, client_id)
    assert late.value.current.answer.tag is Tag.FACT


def test_a_late_write_is_told_what_counts_now(analyst, sentence):
    record_answer(sentence.id, analyst, Answer(Tag.FACT), 0, uuid4())

    with pytest.raises(Conflict) as late:
        record_answer(sentence.id, analyst, Answer(Tag.OPINION), 0, uuid4())
    assert late.value.current.answer.tag is Tag.FACT
    assert len(revisions_of(sentence, analyst)) == 1


def test_a_version_that_never_was_is_a_conflict(analyst, sentence):
    with pytest.raises(Conflict) as early:
        record_answer(sentence.id, analyst, Answer(Tag.FACT), 7, uuid4())
    assert early.value.current is None


def test_an_answer_taken_back_stays_on_record(analyst, sentence):
    record_answer(sentence.id, analyst, Answer(Tag.FACT), 0, uuid4())
    record_answer(sentence.id, analyst, Answer(), 1, uuid4())

    assert [r.answer.tag for r in revisions_of(sentence, analyst)] == [None, Tag.FACT]


def test_two_analysts_answer_side_by_side(analyst, sentence):
    other = make_member("Other", "analyst")
    record_answer(sentence.id, analyst, Answer(Tag.FACT), 0, uuid4())
    record_answer(sentence.id, other, Answer(Tag.OPINION), 0, uuid4())

    assert current_annotation(sentence.id, analyst.id).tag is Tag.FACT


def test_the_first_answer_starts_the_assignment(analyst, sentence):
    record_answer(sentence.id, analyst, Answer(Tag.FACT), 0, uuid4())

    assert assignment_of(sentence.article_id, analyst).state is AssignmentState.STARTED


def test_an_article_in_the_trash_takes_no_answer(analyst, sentence):
    with db_write():
        sentence.article.trashed_at = sentence.article.created_at

    with pytest.raises(Gone, match="trash"):
        record_answer(sentence.id, analyst, Answer(Tag.FACT), 0, uuid4())


def test_a_submitted_article_takes_no_answer(analyst, sentence):
    assignment = take_up(sentence.article, analyst)
    with db_write():
        assignment.state = AssignmentState.SUBMITTED

    with pytest.raises(Locked, match="locked"):
        record_answer(sentence.id, analyst, Answer(Tag.FACT), 0, uuid4())


def test_every_answer_keeps_the_codebook_it_was_given_under(analyst, sentence):
    record_answer(sentence.id, analyst, Answer(Tag.FACT), 0, uuid4())

    revision = current_annotation(sentence.id, analyst.id)
    assert (revision.codebook.version, revision.is_blind) == ("1.0", False)


def test_an_answer_of_a_blind_round_is_kept_as_one(app):
    article = make_article(project=make_project("Blind", is_blind=True))
    blinded = make_member("Blinded", "analyst", project=article.project)
    take_up(article, blinded)
    sentence = sentences_of(article)[0]
    record_answer(sentence.id, blinded, Answer(Tag.FACT), 0, uuid4())

    assert current_annotation(sentence.id, blinded.id).is_blind


@pytest.mark.parametrize(
    ("roles", "is_blind"),
    [
        (["analyst"], True),
        (["analyst", "researcher"], False),
        (["analyst", "supervisor"], False),
    ],
)
def test_an_answer_is_blind_when_its_author_reads_nobody_elses(app, roles, is_blind):
    article = make_article(project=make_project("Blind", is_blind=True))
    person = make_member("Somebody", *roles, project=article.project)
    add_member(first_project(), person, set(Role))  # what one reads elsewhere is no matter
    take_up(article, person)
    sentence = sentences_of(article)[0]
    record_answer(sentence.id, person, Answer(Tag.FACT), 0, uuid4())
    add_member(article.project, person, {Role.ANALYST})

    assert current_annotation(sentence.id, person.id).is_blind is is_blind


def test_of_many_first_answers_at_once_one_counts_and_the_others_are_told(app, analyst, sentence):
    def write():
        return record_answer(sentence.id, analyst, Answer(Tag.FACT), 0, uuid4())

    outcomes = at_once(app, *[write] * 8)

    assert [type(outcome) for outcome in outcomes].count(Conflict) == 7
    db.session.rollback()
    assert len(revisions_of(sentence, analyst)) == 1
