"""The migration to rounds, on filled tables: nothing is lost, exports say the same, and the way back refuses to lose."""

import csv
import io
import tracemalloc
from contextlib import contextmanager

import pytest
from sqlalchemy import inspect, text

from tests.adjudication.test_settling import FACT, hand_in
from tests.conftest import downgrade, raw, upgrade
from tests.factories import answer, first_project, make_article, make_member, make_project, sentences_of, take_up
from webapp import demo, migrating, verification
from webapp.adjudication.actions import adjudicate
from webapp.db import db, db_write
from webapp.domain.brought import NOTHING
from webapp.domain.errors import MigrationRefused
from webapp.domain.terms import Tag
from webapp.export.actions import export_gold_csv, export_long_csv
from webapp.models import SHELL, Assignment, AssignmentState, Round
from webapp.projects.actions import assign, withdraw

KEPT = ("annotation", "submission", "submission_annotation", "sentence", "article", "adjudication", "audit_event")


def rows(table):
    found = db.session.execute(text(f'SELECT * FROM "{table}" ORDER BY 1, 2')).mappings().all()
    db.session.rollback()
    return [dict(row) for row in found]


def old_columns(before, after):
    return [{name: row[name] for name in before[0]} for row in after] if before else after


@contextmanager
def the_older_schema():
    """Down to the version before rounds and, at the end, up again."""
    downgrade("0011")
    yield
    upgrade()


def long_csv():
    return list(csv.DictReader(io.StringIO("".join(export_long_csv(first_project(), SHELL, unanswered=True)))))


@pytest.fixture
def filled(app, owner):
    article = make_article("One came. Two went.")
    hand_in(article, "A", Tag.FACT, Tag.FACT)
    hand_in(article, "B", Tag.OPINION, Tag.FACT)
    adjudicate(sentences_of(article)[0], owner, FACT, 0)
    make_project("Blind study", is_blind=True)
    with db_write():
        first_project().running.overlap = 3
    return article


def test_filled_tables_go_down_and_up_again_without_loss(filled):
    before = {table: rows(table) for table in (*KEPT, "round", "project", "codebook", "assignment")}

    with the_older_schema():
        older = {table: rows(table) for table in (*KEPT, "project")}
        assert "round" not in inspect(db.engine).get_table_names()
        for table in KEPT:
            assert old_columns(older[table], before[table]) == older[table]
        settings = [(one["overlap"], one["is_blind"]) for one in older["project"]]
        assert settings == [(3, 0), (1, 1)]

    after = {table: rows(table) for table in before}
    keys = {"assignment": "key", "round": "created_at"}
    for table in before:
        without = keys.get(table)
        said = [[{k: v for k, v in row.items() if k != without} for row in side[table]] for side in (before, after)]
        assert said[0] == said[1], table
    assert verification.faults() == []
    assert all(row["round"] == "main" and row["pass"] == "1" and row["assignment_key"] for row in long_csv())


@pytest.mark.long("this migration does not change any more; the tests around go through it")
def test_each_answer_is_in_the_assignment_of_its_analyst_and_article(filled):
    with the_older_schema():
        pass

    lost = db.session.execute(
        text(
            "SELECT count(*) FROM annotation n JOIN sentence s ON s.id = n.sentence_id JOIN assignment a "
            "ON a.id = n.assignment_id WHERE a.analyst_id <> n.analyst_id OR a.article_id <> s.article_id"
        )
    ).scalar()
    assert lost == 0
    keys = [row["key"] for row in rows("assignment")]
    assert len(set(keys)) == len(keys) == 2
    assert {len(key) for key in keys} == {32}


@pytest.mark.long("this migration does not change any more; the tests around go through it")
def test_an_answer_without_an_assignment_gets_a_withdrawn_one_and_stays_out_of_the_export(filled, owner):
    stranger = make_member("Stranger", "analyst")
    answer(sentences_of(filled)[1], stranger, Tag.OPINION)
    with the_older_schema(), raw(defended=False) as connection:
        connection.execute(text("DELETE FROM assignment WHERE analyst_id = :id"), {"id": stranger.id})

    [found] = [one for one in rows("assignment") if one["analyst_id"] == stranger.id]
    assert (found["state"], found["pass"]) == ("withdrawn", 1)
    assert found["started_at"] is not None
    assert len(long_csv()) == 4
    assert verification.faults() == []


@pytest.mark.long("this migration does not change any more; the tests around go through it")
def test_work_withdrawn_by_the_migration_is_revived_with_its_answers(filled, owner):
    article_id, stranger = filled.id, make_member("Stranger", "analyst")
    answer(sentences_of(filled)[1], stranger, Tag.OPINION)
    with the_older_schema(), raw(defended=False) as connection:
        connection.execute(text("DELETE FROM assignment WHERE analyst_id = :id"), {"id": stranger.id})

    assign(first_project(), [(article_id, stranger.id)], owner)

    [found] = [one for one in rows("assignment") if one["analyst_id"] == stranger.id]
    assert found["state"] == "started"
    assert len(long_csv()) == 6


