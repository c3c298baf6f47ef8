"""Measures an import of many articles beside splitting their texts alone, in one run.

    python bench/imports.py [--articles 4000] [--database postgresql+psycopg://…]

A table of made-up articles goes the whole way, from rows to articles with sentences, in the transactions that the
worker uses; into a throw-away SQLite file, or into that database, which must be empty. Processor time of this process;
prints the ratio and for how long the writer was held at a time, waiting for the disk included.

Measured by turns on 2,000 articles, others at work on the same two cores: on SQLite 0.13 to 0.16 and 20 to 41 ms in the
median, up to 299 ms, as long as words were folded within the transaction and numbers of passages stood in a tree; 0.16 to
0.18 and 8 to 10 ms, up to 22 ms, since. On PostgreSQL, where nobody waits for it, 0.12 and 45 to 58 ms before, 0.12 to
0.16 and 42 to 63 ms since. In one process, others at work as well, of five turns each with so many articles in each
transaction: 8 0.15 in the median, 24 0.19, 64 0.22, 128 0.24, for 19, 35, 66 and 115 ms; as many as 64 are taken where
that takes 25 ms, and where somebody else writes no more than takes 8 ms. By turns on a machine with nothing
else to do, 4,000 articles: 0.22 (three times) and 17 to 20 ms while each sentence was a statement of its own, 0.23, 0.30 and
0.28 and 13 to 16 ms, up to 46, since 25 are one.
"""

import argparse
import json
import os
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from intake import WORDS
from sqlalchemy.orm import Session

from webapp import serving, visibility
from webapp.app import create_app
from webapp.articles.actions import import_files, imports
from webapp.db import db
from webapp.domain.segmentation import split
from webapp.first_run import ensure_first_things


def texts(count: int) -> list[str]:
    rng = random.Random(1)
    return [" ".join(_sentence(rng) for _ in range(rng.randint(10, 26))) for _ in range(count)]


def _sentence(rng: random.Random) -> str:
    return " ".join(rng.choices(WORDS, k=rng.randint(8, 24))).capitalize() + "."


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=4_000)
    parser.add_argument("--database", help="the address of an empty PostgreSQL database")
    said = parser.parse_args()
    if said.database:
        os.environ["CLAIMTAG_DATABASE_URL"] = said.database
    wanted = texts(said.articles)
    begun = time.process_time()
    sentences = sum(len(split(text)) for text in wanted)
    alone = time.process_time() - begun
    table = "\n".join(json.dumps({"text": text, "title": "A title"}) for text in wanted).encode()
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Path(folder), {"TESTING": True, "SECRET_KEY": "bench"})
        serving.migrate(app)
        with app.app_context():
            owner, project = ensure_first_things(), visibility.project_named(None)
            assert project is not None
            held = times_held()
            begun = time.process_time()
            import_files(project, owner, [("articles.jsonl", table)], lambda *_: None)
            taken = time.process_time() - begun
            db.session.remove()
            app.extensions["save_queue"].close()
            db.engine.dispose()
    print(
        f"{len(wanted):,} articles, {sentences:,} sentences: split {alone:.2f} s, import {taken:.2f} s of processor time"
    )
    print(
        f"ratio {alone / taken:.2f} (aim 0.25); {len(wanted) / len(held):.0f} articles held the writer for "
        f"{statistics.median(held) * 1000:.0f} ms in the median, {max(held) * 1000:.0f} ms at most (aim 30)"
    )


def times_held() -> list[float]:
    """Grows by the seconds of each transaction about articles, from its beginning to behind its commit."""
    held: list[float] = []
    put, advance = imports._put_articles, Session.commit

    def begun(*asked: Any) -> Any:
        started.append(time.perf_counter())
        return put(*asked)

    def committed(session: Session) -> None:
        advance(session)
        if started:
            held.append(time.perf_counter() - started.pop())

    started: list[float] = []
    imports._put_articles, Session.commit = begun, committed  # type: ignore[assignment,method-assign]
    return held


if __name__ == "__main__":
    main()
