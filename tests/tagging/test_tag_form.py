"""The form for one sentence, without JavaScript: a source by its name, a chain, and a letter."""

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
    sentences_of,
    take_up,
)
from webapp.db import db
from webapp.domain.chains import Link
from webapp.domain.terms import CueStance, SourceType, Tag
from webapp.models import Source, SourceEntry, SourceRating

pytestmark = pytest.mark.page


@pytest.fixture
def sentence():
    return sentences_of(make_article(sentences=2))[0]


def page_of(client, sentence):
    return BeautifulSoup(client.get(f"/sentences/{sentence.id}/tag").text, "html.parser")


def as_shown(page):
    """What the form would send as it stands."""
    form = page.select_one("form:has([name=seen])")
    sent = {}
    for given in form.select("input[name]"):
        if given["type"] in ("radio", "checkbox") and not given.has_attr("checked"):
            continue
        if given["type"] != "submit":
            sent[given["name"]] = given.get("value", "")
    for choice in form.select("select"):
        chosen = choice.select_one("option[selected]")
        sent[choice["name"]] = chosen["value"] if chosen else ""
    return sent | {text["name"]: text.text for text in form.select("textarea")}


@pytest.fixture
def fill_in(client, sign_in, analyst, sentence):
    sign_in(analyst)

    def fill_in(sentence=sentence, **filled):
        sent = as_shown(page_of(client, sentence)) | {"tag": "ATTRIBUTION"} | filled
        answered = client.post(f"/sentences/{sentence.id}/tag", data=sent)
        db.session.rollback()
        return answered

    return fill_in


def stored(sentence, analyst):
    return current_annotation(sentence.id, analyst.id).answer


def test_a_name_or_other_name_that_is_known_is_that_entry(fill_in, sentence, analyst):
    id_ = make_source("debkafile", "outlet", aliases=("DEBKA-Net-Weekly",))
    assert fill_in(source_type="media_outlet", source_name="Debkafile").status_code == 302
    assert (stored(sentence, analyst).source_id, stored(sentence, analyst).source_text) == (id_, "Debkafile")

    assert fill_in(source_name="debka net weekly", source_text="the weekly").status_code == 302
    assert (stored(sentence, analyst).source_id, stored(sentence, analyst).source_text) == (id_, "the weekly")


def test_another_name_is_a_new_entry_of_the_kind_chosen_or_that_of_the_type(fill_in, sentence, analyst):
    fill_in(source_type="unnamed_source", source_name="military sources")
    fill_in(source_name="military sources", source_kind="organisation")

    entries = db.session.scalars(db.select(SourceEntry).order_by(SourceEntry.id)).all()
    assert [(entry.name, entry.kind.value) for entry in entries] == [
        ("military sources", "described"),
        ("military sources", "organisation"),
    ]
    assert stored(sentence, analyst).source_id == entries[1].source_id


def test_a_new_name_without_a_type_or_kind_is_asked_what_it_is_and_nothing_is_kept(fill_in, sentence, analyst):
    refused = fill_in(source_name="Somebody")

    assert refused.status_code == 200
    assert "“Somebody” is a new source: choose what it is" in refused.text
    assert current_annotation(sentence.id, analyst.id) is None
    assert db.session.scalars(db.select(Source)).all() == []


def test_a_chain_of_further_links_is_told(fill_in, sentence, analyst):
    outlet = make_source("debkafile", "outlet")
    link = {"chain-0-name": "debkafile", "chain-0-cue_text": "report", "chain-0-cue_stance": "neutral"}
    fill_in(source_type="unnamed_source", source_name="military sources", **link, **{"chain-1-source_text": "the wire"})

    assert stored(sentence, analyst).chain == (
        Link(outlet, "debkafile", None, "report", CueStance.NEUTRAL),
        Link(None, "the wire"),
    )


def test_saving_the_form_as_it_stands_changes_nothing(client, fill_in, sentence, analyst):
    said, relay = make_source("Alpha", "outlet"), make_source("Beta", "outlet")
    rating = make_rating(said, "C", by=analyst)
    chain = tuple(Link(relay if n == 0 else None, f"relay {n}", SourceType.MEDIA_OUTLET) for n in range(5))
    fields = {"source_type": SourceType.MEDIA_OUTLET, "source_text": "the paper", "rating_id": rating, "chain": chain}
    answer(sentence, analyst, Tag.ATTRIBUTION, source_id=said, **fields)
    before = stored(sentence, analyst)
    assert fill_in().status_code == 302

    assert stored(sentence, analyst) == before
    assert len(db.session.scalars(db.select(SourceRating)).all()) == 1
    assert "Now rated C." in page_of(client, sentence).text


