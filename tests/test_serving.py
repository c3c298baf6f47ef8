"""Starting up: the port asked for or the next free one, and who can reach it."""

import gc
import re
import shutil
import socket
import sys
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from tests.live_server import LiveServer
from tests.signing_in import open_link
from webapp import assets
from webapp.domain import codebook
from webapp.serving import bound_socket, is_loopback, warm_up


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


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGTERM to stop it by")
def test_a_server_that_stops_writes_when_its_sessions_were_used(server):
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    try:
        open_link(browser, server.link).close()
        before = server.rows("SELECT last_used_at FROM session")
        browser.open(f"{server.url}/account").close()
        assert server.rows("SELECT last_used_at FROM session") == before
    finally:
        server.stop()
    after = server.rows("SELECT last_used_at FROM session")

    assert len(before) == 1
    assert after > before


@pytest.mark.parametrize(("proxy", "address"), [(None, "127.0.0.1"), ("127.0.0.1", "192.0.2.7")])
def test_only_a_trusted_proxy_is_believed_about_where_a_request_came_from(instance, monkeypatch, proxy, address):
    if proxy:
        monkeypatch.setenv("CLAIMTAG_TRUSTED_PROXY", proxy)
    server = LiveServer(instance).start()
    try:
        with urllib.request.urlopen(f"{server.url}/sign-in") as page:
            cookie = page.headers["Set-Cookie"].split(";")[0]
            token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.read().decode())[1]
        form = urllib.parse.urlencode({"csrf_token": token, "name": "Nobody", "password": "wrong"}).encode()
        headers = {"Cookie": cookie, "X-Forwarded-For": "192.0.2.7", "Referer": server.url}
        urllib.request.urlopen(urllib.request.Request(f"{server.url}/sign-in", form, headers)).close()
        found = server.rows("SELECT address FROM sign_in_attempt")
    finally:
        server.stop()

    assert found == [(address,)]


def test_warming_up_leaves_nothing_to_compile_to_the_first_visitor(unused_app, monkeypatch):
    for kept in (codebook.as_html, assets.scripts, assets.stylesheet):
        kept.cache_clear()
    unused_app.jinja_env.bytecode_cache = None
    done = []
    monkeypatch.setattr(gc, "freeze", lambda: done.append("frozen"))
    warm_up(unused_app)

    assert done == ["frozen"]
    assert codebook.as_html.cache_info().currsize == 1
    assert assets.scripts.cache_info().currsize == 1
    assert assets.stylesheet.cache_info().currsize == 2
    monkeypatch.setattr(unused_app.jinja_env, "compile", None)
    assert all(unused_app.jinja_env.get_template(name) for name in unused_app.jinja_env.list_templates())


@pytest.mark.postgresql_only("on SQLite a second server on the file is refused")
def test_three_servers_started_at_once_on_an_empty_database_set_it_up_once_and_all_start(
    dbms, empty_instance, tmp_path
):
    folders = [empty_instance, *(tmp_path / f"machine-{number}" for number in (2, 3))]
    for folder in folders[1:]:
        folder.mkdir()
        shutil.copy(empty_instance / "config.py", folder)
    with ExitStack() as stopped, ThreadPoolExecutor(3) as pool:
        servers = [LiveServer(folder) for folder in folders]
        for server in servers:
            stopped.callback(server.kill)
        for server in pool.map(LiveServer.start, servers):
            urllib.request.urlopen(f"{server.url}/sign-in").close()
        begun = [servers[0].rows(f"SELECT count(*) FROM {table}") for table in ('"user"', "project", "article")]

    assert begun == [[(1,)]] * 3
