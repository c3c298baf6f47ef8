"""Every append-only table is defended, proved, shown and exported; a revision is added by one protocol."""

import inspect as python
import re
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import (
    Select,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy.exc import IntegrityError

from tests.adjudication.test_settling import FACT, OPINION, hand_in
from tests.concurrency import at_once
from tests.conftest import raw
from tests.factories import (
    answer,
    first_project,
    make_article,
    make_claim,
    make_fact,
    make_item,
    make_member,
    make_rating,
    make_source,
    merge_sources,
    sentences_of,
)
from webapp import verification, visibility
from webapp.adjudication.actions import accept_unanimous, adjudicate
from webapp.adjudication.queries import decisions_on
from webapp.articles.actions import trash_article
from webapp.claims.actions import add_note, amend_note, merge_claim, settle_claim
from webapp.db import Base, db, db_write
from webapp.domain.claims import Settlement
from webapp.domain.corroboration import Finding
from webapp.domain.errors import BadDecision
from webapp.domain.intake.description import Description
from webapp.domain.repair import Kind
from webapp.domain.terms import CorroborationStatus, NotPart, Tag
from webapp.export.actions import export_csv_of, export_gold_csv, export_long_csv
from webapp.export.shapes import OF_PROJECT
from webapp.models import SHELL, Annotation, Assessment, AuditEvent, Sentence
from webapp.models.conflicts import Conflict, Gone, Replaced
from webapp.models.revisions import REGISTRY, revised
from webapp.notes import notes_on
from webapp.profiles.actions import resolve_date
from webapp.reading.actions import describe, exclude
from webapp.repair.actions import RepairRequest, repair

WEBAPP = Path(verification.__file__).parent
CHANGING = {
    "codebook_draft": "it is dropped once published",
    "day_count": "it follows what it counts",
    "day_sentences": "it follows what it counts",
    "entry_count": "it follows what it counts",
    "outlet_count": "it follows what it counts",
    "draft": "it is dropped once saved",
    "job": "its progress",
    "job_item": "its state",
    "membership": "roles and codes; the audit tells of changes",
    "project": "settings; the audit tells of changes",
    "project_change": "it counts up",
    "project_count": "it follows what it counts",
    "sign_in_attempt": "old ones are swept away",
    "sign_in_link": "it is used up",
    "standing": "it follows answers and decisions",
    "standing_count": "it follows the standings",
    "user": "name, password, preferences",
    "work_count": "it follows what it counts",
}
"""Tables whose rows change, each with what of them does."""
SHAPES = {
    "long": export_long_csv,
    "gold": export_gold_csv,
    **{shape: partial(export_csv_of, shape) for shape in OF_PROJECT},
}
OPEN = Finding(CorroborationStatus.IN_PROGRESS, "The mine closed.")
FOUND = Finding(CorroborationStatus.CORROBORATED, "The mine closed.")

every_table = pytest.mark.parametrize("kept", REGISTRY.values(), ids=REGISTRY)
every_revision = pytest.mark.parametrize("table", revised(), ids=lambda table: table.__tablename__)


@pytest.fixture
def sentence(app):
    return sentences_of(make_article())[0]


# ---- the tables


def test_every_table_is_append_only_or_named_as_one_that_changes():
    assert set(Base.metadata.tables) - set(REGISTRY) == set(CHANGING)


@every_table
def test_the_database_defends_every_append_only_table(app, kept):
    table = kept.model.__tablename__
    is_sqlite = db.engine.dialect.name == "sqlite"
    triggers = set(
        db.session.scalars(text("SELECT name FROM sqlite_master" if is_sqlite else "SELECT tgname FROM pg_trigger"))
    )
    columns = {column.name for column in kept.model.__table__.columns}

    assert {f"{table}_keeps_{what}" for what in ("rows", "values", *(("keys",) if is_sqlite else ()))} <= triggers
    assert set(kept.may_change) | set(kept.never_changes) <= columns


@every_table
def test_verify_proves_something_of_every_append_only_table(kept):
    assert [proof.of for proof in verification.PROOFS if kept.model in proof.tables]


@every_table
def test_a_function_of_visibility_says_who_reads_every_append_only_table(app, owner, kept):
    shown = getattr(visibility, kept.shown_by)
    said = {"actor": owner, "project": first_project(), "round_id": first_project().running.id}

    assert "actor" in python.signature(shown).parameters
    assert [path for path in WEBAPP.rglob("*.py") if f"visibility.{kept.shown_by}(" in path.read_text("utf-8")]
    if python.get_annotations(shown)["return"] is Select:
        asked = [name for name, one in python.signature(shown).parameters.items() if one.default is one.empty]
        shows = shown(**{name: said[name] for name in asked})
        assert str(shows).split("FROM")[1].split()[0] == kept.model.__tablename__


@every_table
def test_every_append_only_table_is_exported_or_named_as_not(app, statements, kept):
    assert bool(kept.exported_in) != bool(kept.not_exported)
    make_article()
    make_source("Reuters")
    make_claim("It closed.", sentences_of(make_article())[0])
    for name in kept.exported_in:
        with statements() as seen:
            "".join(SHAPES[name](first_project(), SHELL))
        assert re.search(rf"\b(FROM|JOIN) {kept.model.__tablename__}\b", "\n".join(seen)), name


@pytest.fixture
def one_of_each(divided, analyst, owner):
    """A revision in every table of revisions."""
    add_note(divided[0], analyst, OPEN, uuid4())
    adjudicate(divided[0], owner, FACT, 0)
    source_id = make_source("Reuters", aliases=["RTR"], by=owner)
    make_fact(source_id, "country", "United Kingdom", by=owner)
    make_rating(source_id, "B", by=owner)
    merge_sources(make_source("Reuter", by=owner), source_id, by=owner)
    claim, other = make_claim("It closed.", divided[0], by=owner), make_claim("It shut.", divided[0], by=owner)
    make_item(claim, by=owner)
    settle_claim(claim, owner, Settlement(CorroborationStatus.CORROBORATED, "One says so."), 0, uuid4())
    merge_claim(other, claim, owner, None, 0, uuid4())
    dated = make_article("He came last week.")
    resolve_date(dated, owner, (8, 17), "2013-10-14/2013-10-20", 0, uuid4())
    exclude(sentences_of(dated)[0], owner, NotPart.BYLINE, 0, uuid4())
    describe(dated, owner, Description(title="Last week"), None, 1, uuid4())
    db.session.rollback()


@every_revision
@pytest.mark.parametrize("damage", ["version = version + 10", "is_current = (1 = 0)"])
def test_verify_finds_a_gap_in_every_table_of_revisions(one_of_each, table, damage):
    with raw(defended=False) as connection:
        connection.execute(text(f"UPDATE {table.__tablename__} SET {damage}"))

    assert [fault for fault in verification.faults() if f"the {table.noun}s are not an unbroken chain" in fault]


@every_revision
def test_the_declared_keys_of_revisions_are_there(app, table):
    name = table.__tablename__
    unique = {tuple(key["column_names"]) for key in inspect(db.engine).get_unique_constraints(name)}
    current = [index for index in inspect(db.engine).get_indexes(name) if index["name"] == f"uq_{name}_current"]

    assert {(*table.revision_of, "version"), (table.author_column, "client_id")} <= unique
    assert [(index["column_names"], index["unique"]) for index in current] == [(list(table.revision_of), 1)]


# ---- the protocol


def test_a_repeat_gives_back_what_was_written_whatever_became_of_it(analyst, sentence, owner):
    first, second = uuid4(), uuid4()
    note = add_note(sentence, analyst, OPEN, first)
    amended = amend_note(note.note_key, analyst, FOUND, 1, second)
    trash_article(sentence.article, owner)

    assert add_note(sentence, analyst, OPEN, first).id == note.id
    assert amend_note(note.note_key, analyst, FOUND, 1, second).id == amended.id


def test_what_is_sent_otherwise_under_the_same_client_id_is_a_conflict(analyst, sentence, owner):
    client_id = uuid4()
    note = add_note(sentence, analyst, OPEN, client_id)

    with pytest.raises(Conflict) as late:
        add_note(sentence, analyst, FOUND, client_id)
    assert late.value.current.id == note.id
    assert len(notes_on(sentence.id, analyst)) == 1


def test_a_version_that_never_was_is_a_conflict(analyst, sentence):
    note = add_note(sentence, analyst, OPEN, uuid4())

    with pytest.raises(Conflict):
        amend_note(note.note_key, analyst, FOUND, 7, uuid4())


def test_the_old_revision_steps_back_and_one_is_current(analyst, sentence):
    note = add_note(sentence, analyst, OPEN, uuid4())
    for seen in (1, 2):
        amend_note(note.note_key, analyst, FOUND, seen, uuid4())

    rows = db.session.scalars(select(Assessment).order_by(Assessment.version))
    assert [(row.version, row.is_current) for row in rows] == [(1, False), (2, False), (3, True)]


def test_the_rows_are_locked_before_anything_is_asked(app, analyst, sentence, monkeypatch, statements):
    held = []
    monkeypatch.setattr("webapp.models.revisions.lock_rows", lambda _session, rows: held.append((len(seen), str(rows))))
    with statements() as seen:
        add_note(sentence, analyst, OPEN, uuid4())

    [(before, rows)] = held
    assert "FROM article" in rows
    assert not [statement for statement in seen[:before] if "corroboration_note" in statement]


def test_everything_closed_is_refused_in_the_same_words(analyst, owner):
    article = make_article()
    first, second, third = sentences_of(article)
    for name in ("A", "B"):
        hand_in(article, name, Tag.FACT, Tag.FACT, Tag.FACT)
    repair(article, owner, RepairRequest(Kind.MERGE, first.id), 1)
    writes = {
        "answer": lambda sentence: answer(sentence, analyst, Tag.FACT),
        "note": lambda sentence: add_note(sentence, analyst, OPEN, uuid4()),
        "decision": lambda sentence: adjudicate(sentence, owner, FACT, 0, uuid4()),
    }

    def refused(sentence, kind):
        sentences = set()
        for write in writes.values():
            with pytest.raises(kind) as why:
                write(sentence)
            sentences.add(str(why.value))
        return sentences

    assert len(refused(second, Replaced)) == 1
    trash_article(article, owner)
    assert len(refused(third, Gone)) == 1


# ---- gold


@pytest.fixture
def divided(app):
    article = make_article("One came. Two went.")
    hand_in(article, "A", Tag.FACT, Tag.FACT)
    hand_in(article, "B", Tag.OPINION, Tag.FACT)
    return sentences_of(article)


def decided(sentence):
    db.session.rollback()
    return [(row.version, row.gold_tag, row.is_current) for row in decisions_on(sentence.id)]


def test_a_second_click_is_one_decision(divided, owner):
    client_id = uuid4()
    first = adjudicate(divided[0], owner, FACT, 0, client_id)

    assert adjudicate(divided[0], owner, FACT, 0, client_id).id == first.id
    assert decided(divided[0]) == [(1, Tag.FACT, True)]
    assert len(db.session.scalars(select(AuditEvent).where(AuditEvent.what == "adjudicated")).all()) == 1


def test_a_second_click_counts_once_even_after_somebody_decided_otherwise(divided, owner):
    client_id = uuid4()
    adjudicate(divided[0], owner, FACT, 0, client_id)
    adjudicate(divided[0], make_member("Other", "supervisor"), OPINION, 1, uuid4())

    assert adjudicate(divided[0], owner, FACT, 0, client_id).version == 1
    assert decided(divided[0]) == [(2, Tag.OPINION, True), (1, Tag.FACT, False)]


def test_the_client_id_of_a_decision_is_refused_for_another_sentence(divided, owner):
    client_id = uuid4()
    adjudicate(divided[0], owner, FACT, 0, client_id)

    with pytest.raises(BadDecision, match="another decision"):
        adjudicate(divided[1], owner, FACT, 0, client_id)


def test_a_second_click_accepts_the_unanimous_ones_once(divided, owner):
    client_id = uuid4()

    assert [accept_unanimous(first_project(), owner, 1, client_id) for _ in range(2)] == [1, 1]
    assert decided(divided[1]) == [(1, Tag.FACT, True)]


def test_the_form_of_a_decision_carries_a_client_id_of_its_own_each_time(client, sign_in, owner, divided):
    sign_in(owner)
    address = f"/sentences/{divided[0].id}/adjudication"
    sent = {"gold_tag": "FACT", "deciding_rule": "R5", "cause": "slip", "reason": "An order is an act."}

    def hidden(page):
        return {name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)[1] for name in ("seen", "client_id")}

    form = hidden(client.get(address).text)
    assert [client.post(address, data=sent | form).status_code for _ in range(2)] == [302, 302]
    assert decided(divided[0]) == [(1, Tag.FACT, True)]
    again = hidden(client.get(address).text)
    assert (again["seen"], again["client_id"] != form["client_id"]) == ("1", True)