def test_a_letter_with_its_basis_is_given_to_the_source(fill_in, sentence, analyst):
    fill_in(source_type="group", source_name="experts", rating="D", basis="no record")

    [rating] = db.session.scalars(db.select(SourceRating)).all()
    assert (rating.reliability.value, rating.basis) == ("D", "no record")
    assert (stored(sentence, analyst).rating_id, stored(sentence, analyst).source_reliability.value) == (rating.id, "D")


@pytest.mark.parametrize(
    ("filled", "said"),
    [
        ({"rating": "D"}, "Name the source that you rate."),
        ({"source_name": "experts", "basis": "no record"}, "Choose the letter that rests on this basis."),
        ({"source_name": "experts", "rating": "D", "basis": "x" * 501}, "500"),
        ({"source_name": "experts", "chain-0-name": "Experts", "chain-0-kind": "described"}, "stands in it twice"),
        ({"source_name": "experts", "rating": "G"}, "Something needs another look"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence_and_changes_nothing(fill_in, sentence, analyst, filled, said):
    refused = fill_in(source_type="group", **filled)

    assert refused.status_code == 200
    assert said in refused.text
    assert current_annotation(sentence.id, analyst.id) is None
    assert db.session.scalars(db.select(Source)).all() == []


def test_a_name_that_cannot_be_taken_leaves_its_words_and_says_so(client, fill_in, sentence, analyst):
    fill_in(source_type="group", source_name="x" * 400)

    assert (stored(sentence, analyst).source_id, stored(sentence, analyst).source_text) == (None, "x" * 400)
    assert "Sentence 1:" in client.get(f"/sentences/{sentence.id}/tag").text


def test_the_form_sent_twice_makes_one_source_and_one_rating(client, fill_in, sentence, analyst):
    sent = as_shown(page_of(client, sentence)) | {"tag": "ATTRIBUTION", "source_type": "group"}
    for _ in range(2):
        sent |= {"source_name": "experts", "rating": "D"}
        assert client.post(f"/sentences/{sentence.id}/tag", data=sent).status_code == 302
    db.session.rollback()

    assert current_annotation(sentence.id, analyst.id).version == 1
    assert len(db.session.scalars(db.select(SourceRating)).all()) == 1


def test_letter_and_number_stand_apart(client, fill_in, sentence):
    folds = page_of(client, sentence).select("details")
    holding = [[field["name"] for field in fold.select("select")] for fold in folds]

    assert not any({"rating", "information_credibility"} <= set(names) for names in holding)
    assert not any({"source_reliability", "information_credibility"} <= set(names) for names in holding)


def test_a_conflict_tells_the_source_and_the_chain_of_the_other_answer(client, fill_in, sentence, analyst):
    sent = as_shown(page_of(client, sentence)) | {"tag": "FACT"}
    said, relay = make_source("Alpha", "outlet"), make_source("Beta", "outlet")
    answer(sentence, analyst, Tag.ATTRIBUTION, source_id=said, chain=(Link(relay),))
    late = client.post(f"/sentences/{sentence.id}/tag", data=sent)

    assert late.status_code == 409
    shown = BeautifulSoup(late.text, "html.parser").select_one("[role=alert]").get_text(" ", strip=True)
    assert "said by Alpha → Beta" in " ".join(shown.split())


def test_in_a_blind_round_the_names_offered_and_meant_are_ones_own_and_published_ones(client, sign_in, owner):
    project = make_project("Blind study", is_blind=True)
    article = make_article(sentences=1, project=project)
    me, other = (make_member(name, "analyst", project=project) for name in ("Mine", "Other"))
    take_up(article, me)
    theirs = make_source("Reuters", "outlet", by=other, project=project)
    make_source("AP", "outlet", by=owner, project=project, is_published=True)
    sign_in(me)
    [sentence] = sentences_of(article)
    page = page_of(client, sentence)
    sent = as_shown(page) | {"tag": "ATTRIBUTION", "source_type": "media_outlet", "source_name": "Reuters"}
    assert [option["value"] for option in page.select("datalist option")] == ["AP"]
    client.post(f"/sentences/{sentence.id}/tag", data=sent)
    db.session.rollback()

    assert current_annotation(sentence.id, me.id).source_id not in (None, theirs)
