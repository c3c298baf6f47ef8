"""The history: every event once, in the order in which it happened, and of others only for who supervises."""

import csv
import io

import pytest
from click.testing import CliRunner

from tests.export.study import make_study
from tests.factories import Person, first_project, make_member
from webapp.cli import main
from webapp.export.taking import Asked, take
from webapp.models import SHELL


@pytest.fixture
def study(over):
    return over(make_study)


def rows_for(reader):
    file = "".join(take(first_project(), reader, Asked("history")).text)
    return list(csv.DictReader(io.StringIO(file, newline="")))


def test_every_revision_handing_in_and_return_is_a_row_in_its_order(study):
    told = [
        (row["event"], row["tag"], row["version"], row["counts_now"])
        for row in rows_for(SHELL)
        if row["coder_id"] == "C90"
    ]

    assert told == [
        ("answered", "FACT", "1", "false"),
        ("answered", "ATTRIBUTION", "2", "true"),
        ("answered", "NOT_CODABLE", "1", "true"),
        ("answered", "SPECULATION", "1", "true"),
        ("answered", "FACT", "1", "true"),
        ("submitted", "", "1", ""),
    ]


def test_what_was_taken_back_carried_and_returned_is_told(study):
    events = [row for row in rows_for(SHELL) if row["coder_id"] == "C10"]

    assert {row["event"] for row in events} >= {"answered", "taken_back", "submitted", "returned"}
    [returned] = [row for row in events if row["event"] == "returned"]
    assert returned["note"] == "Look at the second again."
    replaced = [row for row in events if row["replaced_in"]]
    assert replaced
    for row in events:
        if row["char_end"]:
            assert len(row["text"]) == int(row["char_end"]) - int(row["char_start"])


@pytest.mark.sqlite_only("about who asks")
def test_others_get_their_own_alone(study):
    assert {row["coder_id"] for row in rows_for(Person(study["bart"]))} == {"C10"}
    assert rows_for(make_member("R", "researcher")) == []


@pytest.mark.sqlite_only("about the words of the shell")
def test_the_shell_writes_it(app, study, monkeypatch):
    monkeypatch.setattr("webapp.cli.exports.prepared_app", lambda: app)
    written = CliRunner().invoke(main, ["export", "--history"])

    assert written.stdout.startswith("event,at,coder_id,")
    assert CliRunner().invoke(main, ["export", "--history", "--shape", "gold"]).exit_code == 2
