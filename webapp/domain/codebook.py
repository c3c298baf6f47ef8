"""The codebook's text as a page: Markdown in, safe HTML out, with an anchor at every section, tag and rule."""

import re
from functools import cache
from pathlib import Path

from bs4 import BeautifulSoup
from markdown_it import MarkdownIt
from markupsafe import Markup

from webapp.domain.terms import FOUR_TAGS

FIRST_VERSION = "1.0"

_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


def first_text() -> str:
    """The text of version 1.0, with which every installation starts."""
    return (Path(__file__).parent / "codebook_1_0.md").read_text("utf-8")


@cache
def as_html(text: str) -> Markup:
    """The text as HTML: ids `section-4` on headings, `tag-FACT` on those of tags, `rule-R7` on rows of rules.

    Heading levels go one down, because the page has its own first heading.
    """
    soup = BeautifulSoup(_markdown.render(text), "html.parser")
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
