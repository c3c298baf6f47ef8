"""Measures every page that shows a list or a figure, on studies of three sizes.

    python bench/pages.py                                1,000, 10,000 and 100,000 articles, one after the other
    python bench/pages.py --articles 10000               one size
    python bench/pages.py --keep FOLDER                  keeps the databases there, and uses them again
    python bench/pages.py --only progress,queue          some of the pages
    python bench/pages.py --database postgresql+psycopg://…   fills that database (which must be empty), one size

An article has ten sentences and two of four analysts; every other one is handed in by both, who differ about one
sentence in six. Some of what they differed about is settled. All is written with triggers and checks in force. For
each page, and for a far one of long lists, it prints the processor time of the second request, its HTML, the memory
it added, and how many statements it sent. The pages run in a process of their own, so that their memory is not that
of the filling.
"""

import argparse
import gc
import hashlib
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import event, insert, select, text

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.signing_in import sign_in_as
from webapp import serving, standings, visibility
from webapp.accounts.actions import add_user
from webapp.app import create_app
from webapp.db import db, db_write
from webapp.domain.adjudication import Cause, Method
from webapp.domain.sources import name_key
from webapp.domain.terms import FOUR_TAGS, MentionKind, SourceKind, Tag
from webapp.first_run import ensure_first_things
from webapp.models import (
    SHELL,
    Adjudication,
    Annotation,
    Article,
    Assignment,
    AssignmentState,
    AuditEvent,
    Claim,
    ClaimMention,
    ClaimWording,
    Project,
    Role,
    Sentence,
    Source,
    SourceEntry,
    Submission,
    SubmissionAnnotation,
    User,
)
from webapp.projects.actions import Settings, add_member, change_settings

SETTINGS = {"TESTING": True, "SECRET_KEY": "bench", "WTF_CSRF_ENABLED": False}
SIZES = (1_000, 10_000, 100_000)
SENTENCES, ANALYSTS = 10, 4
FIRST = 1_000
"""The id of the first article; those of all else are counted from it."""
AT_ONCE = 5_000
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
OPENINGS = ("The mayor said on Monday that", "Nobody knows whether", "According to the ministry,", "It is a shame that")
Row = tuple[Any, dict[str, Any]]


# ---- filling


def fill(instance: Path, articles: int, seed: int) -> None:
    app = create_app(instance, SETTINGS)
    serving.migrate(app)
    with app.app_context():
        owner = ensure_first_things()
        project = visibility.project_named(None)
        assert project is not None
        change_settings(project, Settings(project.name, is_blind=True, overlap=2), SHELL)
        people = [add_user(f"Analyst {number}") for number in range(1, ANALYSTS + 1)]
        for person in people:
            add_member(project, person, {Role.ANALYST}, SHELL)
        _put(_study(project, owner.id, [person.id for person in people], articles, Random(seed)))
        with db_write():
            _let_ids_go_on()
            standings.follow(db.session(), project.id)
        db.session.remove()
        db.engine.dispose()


def _put(rows: Iterator[Row]) -> None:
    """Inserts (table, values) pairs, each table's by the thousand, parents first."""
    waiting: dict[Any, list[dict[str, Any]]] = {}
    for number, (table, values) in enumerate(rows, 1):
        waiting.setdefault(table, []).append(values)
        if number % AT_ONCE == 0:
            _flush(waiting)
    _flush(waiting)


def _flush(waiting: dict[Any, list[dict[str, Any]]]) -> None:
    """One transaction: on PostgreSQL a count gets slower with each time that one transaction changes it."""
    with db_write() as session:
        for table in sorted(waiting, key=db.metadata.sorted_tables.index):
            session.execute(insert(table), waiting[table])
    waiting.clear()


def _let_ids_go_on() -> None:
    """On PostgreSQL the ids given here are not those that its sequences have counted, nor does it know its tables yet."""
    if db.engine.dialect.name == "sqlite":
        return
    for table in (Article, Sentence, Assignment, Submission, Annotation, Adjudication, ClaimWording, ClaimMention):
        name = table.__tablename__
        db.session.execute(text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))"))
    db.session.execute(text("ANALYZE"))


