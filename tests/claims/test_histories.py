"""Claims in any order: people make, mention, assess, prove, merge and take back while the split is repaired."""

from contextlib import suppress
from functools import partial
from uuid import uuid4

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from tests.concurrency import at_once
from tests.factories import make_article, make_claim, make_item, make_member, sentences_of
from webapp import verification
from webapp.claim_standing import counts_of, families
from webapp.claims import actions
from webapp.claims.queries import merges_in
from webapp.db import db
from webapp.domain.corroboration import Assessed
from webapp.domain.errors import BadClaim, BadRepair
from webapp.domain.merges import root_of
from webapp.domain.repair import Kind
from webapp.domain.terms import CorroborationStatus as Status
from webapp.domain.terms import MentionKind
from webapp.models import SHELL, Article, Assessment, Claim, ClaimMention, ClaimMerge, Evidence, Sentence
from webapp.repair.actions import RepairRequest, repair


class ClaimsInAnyOrder(RuleBasedStateMachine):
    """Beside a plain model: which claims there are, their items, into which each went, and how each person found it."""

    @initialize()
    def import_an_article(self):
        self.article_id = make_article(f"One came today. Two went away. Three stayed. {uuid4()}.").id
        self.people = [make_member(f"{name} {uuid4()}", "analyst", "supervisor") for name in ("A", "B")]
        self.items, self.into, self.found = {}, {}, {}

    def sentence(self, data):
        return data.draw(st.sampled_from(sentences_of(db.session.get_one(Article, self.article_id))))

    def claim(self, data):
        return db.session.get_one(Claim, data.draw(st.sampled_from(sorted(self.items))))

    def has_claims(self):
        return bool(getattr(self, "items", None))

    @rule(data=st.data(), who=st.integers(0, 1), kind=st.sampled_from(MentionKind))
    def make(self, data, who, kind):
        claim = make_claim(f"Claim {uuid4()}.", self.sentence(data), by=self.people[who], kind=kind)
        self.items[claim.id] = set()

    @precondition(has_claims)
    @rule(data=st.data(), who=st.integers(0, 1), kind=st.sampled_from(MentionKind))
    def mention(self, data, who, kind):
        actions.mention_claim(self.claim(data), self.sentence(data), self.people[who], kind, uuid4())

    @precondition(has_claims)
    @rule(data=st.data(), who=st.integers(0, 1), stance=st.sampled_from(["supports", "refutes"]))
    def add_an_item(self, data, who, stance):
        claim = self.claim(data)
        self.items[claim.id].add(make_item(claim, stance, by=self.people[who]))

    @precondition(has_claims)
    @rule(data=st.data())
    def take_an_item_back(self, data):
        claim = self.claim(data)
        if self.items[claim.id]:
            item = data.draw(st.sampled_from(sorted(self.items[claim.id])))
            version = db.session.scalar(select(func.max(Evidence.version)).where(Evidence.evidence_id == item))
            actions.withdraw_evidence(item, self.people[0], "By mistake.", version, uuid4())
            self.items[claim.id].remove(item)

    @precondition(has_claims)
    @rule(data=st.data(), who=st.integers(0, 1), status=st.sampled_from(Status))
    def assess(self, data, who, status):
        claim, person = self.claim(data), self.people[who]
        of_person = Assessment.claim_id == claim.id, Assessment.author_id == person.id
        seen = db.session.scalar(select(func.max(Assessment.version)).where(*of_person)) or 0
        actions.assess(claim, person, Assessed(status), seen, uuid4())
        self.found[claim.id, person.id] = status

    @precondition(has_claims)
    @rule(data=st.data())
    def merge_or_part(self, data):
        claim, other = self.claim(data), self.claim(data)
        version = db.session.scalar(select(func.max(ClaimMerge.version)).where(ClaimMerge.claim_id == claim.id)) or 0
        if claim.id in self.into:
            actions.split_claim(claim, self.people[0], version, uuid4())
            del self.into[claim.id]
            return
        try:
            actions.merge_claim(claim, other, self.people[0], None, version, uuid4())
            self.into[claim.id] = other.id
        except BadClaim:
            assert claim.id == other.id or root_of(other.id, self.into) == claim.id

    @rule(data=st.data(), kind=st.sampled_from(Kind))
    def repair_the_split(self, data, kind):
        article, sentence = db.session.get_one(Article, self.article_id), self.sentence(data)
        at = data.draw(st.integers(sentence.start - 1, sentence.end + 12))
        with suppress(BadRepair):
            repair(article, self.people[0], RepairRequest(kind, sentence.id, at), article.segmentation_version)

    @precondition(has_claims)
    @invariant()
    def everything_is_as_the_model_says(self):
        project_id = db.session.get_one(Article, self.article_id).project_id
        assert {id_: into for id_, into in merges_in(project_id).items() if id_ in self.items} == self.into
        for claim_id in self.items:
            ids = families([claim_id], self.into)[claim_id]
            count = count_of(claim_id, ids)
            assert count.n_items == sum(len(self.items[one]) for one in ids)
            assert mentions_of(claim_id) > 0
        found = db.session.execute(
            select(Assessment.claim_id, Assessment.author_id, Assessment.status).where(
                Assessment.is_current, Assessment.claim_id.in_(self.items)
            )
        )
        assert {(claim_id, author_id): status for claim_id, author_id, status in found} == self.found
        db.session.rollback()

    def teardown(self):
        assert verification.faults() == []
        db.session.rollback()


