"""Writes of the desk: an answer recorded or taken back, an article handed in."""

from typing import cast
from uuid import UUID

from sqlalchemy import Connection, Table, bindparam, insert, update

from webapp.db import db_write, in_turn, now, quick_write
from webapp.domain.answers import ANSWER_FIELDS, Answer
from webapp.domain.errors import BadAnswer, NotFound
from webapp.models import (
    Actor,
    Annotation,
    Article,
    Assignment,
    AssignmentState,
    Role,
    Submission,
    SubmissionAnnotation,
    assignment_of,
    audit,
)
from webapp.models.conflicts import Conflict, Gone, Incomplete, Locked
from webapp.prepared import Prepared
from webapp.tagging import queries


def submit(article: Article, analyst: Actor) -> Submission:
    """Hand the article in: pins the answers that count now, and locks. Raises Incomplete, Locked, Gone."""
    with db_write() as session:
        article = session.get_one(Article, article.id, with_for_update=True)
        assignment = session.scalar(assignment_of(article.id, analyst.user_id))
        if article.trashed_at is not None:
            raise Gone("The article was put into the trash and cannot be submitted.")
        if assignment and assignment.state is AssignmentState.SUBMITTED:
            raise Locked("You submitted this article already.")
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


def record_answer(sentence_id: int, analyst: Actor, answer: Answer, seen: int, client_id: UUID) -> queries.Revision:
    """Add the analyst's next revision for this sentence; an Answer without a tag takes the last one back.

    The first one assigns the article where it was not handed out, in an open project.

    `seen` is the version that the analyst saw, 0 for none. A client_id met before gives back what it
    wrote then, whatever has become of the sentence or the article since. Raises Conflict, with the
    current revision, when `seen` is not its version; Gone for an article in the trash; Locked for one
    submitted; NotFound for a sentence that the analyst may not answer, or that a repair replaced.
    """
    # People wait for this one with every key: it reads and writes columns, and leaves no row to keep track of.
    with quick_write() as connection:
        in_turn(connection, queries.ARTICLE_OF, sentence_id=sentence_id)
        place = queries.place_of(connection, sentence_id, analyst.user_id, client_id)
        if place is None:
            raise NotFound("There is no such sentence, or it is not shared with you.")
        if place.written_id:
            return _written_before(connection, place.written_id, sentence_id)
        _refuse_closed(place)
        if place.version != seen:
            current = place.annotation_id and queries.revision_numbered(connection, place.annotation_id)
            raise Conflict(current)
        if place.state in (None, AssignmentState.ASSIGNED):
            _start(connection, place, analyst.user_id)
        if place.annotation_id:
            # The index allows one current revision: the old one steps back first.
            _STEP_BACK.run(connection, annotation_id=place.annotation_id)
        added = queries.Revision(sentence_id, seen + 1, client_id, now(), answer)
        _ADD.run(
            connection,
            sentence_id=sentence_id,
            analyst_id=analyst.user_id,
            version=added.version,
            client_id=client_id,
            codebook_id=place.codebook_id,
            is_blind=place.is_blind and not analyst.has(place.project_id, Role.SUPERVISOR, Role.RESEARCHER),
            created_at=added.created_at,
            **vars(answer),
        )
    return added


_ANNOTATION = cast(Table, Annotation.__table__)
_GIVEN = ("sentence_id", "analyst_id", "version", "client_id", "codebook_id", "is_blind", "created_at", *ANSWER_FIELDS)
_ADD = Prepared(
    insert(_ANNOTATION).inline().values(is_current=True, to_confirm=False, **{name: bindparam(name) for name in _GIVEN})
)
_STEP_BACK = Prepared(
    update(_ANNOTATION).where(_ANNOTATION.c.id == bindparam("annotation_id")).values(is_current=False)
)


def _written_before(connection: Connection, annotation_id: int, sentence_id: int) -> queries.Revision:
    earlier = queries.revision_numbered(connection, annotation_id)
    if earlier.sentence_id != sentence_id:
        raise BadAnswer("This client_id was used for another sentence; every write needs one of its own.")
    return earlier


def _refuse_closed(place: queries.Place) -> None:
    if place.is_retired:
        raise NotFound("This sentence was split or merged meanwhile; reload the page and tag what came of it.")
    if place.is_trashed:
        raise Gone("The article was put into the trash; what you wrote was not saved. Ask a supervisor.")
    if place.state is AssignmentState.SUBMITTED:
        raise Locked("You submitted this article; its answers are locked until it is returned to you.")


def _start(connection: Connection, place: queries.Place, analyst_id: int) -> None:
    begun = {"state": AssignmentState.STARTED, "started_at": now()}
    if place.state is None:
        whose = {"article_id": place.article_id, "analyst_id": analyst_id}
        connection.execute(insert(Assignment).values(**whose, **begun))
    else:
        theirs = (Assignment.article_id == place.article_id, Assignment.analyst_id == analyst_id)
        connection.execute(update(Assignment).where(*theirs).values(begun))
