"""Whose chain of a sentence is accepted, for whom, and what the origins of a claim make of it."""

from uuid import uuid4

import pytest

from tests.factories import (
    answer,
    first_project,
    make_article,
    make_claim,
    make_item,
    make_member,
    make_project,
    make_source,
    merge_sources,
    sentences_of,
    take_up,
)
from webapp.accepted_chains import accepted_chains, known_as
from webapp.claim_standing import counts_of
from webapp.claims import actions
from webapp.db import db
from webapp.domain.chains import Link
from webapp.domain.repair import Kind
from webapp.domain.terms import MentionKind, SourceType, Tag
from webapp.models import SHELL, Article
from webapp.repair.actions import RepairRequest, repair

SAYS = SourceType.NAMED_PERSON
NOBODY = ()


def attribute(sentence, analyst, *sources):
    """An answer that tells who said it and who passed it on."""
    first, *others = sources
    answer(
        sentence,
        analyst,
        Tag.ATTRIBUTION,
        source_id=first,
        source_type=SAYS,
        chain=tuple(Link(one, None if one else "words") for one in others),
    )


def accepted(reader, sentence, project=None):
    return accepted_chains(db.session(), reader, project or first_project(), [sentence.id]).get(sentence.id, NOBODY)


def count_of(reader, claim):
    return counts_of(db.session(), reader, {claim.id: [claim.id]})[claim.id]


@pytest.fixture
def sentence(app):
    return sentences_of(make_article(outlet="Gulf Monitor"))[0]


@pytest.fixture
def minister(app):
    return make_source("The minister", "person")


@pytest.fixture
def wire(app):
    return make_source("Northern Wire", "outlet", aliases=["NW"])


def test_ones_own_newest_answer_is_accepted_before_all_others(sentence, analyst, owner, minister, wire):
    attribute(sentence, analyst, wire)
    attribute(sentence, owner, minister)
    attribute(sentence, owner, minister, wire)

    assert accepted(owner, sentence) == (minister, wire)
    assert accepted(analyst, sentence) == (wire,)


def test_others_are_accepted_where_they_agree(sentence, analyst, owner, minister, wire):
    attribute(sentence, analyst, minister)
    assert accepted(owner, sentence) == (minister,)

    other = make_member("Other", "analyst")
    attribute(sentence, other, wire)
    assert accepted(owner, sentence) == NOBODY

    attribute(sentence, other, minister)
    assert accepted(owner, sentence) == (minister,)


def test_an_answer_that_is_no_attribution_any_more_has_no_chain(sentence, owner, minister):
    attribute(sentence, owner, minister)
    answer(sentence, owner, Tag.FACT)

    assert accepted(owner, sentence) == NOBODY


def test_what_a_repair_carried_is_accepted_once_it_is_confirmed(app, owner, minister):
    article = make_article("The envoy said it is so, and it is. Two stayed.")
    [first, _] = sentences_of(article)
    attribute(first, owner, minister)
    repair(article, owner, RepairRequest(Kind.SPLIT, first.id, 24), 1)
    carried = sentences_of(db.session.get_one(Article, article.id))[0]

    assert accepted(owner, first) == (minister,)  # as it was, for an item that is the old sentence
    assert accepted(owner, carried) == NOBODY
    attribute(carried, owner, minister)
    assert accepted(owner, carried) == (minister,)


def test_doubles_are_one_source(sentence, owner, minister):
    double = make_source("Minister of Defence", "person")
    attribute(sentence, owner, double)
    merge_sources(double, minister)

    assert accepted(owner, sentence) == (minister,)


def test_in_a_blind_round_nobody_learns_of_anothers_chain(app):
    blind = make_project("Blind", is_blind=True)
    lead = make_member("Lead", "analyst", "supervisor", project=blind)
    analyst = make_member("Analyst", "analyst", project=blind)
    other = make_member("Other", "analyst", project=blind)
    article = make_article(project=blind)
    sentence, source = sentences_of(article)[0], make_source("Wire", "outlet", by=other, project=blind)
    for person in (lead, analyst, other):
        take_up(article, person)
    attribute(sentence, other, source)

    assert accepted(other, sentence, blind) == (source,)
    assert accepted(analyst, sentence, blind) == NOBODY
    assert accepted(lead, sentence, blind) == NOBODY  # who still has to hand it in themselves
    assert accepted(make_member("Head", "supervisor", project=blind), sentence, blind) == (source,)


