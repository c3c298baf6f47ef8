"""The save of a tag: what `models.revisions.append` does, in statements compiled once and run on columns.

People wait for this one with every key, so it reads once, writes twice, and leaves no row to keep track of. Refusals,
the conflict, and the proofs of `verify` are those of every other revision.
"""

from dataclasses import dataclass, replace
from typing import Any, cast
from uuid import UUID, uuid4

from sqlalchemy import Connection, Integer, Table, and_, bindparam, func, insert, or_, select, update
from sqlalchemy.orm import aliased

from webapp import visibility, word_index
from webapp.db import lock_rows, now, quick_write
from webapp.domain.answers import ANSWER_FIELDS, Answer
from webapp.domain.brought import NOTHING, Brought
from webapp.domain.errors import NotFound
from webapp.models import (
    TAKEN_AWAY,
    Actor,
    Annotation,
    Article,
    Assignment,
    AssignmentState,
    Project,
    Role,
    Round,
    Sentence,
    current_answer_in,
)
from webapp.models.conflicts import Conflict, NotOpen, SeveralOpen, refuse_closed
from webapp.models.revisions import refuse_reused
from webapp.prepared import Prepared
from webapp.tagging.actions import naming
from webapp.tagging.queries import Revision, revision


def record_answer(
    sentence_id: int,
    analyst: Actor,
    answer: Answer,
    seen: int,
    client_id: UUID,
    key: UUID | None = None,
    brought: Brought = NOTHING,
) -> Revision:
    """Add the analyst's next revision for this sentence; an Answer without a tag takes the last one back.

    `key` names the piece of work. Without one the analyst's one open assignment of the article is meant; where there
    has never been one, the first answer makes it, in an open project.

    `seen` is the version that the analyst saw, 0 for none. A client_id met before gives back what it
    wrote then, whatever has become of the sentence or the article since.

    What the answer brings along is written with it; a source that could not be taken leaves its words, and the
    revision says so. Raises Conflict, with the current revision, when `seen` is not its version, or when the client_id
    wrote another answer; BadAnswer when it wrote about another sentence or piece of work; Gone for an article in the
    trash; Locked for one submitted;
    RoundClosed for work of a round that is over; Withdrawn for work taken back; SeveralOpen where it is not said which
    is meant; NotFound for a sentence that the analyst may not answer; Replaced for one that a repair replaced.
    """
    with quick_write() as connection:
        if brought:  # what is written about the registry comes in turn: two of one name are one
            lock_rows(connection, _PROJECT_OF, sentence_id=sentence_id)
        lock_rows(connection, _ARTICLE_OF, sentence_id=sentence_id)
        contexts = _contexts_of(connection, sentence_id, analyst.user_id, client_id)
        if not contexts:
            raise NotFound("There is no such sentence, or it is not shared with you.")
        if contexts[0].duplicate_of:
            return _repeated(connection, contexts, sentence_id, answer, key, brought)
        refuse_closed(is_replaced=contexts[0].is_retired, is_trashed=contexts[0].is_trashed)
        context = _meant(contexts, key)
        _refuse_done(connection, context)
        if context.version != seen:
            raise Conflict(_stored(connection, context.annotation_id))
        problems: tuple[str, ...] = ()
        if naming.names_sources(answer, brought):
            naming_of = naming.Naming(connection, context.project_id, context.is_blind, analyst)
            answer, problems = naming.resolved(naming_of, answer, brought)
        assignment_id, assignment_key = context.assignment_id, context.key
        if assignment_id is None or assignment_key is None:
            assignment_id, assignment_key = _take_up(connection, context, analyst.user_id)
        elif context.state is AssignmentState.ASSIGNED:
            _start(connection, assignment_id)
        if context.annotation_id:
            # The index allows one current revision: the old one steps back first.
            _STEP_BACK.run(connection, annotation_id=context.annotation_id)
        added = Revision(sentence_id, seen + 1, client_id, now(), answer, assignment_key, problems)
        _ADD.run(
            connection,
            sentence_id=sentence_id,
            assignment_id=assignment_id,
            analyst_id=analyst.user_id,
            version=added.version,
            client_id=client_id,
            codebook_id=context.codebook_id,
            is_blind=context.is_blind and not analyst.has(context.project_id, Role.SUPERVISOR, Role.RESEARCHER),
            created_at=added.created_at,
            **{name: getattr(answer, name) for name in ANSWER_FIELDS},
        )
        if answer.chain or answer.note:  # a tag alone waits for neither
            [(annotation_id,)] = _ADDED.run(connection, analyst_id=analyst.user_id, client_id=client_id)
            if answer.chain:
                naming.keep_links(connection, annotation_id, answer)
            if answer.note:
                word_index.add_note(connection, annotation_id, answer.note)
    return added


