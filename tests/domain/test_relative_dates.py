"""Relative dates: which words are found, and what they are proposed to mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.domain.errors import BadDate
from webapp.domain.relative_dates import proposed, relative_dates, resolved_from

SATURDAY = "2013-10-26"


def words_in(text):
    return [one.words for one in relative_dates(text)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("He came last week, and left on Monday, Oct. 21.", ["last week", "Monday, Oct. 21"]),
        ("Yesterday it rained; two days ago it did not.", ["Yesterday", "two days ago"]),
        ("They meet next Tuesday or on 3 November.", ["next Tuesday", "3 November"]),
        ("In the past two weeks nothing came.", ["In the past two weeks"]),
        ("It was said earlier this month.", ["this month"]),
        ("On Monday, October 21, 2013, and in May 2014, and on 3 May 2012.", []),
        ("He may come in march.", []),
        ("The Mondays of summer, the yesterday-like mood.", []),
        ("", []),
    ],
)
def test_words_that_tell_a_date_by_the_day_of_the_text(text, words):
    assert words_in(text) == words


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("today", "2013-10-26"),
        ("Yesterday", "2013-10-25"),
        ("tomorrow", "2013-10-27"),
        ("Saturday", "2013-10-26"),
        ("Monday", "2013-10-21"),
        ("this Monday", "2013-10-21"),
        ("next Tuesday", "2013-10-29"),
        ("coming Saturday", "2013-11-02"),
        ("last Friday", None),
        ("Monday, Oct. 21", "2013-10-21"),
        ("21st October", "2013-10-21"),
        ("Jan. 3", "2014-01-03"),
        ("Feb. 30", None),
        ("last week", "2013-10-14/2013-10-20"),
        ("this week", "2013-10-21/2013-10-27"),
        ("next month", "2013-11"),
        ("last year", "2012"),
        ("3 days ago", "2013-10-23"),
        ("ten months ago", "2012-12"),
        ("a year later", "2014"),
        ("two weeks ago", None),
        ("999 years ago", "1014"),
        ("the last spring", None),
    ],
)
def test_what_is_plain_is_proposed(words, meant):
    assert proposed(words, SATURDAY) == meant


@pytest.mark.parametrize("published", [None, "", "2013", "2013-10", "nonsense"])
def test_without_the_day_of_the_text_nothing_is_proposed(published):
    assert proposed("yesterday", published) is None


@pytest.mark.parametrize(
    ("words", "published", "meant"),
    [
        ("Monday, Oct. 21", "2013-10", "2013-10-21"),
        ("Monday, Oct. 21", "2013", None),
        ("Oct. 21", "2013-10", "2013-10-21"),
        ("Oct. 21", "2013", None),
        ("Jan. 3", "2013-07", None),
        ("Tuesday, Oct. 21", "2013-10-26", None),
        ("Tuesday, Oct. 21", "2014-01-03", None),
        ("Monday, Oct. 21", "2014-01-03", "2013-10-21"),
        ("Friday, Oct. 21", "2013-10-26", None),
        ("last month", "2013-10", "2013-09"),
        ("last year", "2013", "2012"),
        ("Monday", "2013-10", None),
        ("last week", "2013-10", None),
        ("yesterday", "0001-01-01", None),
        ("next year", "9999-12-31", None),
    ],
)
def test_of_a_text_dated_by_its_month_or_year_what_is_the_same_on_all_its_days_is_proposed(words, published, meant):
    assert proposed(words, published) == meant


@given(st.text())
def test_places_are_those_of_the_words(text):
    for one in relative_dates(text):
        assert text[one.start : one.end] == one.words


@given(st.sampled_from(["Monday", "tomorrow", "last week", "Oct. 21", "2 days ago", "last month"]), st.dates())
def test_what_is_proposed_can_be_kept(words, day):
    for published in (str(day), str(day)[:7], str(day)[:4]):
        meant = proposed(words, published)
        assert resolved_from(meant) == meant


@pytest.mark.parametrize("text", ["2013", "2013-10", "2013-10-21", "2013-10-14/2013-10-20", "2013/2014"])
def test_a_date_or_two_are_taken_as_they_stand(text):
    assert resolved_from(f" {text} ") == text


@pytest.mark.parametrize("text", ["last week", "2013-13", "2013/", "/2013", "2014/2013", "2013/2014/2015", "2" * 99])
def test_what_is_no_date_is_refused(text):
    with pytest.raises(BadDate):
        resolved_from(text)
