"""Reads of the editions of an article: which there are, and how two of them differ."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from webapp import visibility
from webapp.article_list import listed_articles
from webapp.db import db
from webapp.domain.editions import Comparison, Difference, compared
from webapp.domain.errors import NotFound
from webapp.models import Actor, Article, Edition, live_sentences

ON_A_PAGE = 100
"""Differences."""


@dataclass(frozen=True)
class OtherEdition:
    """An edition beside an article: the earlier one, or one that came later."""

    article_id: int
    display_title: str
    came_at: datetime
    is_later: bool


def editions_beside(article: Article, reader: Actor) -> list[OtherEdition]:
    """The editions of the article that the reader may read beside it, the earlier one first."""
    linked = visibility.editions_visible_to(reader).where(
        or_(Edition.article_id == article.id, Edition.earlier_id == article.id)
    )
    links = db.session.scalars(linked.order_by(Edition.article_id)).all()
    ids = sorted({id_ for one in links for id_ in (one.article_id, one.earlier_id)} - {article.id})
    if not ids:
        return []
    later = {one.article_id for one in links}
    came = dict(db.session.execute(select(Article.id, Article.created_at).where(Article.id.in_(ids))).all())
    listed = listed_articles(sorted(ids, key=lambda id_: (id_ in later, id_)))
    return [OtherEdition(id_, one.display_title, came[id_], id_ in later) for id_, one in listed.items()]


@dataclass(frozen=True)
class ComparedEditions:
    """An article beside its earlier edition, and a part of what differs."""

    article: Article
    earlier: Article
    comparison: Comparison
    part: int

    @property
    def parts(self) -> int:
        return max(1, -(-len(self.comparison.differences) // ON_A_PAGE))

    @property
    def shown(self) -> list[Difference]:
        return self.comparison.differences[(self.part - 1) * ON_A_PAGE : self.part * ON_A_PAGE]


def compared_editions(article: Article, reader: Actor, part: int) -> ComparedEditions:
    """The article beside the one that it is a later edition of. Raises NotFound."""
    link = db.session.scalar(visibility.editions_visible_to(reader).where(Edition.article_id == article.id))
    if link is None:
        raise NotFound("There is no earlier edition of this article that you may read.")
    earlier = db.session.get_one(Article, link.earlier_id)
    comparison = compared(_sentences_of(earlier), _sentences_of(article))
    found = ComparedEditions(article, earlier, comparison, max(1, part))
    if found.part > found.parts:
        raise NotFound("There are not so many differences; begin at the first.")
    return found


def _sentences_of(article: Article) -> list[str]:
    return [article.text[one.start : one.end] for one in db.session.scalars(live_sentences(article.id))]