@dataclass(frozen=True)
class SaveContext:
    """What a write needs to know of a sentence and of one piece of an analyst's work on it."""

    article_id: int
    project_id: int
    round_id: int
    codebook_id: int
    is_blind: bool
    """Whether the round of the work is blind; where there is no work yet, the running round."""
    is_trashed: bool
    is_retired: bool
    is_closed: bool
    """Whether the round of the work is closed."""
    assignment_id: int | None
    key: UUID | None
    state: AssignmentState | None
    annotation_id: int | None
    version: int
    duplicate_of: int | None
    """The revision that this very write made when it came the first time."""

    @property
    def is_done(self) -> bool:
        return self.is_closed or self.state is AssignmentState.SUBMITTED


def _contexts_of(connection: Connection, sentence_id: int, analyst_id: int, client_id: UUID) -> list[SaveContext]:
    """One for each piece of work, one for work not begun; read in one statement. None where one may not answer."""
    found = _CONTEXTS.run(connection, sentence_id=sentence_id, analyst_id=analyst_id, client_id=client_id)
    return [SaveContext(*row) for row in found]


def _meant(contexts: list[SaveContext], key: UUID | None) -> SaveContext:
    """The context that a write means; one that takes no more writes only where no other is open."""
    if key is not None:
        named = [context for context in contexts if context.key == key]
        if not named:
            raise NotFound("There is no such piece of work, or it is not yours; reload the page.")
        return named[0]
    if len(contexts) == 1:
        return contexts[0]
    still_open = [context for context in contexts if not context.is_done and context.state not in TAKEN_AWAY]
    if len(still_open) > 1:
        raise SeveralOpen
    done = [context for context in contexts if context.is_done]
    return (still_open or done or contexts)[0]


def _refuse_done(connection: Connection, context: SaveContext) -> None:
    try:
        refuse_closed(
            is_round_closed=context.is_closed,
            is_submitted=context.state is AssignmentState.SUBMITTED,
            is_withdrawn=context.state in TAKEN_AWAY,
        )
    except NotOpen as refused:
        refused.current = _stored(connection, context.annotation_id)
        raise


def _repeated(
    connection: Connection,
    contexts: list[SaveContext],
    sentence_id: int,
    answer: Answer,
    key: UUID | None,
    brought: Brought,
) -> Revision:
    """What this write wrote when it came the first time."""
    earlier = _stored(connection, contexts[0].duplicate_of)
    if earlier is None or earlier.sentence_id != sentence_id:
        refuse_reused(Annotation, "sentence")
    if key not in (None, earlier.assignment_key):
        refuse_reused(Annotation, "piece of work")
    if not naming.repeats(earlier.answer, answer, brought):
        context = _meant(contexts, earlier.assignment_key)
        raise Conflict(_stored(connection, context.annotation_id))
    return replace(earlier, problems=naming.problems_of(earlier.answer, answer, brought))


