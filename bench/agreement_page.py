"""Measures the agreement page on many annotations: fills a throw-away SQLite database and asks for the page.

    python bench/agreement_page.py                                   100,000 sentences × 10 analysts in 2,000 articles
    python bench/agreement_page.py --sentences 5000 --articles 100   smaller
    python bench/agreement_page.py --fields                          fills the other fields of the answers, too
    python bench/agreement_page.py --keep FOLDER                     keeps the database there, and uses it again

The page runs in a process of its own, so that its memory is not that of the filling.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import insert

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.signing_in import sign_in_as
from webapp import serving, visibility
from webapp.accounts.actions import add_user
from webapp.app import create_app
from webapp.db import db, db_write
from webapp.domain.answers import FLAGS, TERMS
from webapp.domain.terms import FOUR_TAGS
from webapp.first_run import ensure_first_things
from webapp.models import (
    SHELL,
    Annotation,
    Article,
    Assignment,
    AssignmentState,
    Role,
    Round,
    Sentence,
    Submission,
    SubmissionAnnotation,
)
from webapp.projects.actions import add_member
from webapp.standings import recount

WORDS = "The mayor said on Monday that the bridge could reopen soon."
SETTINGS = {"TESTING": True, "SECRET_KEY": "bench", "WTF_CSRF_ENABLED": False}
AT_ONCE = 20_000


def fill(instance: Path, sentences: int, analysts: int, articles: int, seed: int, fields: bool) -> None:
    """Every analyst tags every sentence, hits its true tag in three of four, and submits every article."""
    app = create_app(instance, SETTINGS)
    serving.migrate(app)
    with app.app_context():
        owner = ensure_first_things()
        project = visibility.project_named(None)
        assert project is not None
        people = [add_user(f"Analyst {number}") for number in range(1, analysts + 1)]
        for person in people:
            add_member(project, person, {Role.ANALYST}, SHELL)
        with db_write():
            _put(_articles(project.id, owner.id, sentences, articles))
            _put(_work(project.running, [person.id for person in people], sentences, articles, seed, fields))
        recount()
        db.session.remove()
        db.engine.dispose()


def _put(rows: Any) -> None:
    """Inserts (table, values) pairs, each table's by the thousand, parents first."""
    waiting: dict[Any, list[dict[str, Any]]] = {}
    for table, values in rows:
        waiting.setdefault(table, []).append(values)
        if sum(map(len, waiting.values())) >= AT_ONCE:
            _flush(waiting)
    _flush(waiting)


def _flush(waiting: dict[Any, list[dict[str, Any]]]) -> None:
    for table in sorted(waiting, key=db.metadata.sorted_tables.index):
        db.session.execute(insert(table), waiting[table])
    waiting.clear()


def _articles(project_id: int, owner_id: int, sentences: int, articles: int) -> Any:
    for number in range(articles):
        size = sentences // articles
        text = " ".join([WORDS] * size)
        common = {"encoding": "pasted", "media_type": "text/plain", "original": b"", "original_sha256": ""}
        about = {"title": f"Article {number}", "text_sha256": str(number), "imported_by_id": owner_id}
        yield Article.__table__, {"id": 1000 + number, "project_id": project_id, "text": text, **about, **common}
        for place in range(size):
            start = place * (len(WORDS) + 1)
            span = {"start": start, "end": start + len(WORDS), "paragraph": 1}
            yield Sentence.__table__, {"id": 10_000 + number * size + place, "article_id": 1000 + number, **span}


def _work(round_: Round, people: list[int], sentences: int, articles: int, seed: int, fields: bool) -> Any:
    """The annotations come in the order of a real study: article after article, analysts one behind the other."""
    rng = np.random.default_rng(seed)
    size, at = sentences // articles, datetime(2026, 1, 1, tzinfo=UTC)
    annotation_id = 0
    for number in range(articles):
        true = rng.choice(4, size=size, p=(0.45, 0.3, 0.1, 0.15))
        for turn, person in enumerate(people):
            work = 1 + number * len(people) + turn
            slip = rng.random(size) < 0.25
            said = np.where(slip, rng.integers(0, 4, size), true)
            handed = {"id": work, "article_id": 1000 + number, "analyst_id": person, "round_id": round_.id}
            yield Assignment.__table__, handed | {"state": AssignmentState.SUBMITTED}
            yield Submission.__table__, {"id": work, "assignment_id": work, "number": 1, "at": at}
            for place in range(size):
                annotation_id += 1
                whose = {"assignment_id": work, "analyst_id": person, "client_id": UUID(int=annotation_id)}
                whose["codebook_id"] = round_.codebook_id
                sentence = {"sentence_id": 10_000 + number * size + place, "version": 1, "is_blind": True}
                said_of = {"tag": FOUR_TAGS[said[place]]} | (_fields(annotation_id) if fields else {})
                yield Annotation.__table__, {"id": annotation_id, **whose, **sentence, **said_of}
                yield SubmissionAnnotation.__table__, {"submission_id": work, "annotation_id": annotation_id}


def _fields(number: int) -> dict[str, Any]:
    """Something in every field, in turn; under a tag that does not call for it a field counts nowhere."""
    values = {name: tuple(terms)[number % len(terms)] for name, terms in TERMS.items() if name != "second_choice"}
    return values | {name: number % 7 == place for place, name in enumerate(FLAGS)}


def ask(instance: Path) -> None:
    """Asks for the pages as their supervisor would; prints times and peak memory."""
    app = create_app(instance, SETTINGS)
    serving.migrate(app)
    with app.app_context():
        project = visibility.project_named(None)
        assert project is not None
        client = app.test_client()
        sign_in_as(client, ensure_first_things())
        address = f"/projects/{project.id}/agreement"
        print(f"peak memory before {peak_mb():.0f} MB")
        for name, path in (
            ("the page, first time", ""),
            ("the page again", ""),
            ("every field, first time", "/fields"),
            ("every field again", "/fields"),
            ("a cell", "/cell?a=FACT&b=OPINION"),
            ("JSON", ".json"),
        ):
            start = time.perf_counter()
            method = "POST" if path == ".json" else "GET"
            answer = client.open(address + path, method=method, buffered=True)
            seconds = time.perf_counter() - start
            assert answer.status_code == 200, answer.status_code
            print(f"{name:<40}{seconds:>8.2f} s  {len(answer.data) / 1000:,.0f} kB  peak {peak_mb():.0f} MB")
        start, size = time.perf_counter(), 0
        for part in client.post(address + "/wide.csv").response:
            size += len(part)
        print(f"{'CSV, analysts × sentences':<40}{time.perf_counter() - start:>8.2f} s  {size / 1000:,.0f} kB")


def peak_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--sentences", type=int, default=100_000)
    options.add_argument("--analysts", type=int, default=10)
    options.add_argument("--articles", type=int, default=2_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--fields", action="store_true", help="every field of each answer, not its tag alone")
    options.add_argument("--keep", type=Path, help="a folder for the database, filled only when it is new")
    options.add_argument("--ask", type=Path, help=argparse.SUPPRESS)
    said = options.parse_args()
    if said.ask:
        ask(said.ask)
        return
    with tempfile.TemporaryDirectory() as throw_away:
        instance = said.keep or Path(throw_away)
        if not any(instance.glob("*.sqlite")):
            start = time.perf_counter()
            fill(instance, said.sentences, said.analysts, said.articles, said.seed, said.fields)
            print(f"filled in {time.perf_counter() - start:.0f} s")
        subprocess.run([sys.executable, __file__, "--ask", str(instance)], check=True)


if __name__ == "__main__":
    main()
