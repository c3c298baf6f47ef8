"""Studies: settings, members, the trash, work handed out by hand or by plan, and progress."""

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import insert, select, text, update

from tests.factories import answer, first_project, make_article, make_member, make_project, sentences_of, take_up
from webapp import verification, visibility
from webapp.articles.actions import restore_article, trash_article
from webapp.db import db, db_write, now
from webapp.domain.errors import BadPlan, BadProject
from webapp.domain.terms import Tag
from webapp.models import SHELL, Article, Assignment, AuditEvent, Membership, Role, User
from webapp.projects.actions import (
    Settings,
    Wish,
    add_member,
    add_project,
    assign,
    carry_out,
    change_settings,
    planned,
    set_trashed,
    withdraw,
)
from webapp.projects.queries import assignments_of, members_of, progress_grid, project_rows, tags_per_day
from webapp.tagging.actions import submit


@pytest.fixture
def study(app, owner):
    """A blind project with three analysts and four articles; the owner supervises."""
    project = make_project("Study", is_blind=True)
    add_member(project, owner, {Role.SUPERVISOR})
    people = [make_member(name, "analyst", project=project) for name in ("Ann", "Ben", "Cem")]
    articles = [make_article(project=project) for _ in range(4)]
    return project, people, articles


def test_names_of_projects_are_unique_whatever_their_case(app, owner):
    add_project(Settings("Gulf study", overlap=2), owner)

    with pytest.raises(BadProject, match="already"):
        add_project(Settings(" GULF  study "), owner)
    with pytest.raises(BadProject, match="needs a name"):
        add_project(Settings(" "), owner)
    with pytest.raises(BadProject, match="1 or more"):
        add_project(Settings("Other", overlap=0), owner)


def test_whoever_adds_a_project_supervises_it(app, owner):
    project = add_project(Settings("Ελλάδα"), owner)

    assert visibility.project_for(owner, project.id, Role.SUPERVISOR) is project


def test_changed_settings_are_on_record(app, owner):
    project = add_project(Settings("Study"), owner)
    change_settings(project, Settings("Study", is_blind=True, overlap=3), owner)

    event = db.session.scalars(select(AuditEvent).where(AuditEvent.what == "project changed")).one()
    assert event.details == {"changed": {"is_blind": [False, True], "overlap": [1, 3]}, "round": "main"}


def test_a_member_keeps_the_coder_code_when_roles_change(app, owner, analyst):
    query = select(Membership).where(Membership.user_id == analyst.id)
    before = db.session.scalars(query).one().coder_code
    add_member(first_project(), analyst, {Role.RESEARCHER}, owner)

    member = db.session.scalars(query).one()
    assert (member.coder_code, member.roles) == (before, {Role.RESEARCHER})


def test_a_project_in_the_trash_is_nobodys_until_it_is_restored(study, owner):
    project, (ann, *_), _ = study
    set_trashed(project, True, owner)
    assert project.id not in {row.project.id for row in project_rows(ann)}

    set_trashed(project, False, owner)
    assert project.id in {row.project.id for row in project_rows(ann)}


def test_the_last_project_stays(app, owner):
    with pytest.raises(BadProject, match="last project"):
        set_trashed(first_project(), True, owner)


def test_a_plan_gives_every_article_its_overlap(study, owner):
    project, people, articles = study
    ids = [person.id for person in people]
    count = carry_out(project, Wish(ids, 2), 8, owner)

    held = assignments_of(project)
    assert count == len(held) == 8
    assert {sum(a.article_id == article.id for a in held) for article in articles} == {2}
    assert (
        max(sum(a.analyst_id == i for a in held) for i in ids) - min(sum(a.analyst_id == i for a in held) for i in ids)
        <= 1
    )


