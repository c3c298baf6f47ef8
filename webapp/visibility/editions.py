"""Which editions of articles a person may lay beside each other."""

from sqlalchemy import Select, select

from webapp.models import Actor, Article, Edition
from webapp.visibility.articles import articles_visible_to


def editions_visible_to(actor: Actor) -> Select[Edition]:
    """Those of which the actor reads both articles."""
    readable = articles_visible_to(actor).with_only_columns(Article.id)
    return select(Edition).where(Edition.article_id.in_(readable), Edition.earlier_id.in_(readable))
