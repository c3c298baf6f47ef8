"""What is kept beside the rows follows every write, is proved, and can be made anew."""

from contextlib import suppress
from datetime import date
from random import Random
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from tests.adjudication.test_settling import FACT, OPINION, hand_in
from tests.conftest import downgrade, raw, upgrade
from tests.factories import (
    amend,
    answer,
    assignment_of,
    first_project,
    make_article,
    make_claim,
    make_member,
    make_project,
    make_source,
    merge_sources,
    sentences_of,
    take_up,
)
from webapp import models, visibility
from webapp.adjudication import queries
from webapp.adjudication.actions import accept_unanimous, adjudicate
from webapp.articles.actions import restore_article, trash_article
from webapp.claims import ledger
from webapp.claims.actions import mention_claim, merge_claim, publish_claim, withdraw_claim, withdraw_mention
from webapp.db import db
from webapp.domain.adjudication import Votes, division_of
from webapp.domain.errors import DomainError
from webapp.domain.repair import Kind
from webapp.domain.terms import MentionKind, Tag
from webapp.models import (
    SHELL,
    Assignment,
    DayCount,
    DaySentences,
    EntryCount,
    OutletCount,
    ProjectChange,
    Role,
    Standing,
    StandingState,
    WorkCount,
)
from webapp.projects.actions import add_member, assign, return_work, withdraw
from webapp.projects.queries import size_of, tags_per_day
from webapp.repair.actions import RepairRequest, repair
from webapp.sources.queries import listing
from webapp.standings import recount
from webapp.tagging.actions import submit
from webapp.verification import PROOFS

KEPT = [proof for proof in PROOFS if proof.of in ("The counts", "The standings")]


def faults():
    db.session.rollback()
    return [fault for proof in KEPT for fault in proof.check(db.session())]


@pytest.fixture
def article(app):
    return make_article("One came. Two went. Three stayed.")


@pytest.fixture
def disputed(article):
    """A unanimous sentence, one divided evenly, and another unanimous one."""
    hand_in(article, "A", Tag.FACT, Tag.FACT, Tag.FACT)
    hand_in(article, "B", Tag.FACT, Tag.OPINION, Tag.FACT)
    return sentences_of(article)


def states():
    db.session.rollback()
    rows = db.session.execute(select(Standing.sentence_id, Standing.state))
    return {sentence_id: state for sentence_id, state in rows}  # noqa: C416 (rows, not pairs)


def changes():
    db.session.rollback()
    return db.session.scalar(select(ProjectChange.number).where(ProjectChange.project_id == 1)) or 0


# ---- what follows what


def test_an_answer_counts_once_however_often_it_is_changed_and_not_once_it_is_taken_back(article, analyst):
    first, second, _ = sentences_of(article)
    answer(first, analyst, Tag.FACT)
    answer(first, analyst, Tag.OPINION)
    answer(second, analyst, Tag.FACT)
    assert assignment_of(article.id, analyst).answered == 2
    answer(second, analyst, None)

    db.session.expire_all()
    assert assignment_of(article.id, analyst).answered == 1
    assert db.session.execute(select(WorkCount.state, WorkCount.assignments, WorkCount.answered)).all() == [
        ("started", 1, 1)
    ]
    assert db.session.scalars(select(DayCount.answers)).all() == [2]
    assert faults() == []


def test_a_replaced_sentence_is_in_no_count_and_a_carried_answer_is(article, analyst, owner):
    first, second, _ = sentences_of(article)
    answer(first, analyst, Tag.FACT)
    answer(second, analyst, Tag.FACT)
    repair(article, owner, RepairRequest(Kind.MERGE, first.id), 1)

    db.session.expire_all()
    assert (assignment_of(article.id, analyst).answered, article.sentence_count) == (1, 2)
    assert (size_of(first_project()).articles, size_of(first_project()).sentences) == (2, 18)
    assert sum(count for _, count in tags_per_day(first_project())) == 2
    assert faults() == []


def test_what_lies_in_the_trash_is_in_no_count_until_it_comes_back(article, disputed, owner):
    before = states(), size_of(first_project()).sentences, tags_per_day(first_project())
    trash_article(article, owner)
    assert (states(), size_of(first_project()).sentences, tags_per_day(first_project())) == ({}, 16, [])
    assert faults() == []
    restore_article(article, owner)

    assert (states(), size_of(first_project()).sentences, tags_per_day(first_project())) == before
    assert faults() == []