def test_later_articles_and_analysts_fit_in(study, owner):
    project, people, _ = study
    ids = [person.id for person in people]
    carry_out(project, Wish(ids, 2), 8, owner)
    make_article(project=project)
    late = make_member("Dua", "analyst", project=project)

    new = planned(project, Wish([*ids, late.id], 2)).plan.new
    assert len(new) == 2
    assert late.id in {one.analyst for one in new}


def test_a_plan_that_changed_since_its_preview_is_not_carried_out(study, owner):
    project, people, _ = study
    make_article(project=project)

    with pytest.raises(BadProject, match="changed since the preview"):
        carry_out(project, Wish([person.id for person in people], 2), 8, owner)
    assert assignments_of(project) == []


def test_more_overlap_than_analysts_is_refused(study):
    project, people, _ = study

    with pytest.raises(BadPlan):
        planned(project, Wish([person.id for person in people], 4))


def test_the_plan_page_previews_and_hands_out(client, sign_in, study, owner):
    project, people, _ = study
    sign_in(owner)
    data = {"analysts": [str(person.id) for person in people], "overlap": "2", "percent": "0"}
    preview = client.post(f"/projects/{project.id}/plan", data=data | {"preview": "1"})
    assert "8" in preview.text
    done = client.post(f"/projects/{project.id}/plan", data=data | {"carry_out": "1", "expected": "8"})

    db.session.rollback()
    assert done.location == f"/projects/{project.id}"
    assert len(assignments_of(project)) == 8


def test_too_much_overlap_is_said_on_the_page(client, sign_in, study, owner):
    project, people, _ = study
    sign_in(owner)
    data = {"analysts": [str(people[0].id)], "overlap": "2", "percent": "0", "preview": "1"}

    assert "analysts" in client.post(f"/projects/{project.id}/plan", data=data).text
    assert assignments_of(project) == []


def test_an_assignment_can_be_withdrawn_until_work_begins(study, owner):
    project, (ann, ben, _), (article, *_) = study
    assign(project, [(article.id, ann.id), (article.id, ben.id)], owner)
    answer(sentences_of(article)[0], ben, Tag.FACT)
    mine, begun = (next(a for a in assignments_of(project) if a.analyst_id == p.id) for p in (ann, ben))
    withdraw(mine, owner)

    assert [a.analyst_id for a in assignments_of(project)] == [ben.id]
    with pytest.raises(BadProject, match="has begun"):
        withdraw(begun, owner)


def test_assigning_twice_assigns_once(study, owner):
    project, (ann, *_), (article, *_) = study

    assert assign(project, [(article.id, ann.id)] * 2, owner) == 1
    assert assign(project, [(article.id, ann.id)], owner) == 0


def test_work_goes_to_analysts_of_the_project_alone(study, owner, analyst):
    project, _, (article, *_) = study

    with pytest.raises(BadProject):
        assign(project, [(article.id, analyst.id)], owner)
    assert db.session.scalars(select(Assignment)).all() == []


def test_in_a_blind_project_an_analyst_sees_what_is_assigned(study, owner):
    project, (ann, *_), (article, other, *_) = study
    assign(project, [(article.id, ann.id)], owner)

    visible = set(db.session.scalars(visibility.articles_visible_to(ann)))
    assert article in visible
    assert other not in visible


def test_the_grid_shows_how_far_each_is(study, owner):
    project, (ann, *_), (article, *_) = study
    assign(project, [(article.id, ann.id)], owner)
    answer(sentences_of(article)[0], ann, Tag.FACT)
    members = list(db.session.scalars(select(Membership).where(Membership.user_id == ann.id)))

    (row, *_) = progress_grid(project, members)
    assert (row.sentences, row.cells[0].answered, row.cells[0].assignment.state.value) == (3, 1, "started")


