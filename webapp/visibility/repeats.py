"""What an analyst does not see while they do an article once more: whatever they did on it before."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, Select, SQLColumnExpression, and_, exists, false, or_, select
from sqlalchemy.orm import aliased

from webapp.models import (
    Actor,
    Article,
    Assignment,
    AssignmentState,
    ClaimMention,
    Role,
    Round,
    Sentence,
    WorkCount,
)
from webapp.visibility.articles import STILL_OPEN, UserId

_AGAIN, _EARLIER, _ROUND = aliased(Assignment), aliased(Assignment), aliased(Round)
_OPEN, _OTHER = aliased(WorkCount), aliased(WorkCount)
_MENTION, _FIRST, _SENTENCE, _ARTICLE = (
    aliased(ClaimMention),
    aliased(ClaimMention),
    aliased(Sentence),
    aliased(Article),
)
"""Made once, as some pages ask a dozen times."""


def work_before_a_repeat(analyst_id: UserId) -> Select[int]:
    """The ids of the analyst's work on articles that they do once more just now: all but what is in their hands."""
    return _repeats(analyst_id, _EARLIER.id)


def is_before_a_repeat(actor: Actor) -> ColumnElement[bool]:
    """Whether an Assignment is such work of the actor; never for who is no analyst anywhere."""
    if not actor.projects(Role.ANALYST):
        return false()
    # Asked of one piece of work after the other, as an analyst may have thousands open.
    repeat = (
        select(_AGAIN.id)
        .join(_ROUND, _ROUND.id == _AGAIN.round_id)
        .where(
            _AGAIN.article_id == Assignment.article_id,
            _AGAIN.analyst_id == _if_any_repeat(actor.user_id),
            _AGAIN.id > Assignment.id,
            _AGAIN.state.in_(STILL_OPEN),
            _ROUND.closed_at.is_(None),
        )
    )
    return and_(Assignment.analyst_id == actor.user_id, repeat.exists())


def does_once_more(actor: Actor, article_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
    """Whether it is the id of an article that the actor does once more just now."""
    if not actor.projects(Role.ANALYST):
        return false()
    # Asked of article after article, as an analyst may have thousands open.
    return _repeats(actor.user_id, _AGAIN.id).where(_AGAIN.article_id == article_id).exists()


def done_once_more(actor: Actor, project_id: int) -> Select[int]:
    """The articles of the project that the actor does once more just now."""
    repeats = _repeats(actor.user_id, _AGAIN.article_id).join(_ARTICLE, _ARTICLE.id == _AGAIN.article_id)
    return repeats.where(_ARTICLE.project_id == project_id, _ARTICLE.is_live)


def was_before_a_repeat(
    actor: Actor, article_id: SQLColumnExpression[Any], at: SQLColumnExpression[datetime]
) -> ColumnElement[bool]:
    """Whether something that the actor has of an article is older than the repeat of it in their hands."""
    if not actor.projects(Role.ANALYST):
        return false()
    repeat = _repeats(actor.user_id, _AGAIN.id)
    return repeat.where(_AGAIN.article_id == article_id, _AGAIN.assigned_at > at).exists()


def claims_before_a_repeat(actor: Actor) -> Select[UUID] | None:
    """The ids of the claims that the actor mentioned, before a repeat, in its article and nowhere else, whoever made
    them; None for who has no repeats to be kept from, and for who supervises.
    """
    if not (projects := _kept_from(actor)):
        return None
    mention, sentence = aliased(ClaimMention), aliased(Sentence)
    elsewhere = (
        select(mention.id)
        .join(sentence, sentence.id == mention.sentence_id)
        .where(
            mention.claim_id == _MENTION.claim_id,
            mention.author_id == actor.user_id,
            mention.is_current,
            mention.withdrawn_why.is_(None),
            sentence.article_id != _SENTENCE.article_id,
        )
        .exists()
    )
    return _old_mentions(actor, projects).where(~elsewhere).with_only_columns(_MENTION.claim_id)


def is_old_mention(actor: Actor, *, beside_work: bool = False) -> ColumnElement[bool]:
    """Whether a ClaimMention is the actor's own from before a repeat, in its article; beside their work also for who
    supervises.
    """
    projects = actor.projects(Role.ANALYST) if beside_work else _kept_from(actor)
    if not projects:
        return false()
    return ClaimMention.mention_id.in_(_old_mentions(actor, projects).with_only_columns(_MENTION.mention_id))


def _kept_from(actor: Actor) -> list[int]:
    """The projects in which the actor is an analyst and reads not all: who supervises does, on those pages."""
    return [id_ for id_ in actor.projects(Role.ANALYST) if not actor.has(id_, Role.SUPERVISOR)]


def _old_mentions(actor: Actor, projects: list[int]) -> Select[Any]:
    """What a repair of the split carried along since is as old as what it was made of."""
    older = exists().where(_FIRST.mention_id == _MENTION.mention_id, _FIRST.created_at < _AGAIN.assigned_at)
    return (
        _repeats(actor.user_id, _MENTION.id)
        .join(_SENTENCE, _SENTENCE.article_id == _AGAIN.article_id)
        .join(_MENTION, and_(_MENTION.sentence_id == _SENTENCE.id, _MENTION.author_id == _AGAIN.analyst_id))
        .join(_ARTICLE, _ARTICLE.id == _AGAIN.article_id)
        .where(
            _MENTION.is_current,
            _ARTICLE.project_id.in_(projects),
            older | _MENTION.to_confirm,
        )
    )


def _repeats(analyst_id: UserId, *columns: SQLColumnExpression[Any]) -> Select[Any]:
    """Open work (`_AGAIN`) of an analyst who had the article before (`_EARLIER`), whether in this round or another."""
    return (
        select(*columns)
        .select_from(_AGAIN)
        .join(_ROUND, _ROUND.id == _AGAIN.round_id)
        .join(
            _EARLIER,
            and_(
                _EARLIER.article_id == _AGAIN.article_id,
                _EARLIER.analyst_id == _AGAIN.analyst_id,
                _EARLIER.id < _AGAIN.id,
                _EARLIER.state != AssignmentState.WITHDRAWN,
            ),
        )
        .where(
            _AGAIN.analyst_id == _if_any_repeat(analyst_id), _AGAIN.state.in_(STILL_OPEN), _ROUND.closed_at.is_(None)
        )
    )


def _if_any_repeat(analyst_id: UserId) -> ScalarSelect[int]:
    """The analyst, where what is kept of their work says that they may have a repeat: something open, and something in
    another round or pass. Else nobody, so that of most analysts no piece of work is looked at for it.
    """
    return (
        select(_OPEN.analyst_id)
        .join(_OTHER, _OTHER.analyst_id == _OPEN.analyst_id)
        .where(
            _OPEN.analyst_id == analyst_id,
            _OPEN.state.in_(STILL_OPEN),
            _OPEN.assignments > 0,
            or_(_OTHER.round_id != _OPEN.round_id, _OTHER.pass_ != _OPEN.pass_),
            _OTHER.state != AssignmentState.WITHDRAWN,
            _OTHER.assignments > 0,
        )
        .limit(1)
        .scalar_subquery()
    )