def test_a_sentence_stands_as_its_answers_and_decisions_put_it(article, disputed, owner):
    unanimous, divided, other = (sentence.id for sentence in disputed)
    assert states() == {
        unanimous: StandingState.ACCEPTABLE,
        divided: StandingState.TO_SETTLE,
        other: StandingState.ACCEPTABLE,
    }
    accept_unanimous(first_project(), owner, 2)
    adjudicate(disputed[1], owner, OPINION, 0)
    assert states() == {
        unanimous: StandingState.ACCEPTED,
        divided: StandingState.DECIDED,
        other: StandingState.ACCEPTED,
    }
    assert faults() == []
    hand_in(article, "C", Tag.OPINION, Tag.FACT, Tag.FACT)

    assert states()[unanimous] is StandingState.TO_SETTLE
    assert faults() == []
    repair(article, owner, RepairRequest(Kind.MERGE, divided), 1)
    assert set(states()) == {unanimous}
    assert faults() == []


def merge(article, owner):
    repair(article, owner, RepairRequest(Kind.MERGE, sentences_of(article)[0].id), article.segmentation_version)


def split(article, owner):
    first = sentences_of(article)[0]
    request = RepairRequest(Kind.SPLIT, first.id, article.text.index(" ", first.start + 4))
    repair(article, owner, request, article.segmentation_version)


def trash_and_restore(article, owner):
    trash_article(article, owner)
    assert faults() == []
    restore_article(article, owner)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_done_in_whatever_order_is_counted(app, owner, seed):
    chance = Random(seed)
    project = make_project("Study", is_blind=bool(seed % 2))
    add_member(project, owner, {Role.SUPERVISOR})
    people = [make_member(name, "analyst", project=project) for name in ("Ann", "Ben", "Cem")]
    articles = [make_article(project=project) for _ in range(3)]
    assign(project, [(article.id, person.id) for article in articles for person in people], owner)

    def answer_all(article, person):
        for sentence in sentences_of(article):
            answer(sentence, person, chance.choice((Tag.FACT, Tag.OPINION)))

    deeds = [
        *[answer_all] * 4,
        *[submit] * 3,
        lambda article, person: answer(chance.choice(sentences_of(article)), person, None),
        lambda article, person: return_work(assignment_of(article.id, person), owner, "Look again."),
        lambda article, person: withdraw(assignment_of(article.id, person), owner),
        lambda article, _: adjudicate(chance.choice(sentences_of(article)), owner, FACT, 0),
        lambda *_: accept_unanimous(project, owner, queries.queue_of(project, owner).acceptable),
        lambda article, _: merge(article, owner),
        lambda article, _: split(article, owner),
        lambda article, _: trash_and_restore(article, owner),
    ]
    done = 0
    for _ in range(60):
        article, person = chance.choice(articles), chance.choice(people)
        if db.session.scalar(models.assignment_of(article.id, person.id)):
            with suppress(DomainError):
                chance.choice(deeds)(article, person)
                done += 1
    assert done > 10
    assert faults() == []


def told(reader, project):
    """What the lists of sources and claims tell of how many there are, and that the pages themselves would show."""
    sources = listing.listed(reader, project, listing.Wanted())
    claims = ledger.listed(reader, project, ledger.Wanted(), date(2026, 1, 1))
    seen = visibility.mentions_visible_to(reader).where(models.Article.outlet.is_not(None))
    outlets = sorted(set(db.session.scalars(seen.with_only_columns(models.Article.outlet))))
    shown = len(sources.rows), len(claims.rows), outlets
    return (sources.total, claims.total, ledger.outlets_of(reader, project)), shown


