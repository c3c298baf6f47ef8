"""Rounds, passes and numbers in the files: the page gives one round, the shell all, and ids that came in a package stay."""

import csv
import io
from uuid import uuid4

import pytest
from click.testing import CliRunner
from flask import current_app
from sqlalchemy import select, text

from tests.adjudication.test_settling import FACT, hand_in
from tests.conftest import raw
from tests.factories import answer, assignment_of, first_project, make_article, move_to, sentences_of
from webapp.adjudication.actions import adjudicate
from webapp.cli import main
from webapp.db import db, db_write
from webapp.domain.answers import Answer
from webapp.domain.errors import NotFound
from webapp.domain.terms import Tag
from webapp.export.actions import export_gold_csv, export_long_csv
from webapp.models import SHELL, Assignment, AuditEvent, Round
from webapp.projects.actions import assign, withdraw
from webapp.tagging.actions import record_answer


def rows_of(file):
    return list(csv.DictReader(io.StringIO(file, newline="")))


def part(row):
    return row["round"], row["pass"], row["tag"]


@pytest.fixture
def thrice(app, analyst):
    """One sentence answered in a closed round and, in the running one, in two passes."""
    article = make_article("One came.")
    sentence = sentences_of(article)[0]
    answer(sentence, analyst, Tag.FACT)
    project = first_project()
    with db_write() as session:
        first = assignment_of(article.id, analyst)
        past = {"project_id": project.id, "codebook_id": project.running.codebook_id, "closed_at": first.assigned_at}
        pilot = Round(name="pilot", **past)
        session.add(pilot)
    move_to(pilot, first)
    with db_write() as session:
        whose = {"round_id": project.running.id, "article_id": article.id, "analyst_id": analyst.id}
        session.add(Assignment(**whose))
    answer_in(article, analyst, Tag.OPINION)
    with db_write() as session:
        session.add(Assignment(**whose, pass_=2))
        session.flush()
    answer_in(article, analyst, Tag.SPECULATION, 2)
    return article


def answer_in(article, analyst, tag, number_of_pass=1):
    running = Assignment.round_id == first_project().running.id
    work = db.session.scalars(select(Assignment).where(running, Assignment.pass_ == number_of_pass)).one()
    record_answer(sentences_of(article)[0].id, analyst, Answer(tag), 0, uuid4(), work.key)


def test_the_shell_gives_all_rounds_and_passes_in_order(thrice):
    rows = rows_of("".join(export_long_csv(first_project(), SHELL)))

    assert [part(row) for row in rows] == [
        ("main", "1", "OPINION"),
        ("main", "2", "SPECULATION"),
        ("pilot", "1", "FACT"),
    ]
    assert len({row["assignment_key"] for row in rows}) == 3
    assert all(len(row["assignment_key"]) == 36 for row in rows)
    assert list(rows[0])[52:55] == ["round", "pass", "assignment_key"]


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ([], 3),
        (["--round", "pilot"], 1),
        (["--round", "main"], 2),
        (["--round", "main", "--pass", "2"], 1),
        (["--pass", "1"], 2),
    ],
)
def test_the_shell_chooses_by_round_and_pass(thrice, monkeypatch, options, found):
    monkeypatch.setattr("webapp.cli.exports.prepared_app", this_app)
    done = CliRunner().invoke(main, ["export", *options])

    assert done.exit_code == 0, done.output
    assert len(rows_of(done.stdout)) == found


def this_app():
    return current_app._get_current_object()


def test_a_round_that_is_not_there_is_named(thrice):
    with pytest.raises(NotFound, match="no round “none”"):
        export_long_csv(first_project(), SHELL, "none")


def test_the_page_gives_the_running_round_and_its_first_pass_unless_asked(thrice, client, sign_in, owner):
    sign_in(owner)
    page = client.get("/export").text
    assert "1 answer" in page
    assert 'name="round"' in page

    def taken(**asked):
        return [part(row) for row in rows_of(client.post("/export/1/long.csv", data=asked).text)]

    assert taken() == [("main", "1", "OPINION")]
    assert taken(round="pilot") == [("pilot", "1", "FACT")]
    assert len(taken(round="all", **{"pass": "all"})) == 3
    assert client.post("/export/1/long.csv", data={"pass": "x"}).status_code == 404


def test_withdrawn_work_is_in_no_file(app, owner, analyst):
    article = make_article("One came.")
    assign(first_project(), [(article.id, analyst.id)], owner)
    assert len(rows_of("".join(export_long_csv(first_project(), SHELL, unanswered=True)))) == 1
    withdraw(assignment_of(article.id, analyst), owner)

    assert rows_of("".join(export_long_csv(first_project(), SHELL, unanswered=True))) == []


def test_ids_that_came_in_a_package_are_those_in_the_files(app, owner, client, sign_in):
    article = make_article("One came.")
    hand_in(article, "A", Tag.FACT)
    hand_in(article, "B", Tag.OPINION)
    sentence = sentences_of(article)[0]
    adjudicate(sentence, owner, FACT, 0)
    article_id, sentence_id = article.id, sentence.id
    db.session.rollback()
    with raw(defended=False) as connection:
        connection.execute(text(f"UPDATE article SET number = 7001 WHERE id = {article_id}"))
        connection.execute(text(f"UPDATE sentence SET number = 7002 WHERE id = {sentence_id}"))
        connection.execute(text("UPDATE annotation SET number = 7100 + id"))

    rows = rows_of("".join(export_long_csv(first_project(), SHELL)))
    assert {(row["article_id"], row["sentence_id"]) for row in rows} == {("7001", "7002")}
    assert {row["annotation_id"] for row in rows} == {"7101", "7102"}
    [gold] = rows_of("".join(export_gold_csv(first_project(), SHELL)))
    assert (gold["article_id"], gold["sentence_id"]) == ("7001", "7002")
    sign_in(owner)
    [wide] = [row for row in rows_of(client.post("/projects/1/agreement/wide.csv").text) if row["article_id"] == "7001"]
    assert wide["sentence_id"] == "7002"


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (["--shape", "gold", "--round", "nonsense"], "There is no round “nonsense”"),
        (["--shape", "wide", "--round", "nonsense"], "There is no round “nonsense”"),
        (["--shape", "wide", "--pass", "9"], "There is no pass “9”"),
        (["--shape", "gold", "--pass", "1"], "A pass does not go with gold"),
        (["--shape", "wide", "--unanswered"], "Unanswered sentences are rows of the long shape alone"),
    ],
)
def test_the_shell_refuses_a_round_or_pass_that_a_shape_has_not(app, thrice, monkeypatch, asked, told):
    monkeypatch.setenv("CLAIMTAG_INSTANCE", app.instance_path)
    refused = CliRunner().invoke(main, ["export", *asked])

    assert refused.exit_code != 0
    assert told in refused.output


@pytest.mark.parametrize(
    ("asked", "told"), [([], {}), (["--pass", "2"], {"pass": "2"}), (["--round", "pilot"], {"round": "pilot"})]
)
def test_the_wide_shape_is_of_one_round_and_pass_in_the_shell_too(app, thrice, monkeypatch, asked, told):
    monkeypatch.setenv("CLAIMTAG_INSTANCE", app.instance_path)
    written = CliRunner().invoke(main, ["export", "--shape", "wide", *asked])

    assert written.exit_code == 0
    assert len(rows_of(written.stdout)) >= 1
    db.session.rollback()
    assert db.session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first().details["filter"] == told
