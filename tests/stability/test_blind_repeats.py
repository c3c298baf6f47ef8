"""Whoever does an article once more cannot tell what they did on it before, until it is handed in again."""

from uuid import uuid4

import pytest
from sqlalchemy import select, update

from tests.conftest import new_client, raw
from tests.factories import (
    answer,
    assignment_of,
    make_article,
    make_item,
    make_member,
    make_project,
    make_source,
    sentences_of,
)
from tests.signing_in import sign_in_as
from tests.test_blind import SECRET, everything
from webapp.adjudication.actions import adjudicate
from webapp.claims.actions import add_note, keep_copy
from webapp.db import db
from webapp.domain.adjudication import Cause, DecidingRule, Decision
from webapp.domain.answers import Answer
from webapp.domain.corroboration import Finding
from webapp.domain.terms import CorroborationStatus, SourceType, Tag
from webapp.models import (
    Adjudication,
    Annotation,
    Assessment,
    Assignment,
    Claim,
    ClaimWording,
    DateReading,
    Evidence,
    Role,
    Submission,
)
from webapp.profiles.actions import resolve_date
from webapp.projects.actions import add_member, assign, return_work
from webapp.stability.actions import hand_out_repeats
from webapp.tagging.actions import record_answer, submit


class Twice:
    """An analyst who did an article, with all that there is to do on it, and gets it once more."""

    def __init__(self, owner, roles, *, is_blind):
        self.project = make_project("Twice", is_blind=is_blind)
        add_member(self.project, owner, set(Role))
        self.owner = owner
        self.me = make_member("Mine", *roles, project=self.project)
        self.article = make_article("One came yesterday. Two went. Three stayed.", project=self.project)
        self.other = make_article("Four stayed here.", project=self.project)
        assign(self.project, [(self.article.id, self.me.id), (self.other.id, self.me.id)], owner)
        self.source = make_source("Reuters", "outlet", by=owner, project=self.project, is_published=True)
        self.first = sentences_of(self.article)[0]
        self.do(Tag.FACT)
        self.settle()

    def do(self, tag):
        sentences = sentences_of(self.article)
        for sentence in sentences[1:]:
            answer(sentence, self.me, tag, note=f"{SECRET} is {tag.value}.")
        named = {"source_id": self.source, "source_type": SourceType.GROUP, "source_text": f"{SECRET} Wire"}
        answer(self.first, self.me, Tag.ATTRIBUTION, **named)
        note = add_note(self.first, self.me, Finding(CorroborationStatus.CONTESTED, f"{SECRET} came."), uuid4())
        claim = db.session.get_one(Claim, note.claim_id)
        item = make_item(claim, by=self.me, outlet=f"{SECRET} Wire")
        self.claim, self.note = note.claim_id, note.note_key
        self.copy = keep_copy(item, self.me, f"{SECRET}.txt", SECRET.encode(), uuid4()).id
        resolve_date(self.article, self.me, (9, 18), "2013-07-04", 0, uuid4())
        submit(self.article, self.me)

    def settle(self):
        decision = Decision(Tag.OPINION, DecidingRule.CODEBOOK_GAP, Cause.SLIP, f"{SECRET} decides.")
        adjudicate(self.first, self.owner, decision, 0)
        return_work(assignment_of(self.article.id, self.me), self.owner, f"{SECRET}, look again.")
        submit(self.article, self.me)

    def values(self):
        values = {
            "article_id": [self.article.id, self.other.id],
            "other_id": [self.other.id, self.article.id],
            "sentence_id": [one.id for one in sentences_of(self.article)[:2]],
            "project_id": [self.project.id, 1],
            "user_id": [self.me.id, 1],
            "note_key": [self.note, self.note],
            "source_id": [self.source, self.source],
            "claim_id": [self.claim, self.claim],
            "copy_id": [self.copy, self.copy],
            "token": ["none", "nothing"],
            "tree": ["0", "0"],
            "name": ["claimtag.css", "nothing"],
            "what": ["name", "name"],
        }
        return values | {name: [1, 2] for name in ("codebook_id", "draft_id", "round_id", "assignment_id", "job_id")}


