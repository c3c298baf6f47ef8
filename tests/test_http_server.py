"""The server itself: bodies that are too large do not come in, and slow clients stop nobody."""

import socket
import threading
import time
import urllib.request
from contextlib import ExitStack, closing, contextmanager
from http.client import IncompleteRead
from http.cookiejar import CookieJar

import pytest
from waitress import wasyncore

from tests.live_server import ForkedServer
from tests.signing_in import open_link
from webapp import http_server
from webapp.access import ANYONE, allow
from webapp.downloads import attachment
from webapp.front_door import ON_EVERY_ANSWER
from webapp.http_server import MOST_CONNECTIONS, THREADS, Server
from webapp.serving import bound_socket

MB = 2**20


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = ForkedServer(tmp_path_factory.mktemp("server") / "instance").start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def cookie(server):
    """What the owner's browser sends."""
    jar = CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    open_link(opener, server.link).close()
    return "; ".join(f"{one.name}={one.value}" for one in jar)


def connection(port):
    return closing(socket.create_connection(("127.0.0.1", port), timeout=60))


def head(method="POST", path="/sign-in", host="localhost", **fields):
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
    return "\r\n".join([*lines, "", ""]).encode()


def exchange(port, *sent):
    """Everything that the server answers to these bytes until it closes the connection."""
    with connection(port) as client:
        for part in sent:
            client.sendall(part)
        return read_to_the_end(client)


def read_to_the_end(client):
    answered = b""
    while received := client.recv(65_536):
        answered += received
    return answered.decode("latin-1")


def code_of(answered):
    return int(answered.split()[1])


GET = head("GET", Connection="close")


@pytest.mark.parametrize("count", [120, MOST_CONNECTIONS + 50])
def test_half_open_connections_stop_nobody(server, count):
    beginnings = [
        b"",
        b"GET /sign-in HTT",
        head("GET")[:-2],
        head(Content_Length=1000),
        head(Content_Length=1000) + b"name=",
        head(Transfer_Encoding="chunked") + b"5\r\nabc",
    ]
    with ExitStack() as held:
        for n in range(count):
            client = held.enter_context(connection(server.port))
            client.sendall(beginnings[n % len(beginnings)])
        assert [code_of(exchange(server.port, GET)) for _ in range(3)] == [200, 200, 200]


@pytest.mark.parametrize("path", ["/sign-in", "/imports", "/articles/new", "/nothing", "/healthz"])
@pytest.mark.parametrize("fields", [{}, {"Expect": "100-continue"}, {"Cookie": "claimtag_x=forged"}])
def test_a_stranger_is_answered_before_a_large_body_comes(server, path, fields):
    answered = exchange(server.port, head(path=path, Content_Length=500 * MB, **fields))

    assert code_of(answered) == {"/sign-in": 413, "/nothing": 404, "/healthz": 405}.get(path, 302)
    assert "100 Continue" not in answered
    assert "Connection: close" in answered


def test_a_large_sign_in_form_names_the_limit(server):
    answered = exchange(server.port, head(Content_Length=6 * MB, Content_Type="application/x-www-form-urlencoded"))

    assert code_of(answered) == 413
    assert "over 64 kB" in answered


def test_a_body_in_chunks_counts_too(server):
    chunk = b"8000\r\n" + b"a&" * 0x4000 + b"\r\n"
    form = head(Transfer_Encoding="chunked", Content_Type="application/x-www-form-urlencoded")

    assert code_of(exchange(server.port, form, *[chunk] * 8)) == 413
    assert (
        code_of(exchange(server.port, form[:-2] + b"Connection: close\r\n\r\n", chunk, b"0\r\n\r\n")) == 400
    )  # no token


def test_whoever_sends_it_all_the_same_still_gets_the_answer(server):
    answered = exchange(server.port, head(Content_Length=20 * MB), *[b"x" * MB] * 20)

    assert code_of(answered) == 413


