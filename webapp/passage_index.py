"""Which articles of a project share passages: a few numbers of each text, written with it, by which texts are found."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import BigInteger, Connection, bindparam, cast, delete, func, select
from sqlalchemy.orm import Session

from webapp.db import db_write
from webapp.domain.passage_hashes import passage_hashes
from webapp.models import Article, PassageHash
from webapp.prepared import Prepared

MOST_LOOKED_UP = 250
"""Numbers of one text; of a longer one, these stand for all."""
NEWEST = 64
"""Articles that are looked at for one number."""
COMMON = 10
"""A number that the newest articles have in common, one in so many or more, is of boilerplate and left out."""
FEWEST = 2
"""Numbers that two texts share before they are compared."""
AT_ONCE = 200
"""Articles whose numbers are made in one go."""


def add(connection: Connection, project_id: int, articles: Mapping[int, Sequence[int]]) -> None:
    """The numbers of articles, given by id, in the transaction that brings them."""
    rows = sorted((hash_, article_id) for article_id, hashes in articles.items() for hash_ in hashes)
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(
            "INSERT INTO passage_hash (project_id, hash, article_id) VALUES (?, ?, ?)",
            [(project_id, *row) for row in rows],
        )
    else:
        hashes, ids = map(list, zip(*rows, strict=True))
        connection.exec_driver_sql(
            "INSERT INTO passage_hash (project_id, hash, article_id) SELECT %s, * FROM unnest(%s::int[], %s::int[])",
            (project_id, hashes, ids),
        )


def fill(connection: Connection) -> None:
    """The numbers of all articles there are; the table is empty."""
    for rows in _articles(connection):
        for project_id in {project_id for _, project_id, _ in rows}:
            add(connection, project_id, {id_: passage_hashes(text) for id_, of, text in rows if of == project_id})


def make_anew() -> None:
    """Empty the table and fill it."""
    with db_write() as session:
        session.execute(delete(PassageHash))
        fill(session.connection())


def wrongly_kept(session: Session) -> Iterator[int]:
    """The articles whose numbers are not those of their text."""
    total = func.sum(cast(PassageHash.hash, BigInteger))
    told = select(PassageHash.article_id, func.count(), total).group_by(PassageHash.article_id)
    kept = {id_: (count, int(sum_)) for id_, count, sum_ in session.execute(told)}
    for rows in _articles(session.connection()):
        for id_, _, text in rows:
            hashes = passage_hashes(text)
            if kept.get(id_, (0, 0)) != (len(hashes), sum(hashes)):
                yield id_


def _articles(connection: Connection) -> Iterator[list[tuple[int, int, str]]]:
    """Id, project and text of all articles, some at a time."""
    last = 0
    query = select(Article.id, Article.project_id, Article.text).order_by(Article.id).limit(AT_ONCE)
    while rows := connection.execute(query.where(Article.id > last)).all():
        yield [(id_, project_id, text) for id_, project_id, text in rows]
        last = rows[-1][0]


@dataclass(frozen=True)
class Found:
    """Which articles share numbers with a text, and how many of those looked up."""

    hits: Counter[int]
    looked_up: int
    common: frozenset[int]
    """Numbers of boilerplate, which were left out."""


def sharing(connection: Connection, project_id: int, hashes: Sequence[int]) -> Found:
    """The articles of the project that share numbers with a text that has these; itself among them, if it is there."""
    step = -(-len(hashes) // MOST_LOOKED_UP) or 1
    some = hashes[::step]
    hits: Counter[int] = Counter()
    common = set()
    for hash_ in some:
        ids = [id_ for (id_,) in _NEWEST.run(connection, project_id=project_id, hash=hash_)]
        if len(ids) == NEWEST and ids[0] - ids[-1] < COMMON * NEWEST:
            common.add(hash_)
        else:
            hits.update(ids)
    return Found(hits, len(some) - len(common), frozenset(common))


_NEWEST = Prepared(
    select(PassageHash.article_id)
    .where(PassageHash.project_id == bindparam("project_id"), PassageHash.hash == bindparam("hash"))
    .order_by(PassageHash.article_id.desc())
    .limit(NEWEST)
)
