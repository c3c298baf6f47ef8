"""Which articles of a project share passages: a few numbers of each text, written with it, by which texts are found."""

import re
import struct
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from sqlalchemy import (
    Connection,
    Integer,
    MetaData,
    Text,
    TextClause,
    bindparam,
    column,
    event,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.orm import Session

from webapp.db import Base, db_write
from webapp.domain.passage_hashes import passage_hashes
from webapp.models import Article
from webapp.prepared import Prepared
from webapp.word_index import PASSAGES, copy_to_postgres, leave_merging_to_writers, write_to_fts5

MOST_LOOKED_UP = 440
"""Numbers of one text, of about two thousand words; of a longer one, these stand for all."""
NEWEST = 64
"""Articles that are looked at for one number."""
COMMON = 10
"""A number that the newest articles have in common, one in so many or more, is of boilerplate and left out."""
FEWEST = 2
"""Numbers that two texts share before they are compared."""
AT_ONCE = 200
"""Articles whose numbers are made in one go."""


# ---- the table


def create(connection: Connection) -> None:
    """The index, empty. On SQLite it is one of FTS5, where each number is a word: a number in a tree of its own would
    be written to a page of its own, and of a large project most pages anew with each batch of an import.
    """
    connection.exec_driver_sql(_CREATE[connection.dialect.name])
    if connection.dialect.name == "sqlite":
        leave_merging_to_writers(connection, PASSAGES)


def drop(connection: Connection) -> None:
    connection.exec_driver_sql(f"DROP TABLE IF EXISTS {PASSAGES}")


_CREATE = {
    "sqlite": f"CREATE VIRTUAL TABLE {PASSAGES} "
    "USING fts5(words, content='', columnsize=0, detail=none, tokenize='ascii')",
    # A number in a row of its own takes five times as much. Sixty thousand buckets make lists of some length, which
    # take less than as many numbers with a list each. New rows go into the index at once: those that wait beside it
    # are gone through for each number that is looked up.
    "postgresql": f"""
        CREATE TABLE {PASSAGES} (
            article_id integer PRIMARY KEY REFERENCES article (id),
            project_id integer NOT NULL REFERENCES project (id),
            hashes integer[] NOT NULL,
            buckets smallint[] NOT NULL
        );
        CREATE INDEX ix_{PASSAGES}_buckets ON {PASSAGES} USING gin (buckets) WITH (fastupdate = off)
    """,
}


@event.listens_for(Base.metadata, "after_create")
def _created_too(_metadata: MetaData, connection: Connection, **_: object) -> None:
    """Whoever makes the declared tables gets it."""
    create(connection)


# ---- its rows


def add(connection: Connection, project_id: int, articles: Mapping[int, Sequence[int]]) -> None:
    """The numbers of articles, given by id, in the transaction that brings them."""
    if connection.dialect.name == "sqlite":
        rows = [(id_, _as_words(project_id, hashes)) for id_, hashes in articles.items()]
        write_to_fts5(connection, PASSAGES, rows)
    else:
        lines = (
            f"{id_}\t{project_id}\t{_array(hashes)}\t{_array(map(_bucket, hashes))}\n"
            for id_, hashes in articles.items()
        )
        copy_to_postgres(connection, PASSAGES, lines)


def _array(numbers: Iterable[int]) -> str:
    return f"{{{','.join(map(str, numbers))}}}"


def _bucket(hash_: int) -> int:
    """The lower half of a number's bits, between -2¹⁵ and 2¹⁵ - 1: of numbers chosen for being low, the even half."""
    return (hash_ & 0xFFFF) - 0x8000


def _word(project_id: int, hash_: int) -> str:
    """A number of a text as the word that stands for it."""
    return f"{project_id}x{hash_ & 0xFFFFFFFF:x}"


def _as_words(project_id: int, hashes: Sequence[int]) -> str:
    """The same of many with a blank between them, in a tenth of the time."""
    digits = struct.pack(f">{len(hashes)}i", *hashes).hex(" ", 4)
    words = digits and f"{project_id}x" + digits.replace(" ", f" {project_id}x")
    return _NOUGHTS.sub("x", words)


_NOUGHTS = re.compile("x0+(?=[0-9a-f])")
"""Which no number begins with."""


def fill(connection: Connection) -> None:
    """The numbers of all articles there are; the table is empty."""
    for rows in articles(connection):
        for project_id in {project_id for _, project_id, _ in rows}:
            add(connection, project_id, {id_: passage_hashes(whole) for id_, of, whole in rows if of == project_id})


def renew(connection: Connection) -> None:
    """Empty the index and fill it, in the transaction of the connection."""
    drop(connection)
    create(connection)
    fill(connection)


def make_anew() -> None:
    """The same in a transaction of its own."""
    with db_write() as session:
        renew(session.connection())


def wrongly_kept(session: Session) -> Iterator[int]:
    """The articles whose numbers are not those of their text; ids of none, of which some are kept, come behind."""
    kept = _kept(session.connection())
    for rows in articles(session.connection()):
        for id_, project_id, whole in rows:
            hashes = passage_hashes(whole)
            if kept.pop((project_id, id_), (0, 0)) != (len(hashes), sum(hashes)):
                yield id_
    yield from sorted(article_id for _, article_id in kept)


def _kept(connection: Connection) -> dict[tuple[int, int], tuple[int, int]]:
    """By project and article how many numbers are kept, and their sum."""
    if connection.dialect.name != "sqlite":
        rows = connection.exec_driver_sql(
            "SELECT project_id, article_id, cardinality(hashes), "
            "(SELECT sum(hash) FROM unnest(hashes) AS hash), "
            f"buckets = ARRAY(SELECT {_BUCKET} FROM unnest(hashes) AS hash) FROM {PASSAGES}"
        )
        return {
            (project_id, article_id): (count, int(sum_ or 0)) if is_found else (-1, 0)
            for project_id, article_id, count, sum_, is_found in rows
        }
    kept: defaultdict[tuple[int, int], tuple[int, int]] = defaultdict(lambda: (0, 0))
    connection.exec_driver_sql("CREATE VIRTUAL TABLE temp.kept_words USING fts5vocab(main, passage_hash, instance)")
    words = connection.exec_driver_sql("SELECT term, doc FROM temp.kept_words")
    for word, found in groupby(words, key=itemgetter(0)):
        project_id, hash_ = _number(word)
        for _, article_id in found:
            count, sum_ = kept[project_id, article_id]
            kept[project_id, article_id] = count + 1, sum_ + hash_
    connection.exec_driver_sql("DROP TABLE temp.kept_words")
    return dict(kept)


def _number(word: str) -> tuple[int, int]:
    """The project and the number that a word stands for."""
    project_id, _, unsigned = word.partition("x")
    hash_ = int(unsigned, 16)
    return int(project_id), hash_ - (hash_ >> 31 << 32)


def articles(connection: Connection) -> Iterator[list[tuple[int, int, str]]]:
    """Id, project and text of all articles, some at a time."""
    last = 0
    query = select(Article.id, Article.project_id, Article.text).order_by(Article.id).limit(AT_ONCE)
    while rows := connection.execute(query.where(Article.id > last)).all():
        yield [(id_, project_id, whole) for id_, project_id, whole in rows]
        last = rows[-1][0]


# ---- what is asked of it


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
    for hash_, ids in _newest(connection, project_id, some):
        if len(ids) == NEWEST and ids[0] - ids[-1] < COMMON * NEWEST:
            common.add(hash_)
        else:
            hits.update(ids)
    return Found(hits, len(some) - len(common), frozenset(common))


def _newest(connection: Connection, project_id: int, hashes: Sequence[int]) -> Iterator[tuple[int, list[int]]]:
    """Each of the numbers with the newest articles that have it, newest first."""
    if connection.dialect.name == "sqlite":
        for hash_ in hashes:
            rows = _IN_FTS5.run(connection, word=f'"{_word(project_id, hash_)}"', most=NEWEST)
            yield hash_, [id_ for (id_,) in rows]
        return
    found = _in_table(connection, _AMONG_THE_NEWEST, project_id, hashes, 3 * NEWEST)
    rare = [hash_ for hash_ in hashes if len(found[hash_]) < NEWEST]
    found |= _in_table(connection, _SOME, project_id, rare, COMMON * NEWEST)
    often = [hash_ for hash_ in rare if len(found[hash_]) == COMMON * NEWEST]
    found |= _in_table(connection, _FROM_THE_NEWEST, project_id, often, NEWEST)
    for hash_ in hashes:
        yield hash_, sorted(found[hash_], reverse=True)[:NEWEST]


def _in_table(
    connection: Connection, statement: TextClause, project_id: int, hashes: Sequence[int], most: int
) -> dict[int, list[int]]:
    """By number so many of the articles that have it."""
    found: dict[int, list[int]] = {hash_: [] for hash_ in hashes}
    if hashes:
        asked = {"project_id": project_id, "hashes": list(hashes), "most": most}
        for hash_, article_id in connection.execute(statement, asked):
            found[hash_].append(article_id)
    return found


_IN_FTS5 = Prepared(
    select(column("rowid", Integer))
    .select_from(table(PASSAGES))
    .where(literal_column(PASSAGES).op("MATCH", is_comparison=True)(bindparam("word", type_=Text)))
    .order_by(column("rowid").desc())
    .limit(bindparam("most", type_=Integer))
)
_BUCKET = "CAST((hash & 65535) - 32768 AS smallint)"
_OF_EACH = """
    SELECT hash, article_id
    FROM unnest(CAST(:hashes AS integer[])) AS asked (hash),
    LATERAL (SELECT article_id FROM passage_hash WHERE {} LIMIT :most) AS found
"""
_AMONG_THE_NEWEST = text(
    """
    SELECT hash, article_id
    FROM (
        SELECT article_id, hashes FROM passage_hash WHERE project_id = :project_id ORDER BY article_id DESC LIMIT :most
    ) AS newest,
    LATERAL unnest(hashes) AS hash
    WHERE hash = ANY (CAST(:hashes AS integer[]))
    """
)
"""Of boilerplate, which the index would list in full before the first of it is told, these are enough."""
_SOME = text(_OF_EACH.format(f"buckets @> ARRAY[{_BUCKET}] AND hash = ANY (hashes) AND project_id = :project_id"))
"""Which they are is for the index to say: of a number that few have, all."""
_FROM_THE_NEWEST = text(_OF_EACH.format("hash = ANY (hashes) AND project_id = :project_id ORDER BY article_id DESC"))
"""Article after article, of which many have it."""