def test_what_lies_in_a_refused_body_is_no_request(server):
    hidden = head("GET", "/healthz")
    answered = exchange(server.port, head(Content_Length=6 * MB) + hidden * 20, hidden * 20)

    assert answered.count("HTTP/1.1 ") == 1


def upload(path, cookie, size):
    body = (
        b'--b\r\nContent-Disposition: form-data; name="uploads"; filename="a.txt"\r\n\r\n'
        + b"x" * size
        + b"\r\n--b--\r\n"
    )
    fields = {"Content_Type": "multipart/form-data; boundary=b", "Content_Length": len(body), "Connection": "close"}
    return head(path=path, Cookie=cookie, **fields), body


def test_only_the_page_of_imports_takes_much(server, cookie):
    assert code_of(exchange(server.port, *upload("/articles/new", cookie, 5 * MB))) == 400  # read; it has no token
    assert code_of(exchange(server.port, *upload("/imports", cookie, 30 * MB))) == 400
    refused = exchange(server.port, *upload("/articles/new", cookie, 30 * MB))
    assert (code_of(refused), "over 5 MB" in refused) == (413, True)


def test_an_import_that_is_too_large_is_told_so_without_its_body(server, cookie):
    fields = {"Content_Type": "multipart/form-data; boundary=b", "Content_Length": 300 * MB}
    refused = exchange(server.port, head(path="/imports", Cookie=cookie, **fields))

    assert (code_of(refused), "over 200 MB" in refused) == (413, True)
    assert 'type="file"' in refused


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nno header\r\n\r\n", 400),
        (b"GET http://[ HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
        (head(Content_Length="9" * 5_000), 400),
        (head(Content_Length="-1"), 400),
        (head("GET", Host="a..b", Connection="close", host="a..b"), 400),
        (head("GET", host="a..b", Connection="close"), 400),
        (head("GET", host="x" * 64, Connection="close"), 400),
        (head("GET", host="evil.example", Connection="close"), 421),
        (head("GET", X="x" * 300_000), 431),
        (head(Transfer_Encoding="gzip"), 501),
        (head(Transfer_Encoding="chunked") + b"nonsense\r\n", 400),
    ],
)
def test_what_the_server_refuses_it_refuses_with_our_headers(server, sent, code):
    answered = exchange(server.port, sent)

    assert code_of(answered) == code
    for name, value in ON_EVERY_ANSWER:
        assert f"\r\n{name}: {value}\r\n" in answered
    assert "<main><h1>" in answered


# ---- in this process, with a server whose patience is short


@pytest.fixture
def impatient(unused_app, monkeypatch):
    """A server in a thread that looks for slow clients all the time; its view /wait answers when it is told to."""
    go_on = threading.Event()

    def wait():
        go_on.wait(30)
        return "waited"

    unused_app.add_url_rule("/wait", view_func=allow(ANYONE)(wait))
    fails = allow(ANYONE)(lambda: attachment(failing(), "text/csv", "x", ending="csv"))
    unused_app.add_url_rule("/fails", "fails", view_func=fails)
    unused_app.add_url_rule("/much", view_func=allow(ANYONE)(lambda: b"x" * 50 * MB))
    listener, _ = bound_socket("127.0.0.1", 0)
    server = Server(unused_app, listener)
    server.adj.cleanup_interval, server.adj.asyncore_loop_timeout = 0, 0.05
    server.go_on = go_on
    thread = threading.Thread(target=server.run)
    thread.start()
    yield server
    go_on.set()
    is_rung = threading.Event()  # the loop may wake by itself, and is not to close the bell while it is rung
    server.trigger.pull_trigger(lambda: is_rung.wait() and wasyncore.close_all(server._map))
    is_rung.set()
    thread.join()
    for dispatcher in (server.task_dispatcher, server.health_dispatcher):
        dispatcher.shutdown()


def failing():
    yield "a,b\r\n"
    raise RuntimeError("the disk is gone")


