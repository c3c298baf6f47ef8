"""Articles as lists show them: without their texts, of which only the first words are read where there is no title."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import case, func, select

from webapp.db import db
from webapp.models import OPENING, Article, display_title

HAS_TITLE = func.coalesce(Article.title, "") != ""
OPENING_WITHOUT_TITLE = case((HAS_TITLE, ""), else_=func.substr(Article.text, 1, OPENING))
"""A column."""


@dataclass(frozen=True)
class ListedArticle:
    """One article on a list."""

    id: int
    display_title: str
    outlet: str | None
    author: str | None
    published: str | None
    sentences: int
    """Live ones."""


def listed_articles(ids: Collection[int]) -> dict[int, ListedArticle]:
    """These articles, in this order."""
    columns = (Article.id, Article.title, OPENING_WITHOUT_TITLE, Article.outlet, Article.author, Article.published)
    rows = db.session.execute(select(*columns, Article.sentence_count).where(Article.id.in_(ids)))
    found = {
        id_: ListedArticle(id_, display_title(title, opening), *described) for id_, title, opening, *described in rows
    }
    return {id_: found[id_] for id_ in ids if id_ in found}
