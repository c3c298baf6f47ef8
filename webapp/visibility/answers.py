"""Whose answers a person reads."""

from typing import TypeVar

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, exists, or_, select, true

from webapp.db import db
from webapp.models import (
    Actor,
    Annotation,
    Article,
    Assignment,
    AssignmentState,
    AttributionLink,
    Project,
    Role,
    Round,
    Sentence,
    Submission,
    is_held,
)
from webapp.visibility.articles import has_still_to_submit, still_to_submit
from webapp.visibility.projects import OPEN_ROUNDS, supervises, without_index
from webapp.visibility.repeats import done_once_more, is_before_a_repeat

Shown = TypeVar("Shown")


def answers_shown_to(actor: Actor, project: Project, *, found_otherwise: bool = False) -> ColumnElement[bool]:
    """Whose answers the actor reads, as a condition on Assignment (and its Article); where a few answers are found
    otherwise, without going through all of the actor's own work for them.

    Everybody's for a supervisor and for the machine's own shell. For a researcher what was submitted; but in
    a blind project nothing on an article that they still have to submit themselves. For others their own. Of an article
    that they do once more nobody but a supervisor sees what they did before.
    """
    if supervises(actor, project.id):
        return true()
    own = _own(actor, without_index(Assignment.analyst_id) if found_otherwise else Assignment.analyst_id)
    if not actor.has(project.id, Role.RESEARCHER):
        return own
    submitted = Assignment.state == AssignmentState.SUBMITTED
    return or_(own, and_(Assignment.analyst_id != actor.id, submitted, _open_to(actor)))


def judgements_shown_to(actor: Actor, project: Project) -> ColumnElement[bool]:
    """Whose handed-in answers the actor reads, as a condition on Assignment: what figures are made of.

    As with answers: all for a supervisor and the shell; for a researcher all but, in a blind project, those to
    an article that they still have to submit themselves; for others their own.
    """
    if supervises(actor, project.id):
        return true()
    own = _own(actor)
    others = and_(Assignment.analyst_id != actor.id, _open_to(actor))
    return or_(own, others) if actor.has(project.id, Role.RESEARCHER) else own


def work_shown_to(actor: Actor, project: Project) -> ColumnElement[bool]:
    """Of whose work the actor knows that it is there, as a condition on Assignment.

    All for a supervisor; for a researcher what was ever handed in, but in a blind round nothing on an article that
    they still have to submit themselves; for others their own.
    """
    if supervises(actor, project.id):
        return true()
    own = _own(actor)
    if not actor.has(project.id, Role.RESEARCHER):
        return own
    handed_in = exists().where(Submission.assignment_id == Assignment.id)
    return or_(own, and_(Assignment.analyst_id != actor.id, handed_in, _open_to(actor)))


def _own(actor: Actor, analyst_id: SQLColumnExpression[int] = Assignment.analyst_id) -> ColumnElement[bool]:
    """Whether it is the actor's own work, and not what came before a repeat in their hands."""
    return and_(analyst_id == actor.id, ~is_before_a_repeat(actor))


def would_spoil(actor: Actor, article_id: int, round_: Round) -> bool:
    """Whether what others said of an article in a round would spoil work that the actor still has to hand in."""
    if not round_.is_blind or not actor.projects(Role.ANALYST):
        return False
    return bool(db.session.scalar(select(has_still_to_submit(actor, article_id))))


def sees_all_that_counts(actor: Actor, project: Project, round_: Round) -> bool:
    """Whether the actor reads every handed-in answer of a round, every decision, and every merge of sources.

    Of those who do not nothing may be kept that follows what others do: already that it is made anew would tell.
    """
    is_blind = round_.is_blind or project.running.is_blind
    if supervises(actor, project.id) or not actor.has(project.id, Role.RESEARCHER):
        return supervises(actor, project.id)
    if not actor.has(project.id, Role.ANALYST):
        return True
    return not is_blind and not _does_any_once_more(actor, project)


def reads_own_work_alone(actor: Actor, project: Project) -> bool:
    """Whether the answers that the actor reads are their own and all of these."""
    if supervises(actor, project.id) or actor.has(project.id, Role.RESEARCHER):
        return False
    return not _does_any_once_more(actor, project)


def _does_any_once_more(actor: Actor, project: Project) -> bool:
    return db.session.scalar(done_once_more(actor, project.id).limit(1)) is not None


def _open_to(actor: Actor) -> ColumnElement[bool]:
    """Whether others' work on the article of an Assignment may be read without spoiling one's own."""
    return or_(Assignment.round_id.in_(OPEN_ROUNDS), Assignment.article_id.not_in(still_to_submit(actor)))


def annotations_visible_to(actor: Actor, project: Project, *, found_otherwise: bool = False) -> Select[Annotation]:
    """Current answers of a project that the person reads; `found_otherwise` as with `answers_shown_to`."""
    return _of_answers_shown(select(Annotation), actor, project, found_otherwise=found_otherwise)


def annotations_beside_work(actor: Actor, project: Project) -> Select[Annotation]:
    """Those of them that the person reads without spoiling their own work, and their own."""
    others = and_(Annotation.analyst_id != actor.id, _open_to(actor))
    own = and_(Annotation.analyst_id == actor.id, ~is_before_a_repeat(actor))
    return annotations_visible_to(actor, project).where(or_(own, others))


def links_visible_to(actor: Actor, project: Project) -> Select[AttributionLink]:
    """The chains of those answers; joined as they are, so that callers may choose among them."""
    links = select(AttributionLink).join(Annotation, Annotation.id == AttributionLink.annotation_id)
    return _of_answers_shown(links, actor, project)


def _of_answers_shown(
    query: Select[Shown], actor: Actor, project: Project, *, found_otherwise: bool = False
) -> Select[Shown]:
    """What a query finds of the answers that the actor reads, with all that they belong to."""
    return (
        query.join(Annotation.sentence)
        .join(Sentence.article)
        .join(Annotation.assignment)
        .where(
            Annotation.is_current,
            is_held(),
            Assignment.article_id == Article.id,  # as it always is; else SQLite goes through all articles for each
            Article.project_id == project.id,
            Article.is_live,
            answers_shown_to(actor, project, found_otherwise=found_otherwise),
        )
    )
