"""Measures the index of words: what it adds to an import, how large it is, and how long look-alikes and search take.

    python bench/search.py [--sentences 100000] [--postgres]

Articles of twenty made-up sentences, words drawn by Zipf's law from sixty thousand; every hundredth sentence says again
what an earlier one said, with three of ten words replaced. They come in as rows of a table, as files, and as web pages.
Processor time for the import, by turns with and without; wall time for what is asked. Aims at 100,000 sentences:
look-alikes 15 ms and search 50 ms (p95), import 1.25, index 1.5.
"""

import argparse
import gc
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from itertools import accumulate
from pathlib import Path
from typing import Any
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sqlalchemy import func, select, text

from bench.intake import page
from tests.databases import PostgresDatabase, postgres_programs
from webapp import passage_index, serving, visibility, word_index
from webapp.app import create_app
from webapp.articles.actions import drafts, import_files
from webapp.db import db, db_write
from webapp.domain.passage_hashes import passage_hashes
from webapp.domain.word_query import Query, search_from
from webapp.first_run import ensure_first_things
from webapp.models import Article, Sentence, Via
from webapp.passage_index import sharing
from webapp.said_elsewhere import alike_to
from webapp.search import queries
from webapp.visibility import actor_for

RNG = random.Random(7)
SYLLABLES = [a + b for a in "bcdfghklmnprstvw" for b in "aeiou"]
VOCABULARY = list(
    dict.fromkeys(
        "".join(RNG.choices(SYLLABLES, k=RNG.randint(1, 4))) + RNG.choice(["", "s", "n", "ing"]) for _ in range(70_000)
    )
)[:60_000]
VOCABULARY.sort(key=lambda word: len(word) + RNG.random() * 4)
WEIGHTS = list(accumulate(1 / (rank + 3) for rank in range(len(VOCABULARY))))
ASKED = 300


def words(count: int) -> list[str]:
    return RNG.choices(VOCABULARY, cum_weights=WEIGHTS, k=count)


def sentences(count: int) -> Iterator[str]:
    earlier: list[list[str]] = []
    for number in range(count):
        if number % 100 == 99:
            said = [word if RNG.random() > 0.3 else words(1)[0] for word in RNG.choice(earlier)]
        else:
            said = words(RNG.randint(10, 34))
        if number % 50 == 0:
            earlier.append(said)
        yield " ".join(said).capitalize() + "."


