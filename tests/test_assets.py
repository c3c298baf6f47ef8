"""Static files as they are served: joined, without comments, under an address that changes with them."""

import re

from webapp import assets
from webapp.config import resources


def test_scripts_are_served_without_comments_but_whole():
    for name, served in assets.scripts().items():
        source = (resources("static") / name).read_text("utf-8")
        assert not re.search(r"^\s*(//|/\*\*)", served, re.MULTILINE), name
        kept = [line.strip() for line in re.sub(r"^\s*/\*\*.*?\*/$", "", source, flags=re.M | re.S).splitlines()]
        code = [line for line in kept if line and not line.startswith("//")]
        assert [line for line in served.splitlines() if line] == code, name


def test_an_address_in_a_string_is_no_comment():
    assert assets.plain_script("// why\nconst at = 'https://example.org';\n") == "const at = 'https://example.org';\n"


def test_the_stylesheets_come_in_the_order_of_their_names_without_comments():
    desk, pages = assets.stylesheet(False), assets.stylesheet(True)

    assert desk.startswith("@layer")
    assert "/*" not in desk + pages
    assert ".bar{" in desk
    assert ".bar{" not in pages


def test_the_address_of_a_file_lets_a_browser_keep_it(client):
    with client.application.test_request_context():
        address = assets.asset("js/main.js")
    answer = client.get(address)

    assert (answer.status_code, answer.mimetype) == (200, "text/javascript")
    assert "immutable" in answer.headers["Cache-Control"]
    assert client.get(address.replace(assets.tree_hash(), "0" * 12)).status_code == 404