def answer_otherwise(study):
    """As if all that was done the first time had been something else."""
    works = select(Assignment.id).where(Assignment.article_id == study.article.id, Assignment.pass_ == 1)
    earlier = db.session.scalars(works).one()
    changes = [
        (Annotation, {"tag": Tag.OPINION, "note": "Otherwise.", "source_text": "Otherwise", "source_id": None}),
        (Assessment, {"claim": "Otherwise.", "status": CorroborationStatus.CORROBORATED}),
        (ClaimWording, {"wording": "Otherwise."}),
        (Evidence, {"outlet": "Otherwise"}),
        (Adjudication, {"gold_tag": Tag.SPECULATION, "reason": "Otherwise."}),
        (DateReading, {"resolved": "1999"}),
        (Submission, {"returned_why": "Otherwise."}),
        (Assignment, {"strip": "oooo", "answered": 1}),
    ]
    db.session.rollback()
    with raw(defended=False) as connection:
        for table, values in changes:
            query = update(table).values(**values)
            connection.execute(query.where(table.id == earlier) if table is Assignment else query)


def told(got):
    """The addresses whose answers hold something of it; a page of search holds what is asked of it."""
    return {one.endpoint for address, one in got.items() if SECRET in one.text and f"q={SECRET}" not in address}


@pytest.mark.sqlite_only("who one is decides the statements, whatever the database")
@pytest.mark.parametrize(("roles", "is_blind"), [({Role.ANALYST}, True), ({Role.ANALYST, Role.RESEARCHER}, False)])
def test_while_an_article_is_done_once_more_no_byte_tells_what_was_done_before(app, owner, statements, roles, is_blind):
    study = Twice(owner, roles, is_blind=is_blind)
    client = new_client(app)
    sign_in_as(client, study.me)
    addresses = [f"/articles/{study.article.id}", f"/claims/{study.claim}", f"/articles/{study.article.id}/gold"]
    assert [SECRET in client.get(address).text for address in addresses] == [True] * len(addresses)

    hand_out_repeats(study.project, 0, 1, owner)
    during = everything(app, study.me, study.values(), statements)
    answer_otherwise(study)
    otherwise = everything(app, study.me, study.values(), statements)

    assert told(during) == set()
    assert [address for address in during if during[address] != otherwise[address]] == []
    assert "pass 2" not in during[addresses[0]].text


def test_once_it_is_handed_in_again_both_times_are_seen(app, owner):
    study = Twice(owner, {Role.ANALYST}, is_blind=True)
    hand_out_repeats(study.project, 0, 1, owner)
    client = new_client(app)
    sign_in_as(client, study.me)
    addresses = [f"/claims/{study.claim}", f"/articles/{study.article.id}/gold"]
    assert [SECRET in client.get(address).text for address in addresses] == [False] * len(addresses)

    for sentence in sentences_of(study.article):
        record_answer(sentence.id, study.me, Answer(Tag.FACT), 0, uuid4())
    submit(study.article, study.me)

    assert [SECRET in client.get(address).text for address in addresses] == [True] * len(addresses)


def test_the_repeat_begins_empty_for_whoever_supervises_as_well(app, owner):
    study = Twice(owner, {Role.ANALYST, Role.SUPERVISOR}, is_blind=True)
    hand_out_repeats(study.project, 0, 1, owner)
    client = new_client(app)
    sign_in_as(client, study.me)

    history = client.get(f"/api/v1/sentences/{study.first.id}/history").json
    desk, claims = client.get(f"/articles/{study.article.id}").text, client.get("/claims").text

    assert history["revisions"] == []
    assert SECRET not in desk
    assert SECRET in claims  # on the pages of supervisors nothing is kept from one
