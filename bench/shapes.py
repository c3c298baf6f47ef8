"""Measures each shape of an export beside the bare sqlite3 module writing the same columns.

    python bench/shapes.py [--articles 1000,5000] [--only wide,gold] [--keep FOLDER] [--records]

Fills a study as `bench/pages.py` does (or takes the one that it kept) and writes each file twice, by turns: as the app
does, and by one SELECT of the sqlite3 module with csv.writer, of the same rows and columns as they are stored. Processor
time; prints rows a second and the ratio of the medians. Of what is short (sources, claims, mentions) most of the time is
the same for any file: what may be read is put together and the export recorded. So the same file of a project that holds
nothing is measured as well, and what a row takes beyond it. `--records` adds a source and a claim for each article and
gives each source a rating and each claim an item of evidence first.
"""

import argparse
import csv
import gc
import io
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import export
from pages import SETTINGS, study_of
from sqlalchemy import exists, func, insert, select
from sqlalchemy.orm import Session

from webapp import serving, visibility
from webapp.app import create_app
from webapp.db import db, db_write
from webapp.domain.corroboration import Count, Item, counted, proposed
from webapp.domain.terms import Independence, Reliability, SourceKind, Stance
from webapp.export import actions
from webapp.export.shapes import counted_table
from webapp.models import (
    SHELL,
    Actor,
    Article,
    Claim,
    ClaimWording,
    Evidence,
    Project,
    Role,
    Source,
    SourceEntry,
    SourceRating,
    User,
    Via,
)
from webapp.projects.actions import Settings, add_member, add_project
from webapp.review.filters import filter_from
from webapp.review.queries import choices_in, coders_of

