"""`claimtag verify` finds what is off, wherever it is."""

from uuid import uuid4

import pytest
from sqlalchemy import text

from tests.conftest import raw
from tests.factories import answer, make_article, sentences_of
from webapp import verification
from webapp.claims.actions import add_note
from webapp.db import db
from webapp.domain.corroboration import Finding
from webapp.domain.terms import CorroborationStatus, Tag


@pytest.fixture
def filled(app, owner):
    sentence = sentences_of(make_article())[0]
    answer(sentence, owner, Tag.FACT)
    answer(sentence, owner, Tag.OPINION)
    add_note(sentence, owner, Finding(CorroborationStatus.IN_PROGRESS, "It was so."), uuid4())
    return app


def test_a_sound_database_has_no_faults(filled):
    assert verification.faults() == []


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        ("UPDATE article SET text = text || '!' WHERE id = 2", "Article 2: the text does not have the hash"),
        ("UPDATE article SET original = :zero WHERE id = 2", "Article 2: the upload does not have the hash"),
        ("UPDATE sentence SET start = start + 1 WHERE id = 3", "Article 1: in version 1 of the split"),
        ("DELETE FROM sentence WHERE id = 3", "Article 1: in version 1 of the split"),
        ("UPDATE article SET segmentation_version = 3 WHERE id = 1", "the edits on record do not lead there"),
        ("UPDATE sentence SET added_in = 9 WHERE id = 3", "a version of the split that never was"),
        ("UPDATE annotation SET is_current = false", "not an unbroken chain"),
        ("DELETE FROM annotation WHERE version = 1", "not an unbroken chain"),
        ("DELETE FROM annotation WHERE version = 2", "not an unbroken chain"),
        ("UPDATE assessment SET version = 2", "Note "),
        ("UPDATE annotation SET sentence_id = 999", "points to a row of sentence"),
    ],
)
def test_damage_is_found_and_named(filled, damage, sentence):
    db.session.remove()
    with raw(defended=False) as connection:
        connection.execute(text(damage), {"zero": b"\0"})

    assert any(sentence in fault for fault in verification.faults()), verification.faults()
