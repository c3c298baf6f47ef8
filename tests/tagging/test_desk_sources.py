"""What the desk is told of sources, and what an answer brings of them by JSON."""

import json
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup

from tests.factories import (
    answer,
    current_annotation,
    make_article,
    make_member,
    make_project,
    make_rating,
    make_source,
    merge_sources,
    sentences_of,
    take_up,
)
from webapp.articles.actions import trash_article
from webapp.db import db
from webapp.domain.chains import Link
from webapp.domain.terms import SourceType, Tag
from webapp.models import SourceRating

pytestmark = pytest.mark.page

OUTLET = {"source_type": SourceType.MEDIA_OUTLET}


@pytest.fixture
def article():
    return make_article(sentences=3, outlet="debkafile")


@pytest.fixture
def told(client, sign_in, analyst):
    """What the page of the desk starts its scripts from."""
    sign_in(analyst)

    def page(article):
        text = client.get(f"/articles/{article.id}").text
        return json.loads(BeautifulSoup(text, "html.parser").select_one("#desk-data").string)

    return page


@pytest.fixture
def send(client, sign_in, analyst):
    sign_in(analyst)

    def send(sentence, version=0, method="put", **body):
        address = f"/api/v1/sentences/{sentence.id}/annotation"
        return client.open(address, method=method.upper(), json={"client_id": str(uuid4()), "version": version, **body})

    return send


def test_the_desk_is_told_the_sources_of_ones_own_answers_and_of_nobody_elses(told, article, owner, analyst):
    said, relayed, theirs = (make_source(name, "outlet") for name in ("Alpha", "Beta", "Gamma"))
    make_rating(relayed, "D", by=analyst)
    first, second, _ = sentences_of(article)
    answer(first, analyst, Tag.ATTRIBUTION, source_id=said, chain=(Link(relayed),), **OUTLET)
    answer(second, owner, Tag.ATTRIBUTION, source_id=theirs, **OUTLET)

    assert sorted(told(article)["sources"], key=lambda source: source["name"]) == [
        {"id": str(said), "name": "Alpha", "kind": "outlet", "answers": 1, "elsewhere": 0},
        {"id": str(relayed), "name": "Beta", "kind": "outlet", "answers": 1, "elsewhere": 0, "reliability": "D"},
    ]


def test_a_merged_double_goes_by_the_name_of_the_entry_that_stands_for_it(told, article, owner, analyst):
    kept, double = make_source("Reuters"), make_source("Reuters News", by=analyst)
    answer(sentences_of(article)[0], analyst, Tag.ATTRIBUTION, source_id=double, **OUTLET)
    merge_sources(double, kept)

    [source] = told(article)["sources"]
    assert (source["id"], source["root"], source["name"]) == (str(double), str(kept), "Reuters")


def test_the_articles_own_outlet_is_told_with_its_entry_where_there_is_one(told, article):
    assert told(article)["outlet"] == {"id": None, "name": "debkafile"}
    id_ = make_source("DEBKAfile", "outlet")

    assert told(article)["outlet"] == {"id": str(id_), "name": "debkafile"}
    assert [source["name"] for source in told(article)["sources"]] == ["DEBKAfile"]
    assert told(make_article())["outlet"] is None


def test_the_kind_of_a_new_source_follows_from_the_type_and_is_told(told, article):
    assert told(article)["kind_of"] == {type_.value: type_.kind.value for type_ in SourceType if type_.kind}
    assert "person" in [kind["value"] for kind in told(article)["fields"]["source_kind"]]


def test_an_answer_that_brings_sources_is_told_what_they_became(send, article):
    existing = make_source("Reuters", "outlet")
    brought = str(uuid4())
    answered = send(
        sentences_of(article)[0],
        tag="ATTRIBUTION",
        source_id=brought,
        sources=[{"id": brought, "name": "REUTERS", "kind": "outlet"}],
    ).json

    assert answered["source_id"] == str(existing)
    assert [source["name"] for source in answered["sources"]] == ["Reuters"]


