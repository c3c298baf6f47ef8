"""What is known of an article besides its text, as a person wrote it and as a file says it."""

import pytest

from webapp.domain.intake.description import DESCRIBED, Description, address_key, completed, described
from webapp.domain.intake.table import COMMON_NAMES


@pytest.mark.parametrize(
    "other",
    [
        "http://www.example.org/news/bridge/?id=7",
        "https://EXAMPLE.org:443/news/bridge?utm_source=x&id=7&fbclid=1#top",
        "https://m.example.org/news/%62ridge?id=7",
        " https://example.org/news/bridge?id=7 ",
    ],
)
def test_addresses_that_lead_to_the_same_article_have_one_key(other):
    assert address_key(other) == address_key("https://example.org/news/bridge?id=7")


@pytest.mark.parametrize(
    "other",
    [
        "https://example.org/news/bridge?id=8",
        "https://example.com/news/bridge?id=7",
        "https://example.org/News/bridge?id=7",
    ],
)
def test_addresses_of_other_articles_have_another_key(other):
    assert address_key(other) != address_key("https://example.org/news/bridge?id=7")


@pytest.mark.parametrize(
    "front", [None, "", "https://example.org", "https://example.org/?utm_source=x", "http://[1", "http://a:b"]
)
def test_a_front_page_is_no_article(front):
    assert address_key(front) is None


def test_a_table_may_hold_the_text_and_each_part_of_the_description():
    assert tuple(COMMON_NAMES) == ("text", *DESCRIBED)


def test_lines_are_folded_and_what_is_blank_is_not_recorded():
    written = Description(" The \n bridge ", "  ", None, " https://paper.example/a ", " 2013-10 ")

    assert described(written) == Description("The bridge", None, None, "https://paper.example/a", "2013-10")


def test_a_file_tells_only_what_a_person_left_blank():
    given, own = Description("Mine", author="Ann"), Description("Its own", "The Paper", published="2013")

    assert completed(given, own) == Description("Mine", "The Paper", "Ann", None, "2013")