def articles(count: int) -> list[str]:
    said = sentences(count)
    return [" ".join(next(said) for _ in range(20)) for _ in range(count // 20)]


@contextmanager
def project(database: PostgresDatabase | None) -> Iterator[tuple[Any, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        if database:
            database.put(Path(folder))
        app = create_app(Path(folder), {"TESTING": True, "SECRET_KEY": "bench"})
        serving.migrate(app)
        with app.app_context():
            owner, first = ensure_first_things(), visibility.project_named(None)
            assert first is not None
            yield first, owner
            db.session.remove()
            app.extensions["save_queue"].close()
            db.engine.dispose()
        if database:
            database.drop(Path(folder))


Uploads = list[tuple[str, bytes]]


def as_rows(texts: list[str]) -> Uploads:
    """Of one table."""
    return [("a.jsonl", "\n".join(json.dumps({"text": text, "title": "A title"}) for text in texts).encode())]


def as_files(texts: list[str]) -> Uploads:
    """Of plain text, one each."""
    return [(f"{number}.txt", text.encode()) for number, text in enumerate(texts)]


def as_pages(texts: list[str]) -> Uploads:
    """Of a newspaper on the web, one each."""
    return [(f"{number}.html", page(RNG, text).encode()) for number, text in enumerate(texts)]


def imported(uploads: Uploads, first: Any, owner: Any) -> tuple[float, float]:
    """Processor time for bringing them in: of this process, and of the server of PostgreSQL."""
    with started():
        begun, by_server = time.process_time(), of_server()
        import_files(first, owner, uploads, lambda *_: None)
        return time.process_time() - begun, of_server() - by_server


@contextmanager
def started() -> Iterator[None]:
    """Nothing that is there is looked through for garbage, as by a server once it has started."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


def of_server() -> float:
    """Processor time that the server's processes for this database have spent so far, where Linux tells it."""
    if db.engine.dialect.name == "sqlite":
        return 0.0
    processes = "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
    with db.engine.connect() as connection:
        stats = [Path(f"/proc/{pid}/stat") for pid in connection.scalars(text(processes))]
    spent = (stat.read_text().rpartition(")")[2].split()[11:13] for stat in stats if stat.exists())
    return sum(int(ticks) for both in spent for ticks in both) / os.sysconf("SC_CLK_TCK")


def ratio_of_import(uploads: Uploads, database: PostgresDatabase | None) -> str:
    """With the indexes of words and of passages to with neither, nor what is made for them; by turns."""
    ratios, with_server = [], []
    for _ in range(3):
        taken = []
        for is_without in (False, True):
            with without_indexes() if is_without else nullcontext(), project(database) as (first, owner):
                taken.append(imported(uploads, first, owner))
        ratios.append(taken[0][0] / taken[1][0])
        with_server.append(sum(taken[0]) / sum(taken[1]))
    told = f"{statistics.median(ratios):.2f}"
    return told if database is None else f"{told}, with the server's processes {statistics.median(with_server):.2f}"


@contextmanager
def without_indexes() -> Iterator[None]:
    nothing: dict[tuple[Any, str], Any] = {
        (drafts, "folded_sentences"): lambda *_: ([], ""),
        (drafts, "hashes_of_all"): lambda texts: [[] for _ in texts],
        (word_index, "add_articles"): lambda *_: None,
        (word_index, "add_titles"): lambda *_: None,
        (passage_index, "add"): lambda *_: None,
    }
    with ExitStack() as stack:
        for (module, name), instead in nothing.items():
            stack.enter_context(patch.object(module, name, instead))
        yield


def size_of(name: str) -> int:
    """Bytes of an index of texts with all that belongs to it."""
    if db.engine.dialect.name == "sqlite":
        statement = f"SELECT sum(pgsize) FROM dbstat WHERE name LIKE '{name}%'"
    else:
        statement = f"SELECT pg_total_relation_size('{name}')"
    return int(db.session.scalar(text(statement)) or 0)


def times(asked: list[Any], ask: Callable[[Any], object]) -> str:
    """Wall time, and processor time of this process, which on a busy machine tells more of SQLite."""
    wall, processor = [], []
    with started():
        for one in asked:
            begun, spent = time.perf_counter(), time.process_time()
            ask(one)
            wall.append((time.perf_counter() - begun) * 1_000)
            processor.append((time.process_time() - spent) * 1_000)
    told = ((name, sorted(taken)) for name, taken in (("", wall), (" processor", processor)))
    return "; ".join(
        f"{name} p50 {t[len(t) // 2]:.1f} ms, p95 {t[len(t) * 95 // 100]:.1f} ms".strip() for name, t in told
    )


def searches(said: list[str]) -> list[str]:
    """One common word, a rare one, two, three without a fourth, and a phrase, of each sentence."""
    asked = []
    for sentence in said:
        some = sentence.rstrip(".").lower().split()
        first, second, third, rare = some[1], some[2], some[3], max(some, key=len)
        asked += [VOCABULARY[0], rare, f"{first} {rare}", f"{first} OR {second} -{third}", f'"{second} {third}"']
    return asked


def look_up_names() -> str:
    """The misspelled longest words of some of 100,000 titles, looked up by their pieces."""
    titles = [(id_, " ".join(words(8))) for id_ in range(10_000_000, 10_100_000)]
    with db_write() as session:
        word_index.add_titles(session.connection(), titles)
    longest = [max(title.split(), key=len) for _, title in RNG.sample(titles, 60)]
    asked = [search_from(f"{word[:-2]}{'y' if word[-2] == 'x' else 'x'}{word[-1]}").query for word in longest]

    def ask(query: Query) -> None:
        ids = word_index.parts_of_names(db.session.connection(), query, "article")
        if ids is not None:
            db.session.scalars(ids).all()

    return times(asked, ask)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sentences", type=int, default=100_000)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--no-import", action="store_true", help="Do not measure the import.")
    given = parser.parse_args()
    programs = postgres_programs() if given.postgres else None
    database = PostgresDatabase(programs) if programs else None
    texts = articles(given.sentences)
    if not given.no_import:
        for told, made, most in (
            ("rows", as_rows, 2_000),
            ("files of text", as_files, 2_000),
            ("web pages", as_pages, 300),
        ):
            ratio = ratio_of_import(made(texts[:most]), database)
            print(f"import of {told} with the indexes to without: {ratio} (aim 1.25)")
    with project(database) as (first, owner):
        imported(as_rows(texts), first, owner)
        if database:
            db.session.execute(text("ANALYZE"))
            db.session.commit()
        letters = sum(map(len, texts))
        of_words, of_passages = (size_of(name) / letters for name in (word_index.SENTENCES, word_index.PASSAGES))
        print(
            f"{given.sentences:,} sentences, {letters / 1e6:.1f} MB: index of words {of_words:.2f} of the text, "
            f"of passages {of_passages:.2f} (aim 1.5)"
        )
        reader, project_id = actor_for(owner, Via.SESSION), first.id
        ids = db.session.scalars(select(Sentence.id).order_by(func.random()).limit(ASKED)).all()
        said = [(id_, db.session.get_one(Sentence, id_).text) for id_ in ids]
        db.session.expunge_all()
        print("look-alikes:", times(said, lambda one: alike_to(one[1], reader, [one[0]])), "(aim p95 15 ms)")
        asked = searches([text for _, text in said[: ASKED // 5]])
        print("search:", times(asked, lambda one: queries.found(search_from(one), reader)), "(aim p95 50 ms)")
        some = RNG.sample(db.session.scalars(select(Article.id)).all(), 60)
        numbered = [passage_hashes(db.session.get_one(Article, id_).text) for id_ in some]
        print("shared passages:", times(numbered, lambda one: sharing(db.session.connection(), project_id, one)))
        print("misspelled titles:", look_up_names())
    if database:
        database.stop()


if __name__ == "__main__":
    main()
