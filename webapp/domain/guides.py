"""The documentation as pages of the app: Markdown in, safe HTML out, with pictures and links between the pages."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from bs4 import BeautifulSoup
from markdown_it import MarkdownIt
from markupsafe import Markup

_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


@dataclass(frozen=True)
class Guide:
    """One page of the documentation."""

    title: str
    lead: str
    """Its first paragraph, which says whom it is for."""
    html: Markup
    headings: tuple[tuple[str, str], ...]
    """The anchors and words of its sections."""


def guide_from(text: str, page: Callable[[str], str | None], picture: Callable[[str], str]) -> Guide:
    """The page without its first heading, which is the title.

    `page` tells the address of another page by its file's name, None where the app has no such page: there the words
    stay without a link. `picture` tells that of a picture.
    """
    soup = BeautifulSoup(_markdown.render(text), "html.parser")
    title = soup.find("h1")
    lead = soup.find("p")
    headings = []
    for heading in soup.find_all(["h2", "h3"]):
        words = heading.get_text()
        heading["id"] = re.sub(r"\W+", "-", words.casefold()).strip("-")
        if heading.name == "h2":
            headings.append((str(heading["id"]), words))
    for image in soup.find_all("img"):
        image["src"], image["loading"] = picture(_name(str(image["src"]))), "lazy"
    for link in soup.find_all("a"):
        where = str(link.get("href", ""))
        if "://" in where or where.startswith("#"):
            continue
        if address := page(_name(where)):
            link["href"] = address
        else:
            link.unwrap()
    for block in soup.find_all("pre"):
        block["tabindex"] = "0"  # it may scroll, and keys have to reach it
    for cell in soup.find_all(["td", "th"]):
        del cell["style"]
    told = Guide(title.get_text() if title else "", lead.get_text() if lead else "", Markup(""), tuple(headings))
    if title:
        title.extract()
    return Guide(told.title, told.lead, Markup(str(soup)), told.headings)


def _name(path: str) -> str:
    return path.rsplit("/", 1)[-1]
