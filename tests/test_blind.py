"""Blind means blind: nothing that another analyst does changes a single byte of what one gets."""

import difflib
import re
from uuid import uuid4

import pytest

from tests.conftest import new_client
from tests.factories import answer, assignment_of, make_article, make_member, make_project, sentences_of
from tests.signing_in import sign_in_as
from webapp.corroboration.actions import add_note, amend_note
from webapp.domain.corroboration import Finding
from webapp.domain.terms import CorroborationStatus, SourceType, Tag
from webapp.models import Role
from webapp.projects.actions import add_member, assign, return_work
from webapp.tagging.actions import submit

SECRET = "Xylophone"


@pytest.fixture
def blind(app, owner):
    """A blind project whose one article two analysts share."""
    project = make_project("Blind study", is_blind=True)
    add_member(project, owner, set(Role))
    me, other = (make_member(name, "analyst", project=project) for name in ("Mine", f"{SECRET} Smith"))
    article = make_article("One came. Two went.", project=project)
    unshared = make_article("Three stayed here.", project=project)
    assign(project, [(article.id, me.id), (article.id, other.id), (unshared.id, other.id)], owner)
    return project, article, unshared, me, other


def everything(app, person, values):
    """Every page and every JSON that answers a GET, and every refusal, as this person gets them."""
    client = new_client(app)
    sign_in_as(client, person)
    got = {}
    with app.test_request_context():
        addresses = [
            app.url_for(rule.endpoint, **dict(zip(rule.arguments, chosen, strict=True)))
            for rule in app.url_map.iter_rules()
            if "GET" in (rule.methods or ()) and rule.endpoint not in ("accounts.sign_in_by_link",)
            for chosen in zip(*(values[name] for name in rule.arguments), strict=True)
        ] + ["/", "/export", "/projects", "/account", "/api/v1/me", "/codebook"]
    for address in dict.fromkeys(addresses):
        answered = client.get(address)
        text = re.sub(r'(csrf(_token)?"?[^A-Za-z0-9]+(value=")?)[\w.-]{40,}', r"\1", answered.text)
        text = re.sub(r'(name="client_id"[^>]*value=")[\w-]+', r"\1", text)
        got[address] = (answered.status_code, text)
    return got


def test_nothing_another_analyst_does_can_be_noticed(app, blind, owner):
    project, article, unshared, me, other = blind
    mine = sentences_of(article)
    answer(mine[0], me, Tag.FACT)
    note = add_note(mine[0], me, Finding(CorroborationStatus.IN_PROGRESS, "It came."), uuid4())
    theirs = add_note(mine[0], other, Finding(CorroborationStatus.CONTESTED, f"{SECRET} came."), uuid4())
    ids = {
        "article_id": [article.id, unshared.id],
        "sentence_id": [mine[0].id, sentences_of(unshared)[0].id],
        "project_id": [project.id, 1],
        "codebook_id": [1, 2],
        "draft_id": [1, 2],
        "user_id": [other.id, me.id],
        "assignment_id": [1, 2],
        "job_id": [1, 2],
        "token": ["none", "nothing"],
        "tree": ["0", "0"],
        "name": ["claimtag.css", "nothing"],
        "note_key": [note.note_key, theirs.note_key],
    }
    before = everything(app, me, ids)

    for sentence in [*mine, *sentences_of(unshared)]:
        answer(sentence, other, Tag.ATTRIBUTION, source_type=SourceType.GROUP, note=f"{SECRET} said so.")
    amend_note(
        theirs.note_key, other, Finding(CorroborationStatus.CORROBORATED, f"{SECRET} came and went."), 1, uuid4()
    )
    submit(article, other)
    return_work(assignment_of(article.id, other), owner, f"{SECRET}, look again.")
    submit(article, other)
    after = everything(app, me, ids)

    changed = {
        address: list(difflib.unified_diff(str(before[address]).split("\\n"), str(after[address]).split("\\n"), n=0))
        for address in before
        if before[address] != after[address]
    }
    assert changed == {}
    assert [address for address, (_, text) in after.items() if SECRET in text] == []
    assert len(after) > 25


def test_a_write_is_answered_alike_whatever_others_did(app, blind):
    _, article, _, me, other = blind
    first, second = sentences_of(article)
    answer(second, other, Tag.OPINION)
    client = new_client(app)
    sign_in_as(client, me)

    def shape(sentence):
        body = {"tag": "FACT", "version": 0, "client_id": str(uuid4())}
        answered = client.put(f"/api/v1/sentences/{sentence.id}/annotation", json=body)
        return answered.status_code, sorted(answered.json), answered.json["version"]

    assert shape(first) == shape(second)
    assert "id" not in client.get(f"/api/v1/sentences/{first.id}/history").json["revisions"][0]


def test_an_article_that_is_not_assigned_looks_like_none(app, blind):
    _, _, unshared, me, _ = blind
    client = new_client(app)
    sign_in_as(client, me)
    answered, missing = client.get(f"/articles/{unshared.id}"), client.get("/articles/99999")

    assert (answered.status_code, answered.text) == (missing.status_code, missing.text)
    assert f"/articles/{unshared.id}" not in client.get("/").text


def test_another_analysts_note_cannot_be_told_from_none(app, blind):
    _, article, _, me, other = blind
    theirs = add_note(sentences_of(article)[0], other, Finding(CorroborationStatus.CONTESTED, "It came."), uuid4())
    client = new_client(app)
    sign_in_as(client, me)

    def amend(key):
        body = {"status": "contested", "claim": "Mine.", "version": 1, "client_id": str(uuid4())}
        answered = client.put(f"/api/v1/notes/{key}", json=body)
        return answered.status_code, answered.json

    assert amend(theirs.note_key) == amend(uuid4())


def test_the_export_of_ones_own_work_holds_no_numbers_that_count_others(app, blind):
    project, article, _, me, other = blind
    for sentence in sentences_of(article):
        answer(sentence, other, Tag.FACT)
        answer(sentence, me, Tag.FACT)
    client = new_client(app)
    sign_in_as(client, me)
    header, *rows = client.get(f"/export/{project.id}/long.csv").text.splitlines()

    assert header.startswith("annotation_id,")
    assert [row.split(",")[0] for row in rows] == ["", ""]
