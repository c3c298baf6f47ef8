"""A project's settings are those of its running round, and codebooks are ours or a project's."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from tests.factories import answer, assignment_of, first_project, make_article, make_member, sentences_of
from webapp.db import db, db_write, now
from webapp.domain.terms import Tag
from webapp.models import Annotation, AuditEvent, Codebook, Round
from webapp.projects.actions import Settings, Wish, add_project, assign, change_settings, planned, withdraw


def publish(version, project=None, words="R1"):
    with db_write() as session:
        codebook = Codebook(version=version, text=words, project_id=project.id if project else None)
        session.add(codebook)
    return codebook


def test_a_project_begins_with_the_round_main(owner):
    project = add_project(Settings("Second", is_blind=True, overlap=2), owner)

    running = project.running
    assert (running.name, running.is_blind, running.overlap, running.closed_at) == ("main", True, 2, None)
    assert running.codebook.version == "1.0"


def test_the_settings_page_shows_and_changes_the_running_round(client, sign_in, owner):
    sign_in(owner)
    form = {"name": "First project", "overlap": "3", "is_blind": "y"}
    assert client.post("/projects/1/settings", data=form).status_code == 302

    db.session.rollback()
    assert (first_project().running.overlap, first_project().running.is_blind) == (3, True)
    page = client.get("/projects/1/settings").text
    assert 'value="3"' in page
    assert "checked" in page


def test_a_closed_round_keeps_its_settings(owner):
    project = first_project()
    with db_write() as session:
        past = {"project_id": project.id, "codebook_id": project.running.codebook_id, "closed_at": now()}
        session.add(Round(name="pilot", overlap=2, **past))
    change_settings(project, Settings("First project", is_blind=True, overlap=5), owner)

    rounds = {one.name: (one.overlap, one.is_blind) for one in db.session.scalars(select(Round))}
    assert rounds == {"main": (5, True), "pilot": (2, False)}
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.what == "project changed")).one()
    assert event.details["changed"] == {"is_blind": [False, True], "overlap": [1, 5]}


def test_one_round_of_a_project_runs(owner):
    with pytest.raises(IntegrityError), db_write() as session:
        session.add(Round(project_id=1, name="again", codebook_id=1))


def test_a_new_project_takes_the_newest_codebook_that_we_ship(owner):
    newest = publish("1.1")
    publish("9.9", project=first_project())

    assert add_project(Settings("Second"), owner).running.codebook_id == newest.id
    assert first_project().running.codebook.version == "1.0"  # no round changes its own


def test_versions_are_unique_among_ours_and_within_a_project(owner):
    publish("1.0", project=first_project())  # its own, by chance of the same name
    with pytest.raises(IntegrityError):
        publish("1.0", project=first_project())
    with pytest.raises(IntegrityError):
        publish("1.0")


def test_the_codebook_of_another_project_is_not_shown(client, sign_in, owner):
    elsewhere = add_project(Settings("Elsewhere"), owner)
    theirs = publish("2.0", project=elsewhere)
    sign_in(make_member("Ana Lyst", "analyst"))

    assert client.get(f"/codebooks/{theirs.id}/text").status_code == 404
    assert client.get(f"/codebooks/{first_project().running.codebook_id}/text").status_code == 200


def test_an_answer_keeps_the_codebook_and_the_blindness_of_its_round(owner, analyst):
    project = first_project()
    change_settings(project, Settings("First project", is_blind=True), owner)
    article = make_article("One came.")
    assign(project, [(article.id, analyst.id)], owner)
    with db_write():
        project.running.codebook_id = publish_inside("1.1")
    answer(sentences_of(article)[0], analyst, Tag.FACT)

    [given] = db.session.scalars(select(Annotation))
    assert (given.codebook.version, given.is_blind) == ("1.1", True)


def publish_inside(version):
    codebook = Codebook(version=version, text="R1")
    db.session.add(codebook)
    db.session.flush()
    return codebook.id


def test_a_plan_hands_withdrawn_work_out_again_and_gives_it_its_row_back(owner, analyst):
    project, article = first_project(), make_article("One came.")
    assign(project, [(article.id, analyst.id)], owner)
    key = assignment_of(article.id, analyst).key
    withdraw(assignment_of(article.id, analyst), owner)

    assert (article.id, analyst.id) in [
        (one.article, one.analyst) for one in planned(project, Wish([analyst.id], 1)).plan.new
    ]
    assert assign(project, [(article.id, analyst.id)], owner) == 1
    assert assignment_of(article.id, analyst).key == key
