"""Measures the list of sources and their look-up on ten sources and on ten thousand, in one run.

    python bench/sources.py                       10 and 10,000 sources, 2,000 answers that name one
    python bench/sources.py --sources 50000       more

Processor time of the app alone: the requests are handed to it in this process. The look-up is that of the desk.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from uuid import UUID, uuid4

from flask.testing import FlaskClient
from sqlalchemy import insert

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.factories import Person
from tests.signing_in import sign_in_as
from webapp import serving, visibility
from webapp.app import create_app
from webapp.db import db, db_write
from webapp.domain.registry import Sketch
from webapp.domain.sources import Entry, name_key
from webapp.domain.terms import SourceKind, Tag
from webapp.first_run import ensure_first_things
from webapp.models import Annotation, Article, Assignment, Sentence, SourceRating
from webapp.sources.actions.bringing_in import bring_in

SETTINGS = {"TESTING": True, "SECRET_KEY": "bench", "WTF_CSRF_ENABLED": False}
TOWNS = ("Berlin", "Paris", "Tehran", "Moscow", "Ankara", "Lisbon", "Cairo", "Delhi", "Oslo", "Quito")
LIST = ("/sources", "/sources?q=times", "/sources?never_rated=1", "/sources?letter=C", "/sources?in_one_article=1")
LOOKED_UP = ("t", "ti", "tehran t", "herald 1", "source 99")


def fill(sources: int, answers: int) -> Person:
    """A project with so many sources, a third of them rated, and answers that name them."""
    owner = Person(ensure_first_things().id)
    project = visibility.project_named(None)
    assert project is not None
    kinds = list(SourceKind)
    sketches = [
        Sketch(Entry(f"{TOWNS[n % 10]} Times {n}", kinds[n % 5]), _aliases(f"Herald {n} of {TOWNS[n // 10 % 10]}"))
        for n in range(sources)
    ]
    bring_in(project, owner, sketches)
    ids = list(db.session.scalars(visibility.sources_visible_to(owner)))
    with db_write() as session:
        session.execute(
            insert(SourceRating), [_rating(one.id, owner.id, "ABCDEF"[n % 6]) for n, one in enumerate(ids[::3])]
        )
    _answer([one.id for one in ids], owner, project.running.id, answers)
    return owner


def _aliases(*names: str) -> dict[str, str]:
    return {name_key(name): name for name in names}


def _rating(source_id: UUID, author_id: int, letter: str) -> dict[str, object]:
    rating_id = uuid4()
    told = {"reliability": letter, "rated_on": "2026-11-01", "version": 1, "is_current": True, "is_published": False}
    return {
        **told,
        "id": rating_id,
        "rating_id": rating_id,
        "source_id": source_id,
        "author_id": author_id,
        "client_id": uuid4(),
    }


def _answer(source_ids: list[UUID], owner: Person, round_id: int, answers: int) -> None:
    """An article of as many sentences as answers, each naming the next source."""
    text = "One. " * answers
    with db_write() as session:
        like = session.get_one(Article, 1)
        article = Article(
            project_id=like.project_id,
            imported_by_id=owner.id,
            text=text,
            text_sha256="0" * 64,
            encoding="pasted",
            media_type="text/plain",
            original=b"",
            original_sha256="0" * 64,
        )
        session.add(article)
        session.flush()
        work = Assignment(round_id=round_id, article_id=article.id, analyst_id=owner.id)
        session.add(work)
        sentences = [Sentence(article_id=article.id, start=5 * n, end=5 * n + 4, paragraph=0) for n in range(answers)]
        session.add_all(sentences)
        session.flush()
        codebook_id = like.project.running.codebook_id
        session.execute(
            insert(Annotation),
            [
                {
                    "sentence_id": sentence.id,
                    "assignment_id": work.id,
                    "analyst_id": owner.id,
                    "codebook_id": codebook_id,
                    "is_blind": False,
                    "tag": Tag.ATTRIBUTION,
                    "source_id": source_ids[n % len(source_ids)],
                    "version": 1,
                    "is_current": True,
                    "client_id": uuid4(),
                }
                for n, sentence in enumerate(sentences)
            ],
        )


def timed(ask: Callable[[], object], times: int) -> tuple[float, float]:
    """The median and the 95th percentile of the processor time, in milliseconds."""
    taken = []
    ask()  # what the first one alone does, as compiling statements, is done
    for _ in range(times):
        begun = time.process_time()
        ask()
        taken.append(1000 * (time.process_time() - begun))
    return median(taken), sorted(taken)[int(0.95 * len(taken))]


def asked(client: FlaskClient, address: str) -> Callable[[], object]:
    def ask() -> None:
        assert client.get(address).status_code == 200

    return ask


def measured(sources: int, answers: int, times: int) -> dict[str, tuple[float, float]]:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Path(folder), SETTINGS)
        serving.migrate(app)
        with app.app_context():
            owner = fill(sources, answers)
            project = visibility.project_named(None)
            assert project is not None
            client = app.test_client()
            sign_in_as(client, owner)
        found = {address: timed(asked(client, address), times) for address in LIST}
        for words in LOOKED_UP:
            found[f"look-up “{words}”"] = timed(asked(client, f"/api/v1/articles/1/sources?q={words}"), times)
        with app.app_context():
            db.session.remove()
            app.extensions["save_queue"].close()
            db.engine.dispose()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sources", type=int, default=10_000)
    parser.add_argument("--answers", type=int, default=2_000)
    parser.add_argument("--times", type=int, default=40)
    wanted = parser.parse_args()
    few = measured(10, wanted.answers, wanted.times)
    many = measured(wanted.sources, wanted.answers, wanted.times)
    print(f"{'milliseconds of processor time':32} {'10 sources':>16} {f'{wanted.sources:,} sources':>18}")
    print(f"{'':32} {'p50':>8}{'p95':>8} {'p50':>9}{'p95':>9} {'ratio of p95':>14}")
    for name, (p50, p95) in few.items():
        print(f"{name:32} {p50:8.1f}{p95:8.1f} {many[name][0]:9.1f}{many[name][1]:9.1f} {many[name][1] / p95:14.1f}")


if __name__ == "__main__":
    main()
