"""Repairing a split: where a cut may fall, and what it does to answers."""

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.domain.answers import Answer, missing
from webapp.domain.chains import Link
from webapp.domain.errors import BadRepair
from webapp.domain.repair import Fate, Kind, carried, fate, loses_source, merge, move_boundary, split_at
from webapp.domain.segmentation import split
from webapp.domain.spans import Span, why_broken
from webapp.domain.terms import Confidence, CueStance, Reliability, SourceType, Tag

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


A, B, RATED, RATED_LATER = (UUID(int=n) for n in range(1, 5))
TOLD = Answer(
    Tag.ATTRIBUTION,
    source_id=A,
    rating_id=RATED,
    source_text="the general",
    source_type=SourceType.NAMED_PERSON,
    cue_text="said",
    cue_stance=CueStance.NEUTRAL,
    source_reliability=Reliability.B,
    confidence=Confidence.LOW,
    chain=(Link(B, "the agency", SourceType.MEDIA_OUTLET), Link(None, "the paper")),
)
WITHOUT_SOURCE = Answer(Tag.ATTRIBUTION, confidence=Confidence.LOW)


def test_a_chain_goes_with_an_answer_to_both_parts_of_a_split():
    assert carried(Kind.SPLIT, [TOLD]) == TOLD
    assert not loses_source(Kind.SPLIT, [TOLD])


def test_a_merge_keeps_a_chain_that_is_equal_link_by_link():
    assert carried(Kind.MERGE, [TOLD, replace(TOLD, confidence=None)]) == replace(TOLD, confidence=None)
    assert not loses_source(Kind.MERGE, [TOLD, TOLD])


@pytest.mark.parametrize(
    "other",
    [
        {"source_id": B, "rating_id": None, "chain": (Link(A, "the agency"),)},
        {"source_text": "he"},
        {"cue_stance": CueStance.ENDORSING},
        {"chain": ()},
        {"chain": TOLD.chain[:1]},
        {"chain": TOLD.chain[::-1]},
        {"chain": (replace(TOLD.chain[0], source_type=None), TOLD.chain[1])},
    ],
)
def test_a_merge_of_chains_that_differ_anywhere_asks_for_the_source_again(other):
    one, two = TOLD, replace(TOLD, **other)

    for answers in ([one, two], [two, one]):
        merged = carried(Kind.MERGE, answers)
        assert merged == WITHOUT_SOURCE
        assert missing(merged) == "source_type"
        assert loses_source(Kind.MERGE, answers)


def test_a_merge_without_chains_keeps_of_the_source_what_both_say():
    one, two = replace(TOLD, chain=()), replace(TOLD, chain=(), source_text="he", cue_text=None)

    assert carried(Kind.MERGE, [one, two]) == replace(one, source_text=None, cue_text=None)
    assert not loses_source(Kind.MERGE, [one, two])


@pytest.mark.parametrize("other", [{"source_id": B, "rating_id": RATED_LATER}, {"rating_id": RATED_LATER}])
def test_the_letter_of_a_rating_is_kept_only_with_the_rating(other):
    merged = carried(Kind.MERGE, [replace(TOLD, chain=()), replace(TOLD, chain=(), **other)])

    assert (merged.rating_id, merged.source_reliability) == (None, None)


def test_a_letter_that_both_gave_without_a_rating_stays():
    one = Answer(Tag.ATTRIBUTION, source_reliability=Reliability.C)

    assert carried(Kind.MERGE, [one, replace(one, note="x")]).source_reliability is Reliability.C


def links():
    return st.builds(Link, st.none() | st.sampled_from([A, B]), st.none() | st.sampled_from(["he", "she"]))


@given(st.lists(links(), max_size=2), st.lists(links(), max_size=2), links(), links())
def test_a_merge_never_makes_a_chain_that_nobody_gave(chain, other, first, second):
    answers = [
        Answer(Tag.ATTRIBUTION, **vars(own), chain=tuple(behind)) for own, behind in ((first, chain), (second, other))
    ]
    merged = carried(Kind.MERGE, answers)

    assert merged.links in ((), answers[0].links)
    assert bool(merged.links) == bool(answers[0].links and answers[0].links == answers[1].links)
    assert merged.source_id in (None, first.source_id)