def test_nothing_can_be_ticked_for_who_cannot_sign_in(client, sign_in, study, owner):
    project, (ann, *_), (article, *_) = study
    assign(project, [(article.id, ann.id)], owner)
    with db_write() as session:
        session.get_one(User, ann.id).deactivated_at = now()
    sign_in(owner)
    shown = BeautifulSoup(client.get(f"/projects/{project.id}").text, "html.parser")
    lacking = client.get(of_analyst(project, ann, "none")).text

    assert "cannot sign in" in shown.find(id=f"u{ann.id}").parent.text
    assert not [box for box in shown.select("[name=pair]") if box["value"].endswith(f"-{ann.id}")]
    assert shown.select("[name=pair]")
    assert shown.select_one("[name=work]")
    assert "hand_out_all" not in lacking
    assert "Tick empty places" in shown.text
    with db_write() as session:
        session.execute(update(User).values(deactivated_at=now()).where(User.id != owner.id))
    assert "Take an analyst in" in client.get(f"/projects/{project.id}").text


def test_the_progress_page_costs_the_same_for_one_article_or_many(client, sign_in, study, owner, statements):
    project, _, _ = study
    sign_in(owner)
    with statements() as few:
        client.get(f"/projects/{project.id}")
    for _ in range(5):
        make_article(project=project)
    with statements() as many:
        client.get(f"/projects/{project.id}")

    assert len(few) == len(many)


def test_tags_are_counted_by_day(study, owner):
    project, (ann, *_), (article, *_) = study
    take_up(article, ann)
    answer(sentences_of(article)[0], ann, Tag.FACT)

    ((_, count),) = tags_per_day(project)
    assert count == 1


def test_an_article_in_the_trash_is_in_no_count_and_comes_back_whole(study, owner):
    project, (ann, *_), (article, *_) = study
    assign(project, [(article.id, ann.id)], owner)
    first = answer(sentences_of(article)[0], ann, Tag.FACT)
    trash_article(article, owner)
    assert assignments_of(project) == []
    assert tags_per_day(project) == []

    restore_article(article, owner)
    assert assignments_of(project)
    assert first.is_current


def test_importing_a_trashed_text_again_offers_to_restore(client, sign_in, owner):
    sign_in(owner)
    article = make_article("One came. Two went.")
    trash_article(article, owner)

    page = client.post("/articles/new", data={"project": "1", "text": "One came. Two went."}, follow_redirects=True)
    assert f"/articles/{article.id}/restore" in page.text


def test_a_supervisor_changes_roles_on_the_page(client, sign_in, owner, analyst):
    sign_in(owner)
    client.post("/projects/1/members", data={"user_id": analyst.id, "role": ["analyst", "researcher"]})

    db.session.rollback()
    member = db.session.scalars(select(Membership).where(Membership.user_id == analyst.id)).one()
    assert member.roles == {Role.ANALYST, Role.RESEARCHER}


# ---- the grid as a page


def of_analyst(project, person, state):
    return f"/projects/{project.id}?analyst={person.id}&state={state}"


def test_the_grid_narrows_down_to_what_one_analyst_has_or_lacks(client, sign_in, study, owner):
    project, (ann, *_), (first, *others) = study
    assign(project, [(first.id, ann.id)], owner)
    sign_in(owner)

    def titles(state):
        shown = BeautifulSoup(client.get(of_analyst(project, ann, state)).text, "html.parser")
        return [link.text for link in shown.select("tbody a.row__title")]

    assert titles("assigned") == [first.display_title]
    assert titles("none") == [article.display_title for article in others]
    assert titles("submitted") == []
    assert len(titles("no such state")) == 4


def test_a_state_without_an_analyst_is_answered_with_all_articles_and_a_sentence(client, sign_in, study, owner):
    project, (ann, *_), _ = study
    sign_in(owner)
    sentence = "choose an analyst, too, to see what of theirs is in work"

    assert sentence in " ".join(client.get(f"/projects/{project.id}?analyst=&state=started").text.split())
    for address in (of_analyst(project, ann, "started"), f"/projects/{project.id}?analyst=&state=none"):
        assert "choose an analyst" not in client.get(address).text


