"""A round that trains shows the key after each own answer; a test shows nothing, and who passes is let in."""

import json
from uuid import uuid4

import pytest

from tests.factories import make_article, make_member, make_project, sentences_of
from webapp.adjudication.actions import accept_unanimous, adjudicate
from webapp.db import db
from webapp.domain.adjudication import Cause, DecidingRule, Decision
from webapp.domain.agreement.entry import Mark, result_of
from webapp.domain.answers import Answer
from webapp.domain.errors import BadProject
from webapp.domain.terms import Tag
from webapp.entry_tests import rule_of, taken_in
from webapp.judgements import judgements
from webapp.models import Annotation, Article, Project, Role
from webapp.projects.actions import add_member, assign
from webapp.projects.queries import analysts_of
from webapp.rounds.actions import NewRound, begin_next
from webapp.tagging.actions import record_answer, submit

REASON = "Loaded words are the outlet speaking."


class Study:
    """A pilot with a key, and a round of another kind begun after it, with one trainee."""

    def __init__(self, owner, **asks):
        self.project = make_project("Trained", is_blind=True)
        add_member(self.project, owner, {Role.SUPERVISOR})
        self.owner, self.pilot_name = owner, self.project.running.name
        old = [make_member(name, "analyst", project=self.project) for name in ("Old", "Older")]
        self.articles = [
            make_article(f"One came. Two went. Three stayed. {number} left.", project=self.project)
            for number in range(3)
        ]
        assign(self.project, [(article.id, one.id) for article in self.articles for one in old], owner)
        for one in old:
            for article in self.articles:
                self.do(article, one, [Tag.FACT])
        decision = Decision(Tag.OPINION, DecidingRule.R10, Cause.SLIP, REASON)
        self.hard = sentences_of(self.articles[0])[0]
        adjudicate(self.hard, owner, decision, 0)
        accept_unanimous(self.project, owner, 11)
        self.me = make_member("Mine", "analyst", project=self.project)
        self.begin("next", key=self.pilot_name, **asks)

    def begin(self, name, **asks):
        project = db.session.get_one(Project, self.project.id)
        begun = begin_next(project, NewRound(name, is_blind=True, **asks), False, self.owner)
        db.session.expire_all()
        return begun

    def give(self):
        assign(self.project, [(article.id, self.me.id) for article in self.articles], self.owner)

    def do(self, article, analyst, tags):
        for place, sentence in enumerate(sentences_of(article)):
            record_answer(sentence.id, analyst, Answer(tags[place % len(tags)]), 0, uuid4())
        submit(db.session.get_one(Article, article.id), analyst)


def key_of(client, sentence):
    return client.get(f"/api/v1/sentences/{sentence.id}/key").json["key"]


def test_a_round_that_trains_shows_the_key_after_the_own_answer_and_never_before(app, owner, client, sign_in):
    study = Study(owner)
    study.give()
    sign_in(study.me)
    form = f"/sentences/{study.hard.id}/tag"

    assert key_of(client, study.hard) is None
    assert REASON not in client.get(form).text
    record_answer(study.hard.id, study.me, Answer(Tag.FACT), 0, uuid4())

    told = key_of(client, study.hard)
    assert (told["tag"], told["rule"], told["reason"], told["first"]) == ("OPINION", "R10", REASON, "FACT")
    assert key_of(client, sentences_of(study.articles[0])[1]) is None
    assert REASON in client.get(form).text
    assert 'id="key"' in client.get(f"/articles/{study.articles[0].id}").text
    assert client.get(f"/articles/{study.articles[0].id}/gold").text.count(REASON) == 0


def test_the_answer_that_was_given_before_the_key_was_seen_is_the_one_that_counts(app, owner):
    study = Study(owner)
    study.give()
    for sentence in sentences_of(study.articles[0]):
        record_answer(sentence.id, study.me, Answer(Tag.FACT), 0, uuid4())
    record_answer(study.hard.id, study.me, Answer(Tag.OPINION), 1, uuid4())
    submit(study.articles[0], study.me)

    project = db.session.get_one(Project, study.project.id)
    counted = judgements(project, owner).where(Annotation.sentence_id == study.hard.id)
    assert [one.tag for one in db.session.scalars(counted)] == [Tag.FACT]
    [taken] = taken_in(rule_of(project.running))
    assert (taken.result.k, taken.result.n, taken.waiting, taken.passed) == (3, 4, 2, False)


