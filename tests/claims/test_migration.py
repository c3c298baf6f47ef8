"""Notes become assessments of claims: every row stays, wordings and places are those of the notes, nothing is made up."""

from uuid import uuid4

import pytest
from sqlalchemy import select, text

from tests.conftest import downgrade, upgrade
from tests.factories import make_article, make_claim, make_item, sentences_of
from webapp import verification
from webapp.claims.actions import add_note, amend_note
from webapp.db import db
from webapp.domain.corroboration import Finding
from webapp.domain.errors import MigrationRefused
from webapp.domain.repair import Kind
from webapp.domain.terms import CorroborationStatus as Status
from webapp.domain.terms import MentionKind
from webapp.models import Assessment, Claim, ClaimMention, ClaimWording, Evidence
from webapp.notes import notes_on
from webapp.repair.actions import RepairRequest, repair

LOOKING = Finding(Status.IN_PROGRESS, "The mine closed.", url="https://example.org/mine")


def rows(statement):
    found = [tuple(row) for row in db.session.execute(text(statement))]
    db.session.rollback()
    return found


@pytest.fixture
def notes(app, analyst, owner):
    """Two notes of one wording on one sentence, one of them amended twice and worded anew once."""
    sentence = sentences_of(make_article())[0]
    note = add_note(sentence, analyst, LOOKING, uuid4())
    amend_note(note.note_key, analyst, Finding(Status.CONTESTED, "The mine closed."), 1, uuid4())
    amend_note(note.note_key, analyst, Finding(Status.CONTESTED, "The mine was shut."), 2, uuid4())
    other = add_note(sentence, owner, LOOKING, uuid4())
    db.session.rollback()
    return note.note_key, other.note_key


def test_filled_notes_go_down_and_up_again_without_loss(notes):
    of_notes = "note_key, author_id, sentence_id, status, claim, note, url, version, is_current, client_id, created_at"
    before = rows(f"SELECT {of_notes} FROM assessment ORDER BY id")
    wordings = rows("SELECT claim_id, wording, version, is_current FROM claim_wording ORDER BY claim_id, version")
    mentions = rows("SELECT mention_id, claim_id, sentence_id, kind, version FROM claim_mention ORDER BY mention_id")
    downgrade("0014")
    assert rows(f"SELECT {of_notes} FROM corroboration_note ORDER BY id") == before

    upgrade()

    assert rows(f"SELECT {of_notes} FROM assessment ORDER BY id") == before
    assert (
        rows("SELECT claim_id, wording, version, is_current FROM claim_wording ORDER BY claim_id, version") == wordings
    )
    assert (
        rows("SELECT mention_id, claim_id, sentence_id, kind, version FROM claim_mention ORDER BY mention_id")
        == mentions
    )
    assert verification.faults() == []


def test_each_note_makes_one_claim_with_its_wordings_and_one_mention_where_it_stands_now(notes, analyst):
    first, second = notes
    moved = sentences_of(make_article())[1].id
    db.session.rollback()
    downgrade("0014")
    with db.engine.begin() as connection:  # as a repair of the split had moved it
        connection.exec_driver_sql("UPDATE corroboration_note SET is_current = (1 = 0) WHERE version = 3")
        connection.execute(
            text(
                "INSERT INTO corroboration_note (note_key, sentence_id, author_id, status, to_confirm, claim, note, url, version,"
                " is_current, client_id, created_at) SELECT note_key, :moved, author_id, status, (1 = 1), claim, note, url, 4,"
                " (1 = 1), :client_id, created_at FROM corroboration_note WHERE version = 3"
            ),
            {"moved": moved, "client_id": uuid4().hex},
        )
    upgrade()

    assert set(db.session.scalars(select(Claim.id))) == {first, second}
    worded = db.session.scalars(
        select(ClaimWording).where(ClaimWording.claim_id == first).order_by(ClaimWording.version)
    )
    assert [(row.wording, row.is_current) for row in worded] == [
        ("The mine closed.", False),
        ("The mine was shut.", True),
    ]
    mention = db.session.scalars(select(ClaimMention).where(ClaimMention.claim_id == first)).one()
    assert (mention.kind, mention.sentence_id, mention.to_confirm) == (MentionKind.MAKES, moved, True)
    assert db.session.scalars(select(Evidence)).all() == []
    assert [note.assessment.note_key for note in notes_on(moved, analyst)] == [first]
    assert next(row.url for row in db.session.scalars(select(Assessment).order_by(Assessment.id))) == LOOKING.url
    assert verification.faults() == []


def test_what_the_older_version_cannot_hold_is_not_taken_from_it(notes, owner):
    claim = db.session.scalars(select(Claim)).first()
    make_item(claim, by=owner)

    with pytest.raises(MigrationRefused, match="1 settlements, merges and items of evidence are on record"):
        downgrade("0014")


def test_a_claim_that_is_no_note_is_not_taken_from_it(app, owner):
    make_claim("It closed.", sentences_of(make_article())[0], by=owner)

    with pytest.raises(MigrationRefused, match="claims without an assessment"):
        downgrade("0014")


@pytest.mark.parametrize("kind", Kind)
def test_after_a_repair_of_the_split_the_way_back_is_refused_with_a_sentence_and_nothing_is_lost(app, owner, kind):
    article = make_article("The mine closed in May. The owner denies it.")
    first = sentences_of(article)[0]
    note = add_note(first, owner, LOOKING, uuid4())
    repair(article, owner, RepairRequest(kind, first.id, 9 if kind is not Kind.MERGE else None), 1)
    before = rows("SELECT mention_id, sentence_id, version, to_confirm FROM claim_mention ORDER BY id")

    with pytest.raises(MigrationRefused) as refused:
        downgrade("0014")

    moved = 2 if kind is Kind.SPLIT else 1
    assert str(refused.value).startswith(f"{moved} revisions of mentions tell of repairs of the split, or")
    assert "restore a backup instead" in str(refused.value)
    assert rows("SELECT mention_id, sentence_id, version, to_confirm FROM claim_mention ORDER BY id") == before
    assert rows("SELECT note_key FROM assessment") == [(note.note_key.hex,)]
    assert verification.faults() == []