def test_all_that_one_analyst_lacks_is_handed_out_and_withdrawn_by_one_button(client, sign_in, study, owner):
    project, (ann, *_), _ = study
    sign_in(owner)
    form = {"analyst": ann.id, "expected": "4"}
    to = f"/projects/{project.id}/assignments"
    client.post(to, data=form | {"state": "none", "hand_out_all": "1"})
    db.session.rollback()
    assert [work.analyst_id for work in assignments_of(project)] == [ann.id] * 4

    late = client.post(to, data=form | {"state": "assigned", "withdraw_all": "1", "expected": "3"})
    assert "look at the new numbers first" in client.get(late.location).text
    client.post(to, data=form | {"state": "assigned", "withdraw_all": "1"})
    db.session.rollback()
    assert assignments_of(project) == []
    assert verification.faults() == []


def test_what_is_ticked_is_withdrawn_all_or_nothing(client, sign_in, study, owner):
    project, (ann, ben, _), (article, *_) = study
    assign(project, [(article.id, ann.id), (article.id, ben.id)], owner)
    answer(sentences_of(article)[0], ben, Tag.FACT)
    untouched, begun = (next(a.id for a in assignments_of(project) if a.analyst_id == p.id) for p in (ann, ben))
    sign_in(owner)

    def withdrawn(*ids):
        answered = client.post(f"/projects/{project.id}/assignments", data={"withdraw": "1", "work": list(ids)})
        db.session.rollback()
        return client.get(answered.location).text

    assert "Tick what is to be withdrawn" in withdrawn()
    assert "Work on one of them has begun" in withdrawn(untouched, begun)
    assert len(assignments_of(project)) == 2
    assert "Withdrawn: 1" in withdrawn(untouched)
    assert [work.id for work in assignments_of(project)] == [begun]
    assert client.post(f"/projects/{project.id}/assignments", data={"withdraw": "1", "work": "x"}).status_code == 400


def test_a_submitted_article_is_returned_from_a_form_of_its_own(client, sign_in, study, owner):
    project, (ann, *_), (article, *_) = study
    assign(project, [(article.id, ann.id)], owner)
    for sentence in sentences_of(article):
        answer(sentence, ann, Tag.FACT)
    submit(article, ann)
    sign_in(owner)
    page = BeautifulSoup(client.get(f"/projects/{project.id}").text, "html.parser")
    form = BeautifulSoup(client.get(page.find("a", string="return …")["href"]).text, "html.parser").select_one(
        "#return"
    )
    assert f"Return “{article.display_title}” to Ann" in " ".join(form.h2.text.split())

    client.post(form["action"], data={"return": "1", "why": "Look again."})
    db.session.rollback()
    assert [work.state.value for work in assignments_of(project)] == ["returned"]


def test_analysts_see_of_a_blind_project_what_the_list_of_all_rules_shows_them(study, owner):
    project, (ann, ben, _), articles = study
    assign(project, [(articles[0].id, ann.id), (articles[2].id, ann.id)], owner)
    make_article()

    for reader in (ann, ben, owner):
        rule = set(db.session.scalars(visibility.articles_visible_to(reader).with_only_columns(Article.id)))
        listed = [db.session.scalars(visibility.ids_in_project(reader, id_)) for id_ in (1, project.id)]
        assert {article_id for ids in listed for article_id in ids} == rule


