"""Which answers count: the first that was handed in, confirmed, of what is still there."""

import pytest
from sqlalchemy import select

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
from webapp.articles.actions import restore_article, trash_article
from webapp.db import db, db_write
from webapp.domain.repair import Kind
from webapp.domain.terms import NotCodableReason, Tag
from webapp.judgements import judgements
from webapp.models import SHELL, Annotation, Assignment, SubmissionAnnotation
from webapp.projects.actions import return_work
from webapp.repair.actions import RepairRequest, repair
from webapp.tagging.actions import submit


@pytest.fixture
def article(app):
    return make_article("One came. Two went. Three stayed.")


def hand_in(article, analyst, *tags):
    take_up(article, analyst)
    for sentence, tag in zip(sentences_of(article), tags, strict=True):
        reason = NotCodableReason.NO_CLAIM if tag is Tag.NOT_CODABLE else None
        answer(sentence, analyst, tag, not_codable_reason=reason)
    return submit(article, analyst)


def counting(project=None):
    query = judgements(project or first_project(), SHELL).order_by(Annotation.sentence_id, Annotation.analyst_id)
    return [annotation.tag for annotation in db.session.scalars(query)]


def test_answers_count_once_they_are_handed_in(article, analyst):
    take_up(article, analyst)
    for sentence in sentences_of(article):
        answer(sentence, analyst, Tag.FACT)
    assert counting() == []

    submit(article, analyst)
    assert counting() == [Tag.FACT] * 3


def test_not_codable_is_an_answer(article, analyst):
    hand_in(article, analyst, Tag.FACT, Tag.NOT_CODABLE, Tag.OPINION)

    assert counting() == [Tag.FACT, Tag.NOT_CODABLE, Tag.OPINION]


def test_only_the_revision_handed_in_counts(article, analyst):
    answer(sentences_of(article)[0], analyst, Tag.OPINION)
    hand_in(article, analyst, Tag.FACT, Tag.FACT, Tag.FACT)

    assert counting() == [Tag.FACT] * 3


def test_what_is_changed_after_a_return_does_not_count(article, analyst, owner):
    hand_in(article, analyst, Tag.FACT, Tag.FACT, Tag.FACT)
    return_work(assignment_of(article.id, analyst), owner, "Look at the second again.")
    assert counting() == [Tag.FACT] * 3

    answer(sentences_of(article)[1], analyst, Tag.OPINION)
    submit(article, analyst)
    assert counting() == [Tag.FACT] * 3


def merge_first_two(article, supervisor):
    first, second, _ = sentences_of(article)
    repair(article, supervisor, RepairRequest(Kind.MERGE, first.id), seen=1)
    return first, second


def test_sentences_that_a_repair_retired_do_not_count(article, analyst, owner):
    hand_in(article, analyst, Tag.FACT, Tag.FACT, Tag.OPINION)
    merge_first_two(article, owner)

    assert counting() == [Tag.OPINION]


def test_what_was_carried_over_does_not_count_before_it_is_confirmed(article, analyst, owner):
    submission = hand_in(article, analyst, Tag.FACT, Tag.FACT, Tag.OPINION)
    merge_first_two(article, owner)
    carried = db.session.scalars(select(Annotation).where(Annotation.to_confirm)).one()
    with db_write() as session:
        session.add(SubmissionAnnotation(submission_id=submission.id, annotation_id=carried.id))

    assert carried.tag is Tag.FACT
    assert counting() == [Tag.OPINION]


def test_what_was_confirmed_before_handing_in_counts(article, analyst, owner):
    take_up(article, analyst)
    for sentence in sentences_of(article):
        answer(sentence, analyst, Tag.FACT)
    merge_first_two(article, owner)
    answer(sentences_of(article)[0], analyst, Tag.OPINION)
    submit(article, analyst)

    assert sorted(counting()) == [Tag.FACT, Tag.OPINION]


def test_an_article_in_the_trash_does_not_count_until_it_is_restored(article, analyst, owner):
    hand_in(article, analyst, Tag.FACT, Tag.FACT, Tag.FACT)
    trash_article(article, owner)
    assert counting() == []

    restore_article(article, owner)
    assert counting() == [Tag.FACT] * 3


def test_another_project_has_its_own(article, analyst):
    elsewhere = make_project("Elsewhere")
    there = make_member("There", "analyst", project=elsewhere)
    hand_in(make_article("It rained.", project=elsewhere), there, Tag.SPECULATION)
    hand_in(article, analyst, Tag.FACT, Tag.FACT, Tag.FACT)

    assert counting(elsewhere) == [Tag.SPECULATION]
    assert counting() == [Tag.FACT] * 3


def test_callers_may_filter_on_the_joined_tables(article, analyst):
    hand_in(article, analyst, Tag.FACT, Tag.FACT, Tag.FACT)
    query = judgements(first_project(), SHELL).where(Assignment.pass_ == 2)

    assert list(db.session.scalars(query)) == []
