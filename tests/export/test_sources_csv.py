"""Sources and their ratings as files: what their reader sees of the registry, and no more."""

import csv
import io
import json
from functools import partial

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from tests.factories import (
    amend,
    first_project,
    make_fact,
    make_member,
    make_project,
    make_rating,
    make_source,
    merge_sources,
)
from webapp.cli import main
from webapp.db import db, db_write
from webapp.export import sources
from webapp.export.actions import export_csv_of
from webapp.models import SHELL, AuditEvent, Membership, Role, SourceAlias, SourceEntry, SourceFact, SourceRating
from webapp.projects.actions import add_member

export_sources_csv, export_ratings_csv = (partial(export_csv_of, shape) for shape in ("sources", "ratings"))


def rows_for(reader, project=None, export=export_sources_csv):
    file = "".join(export(project or first_project(), reader))
    return list(csv.DictReader(io.StringIO(file, newline="")))


def names(reader, project=None):
    return [row["name"] for row in rows_for(reader, project)]


def letters(reader, project=None):
    return [row["reliability"] for row in rows_for(reader, project, export_ratings_csv)]


def code_of(person, project):
    held = select(Membership.coder_code).where(Membership.user_id == person.id, Membership.project_id == project.id)
    return db.session.scalars(held).one()


@pytest.fixture
def blind(app, owner):
    """A blind project of two analysts, each with an entry, one published; and a merge."""
    project = make_project("Blind study", is_blind=True)
    add_member(project, owner, set(Role))
    me, other = (make_member(name, "analyst", project=project) for name in ("Me Mine", "Otto Other"))
    mine = make_source("Mine", by=me, project=project)
    make_source("Hidden", by=other, project=project)
    shown = make_source("Shown", by=other, project=project, is_published=True)
    make_rating(mine, "A", by=me)
    make_rating(shown, "B", by=other)
    amend(SourceRating, make_rating(shown, "C", by=other, rated_on="2026-11-21"), by=owner, is_published=True)
    make_fact(shown, "country", "Utopia", by=other)
    merge_sources(mine, shown, by=owner)
    return project, me, other


def test_in_a_blind_round_an_analyst_gets_what_is_their_own_and_what_was_published(blind, owner):
    project, me, other = blind

    assert names(me, project) == ["Mine", "Shown"]
    assert letters(me, project) == ["A", "C"]
    assert names(other, project) == ["Hidden", "Shown"]
    assert letters(other, project) == ["B", "C"]
    assert names(owner, project) == names(SHELL, project) == ["Mine", "Hidden", "Shown"]
    assert letters(owner, project) == ["A", "B", "C"]


def test_in_a_blind_round_neither_codes_of_others_nor_merges_show(blind, owner):
    project, me, other = blind
    codes = {person.id: code_of(person, project) for person in (me, other)}

    assert [row["coder_id"] for row in rows_for(me, project)] == [codes[me.id], ""]
    assert [row["coder_id"] for row in rows_for(me, project, export_ratings_csv)] == [codes[me.id], ""]
    assert all(row["source_merged_id"] == row["source_id"] for row in rows_for(me, project))
    mine, _, shown = rows_for(owner, project)
    assert mine["source_merged_id"] == shown["source_id"]
    assert "coder_id" not in json.loads(rows_for(me, project)[1]["facts"])[0]
    assert json.loads(shown["facts"])[0]["coder_id"] == codes[other.id]


def test_in_an_open_project_everybody_gets_all(app, owner, analyst):
    make_rating(make_source("Reuters", by=owner), "B", by=owner)

    assert (names(analyst), letters(analyst)) == (["Reuters"], ["B"])


def test_another_projects_registry_is_not_in_the_file(app, owner):
    make_rating(make_source("Elsewhere", project=make_project("Elsewhere"), by=owner), "B", by=owner)

    assert (names(owner), letters(owner), names(SHELL)) == ([], [], [])


