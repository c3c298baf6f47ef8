"""The index of words: which sentences hold which, in SQLite's FTS5 or behind a tsvector of PostgreSQL.

The same of what people wrote; and of names, by trigrams (of FTS5, or of PostgreSQL's extension pg_trgm), which hold
which parts of words.

It holds no text, on SQLite, and none but folded words on PostgreSQL; it only grows. Rows are written with the sentences
that they are about; who asks joins the live sentences of articles that the reader may see.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from itertools import chain, groupby
from math import prod
from operator import itemgetter
from typing import Any
from zlib import crc32

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnClause,
    ColumnElement,
    Connection,
    Float,
    Integer,
    MetaData,
    Select,
    TableClause,
    Text,
    TextualSelect,
    and_,
    bindparam,
    cast,
    column,
    event,
    literal_column,
    not_,
    or_,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlalchemy.exc import DBAPIError

from webapp.db import Base, db_write
from webapp.domain.folded_words import folded
from webapp.domain.near_words import pieces
from webapp.domain.word_query import Every, Phrase, Query, Some, words_of

SENTENCES, WRITINGS = "sentence_words", "written_words"
"""Of the sentences of articles, and of what people wrote; on SQLite each has tables beside it, with longer names."""
TABLES = {SENTENCES: "sentence_id integer", WRITINGS: "id bigint"}
"""Each with its key on PostgreSQL."""
WRITTEN = {
    "claim_wording": ("wording",),
    "assessment": ("note",),
    "evidence": ("title", "outlet", "author", "origin", "description", "quote", "words", "note"),
    "article": ("title",),
    "source_entry": ("name",),
    "source_alias": ("alias",),
    "annotation": ("note",),
}
"""What people wrote, by table: the columns by whose words it is found; of a tag without a note there is nothing."""
KINDS = tuple(WRITTEN)
"""In the order in which they came: a row's number is made of its kind's place."""
MOST_KINDS = 8
"""So many there may come to be without a new key for what is indexed."""
NAMES = ("article", "source_entry", "source_alias")
"""Those of them that are found by parts of words as well."""
PARTS, PARTS_INDEX = "name_parts", "ix_written_words_parts"
"""The trigrams of names: on SQLite a table, on PostgreSQL an index of the words that are there."""

Row = tuple[int, str]
"""The id of a sentence, and its words."""


PASSAGES = "passage_hash"
"""The index of passages (`passage_index`)."""


def is_of_index(table: str) -> bool:
    """Whether the table belongs to an index of texts, which is no record of anything and made anew where it is lost."""
    return any(table == name or table.startswith(f"{name}_") for name in (*TABLES, PARTS, PASSAGES))


# ---- the tables


def create(connection: Connection, table: str) -> None:
    """A table of the index, empty."""
    for statement in _CREATE[connection.dialect.name]:
        connection.exec_driver_sql(statement.format(table=table, key=TABLES[table]))
    if table == WRITINGS:
        create_parts(connection)
    elif connection.dialect.name == "sqlite":
        leave_merging_to_writers(connection, table)


def drop(connection: Connection, table: str) -> None:
    connection.exec_driver_sql(f"DROP TABLE IF EXISTS {table}")
    if table == WRITINGS:
        drop_parts(connection)


def create_parts(connection: Connection) -> None:
    """The index of parts of names, where the database can have one: the rest works without it."""
    if connection.dialect.name == "sqlite":
        if HAS_TRIGRAMS:
            connection.exec_driver_sql(
                f"CREATE VIRTUAL TABLE {PARTS} USING fts5(words, content='', tokenize='trigram')"
            )
        return
    try:
        with connection.begin_nested():
            connection.exec_driver_sql(EXTENSION)
            connection.exec_driver_sql(_CREATE_PARTS)
    except DBAPIError as refused:
        if getattr(refused.orig, "sqlstate", None) not in NOT_TO_BE_HAD:
            raise


def drop_parts(connection: Connection) -> None:
    """Of one that a newer SQLite made an older one cannot drop a thing: it stays, unasked, until a newer one does."""
    if connection.dialect.name == "sqlite" and not HAS_TRIGRAMS:
        return
    kind = "TABLE" if connection.dialect.name == "sqlite" else "INDEX"
    name = PARTS if connection.dialect.name == "sqlite" else PARTS_INDEX
    connection.exec_driver_sql(f"DROP {kind} IF EXISTS {name}")


def has_parts(connection: Connection) -> bool:
    """Whether names are found by parts of words: not by an older SQLite, nor on PostgreSQL without pg_trgm."""
    if connection.dialect.name == "sqlite":
        there = f"SELECT count(*) FROM sqlite_master WHERE name = '{PARTS}'"
        return HAS_TRIGRAMS and bool(connection.exec_driver_sql(there).scalar())
    return connection.exec_driver_sql(f"SELECT to_regclass('{PARTS_INDEX}')").scalar() is not None


HAS_TRIGRAMS = sqlite3.sqlite_version_info >= (3, 34)
EXTENSION = "CREATE EXTENSION IF NOT EXISTS pg_trgm"
NOT_TO_BE_HAD = ("42501", "0A000", "58P01", "42704")
"""What PostgreSQL says where this account may not create an extension, the server does not have its files, or it is
there in a schema that is not on the search path.
"""
_IS_NAME = f"mod(id, {MOST_KINDS}) IN ({', '.join(str(KINDS.index(kind)) for kind in NAMES)})"
_CREATE_PARTS = (
    f"CREATE INDEX IF NOT EXISTS {PARTS_INDEX} ON {WRITINGS} USING gin (words gin_trgm_ops) WHERE {_IS_NAME}"
)


AS_VECTOR = "array_to_tsvector(string_to_array(words, ' '))"
"""The words of a row as PostgreSQL indexes them: it takes the index for what is asked word for word like it."""
_CREATE = {
    # Words come folded: what is no ASCII belongs to a word. No content, since the text of an article is there already.
    "sqlite": [
        "CREATE VIRTUAL TABLE {table} USING fts5(words, content='', tokenize='ascii')",
        # Twice as many parts as usual before they are merged: an import writes less, and a look-up takes hardly longer.
        "INSERT INTO {table} ({table}, rank) VALUES ('automerge', 8)",
    ],
    "postgresql": [
        "CREATE TABLE {table} ({key} PRIMARY KEY, words text NOT NULL)",
        f"CREATE INDEX ix_{{table}}_words ON {{table}} USING gin ({AS_VECTOR}) WITH (gin_pending_list_limit = 256)",
    ],
}


def leave_merging_to_writers(connection: Connection, table: str) -> None:
    """Have nothing merged in a table of FTS5 but by `write_to_fts5`: for those into which imports write."""
    for setting, value in (("automerge", 0), ("usermerge", AT_A_TIME), ("crisismerge", 4 * AT_A_TIME)):
        connection.exec_driver_sql(f"INSERT INTO {table} ({table}, rank) VALUES (?, ?)", (setting, value))


AT_A_TIME = 16
"""Parts of an index that are merged into one: fewer are merged more often, and of more each look-up reads more."""


@event.listens_for(Base.metadata, "after_create")
def _created_too(_metadata: MetaData, connection: Connection, **_: object) -> None:
    """Whoever makes the declared tables gets these."""
    for name in TABLES:
        create(connection, name)


# ---- its rows


def add(connection: Connection, texts: Iterable[Row], table: str = SENTENCES) -> None:
    """Index sentences, or writings, given with their text, in the transaction that brings them."""
    _add(connection, [(id_, folded(words)) for id_, words in texts], table)


def _add(connection: Connection, rows: Sequence[Row], table: str = SENTENCES) -> None:
    if not rows:
        return
    is_sqlite = connection.dialect.name == "sqlite"
    if table == SENTENCES and is_sqlite:
        write_to_fts5(connection, table, rows)
    elif table == SENTENCES:
        copy_to_postgres(connection, table, (f"{id_}\t{words}\n" for id_, words in rows))
    elif is_sqlite:
        connection.exec_driver_sql(f"INSERT INTO {table} (rowid, words) VALUES (?, ?)", rows)
    else:
        ids, words = map(list, zip(*rows, strict=True))
        connection.exec_driver_sql(f"INSERT INTO {table} SELECT * FROM unnest(%s::bigint[], %s::text[])", (ids, words))


def write_to_fts5(connection: Connection, table: str, rows: Sequence[Row]) -> None:
    """Put rows into a table of one column, and merge as much of it as they make due.

    Left to itself SQLite merges rarely, and then so much that whoever waits for the writer notices.
    """
    connection.exec_driver_sql(f"INSERT INTO {table} (rowid, words) VALUES (?, ?)", rows)
    pages = 1 + sum(len(words) for _, words in rows) // PAGE
    connection.exec_driver_sql(f"INSERT INTO {table} ({table}, rank) VALUES ('merge', ?)", (MERGED * pages,))


PAGE, MERGED = 4_000, 6
"""Bytes of a page, about, and how many pages are merged for one that comes in: it is merged with those of other batches
(`AT_A_TIME`), then with those of other such merges, and so on.
"""


def copy_to_postgres(connection: Connection, table: str, lines: Iterable[str]) -> None:
    """Put rows into a table, each the line of its values with tabs between them; a value holds nothing to escape."""
    driver_connection: Any = connection.connection.driver_connection
    with driver_connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copy:
        copy.write("".join(lines))


def add_articles(connection: Connection, articles: Mapping[int, Sequence[str]]) -> None:
    """Index the sentences of new articles, given by id with each sentence folded loosely; at least one, and those that
    were put in last.
    """
    words = list(chain.from_iterable(articles[article_id] for article_id in sorted(articles)))
    if connection.dialect.name == "sqlite":
        last = connection.exec_driver_sql("SELECT max(id) FROM sentence").scalar_one() or 0
        ids: Sequence[int] = range(last - len(words) + 1, last + 1)  # nobody else wrote meanwhile
    else:
        between = {"first": min(articles), "last": max(articles)}
        ids = [id_ for id_, article_id in connection.execute(_IDS, between) if article_id in articles]
    add_loosely_folded(connection, list(zip(ids, words, strict=True)))


def add_loosely_folded(connection: Connection, rows: Sequence[Row]) -> None:
    """Index sentences, given each with its words folded loosely."""
    if connection.dialect.name != "sqlite":  # which keeps no blanks
        rows = [(id_, " ".join(words.split())) for id_, words in rows]
    _add(connection, rows)


_IDS = text(
    "SELECT id, article_id FROM sentence WHERE article_id BETWEEN :first AND :last AND retired_in IS NULL "
    "ORDER BY article_id, start"
)
_LIVE = text(
    'SELECT id, article_id, start, "end" FROM sentence WHERE article_id IN :ids AND retired_in IS NULL ORDER BY id'
).bindparams(bindparam("ids", expanding=True))


def fill(connection: Connection) -> None:
    """Index every live sentence there is; none is indexed yet."""
    last = 0
    while rows := connection.execute(_NEXT_ARTICLES, {"last": last, "most": 50}).all():
        texts = dict(map(tuple, rows))
        spans = connection.execute(_LIVE, {"ids": list(texts)}).all()
        add(connection, ((id_, texts[article_id][start:end]) for id_, article_id, start, end in spans))
        last = rows[-1][0]


_NEXT_ARTICLES = text("SELECT id, text FROM article WHERE id > :last ORDER BY id LIMIT :most")


def number_of(kind: str, id_: int) -> int:
    """The key, in the index, of a revision of one of the tables of what people wrote."""
    return id_ * MOST_KINDS + KINDS.index(kind)


def add_written(connection: Connection, kind: str, rows: Iterable[object]) -> None:
    """Index revisions, whatever their table, in the transaction that brings them; of most tables nothing is indexed."""
    if kind in WRITTEN:
        _add_told(connection, kind, ((row.id, _written(row, kind)) for row in rows))  # type: ignore[attr-defined]


def add_titles(connection: Connection, titles: Iterable[tuple[int, str | None]]) -> None:
    """Index the titles of new articles, given by id."""
    _add_told(connection, "article", titles)


def replace_title(connection: Connection, article_id: int, old: str | None, new: str | None) -> None:
    """Index an article by its new title in place of the old one: the only words that ever go from the index."""
    key = number_of("article", article_id)
    is_sqlite = connection.dialect.name == "sqlite"
    for name in (WRITINGS, *([PARTS] if is_sqlite and has_parts(connection) else [])):
        if old and is_sqlite:
            gone = f"INSERT INTO {name} ({name}, rowid, words) VALUES ('delete', ?, ?)"
            connection.exec_driver_sql(gone, (key, folded(old)))
        elif old:
            connection.exec_driver_sql(f"DELETE FROM {name} WHERE id = %s", (key,))
    add_titles(connection, [(article_id, new)])


def add_name(connection: Connection, entry_id: int, name: str) -> None:
    """Index the name of a source that a save brought along."""
    _add_told(connection, "source_entry", [(entry_id, name)])


def add_note(connection: Connection, annotation_id: int, note: str) -> None:
    """Index the note of a saved answer."""
    _add_told(connection, "annotation", [(annotation_id, note)])


def _add_told(connection: Connection, kind: str, rows: Iterable[tuple[int, str | None]]) -> None:
    told = [(number_of(kind, id_), words) for id_, words in rows if words]
    add(connection, told, WRITINGS)
    if told and kind in NAMES and connection.dialect.name == "sqlite" and has_parts(connection):
        add(connection, told, PARTS)


def _written(row: object, kind: str) -> str:
    return "\n".join(text for name in WRITTEN[kind] if (text := getattr(row, name)))


def fill_written(connection: Connection) -> None:
    """Index whatever people wrote; nothing of it is indexed yet."""
    for kind in KINDS:
        for rows in _writings(connection, kind):
            add_written(connection, kind, rows)


def _writings(connection: Connection, kind: str) -> Iterator[Sequence[Any]]:
    """All rows of a table in which anything is written, some at a time."""
    columns = ", ".join(f'"{name}"' for name in WRITTEN[kind])
    next_ = text(f"SELECT id, {columns} FROM {kind} WHERE id > :last AND ({_is_written(kind)}) ORDER BY id LIMIT 1000")
    last = 0
    while rows := connection.execute(next_, {"last": last}).all():
        yield rows
        last = rows[-1].id


def _is_written(kind: str) -> str:
    """Whether a row of the table holds any of the texts by which it is found."""
    return " OR ".join(f'"{name}" IS NOT NULL' for name in WRITTEN[kind])


_FILL = {SENTENCES: fill, WRITINGS: fill_written}


def renew(connection: Connection, table: str) -> None:
    """Empty a table of the index and fill it, in the transaction of the connection."""
    drop(connection, table)
    create(connection, table)
    _FILL[table](connection)


def make_anew() -> None:
    """The same with all of them, in a transaction of its own."""
    with db_write() as session:
        for table in TABLES:
            renew(session.connection(), table)


# ---- what is asked of it


@dataclass(frozen=True)
class LookUp:
    """The index as part of a statement."""

    table: TableClause
    id: ColumnClause[int]
    """Of the sentence, or the number of what was written."""
    condition: ColumnElement[bool]


def look_up(connection: Connection, query: Query, name: str = SENTENCES) -> LookUp:
    """The rows of the index that the query finds."""
    if connection.dialect.name == "sqlite":
        index = table(name, column("rowid", Integer))
        match = literal_column(name).op("MATCH", is_comparison=True)(_for_fts5(query))
        return LookUp(index, index.c.rowid, match)
    key = TABLES[name].split()[0]
    index = table(name, column(key, BigInteger), column("words", Text))
    # A plan that PostgreSQL made once for any words takes them for common ones, and goes through the whole table: for
    # sentences, of which there are most, they stand in the statement itself.
    is_literal = name == SENTENCES
    return LookUp(index, index.c[key], _for_postgres(query, is_literal))


def _for_fts5(query: Query) -> str:
    match query:
        case Phrase(words):
            return f'"{" ".join(words)}"'
        case Some(parts):
            return f"({' OR '.join(map(_for_fts5, parts))})"
        case Every(parts, without):
            wanted = f"({' AND '.join(map(_for_fts5, parts))})"
            return f"({wanted} NOT {_for_fts5(Some(without))})" if without else wanted


_VECTOR = literal_column(AS_VECTOR, TSVECTOR)


def _for_postgres(query: Query, is_literal: bool) -> ColumnElement[bool]:
    """One question for the index: of several joined by OR it would answer each, and the rows would be looked at."""
    holds = _VECTOR.bool_op("@@")(_tsquery(_as_tsquery(query), is_literal))
    return and_(holds, _in_a_row(query)) if _has_phrases(query) else holds


def _tsquery(words: str, is_literal: bool) -> ColumnElement[Any]:
    return cast(bindparam(None, words, Text, literal_execute=is_literal), TSQUERY)


def _quoted(word: str) -> str:
    return f"'{word}'"


def _as_tsquery(query: Query) -> str:
    """What finds all that the query finds; and what holds the words of a phrase in another order."""
    match query:
        case Phrase(words):
            return f"({' & '.join(map(_quoted, words))})"
        case Some(parts):
            return f"({' | '.join(map(_as_tsquery, parts))})"
        case Every(parts, without):
            left_out = [f"!{_as_tsquery(one)}" for one in without if not _has_phrases(one)]
            return f"({' & '.join([*map(_as_tsquery, parts), *left_out])})"


def _has_phrases(query: Query) -> bool:
    """Whether any of it is words in a row, which a tsvector without places does not tell."""
    match query:
        case Phrase(words):
            return len(words) > 1
        case Some(parts):
            return any(map(_has_phrases, parts))
        case Every(parts, without):
            return any(map(_has_phrases, (*parts, *without)))


def _in_a_row(query: Query) -> ColumnElement[bool]:
    match query:
        case Phrase(words):
            return literal_column("' ' || words || ' '", Text).contains(f" {' '.join(words)} ")
        case Some(parts):
            return or_(*map(_in_a_row, parts))
        case Every(parts, without):
            return and_(*map(_in_a_row, parts), *(not_(_in_a_row(one)) for one in without))


MANY = 10_000
"""Rows from which on the first of them are sooner met in the table than all are looked up and put in order."""


def _finds_many(connection: Connection, query: Query) -> bool:
    """Whether PostgreSQL's sample of its rows tells so."""
    shares, rows = _in_sample(connection, sorted(words_of(query)))
    return _share(query, shares) * rows >= MANY


