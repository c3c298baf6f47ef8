"""Measures an import of many articles beside splitting their texts alone, in one run.

    python bench/imports.py [--articles 4000]

A table of made-up articles goes the whole way: rows to items, items to articles with sentences, in the transactions
that the worker uses. Processor time; prints the ratio and the longest time for which the writer was held.
"""

import argparse
import json
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from intake import WORDS

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
    wanted = texts(parser.parse_args().articles)
    begun = time.process_time()
    sentences = sum(len(split(text)) for text in wanted)
    alone = time.process_time() - begun
    table = "\n".join(json.dumps({"text": text, "title": "A title"}) for text in wanted).encode()
    held: list[float] = []
    write = imports._written

    def timed(*asked: Any) -> Any:
        begun = time.perf_counter()
        written = write(*asked)
        held.append(time.perf_counter() - begun)
        return written

    imports._written = timed
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Path(folder), {"TESTING": True, "SECRET_KEY": "bench"})
        serving.migrate(app)
        with app.app_context():
            owner, project = ensure_first_things(), visibility.project_named(None)
            assert project is not None
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
        f"ratio {alone / taken:.2f} (aim 0.25); {imports.AT_ONCE} articles held the writer for {max(held):.3f} s at most"
    )


if __name__ == "__main__":
    main()