def test_aliases_and_facts_that_were_withdrawn_are_left_out_and_renamed_ones_told_once(app, owner):
    source_id = make_source("Reuters", aliases=["RTR", "Rooters"], by=owner)
    wrong = make_fact(source_id, "country", "Utopia", by=owner)
    amend(SourceFact, wrong, by=owner, withdrawn_why="a slip")
    slip = db.session.scalars(select(SourceAlias.alias_id).where(SourceAlias.alias == "Rooters")).one()
    amend(SourceAlias, slip, by=owner, withdrawn_why="a slip")
    amend(SourceEntry, source_id, by=owner, name="Reuters News")

    [row] = rows_for(owner)
    assert (row["name"], row["aliases"], row["facts"]) == ("Reuters News", '["RTR"]', "")


def test_a_rating_is_of_who_gave_it_whoever_published_it(app, owner, analyst):
    rating_id = make_rating(make_source("Reuters", by=owner), "B", by=analyst)
    amend(SourceRating, rating_id, by=owner, is_published=True)

    [row] = rows_for(owner, export=export_ratings_csv)
    assert (row["coder_id"], row["published"]) == (code_of(analyst, first_project()), "true")


def test_more_entries_than_are_read_at_a_time_come_whole_and_in_order(app, owner, monkeypatch):
    monkeypatch.setattr(sources, "AT_ONCE", 2)
    for n in range(5):
        source_id = make_source(f"Source {n}", aliases=[f"S{n}"] * (n % 3), by=owner)
        if n == 3:
            make_fact(source_id, "domain", "https://example.org", by=owner)

    assert [(row["name"], row["aliases"], bool(row["facts"])) for row in rows_for(owner)] == [
        ("Source 0", "", False),
        ("Source 1", '["S1"]', False),
        ("Source 2", '["S2","S2"]', False),
        ("Source 3", "", True),
        ("Source 4", '["S4"]', False),
    ]


def test_a_project_in_the_trash_gives_nothing(app, owner):
    make_source("Reuters", by=owner)
    project = first_project()
    with db_write():
        project.trashed_at = project.created_at

    assert list(csv.DictReader(io.StringIO("".join(export_sources_csv(project, SHELL))))) == []


def test_every_file_is_on_record(app, owner):
    rows_for(owner)
    list(export_ratings_csv(first_project(), SHELL, guard=True))

    told = db.session.scalars(select(AuditEvent).where(AuditEvent.what == "exported").order_by(AuditEvent.id))
    assert [(event.actor_id, event.details) for event in told] == [
        (owner.id, {"shape": "sources", "format": "csv", "options": []}),
        (None, {"shape": "ratings", "format": "csv", "options": ["guard"]}),
    ]


def test_the_export_page_offers_the_tables_as_soon_as_there_is_a_source(client, sign_in, owner):
    sign_in(owner)
    assert 'value="sources"' not in client.get("/export").text
    make_source("Reuters", by=owner)
    page = client.get("/export").text

    assert 'value="sources"' in page
    assert 'value="ratings"' in page
    assert client.get("/export/1/ratings.csv").status_code == 405


@pytest.fixture
def run(app, monkeypatch):
    """The shell, over the database of the test."""
    monkeypatch.setattr("webapp.cli.exports.prepared_app", lambda: app)
    return lambda *words: CliRunner().invoke(main, ["export", *words])


def test_the_shell_writes_both_shapes(run, owner):
    make_rating(make_source("Reuters", by=owner), "B", by=owner)

    assert run("--shape", "sources").stdout.splitlines()[1].split(",")[1] == "Reuters"
    assert ",B,2026-11-20," in run("--shape", "ratings").stdout.splitlines()[1]


@pytest.mark.parametrize(
    "words",
    [
        ["--shape", "sauces"],
        ["--shape", "sources", "--unanswered"],
        ["--shape", "ratings", "--round", "main"],
        ["--shape", "sources", "--pass", "1"],
    ],
)
def test_what_does_not_go_together_exits_2_and_writes_nothing(run, words):
    refused = run(*words)

    assert (refused.exit_code, refused.stdout) == (2, "")