def _share(query: Query, shares: Mapping[str, float]) -> float:
    """Of all rows, that the query finds, at least: of words in a row nothing is known."""
    match query:
        case Phrase(words):
            return shares.get(words[0], 0.0) if len(words) == 1 else 0.0
        case Some(parts):
            return max(_share(part, shares) for part in parts)
        case Every(parts, without):
            return prod(_share(part, shares) for part in parts) * prod(1 - _share(one, shares) for one in without)


@contextmanager
def _by_the_index(connection: Connection) -> Iterator[None]:
    """Left to itself PostgreSQL goes through the table too soon: it takes cutting up the words of a row for free."""
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
    yield
    connection.exec_driver_sql("SET LOCAL enable_seqscan TO DEFAULT; SET LOCAL enable_indexscan TO DEFAULT")


def in_order(
    connection: Connection, query: Query, most: int, beyond: int | None = None, *, back: bool = False
) -> list[int]:
    """So many of the sentences that the query finds, the newest first; or those before one, or back from it."""
    index = look_up(connection, query)
    rows = select(index.id).where(index.condition)
    if beyond is not None:
        rows = rows.where(index.id > beyond if back else index.id < beyond)
    rows = rows.order_by(index.id.asc() if back else index.id.desc()).limit(most)
    is_sqlite = connection.dialect.name == "sqlite"
    with nullcontext() if is_sqlite or _finds_many(connection, query) else _by_the_index(connection):
        return list(connection.scalars(rows))


