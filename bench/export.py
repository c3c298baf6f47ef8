"""Measures the long export beside the bare sqlite3 module writing the same CSV.

    python bench/export.py [--annotations 1000000] [--rows 10]

Fills a throw-away database by plain inserts, exports it through the app's own query and through one SELECT of the
sqlite3 module with csv.writer, and prints rows a second, peak memory and the ratio measured in this one run.
"""

import argparse
import csv
import hashlib
import resource
import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from sqlalchemy import true

from webapp import serving, visibility
from webapp.app import create_app
from webapp.db import db
from webapp.domain.export import csv_of_lines
from webapp.export import long
from webapp.first_run import ensure_first_things
from webapp.models import SHELL, Project

ANALYSTS = 2
WORDS = "The strike could shut the port for a month, the harbour master said on Tuesday."
LENGTH = len(WORDS) + 5
BARE = f"""
SELECT a.id, p.name, ar.id, ar.title, ar.outlet, ar.published, s.id, s.start / {LENGTH} + 1, s.paragraph, s.start, s."end",
       substr(ar.text, s.start + 1, s."end" - s.start), ar.text_sha256, s.added_in, m.coder_code, a.tag, 1, a.not_codable_reason,
       a.second_choice, a.tag_certainty, a.attributed_content, a.source_id, a.source_text, a.source_type, 'yes', a.cue_text,
       a.cue_stance, a.directness, a.source_access, a.flag_loaded_language, a.flag_mixed, a.flag_presupposition,
       a.flag_hedged, a.check_priority, a.source_reliability, a.information_credibility, a.likelihood_code, a.confidence,
       NULL, NULL, NULL, NULL, NULL, a.note, a.is_blind, NULL, c.version, a.active_seconds, f.created_at, a.created_at,
       t.submitted_at, '1', r.name, t.pass, t.key, a.source_id, NULL
FROM annotation a JOIN sentence s ON s.id = a.sentence_id JOIN article ar ON ar.id = s.article_id
JOIN project p ON p.id = ar.project_id JOIN assignment t ON t.id = a.assignment_id JOIN round r ON r.id = t.round_id
JOIN membership m ON m.project_id = p.id AND m.user_id = a.analyst_id JOIN codebook c ON c.id = a.codebook_id
JOIN annotation f ON f.assignment_id = a.assignment_id AND f.sentence_id = a.sentence_id AND f.version = 1
WHERE a.is_current = 1 ORDER BY a.id
"""
"""The same columns, as they are stored."""


def fill(connection, annotations: int, sentences: int) -> None:
    """Articles of so many sentences, two analysts each, straight into the tables."""
    execute = connection.execute
    execute("BEGIN")
    for n in range(2, ANALYSTS + 2):
        execute(
            "INSERT INTO user (id, name, is_admin, single_keys, created_at) VALUES (?, ?, 0, 1, '2026-01-01 00:00:00.000000')",
            (n, f"Analyst {n}"),
        )
        execute(
            "INSERT INTO membership (project_id, user_id, coder_code, is_analyst, is_supervisor, is_researcher, created_at) VALUES (1, ?, ?, 1, 0, 0, '2026-01-01 00:00:00.000000')",
            (n, f"B{n}"),
        )
    text = " ".join(f"{WORDS} {n:02}." for n in range(sentences))
    long = LENGTH - 1
    for article in range(2, annotations // (sentences * ANALYSTS) + 2):
        body = f"{text} {article}"
        execute(
            "INSERT INTO article (id, project_id, imported_by_id, text, text_sha256, encoding, had_bom, media_type, original, original_sha256, title, outlet, segmentation_version, created_at) VALUES (?1, 1, 1, ?2, ?3, 'utf-8', 0, 'text/plain', CAST(?2 AS blob), ?3, 'A title', 'An outlet', 1, '2026-01-01 00:00:00.000000')",
            (article, body, hashlib.sha256(body.encode()).hexdigest()),
        )
        first = article * 1000
        connection.executemany(
            'INSERT INTO sentence (id, article_id, start, "end", paragraph, added_in) VALUES (?, ?, ?, ?, 1, 1)',
            [(first + n, article, n * (long + 1), n * (long + 1) + long) for n in range(sentences - 1)]
            + [(first + sentences - 1, article, (sentences - 1) * (long + 1), len(body))],
        )
        for analyst in range(2, ANALYSTS + 2):
            work = article * 10 + analyst
            execute(
                "INSERT INTO assignment (id, key, round_id, article_id, analyst_id, pass, position, state, assigned_at) VALUES (?, ?, 1, ?, ?, 1, 0, 'started', '2026-01-01 00:00:00.000000')",
                (work, f"{work:032x}", article, analyst),
            )
            connection.executemany(
                "INSERT INTO annotation (sentence_id, assignment_id, analyst_id, version, is_current, client_id, codebook_id, is_blind, created_at, tag, flag_loaded_language, flag_mixed, flag_presupposition, flag_hedged, source_type, source_text) VALUES (?, ?, ?, 1, 1, ?, 1, 0, '2026-01-01 00:00:00.000000', ?, 0, 0, 0, 0, 'named_person', 'the harbour master')",
                [
                    (
                        first + n,
                        work,
                        analyst,
                        f"{first + n:024x}{analyst:08x}",
                        ("FACT", "ATTRIBUTION", "SPECULATION", "OPINION")[n % 4],
                    )
                    for n in range(sentences)
                ],
            )
    execute("COMMIT")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--annotations", type=int, default=1_000_000)
    options.add_argument("--rows", type=int, default=10, help="rows an article, even")
    said = options.parse_args()
    wanted = said.annotations
    folder = Path(tempfile.mkdtemp())
    app = create_app(folder, {"SECRET_KEY": "bench"})
    serving.migrate(app)
    with app.app_context():
        ensure_first_things()
        db.session.remove()
        with db.engine.connect() as connection:
            raw = connection.connection.driver_connection
            fill(raw, wanted, said.rows // ANALYSTS)
            start = time.process_time()
            with (folder / "bare.csv").open("w", newline="") as file:
                writer = csv.writer(file)
                rows = 0
                for row in raw.execute(BARE):
                    writer.writerow(row)
                    rows += 1
            bare = rows / (time.process_time() - start)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        start = time.process_time()
        with (folder / "ours.csv").open("w", newline="") as file:
            links = visibility.links_visible_to(SHELL, db.session.get_one(Project, 1))
            for part in csv_of_lines(long.COLUMNS, long.parts(1, true(), links=links, reads_all=True)):
                file.write(part)
        ours = rows / (time.process_time() - start)
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{rows:,} rows: bare sqlite3 {bare:,.0f} rows/s, claimtag {ours:,.0f} rows/s, ratio {ours / bare:.2f} (budget 1.0)"
    )
    print(f"peak memory {after:.0f} MiB, of which the export added {after - before:.0f} MiB")
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
