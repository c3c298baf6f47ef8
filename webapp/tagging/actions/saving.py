"""The save of a tag: what `models.revisions.append` does, in statements compiled once and run on columns.

People wait for this one with every key, so it reads once, writes twice, and leaves no row to keep track of. Refusals,
the conflict, and the proofs of `verify` are those of every other revision.
"""

from dataclasses import dataclass
from typing import cast
from uuid import UUID

from sqlalchemy import Connection, Integer, Table, and_, bindparam, func, insert, select, update
from sqlalchemy.orm import aliased

from webapp import visibility
from webapp.db import lock_rows, now, quick_write
from webapp.domain.answers import ANSWER_FIELDS, Answer
from webapp.domain.errors import NotFound
from webapp.models import (
    Actor,
    Annotation,
    Article,
    Assignment,
    AssignmentState,
    Project,
    Role,
    Sentence,
    current_answer_of,
)
from webapp.models.conflicts import Conflict, refuse_closed
from webapp.models.revisions import refuse_reused
from webapp.prepared import Prepared
from webapp.tagging.queries import Revision, revision


def record_answer(sentence_id: int, analyst: Actor, answer: Answer, seen: int, client_id: UUID) -> Revision:
    """Add the analyst's next revision for this sentence; an Answer without a tag takes the last one back.

    The first one assigns the article where it was not handed out, in an open project.

    `seen` is the version that the analyst saw, 0 for none. A client_id met before gives back what it
    wrote then, whatever has become of the sentence or the article since. Raises Conflict, with the
    current revision, when `seen` is not its version, or when the client_id wrote another answer; BadAnswer
    when it wrote about another sentence; Gone for an article in the trash; Locked for one submitted;
    NotFound for a sentence that the analyst may not answer; Replaced for one that a repair replaced.
    """
    with quick_write() as connection:
        lock_rows(connection, _ARTICLE_OF, sentence_id=sentence_id)
        place = _place_of(connection, sentence_id, analyst.user_id, client_id)
        if place is None:
            raise NotFound("There is no such sentence, or it is not shared with you.")
        if place.written_id:
            return _repeated(connection, place, sentence_id, answer)
        is_submitted = place.state is AssignmentState.SUBMITTED
        refuse_closed(is_replaced=place.is_retired, is_trashed=place.is_trashed, is_submitted=is_submitted)
        if place.version != seen:
            raise Conflict(_stored(connection, place.annotation_id))
        if place.state in (None, AssignmentState.ASSIGNED):
            _start(connection, place, analyst.user_id)
        if place.annotation_id:
            # The index allows one current revision: the old one steps back first.
            _STEP_BACK.run(connection, annotation_id=place.annotation_id)
        added = Revision(sentence_id, seen + 1, client_id, now(), answer)
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


@dataclass(frozen=True)
class Place:
    """What a write needs to know of a sentence and of one analyst's work on it."""

    article_id: int
    project_id: int
    codebook_id: int
    is_blind: bool
    is_trashed: bool
    is_retired: bool
    state: AssignmentState | None
    annotation_id: int | None
    version: int
    written_id: int | None
    """The revision that this very write made when it came the first time."""


def _place_of(connection: Connection, sentence_id: int, analyst_id: int, client_id: UUID) -> Place | None:
    """The place of a write, read in one statement; None where the analyst may not answer."""
    found = _PLACE.run(connection, sentence_id=sentence_id, analyst_id=analyst_id, client_id=client_id)
    return Place(*found[0]) if found else None


def _repeated(connection: Connection, place: Place, sentence_id: int, answer: Answer) -> Revision:
    earlier = _stored(connection, place.written_id)
    if earlier is None or earlier.sentence_id != sentence_id:
        refuse_reused(Annotation, "sentence")
    if earlier.answer != answer:
        raise Conflict(_stored(connection, place.annotation_id))
    return earlier


def _stored(connection: Connection, annotation_id: int | None) -> Revision | None:
    """The revision with that id, read by columns."""
    found = connection.execute(select(*_ANNOTATION.c).where(_ANNOTATION.c.id == annotation_id)).one_or_none()
    return revision(found) if found else None


def _start(connection: Connection, place: Place, analyst_id: int) -> None:
    begun = {"state": AssignmentState.STARTED, "started_at": now()}
    if place.state is None:
        whose = {"article_id": place.article_id, "analyst_id": analyst_id}
        connection.execute(insert(Assignment).values(**whose, **begun))
    else:
        theirs = (Assignment.article_id == place.article_id, Assignment.analyst_id == analyst_id)
        connection.execute(update(Assignment).where(*theirs).values(begun))


# ---- the statements

_ANNOTATION = cast(Table, Annotation.__table__)
_WRITTEN = aliased(Annotation)
_ANALYST = bindparam("analyst_id", type_=Integer)
_ARTICLE_OF = select(Article.id).where(
    Article.id.in_(select(Sentence.article_id).where(Sentence.id == bindparam("sentence_id")))
)
_PLACE = Prepared(
    select(
        Article.id,
        Article.project_id,
        Project.codebook_id,
        Project.is_blind,
        Article.trashed_at.is_not(None),
        Sentence.retired_in.is_not(None),
        Assignment.state,
        Annotation.id,
        func.coalesce(Annotation.version, 0),
        select(_WRITTEN.id)
        .where(_WRITTEN.analyst_id == _ANALYST, _WRITTEN.client_id == bindparam("client_id"))
        .scalar_subquery(),
    )
    .select_from(Sentence)
    .join(Sentence.article)
    .join(Article.project)
    .outerjoin(Assignment, and_(Assignment.article_id == Article.id, Assignment.analyst_id == _ANALYST))
    .outerjoin(Annotation, current_answer_of(_ANALYST))
    .where(Sentence.id == bindparam("sentence_id"), visibility.may_tag(_ANALYST))
)
_GIVEN = ("sentence_id", "analyst_id", "version", "client_id", "codebook_id", "is_blind", "created_at", *ANSWER_FIELDS)
_ADD = Prepared(
    insert(_ANNOTATION).inline().values(is_current=True, to_confirm=False, **{name: bindparam(name) for name in _GIVEN})
)
_STEP_BACK = Prepared(
    update(_ANNOTATION).where(_ANNOTATION.c.id == bindparam("annotation_id")).values(is_current=False)
)
