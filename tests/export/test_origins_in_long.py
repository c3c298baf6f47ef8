"""The counts of independent origins in the long file are those that an analyst saw with their newest assessment."""

import csv
import io
from uuid import uuid4

import pytest

from tests.factories import (
    answer,
    first_project,
    make_article,
    make_claim,
    make_item,
    make_member,
    make_project,
    sentences_of,
    take_up,
)
from webapp.claims import actions
from webapp.domain.corroboration import Assessed
from webapp.domain.terms import CorroborationStatus as Status
from webapp.domain.terms import MentionKind, Tag
from webapp.export.actions import export_long_csv
from webapp.notes import notes_on


def counts_for(reader, project=None, **options):
    """By analyst's status, what the file says of each answer."""
    file = "".join(export_long_csv(project or first_project(), reader, **options))
    rows = csv.DictReader(io.StringIO(file, newline=""))
    return [(row["corroboration_status"], row["independent_supporting"], row["independent_refuting"]) for row in rows]


def item(claim, by, stance="supports", **said):
    return make_item(claim, stance, by=by, independence="independent", **said)


def assess(claim, by, status, seen):
    actions.assess(claim, by, Assessed(status), seen, uuid4())


@pytest.fixture
def sentence(app):
    return sentences_of(make_article())[0]


def test_items_that_came_after_the_assessment_are_not_in_its_counts(sentence, owner):
    answer(sentence, owner, Tag.FACT)
    claim = make_claim("It closed.", sentence, by=owner)
    first = item(claim, owner)
    item(claim, owner, same_origin_as=str(first))
    item(claim, owner, "refutes")
    assess(claim, owner, Status.CONTESTED, 0)
    item(claim, owner)
    actions.withdraw_evidence(first, owner, "Entered twice.", 1, uuid4())
    assert counts_for(owner) == [("contested", "1", "1")]

    assess(claim, owner, Status.CORROBORATED, 1)
    assert counts_for(owner) == [("corroborated", "2", "1")]


def test_without_an_item_nothing_was_counted(sentence, owner):
    answer(sentence, owner, Tag.FACT)
    claim = make_claim("It closed.", sentence, by=owner)
    assess(claim, owner, Status.IN_PROGRESS, 0)
    item(claim, owner)

    assert counts_for(owner) == [("in_progress", "", "")]


def test_items_of_a_double_that_was_merged_into_it_are_counted_with_the_claim(sentence, owner):
    answer(sentence, owner, Tag.FACT)
    claim, double = (make_claim(words, sentence, by=owner) for words in ("It closed.", "It was shut."))
    item(double, owner)
    actions.merge_claim(double, claim, owner, None, 0, uuid4())
    assess(claim, owner, Status.CORROBORATED, 0)

    assert counts_for(owner) == [("corroborated", "1", "0")]


@pytest.fixture
def blind(app):
    """A blind project whose one article two analysts have, and what a supervisor published of theirs."""
    project = make_project("Blind", is_blind=True)
    head = make_member("Head", "supervisor", project=project)
    mine, other = (make_member(name, "analyst", project=project) for name in ("Mine", "Other"))
    article = make_article(project=project, by=head)
    sentence = sentences_of(article)[0]
    for person in (mine, other):
        take_up(article, person)
        answer(sentence, person, Tag.FACT)
    claim = make_claim("It closed.", sentence, by=other)
    actions.publish_claim(claim, head, is_published=True, seen=1, client_id=uuid4())
    return project, head, mine, other, sentence, claim


def test_in_a_blind_round_the_items_of_others_are_in_nobodys_counts(blind):
    project, head, mine, other, sentence, claim = blind
    actions.mention_claim(claim, sentence, mine, MentionKind.MAKES, uuid4())
    item(claim, other)
    item(claim, other)
    item(claim, mine)
    assess(claim, mine, Status.CORROBORATED, 0)
    assess(claim, other, Status.CONTESTED, 0)

    assert counts_for(mine, project) == [("corroborated", "1", "0")]
    assert sorted(counts_for(head, project)) == [("contested", "2", "0"), ("corroborated", "1", "0")]


def test_in_a_blind_round_a_note_does_not_tell_where_somebody_else_mentions_the_claim(blind):
    project, head, mine, _, sentence, claim = blind
    assess(claim, mine, Status.CORROBORATED, 0)

    assert counts_for(mine, project) == [("", "", "")]
    assert counts_for(head, project) == [("", "", ""), ("", "", "")]
    assert notes_on(sentence.id, mine) == []

    actions.mention_claim(claim, sentence, mine, MentionKind.REPEATS, uuid4())
    assert counts_for(mine, project) == [("corroborated", "", "")]
    assert [note.assessment.status for note in notes_on(sentence.id, mine)] == [Status.CORROBORATED]


def test_a_claim_that_was_taken_back_makes_no_note_any_more(sentence, owner):
    answer(sentence, owner, Tag.FACT)
    claim = make_claim("It closed.", sentence, by=owner)
    assess(claim, owner, Status.CONTESTED, 0)
    assert counts_for(owner)[0][0] == "contested"
    actions.withdraw_claim(claim, owner, "Typed twice.", 1, uuid4())

    assert counts_for(owner) == [("", "", "")]
    assert notes_on(sentence.id, owner) == []
