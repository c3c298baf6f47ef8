"""Whose readings of relative dates a person sees."""

from sqlalchemy import Select, or_, select

from webapp.models import Actor, Article, DateReading
from webapp.visibility.articles import has_still_to_submit
from webapp.visibility.projects import OPEN, reads_everybodys
from webapp.visibility.repeats import was_before_a_repeat


def date_readings_visible_to(actor: Actor) -> Select[DateReading]:
    """Current ones on articles that are not in the trash: everybody's for who reads what others entered, but in a blind
    round on an article that they still have to submit; else one's own, but of an article that one does once more none
    from before.
    """
    reads_others = reads_everybodys(actor, Article.project_id) & or_(
        Article.project_id.in_(OPEN), ~has_still_to_submit(actor, Article.id)
    )
    older = was_before_a_repeat(actor, DateReading.article_id, DateReading.created_at)
    own = (DateReading.author_id == actor.id) & ~older
    return (
        select(DateReading)
        .join(DateReading.article)
        .where(DateReading.is_current, Article.is_live, or_(own, reads_others & (DateReading.author_id != actor.id)))
    )
