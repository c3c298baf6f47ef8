"""Writes of the desk: an article taken up, an answer recorded or taken back."""

from uuid import UUID

from sqlalchemy.orm import Session

from webapp.db import db_write, now
from webapp.domain.answers import Answer
from webapp.models import Annotation, Article, Assignment, AssignmentState, Sentence, User
from webapp.models.conflicts import Conflict, Gone, Locked
from webapp.tagging import queries


def take_up(article: Article, analyst: User) -> Assignment:
    """The analyst's assignment of this article; in an open project, opening it assigns it."""
    if earlier := queries.assignment_of(article.id, analyst):
        return earlier
    with db_write() as session:
        # Two tabs may open the article at once: the second finds what the first one wrote.
        if earlier := queries.assignment_of(article.id, analyst):
            return earlier
        assignment = Assignment(article_id=article.id, analyst_id=analyst.id)
        session.add(assignment)
    return assignment


def record_answer(sentence: Sentence, analyst: User, answer: Answer, seen: int, client_id: UUID) -> Annotation:
    """Add the analyst's next revision for this sentence; an Answer without a tag takes the last one back.

    `seen` is the version that the analyst saw, 0 for none. A client_id met before gives back what it
    wrote then. Raises Conflict, with the current revision, when `seen` is not its version; Gone for an
    article in the trash; Locked for one submitted.
    """
    with db_write() as session:
        if earlier := queries.revision_written_by(client_id, analyst):
            return earlier
        _refuse_closed(session, sentence, analyst)
        current = queries.current_annotation(sentence.id, analyst)
        if (current.version if current else 0) != seen:
            raise Conflict(current)
        if current:
            current.is_current = False
            session.flush()  # the index allows one current revision: the old one steps back first
        revision = Annotation(
            sentence_id=sentence.id,
            analyst_id=analyst.id,
            version=seen + 1,
            client_id=client_id,
            codebook_id=sentence.article.project.codebook_id,
            is_blind=sentence.article.project.is_blind,
            **vars(answer),
        )
        session.add(revision)
    return revision


def _refuse_closed(session: Session, sentence: Sentence, analyst: User) -> None:
    article = session.get_one(Article, sentence.article_id)
    if article.trashed_at is not None:
        raise Gone("The article was put into the trash; what you wrote was not saved. Ask a supervisor.")
    assignment = queries.assignment_of(article.id, analyst)
    if assignment is None:
        session.add(
            Assignment(article_id=article.id, analyst_id=analyst.id, state=AssignmentState.STARTED, started_at=now())
        )
    elif assignment.state is AssignmentState.SUBMITTED:
        raise Locked("You submitted this article; its answers are locked until it is returned to you.")
    elif assignment.state is AssignmentState.ASSIGNED:
        assignment.state, assignment.started_at = AssignmentState.STARTED, now()
