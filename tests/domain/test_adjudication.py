"""Settling: what is divided, what is whole, what makes gold of itself, and how gaps become drafts."""

from dataclasses import fields

import pytest

from webapp.domain import codebook
from webapp.domain.adjudication import (
    Cause,
    CodebookGap,
    DecidingRule,
    Decision,
    Method,
    Votes,
    decision_from,
    draft_of_rules,
    equally_divided,
    is_settled,
    rules_in,
)
from webapp.domain.errors import BadDecision, UnfinishedDecision
from webapp.domain.terms import Tag

WHOLE = {"gold_tag": "FACT", "deciding_rule": "R5", "cause": "slip", "reason": " An order is an act. "}


@pytest.mark.parametrize(
    ("votes", "divided", "unanimous"),
    [
        (Votes(), False, None),
        (Votes(fact=1), False, None),
        (Votes(fact=2), False, Tag.FACT),
        (Votes(not_codable=3), False, Tag.NOT_CODABLE),
        (Votes(fact=1, opinion=1), True, None),
        (Votes(fact=3, not_codable=1), True, None),
    ],
)
def test_what_is_divided_and_what_is_unanimous(votes, divided, unanimous):
    assert (votes.is_divided, votes.unanimous_tag) == (divided, unanimous)


def test_votes_name_the_tags_given_in_the_order_of_the_codebook():
    votes = Votes(opinion=1, fact=2)

    assert list(votes.per_tag.items()) == [(Tag.FACT, 2), (Tag.OPINION, 1)]
    assert votes.n_coders == 3


def test_the_most_divided_comes_first_then_the_order_of_the_texts():
    votes = [Votes(fact=3, opinion=1), Votes(fact=4), Votes(1, 1, 1, 1), Votes(fact=1, opinion=1), Votes(2, 2)]

    assert equally_divided(votes) == [[2], [3, 4], [0]]
    assert equally_divided([Votes(fact=4)]) == []


def test_not_codable_against_a_tag_is_a_dispute_too():
    assert equally_divided([Votes(fact=3, not_codable=1)]) == [[0]]


@pytest.mark.parametrize(
    ("method", "votes", "settled"),
    [
        (None, Votes(fact=2), False),
        (Method.UNANIMOUS, Votes(fact=2), True),
        (Method.UNANIMOUS, Votes(fact=2, opinion=1), False),
        (Method.ADJUDICATED, Votes(fact=1, opinion=1), True),
    ],
)
def test_a_unanimous_one_is_open_again_once_a_later_answer_differs(method, votes, settled):
    assert is_settled(method, votes) is settled


def test_votes_are_counted_in_the_order_of_the_tags():
    assert [field.name for field in fields(Votes)] == [tag.column for tag in Tag]
    assert Votes(5, 4, 3, 2, 1).counts == (5, 4, 3, 2, 1)
    assert list(Votes(5, 4, 3, 2, 1).per_tag) == list(Tag)


def test_a_whole_decision_is_read():
    assert decision_from(WHOLE) == Decision(Tag.FACT, DecidingRule.R5, Cause.SLIP, "An order is an act.")


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("gold_tag", "", "Choose the gold tag"),
        ("gold_tag", "TRUTH", "Choose the gold tag"),
        ("deciding_rule", "", "Name the rule"),
        ("deciding_rule", "R23", "Name the rule"),
        ("cause", None, "Say why"),
        ("reason", "   ", "Write the reason"),
        ("reason", "x" * 2_001, "2,001 characters"),
        ("reason", "a\x00b", "cannot be stored"),
    ],
)
def test_what_is_missing_is_named(name, value, says):
    with pytest.raises(BadDecision, match=says):
        decision_from(WHOLE | {name: value})


def test_all_that_is_missing_is_named_at_once_each_at_its_field():
    with pytest.raises(UnfinishedDecision) as refused:
        decision_from({"deciding_rule": "R5"})

    assert list(refused.value.faults) == ["gold_tag", "cause", "reason"]


def test_the_rules_are_those_of_the_codebook():
    rules = rules_in(codebook.first_text())

    assert [rule.number for rule in rules] == [rule.value for rule in DecidingRule if rule.value.startswith("R")]
    assert rules[4].text.startswith("Telling verbs carry content")
    assert {r.number: r.case for r in rules} == {
        rule.value: rule.meaning.replace("’", "'") for rule in DecidingRule if rule.value.startswith("R")
    }


def test_gaps_become_drafts_of_the_next_rules():
    gap = CodebookGap("Ferry", 3, "That was\nall.", Votes(fact=1, attribution=1), Tag.FACT, "An act.")

    draft = draft_of_rules("1.0", [gap, gap])
    assert "R23  Case: …" in draft
    assert "R24  Case: …" in draft
    assert "Example: “That was all.” → FACT" in draft
    assert "From: Ferry, sentence 3 (analysts: 1 Fact, 1 Attribution)" in draft