def _stored(connection: Connection, annotation_id: int | None) -> Revision | None:
    """The revision with that id, read by columns."""
    its_key = Assignment.key.label("assignment_key")
    found = connection.execute(
        select(*_ANNOTATION.c, its_key)
        .join(Assignment, Assignment.id == _ANNOTATION.c.assignment_id)
        .where(_ANNOTATION.c.id == annotation_id)
    ).one_or_none()
    return revision(found, found.assignment_key, naming.links_of(connection, found.id)) if found else None


def _start(connection: Connection, assignment_id: int) -> None:
    connection.execute(update(Assignment).where(Assignment.id == assignment_id).values(_begun()))


def _take_up(connection: Connection, context: SaveContext, analyst_id: int) -> tuple[int, UUID]:
    """A new piece of work in the running round; its id and key."""
    key = uuid4()
    whose = {"round_id": context.round_id, "article_id": context.article_id, "analyst_id": analyst_id, "key": key}
    made = connection.execute(insert(Assignment).values(**whose, **_begun()))
    return made.inserted_primary_key[0], key  # type: ignore[index]


def _begun() -> dict[str, Any]:
    return {"state": AssignmentState.STARTED, "started_at": now()}


# ---- the statements

_ANNOTATION = cast(Table, Annotation.__table__)
_WRITTEN = aliased(Annotation)
_ANALYST = bindparam("analyst_id", type_=Integer)
_ARTICLE_OF = select(Article.id).where(
    Article.id.in_(select(Sentence.article_id).where(Sentence.id == bindparam("sentence_id")))
)
_PROJECT_OF = select(Project.id).where(
    Project.id.in_(
        select(Article.project_id)
        .join(Sentence, Sentence.article_id == Article.id)
        .where(Sentence.id == bindparam("sentence_id"))
    )
)
_RUNNING = aliased(Round)
_CONTEXTS = Prepared(
    select(
        Article.id,
        Article.project_id,
        _RUNNING.id,
        func.coalesce(Round.codebook_id, _RUNNING.codebook_id),
        func.coalesce(Round.is_blind, _RUNNING.is_blind),
        ~Article.is_live,
        ~Sentence.is_live,
        Round.closed_at.is_not(None),
        Assignment.id,
        Assignment.key,
        Assignment.state,
        Annotation.id,
        func.coalesce(Annotation.version, 0),
        select(_WRITTEN.id)
        .where(_WRITTEN.analyst_id == _ANALYST, _WRITTEN.client_id == bindparam("client_id"))
        .scalar_subquery(),
    )
    .select_from(Sentence)
    .join(Sentence.article)
    .join(_RUNNING, and_(_RUNNING.project_id == Article.project_id, _RUNNING.closed_at.is_(None)))
    .outerjoin(Assignment, and_(Assignment.article_id == Article.id, Assignment.analyst_id == _ANALYST))
    .outerjoin(Round, Round.id == Assignment.round_id)
    .outerjoin(Annotation, current_answer_in(Assignment.id))
    .where(
        Sentence.id == bindparam("sentence_id"),
        visibility.is_analyst_of(_ANALYST),
        # Withdrawn work is told apart from what was never there, so it is found, too.
        or_(Assignment.id.is_not(None), _RUNNING.is_blind.is_(False)),
    )
    .order_by(Assignment.id)
)
_WHOSE = ("sentence_id", "assignment_id", "analyst_id", "version", "client_id")
_GIVEN = (*_WHOSE, "codebook_id", "is_blind", "created_at", *ANSWER_FIELDS)
_ADD = Prepared(
    insert(_ANNOTATION).inline().values(is_current=True, to_confirm=False, **{name: bindparam(name) for name in _GIVEN})
)
_ADDED = Prepared(
    select(_ANNOTATION.c.id).where(
        _ANNOTATION.c.analyst_id == bindparam("analyst_id"), _ANNOTATION.c.client_id == bindparam("client_id")
    )
)
_STEP_BACK = Prepared(
    update(_ANNOTATION).where(_ANNOTATION.c.id == bindparam("annotation_id")).values(is_current=False)
)