def test_a_test_shows_no_key_and_who_passes_alone_is_handed_work_in_the_round_that_asks_for_it(
    app, owner, client, sign_in
):
    study = Study(owner, pass_mark=90)
    assign(study.project, [(article.id, study.me.id) for article in study.articles], owner)
    weak = make_member("Weak", "analyst", project=study.project)
    assign(study.project, [(article.id, weak.id) for article in study.articles], owner)
    sign_in(study.me)
    record_answer(study.hard.id, study.me, Answer(Tag.FACT), 0, uuid4())
    assert key_of(client, study.hard) is None
    with pytest.raises(BadProject, match="Nobody has passed the test “next”"):
        begin_next(study.project, NewRound("main round", is_blind=True, entry="next"), True, owner)
    for sentence in sentences_of(study.articles[0])[1:]:
        record_answer(sentence.id, study.me, Answer(Tag.FACT), 0, uuid4())
    submit(study.articles[0], study.me)
    for article in study.articles[1:]:
        study.do(article, study.me, [Tag.FACT])
    for article in study.articles:
        study.do(article, weak, [Tag.FACT, Tag.SPECULATION])

    sign_in(owner)
    address = f"/projects/{study.project.id}/rounds/{study.project.running.id}/results"
    page = " ".join(client.get(address).text.split())
    assert "1 of 2 analysts passed." in page
    assert "11 of 12" in page
    told = json.loads(client.post(f"{address}.json").text)
    assert sorted((one["k"], one["n"], one["needed"], one["passed"]) for one in told["analysts"]) == [
        (5, 12, 11, False),
        (11, 12, 11, True),
    ]
    study.begin("main round", entry="next")

    project = db.session.get_one(Project, study.project.id)
    assert [member.user_id for member in analysts_of(project)] == [study.me.id]
    with pytest.raises(BadProject, match="has not passed the test"):
        assign(project, [(study.articles[0].id, weak.id)], owner)


@pytest.mark.sqlite_only("what is refused does not hang on the database")
@pytest.mark.parametrize(
    ("asks", "sentence"),
    [
        ({"pass_mark": 80}, "A test needs a key"),
        ({"key": "next"}, "Nothing is settled in the round “next”"),
        ({"key": "gone"}, "There is no round “gone” any more"),
        ({"entry": "next"}, "is no test"),
        ({"key": "main", "pass_mark": 101}, "from 1 to 100"),
    ],
)
def test_a_key_or_a_test_that_is_none_is_refused_and_no_round_is_closed(app, owner, asks, sentence):
    study = Study(owner)

    with pytest.raises(BadProject, match=sentence):
        study.begin("third", **asks)
    db.session.rollback()
    assert db.session.get_one(Project, study.project.id).running.name == "next"


def test_the_page_begins_a_round_that_trains_and_says_by_which_key(app, owner, client, sign_in):
    study = Study(owner, pass_mark=80, by_lower_end=True)
    sign_in(owner)
    address = f"/projects/{study.project.id}/rounds"

    assert "a test by the key of" in client.get(address).text
    sent = {"name": "practice", "overlap": "1", "key": "main", "begin": "1", "is_blind": "y"}
    page = " ".join(client.post(address, data=sent, follow_redirects=True).text.split())

    assert "trains by the key of <bdi>main</bdi>" in page
    refused = client.post(address, data=sent | {"name": "other", "key": "", "pass_mark": "50"})
    assert "A test needs a key" in refused.text
    assert client.get(f"{address}/99999/results").status_code == 404


@pytest.mark.parametrize(
    ("by_article", "passes"),
    [
        ({1: (9, 10), 2: (9, 10), 3: (10, 10)}, (True, False)),
        ({1: (20, 20), 2: (20, 20), 3: (20, 20)}, (True, True)),  # .025 ** (1 / 60) = .940
        ({1: (10, 10), 2: (10, 10)}, (True, False)),  # two articles have no lower end
        ({}, (False, False)),
    ],
)
def test_a_mark_is_reached_by_the_share_or_by_the_lower_end_of_its_interval(by_article, passes):
    result = result_of(by_article)

    assert (result.passes(Mark(90, False)), result.passes(Mark(90, True))) == passes
