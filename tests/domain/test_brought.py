"""What comes with an answer: new sources, and a rating given or taken back."""

from datetime import date
from uuid import UUID

import pytest

from webapp.domain.brought import NOTHING, Brought, Refused, brought_from
from webapp.domain.errors import BadAnswer, BadSource
from webapp.domain.sources import Entry, Rating
from webapp.domain.terms import Reliability, SourceKind

TODAY = date(2026, 11, 27)
ID = "00000000-0000-4000-8000-000000000001"


@pytest.mark.parametrize("sources", [None, [], {}, ""])
@pytest.mark.parametrize("rating", [None, {}, ""])
def test_most_answers_bring_nothing(sources, rating):
    assert brought_from(sources, rating, TODAY) is NOTHING
    assert not NOTHING


def test_new_sources_come_by_the_ids_that_were_drawn_for_them():
    brought = brought_from([{"id": ID, "name": " Reuters ", "kind": "outlet"}], None, TODAY)

    assert brought == Brought({UUID(ID): Entry("Reuters", SourceKind.OUTLET)})
    assert brought


@pytest.mark.parametrize(
    ("name", "words"),
    [("R" * 10_000, "R" * 2_000), ("a\x00b", "a\ufffdb"), (" \u200b", "\u200b"), (None, ""), (0, ""), (["x"], "['x']")],
)
def test_a_name_that_is_refused_leaves_words_that_can_be_stored(name, words):
    [refused] = brought_from([{"id": ID, "name": name, "kind": "outlet"}], None, TODAY).sources.values()

    assert isinstance(refused, Refused)
    assert refused.words == words
    assert refused.why.endswith((".", ".”"))


def test_a_rating_is_given_or_taken_back():
    given = brought_from(None, {"id": ID, "reliability": "B", "basis": "two reports"}, TODAY)
    taken_back = brought_from(None, {"id": ID, "withdrawn": True}, TODAY)

    assert given == Brought(rating=(UUID(ID), Rating(Reliability.B, "2026-11-27", "two reports")))
    assert taken_back == Brought(taken_back=(UUID(ID),))


@pytest.mark.parametrize(
    ("sources", "rating", "why"),
    [
        ({"id": ID}, None, "a list of at most 12"),
        ("x", None, "a list of at most 12"),
        ([{"id": ID, "name": "R", "kind": "outlet"}] * 13, None, "a list of at most 12"),
        (["x"], None, "is an object"),
        ([{"name": "Reuters", "kind": "outlet"}], None, "“id” is a UUID"),
        ([{"id": "r", "name": "Reuters", "kind": "outlet"}], None, "“id” is a UUID"),
        (None, "B", "“rating” is an object"),
        (None, {"reliability": "B"}, "“id” is a UUID"),
        (None, {"withdrawn": True}, "“id” is a UUID"),
    ],
)
def test_what_has_another_form_is_refused_in_a_sentence(sources, rating, why):
    with pytest.raises(BadAnswer, match=why):
        brought_from(sources, rating, TODAY)


@pytest.mark.parametrize("rating", [{"reliability": "G"}, {"reliability": "B", "rated_on": "2013-13"}, {"basis": "x"}])
def test_a_rating_that_cannot_be_is_refused(rating):
    with pytest.raises(BadSource):
        brought_from(None, {"id": ID, **rating}, TODAY)
