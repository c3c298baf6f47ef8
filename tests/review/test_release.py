"""A closed round is released once, and what was published stays whatever happens later."""

import json

import pytest

from tests.factories import answer, first_project, make_article, make_member, sentences_of
from webapp import verification
from webapp.db import db
from webapp.domain.errors import BadProject
from webapp.domain.intake.text import sha256
from webapp.domain.repair import Kind
from webapp.domain.terms import Tag
from webapp.models import Round
from webapp.projects.actions import assign
from webapp.repair.actions import RepairRequest, repair
from webapp.review.actions import release
from webapp.rounds.actions import NewRound, begin_next
from webapp.tagging.actions import submit


@pytest.fixture
def closed(app, owner):
    """The first round, closed, with three articles that two tagged; its id and an article."""
    people = [make_member(name, "analyst") for name in ("Ann", "Bea")]
    for number in range(3):
        article = make_article(f"One came. Two went. {number} stayed.")
        assign(first_project(), [(article.id, person.id) for person in people], owner)
        for person, last in zip(people, (Tag.OPINION, Tag.FACT if number else Tag.OPINION), strict=True):
            for sentence, tag in zip(sentences_of(article), (Tag.FACT, Tag.OPINION, last), strict=True):
                answer(sentence, person, tag)
            submit(article, person)
    round_id = first_project().running.id
    begin_next(first_project(), NewRound("next"), False, owner)
    db.session.expire_all()
    return round_id, article


def test_what_was_released_stays_byte_for_byte_after_a_repair_and_the_page_says_that_figures_differ(
    closed, owner, client, sign_in
):
    round_id, article = closed
    sign_in(owner)
    address = f"/projects/1/rounds/{round_id}/release"
    assert "closed and not released" in client.get(address).text
    assert "is released" in client.post(address, data={"release": "1"}, follow_redirects=True).text
    before = client.post(f"{address}.json").data
    assert "Computed today, the figures are the same" in client.get(address).text

    repair(article, owner, RepairRequest(Kind.MERGE, sentences_of(article)[0].id), 1, "It is one sentence.")

    page = client.get(address).text
    assert "no longer these" in " ".join(page.split())
    assert client.post(f"{address}.json").data == before
    told = json.loads(before)
    assert (told["round"], told["codebook_version"], told["agreement"]["tags"]["n_pairable"]) == ("main", "1.0", 9)
    assert told["by_field"]["fields"]
    assert sha256(before.decode()) in page
    assert verification.faults() == []


def test_a_round_is_released_once_and_not_while_it_runs(closed, owner, client, sign_in):
    round_id, _ = closed
    project = first_project()
    with pytest.raises(BadProject, match="still runs"):
        release(project, project.running, owner)
    db.session.rollback()
    release(project, db.session.get_one(Round, round_id), owner)
    with pytest.raises(BadProject, match="released already"):
        release(first_project(), db.session.get_one(Round, round_id), owner)
    sign_in(make_member("Only reads", "researcher"))
    assert client.post(f"/projects/1/rounds/{round_id}/release", data={"release": "1"}).status_code == 404
    assert client.get("/projects/1/rounds/999/release").status_code == 404
