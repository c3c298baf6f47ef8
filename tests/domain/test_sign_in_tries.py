"""How long somebody waits after wrong passwords."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.domain.sign_in_tries import FREE_TRIES, LONGEST_WAIT, in_words, network_of, wait_after


@given(st.integers(0, 10_000))
def test_each_try_makes_the_wait_no_shorter_and_none_longer_than_the_longest(tries):
    assert timedelta(0) <= wait_after(tries) <= wait_after(tries + 1) <= LONGEST_WAIT


def test_a_few_typing_errors_cost_nothing_and_then_each_doubles_the_wait():
    waits = [wait_after(tries).total_seconds() for tries in range(FREE_TRIES + 8)]

    assert waits == [0] * FREE_TRIES + [15, 30, 60, 120, 240, 480, 900, 900]


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::ffff", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("unix:", "unix:"),
    ],
)
def test_what_counts_as_one_address(address, network):
    assert network_of(address) == network


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "1 second"),
        (1, "1 second"),
        (29.1, "30 seconds"),
        (60, "1 minute"),
        (61, "2 minutes"),
        (900, "15 minutes"),
    ],
)
def test_a_wait_in_words_is_never_too_short(seconds, words):
    assert in_words(timedelta(seconds=seconds)) == words
