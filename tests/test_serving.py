"""Starting up: the port asked for or the next free one, and who can reach it."""

import gc
import re
import socket
import sqlite3
import threading
import urllib.parse
import urllib.request
from unittest.mock import MagicMock

import pytest
from werkzeug.test import create_environ

from tests.live_server import LiveServer
from webapp import assets
from webapp.access import ANYONE, allow
from webapp.db import db_write
from webapp.domain import codebook
from webapp.serving import bound_socket, is_loopback, serve_forever, warm_up


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


@pytest.mark.parametrize(("proxy", "address"), [(None, "127.0.0.1"), ("127.0.0.1", "192.0.2.7")])
def test_only_a_trusted_proxy_is_believed_about_where_a_request_came_from(tmp_path, monkeypatch, proxy, address):
    if proxy:
        monkeypatch.setenv("CLAIMTAG_TRUSTED_PROXY", proxy)
    server = LiveServer(tmp_path / "instance").start()
    try:
        with urllib.request.urlopen(f"{server.url}/sign-in") as page:
            cookie = page.headers["Set-Cookie"].split(";")[0]
            token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.read().decode())[1]
        form = urllib.parse.urlencode({"csrf_token": token, "name": "Nobody", "password": "wrong"}).encode()
        headers = {"Cookie": cookie, "X-Forwarded-For": "192.0.2.7", "Referer": server.url}
        urllib.request.urlopen(urllib.request.Request(f"{server.url}/sign-in", form, headers)).close()
        database = sqlite3.connect(server.instance / "claimtag.sqlite")
        found = database.execute("SELECT address FROM sign_in_attempt").fetchall()
        database.close()
    finally:
        server.stop()

    assert found == [(address,)]


@pytest.fixture
def served(unused_app, monkeypatch):
    """What the server is given to serve, with nothing started."""
    given = []
    monkeypatch.setattr("waitress.serve", lambda app, **_: given.append(app))
    for started in ("threading.Thread", "signal.signal", "sys.setswitchinterval"):
        monkeypatch.setattr(f"webapp.serving.{started}", MagicMock())
    serve_forever(unused_app, MagicMock())
    monkeypatch.undo()
    return given[0]


@pytest.mark.parametrize(
    ("method", "address", "length", "others_can_write"),
    [
        ("PUT", "/probe/annotation", 200, False),
        ("DELETE", "/probe/annotation", 200, False),
        ("PUT", "/probe/annotation", 5_000_000, True),
        ("PUT", "/probe", 200, True),
        ("GET", "/probe/annotation", 0, True),
        ("POST", "/probe/annotation", 200, True),
    ],
)
def test_only_a_save_keeps_other_writers_waiting_from_the_start(
    unused_app, served, method, address, length, others_can_write
):
    seen = []

    def write():
        with unused_app.app_context(), db_write():
            seen.append("written")

    def view():
        other = threading.Thread(target=write)
        other.start()
        other.join(0.2)
        seen.append("answered")
        return "ok"

    unused_app.add_url_rule(address, view_func=allow(ANYONE)(view), methods=[method], provide_automatic_options=False)
    environ = create_environ(address, method=method) | {"CONTENT_LENGTH": str(length)}
    assert b"".join(served(environ, lambda *_: lambda _: None)) == b"ok"

    assert (seen[0] == "written") is others_can_write


def test_warming_up_leaves_nothing_to_compile_to_the_first_visitor(unused_app, monkeypatch):
    for kept in (codebook.as_html, assets.scripts, assets.stylesheet):
        kept.cache_clear()
    try:
        warm_up(unused_app)
        frozen = gc.get_freeze_count()
    finally:
        gc.unfreeze()

    assert frozen > 0
    assert codebook.as_html.cache_info().currsize == 1
    assert assets.scripts.cache_info().currsize == 1
    assert assets.stylesheet.cache_info().currsize == 2
    monkeypatch.setattr(unused_app.jinja_env, "compile", None)
    assert all(unused_app.jinja_env.get_template(name) for name in unused_app.jinja_env.list_templates())
