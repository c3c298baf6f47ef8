"""Handing in: only when whole, pinned and locked, returned with a reason, and the first one stays on record."""

import pytest
from sqlalchemy import select

from tests.conftest import new_client
from tests.factories import answer, assignment_of, first_project, make_article, make_member, sentences_of, take_up
from tests.signing_in import sign_in_as
from webapp.db import db, db_write
from webapp.domain.errors import BadProject
from webapp.domain.repair import Kind
from webapp.domain.terms import NotCodableReason, SourceType, Tag
from webapp.models import AssignmentState, Submission, SubmissionAnnotation
from webapp.models.conflicts import Gone, Incomplete, Locked
from webapp.projects.actions import return_work
from webapp.repair.actions import RepairRequest, repair
from webapp.tagging.actions import submit


@pytest.fixture
def article(app):
    return make_article("One came. Two went.")


def whole(article, analyst, tag=Tag.FACT):
    take_up(article, analyst)
    return [answer(sentence, analyst, tag).id for sentence in sentences_of(article)]


def pinned(submission):
    query = select(SubmissionAnnotation.annotation_id).where(SubmissionAnnotation.submission_id == submission.id)
    return sorted(db.session.scalars(query))


def test_what_is_missing_is_named(article, analyst):
    one, two = sentences_of(article)
    take_up(article, analyst)
    answer(one, analyst, Tag.ATTRIBUTION)

    with pytest.raises(Incomplete) as gaps:
        submit(article, analyst)
    assert gaps.value.gaps == [(one.id, "source_type"), (two.id, "tag")]


def test_an_article_nobody_opened_is_incomplete(article, analyst):
    with pytest.raises(Incomplete):
        submit(article, analyst)


def test_every_kind_of_whole_answer_is_enough(article, analyst):
    one, two = sentences_of(article)
    take_up(article, analyst)
    answer(one, analyst, Tag.ATTRIBUTION, source_type=SourceType.NONE)
    answer(two, analyst, Tag.NOT_CODABLE, not_codable_reason=NotCodableReason.BARE_LABEL)

    assert submit(article, analyst).number == 1


def test_a_submission_pins_its_revisions_and_locks(article, analyst):
    ids = whole(article, analyst)
    submission = submit(article, analyst)

    assert pinned(submission) == ids
    with pytest.raises(Locked):
        answer(sentences_of(article)[0], analyst, Tag.OPINION)
    with pytest.raises(Locked):
        submit(article, analyst)


def test_a_returned_article_is_handed_in_anew_and_the_first_one_stays(article, analyst, owner):
    ids = whole(article, analyst)
    first = submit(article, analyst)
    assignment = assignment_of(article.id, analyst)
    return_work(assignment, owner, " Look at R5 again. ")
    changed = answer(sentences_of(article)[0], analyst, Tag.OPINION)
    second = submit(article, analyst)

    assert (first.returned_why, first.returned_by_id, second.number) == ("Look at R5 again.", owner.id, 2)
    assert pinned(first) == ids
    assert pinned(second) == sorted([changed.id, ids[1]])


def test_returning_needs_a_reason_and_something_submitted(article, analyst, owner):
    whole(article, analyst)
    assignment = assignment_of(article.id, analyst)
    with pytest.raises(BadProject, match="nothing to return"):
        return_work(assignment, owner, "Why not.")
    submit(article, analyst)
    with pytest.raises(BadProject, match="Say why"):
        return_work(assignment, owner, "  ")


def test_an_answer_carried_by_a_repair_is_confirmed_before_submitting(article, analyst, owner):
    whole(article, analyst)
    repair(article, owner, RepairRequest(Kind.SPLIT, sentences_of(article)[0].id, 4), 1)

    with pytest.raises(Incomplete) as gaps:
        submit(article, analyst)
    assert [field for _, field in gaps.value.gaps] == ["to_confirm", "to_confirm"]


def test_an_article_in_the_trash_is_not_submitted(article, analyst):
    whole(article, analyst)
    with db_write():
        article.trashed_at = article.created_at

    with pytest.raises(Gone):
        submit(article, analyst)


def test_one_analysts_submission_locks_nobody_else(article, analyst):
    other = make_member("Other", "analyst")
    whole(article, analyst)
    submit(article, analyst)

    assert whole(article, other)


def test_submitting_through_the_call_lists_the_gaps(client, sign_in, article, analyst):
    sign_in(analyst)
    address = f"/api/v1/articles/{article.id}/submission"
    refused = client.post(address)
    whole(article, analyst)
    accepted = client.post(address)

    assert (refused.status_code, refused.json["code"], len(refused.json["missing"])) == (422, "incomplete", 2)
    assert (accepted.status_code, accepted.json["number"]) == (200, 1)
    assert db.session.scalars(select(Submission)).one().number == 1


def test_the_desk_of_a_submitted_article_is_locked_and_one_returned_says_why(app, article, analyst, owner):
    whole(article, analyst)
    submit(article, analyst)
    client = new_client(app)
    sign_in_as(client, analyst)
    assert '"locked": true' in client.get(f"/articles/{article.id}").text

    return_work(assignment_of(article.id, analyst), owner, "Look at R5 again.")
    assert assignment_of(article.id, analyst).state is AssignmentState.RETURNED
    assert "Look at R5 again." in client.get(f"/articles/{article.id}").text
    assert first_project().running.is_blind is False