ROUNDS = 5
INDEX = "row_number() OVER (PARTITION BY s.article_id ORDER BY s.start)"
LONG = export.BARE.replace(f"s.start / {export.LENGTH} + 1", INDEX).replace("ORDER BY a.id", "ORDER BY ar.id, s.start")
COUNTING = """
FROM submission h JOIN submission_annotation p ON p.submission_id = h.id JOIN annotation a ON a.id = p.annotation_id
WHERE h.number = 1 AND a.tag IS NOT NULL AND NOT a.to_confirm
"""
CODE = "CASE a.tag WHEN 'FACT' THEN 1 WHEN 'ATTRIBUTION' THEN 2 WHEN 'SPECULATION' THEN 3 WHEN 'OPINION' THEN 4 END"
BARE = {
    "long": LONG,
    "long, guarded": LONG,
    "long, for a researcher": LONG.replace("a.is_current = 1", "a.is_current = 1 AND t.submitted_at IS NOT NULL"),
    "long, own alone": LONG.replace("a.is_current = 1", "a.is_current = 1 AND a.analyst_id = :analyst"),
    "long, unanswered too": LONG.replace(
        "FROM annotation a JOIN sentence s ON s.id = a.sentence_id JOIN article ar ON ar.id = s.article_id",
        "FROM sentence s JOIN article ar ON ar.id = s.article_id JOIN assignment t ON t.article_id = ar.id "
        "LEFT JOIN annotation a ON a.assignment_id = t.id AND a.sentence_id = s.id AND a.is_current = 1",
    )
    .replace("JOIN assignment t ON t.id = a.assignment_id ", "")
    .replace("m.user_id = a.analyst_id", "m.user_id = t.analyst_id")
    .replace("JOIN codebook c", "LEFT JOIN codebook c")
    .replace("JOIN annotation f", "LEFT JOIN annotation f")
    .replace("WHERE a.is_current = 1", "WHERE s.retired_in IS NULL AND ar.trashed_at IS NULL"),
    "wide": f"""
        WITH said AS (SELECT a.sentence_id, a.analyst_id, {CODE} AS code {COUNTING})
        SELECT s.article_id, s.id, {INDEX}, max(CASE said.analyst_id WHEN 2 THEN code END), max(CASE said.analyst_id WHEN 3 THEN
        code END), max(CASE said.analyst_id WHEN 4 THEN code END), max(CASE said.analyst_id WHEN 5 THEN code END)
        FROM sentence s JOIN article ar ON ar.id = s.article_id LEFT JOIN said ON said.sentence_id = s.id
        WHERE s.retired_in IS NULL AND ar.trashed_at IS NULL GROUP BY s.id ORDER BY s.article_id, s.start
    """,
    "gold": f"""
        SELECT s.id, s.article_id, ar.title, s.place, s.start, s."end", substr(ar.text, s.start + 1, s."end" - s.start),
        ar.text_sha256, d.gold_tag, d.method, d.deciding_rule, d.cause, d.reason, m.coder_code, d.at, d.n_coders,
        d.votes_fact, d.votes_attribution, d.votes_speculation, d.votes_opinion
        FROM (SELECT s.*, {INDEX} AS place FROM sentence s WHERE s.retired_in IS NULL) s
        JOIN article ar ON ar.id = s.article_id JOIN adjudication d ON d.sentence_id = s.id
        LEFT JOIN membership m ON m.project_id = ar.project_id AND m.user_id = d.adjudicator_id
        WHERE ar.trashed_at IS NULL ORDER BY s.article_id, s.start
    """,
    "sources": """
        SELECT s.id, e.name, e.kind, m.coder_code, s.created_at, e.* FROM source s JOIN source_entry e ON e.source_id = s.id
        LEFT JOIN membership m ON m.project_id = s.project_id AND m.user_id = s.maker_id WHERE e.is_current ORDER BY s.id
    """,
    "claims": """
        SELECT c.id, w.wording, m.coder_code, c.created_at, w.withdrawn_why, w.is_published, c.id, NULL, 0, NULL,
        (SELECT count(*) FROM assessment a WHERE a.claim_id = c.id AND a.is_current), NULL,
        (SELECT count(*) FROM evidence v WHERE v.claim_id = c.id AND v.is_current), 0, 0, 0, 0, 0
        FROM claim c JOIN claim_wording w ON w.claim_id = c.id AND w.is_current
        LEFT JOIN membership m ON m.project_id = c.project_id AND m.user_id = c.maker_id ORDER BY c.created_at, c.id
    """,
    "mentions": f"""
        SELECT n.claim_id, s.id, s.article_id, s.place, s.start, s."end", substr(ar.text, s.start + 1, s."end" - s.start),
        ar.text_sha256, n.kind, m.coder_code, n.created_at
        FROM claim_mention n JOIN (SELECT s.*, {INDEX} AS place FROM sentence s WHERE s.retired_in IS NULL) s
        ON s.id = n.sentence_id JOIN article ar ON ar.id = s.article_id
        LEFT JOIN membership m ON m.project_id = ar.project_id AND m.user_id = n.author_id
        WHERE n.is_current AND ar.trashed_at IS NULL ORDER BY s.article_id, s.start
    """,
    "articles": """
        SELECT ar.id, p.name, ar.title, ar.outlet, ar.author, ar.url, ar.published, ar.dateline, ar.language, length(ar.text),
        ar.sentence_count, ar.segmentation_version, ar.text_sha256, ar.created_at, NULL, NULL, NULL, NULL
        FROM article ar JOIN project p ON p.id = ar.project_id WHERE ar.trashed_at IS NULL ORDER BY ar.id
    """,
    "reliability": f"""
        SELECT s.article_id, s.id, m.coder_code, a.tag, {CODE}, r.name, t.pass {
        COUNTING.replace(
            "WHERE",
            '''
        JOIN sentence s ON s.id = a.sentence_id JOIN article ar ON ar.id = s.article_id JOIN assignment t ON t.id = a.assignment_id
        JOIN round r ON r.id = t.round_id JOIN membership m ON m.project_id = ar.project_id AND m.user_id = a.analyst_id
        WHERE s.retired_in IS NULL AND ar.trashed_at IS NULL AND''',
        )
    } ORDER BY t.article_id, s.start, m.coder_code
    """,
    "ratings": """
        SELECT g.rating_id, g.source_id, g.source_id, m.coder_code, g.reliability, g.rated_on, g.basis, g.is_published,
        g.withdrawn_why, f.created_at FROM source_rating g JOIN source s ON s.id = g.source_id
        JOIN source_rating f ON f.id = g.rating_id
        LEFT JOIN membership m ON m.project_id = s.project_id AND m.user_id = f.author_id
        WHERE g.is_current ORDER BY s.created_at, s.id, f.created_at, g.rating_id
    """,
    "evidence": """
        SELECT e.*, s.id, m.coder_code FROM evidence e JOIN claim c ON c.id = e.claim_id
        LEFT JOIN sentence s ON s.id = e.sentence_id
        LEFT JOIN membership m ON m.project_id = c.project_id AND m.user_id = e.author_id
        WHERE e.is_current ORDER BY c.created_at, c.id, e.id
    """,
}


