"""How long the migration of notes to claims, mentions and assessments takes, and the way back: copy, proof and all.

    python bench/notes_migration.py [NOTES]

Every fifth note was worded anew once. On SQLite, or on the empty database that CLAIMTAG_DATABASE_URL names. Prints the
seconds up and down, and notes a second.
"""

import hashlib
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

import flask_migrate
from sqlalchemy import Connection, MetaData, Table, insert, text

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from webapp import serving
from webapp.app import create_app
from webapp.db import db

BEFORE = "0014"
SENTENCES, NOTES_EACH = 50, 2
TEXT = " ".join(f"Sentence {n:02} says that something happened in the harbour." for n in range(SENTENCES))
LENGTH = len(TEXT) // SENTENCES
MOMENT = datetime(2026, 1, 1)
AT_ONCE = 5_000


def main(notes: int) -> None:
    with tempfile.TemporaryDirectory(prefix="claimtag-bench-") as folder:
        app = create_app(Path(folder), {"SECRET_KEY": "bench", "TESTING": True})
        with app.app_context():
            flask_migrate.upgrade(revision=BEFORE)
            with db.engine.begin() as connection:
                fill(connection, notes)
            print(f"{db.engine.dialect.name}: {notes:,} notes, {notes + notes // 5:,} revisions")
            db.engine.dispose()
        up = timed(lambda: serving.migrate(app))
        with app.app_context():
            with db.engine.connect() as connection:
                for table in ("claim", "claim_wording", "claim_mention", "assessment"):
                    count = connection.execute(text(f"SELECT count(*) FROM {table}")).scalar()
                    print(f"  {table}: {count:,}")
            db.engine.dispose()
            down = timed(lambda: flask_migrate.downgrade(revision=BEFORE))
            db.engine.dispose()
        print(f"up {up:.1f} s, {notes / up:,.0f} notes a second; down {down:.1f} s, {notes / down:,.0f} a second")


def timed(work: Any) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def fill(connection: Connection, notes: int) -> None:
    """A project whose sentences have two notes each, as the version before claims kept them."""
    meta = MetaData()
    meta.reflect(connection)
    articles = -(-notes // (SENTENCES * NOTES_EACH))
    put(
        connection, meta.tables["codebook"], iter([{"id": 1, "version": "1.0", "text": "text", "published_at": MOMENT}])
    )
    put(
        connection,
        meta.tables["project"],
        iter([{"id": 1, "name": "Study", "created_at": MOMENT, "own_tag_first": False}]),
    )
    round_ = {
        "id": 1,
        "project_id": 1,
        "name": "main",
        "codebook_id": 1,
        "is_blind": False,
        "overlap": 1,
        "plan_seed": 7,
    }
    put(connection, meta.tables["round"], iter([{**round_, "created_at": MOMENT}]))
    person = {"is_admin": False, "single_keys": True, "created_at": MOMENT}
    put(connection, meta.tables["user"], iter({"id": n, "name": f"A{n}", **person} for n in range(1, NOTES_EACH + 1)))
    put(connection, meta.tables["article"], articles_of(articles))
    put(connection, meta.tables["sentence"], sentences_of(articles))
    put(connection, meta.tables["corroboration_note"], notes_of(notes))


def put(connection: Connection, table: Table, rows: Iterator[dict[str, Any]]) -> None:
    while some := list(islice(rows, AT_ONCE)):
        connection.execute(insert(table), some)


def articles_of(count: int) -> Iterator[dict[str, Any]]:
    same = {"project_id": 1, "imported_by_id": 1, "segmentation_version": 1, "text": TEXT, "encoding": "utf-8"}
    same |= {
        "had_bom": False,
        "media_type": "text/plain",
        "original": b"0",
        "original_sha256": "x",
        "created_at": MOMENT,
    }
    return ({**same, "id": n, "text_sha256": f"{n:064}"} for n in range(1, count + 1))


def sentences_of(articles: int) -> Iterator[dict[str, Any]]:
    for article in range(articles):
        for n in range(SENTENCES):
            place = {"start": n * LENGTH, "end": (n + 1) * LENGTH - 1, "paragraph": 0, "added_in": 1}
            yield {"id": article * SENTENCES + n + 1, "article_id": article + 1, **place}


def notes_of(count: int) -> Iterator[dict[str, Any]]:
    id_ = 0
    for number in range(count):
        worded_anew = number % 5 == 0
        for version in (1, 2) if worded_anew else (1,):
            id_ += 1
            yield {
                "id": id_,
                "note_key": id_of("note", number),
                "sentence_id": number // NOTES_EACH + 1,
                "author_id": number % NOTES_EACH + 1,
                "version": version,
                "is_current": not worded_anew or version == 2,
                "client_id": id_of("write", id_),
                "status": "in_progress",
                "claim": f"Something happened, version {version}.",
                "url": "https://example.org/harbour",
                "created_at": MOMENT,
                "to_confirm": False,
            }


def id_of(kind: str, number: int) -> str:
    return UUID(bytes=hashlib.md5(f"{kind} {number}".encode(), usedforsecurity=False).digest()).hex


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)