class NoSources:
    """For a demo whose answers name nobody: the older schema cannot hold sources."""

    def __init__(self, *_):
        pass

    def named(self, _who, _article, _number, answer):
        return answer, NOTHING

    def end(self):
        pass


@pytest.mark.sqlite_only("the demo goes through the same steps over either database")
def test_the_demo_exports_the_same_bytes_before_and_after(app, monkeypatch):
    monkeypatch.setattr(demo, "Registry", NoSources)
    for later in ("_pilot", "_repeat"):
        monkeypatch.setattr(demo, later, lambda *_: None)
    monkeypatch.setattr(demo.demo_claims, "fill", lambda *_: None)
    downgrade("base")
    upgrade()
    demo.fill()
    project = first_project()

    def exported():
        long = list(csv.reader(io.StringIO("".join(export_long_csv(project, SHELL, unanswered=True)))))
        return [row[:53] for row in long], "".join(export_gold_csv(project, SHELL))

    before = exported()
    with the_older_schema():
        pass
    project = first_project()

    assert exported() == before
    assert len(before[0]) > 300


@pytest.mark.sqlite_only("what it refuses by is counted in the same way")
@pytest.mark.long("this migration does not change any more")
@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("a second round", "1 rounds are not the first one"),
        ("a withdrawn assignment", "1 assignments are withdrawn"),
        ("a second pass", "1 assignments are a second pass"),
        ("a codebook of the project", "1 codebooks were published by a project"),
        ("a newer rule", "1 decisions follow newer rules"),
        ("a row of a package", "1 rows came in a package"),
    ],
)
def test_what_the_older_schema_cannot_hold_keeps_the_newer_one(filled, owner, what, told):
    make_what_is_new(what, filled, owner)
    db.session.remove()
    before = {table: rows(table) for table in KEPT}

    with pytest.raises(MigrationRefused, match=told):
        downgrade("0011")
    assert "round" in inspect(db.engine).get_table_names()
    assert {table: rows(table) for table in KEPT} == before


def make_what_is_new(what, article, owner):
    project = first_project()
    running = project.running
    if what == "a withdrawn assignment":
        other = make_article("It rained.")
        withdraw(take_up(other, make_member("C", "analyst")), owner)
        return
    with db_write() as session:
        if what == "a second round":
            pilot = Round(
                project_id=project.id, name="pilot", codebook_id=running.codebook_id, closed_at=running.created_at
            )
            session.add(pilot)
        elif what == "a second pass":
            again = {"article_id": article.id, "analyst_id": owner.id, "round_id": running.id}
            session.add(Assignment(**again, pass_=2, state=AssignmentState.ASSIGNED))
        elif what == "a codebook of the project":
            session.execute(
                text(
                    "INSERT INTO codebook (project_id, version, text, published_at) "
                    "SELECT 1, version, text, published_at FROM codebook"
                )
            )
        elif what == "a newer rule":
            session.execute(
                text(
                    "INSERT INTO adjudication (sentence_id, round_id, version, is_current, client_id, gold_tag, method, "
                    "deciding_rule, cause, reason, adjudicator_id, codebook_id, at, n_coders, votes_fact, "
                    "votes_attribution, votes_speculation, votes_opinion) SELECT sentence_id, round_id, 2, false, 'other', "
                    "gold_tag, method, 'R23', cause, reason, adjudicator_id, codebook_id, at, n_coders, votes_fact, "
                    "votes_attribution, votes_speculation, votes_opinion FROM adjudication"
                )
            )
        else:
            session.execute(text(f"UPDATE article SET number = 7 WHERE id = {article.id}"))


def test_the_older_program_may_withdraw_after_a_downgrade(filled):
    db.session.remove()
    downgrade("0011")

    with raw() as connection:
        connection.execute(text("DELETE FROM assignment WHERE id NOT IN (SELECT assignment_id FROM submission)"))


@pytest.mark.sqlite_only("looks at the memory of this process")
def test_the_proof_of_a_migration_holds_few_rows_at_a_time(app):
    with raw() as connection:
        connection.execute(text("CREATE TABLE large (id INTEGER PRIMARY KEY, upload BLOB)"))
        for _ in range(60):
            connection.execute(text("INSERT INTO large (upload) VALUES (randomblob(500000))"))
        tracemalloc.start()
        migrating._hash(connection, "large", ["id", "upload"], 60)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert peak < 15_000_000  # thirty of them