def parts_of_names(connection: Connection, query: Query, kind: str) -> Select[int] | None:
    """The ids of all rows of a kind whose names hold nearly what is asked, and of others, whoever may see them; None
    where the words are too short for that, or the database has no such index.
    """
    wanted = _pieces_of(query)
    if wanted is None or not has_parts(connection):
        return None
    place = KINDS.index(kind)
    if connection.dialect.name == "sqlite":
        key: ColumnClause[int] = column("rowid", Integer)
        match = literal_column(PARTS).op("MATCH", is_comparison=True)(_for_fts5(wanted))
        found = select(key // MOST_KINDS).select_from(table(PARTS, key)).where(match)
    else:
        key = column("id", BigInteger)
        index = table(WRITINGS, key, column("words", Text))
        found = select(key // MOST_KINDS).select_from(index).where(literal_column(_IS_NAME, Boolean), _like(wanted))
    return found.where(key % MOST_KINDS == place)


def _pieces_of(query: Query) -> Query | None:
    """The same asked of pieces of words, which finds more; None where no word is long enough to have one."""
    match query:
        case Phrase(words):
            told = [Some(tuple(Phrase((piece,)) for piece in some)) for word in words if (some := pieces(word))]
            return Every(tuple(told)) if told else None
        case Some(parts) | Every(parts):
            every = [one for part in parts if (one := _pieces_of(part))]
            if not every or (isinstance(query, Some) and len(every) < len(parts)):
                return None
            return Some(tuple(every)) if isinstance(query, Some) else Every(tuple(every))


def _like(query: Query) -> ColumnElement[bool]:
    match query:
        case Phrase(words):
            return column("words", Text).like(f"%{words[0]}%")
        case Some(parts):
            return or_(*map(_like, parts))
        case Every(parts):
            return and_(*map(_like, parts))


def ranked(connection: Connection, words: str, wanted: Mapping[Phrase, float], most: int) -> TextualSelect:
    """So many of the sentences that hold any of the phrases of a text: their `id` and `rank`, which is lower of those
    that hold more of them, and such as weigh more. It is lowest of those that say the same as the text; on SQLite,
    which keeps no words, of those that hold all phrases and are as long, but for a stop or quotation marks.
    """
    columns = column("id", Integer), column("rank", Float)
    if connection.dialect.name == "sqlite":
        of_any, of_all = (_for_fts5(made(tuple(wanted))) for made in (Some, Every))
        given: dict[str, Any] = {"of_any": of_any, "of_all": of_all, "letters": len(words)}
    else:
        in_a_row = [f" {' '.join(phrase.words)} " if len(phrase.words) > 1 else None for phrase in wanted]
        given = {"asked": list(map(_as_tsquery, wanted)), "in_a_row": in_a_row, "weights": list(wanted.values())}
        given["folded"] = folded(words)
    return text(_BY_RANK[connection.dialect.name]).columns(*columns).bindparams(**given, most=most)


_BY_RANK = {
    "sqlite": """
        SELECT id, min(rank) AS rank FROM (
            SELECT * FROM (
                SELECT rowid AS id, rank FROM sentence_words WHERE sentence_words MATCH :of_any
                ORDER BY rank, rowid LIMIT :most
            )
            UNION ALL
            SELECT sentence.id, abs(sentence."end" - sentence.start - :letters) - 1e9
            FROM sentence_words JOIN sentence ON sentence.id = sentence_words.rowid
            WHERE sentence_words MATCH :of_all AND abs(sentence."end" - sentence.start - :letters) < 5
        ) GROUP BY id ORDER BY rank, id LIMIT :most
    """,
    # One after the other: asked for any of them at once PostgreSQL would have to look for each in every row found.
    "postgresql": f"""
        SELECT sentence_id AS id, CASE WHEN words = :folded THEN -1e9 ELSE -sum(weight) END AS rank
        FROM unnest(CAST(:asked AS text[]), CAST(:in_a_row AS text[]), CAST(:weights AS float[]))
            AS asked (phrase, in_a_row, weight)
        JOIN sentence_words ON {AS_VECTOR} @@ phrase::tsquery
            AND (in_a_row IS NULL OR strpos(' ' || words || ' ', in_a_row) > 0)
        GROUP BY sentence_id ORDER BY rank, id LIMIT :most
    """,
}


COMMON = 500
"""Rows from which on it does not matter how many hold a word."""


def how_often(connection: Connection, words: Sequence[str]) -> tuple[dict[str, int], int]:
    """In about how many sentences some words stand, each, of a common one only that it is; and how many there are."""
    if connection.dialect.name == "sqlite":
        a_few = ", ".join([_A_FEW.format(most=COMMON)] * len(words))
        counted = connection.exec_driver_sql(
            f"SELECT {a_few}, (SELECT coalesce(max(id), 0) FROM sentence)", tuple(f'"{word}"' for word in words)
        )
        *counts, rows = counted.one()
        return dict(zip(words, counts, strict=True)), rows
    told = connection.execute(_OFTEN, {"words": list(words)}).all()
    return {word: min(COMMON, int(count)) for word, count, _ in told}, told[0][2]


_A_FEW = "(SELECT count(*) FROM (SELECT 1 FROM sentence_words WHERE sentence_words MATCH ? LIMIT {most}))"
"""How many rows of SQLite hold a word, as far as that is counted."""
_SAMPLE = """
    SELECT told.word, told.share, pg_class.reltuples
    FROM pg_stats
    JOIN pg_class ON pg_class.oid = 'sentence_words'::regclass,
    LATERAL unnest(most_common_elems::text::text[], most_common_elem_freqs) AS told (word, share)
    WHERE pg_stats.schemaname = current_schema() AND pg_stats.tablename = 'ix_sentence_words_words'
    AND told.word = ANY(:words)
"""
"""The share of rows that hold each of the common words among them, and how many rows there are, about: PostgreSQL
would read whole lists to count, but keeps a sample of its rows.
"""
_OFTEN = text(
    f"""
    WITH sample AS MATERIALIZED ({_SAMPLE})
    SELECT word, coalesce(
        (SELECT greatest(share * reltuples, 1) FROM sample WHERE sample.word = asked.word),
        (SELECT count(*) FROM sentence_words WHERE {AS_VECTOR} @@ asked.as_query)
    ), (SELECT coalesce(max(id), 0) FROM sentence)
    FROM (SELECT word, quote_literal(word)::tsquery AS as_query FROM unnest(CAST(:words AS text[])) AS word) AS asked
    """
)
"""Words of the sample by it, the others counted. One of the sample stands somewhere, though its share of all rows may
come to a little less than one of them.
"""


_IN_SAMPLE = text(_SAMPLE)


def _in_sample(connection: Connection, words: Sequence[str]) -> tuple[dict[str, float], int]:
    """What the sample tells."""
    told = connection.execute(_IN_SAMPLE, {"words": list(words)}).all()
    return {word: share for word, share, _ in told}, int(told[0][2]) if told else 0


# ---- the proof


def wrongly_indexed(connection: Connection) -> Iterator[int]:
    """The live sentences whose words are not those of their row, one by one in the order of their articles."""
    indexed = _checksums(connection, SENTENCES) if connection.dialect.name == "sqlite" else None
    last = 0
    while articles := connection.execute(_NEXT_ARTICLES, {"last": last, "most": 50}).all():
        texts = dict(map(tuple, articles))
        spans = connection.execute(_LIVE, {"ids": list(texts)}).all()
        ids = [id_ for id_, *_ in spans]
        found = _words_of(connection, SENTENCES, ids) if indexed is None else indexed
        for id_, article_id, start, end in spans:
            if found.get(id_, 0) != _checksum(folded(texts[article_id][start:end]).split()):
                yield id_
        last = articles[-1][0]


def wrongly_indexed_writings(connection: Connection) -> Iterator[tuple[str, int]]:
    """Tables and ids of revisions of what people wrote whose words are not those of their row."""
    indexed = _checksums(connection, WRITINGS) if connection.dialect.name == "sqlite" else None
    for kind in KINDS:
        for rows in _writings(connection, kind):
            numbers = [number_of(kind, row.id) for row in rows]
            found = _words_of(connection, WRITINGS, numbers) if indexed is None else indexed
            for number, row in zip(numbers, rows, strict=True):
                if found.get(number, 0) != _checksum(folded(_written(row, kind)).split()):
                    yield kind, row.id
    if connection.dialect.name == "sqlite" and has_parts(connection):
        yield from _wrongly_indexed_parts(connection)


def _wrongly_indexed_parts(connection: Connection) -> Iterator[tuple[str, int]]:
    """The same of names whose trigrams are not those of their row."""
    indexed = _checksums(connection, PARTS)
    for kind in NAMES:
        for row in chain.from_iterable(_writings(connection, kind)):
            words = folded(_written(row, kind))
            trigrams = [words[at : at + 3] for at in range(len(words) - 2)]
            if indexed.get(number_of(kind, row.id), 0) != _checksum(trigrams):
                yield kind, row.id


def rows_of_nothing(connection: Connection) -> Iterator[tuple[str, int]]:
    """Rows of the index that stand for no row: whatever comes to have their number would be found by their words."""
    ids = {SENTENCES: "SELECT id FROM sentence", WRITINGS: _numbers_written(KINDS)}
    if connection.dialect.name == "sqlite" and has_parts(connection):
        ids[PARTS] = _numbers_written(NAMES)
    for name, known in ids.items():
        key = "rowid" if connection.dialect.name == "sqlite" else TABLES[name].split()[0]
        rows = connection.exec_driver_sql(
            f"SELECT {key} FROM {name} EXCEPT SELECT * FROM ({known}) AS known ORDER BY 1"
        )
        yield from ((name, number) for (number,) in rows)


def _numbers_written(kinds: Iterable[str]) -> str:
    """The numbers of all revisions of these kinds in which anything is written."""
    return " UNION ALL ".join(
        f"SELECT CAST(id AS bigint) * {MOST_KINDS} + {KINDS.index(kind)} FROM {kind} WHERE {_is_written(kind)}"
        for kind in kinds
    )


def _words_of(connection: Connection, name: str, ids: Sequence[int]) -> dict[int, int]:
    key = TABLES[name].split()[0]
    rows = connection.execute(text(f"SELECT {key}, words FROM {name} WHERE {key} = ANY(:ids)"), {"ids": ids})
    return {id_: _checksum(words.split()) for id_, words in rows}


def _checksums(connection: Connection, name: str) -> dict[int, int]:
    """Of each row that has words in the index, one number for which words stand at which places."""
    connection.exec_driver_sql(f"CREATE VIRTUAL TABLE temp.indexed_words USING fts5vocab(main, {name}, instance)")
    sums: defaultdict[int, int] = defaultdict(int)
    rows = connection.exec_driver_sql('SELECT term, doc, "offset" FROM temp.indexed_words')
    for word, places in groupby(rows, key=itemgetter(0)):
        number = crc32(word.encode())
        for _, id_, place in places:
            sums[id_] += number * (place + 1)
    connection.exec_driver_sql("DROP TABLE temp.indexed_words")
    return dict(sums)


def _checksum(words: Iterable[str]) -> int:
    return sum(crc32(word.encode()) * place for place, word in enumerate(words, start=1))
