"""Dates of which only the year or the month may be known."""

import pytest

from webapp.domain.errors import BadArticle
from webapp.domain.partial_dates import partial_date


@pytest.mark.parametrize("date", ["2013", "2013-10", "2013-10-22", "2024-02-29", " 2013 "])
def test_a_date_may_be_partial(date):
    assert partial_date(date, "published", BadArticle) == date.strip()


@pytest.mark.parametrize("date", ["22 October", "2013-13", "2013-02-30", "2023-02-29", "0000", "２０１３"])
def test_what_is_no_date_is_refused(date):
    with pytest.raises(BadArticle, match="write it as 2013, 2013-10 or 2013-10-28"):
        partial_date(date, "published", BadArticle)
