"""Help inside the app: the documentation as pages, and one line at the first visit to a room."""

import pytest
from bs4 import BeautifulSoup

from tests.factories import make_article
from webapp.config import resources
from webapp.domain.guides import guide_from
from webapp.help.routes import FILES, GUIDES


def page(client, address):
    return BeautifulSoup(client.get(address).text, "html.parser")


@pytest.mark.sqlite_only("the pages are files")
def test_every_page_of_the_help_opens_and_so_do_its_pictures_and_links(client, sign_in, owner):
    sign_in(owner)
    index = page(client, "/help")
    pictures, links = set(), set()
    for name in FILES:
        found = page(client, f"/help/{name}")
        pictures |= {image["src"] for image in found.select("main img")}
        links |= {link["href"].partition("#")[0] for link in found.select("main a[href^='/']")}

    assert [link.text for link in index.select(".guides a")] == [
        "Tag an article",
        "Lead a study",
        "Take the results away",
    ]
    assert len(pictures) >= len(GUIDES)
    for address in pictures | links:
        assert client.get(address).status_code == 200, address
    assert client.get("/help/architecture").status_code == 404
    assert client.get("/help/pictures/..%2F..%2Fpyproject.png").status_code == 404


def test_the_guides_name_no_picture_that_is_not_there():
    for name in GUIDES:
        file = resources("docs") / FILES[name]
        guide_from(
            file.read_text("utf-8"), lambda _: None, lambda picture: str((resources("docs") / picture).stat().st_size)
        )


def test_a_line_stands_in_a_room_until_its_reader_puts_it_away(client, sign_in, owner, analyst):
    article = make_article()
    sign_in(analyst)
    lines = page(client, f"/articles/{article.id}?at=1").select_one(".first-visit")
    answered = client.post("/help/put-away", data={one["name"]: one["value"] for one in lines.select("[type=hidden]")})

    assert "One key tags the sentence" in lines.text
    assert answered.location == f"/articles/{article.id}?at=1"
    assert page(client, answered.location).select_one(".first-visit") is None
    assert page(client, "/").select_one(".first-visit [name=room]")["value"] == "front"
    sign_in(owner)
    assert page(client, answered.location).select_one(".first-visit")


@pytest.mark.sqlite_only("nothing is written")
@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", "", "\\\\x"])
def test_putting_a_line_away_leads_nowhere_else(client, sign_in, owner, back):
    sign_in(owner)

    assert client.post("/help/put-away", data={"room": "front", "back": back}).location == "/"
