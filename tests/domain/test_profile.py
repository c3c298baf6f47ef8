"""What profiles count: majorities, who vouches, what can be checked, and shares over articles."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.domain.profile import (
    FIGURES,
    LOADED,
    LOOKED_INTO,
    OUTLET,
    SPLIT,
    TAGS,
    VOUCHERS,
    Judged,
    Profile,
    Said,
    most,
)
from webapp.domain.terms import FOUR_TAGS, AttributedContent, CheckPriority, SourceType, Tag

F, A, S, O, N = Tag  # noqa: E741 (the letters of the tags)


def judged(*said, index=1, article_id=1, **fields):
    answers = tuple(one if isinstance(one, Said) else Said(number, one) for number, one in enumerate(said))
    return Judged(100 * article_id + index, article_id, index, 0, fields.pop("text", "It was so."), answers, **fields)


@pytest.mark.parametrize(
    ("said", "settled", "tag"),
    [
        ((), None, None),
        ((F,), None, F),
        ((F, A, F), None, F),
        ((F, A), None, None),
        ((F, A), A, A),
        ((F, F), A, A),
        ((N, N, F), None, N),
    ],
)
def test_a_sentence_has_the_tag_it_was_settled_with_else_that_of_most(said, settled, tag):
    assert judged(*said, settled=settled).tag is tag


@given(st.lists(st.sampled_from("abc")))
def test_what_is_there_most_often_is_there_more_often_than_any_other(values):
    counts = Counter(values)
    found = most(values)
    if found is None:
        assert not values or list(counts.values()).count(max(counts.values())) > 1
    else:
        assert all(counts[found] > count for value, count in counts.items() if value != found)


def test_who_vouches_is_told_by_those_who_found_a_source():
    sentence = judged(
        Said(1, A, source_type=SourceType.GROUP),
        Said(2, A, source_type=SourceType.UNNAMED_SOURCE),
        Said(3, F),
        settled=A,
    )
    assert sentence.voucher == "unnamed"
    profile = Profile([sentence, judged(F, index=2)])
    assert [(profile.count(figure).k, profile.count(figure).n) for figure in VOUCHERS] == [
        (0, 1),
        (1, 1),
        (0, 1),
        (0, 1),
    ]


def test_a_chain_ends_in_the_outlet_where_the_outlet_said_it_first():
    own, other = (Said(1, A, chain=chain) for chain in (("paper", "x"), ("x", "paper")))
    profile = Profile([judged(own, outlets={"paper"}), judged(other, index=2, outlets={"paper"})])

    assert (profile.count(OUTLET).k, profile.count(OUTLET).n) == (1, 2)
    assert profile.sources == [("paper", 1), ("x", 1)]


@pytest.mark.parametrize(
    ("sentence", "is_checkable"),
    [
        (judged(F), True),
        (judged(S), False),
        (judged(O), False),
        (judged(A), True),
        (judged(Said(1, A, content=AttributedContent.OPINION)), False),
        (judged(Said(1, A, content=AttributedContent.FACT)), True),
        (judged(Said(1, F, check_priority=CheckPriority.NONE)), False),
        (judged(Said(1, F, check_priority=CheckPriority.NONE), claims=(("c", "contested"),)), True),
        (judged(O, claims=(("c", "contested"),)), True),
        (judged(F, A), False),
    ],
)
def test_what_can_be_checked(sentence, is_checkable):
    assert sentence.is_checkable is is_checkable


def test_a_claim_that_two_sentences_mention_is_one_claim():
    profile = Profile([judged(F, index=n, claims=(("c", "contested"),)) for n in (1, 2)] + [judged(F, index=3)])

    assert profile.claims == {"contested": 1}
    assert (profile.count(LOOKED_INTO).k, profile.count(LOOKED_INTO).n) == (2, 3)


def test_loaded_language_is_what_half_of_the_analysts_flag():
    flagged = judged(Said(1, F, is_loaded=True), Said(2, F), text="The brutal raid was a historic and brutal one.")
    profile = Profile([flagged, judged(Said(1, F, is_loaded=True), Said(2, F), Said(3, F), index=2)])

    assert profile.count(LOADED).k == 1
    assert profile.loaded_words == ["brutal", "historic"]


def test_the_range_of_a_tag_goes_over_analysts():
    profile = Profile([judged(F, F), judged(F, S, index=2), judged(F, F, index=3)])
    (_, fact), *others = profile.tag_mix()

    assert (fact.k, fact.n, fact.least, fact.most) == (2, 2, 2, 3)
    assert [(one.least, one.most) for _, one in others] == [(0, 0), (0, 1), (0, 0)]
    assert (profile.without_majority, profile.split.k, profile.split.n) == (1, 1, 3)
    assert Profile([judged(F)]).tag_mix()[0][1].least is None


def test_of_fewer_than_ten_sentences_there_is_no_share():
    nine, ten = (Profile([judged(F, index=n) for n in range(count)]).count(TAGS[0]) for count in (9, 10))

    assert (nine.k, nine.n, nine.told_share) == (9, 9, None)
    assert ten.told_share == 1


def test_an_interval_asks_for_three_articles_and_a_share_between_0_and_1():
    def over(articles):
        return Profile(
            [judged(F if n % 3 else S, index=n, article_id=one) for one in range(articles) for n in range(5 + one)]
        )

    low, high = over(4).over_articles(TAGS[0]).interval
    assert 0 < low < over(4).over_articles(TAGS[0]).share < high < 1
    assert over(2).over_articles(TAGS[0]).interval is None
    assert over(4).over_articles(TAGS[3]).interval is None


def test_agreement_of_one_article_rests_on_its_sentences_and_of_three_on_the_articles():
    def shared(articles):
        return Profile(
            [judged(F, F if n % 3 else S, index=n, article_id=one) for one in range(articles) for n in range(9 + one)]
        )

    assert shared(1).agreement.resampled == "sentences"
    assert shared(3).agreement.resampled == "articles"
    assert shared(3).agreement.interval is not None
    alone = Profile([judged(F)]).agreement
    assert (alone.report.alpha, alone.interval) == (None, None)


SENTENCES = st.lists(
    st.builds(
        lambda said, article, number: judged(*said, article_id=article, index=number),
        st.lists(st.sampled_from(list(Tag)), max_size=4),
        st.integers(1, 4),
        st.integers(1, 10**6),
    ),
    max_size=30,
)


@given(SENTENCES)
def test_every_count_is_a_part_of_what_it_is_counted_in_and_its_cell_has_as_many_sentences(sentences):
    profile = Profile(sentences)
    for figure in FIGURES:
        counted = profile.over_articles(figure)
        assert 0 <= counted.k <= counted.n <= len(sentences)
        assert len(profile.cell(figure)) == counted.k
    assert sum(profile.count(figure).k for figure in TAGS) == profile.codable
    assert profile.codable + profile.not_codable + profile.without_majority == profile.answered
    assert profile.count(SPLIT).k >= profile.without_majority
    assert {tag for tag, _ in profile.tag_mix()} == set(FOUR_TAGS)
