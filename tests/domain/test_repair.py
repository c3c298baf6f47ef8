"""Repairing a split: where a cut may fall, and what it does to answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.domain.answers import Answer
from webapp.domain.errors import BadRepair
from webapp.domain.repair import Fate, Kind, carried, fate, merge, move_boundary, split_at
from webapp.domain.segmentation import split
from webapp.domain.spans import Span, why_broken
from webapp.domain.terms import Confidence, SourceType, Tag

TEXT = "One came.  Two went. Three stayed."
ONE, TWO, THREE = Span(0, 9, 1), Span(11, 20, 1), Span(21, 34, 1)


def cut(repair):
    return [TEXT[span.start : span.end] for span in repair.after]


def test_a_split_leaves_the_white_space_between():
    assert cut(split_at(TEXT, ONE, 3)) == cut(split_at(TEXT, ONE, 4)) == ["One", "came."]


def test_a_merge_takes_the_gap_in():
    assert cut(merge(ONE, TWO)) == ["One came.  Two went."]


def test_a_boundary_moves_both_ways():
    assert cut(move_boundary(TEXT, TWO, THREE, 14)) == ["Two", "went. Three stayed."]
    assert cut(move_boundary(TEXT, TWO, THREE, 26)) == ["Two went. Three", "stayed."]


@pytest.mark.parametrize("at", [-5, 0, 9, 10, 99])
def test_a_cut_outside_the_sentence_is_refused(at):
    with pytest.raises(BadRepair, match="Put the caret"):
        split_at(TEXT, ONE, at)


def test_a_boundary_that_stays_is_refused():
    with pytest.raises(BadRepair, match="there already"):
        move_boundary(TEXT, ONE, TWO, 10)


def test_offsets_count_code_points():
    text = "🚢🚢 sailed. It sank."
    (first, _) = split(text)

    assert [text[s.start : s.end] for s in split_at(text, first, 2).after] == ["🚢🚢", "sailed."]


@given(st.text(st.sampled_from("ab.🚢 \n\u200b\u00a0"), max_size=40), st.data())
def test_any_repair_keeps_the_text_whole(text, data):
    spans = split(text)
    if not spans:
        return
    n = data.draw(st.integers(0, len(spans) - 1))
    at = data.draw(st.integers(-1, len(text) + 1))
    try:
        if data.draw(st.booleans()) or n + 1 == len(spans):
            plan, gone = split_at(text, spans[n], at), 1
        else:
            plan, gone = move_boundary(text, spans[n], spans[n + 1], at), 2
    except BadRepair:
        return
    assert why_broken(text, [*spans[:n], *plan.after, *spans[n + gone :]]) is None


FACT, OPINION = Answer(Tag.FACT), Answer(Tag.OPINION)


@pytest.mark.parametrize(
    ("kind", "answers", "what"),
    [
        (Kind.SPLIT, [FACT], Fate.CARRIED),
        (Kind.SPLIT, [None], None),
        (Kind.SPLIT, [Answer()], None),
        (Kind.MERGE, [FACT, FACT], Fate.CARRIED),
        (Kind.MERGE, [FACT, OPINION], Fate.ASKED_AGAIN),
        (Kind.MERGE, [FACT, None], Fate.ASKED_AGAIN),
        (Kind.MERGE, [None, Answer()], None),
        (Kind.MOVE, [FACT, FACT], Fate.ASKED_AGAIN),
    ],
)
def test_what_becomes_of_answers(kind, answers, what):
    assert fate(kind, answers) == what


def test_a_merge_keeps_the_fields_on_which_both_agree():
    one = Answer(Tag.ATTRIBUTION, source_type=SourceType.GROUP, confidence=Confidence.LOW, active_seconds=4)
    two = Answer(Tag.ATTRIBUTION, source_type=SourceType.GROUP, note="Hard.", active_seconds=5)

    assert carried(Kind.MERGE, [one, two]) == Answer(Tag.ATTRIBUTION, source_type=SourceType.GROUP, active_seconds=9)
