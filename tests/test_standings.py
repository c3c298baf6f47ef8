"""What is kept beside the rows follows every write, is proved, and can be made anew."""

from contextlib import suppress
from random import Random

import pytest
from sqlalchemy import select, text

from tests.adjudication.test_settling import FACT, OPINION, hand_in
from tests.conftest import downgrade, raw, upgrade
from tests.factories import (
    answer,
    assignment_of,
    first_project,
    make_article,
    make_member,
    make_project,
    sentences_of,
    take_up,
)
from webapp import models, visibility
from webapp.adjudication import queries
from webapp.adjudication.actions import accept_unanimous, adjudicate
from webapp.articles.actions import restore_article, trash_article
from webapp.db import db
from webapp.domain.adjudication import Votes, division_of
from webapp.domain.errors import DomainError
from webapp.domain.repair import Kind
from webapp.domain.terms import Tag
from webapp.models import SHELL, Assignment, DayCount, ProjectChange, Role, Standing, StandingState, WorkCount
from webapp.projects.actions import add_member, assign, return_work, withdraw
from webapp.projects.queries import size_of, tags_per_day
from webapp.repair.actions import RepairRequest, repair
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


# ---- who is told


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


# ---- the proofs

DAMAGE = {
    "UPDATE article SET sentence_count = 7": "number of sentences",
    "UPDATE assignment SET answered = answered + 1": "number of answers",
    "UPDATE project_count SET articles = articles + 1": "project_count",
    "UPDATE work_count SET answered = answered - 1": "work_count",
    "DELETE FROM day_count": "day_count",
    "UPDATE standing SET fact = fact + 1": "where it stands",
    "DELETE FROM standing": "where it stands",
    "UPDATE standing SET state = 'decided'": "where it stands",
    "UPDATE standing_count SET sentences = sentences + 1": "standing_count",
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_verify_finds_a_count_that_is_off_and_recounting_mends_it(disputed, damage):
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
    adjudicate(disputed[1], owner, OPINION, 0)
    answer(sentences_of(make_article())[0], analyst, Tag.FACT)
    trash_article(make_article(), owner)
    downgrade("0017")
    upgrade()

    assert faults() == []
    assert len(states()) == 3
