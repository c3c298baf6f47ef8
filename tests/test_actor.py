"""Who acts: one idea for people, the shell and machines."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from tests.factories import make_article, make_member, make_project, sentences_of
from webapp import visibility
from webapp.articles.actions import import_files, start_import
from webapp.db import db
from webapp.domain.answers import Answer
from webapp.domain.terms import Tag
from webapp.jobs import claim, work_on
from webapp.models import SHELL, Actor, AuditEvent, Role, Via
from webapp.projects.actions import add_member, set_trashed
from webapp.tagging.actions import record_answer


def newest_event(what):
    db.session.rollback()  # to see what others wrote
    query = select(AuditEvent).where(AuditEvent.what == what).order_by(AuditEvent.id.desc()).limit(1)
    return db.session.scalars(query).one()


def test_roles_are_told_by_project_and_read_with_the_person_in_one_statement(app, statements):
    elsewhere = make_project("Elsewhere")
    person = make_member("Both", "analyst", "researcher")
    add_member(elsewhere, person, {Role.SUPERVISOR})
    with statements() as seen:
        actor = visibility.visit_of(person.id).actor

    assert actor.roles == {1: {Role.ANALYST, Role.RESEARCHER}, elsewhere.id: {Role.SUPERVISOR}}
    assert actor.via is Via.SESSION
    assert len(seen) <= 1


def test_a_project_in_the_trash_gives_no_role(app, owner):
    elsewhere = make_project("Elsewhere")
    person = make_member("Once", "supervisor", project=elsewhere)
    set_trashed(elsewhere, True, owner)

    assert visibility.visit_of(person.id).actor.roles == {}


def test_a_role_in_one_project_opens_nothing_in_another(app):
    elsewhere = make_project("Elsewhere")
    article = make_article()
    person = make_member("Elsewhere only", "supervisor", project=elsewhere)
    actor = visibility.visit_of(person.id).actor

    assert article.id not in {shown.id for shown in db.session.scalars(visibility.articles_visible_to(actor))}
    assert not actor.has(article.project_id, *Role)


def test_the_shell_reads_all_and_a_machine_nothing(app, owner):
    article = make_article()
    machine = Actor(None, "a program", False, {}, Via.MACHINE)

    assert article in db.session.scalars(visibility.articles_visible_to(SHELL)).all()
    assert db.session.scalars(visibility.articles_visible_to(machine)).all() == []
    assert str(visibility.answers_shown_to(SHELL, article.project)) == "true"
    assert visibility.reads_only_own(machine, article.project)


def test_only_a_person_tags(app):
    with pytest.raises(ValueError, match="Only a person"):
        record_answer(sentences_of(make_article())[0].id, SHELL, Answer(Tag.FACT), 0, uuid4())


def test_an_import_in_the_shell_and_one_by_page_are_told_apart_in_the_audit(app, owner):
    project = make_article().project
    import_files(project, owner, [("a.txt", b"One came from the shell.")], lambda *_: None)
    in_shell = newest_event("article imported")
    start_import(project, owner, [("b.txt", b"One came by the page.")])
    work_on(claim())
    by_page = newest_event("article imported")

    assert (in_shell.via, in_shell.actor_id) == (Via.SHELL, None)
    assert (by_page.via, by_page.actor_id) == (Via.SESSION, owner.id)


def test_a_link_made_in_the_shell_and_signing_out_are_in_the_audit(client, sign_in, owner):
    sign_in(owner)
    made = newest_event("link made")
    client.post("/sign-out")
    out = newest_event("signed out")

    assert (made.via, made.actor_id, made.details) == (Via.SHELL, None, {"user_id": owner.id})
    assert (out.via, out.actor_id) == (Via.SESSION, owner.id)


def test_the_audit_says_who_came_in_by_which_way(client, sign_in, owner):
    sign_in(owner)
    client.post("/sign-in", data={"name": "Mallory", "password": "wrong password"})
    page = client.get("/audit").text

    assert "nobody signed in" in page
    assert "this machine’s shell" in page