@pytest.mark.parametrize("seed", range(4))
def test_sources_claims_and_outlets_are_counted_whatever_is_done_and_each_reader_is_told_of_what_they_see(
    app, owner, seed
):
    chance = Random(seed)
    project = make_project("Study", is_blind=bool(seed % 2))
    add_member(project, owner, {Role.SUPERVISOR})
    people = [make_member(name, "analyst", project=project) for name in ("Ann", "Ben")]
    both = make_member("Both", "analyst", "supervisor", project=project)
    readers = [owner, *people, both, make_member("Rea", "researcher", project=project), SHELL]
    articles = [make_article(project=project, outlet=outlet) for outlet in ("Post", "Herald", None)]
    assign(project, [(article.id, person.id) for article in articles for person in (*people, both)], owner)
    sources, claims = [], []

    def some(table, found):
        return db.session.get_one(table, chance.choice(found))

    def version(table, column, key):
        return db.session.scalar(select(table.version).where(column == key, table.is_current)) or 0

    def make_one(by):
        sources.append(make_source(f"Source {len(sources)}", by=by, project=project))
        sentence = chance.choice(sentences_of(chance.choice(articles)))
        claims.append(make_claim(f"Claim {len(claims)}.", sentence, by=by).id)

    def rename(by):
        amend(models.SourceEntry, chance.choice(sources), by=by, name="Renamed")

    def publish(by):
        amend(models.SourceEntry, chance.choice(sources), by=owner, is_published=chance.random() < 0.7)
        claim = some(models.Claim, claims)
        seen = version(models.ClaimWording, models.ClaimWording.claim_id, claim.id)
        publish_claim(claim, owner, is_published=chance.random() < 0.7, seen=seen, client_id=uuid4())

    def withdraw_one(by):
        amend(models.SourceEntry, chance.choice(sources), by=owner, withdrawn_why=chance.choice(("A slip.", None)))
        claim = some(models.Claim, claims)
        seen = version(models.ClaimWording, models.ClaimWording.claim_id, claim.id)
        withdraw_claim(claim, owner, "A slip.", seen, uuid4())

    def merge_two(by):
        one, other = chance.sample(sources, 2)
        if not db.session.scalar(select(models.SourceMerge.id).where(models.SourceMerge.into_id.in_((one, other)))):
            merge_sources(one, other, by=owner)
        claim = some(models.Claim, claims)
        seen = version(models.ClaimMerge, models.ClaimMerge.claim_id, claim.id)
        merge_claim(claim, some(models.Claim, claims), owner, "The same.", seen, uuid4())

    def mention(by):
        article = chance.choice(articles)
        mention_claim(some(models.Claim, claims), chance.choice(sentences_of(article)), by, MentionKind.DENIES, uuid4())

    def take_back(by):
        row = chance.choice(db.session.scalars(select(models.ClaimMention).where(models.ClaimMention.is_current)).all())
        withdraw_mention(row.mention_id, owner, "A slip.", row.version, uuid4())

    deeds = [*[make_one] * 3, rename, publish, withdraw_one, merge_two, *[mention] * 3, take_back]
    deeds += [lambda _: trash_and_restore(articles[0], owner), lambda _: merge(articles[1], owner)]
    make_one(people[0])
    make_one(people[1])
    for _ in range(40):
        with suppress(DomainError):
            chance.choice(deeds)(chance.choice(people))
        db.session.expire_all()
    assert faults() == []
    for reader in readers:
        counted, shown = told(reader, project)
        assert (reader.name, counted) == (reader.name, shown)


# ---- who is told


def test_in_a_blind_round_the_numbers_of_sources_and_claims_tell_nothing_of_others(app, owner):
    project = make_project("Blind", is_blind=True)
    ann, ben = (make_member(name, "analyst", project=project) for name in ("Ann", "Ben"))
    article = make_article(project=project, outlet="Post")
    assign(project, [(article.id, ann.id), (article.id, ben.id)], owner)
    make_source("Reuters", by=ann, project=project)
    make_claim("One came.", sentences_of(article)[0], by=ann)

    assert told(ann, project)[0] == (1, 1, ["Post"])
    assert told(ben, project)[0] == (0, 0, [])


def test_standings_are_told_to_nobody_who_does_not_read_all_answers(disputed, analyst, owner):
    researcher = make_member("Rea", "researcher")

    def told(reader):
        found = visibility.standings_visible_to(reader, first_project())
        return len(db.session.scalars(found).all()), queries.queue_of(first_project(), reader).total

    assert (told(owner), told(SHELL)) == ((3, 3), (3, 3))
    assert (told(analyst), told(researcher)) == ((0, 0), (0, 0))


# ---- the counter


def test_every_write_to_what_figures_are_made_of_raises_the_counter_of_its_project(article, disputed, owner):
    met = [changes()]

    def raised():
        met.append(changes())
        return met[-1] > met[-2]

    third = hand_in(article, "C", Tag.FACT, Tag.FACT, Tag.FACT)
    assert raised()
    return_work(assignment_of(article.id, third), owner, "Look again.")
    assert raised()
    adjudicate(disputed[1], owner, OPINION, 0)
    assert raised()
    accept_unanimous(first_project(), owner, 2)
    assert raised()
    repair(article, owner, RepairRequest(Kind.MERGE, disputed[1].id), 1)
    assert raised()
    trash_article(article, owner)
    assert raised()
    restore_article(article, owner)
    assert raised()
    answer(sentences_of(article)[0], third, Tag.OPINION)
    assert not raised()


