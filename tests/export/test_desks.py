"""What desks take in: a STIX bundle, a MISP event, ClaimReview, each by the rules of its standard."""

import io
import json
from collections import Counter
from uuid import UUID

import pytest

from tests.export.study import make_study
from tests.factories import answer, first_project, make_article, sentences_of
from webapp.domain import terms
from webapp.domain.terms import Tag
from webapp.export.misp import credibility, reliability
from webapp.export.taking import Asked, take
from webapp.models import SHELL

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.sqlite_only("it is about a file, whatever it was made from")]


@pytest.fixture
def study(over):
    return over(make_study)


def made(format_, reader=SHELL):
    file = io.BytesIO()
    take(first_project(), reader, Asked(format=format_)).fill(file)
    return json.loads(file.getvalue())


def test_a_bundle_has_what_every_object_needs_and_refers_to_nothing_outside(study):
    bundle = made("stix")
    objects = {one["id"]: one for one in bundle["objects"]}

    assert Counter(one["type"] for one in objects.values()) == {
        "identity": 2,  # the project, and Reuters of which another entry is a double
        "note": 2,  # a rating, a claim
        "opinion": 1,
        "report": 1,
    }
    for id_, one in objects.items():
        assert one.keys() >= {"spec_version", "created", "modified"}
        assert UUID(id_.removeprefix(f"{one['type']}--"))
        assert set(one.get("object_refs", ())) <= set(objects)
        assert "confidence" not in one
    [opinion] = [one for one in objects.values() if one["type"] == "opinion"]
    assert (opinion["opinion"], opinion["explanation"]) == ("strongly-agree", "Corroborated: One says so.")
    assert objects[opinion["object_refs"][0]]["content"] == "It closed."
    [rating] = [one for one in objects.values() if one.get("abstract") == "Source reliability B"]
    assert rating["labels"] == ["source-reliability:B"]
    assert "three reports" in rating["content"]


def test_an_event_spells_letters_and_numbers_as_its_objects_do():
    assert reliability("F") == "F - Reliability cannot be judged"
    assert credibility("4") == "4 - Doubtfully true"
    assert credibility("6") == "6 - Truth cannot be judged"


def test_an_event_has_an_assessment_as_soon_as_an_answer_has_a_letter_or_a_number(app, owner):
    first, second, third = sentences_of(make_article(sentences=3))
    answer(first, owner, Tag.ATTRIBUTION, source_reliability=terms.Reliability.D, source_text="a man")
    answer(second, owner, Tag.FACT, information_credibility=terms.Credibility.DOUBTFUL)
    answer(third, owner, Tag.OPINION)
    objects = made("misp")["Event"]["Object"]

    told = [
        {value["object_relation"]: value["value"] for value in one["Attribute"]}
        for one in objects
        if one["name"] == "intelligence-source-assessment"
    ]
    assert [(one.get("source-reliability"), one.get("information-credibility")) for one in told] == [
        ("D - Not usually reliable", None),
        (None, "4 - Doubtfully true"),
    ]
    known = {one["uuid"] for one in objects}
    references = [reference for one in objects for reference in one["ObjectReference"]]
    assert {reference["referenced_uuid"] for reference in references} <= known
    assert {reference["relationship_type"] for reference in references} == {"derived-from"}
    assert all(one["template_uuid"] and one["Attribute"] for one in objects)


def test_a_settled_claim_is_a_review_with_where_it_was_said(study):
    [review] = made("claimreview")["@graph"]

    assert review["claimReviewed"] == "It closed."
    assert review["reviewRating"]["alternateName"] == "Corroborated"
    assert review["url"]
    claim = review["itemReviewed"]
    assert (claim["@type"], claim["datePublished"], claim["author"]["name"]) == ("Claim", "2013-10", "The Post")
    assert claim["firstAppearance"] == claim["appearance"][0]


@pytest.mark.parametrize("format_", ["stix", "misp", "claimreview"])
def test_they_are_the_same_bytes_again(study, format_):
    assert made(format_) == made(format_)
