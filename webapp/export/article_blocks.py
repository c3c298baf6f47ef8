"""The articles of a project in blocks: ranges of ids, so that a statement is the same for each of them."""

from sqlalchemy import ColumnElement, Connection, and_, bindparam, select

from webapp import visibility
from webapp.models import Article

SENTENCES, MOST_ARTICLES = 2_000, 500
"""Of a block at most; more only where one article has them."""


def article_blocks(connection: Connection, project_id: int, *wanted: ColumnElement[bool]) -> list[tuple[int, int]]:
    """The first and the last id of some of the live articles at a time, so few that their rows fit into memory."""
    live = select(Article.id, Article.sentence_count).where(Article.project_id == project_id, Article.is_live, *wanted)
    found = connection.execute(live.order_by(Article.id).execution_options(yield_per=ROWS))
    blocks: list[tuple[int, int]] = []
    some: list[int] = []
    sentences = 0
    for id_, count in found:
        some.append(id_)
        sentences += count
        if sentences >= SENTENCES or len(some) == MOST_ARTICLES:
            blocks.append((some[0], some[-1]))
            some, sentences = [], 0
    return [*blocks, (some[0], some[-1])] if some else blocks


ROWS = 1_000
"""That are read at once: what is held is looked through for garbage time and again, while others wait."""


def in_block(project_id: int) -> ColumnElement[bool]:
    """A condition on Article: it is one of the live ones between the parameters `first` and `last`."""
    some = Article.id.between(bindparam("first"), bindparam("last"))
    return and_(some, visibility.without_index(Article.project_id) == project_id, Article.is_live)
