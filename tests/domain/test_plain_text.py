"""Addresses as people write them."""

import json
from pathlib import Path

import pytest

from webapp.domain.errors import DomainError
from webapp.domain.plain_text import LONGEST_URL, web_address

EXAMPLES = json.loads((Path(__file__).parents[1] / "js" / "addresses.json").read_text("utf-8"))


@pytest.mark.parametrize(("written", "whole"), EXAMPLES.items())
def test_an_address_that_begins_with_its_host_gets_https_and_what_is_none_is_refused(written, whole):
    """The scripts of the desk do the same, by the same examples."""
    if whole is None:
        with pytest.raises(DomainError, match="no web address"):
            web_address(written, DomainError)
    else:
        assert web_address(written, DomainError) == whole


def test_an_address_that_would_become_too_long_is_refused_not_cut():
    with pytest.raises(DomainError, match="no web address"):
        web_address("example.org/".ljust(LONGEST_URL, "x"), DomainError)
