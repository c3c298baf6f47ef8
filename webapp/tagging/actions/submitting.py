"""An article handed in: the answers that count now are pinned, and locked."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import standings
from webapp.db import db_write, lock_rows, now
from webapp.domain.errors import NotFound
from webapp.domain.pace import median_of
from webapp.domain.strip import strip_of
from webapp.models import (
    Actor,
    Article,
    Assignment,
    AssignmentState,
    RoundRule,
    Submission,
    SubmissionAnnotation,
    audit,
    work_of,
)
from webapp.models.conflicts import Incomplete, SeveralOpen, refuse_closed
from webapp.tagging import queries


def submit(article: Article, analyst: Actor, key: UUID | None = None) -> Submission:
    """Hand the article in: pins the answers that count now, and locks. Where the key was shown after each answer the
    first ones count, which were given without it.

    `key` names the piece of work, else the one open assignment is meant. Raises Incomplete, Locked, Gone, SeveralOpen;
    NotFound for a key that is not the analyst's.
    """
    article_id = article.id
    with db_write() as session:
        lock_rows(session, select(Article.id).where(Article.id == article_id))
        refuse_closed(is_trashed=not article.is_live)
        assignment = _meant(session, article, analyst, key)
        if assignment:
            refuse_closed(
                is_round_closed=assignment.round.closed_at is not None,
                is_submitted=assignment.state is AssignmentState.SUBMITTED,
            )
        answers = queries.answers_by_sentence(article, assignment)
        if gaps := queries.gaps_in(answers):
            raise Incomplete(gaps)
        assert assignment is not None  # there are answers, and the first one made it
        submission = Submission(assignment_id=assignment.id, number=queries.submissions_of(assignment) + 1)
        session.add(submission)
        session.flush()
        pinned = [annotation.id for _, annotation in answers if annotation]
        if rule := session.get(RoundRule, assignment.round_id):
            pinned = queries.first_answers(assignment) if rule.trains else pinned
        session.add_all(SubmissionAnnotation(submission_id=submission.id, annotation_id=id_) for id_ in pinned)
        assignment.state, assignment.submitted_at = AssignmentState.SUBMITTED, submission.at or now()
        assignment.strip = strip_of(
            [annotation.tag if annotation else None for sentence, annotation in answers if sentence.is_live]
        )
        assignment.median_seconds = median_of(annotation.active_seconds for _, annotation in answers if annotation)
        audit(
            session,
            analyst,
            "submitted",
            project_id=article.project_id,
            article_id=article.id,
            number=submission.number,
        )
        standings.follow(session, article.project_id, article_id=article_id)
    return submission


def _meant(session: Session, article: Article, analyst: Actor, key: UUID | None) -> Assignment | None:
    """The piece of work that is to be handed in; None where there is none yet."""
    works = session.scalars(work_of(analyst.user_id).where(Assignment.article_id == article.id)).all()
    if key is not None:
        named = [work for work in works if work.key == key]
        if not named:
            raise NotFound("There is no such piece of work, or it is not yours; reload the page.")
        return named[0]
    if sum(not work.is_done for work in works) > 1:
        raise SeveralOpen
    return works[0] if works else None