def test_a_repeat_is_answered_as_the_first_was_whatever_has_become_of_the_article(send, article, owner):
    id_, client_id = str(uuid4()), str(uuid4())
    sentence = sentences_of(article)[0]
    body = {"tag": "ATTRIBUTION", "source_id": id_, "sources": [{"id": id_, "name": "Reuters", "kind": "outlet"}]}
    first = send(sentence, client_id=client_id, **body)
    trash_article(article, owner)
    again = send(sentence, client_id=client_id, **body)

    assert (first.status_code, again.status_code) == (200, 200)
    assert (again.json["source_id"], again.json["version"]) == (id_, 1)


def test_a_plain_answer_is_told_nothing_more_of_sources(send, article):
    assert "sources" not in send(sentences_of(article)[0], tag="FACT").json


def test_a_conflict_and_the_history_tell_the_names_of_what_they_name(send, client, article, analyst):
    sentence = sentences_of(article)[0]
    id_ = make_source("Reuters", "outlet")
    answer(sentence, analyst, Tag.ATTRIBUTION, source_id=id_, **OUTLET)
    answer(sentence, analyst, Tag.ATTRIBUTION, source_text="they", **OUTLET)
    history = client.get(f"/api/v1/sentences/{sentence.id}/history").json
    answer(sentence, analyst, Tag.ATTRIBUTION, source_id=id_, **OUTLET)
    late = send(sentence, version=1, tag="FACT")

    assert [source["name"] for source in history["sources"]] == ["Reuters"]
    assert [source["name"] for source in late.json["current"]["sources"]] == ["Reuters"]


def test_one_answer_gives_a_letter_and_takes_others_back(send, article, analyst):
    sentence = sentences_of(article)[0]
    named = {"tag": "ATTRIBUTION", "source_type": "media_outlet", "source_id": str(make_source("Reuters", "outlet"))}
    old, older, new = (str(uuid4()) for _ in range(3))
    send(sentence, **named, rating={"id": older, "reliability": "E"})
    send(sentence, 1, **named, rating=[{"id": old, "reliability": "D"}])
    taken = [{"id": old, "withdrawn": True}, {"id": older, "withdrawn": True}]
    answered = send(sentence, 2, **named, rating=[*taken, {"id": new, "reliability": "B", "basis": "checked"}]).json

    assert (answered["rating_id"], answered["source_reliability"]) == (new, "B")
    db.session.rollback()
    current = db.session.scalars(db.select(SourceRating).where(SourceRating.is_current)).all()
    assert {str(row.rating_id): bool(row.withdrawn_why) for row in current} == {old: True, older: True, new: False}


def test_an_answer_taken_back_takes_its_letter_back_and_brings_none(send, article, analyst):
    sentence = sentences_of(article)[0]
    source, rating = str(make_source("Reuters", "outlet")), str(uuid4())
    send(sentence, tag="ATTRIBUTION", source_id=source, rating={"id": rating, "reliability": "E"})

    assert send(sentence, 1, "delete", rating={"id": str(uuid4()), "reliability": "A"}).status_code == 422
    assert send(sentence, 1, "delete", rating={"id": rating, "withdrawn": True}).status_code == 200
    db.session.rollback()
    assert current_annotation(sentence.id, analyst.id).tag is None
    rating = db.session.scalars(db.select(SourceRating).where(SourceRating.is_current)).one()
    assert rating.withdrawn_why == "taken back at the desk"


@pytest.mark.parametrize("rating", ["A", [["A"]], [{}] * 51, [{"id": str(uuid4()), "reliability": "G"}]])
def test_what_is_no_rating_is_refused_in_a_sentence(send, article, rating):
    refused = send(sentences_of(article)[0], tag="ATTRIBUTION", rating=rating)

    assert refused.status_code == 422
    assert refused.json["detail"]


def test_two_letters_with_one_answer_are_refused(send, article):
    ratings = [{"id": str(uuid4()), "reliability": letter} for letter in "AB"]

    assert "one rating at most" in send(sentences_of(article)[0], tag="ATTRIBUTION", rating=ratings).json["detail"]


def test_the_desk_of_a_blind_round_tells_nothing_of_what_others_entered(told, sign_in, owner):
    project = make_project("Blind study", is_blind=True)
    article = make_article(sentences=2, project=project, outlet="Reuters")
    other = make_member("Other", "analyst", project=project)
    take_up(article, sign_in(make_member("Mine", "analyst", project=project)))
    make_source("Reuters", "outlet", by=other, project=project)

    assert told(article)["outlet"] == {"id": None, "name": "Reuters"}
    assert told(article)["sources"] == []