def count_of(claim_id, ids):
    return counts_of(db.session(), SHELL, {claim_id: ids})[claim_id]


def mentions_of(claim_id):
    held = ClaimMention.claim_id == claim_id, ClaimMention.is_current, ClaimMention.withdrawn_why.is_(None)
    return db.session.scalar(select(func.count()).select_from(ClaimMention).where(*held))


def test_claims_in_any_order_lose_nothing_and_double_nothing(app):
    run = settings(max_examples=7, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(ClaimsInAnyOrder, settings=run)


def test_ten_people_at_once_lose_nothing_and_double_nothing(app, owner):
    """Each makes a claim, adds an item to a shared one and assesses it, while one merges and one repairs the split."""
    article = make_article("One came today. Two went away. Three stayed.")
    article_id, first = article.id, sentences_of(article)[0].id
    shared, double = (
        make_claim(words, sentences_of(article)[2], by=owner).id for words in ("It held.", "It did hold.")
    )
    people = [make_member(f"Person {number}", "analyst") for number in range(10)]
    twice = [uuid4() for _ in people]
    db.session.rollback()

    def work(person, claim_id):
        for _ in range(2):  # the second time as a repeat of the same write
            actions.make_claim(
                db.session.get_one(Sentence, last_of(article_id)), person, "New.", MentionKind.MAKES, claim_id
            )
        claim = db.session.get_one(Claim, shared)
        make_item(claim, by=person)
        actions.assess(claim, person, Assessed(Status.CONTESTED), 0, uuid4())

    def merge():
        one, other = db.session.get_one(Claim, double), db.session.get_one(Claim, shared)
        actions.merge_claim(one, other, owner, None, 0, uuid4())

    def mend():
        repair(db.session.get_one(Article, article_id), owner, RepairRequest(Kind.SPLIT, first, 4), 1)

    works = [partial(work, person, claim_id) for person, claim_id in zip(people, twice, strict=True)]
    outcomes = at_once(app, *works, merge, mend)

    assert outcomes == [None] * 12
    assert set(twice) <= set(db.session.scalars(select(Claim.id)))
    assert count_of(shared, [shared]).n_items == 10
    assessed = select(func.count()).select_from(Assessment).where(Assessment.claim_id == shared, Assessment.is_current)
    assert db.session.scalar(assessed) == 10
    assert verification.faults() == []


def last_of(article_id):
    return sentences_of(db.session.get_one(Article, article_id))[-1].id
