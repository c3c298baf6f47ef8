"""Web Annotations are read as the recommendation says: by position and by quote, in code points."""

import hashlib
import io
import json

import pytest
from sqlalchemy import select

from tests.export.study import make_study
from tests.factories import Person, first_project
from webapp.db import db
from webapp.export.taking import Asked, take
from webapp.models import SHELL, Article

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.sqlite_only("it is about a file, whatever it was made from")]


@pytest.fixture
def study(over):
    return over(make_study)


def annotations(reader=SHELL):
    file = io.BytesIO()
    take(first_project(), reader, Asked(format="webanno")).fill(file)
    collection = json.loads(file.getvalue())
    assert collection["type"] == "AnnotationCollection"
    assert collection["total"] == len(collection["first"]["items"])
    return collection["first"]["items"]


def found_by(selectors, text):
    """The passage that both selectors name, each by its own rule."""
    position, quote = selectors
    assert (position["type"], quote["type"]) == ("TextPositionSelector", "TextQuoteSelector")
    start, end = position["start"], position["end"]
    assert text[start:end] == quote["exact"]
    assert text[max(0, start - 32) : start] == quote["prefix"]
    assert text[end : end + 32] == quote["suffix"]
    assert text.index(quote["prefix"] + quote["exact"] + quote["suffix"]) == start - len(quote["prefix"])
    return quote["exact"]


def test_both_selectors_find_every_sentence_with_signs_beyond_the_basic_plane_before_it(study):
    texts = {hashlib.sha256(text.encode()).hexdigest(): text for text in db.session.scalars(select(Article.text))}
    read = annotations()

    said = [
        found_by(one["target"]["selector"], texts[one["target"]["source"].removeprefix("urn:sha256:")]) for one in read
    ]
    assert "Three stayed." in said  # behind 😀
    assert len({one["id"] for one in read}) == len(read) == 8


def test_a_body_tells_the_tag_each_field_and_the_note(study):
    [full] = [one for one in annotations() if any(body["purpose"] == "commenting" for body in one["body"])]

    told = [(body["purpose"], body["value"]) for body in full["body"]]
    assert told[0] == ("classifying", "ATTRIBUTION")
    assert ("tagging", "source_type=named_person") in told
    assert told[-1] == ("commenting", "Why, “he”?")
    assert not any("not_applicable" in value for _, value in told)
    assert full["creator"]["nickname"] == "C90"
    assert full["created"] <= full["modified"]


def test_an_analyst_gets_their_own_and_the_same_data_is_the_same_bytes(study):
    own = annotations(Person(study["bart"]))

    assert {one["creator"]["nickname"] for one in own} == {"C10"}
    assert own == annotations(Person(study["bart"]))