def test_a_day_counts_each_sentence_once_whoever_tagged_it_first(app, owner):
    article = make_article(sentences=2)
    first, second = sentences_of(article)
    ann, ben = (make_member(name, "analyst") for name in ("Ann", "Ben"))
    answer(first, ann, Tag.FACT)
    answer(first, ben, Tag.OPINION)
    answer(first, ben, None)
    answer(first, ben, Tag.FACT)
    answer(second, ben, None, note="Not sure yet")
    answer(second, ann, Tag.FACT)

    def counted():
        db.session.rollback()
        return [row.sentences for row in db.session.scalars(select(DaySentences)) if row.sentences]

    assert counted() == [2]
    assert sum(db.session.scalars(select(DayCount.answers))) == 4
    trash_article(article, owner)
    assert counted() == []
    restore_article(article, owner)
    assert counted() == [2]
    assert faults() == []


# ---- the proofs

DAMAGE = {
    "UPDATE article SET sentence_count = 7": "number of sentences",
    "UPDATE assignment SET answered = answered + 1": "number of answers",
    "UPDATE project_count SET articles = articles + 1": "project_count",
    "UPDATE work_count SET answered = answered - 1": "work_count",
    "DELETE FROM day_count": "day_count",
    "DELETE FROM day_sentences": "day_sentences",
    "UPDATE standing SET fact = fact + 1": "where it stands",
    "DELETE FROM standing": "where it stands",
    "UPDATE standing SET state = 'decided'": "where it stands",
    "UPDATE standing_count SET sentences = sentences + 1": "standing_count",
    "UPDATE entry_count SET entries = entries + 1": "entry_count",
    "DELETE FROM outlet_count": "outlet_count",
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_verify_finds_a_count_that_is_off_and_recounting_mends_it(disputed, owner, damage):
    make_source("Reuters")
    make_claim("One came.", sentences_of(make_article(outlet="Outlet"))[0])
    assert faults() == []
    with raw(defended=False) as connection:
        connection.execute(text(damage))

    assert [fault for fault in faults() if DAMAGE[damage] in fault]
    recount()
    assert faults() == []


def test_a_count_of_nothing_is_no_fault(article, analyst, owner):
    pair = [(article.id, analyst.id)]
    assign(first_project(), pair, owner)
    withdraw(db.session.scalars(select(Assignment)).one(), owner)

    assert faults() == []


def test_sentences_divide_alike_whichever_tags_were_given():
    assert division_of(Votes(fact=2, opinion=1)) == division_of(Votes(speculation=1, not_codable=2))
    assert division_of(Votes(fact=2, opinion=1)) != division_of(Votes(fact=2, opinion=2))
    assert division_of(Votes(fact=100, opinion=99)) < 2**63


def test_the_number_kept_with_a_standing_is_the_one_that_the_rule_reckons(disputed):
    rows = db.session.scalars(select(Standing).where(Standing.state == StandingState.TO_SETTLE)).all()

    assert [row.division for row in rows] == [division_of(Votes(fact=1, opinion=1))]


def test_work_taken_up_twice_is_counted_by_the_state_it_is_in(article, analyst, owner):
    take_up(article, analyst)
    for sentence in sentences_of(article):
        answer(sentence, analyst, Tag.FACT)
    submit(article, analyst)
    return_work(assignment_of(article.id, analyst), owner, "Look again.")

    held = db.session.execute(
        select(WorkCount.state, WorkCount.answered).where(WorkCount.assignments > 0).order_by(WorkCount.state)
    )
    assert held.all() == [("returned", 3)]


def test_a_migration_counts_what_is_there(disputed, owner, analyst):
    make_source("Reuters", is_published=True)
    make_claim("One came.", sentences_of(make_article(outlet="Outlet"))[0])
    adjudicate(disputed[1], owner, OPINION, 0)
    answer(sentences_of(make_article())[0], analyst, Tag.FACT)
    trash_article(make_article(), owner)
    downgrade("0017")
    upgrade()

    assert faults() == []
    assert len(states()) == 3
    assert db.session.scalars(select(EntryCount.entries)).all() == [1, 1]
    assert db.session.scalars(select(OutletCount.outlet)).all() == ["Outlet"]
