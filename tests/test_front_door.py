"""What every request meets first: only names of ours get in, and every answer carries the headers."""

import re
import socket

import pytest
from bs4 import BeautifulSoup

from tests.conftest import new_client
from tests.signing_in import sign_in_as
from webapp.config import listed
from webapp.front_door import ON_EVERY_ANSWER, host_in, refused

pytestmark = pytest.mark.page

MACHINE = socket.gethostname().lower()
HOSTS = ("desk.newsroom.lan", "BÜRO.example:8765")


def status(header, base_url=None, hosts=()):
    found = refused(header, base_url, "http://127.0.0.1:8765", tuple(hosts))
    return found[0] if found else 200


@pytest.mark.parametrize(
    "header",
    [
        "localhost", "localhost:8765", "LOCALHOST.", "ip6-localhost", "127.0.0.1:8765", "192.168.0.4", "[::1]:8765",
        "[2001:db8::7]", MACHINE, f"{MACHINE}:80", f"{MACHINE.partition('.')[0]}.local", "claimtag.example.org",
        "desk.newsroom.lan:8765", "xn--bro-hoa.example",
    ],
)  # fmt: skip
def test_names_of_this_machine_and_of_the_settings_get_in(header):
    assert status(header, "https://claimtag.example.org", HOSTS) == 200


@pytest.mark.parametrize("header", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "other.local"])
def test_any_other_name_is_refused(header):
    assert status(header, "https://claimtag.example.org", HOSTS) == 421


@pytest.mark.parametrize(
    "header",
    [
        "", "a..b", ".", "x" * 64 + ".example", ".".join(["x" * 50] * 6), "[::1", "[nothing]", "a b", "a, b", "a/b",
        "user@localhost", "localhost:80:80", "localhost:port", "b\xfcro.example", "<script>", "localhost\x00",
    ],
)  # fmt: skip
def test_what_names_no_host_is_a_bad_request(header):
    assert host_in(header) is None
    assert status(header) == 400


def test_names_in_the_environment_are_divided_by_commas_or_spaces():
    assert listed("one.lan, two.lan  three.lan") == ("one.lan", "two.lan", "three.lan")
    assert listed(["one.lan"]) == ("one.lan",)
    assert listed(None) == ()


def test_the_setting_lets_another_name_in(app, client):
    assert client.get("/sign-in", headers={"Host": "desk.lan"}).status_code == 421

    app.config["HOSTS"] = ("desk.lan",)
    assert client.get("/sign-in", headers={"Host": "desk.lan"}).status_code == 200


@pytest.mark.parametrize("address", ["/sign-in", "/healthz", "/static/x/y.css", "/nothing", "/api/v1/me"])
def test_a_rebound_name_reaches_nothing(client, address):
    assert client.get(address, headers={"Host": "evil.example:8765"}).status_code == 421


def test_the_refusal_names_the_setting(client):
    answered = client.get("/sign-in", headers={"Host": "evil.example:8765"})
    page = BeautifulSoup(answered.data, "html.parser")

    assert "CLAIMTAG_HOSTS=evil.example" in page.select_one("main p").text
    assert not page.select("link, script, img, form")
    assert client.put("/api/v1/x", headers={"Host": "evil.example"}).json["code"] == "wrong_host"


@pytest.mark.parametrize(
    ("address", "host", "code"),
    [
        ("/sign-in", "localhost", 200),
        ("/nothing", "localhost", 404),
        ("/sign-in", "a..b", 400),
        ("/", "evil.example", 421),
    ],
)
def test_every_answer_carries_our_headers(client, address, host, code):
    answered = client.get(address, headers={"Host": host})

    assert answered.status_code == code
    assert [(name, answered.headers.getlist(name)) for name, _ in ON_EVERY_ANSWER] == [
        (name, [value]) for name, value in ON_EVERY_ANSWER
    ]
    assert "Strict-Transport-Security" not in answered.headers


def test_an_error_in_a_view_carries_them_too(unused_app):
    unused_app.config["PROPAGATE_EXCEPTIONS"] = False
    unused_app.before_request(lambda: 1 / 0)

    answered = new_client(unused_app).get("/sign-in")
    assert (answered.status_code, answered.headers["X-Content-Type-Options"]) == (500, "nosniff")


def test_behind_tls_browsers_are_told_to_stay_there_and_the_cookie_is_for_this_host_alone(app, client, owner):
    app.config["SESSION_COOKIE_SECURE"] = True  # as a BASE_URL with https has it
    answered = sign_in_as(client, owner)

    assert answered.headers["Strict-Transport-Security"].startswith("max-age=")
    name, *parts = re.split("[=;] *", answered.headers["Set-Cookie"])
    assert re.fullmatch("__Host-claimtag_[0-9a-f]{8}", name)
    assert {"Secure", "HttpOnly", "Path"} <= set(parts)
    assert "Path=/;" in answered.headers["Set-Cookie"]
    assert "Domain" not in parts


def test_a_proxy_that_says_https_is_enough(client, owner):
    answered = sign_in_as(client, owner, base_url="https://localhost")

    cookie = answered.headers["Set-Cookie"]
    assert cookie.startswith("__Host-claimtag_")
    assert "Secure" in cookie
    assert client.get("/account", base_url="https://localhost").status_code == 200
    assert client.get("/account", base_url="http://localhost").status_code == 302