def _study(project: Project, owner_id: int, people: list[int], articles: int, chance: Random) -> Iterator[Row]:
    for number in range(articles):
        yield from _article(project.id, owner_id, number)
        if number % 2 == 0:
            votes = [_votes(chance) for _ in range(SENTENCES)]
            for turn in range(2):
                yield from _handed_in(project, people, number, turn, [pair[turn] for pair in votes])
            if number % 10 == 0:
                yield from _decisions(project, owner_id, number, votes)
        else:
            yield from _in_work(project, people, number)
        if number % 10 == 0:
            yield from _source(project.id, owner_id, number)
        if number % 20 == 0:
            yield from _claim(project.id, owner_id, number)


def _article(project_id: int, owner_id: int, number: int) -> Iterator[Row]:
    sentences = [f"{OPENINGS[place % 4]} event {number} had its stage {place}." for place in range(SENTENCES)]
    words = " ".join(sentences)
    hashed = hashlib.sha256(words.encode()).hexdigest()
    values = {
        "id": FIRST + number,
        "project_id": project_id,
        "imported_by_id": owner_id,
        "title": f"Event {number}, as told by Outlet {number % 97}",
        "outlet": f"Outlet {number % 97}",
        "published": f"2026-{1 + number % 12:02}-{1 + number % 28:02}",
        "text": words,
        "text_sha256": hashed,
        "original": words.encode(),
        "original_sha256": hashed,
        "encoding": "utf-8",
        "media_type": "text/plain",
        "sentence_count": SENTENCES,
        "trashed_at": BEGAN + timedelta(seconds=number) if number % 100 == 99 else None,
    }
    yield Article.__table__, values
    at = 0
    for place, sentence in enumerate(sentences):
        span = {"start": at, "end": at + len(sentence), "paragraph": 1}
        yield Sentence.__table__, {"id": _sentence(number, place), "article_id": FIRST + number, **span}
        at += len(sentence) + 1
    told = {"article_id": FIRST + number, "sentences": SENTENCES}
    yield AuditEvent.__table__, {"what": "article imported", "project_id": project_id, "details": told}


def _sentence(number: int, place: int) -> int:
    return FIRST + number * SENTENCES + place


def _votes(chance: Random) -> tuple[Tag, Tag]:
    tag = chance.choices(FOUR_TAGS, (45, 30, 10, 15))[0]
    other = chance.choice([one for one in FOUR_TAGS if one is not tag])
    return tag, other if chance.random() < 1 / 6 else tag