def ours(project: Project) -> dict[str, Callable[[], Iterable[str]]]:
    analyst = db.session.scalars(select(User).where(User.name == "Analyst 1")).one()
    researcher = db.session.scalars(select(User).where(User.name == "Analyst 2")).one()
    own, reading = (visibility.actor_for(person, Via.SESSION) for person in (analyst, researcher))
    coders = coders_of(project)
    wanted = filter_from({}, choices_in(project, coders, SHELL, names=False))

    def long(reader: Actor, **how: bool) -> Callable[[], Iterable[str]]:
        return lambda: actions.export_long_csv(project, reader, **how)

    def of_project(shape: str) -> Callable[[], Iterable[str]]:
        return lambda: actions.export_csv_of(shape, project, SHELL)

    return {
        "long": long(SHELL),
        "long, guarded": long(SHELL, guard=True),
        "long, unanswered too": long(SHELL, unanswered=True),
        "long, for a researcher": long(reading),
        "long, own alone": long(own),
        "wide": lambda: actions.export_wide_csv(project, SHELL, wanted),
        "gold": lambda: actions.export_gold_csv(project, SHELL),
        "sources": of_project("sources"),
        "claims": of_project("claims"),
        "mentions": of_project("mentions"),
        "articles": of_project("articles"),
        "reliability": lambda: counted_table("reliability", project, SHELL, wanted).pieces,
        "ratings": of_project("ratings"),
        "evidence": of_project("evidence"),
    }


def add_records(project: Project) -> None:
    """A source and a claim for each article, and what is missing of a rating for each source and an item for each claim."""
    author = {"author_id": db.session.scalars(select(User.id).where(User.name == "Analyst 1")).one(), "version": 1}
    unrated = select(Source.id).where(
        Source.project_id == project.id, ~exists().where(SourceRating.source_id == Source.id)
    )
    bare_claims = select(Claim.id).where(Claim.project_id == project.id, ~exists().where(Evidence.claim_id == Claim.id))
    rated = {"reliability": Reliability.B, "rated_on": "2026-11-20"}
    found = {"stance": Stance.SUPPORTS, "independence": Independence.INDEPENDENT, "url": "https://example.org/1"}
    with db_write() as session:
        _add_claims(session, project)
        _add_sources(session, project)
        ratings = [
            {"id": id_, "rating_id": id_, "client_id": id_, "source_id": id_} | author | rated
            for id_ in session.scalars(unrated)
        ]
        items = [
            {"evidence_id": id_, "client_id": id_, "claim_id": id_} | author | found
            for id_ in session.scalars(bare_claims)
        ]
        for table, rows in ((SourceRating, ratings), (Evidence, items)):
            if rows:
                session.execute(insert(table), rows)


def _add_claims(session: Session, project: Project) -> None:
    """As many as the project has articles, with those that are there."""
    worded = {"author_id": _maker(session), "wording": "Somebody said so.", "version": 1}
    ids = _added(session, project, Claim)
    if ids:
        session.execute(insert(ClaimWording), [{"claim_id": id_, "client_id": id_} | worded for id_ in ids])


def _add_sources(session: Session, project: Project) -> None:
    """As many as the project has articles, with those that are there."""
    named = {"author_id": _maker(session), "kind": SourceKind.PERSON, "version": 1}
    entries = [
        {"source_id": id_, "client_id": id_, "name": f"Person {id_}", "name_key": f"person {id_}"} | named
        for id_ in _added(session, project, Source)
    ]
    if entries:
        session.execute(insert(SourceEntry), entries)


