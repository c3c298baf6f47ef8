"""An article handed in: the answers that count now are pinned, and locked."""

from sqlalchemy import select

from webapp.db import db_write, lock_rows, now
from webapp.models import (
    Actor,
    Article,
    AssignmentState,
    Submission,
    SubmissionAnnotation,
    assignment_of,
    audit,
)
from webapp.models.conflicts import Incomplete, refuse_closed
from webapp.tagging import queries


def submit(article: Article, analyst: Actor) -> Submission:
    """Hand the article in: pins the answers that count now, and locks. Raises Incomplete, Locked, Gone."""
    article_id = article.id
    with db_write() as session:
        lock_rows(session, select(Article.id).where(Article.id == article_id))
        assignment = session.scalar(assignment_of(article_id, analyst.user_id))
        is_submitted = assignment is not None and assignment.state is AssignmentState.SUBMITTED
        refuse_closed(is_trashed=article.trashed_at is not None, is_submitted=is_submitted)
        answers = queries.answers_by_sentence(article, analyst)
        if gaps := queries.gaps_in(answers):
            raise Incomplete(gaps)
        assert assignment is not None  # there are answers, and the first one made it
        submission = Submission(assignment_id=assignment.id, number=queries.submissions_of(assignment) + 1)
        session.add(submission)
        session.flush()
        pinned = [annotation.id for _, annotation in answers if annotation]
        session.add_all(SubmissionAnnotation(submission_id=submission.id, annotation_id=id_) for id_ in pinned)
        assignment.state, assignment.submitted_at = AssignmentState.SUBMITTED, submission.at or now()
        audit(
            session,
            analyst,
            "submitted",
            project_id=article.project_id,
            article_id=article.id,
            number=submission.number,
        )
    return submission
