"""What a person is told of their own work."""

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import aliased

from webapp.models import (
    TAKEN_AWAY,
    Actor,
    Adjudication,
    Article,
    Assignment,
    Happening,
    InboxEntry,
    Role,
    Round,
    Sentence,
)
from webapp.visibility.gold import gold_shown_to
from webapp.visibility.repeats import was_before_a_repeat


def inbox_of(actor: Actor) -> Select[InboxEntry]:
    """One's own alone, of projects that one is in and of live articles that are still one's own; that something is
    settled only where one may read the decision. Of an article that one does once more nothing from before.
    """
    own = aliased(Assignment)
    held = (
        select(own.id)
        .where(
            own.article_id == InboxEntry.article_id,
            own.analyst_id == InboxEntry.user_id,
            own.state.not_in(TAKEN_AWAY),
        )
        .exists()
    )
    live = select(Article.id).where(Article.id == InboxEntry.article_id, Article.is_live).exists()
    decided = (
        select(Adjudication.id)
        .join(Sentence, Sentence.id == Adjudication.sentence_id)
        .join(Article, Article.id == Sentence.article_id)
        .join(Article.project)
        .where(
            Sentence.article_id == InboxEntry.article_id,
            Sentence.is_live,
            Adjudication.round_id == InboxEntry.round_id,
            Adjudication.is_current,
            gold_shown_to(actor),
        )
        .exists()
    )
    return select(InboxEntry).where(
        InboxEntry.user_id == actor.user_id,
        InboxEntry.round_id.in_(select(Round.id).where(Round.project_id.in_(actor.projects(*Role)))),
        or_(InboxEntry.article_id.is_(None), and_(live, held)),
        or_(InboxEntry.what != Happening.SETTLED, decided),
        ~was_before_a_repeat(actor, InboxEntry.article_id, InboxEntry.at),
    )