def test_going_back_and_sending_another_decision_shows_both_and_loses_neither(client, sign_in, owner, divided):
    sign_in(owner)
    address = f"/sentences/{divided[0].id}/adjudication"
    sent = {"gold_tag": "FACT", "deciding_rule": "R5", "cause": "slip", "reason": "An order is an act."}
    form = {"seen": "0", "client_id": str(uuid4())}
    client.post(address, data=sent | form)
    late = client.post(address, data=sent | form | {"gold_tag": "OPINION"})

    assert late.status_code == 409
    fresh = {name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', late.text)[1] for name in ("seen", "client_id")}
    assert client.post(address, data=sent | fresh | {"gold_tag": "OPINION"}).status_code == 302
    assert decided(divided[0]) == [(2, Tag.OPINION, True), (1, Tag.FACT, False)]


def test_a_note_amended_from_a_form_that_was_late_can_be_sent_again(client, sign_in, analyst, sentence):
    sign_in(analyst)
    note = add_note(sentence, analyst, OPEN, uuid4())
    amend_note(note.note_key, analyst, FOUND, 1, uuid4())
    address, key = f"/sentences/{sentence.id}/notes", str(note.note_key)
    sent = {"status": "contested", "claim": "It closed.", "note_key": key}
    late = client.post(address, data=sent | {"seen": "1", "client_id": str(uuid4())})

    assert late.status_code == 409
    mine = late.text.split("New note")[1]
    fresh = {name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', mine)[1] for name in ("seen", "client_id")}
    assert client.post(address, data=sent | fresh).status_code == 302
    db.session.rollback()
    assert [(row.assessment.version, row.assessment.claim) for row in notes_on(sentence.id, analyst)] == [
        (3, "It closed.")
    ]


def test_of_many_decisions_at_once_one_counts_and_its_repeats_are_known(app, divided, owner):
    client_id, sentence_id = uuid4(), divided[0].id
    db.session.rollback()

    def deciding(write):
        return lambda: adjudicate(db.session.get_one(Sentence, sentence_id), owner, FACT, 0, write).version

    outcomes = at_once(app, *[deciding(client_id)] * 4, *(deciding(uuid4()) for _ in range(4)))

    told = {"decided" if outcome == 1 else type(outcome).__name__ for outcome in outcomes}
    assert told == {"decided", "Conflict"}
    assert outcomes.count(1) in (1, 4)
    assert decided(divided[0]) == [(1, Tag.FACT, True)]


def test_only_being_current_may_change_of_a_decision(divided, owner):
    adjudicate(divided[0], owner, FACT, 0)
    adjudicate(divided[0], owner, OPINION, 1)

    for change in ("client_id = 'x'", "at = '2020-01-01'", "version = 3", "votes_fact = 0"):
        with pytest.raises(IntegrityError, match="never changes"), db_write() as session:
            session.execute(text(f"UPDATE adjudication SET {change} WHERE version = 1"))


def test_an_answer_carried_over_is_a_revision_like_any_other(analyst, owner):
    article = make_article("One came today. Two went.")
    sentence = sentences_of(article)[0]
    answer(sentence, analyst, Tag.FACT)
    note = add_note(sentence, analyst, OPEN, uuid4())
    repair(article, owner, RepairRequest(Kind.SPLIT, sentence.id, 4), 1)

    first = sentences_of(article)[0]
    [moved] = notes_on(first.id, analyst)
    assert (moved.assessment.note_key, moved.mention.version, moved.mention.to_confirm) == (note.note_key, 2, True)
    carried = db.session.scalars(select(Annotation).where(Annotation.sentence_id == first.id)).one()
    assert (carried.version, carried.is_current, carried.to_confirm) == (1, True, True)
    assert verification.faults() == []


def test_a_pinned_answer_of_somebody_else_is_found(divided, owner, analyst):
    other = answer(divided[0], analyst, Tag.FACT)
    with db_write() as session:
        pins = Base.metadata.tables["submission_annotation"]
        session.execute(insert(pins).values(submission_id=1, annotation_id=other.id))

    assert any("pins answers that are not of its analyst" in fault for fault in verification.faults())