def test_an_outlet_is_known_by_every_name_of_its_source(owner, wire):
    known = known_as(db.session(), owner, first_project(), ["northern  WIRE", "NW", "The Post", None, "—"])

    assert known["northern  WIRE"] & known["NW"] == {wire}
    assert not known["The Post"] & known["NW"]
    assert set(known) == {"northern  WIRE", "NW", "The Post"}


# ---- what the origins of a claim make of it


def test_two_sentences_that_quote_one_person_are_one_origin(sentence, owner, minister):
    claim = make_claim("It closed.", sentences_of(make_article(outlet="Post"))[0], by=owner)
    other = sentences_of(make_article(outlet="Ledger"))[0]
    for one in (sentence, other):
        make_item(claim, by=owner, sentence=one, independence="independent")
    assert count_of(owner, claim).n_origins == 2

    attribute(sentence, owner, minister)
    attribute(other, owner, minister)
    assert count_of(owner, claim).n_origins == 1


def test_the_page_of_a_claim_says_through_whom_a_sentence_came(client, sign_in, sentence, owner, minister, wire):
    claim = make_claim("It closed.", sentences_of(make_article(outlet="Post"))[0], by=owner)
    make_item(claim, by=owner, sentence=sentence)
    attribute(sentence, owner, minister, None, wire)
    sign_in(owner)

    assert "The minister → a source without an entry → Northern Wire" in client.get(f"/claims/{claim.id}").text


def test_a_sentence_that_tells_what_another_item_printed_is_of_its_origin(sentence, owner, minister, wire):
    claim = make_claim("It closed.", sentences_of(make_article(outlet="Post"))[0], by=owner)
    make_item(claim, by=owner, outlet="NW", independence="independent")
    make_item(claim, by=owner, sentence=sentence)
    attribute(sentence, owner, minister, wire)

    assert count_of(owner, claim).n_origins == 1


def test_an_earlier_piece_of_the_articles_outlet_is_derived_a_later_one_is_not(owner):
    claim = make_claim("It closed.", sentences_of(make_article(outlet="The Post", published="2013-10-28"))[0], by=owner)
    make_item(claim, by=owner, outlet="the post", published_date="2013-10", independence="independent")
    make_item(claim, by=owner, outlet="The Post", published_date="2013-11-02", independence="independent")
    earlier = sentences_of(make_article(outlet="The Post", published="2012"))[0]
    make_item(claim, by=owner, sentence=earlier, independence="independent")
    count = count_of(owner, claim)

    assert (len(count.derived), count.independent_supporting) == (2, 1)


@pytest.mark.parametrize(("kind", "derived"), [("makes", 1), ("repeats", 1), ("denies", 0)])
def test_the_article_is_one_that_makes_or_repeats_the_claim(sentence, owner, kind, derived):
    claim = make_claim("It closed.", sentence, by=owner, kind=kind)
    make_item(claim, by=owner, outlet="Gulf Monitor")

    assert len(count_of(owner, claim).derived) == derived


def test_in_a_blind_round_no_count_tells_where_somebody_else_mentions_the_claim(app):
    blind = make_project("Blind", is_blind=True)
    head = make_member("Head", "supervisor", project=blind)
    me, other = (make_member(name, "analyst", project=blind) for name in ("Me", "Other"))
    mine, theirs = (sentences_of(make_article(project=blind, outlet=outlet))[0] for outlet in ("Post", "Gulf Monitor"))
    claim = make_claim("It closed.", mine, by=other)
    actions.publish_claim(claim, head, is_published=True, seen=1, client_id=uuid4())
    for outlet in ("Post", "Gulf Monitor"):
        make_item(claim, by=me, outlet=outlet)
    actions.mention_claim(claim, theirs, other, MentionKind.REPEATS, uuid4())
    assert len(count_of(me, claim).derived) == 0
    assert len(count_of(head, claim).derived) == 2

    actions.mention_claim(claim, mine, me, MentionKind.REPEATS, uuid4())
    assert len(count_of(me, claim).derived) == 1


def test_the_shell_takes_what_all_agree_on(sentence, analyst, minister):
    attribute(sentence, analyst, minister)

    assert accepted(SHELL, sentence) == (minister,)
