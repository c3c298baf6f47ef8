"""The rule that may decide: told from the pair of tags and the words, never a verdict."""

import pytest

from webapp.domain.deciding_rules import MOST, may_decide
from webapp.domain.terms import Tag

F, A, S, O, N = Tag  # noqa: E741


@pytest.mark.parametrize(
    ("rule", "pair", "text"),
    [
        ("R1", (A, S), "The envoy warned that talks may fail."),
        ("R1", (A, O), "The critic told us that the film is a disaster."),
        ("R2", (A, F), "Security sources say the cell was small."),
        ("R3", (A, F), "Our sources report that the ship has left."),
        ("R4", (A, F), "She is said to have left."),
        ("R4", (A, S), "She is expected to leave."),
        ("R5", (A, F), "The union demanded talks."),
        ("R5", (A, F), "The union said talks had stalled."),
        ("R6", (F, S), "The guild wants a bigger share."),
        ("R6", (A, S), "The mayor is desperate to save face."),
        ("R7", (F, S), "Sensing weakness, the bank sold its stake."),
        ("R8", (F, S), "Rebels will cut the northern road before winter."),
        ("R9", (F, S), "Had it rained, the dam would have failed."),
        ("R10", (F, O), "The shameful raid killed two."),
        ("R11", (F, O), "Most telling was the 3 May call between the two chairmen."),
        ("R13", (A, F), "“The bridge is open.”"),
        ("R14", (A, F), "He left the room at noon."),
        ("R15", (A, S), "The club has motives of its own:"),
        ("R16", (F, N), "Background"),
        ("R17", (S, O), "Will the ceasefire hold?"),
        ("R18", (A, F), "The mine closed, and the owner blames the law."),
        ("R19", (F, S), "The plant was closed to punish the town."),
        ("R20", (F, O), "It is the largest recall on record."),
        ("R21", (A, F), "They claim to have built their own missiles."),
        ("R22", (A, F), "The minister denied the report."),
        ("R22", (A, F), "The ministry declined to comment."),
    ],
)
def test_the_examples_of_the_codebook_find_their_rule(rule, pair, text):
    assert may_decide({pair[0]: 1, pair[1]: 1}, text)[0].rule == rule


def test_the_words_that_call_for_the_rule_are_named():
    (first, *_) = may_decide({F: 2, S: 1}, "The guild wants a bigger share.")

    assert (first.rule, first.words) == ("R6", "wants")


def test_the_two_tags_with_most_votes_are_the_pair():
    text = "The guild wants a bigger share."

    assert may_decide({F: 3, S: 2, A: 1}, text)[0].rule == "R6"
    assert may_decide({F: 3, O: 2, S: 1}, text) == ()


@pytest.mark.parametrize("votes", [{}, {F: 3}, {F: 0, S: 2}])
def test_nothing_is_suggested_where_nobody_differs(votes):
    assert may_decide(votes, "The guild wants a bigger share.") == ()


def test_nothing_is_suggested_where_the_words_give_no_hint():
    assert may_decide({F: 1, S: 1}, "The bridge reopened on Tuesday.") == ()


def test_at_most_two_rules_are_suggested():
    text = "“They claim,” sources said, and it was reportedly denied, that the largest shameful raid could come?"

    for pair in ((A, F), (A, S), (A, O), (F, S), (F, O), (S, O)):
        assert len(may_decide(dict.fromkeys(pair, 1), text)) <= MOST


@pytest.mark.parametrize("text", ["", " ", "؟", "‘", "如果", "a" * 5000, "«" * 200])
def test_any_text_is_fine(text):
    for pair in ((A, F), (S, O), (F, N)):
        assert isinstance(may_decide(dict.fromkeys(pair, 1), text), tuple)
