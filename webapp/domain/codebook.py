"""The codebook's text as a page: Markdown in, safe HTML out, with an anchor at every section, tag and rule."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bs4 import BeautifulSoup
from markdown_it import MarkdownIt
from markupsafe import Markup

from webapp.domain.terms import FOUR_TAGS

FIRST_VERSION = "1.0"

_markdown = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")


def first_text() -> str:
    """The text of version 1.0, with which every installation starts."""
    return (Path(__file__).parent / "codebook_1_0.md").read_text("utf-8")


def rendered(text: str) -> str:
    """The text as plain HTML, without anchors."""
    return str(_markdown.render(text))


@lru_cache(64)
def as_html(text: str) -> Markup:
    """The text as HTML: ids `section-4` on headings, `tag-FACT` on those of tags, `rule-R7` on rows of rules.

    Heading levels go one down, because the page has its own first heading.
    """
    soup = BeautifulSoup(rendered(text), "html.parser")
    for heading in soup.find_all(re.compile("^h[1-5]$")):
        words = heading.get_text()
        if number := re.match(r"(\d+)\.", words):
            heading["id"] = f"section-{number[1]}"
        elif words in {tag.value for tag in FOUR_TAGS}:
            heading["id"] = f"tag-{words}"
        heading.name = f"h{int(heading.name[1]) + 1}"
    for row in soup.find_all("tr"):
        cell = row.find("td")
        if cell and re.fullmatch(r"R\d+", cell.get_text(strip=True)):
            row["id"] = f"rule-{cell.get_text(strip=True)}"
    for cell in soup.find_all(["td", "th"]):
        del cell["style"]
    return Markup(str(soup))


@dataclass(frozen=True)
class Heading:
    """A part of the codebook that its contents name."""

    anchor: str
    words: str
    is_tag: bool


@lru_cache(64)
def contents_of(text: str) -> tuple[Heading, ...]:
    """The sections and tags, in the order of the text."""
    soup = BeautifulSoup(as_html(text), "html.parser")
    return tuple(
        Heading(str(found["id"]), found.get_text(), str(found["id"]).startswith("tag-"))
        for found in soup.select("[id^=section-], [id^=tag-]")
    )
