"""How long the migration to rounds takes on a SQLite file with a million answers: copy, proof and all.

    python bench/migration.py [ANSWERS]

Prints the size of the file, the seconds of the copy and of the migration, and answers a second.
"""

import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import flask_migrate

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from webapp import migrating, serving
from webapp.app import create_app
from webapp.db import database_file, db

SENTENCES, ANALYSTS = 50, 2
BEFORE = "0011"
TEXT = " ".join(f"Sentence {n} says that something happened in the harbour." for n in range(SENTENCES))
MOMENT = "2026-01-01 00:00:00.000000"


def main(answers: int) -> None:
    with tempfile.TemporaryDirectory(prefix="claimtag-bench-") as folder:
        app = create_app(Path(folder), {"SECRET_KEY": "bench", "TESTING": True})
        with app.app_context():
            flask_migrate.upgrade(revision=BEFORE)
            file = database_file()
            assert file is not None
            db.engine.dispose()
            fill(file, answers // (SENTENCES * ANALYSTS))
            size = file.stat().st_size
            print(f"{answers:,} answers, {size / 1e6:,.0f} MB")
            begun = time.perf_counter()
            copy = migrating.copy_before(file)
            copied = time.perf_counter() - begun
            copy.unlink()
            begun = time.perf_counter()
        serving.migrate(app)
        taken = time.perf_counter() - begun
        print(f"checked copy {copied:.1f} s, all of it {taken:.1f} s, {answers / taken:,.0f} answers a second")
        print(f"file afterwards {file.stat().st_size / 1e6:,.0f} MB")
        with app.app_context():
            db.engine.dispose()


def fill(file: Path, articles: int) -> None:
    """So many articles, each submitted by two analysts, as the version before rounds kept them."""
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("INSERT INTO codebook VALUES (1, '1.0', 'text', ?)", (MOMENT,))
        database.execute(
            "INSERT INTO project (id, name, codebook_id, is_blind, overlap, created_at, plan_seed, own_tag_first) "
            "VALUES (1, 'Study', 1, 1, 2, ?, 7, 0)",
            (MOMENT,),
        )
        for user in range(1, ANALYSTS + 1):
            columns = "id, name, is_admin, single_keys, created_at"
            database.execute(f"INSERT INTO user ({columns}) VALUES (?, ?, 0, 1, ?)", (user, f"A{user}", MOMENT))
        database.executemany(
            "INSERT INTO article (id, project_id, imported_by_id, segmentation_version, text, text_sha256, encoding, "
            "had_bom, media_type, original, original_sha256, created_at) "
            f"VALUES (?, 1, 1, 1, '{TEXT}', ?, 'utf-8', 0, 'text/plain', X'00', 'x', '{MOMENT}')",
            ((id_, f"{id_:064}") for id_ in range(1, articles + 1)),
        )
        database.executemany(
            'INSERT INTO sentence (id, article_id, start, "end", paragraph, added_in) VALUES (?, ?, ?, ?, 0, 1)',
            (
                (article * SENTENCES + n + 1, article + 1, n * 50, n * 50 + 49)
                for article in range(articles)
                for n in range(SENTENCES)
            ),
        )
        works = [(article, analyst) for article in range(articles) for analyst in range(1, ANALYSTS + 1)]
        database.executemany(
            "INSERT INTO assignment (id, article_id, analyst_id, round, position, state, assigned_at, started_at, "
            f"submitted_at) VALUES (?, ?, ?, 'main', 0, 'submitted', '{MOMENT}', '{MOMENT}', '{MOMENT}')",
            ((id_, article + 1, analyst) for id_, (article, analyst) in enumerate(works, start=1)),
        )
        database.executemany(
            f"INSERT INTO submission (id, assignment_id, number, at) VALUES (?, ?, 1, '{MOMENT}')",
            ((id_, id_) for id_ in range(1, len(works) + 1)),
        )
        database.executemany(
            "INSERT INTO annotation (id, sentence_id, analyst_id, version, is_current, client_id, codebook_id, "
            "is_blind, to_confirm, created_at, tag, source_type, source_text, flag_loaded_language, flag_mixed, "
            f"flag_presupposition, flag_hedged) VALUES (?, ?, ?, 1, 1, ?, 1, 1, 0, '{MOMENT}', 'ATTRIBUTION', "
            "'named_person', 'the harbour master', 0, 0, 0, 0)",
            (
                (id_ := work * SENTENCES + n + 1, article * SENTENCES + n + 1, analyst, f"{id_:032x}")
                for work, (article, analyst) in enumerate(works)
                for n in range(SENTENCES)
            ),
        )
        database.execute("INSERT INTO submission_annotation SELECT (id - 1) / ? + 1, id FROM annotation", (SENTENCES,))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
