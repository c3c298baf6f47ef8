"""How much may be sent, by whom and where, and what is said of more."""

import io

import pytest
from bs4 import BeautifulSoup

from tests.conftest import new_client
from tests.signing_in import sign_in_as
from webapp.body_limits import SIGNED_OUT, in_words

pytestmark = pytest.mark.page

MB = 2**20


@pytest.fixture
def limit(app, client, owner):
    """The limit of a request from the owner's browser, or from another one."""

    def limit(method, path, cookies=None):
        cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
        sent = f"{cookie.key}={cookie.value}" if cookies is None else cookies
        return app.extensions["body_limits"].limit(method, path, sent)

    sign_in_as(client, owner)
    return limit


@pytest.mark.parametrize(
    ("method", "path", "most"),
    [
        ("POST", "/imports", 201 * MB),
        ("POST", "/articles/new", 6 * MB),
        ("POST", "/imports/7", 6 * MB),
        ("POST", "/claims/0d2f9a63-4f7e-4f0c-9a4e-0d2f9a634f7e/copy", 21 * MB),
        ("POST", "/claims/0d2f9a63-4f7e-4f0c-9a4e-0d2f9a634f7e/sheet", 11 * MB),
        ("PUT", "/api/v1/sentences/1/annotation", 6 * MB),
        ("GET", "/imports", 201 * MB),
        ("POST", "/sign-in", SIGNED_OUT),
        ("POST", "/nothing", SIGNED_OUT),
        ("POST", "/imports/", SIGNED_OUT),
        ("DELETE", "/imports", SIGNED_OUT),
        ("POST", "/healthz", SIGNED_OUT),
    ],
)
def test_who_is_signed_in_sends_what_the_view_takes(limit, method, path, most):
    assert limit(method, path) == most


@pytest.mark.parametrize("cookies", ["", "claimtag_x=1", "{name}=", "{name}=eyJ0b2tlbiI6IngifQ.a.b", "{name}=x\xff"])
@pytest.mark.parametrize("path", ["/imports", "/articles/new", "/sign-in"])
def test_without_a_cookie_that_we_signed_it_is_64_kilobytes(app, limit, path, cookies):
    assert limit("POST", path, cookies.format(name=app.config["SESSION_COOKIE_NAME"])) == SIGNED_OUT


def test_the_cookie_of_a_visitor_is_not_enough(app):
    app.config["WTF_CSRF_ENABLED"] = True
    visitor = new_client(app)
    visitor.get("/sign-in")
    cookie = visitor.get_cookie(app.config["SESSION_COOKIE_NAME"])

    assert app.extensions["body_limits"].limit("POST", "/imports", f"{cookie.key}={cookie.value}") == SIGNED_OUT


def test_a_sign_in_form_of_more_than_64_kilobytes_is_not_read(client):
    refused = client.post("/sign-in", data=b"a&" * 40_000, content_type="application/x-www-form-urlencoded")

    assert refused.status_code == 413
    assert "over 64 kB" in refused.text


def test_an_import_of_more_than_200_megabytes_is_told_so_and_shown_the_form_again(client, sign_in, owner):
    sign_in(owner)
    refused = client.post(
        "/imports",
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": str(202 * MB)},
    )

    assert refused.status_code == 413
    page = BeautifulSoup(refused.data, "html.parser")
    assert "over 200 MB" in page.select_one("main form").text
    assert page.select("form input[type=file][multiple]")


def test_a_text_that_is_too_long_is_told_so_and_shown_the_form_again(client, sign_in, owner):
    sign_in(owner)
    refused = client.post("/articles/new", data={"text": "x" * 6_400_000})

    assert refused.status_code == 413
    assert "over 5 MB" in BeautifulSoup(refused.data, "html.parser").select_one("main form").text


def test_1200_small_files_come_in_at_once(client, sign_in, owner):
    sign_in(owner)
    files = [(io.BytesIO(f"One came. {n} went.".encode()), f"{n}.txt") for n in range(1_200)]
    answered = client.post("/imports", data={"project": "1", "uploads": files})

    assert (answered.status_code, answered.location) == (302, "/imports/1")


def test_too_many_parts_elsewhere_are_told_as_such(client, sign_in, owner):
    sign_in(owner)
    refused = client.post(
        "/articles/new", data={f"field{n}": "x" for n in range(1_001)}, content_type="multipart/form-data"
    )

    assert refused.status_code == 413
    assert "too many files" in refused.text


@pytest.mark.parametrize(
    "part",
    [
        "Content-Disposition: form-data\r\n\r\nx",
        "Content-Disposition: form-data; filename=a.txt\r\n\r\nx",
        "Content-Disposition: form-data; filename*=utf-8''a.txt\r\n\r\nx",
        "Content-Disposition: attachment; name\r\n\r\nx",
    ],
)
@pytest.mark.parametrize("address", ["/sign-in", "/articles/new", "/imports"])
def test_a_part_of_a_form_without_a_name_is_a_bad_request(app, client, sign_in, owner, address, part):
    app.config["PROPAGATE_EXCEPTIONS"] = False
    sign_in(owner)
    body = f"--b\r\n{part}\r\n--b--\r\n".encode()

    assert client.post(address, data=body, content_type="multipart/form-data; boundary=b").status_code == 400


@pytest.mark.parametrize(("limit", "words"), [(201 * MB, "200 MB"), (6 * MB, "5 MB"), (64 * 1024, "64 kB")])
def test_a_limit_is_told_as_what_fits_into_it(limit, words):
    assert in_words(limit) == words
