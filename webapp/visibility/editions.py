"""Which editions of articles a person may lay beside each other."""

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from webapp.models import Actor, Article, Edition
from webapp.visibility.articles import articles_visible_to


def editions_visible_to(actor: Actor) -> Select[Edition]:
    """Those of which the actor reads both articles, as long as both have one address: it may be amended again."""
    readable = articles_visible_to(actor).with_only_columns(Article.id)
    later, earlier = aliased(Article), aliased(Article)
    return (
        select(Edition)
        .join(later, later.id == Edition.article_id)
        .join(earlier, earlier.id == Edition.earlier_id)
        .where(
            readable.where(Article.id == Edition.article_id).correlate(Edition).exists(),
            readable.where(Article.id == Edition.earlier_id).correlate(Edition).exists(),
            later.address_key == earlier.address_key,
        )
    )
