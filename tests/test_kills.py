"""A server that is killed in the middle of saves has everything that it called saved; `make long` does it fifty times."""

import pytest

from tests.endurance import kill_again_and_again

pytestmark = pytest.mark.kills


def test_a_server_killed_while_people_tag_loses_nothing_that_it_called_saved(server):
    kill_again_and_again(server, times=5)
