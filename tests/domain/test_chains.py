"""The chain of an answer: who said it, who passed it on, who prints it."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.domain.answers import Answer, answer_from, answer_values, numbered_links
from webapp.domain.chains import LONGEST_CHAIN, Link, chain_from, link_from, link_values
from webapp.domain.errors import BadAnswer
from webapp.domain.terms import CueStance, SourceType, Tag

A, B = UUID(int=1), UUID(int=2)


def words():
    return st.none() | st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=10)


def links():
    return st.builds(
        Link,
        st.none() | st.uuids(),
        words(),
        st.none() | st.sampled_from(SourceType),
        words(),
        st.none() | st.sampled_from(CueStance),
    ).filter(lambda link: link.names_somebody)


def test_the_first_link_is_the_answers_own_source_and_may_be_left_out():
    own = {"source_id": A, "source_text": "the general"}
    behind = {"source_id": str(B), "cue_text": "reported", "cue_stance": "neutral"}
    link = Link(B, None, None, "reported", CueStance.NEUTRAL)

    for first in ({}, {"source_id": str(A)}, {"source_text": "the general", "position": 1}):
        assert chain_from([first, behind], own) == (link,)


@pytest.mark.parametrize("value", [None, "", [], [{}], [{"source_text": "he"}]])
def test_a_chain_of_one_is_none(value):
    assert chain_from(value, {"source_text": "he"}) == ()


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("x", "is a list of links"),
        (7, "is a list of links"),
        ([1, 2], "is an object"),
        ([{}, {"who": "x"}], "no field “who”"),
        ([{}, {"cue_text": "said"}], "Link 2 of the chain names nobody"),
        ([{}, {"source_text": "he"}, {}], "Link 3 of the chain names nobody"),
        ([{"source_text": "she"}, {"source_text": "x"}], "the answer's own source"),
        ([{}, {"source_id": str(A)}], "in a circle"),
        ([{}, {"source_id": str(B)}, {"source_id": str(B)}], "in a circle"),
        ([{}, {"source_id": "reuters"}], "is a UUID"),
        ([{}, {"source_type": "planet"}], "one of named_person"),
        ([{}, {"source_text": 5}], "must be text"),
        ([{}] * (LONGEST_CHAIN + 1), f"at most {LONGEST_CHAIN} links"),
    ],
)
def test_a_chain_that_cannot_be_is_refused_in_a_sentence(value, why):
    with pytest.raises(BadAnswer, match=why):
        chain_from(value, {"source_id": A, "source_text": "he"})


@given(links())
def test_a_link_is_read_back_as_it_was_told(link):
    assert link_from(link_values(link)) == link


@given(
    links(), st.lists(links(), min_size=1, max_size=LONGEST_CHAIN - 1, unique_by=lambda link: link.source_id or uuid4())
)
def test_an_answer_with_a_chain_is_read_back_as_it_was_told(first, chain):
    answer = Answer(Tag.ATTRIBUTION, **vars(first), chain=tuple(chain))
    if first.source_id in {link.source_id for link in chain if link.source_id}:
        return

    assert answer_from(answer_values(answer)) == answer
    assert [row["position"] for row in numbered_links(answer)] == list(range(1, len(chain) + 2))
    assert answer.links[0] == first


def test_an_answer_without_a_chain_has_no_links():
    assert numbered_links(Answer(Tag.ATTRIBUTION, source_text="he")) == []
    assert "chain" not in answer_values(Answer(Tag.ATTRIBUTION, source_text="he"))
