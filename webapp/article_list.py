"""Articles as lists show them: without their texts, of which only the first words are read where there is no title."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

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


LISTED = (
    Article.id,
    Article.title,
    OPENING_WITHOUT_TITLE,
    Article.outlet,
    Article.author,
    Article.published,
    Article.sentence_count,
)
"""The columns of which one is made."""


def listed(id_: int, title: str | None, opening: str, *described: Any) -> ListedArticle:
    """The article of a row of these columns."""
    return ListedArticle(id_, display_title(title, opening), *described)


def listed_articles(ids: Collection[int]) -> dict[int, ListedArticle]:
    """These articles, in this order."""
    rows = db.session.execute(select(*LISTED).where(Article.id.in_(ids)))
    found = {article.id: article for article in (listed(*row) for row in rows)}
    return {id_: found[id_] for id_ in ids if id_ in found}