def _added(session: Session, project: Project, table: type[Claim | Source]) -> list[UUID]:
    counted_rows = (select(func.count()).where(each.project_id == project.id) for each in (Article, table))
    articles, there = map(session.scalar, counted_rows)
    ids = [uuid4() for _ in range((articles or 0) - (there or 0))]
    if ids:
        maker = _maker(session)
        session.execute(insert(table), [{"id": id_, "project_id": project.id, "maker_id": maker} for id_ in ids])
    return ids


def _maker(session: Session) -> int:
    return session.scalars(select(User.id).where(User.name == "Analyst 1")).one()


def bare(shape: str, analyst: int) -> int:
    with db.engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        file, rows = io.StringIO(newline=""), 0
        writer = csv.writer(file)
        items = items_by_claim(raw) if shape == "claims" else {}
        for row in raw.execute(BARE[shape], {"analyst": analyst} if ":analyst" in BARE[shape] else {}):
            if shape == "claims":  # what its records come to is in no column of the database
                count = counted(items.get(row[0], ()))
                row = (*row[:11], proposed(count).status.value, count.n_items, count.n_origins, *sides(count))
            writer.writerow(row)
            rows += 1
    return rows


def items_by_claim(raw: Any) -> dict[str, list[Item]]:
    """As the rule takes them, of an item that says no more than `add_records` writes."""
    found: dict[str, list[Item]] = {}
    for claim, id_, stance, independence in raw.execute(
        "SELECT claim_id, evidence_id, stance, independence FROM evidence WHERE is_current AND withdrawn_why IS NULL"
    ):
        found.setdefault(claim, []).append(Item(id_, Stance(stance), Independence(independence)))
    return found


def sides(count: Count) -> tuple[int, ...]:
    return count.independent_supporting, count.independent_refuting, count.unknown_supporting, count.unknown_refuting


SHORT = ("sources", "claims", "mentions", "ratings", "evidence")


def written(shape: str, project: Project) -> int:
    """Letters of the file."""
    return sum(map(len, actions.export_csv_of(shape, project, SHELL)))


def timed(work: Callable[[], int]) -> tuple[float, int]:
    begun = time.process_time()
    rows = work()
    return time.process_time() - begun, rows


def measure(instance: Path, only: list[str], records: bool) -> None:
    app = create_app(instance, SETTINGS)
    serving.migrate(app)
    with app.app_context():
        project = visibility.project_named(None)
        assert project is not None
        person = db.session.scalars(select(User).where(User.name == "Analyst 2")).one()
        add_member(project, person, {Role.RESEARCHER}, SHELL)
        analyst = db.session.scalars(select(User.id).where(User.name == "Analyst 1")).one()
        empty = add_project(Settings(f"Empty {time.time_ns()}"), visibility.actor_for(person, Via.SESSION))
        if records:
            add_records(project)
        gc.collect()
        gc.freeze()  # as the server does once it has started
        for name, parts in ours(project).items():
            if only and name.split(",")[0] not in only:
                continue
            lines = lambda parts=parts: sum(part.count("\r\n") for part in parts()) - 1  # noqa: E731
            both = [(timed(lines), timed(lambda name=name: bare(name, analyst))) for _ in range(ROUNDS)]
            took, alone = (statistics.median(one[which][0] for one in both) for which in (0, 1))
            rows, others = both[0][0][1], both[0][1][1]
            told = (
                f"{name:24} {rows:8,} rows  {rows / took:9,.0f} rows/s  bare ({others:,} rows) {others / alone:9,.0f} rows/s"
                f"  ratio {(rows / took) / (others / alone):.2f} (aim 0.5)"
            )
            if name in SHORT:
                fixed = statistics.median(timed(lambda name=name: written(name, empty))[0] for _ in range(ROUNDS))
                told += f"; {fixed * 1000:.0f} ms for any file, beyond it {alone / (took - fixed):.2f}"
            print(told, flush=True)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--articles", default="1000,5000", help="sizes, with commas")
    options.add_argument("--only", type=lambda names: names.split(","), default=[], help="shapes, with commas")
    options.add_argument("--keep", type=Path, help="the folder that bench/pages.py keeps its databases in")
    options.add_argument("--records", action="store_true", help="with ratings and items of evidence")
    said = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for articles in map(int, said.articles.split(",")):
            measure(study_of(articles, said.keep or Path(folder)), said.only, said.records)


if __name__ == "__main__":
    main()