@pytest.mark.parametrize("many", [1, 5_000])
def test_outlets_to_choose_from_are_those_of_the_articles_one_reads_few_or_many(owner, monkeypatch, many):
    monkeypatch.setattr(visibility.articles, "MANY", many)
    project = make_project("Blind", is_blind=True)
    ann, ben = (make_member(name, "analyst", project=project) for name in ("Ann", "Ben"))
    researcher = make_member("Cay", "researcher", project=project)
    printed = [
        make_article(outlet=outlet, project=project) for outlet in ("Post", "Globe", None, "Post", "Wire", "Sun")
    ]
    make_article(outlet="Elsewhere")
    for article in printed[1:5]:
        take_up(article, ann)
    trash_article(printed[4], owner)

    def outlets_of(reader):
        found = db.session.scalars(visibility.outlets_in_project(reader, project.id))
        return sorted(outlet for outlet in found if outlet)

    assert {reader.name: outlets_of(reader) for reader in (ann, ben, researcher, SHELL, owner)} == {
        ann.name: ["Globe", "Post"],
        ben.name: [],
        researcher.name: ["Globe", "Post", "Sun"],
        SHELL.name: ["Globe", "Post", "Sun"],
        owner.name: [],  # who is no member of it
    }


def test_the_roles_of_all_members_are_saved_at_once_and_only_what_differs_goes_on_record(client, sign_in, owner):
    ana, ben = make_member("Ana", "analyst"), make_member("Ben", "analyst")
    sign_in(owner)
    form = {"member": [ana.id, ben.id], f"role-{ana.id}": ["analyst", "researcher"], f"role-{ben.id}": ["analyst"]}
    client.post("/projects/1/roles", data=form)
    db.session.commit()

    held = {member.user_id: member.roles for member in members_of(first_project())}
    assert held[ana.id] == {Role.ANALYST, Role.RESEARCHER}
    assert held[ben.id] == {Role.ANALYST}
    assert held[owner.id] == set(Role)  # whom the form does not name keeps theirs
    changed = db.session.scalars(select(AuditEvent).where(AuditEvent.what == "roles changed")).all()
    assert [event.details["user_id"] for event in changed] == [ana.id]


@pytest.mark.sqlite_only("nothing is written")
def test_all_that_is_wrong_with_the_settings_is_said_at_once_at_its_field(client, sign_in, owner):
    sign_in(owner)
    sent = {"name": "", "overlap": "0", "language": "nonsense-code", "description": "x" * 5_001}
    answered = client.post("/projects/1/settings", data=sent)
    page = BeautifulSoup(answered.text, "html.parser")

    assert {error["id"] for error in page.select(".field__error")} == {
        f"{name}-error" for name in ("name", "overlap", "language", "description")
    }
    assert all(page.select_one(f"#{name}")["aria-invalid"] == "true" for name in sent)


@pytest.mark.postgresql_only("SQLite is counted in test_lists")
def test_of_an_analyst_of_many_articles_a_few_are_read_for_each_outlet(owner, monkeypatch):
    monkeypatch.setattr(visibility.articles, "MANY", 1)
    project = make_project("Blind", is_blind=True)
    ann = make_member("Ann", "analyst", project=project)
    described = {"project_id": project.id, "imported_by_id": owner.id, "encoding": "utf-8", "media_type": "text/plain"}
    described |= {"text": "It rained.", "original": b"", "original_sha256": ""}
    held = {"round_id": project.running.id, "analyst_id": ann.user_id}
    with db_write() as session:
        ids = range(1000, 4000)
        session.execute(
            insert(Article), [described | {"id": n, "text_sha256": str(n), "outlet": f"Post {n % 7}"} for n in ids]
        )
        session.execute(insert(Assignment), [held | {"article_id": n} for n in ids])
    db.session.execute(text("ANALYZE article, assignment"))
    query = visibility.outlets_in_project(ann, project.id)
    made = query.compile(db.engine, compile_kwargs={"literal_binds": True})

    [[plan]] = db.session.execute(text(f"EXPLAIN (ANALYZE, FORMAT JSON) {made}")).scalars()
    assert sum(rows_read(plan["Plan"])) < 100


def rows_read(node):
    """How many rows each step of a plan gave, all the times that it was taken."""
    yield node["Actual Rows"] * node["Actual Loops"]
    for part in node.get("Plans", ()):
        yield from rows_read(part)
