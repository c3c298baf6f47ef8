"""From an HTML page to the prose of its article: paragraphs kept; scripts, styles and navigation dropped."""

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from bs4 import BeautifulSoup, Tag, UnusualUsageWarning
from bs4.element import NavigableString, PreformattedString
from trafilatura import bare_extraction, load_html
from trafilatura.settings import Document

from webapp.domain.intake.description import LONGEST_TITLE, Description, self_described
from webapp.domain.intake.text import check_text
from webapp.domain.plain_text import UNSTORABLE

# Somebody may paste a bare address, or XML; that is a text like any other, no mistake to warn of.
warnings.filterwarnings("ignore", category=UnusualUsageWarning)

# ---- the article of an uploaded page

# Trafilatura compares every element with many others: a larger page could keep it busy for minutes.
MOST_ELEMENTS = 10_000
# It searches names and addresses again and again; what is longer is a picture written out, or meant to keep it busy.
LONGEST_ATTRIBUTE = 10_000
WITH_LONG_ATTRIBUTES = f"//*[@*[string-length() > {LONGEST_ATTRIBUTE}]]"
# An extraction with less than this share of the page's long runs of text has missed the article.
LEAST_SHARE = 0.25
# Of less it cannot tell menus from headings; a page with hardly more text than that is taken as it is.
SHORT = 250
LONG_RUNS = "//body//text()[string-length(normalize-space()) >= 80][not(ancestor::script or ancestor::style)]"
# No search through the whole text for something like a date, and nothing that depends on the day of the reading.
DATES = {"original_date": True, "extensive_search": False, "min_date": "1900-01-01", "max_date": "2999-12-31"}
EXTRACTED_BLOCKS = {"ab", "body", "cell", "code", "fw", "head", "item", "list", "p", "quote", "row", "table"}


def article_of(html: str) -> tuple[str, Description]:
    """The article of a whole page, one paragraph a line, and its title, author, date, outlet and address.

    Trafilatura finds it and fetches nothing. The prose of the whole page is taken instead, as in `page_of`, when
    it finds no text, or less than a quarter of the page's longer runs of text, or a short text that is more than
    half of the page, or when the page has over 10,000 elements. Raises BadArticle when no text is left.
    """
    tree = None if UNSTORABLE.search(html) else load_html(html)
    if tree is None or tree.xpath("count(//*)") > MOST_ELEMENTS:
        return _whole_page(html, Description())
    for element in tree.xpath(WITH_LONG_ATTRIBUTES):
        for name in [name for name, value in element.items() if len(value) > LONGEST_ATTRIBUTE]:
            del element.attrib[name]
    prose = sum(map(len, tree.xpath(LONG_RUNS)))
    found = bare_extraction(
        tree, favor_precision=True, include_comments=False, with_metadata=True, date_extraction_params=DATES
    )
    if not isinstance(found, Document):
        return _whole_page(html, Description())
    description = self_described(Description(found.title, found.sitename, found.author, found.url, found.date))
    text = "\n".join(_extracted_paragraphs(found.body))
    if not re.search(r"\w", text) or len(text) < LEAST_SHARE * prose or _is_most_of(html, text):
        return _whole_page(html, description)
    check_text(text)
    return text, description


def _is_most_of(html: str, text: str) -> bool:
    return len(text) < SHORT and len(_walked(html).text) < 2 * len(text)


def _whole_page(html: str, description: Description) -> tuple[str, Description]:
    page = page_of(html)
    return page.text, replace(description, title=description.title or page.title)


def _extracted_paragraphs(body: Any) -> Iterator[str]:
    """The text of each block of what trafilatura found; walked with a stack, because it may nest deeply."""
    line: list[str] = []
    stack: list[Any] = [body]
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            line.append(node)
            continue
        if node is _BREAK or node.tag == "lb":
            if paragraph := HTML_SPACE.sub(" ", "".join(line)).strip():
                yield paragraph
            line.clear()
        if node is not _BREAK:
            inner = [node.text or "", *(part for child in node for part in (child, child.tail or ""))]
            around = [_BREAK] if node.tag in EXTRACTED_BLOCKS else []
            stack.extend(reversed([*around, *inner, *around]))


# ---- HTML

NOT_PROSE = {
    "title", "script", "style", "noscript", "template", "head", "nav", "aside", "footer", "form", "button", "select",
    "textarea", "input", "svg", "canvas", "iframe", "object", "video", "audio", "map", "dialog", "menu",
}  # fmt: skip
BLOCKS = {
    "address", "article", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li",
    "main", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
}  # fmt: skip
HTML_SPACE = re.compile("[ \t\n\r\f]+")


@dataclass(frozen=True)
class Page:
    """An HTML page reduced to its prose, one paragraph a line, and what it says of itself."""

    text: str
    title: str | None


def page_of(html: str) -> Page:
    """The prose of an HTML page: paragraphs kept, scripts, styles and navigation dropped.

    When the page marks its article (`<article>`, `<main>`), only that is read. Raises BadArticle
    when no text is left.
    """
    page = _walked(html)
    check_text(page.text)
    return page


def _walked(html: str) -> Page:
    soup = BeautifulSoup(html, "lxml")
    title = soup.find("h1") or soup.title
    words = " ".join(title.get_text(" ").split()) if title else ""
    return Page("\n".join(_paragraphs(_article_of(soup))), words[:LONGEST_TITLE] or None)


def _article_of(soup: BeautifulSoup) -> Tag:
    for name in ("article", "main"):
        marked = soup.find_all(name)
        if len(marked) == 1 and len(marked[0].get_text(strip=True)) > 200:
            return marked[0]
    return soup.body or soup


def _paragraphs(body: Tag) -> Iterator[str]:
    """The text of each block, in order. Walks with a stack of its own: pages nest deeper than Python may call."""
    line: list[str] = []
    stack: list[object] = [body]
    while stack:
        node = stack.pop()
        if node is _BREAK or (isinstance(node, Tag) and node.name == "br"):
            if paragraph := HTML_SPACE.sub(" ", "".join(line)).strip():
                yield paragraph
            line.clear()
        elif isinstance(node, Tag):
            if node.name in NOT_PROSE or node.has_attr("hidden") or node.get("role") == "navigation":
                continue
            inner = list(reversed(node.contents))
            stack.extend([_BREAK, *inner, _BREAK] if node.name in BLOCKS else inner)
        elif isinstance(node, NavigableString) and not isinstance(node, PreformattedString):
            line.append(str(node))
    if paragraph := HTML_SPACE.sub(" ", "".join(line)).strip():
        yield paragraph


_BREAK = object()
