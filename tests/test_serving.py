"""Starting up: the port asked for or the next free one, and who can reach it."""

import socket

import pytest

from webapp.serving import bound_socket, is_loopback


def test_a_taken_port_gives_the_next_free_one():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        listener, is_wanted = bound_socket("127.0.0.1", port)
        with listener:
            assert (listener.getsockname()[1] > port, is_wanted) == (True, False)


def test_a_free_port_is_taken_as_asked():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    listener, is_wanted = bound_socket("127.0.0.1", port)
    with listener:
        assert (listener.getsockname()[1], is_wanted) == (port, True)


@pytest.mark.parametrize(
    ("host", "alone"),
    [("127.0.0.1", True), ("127.0.0.9", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("::", False),
     ("192.168.0.4", False), ("example.org", False)],
)  # fmt: skip
def test_only_loopback_is_out_of_reach_for_others(host, alone):
    assert is_loopback(host) is alone