@pytest.mark.sqlite_only("it is about the server")
def test_a_file_that_fails_midway_is_cut_so_that_whoever_takes_it_notices(impatient):
    """Its last chunk, which says that all is there, never comes."""
    answered = exchange(impatient.effective_port, head("GET", "/fails"))

    assert answered.endswith("5\r\na,b\r\n\r\n")
    assert "\r\n0\r\n" not in answered
    with (
        pytest.raises(IncompleteRead),
        urllib.request.urlopen(f"http://localhost:{impatient.effective_port}/fails") as file,
    ):
        file.read()


def test_whoever_watches_over_the_server_is_answered_while_all_threads_are_busy(impatient):
    with ExitStack() as held:
        waiting = [held.enter_context(connection(impatient.effective_port)) for _ in range(2 * THREADS)]
        for client in waiting:
            client.sendall(head("GET", "/wait", Connection="close"))
        assert code_of(exchange(impatient.effective_port, head("GET", "/healthz", Connection="close"))) == 200
        assert not impatient.go_on.is_set()

        impatient.go_on.set()
        assert all(read_to_the_end(client).endswith("waited") for client in waiting)


@pytest.mark.parametrize("sent", [b"", b"GET / HT", head("GET") + b"GET /sec"])
def test_a_head_that_never_ends_is_not_waited_for(impatient, monkeypatch, sent):
    monkeypatch.setattr(http_server, "HEAD_WITHIN", 1)

    assert exchange(impatient.effective_port, sent).count("HTTP/1.1 ") == sent.count(b"\r\n\r\n")


@pytest.mark.parametrize(
    "form", [head(Content_Length=1000) + b"name=", head(Transfer_Encoding="chunked") + b"5\r\nabc"]
)
def test_a_body_that_hardly_comes_is_not_waited_for(impatient, monkeypatch, form):
    monkeypatch.setattr(http_server, "GRACE", 0)
    monkeypatch.setattr(http_server, "SLOWEST_BODY", 1e9)

    assert exchange(impatient.effective_port, form) == ""


def test_an_answer_that_nobody_takes_on_frees_its_thread(impatient, monkeypatch):
    monkeypatch.setattr(http_server, "GRACE", 0.2)

    with connection(impatient.effective_port) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.sendall(head("GET", "/much"))
        client.recv(1)
        wait_until(lambda: not impatient.active_channels)


def test_a_refused_body_is_read_on_only_for_a_while(impatient, monkeypatch):
    monkeypatch.setattr(http_server, "LINGER", 0)

    with connection(impatient.effective_port) as client:
        client.sendall(head(Content_Length=6 * MB))
        assert code_of(read_to_the_end(client)) == 413
        wait_until(lambda: not impatient.active_channels)


def test_a_connection_that_is_kept_for_the_next_request_stays_open(impatient, monkeypatch):
    with connection(impatient.effective_port) as client:
        client.sendall(head("GET", "/healthz"))
        client.recv(65_536)
        [channel] = impatient.active_channels.values()
        wait_until(lambda: not channel.requests and not channel.total_outbufs_len)
        for patience in ("HEAD_WITHIN", "GRACE"):
            monkeypatch.setattr(http_server, patience, 0)
        assert not channel.is_too_slow(time.monotonic() + 60)


@pytest.mark.parametrize(("method", "is_save"), [("PUT", True), ("DELETE", True), ("POST", False), ("GET", False)])
def test_what_scripts_send_with_every_key_is_a_save_under_way(impatient, monkeypatch, method, is_save):
    under_way = []
    monkeypatch.setattr(http_server, "saves_under_way", CountedSaves(under_way))

    with connection(impatient.effective_port) as client:
        client.sendall(head(method, "/nowhere", Connection="close"))
        read_to_the_end(client)

    wait_until(lambda: under_way == ["began", "ended"] * is_save)


class CountedSaves:
    def __init__(self, seen):
        self._seen = seen

    @contextmanager
    def one_more(self):
        self._seen.append("began")
        yield
        self._seen.append("ended")


def wait_until(holds):
    until = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.02)