def _work(project: Project, people: list[int], number: int, turn: int, state: AssignmentState) -> Row:
    begun = state is not AssignmentState.ASSIGNED
    return Assignment.__table__, {
        "id": FIRST + number * 2 + turn,
        "key": UUID(int=FIRST + number * 2 + turn),
        "round_id": project.running.id,
        "article_id": FIRST + number,
        "analyst_id": people[(number // 2 + turn) % ANALYSTS],
        "position": number,
        "state": state,
        "started_at": BEGAN if begun else None,
        "submitted_at": BEGAN if state is AssignmentState.SUBMITTED else None,
    }


def _handed_in(project: Project, people: list[int], number: int, turn: int, tags: list[Tag]) -> Iterator[Row]:
    table, work = _work(project, people, number, turn, AssignmentState.SUBMITTED)
    yield table, work
    at = BEGAN + timedelta(minutes=number)
    yield Submission.__table__, {"id": work["id"], "assignment_id": work["id"], "number": 1, "at": at}
    for place, tag in enumerate(tags):
        answer = _answer(project, work, number, place, tag)
        yield Annotation.__table__, answer
        yield SubmissionAnnotation.__table__, {"submission_id": work["id"], "annotation_id": answer["id"]}


def _in_work(project: Project, people: list[int], number: int) -> Iterator[Row]:
    """Handed out; of one in ten the first analyst has done a half."""
    for turn in range(2):
        state = AssignmentState.STARTED if number % 20 == 1 and not turn else AssignmentState.ASSIGNED
        table, work = _work(project, people, number, turn, state)
        yield table, work
        for place in range(SENTENCES // 2 if state is AssignmentState.STARTED else 0):
            yield Annotation.__table__, _answer(project, work, number, place, Tag.FACT)


def _answer(project: Project, work: dict[str, Any], number: int, place: int, tag: Tag) -> dict[str, Any]:
    id_ = work["id"] * SENTENCES + place
    return {
        "id": id_,
        "sentence_id": _sentence(number, place),
        "assignment_id": work["id"],
        "analyst_id": work["analyst_id"],
        "codebook_id": project.running.codebook_id,
        "is_blind": True,
        "version": 1,
        "client_id": UUID(int=id_),
        "created_at": BEGAN + timedelta(minutes=number, seconds=place),
        "tag": tag,
    }


def _decisions(project: Project, owner_id: int, number: int, votes: list[tuple[Tag, Tag]]) -> Iterator[Row]:
    for place, (one, other) in enumerate(votes):
        id_ = _sentence(number, place)
        why: dict[str, Any] = {"method": Method.UNANIMOUS, "deciding_rule": None, "cause": None, "reason": None}
        if one is not other:
            rule = "codebook_gap" if number % 200 == 0 else "R1"
            why = {"method": Method.ADJUDICATED, "deciding_rule": rule, "cause": Cause.SLIP, "reason": "It is told."}
        counts = {f"votes_{tag.column}": (one is tag) + (other is tag) for tag in FOUR_TAGS}
        yield (
            Adjudication.__table__,
            {
                "id": id_,
                "sentence_id": id_,
                "round_id": project.running.id,
                "gold_tag": one,
                "adjudicator_id": owner_id,
                "codebook_id": project.running.codebook_id,
                "n_coders": 2,
                "version": 1,
                "client_id": UUID(int=id_),
                "at": BEGAN,
                **counts,
                **why,
            },
        )


def _source(project_id: int, owner_id: int, number: int) -> Iterator[Row]:
    id_, name = UUID(int=2**100 + number), f"Spokesperson {number} of Town {number % 97}"
    yield Source.__table__, {"id": id_, "project_id": project_id, "maker_id": owner_id}
    named = {"name": name, "name_key": name_key(name), "kind": SourceKind.PERSON, "is_published": True}
    yield (
        SourceEntry.__table__,
        {"id": number + 1, "source_id": id_, "author_id": owner_id, "version": 1, "client_id": id_} | named,
    )


def _claim(project_id: int, owner_id: int, number: int) -> Iterator[Row]:
    id_ = UUID(int=2**101 + number)
    at = BEGAN + timedelta(minutes=number)
    written = {"id": number + 1, "author_id": owner_id, "version": 1, "client_id": id_}
    yield Claim.__table__, {"id": id_, "project_id": project_id, "maker_id": owner_id, "created_at": at}
    yield ClaimWording.__table__, written | {"claim_id": id_, "wording": f"Event {number} took place."}
    mention = {"mention_id": id_, "claim_id": id_, "sentence_id": _sentence(number, 0), "kind": MentionKind.MAKES}
    yield ClaimMention.__table__, written | mention


# ---- asking


def pages(project_id: int, divided: int) -> dict[str, tuple[str, str]]:
    """Of each page who asks for it, and where."""
    project = f"/projects/{project_id}"
    article_id = db.session.scalar(select(Sentence.article_id).where(Sentence.id == divided))
    room = f"/articles/{article_id}/reading?others=1"
    of_supervisor = {
        "progress": project,
        "articles": "/",
        "adjudication": f"{project}/adjudication",
        "unanimous": f"{project}/adjudication/unanimous",
        "next": f"/sentences/{divided}/adjudication/later",
        "reading": room,
        "reading: open": f"{room}&at={divided}",
        "agreement": f"{project}/agreement",
        "cell": f"{project}/agreement/cell?a=FACT&b=OPINION",
        "plan": f"{project}/plan",
        "export": "/export",
        "gaps": f"{project}/codebook-gaps",
        "claims": "/claims",
        "sources": "/sources",
        "fields": f"{project}/agreement/fields",
        "field": f"{project}/agreement/field?field=source_type",
        "drift": f"{project}/agreement/drift",
        "rounds": f"{project}/rounds",
        "stability": f"{project}/stability",
        "profile": f"/articles/{article_id}/profile",
        "profiles": f"{project}/profiles",
        "shared": f"/articles/{article_id}/shared",
        "elsewhere": f"/sentences/{divided}/elsewhere",
        "search": "/search?q=harbour",
        "team": f"{project}/team",
        "inbox": "/inbox",
        "settings": f"{project}/settings",
        "people": "/people",
        "imports": "/imports",
        "projects": "/projects",
        "trash": f"{project}/trash",
        "audit": "/audit",
    }
    return {"queue": ("analyst", "/")} | {name: ("supervisor", where) for name, where in of_supervisor.items()}


FAR = 40
"""A page so far behind the first that whoever counts rows up to it shows."""
FAR_OF = ("progress", "articles", "adjudication", "claims", "sources", "trash", "audit")
FILTERED = {
    "claims: words": "/claims?q=event",
    "claims: status": "/claims?status=not_started",
    "sources: words": "/sources?q=town",
}


def far_pages(client: Any, wanted: dict[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """Of long lists the page to which the link on a far one leads."""
    found = {}
    for name in FAR_OF:
        who, where = wanted[name]
        link = re.search(r'href="([^"]+)" rel="next"', client.get(f"{where}?page={FAR}").text)
        if link:
            found[f"{name}: far"] = (who, unescape(link[1]))
    return found


def ask(instance: Path, only: set[str]) -> None:
    """Asks for each page twice; prints what the second answer took."""
    app = create_app(instance, SETTINGS)
    serving.migrate(app)
    statements: list[str] = []
    with app.app_context():
        project = visibility.project_named(None)
        assert project is not None
        event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
        asking = {"supervisor": ensure_first_things(), "analyst": _first_analyst()}
        clients = {name: app.test_client() for name in asking}
        for name, person in asking.items():
            sign_in_as(clients[name], person)
        wanted = pages(project.id, _divided_sentence())
        wanted |= far_pages(clients["supervisor"], wanted)
        wanted |= {name: ("supervisor", where) for name, where in FILTERED.items()}
    print(f"{'':18}{'first':>10}{'second':>10}{'wall':>10}{'HTML':>12}{'memory':>10}{'statements':>12}")
    for name, (who, where) in wanted.items():
        if only and name not in only:
            continue
        begun = time.process_time()
        _open(clients[who], where)
        first = time.process_time() - begun
        gc.collect()
        statements.clear()
        before = _restart_peak()
        begun, clock = time.process_time(), time.perf_counter()
        size = _open(clients[who], where)
        took, wall, sent = time.process_time() - begun, time.perf_counter() - clock, len(statements)
        added = _peak() - before
        print(
            f"{name:18}{first * 1000:>7,.0f} ms{took * 1000:>7,.0f} ms{wall * 1000:>7,.0f} ms"
            f"{size / 1000:>9,.0f} kB{added / 1000:>7,.1f} MB{sent:>12}",
            flush=True,
        )


def _open(client: Any, where: str) -> int:
    answer = client.get(where, buffered=True)
    assert answer.status_code in (200, 302), (where, answer.status_code)
    return len(answer.data)


def _first_analyst() -> User:
    return db.session.scalars(select(User).where(User.name == "Analyst 1")).one()


def _divided_sentence() -> int:
    """One about which two analysts differ, and which nobody has settled."""
    differing = text(
        "SELECT one.sentence_id FROM annotation AS one JOIN annotation AS other ON other.sentence_id = one.sentence_id "
        "WHERE one.id < other.id AND one.tag <> other.tag AND one.sentence_id NOT IN "
        "(SELECT sentence_id FROM adjudication) LIMIT 1"
    )
    return int(db.session.execute(differing).scalar_one())


def _restart_peak() -> int:
    """Forget the highest memory so far; what is used now, in kB. Linux alone tells it."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return 0
    return _status("VmRSS")


def _peak() -> int:
    return _status("VmHWM") if Path("/proc/self/status").exists() else 0


def _status(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))


def study_of(articles: int, folder: Path, seed: int = 1) -> Path:
    """The instance in the folder that holds so many articles, filled only where it is new."""
    instance = folder / str(articles)
    print(f"\n{articles:,} articles")
    if not (instance / "filled").exists():
        begun = time.perf_counter()
        fill(instance, articles, seed)
        (instance / "filled").touch()
        print(f"filled in {time.perf_counter() - begun:.0f} s")
    return instance


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--articles", type=int, help="one size instead of all")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--keep", type=Path, help="a folder for the databases, filled only where they are new")
    options.add_argument("--only", default="", help="names of pages, with commas")
    options.add_argument("--database", help="the address of an empty PostgreSQL database")
    options.add_argument("--ask", type=Path, help=argparse.SUPPRESS)
    said = options.parse_args()
    if said.database:
        os.environ["CLAIMTAG_DATABASE_URL"] = said.database
    if said.ask:
        ask(said.ask, set(filter(None, said.only.split(","))))
        return
    with tempfile.TemporaryDirectory() as throw_away:
        for articles in (said.articles,) if said.articles else SIZES:
            instance = study_of(articles, said.keep or Path(throw_away), said.seed)
            subprocess.run([sys.executable, __file__, "--ask", str(instance), "--only", said.only], check=True)


if __name__ == "__main__":
    main()
