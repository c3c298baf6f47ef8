"""What is sent compressed, to whom, and that it is the same."""

import gzip

import pytest

from webapp import assets

pytestmark = pytest.mark.page

ASKS = {"Accept-Encoding": "gzip, br"}


@pytest.mark.parametrize("name", [assets.STYLESHEET, assets.PAGES_STYLESHEET, assets.DESK, "js/main.js"])
def test_a_static_file_comes_compressed_to_those_who_ask(client, name):
    with client.application.test_request_context():
        address = assets.asset(name)
    plain, packed = client.get(address), client.get(address, headers=ASKS)

    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"
    assert packed.headers["Cache-Control"] == plain.headers["Cache-Control"]
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data)


def test_a_page_does_too(client, sign_in, owner):
    sign_in(owner)
    packed = client.get("/projects", headers=ASKS)

    assert packed.headers["Content-Encoding"] == "gzip"
    assert b"</html>" in gzip.decompress(packed.data)
    assert packed.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("asks", [None, "br", "gzip;q=0", "identity"])
def test_nobody_gets_what_they_did_not_ask_for(client, sign_in, owner, asks):
    sign_in(owner)
    page = client.get("/projects", headers={"Accept-Encoding": asks} if asks else {})

    assert "Content-Encoding" not in page.headers
    assert "</html>" in page.text


def test_files_and_json_come_as_they_are(client, sign_in, owner):
    sign_in(owner)
    for answer in (client.get("/api/v1/me", headers=ASKS), client.post("/export/1/long.csv", headers=ASKS)):
        assert answer.status_code == 200
        assert "Content-Encoding" not in answer.headers
