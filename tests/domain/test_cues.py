"""Cue words: found in every form, with their kind, where a reader would see them."""

from itertools import pairwise

import pytest

from webapp.domain.cues import KIND_OF, Cue, CueKind, cues_in


def marked(text):
    return [(text[cue.start : cue.end], cue.kind.value) for cue in cues_in(text)]


@pytest.mark.parametrize(
    ("text", "cues"),
    [
        ("The envoy warned that talks may fail.", [("warned", "telling"), ("may", "modal")]),
        ("She is said to have left.", [("is said to", "hearsay")]),
        ("She is  expected\nto leave.", [("is  expected\nto", "hearsay")]),
        ("The fund reportedly lost a third.", [("reportedly", "hearsay")]),
        ("According to the memo, rates will fall.", [("According to", "telling"), ("will", "modal")]),
        ("The guild wants a bigger share.", [("wants", "mind")]),
        ("The shameful raid killed two.", [("shameful", "loaded")]),
        ("He admitted it and denied the rest.", [("admitted", "telling"), ("denied", "telling")]),
        ("They won’t come.", [("won’t", "modal")]),
        ("The bridge reopened on Tuesday.", []),
        ("It closed on 3 May 2013.", []),
        ("May I come?", [("May", "modal")]),
        ("A well-told, saying-rich unsaid text.", []),
    ],
)
def test_cues_are_found_with_their_kind(text, cues):
    assert marked(text) == cues


def test_offsets_count_code_points():
    assert cues_in("🚢 said") == [Cue(2, 6, CueKind.TELLING)]


def test_no_cue_overlaps_another():
    cues = cues_in("It is believed to be said to have told him that it is going to be set to fail if it may.")

    assert all(one.end <= two.start for one, two in pairwise(cues))


def test_every_kind_has_its_words():
    assert {kind: sum(k is kind for k in KIND_OF.values()) >= 10 for kind in CueKind} == dict.fromkeys(CueKind, True)
