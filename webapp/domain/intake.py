"""From what a person pastes or uploads to the text that is stored: decoded once, then never changed."""

import calendar
import codecs
import hashlib
import re
import warnings
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning, Tag
from bs4.dammit import EncodingDetector
from bs4.element import NavigableString, PreformattedString
from charset_normalizer import from_bytes
from trafilatura import bare_extraction, load_html
from trafilatura.settings import Document

from webapp.domain.errors import BadArticle
from webapp.domain.plain_text import UNSTORABLE, clean_line, web_address

# Somebody may paste a bare address or file name; that is a short text, no mistake to warn of.
warnings.filterwarnings("ignore", category=MarkupResemblesLocatorWarning)

LARGEST = 5 * 1024 * 1024
LONGEST_TITLE = 500

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
ENCODINGS = (
    "utf-8",
    "windows-1252",
    "iso-8859-1",
    "iso-8859-2",
    "iso-8859-15",
    "windows-1250",
    "windows-1251",
    "windows-1253",
    "windows-1254",
    "windows-1255",
    "windows-1256",
    "koi8-r",
    "utf-16-le",
    "utf-16-be",
    "shift_jis",
    "euc-jp",
    "gb18030",
    "big5",
    "euc-kr",
)
"""What a person may choose from when the detected encoding is wrong."""

MAGIC = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP or Office file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a compressed file"),
    (b"\xd0\xcf\x11\xe0", "an old Office file"),
    (b"{\\rtf", "an RTF file"),
    (b"\x7fELF", "a program"),
)

NUL_FOUND = "This holds NUL characters, so it is a binary file or UTF-16 without a mark; save it as UTF-8 text first."

# Control characters that no article has and many binary files do; C1 stays, because text taken for
# Latin-1 carries Windows-1252 quotes there.
CONTROLS = re.compile("[\x01-\x08\x0e-\x1a\x1c-\x1f]")


@dataclass(frozen=True)
class Decoded:
    """Text as it will be stored, and how it was read."""

    text: str
    encoding: str
    had_bom: bool


@dataclass(frozen=True)
class Description:
    """What is known of an article besides its text; None: not recorded."""

    title: str | None = None
    outlet: str | None = None
    author: str | None = None
    url: str | None = None
    published: str | None = None


def described(
    title: str | None = None,
    outlet: str | None = None,
    author: str | None = None,
    url: str | None = None,
    published: str | None = None,
) -> Description:
    """The description with white space folded and checked. Raises BadArticle, saying what to do."""
    return Description(
        title=_line("title", title),
        outlet=_line("outlet", outlet),
        author=_line("author", author),
        url=web_address(url or "", BadArticle),
        published=partial_date(published),
    )


def self_described(
    title: str | None = None,
    outlet: str | None = None,
    author: str | None = None,
    url: str | None = None,
    published: str | None = None,
) -> Description:
    """What a file says of itself, which nobody typed: too long a line is cut, a bad address or date dropped."""
    address, date = (url or "").strip(), re.match(r"\d{4}(-\d\d){0,2}(?=T|$)", (published or "").strip())
    try:
        address = web_address(address, BadArticle) or ""
    except BadArticle:
        address = ""
    try:
        day = partial_date(date[0]) if date else None
    except BadArticle:
        day = None
    return Description(_cut(title), _cut(outlet), _cut(author), address or None, day)


def _cut(value: str | None) -> str | None:
    return " ".join(UNSTORABLE.sub("", value or "").split())[:LONGEST_TITLE].strip() or None


def partial_date(value: str | None) -> str | None:
    """A year, month or day as ISO 8601 (`2013`, `2013-10`, `2013-10-22`). Raises BadArticle for others."""
    value = (value or "").strip()
    if not value:
        return None
    match = re.fullmatch(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", value, re.ASCII)
    if match:
        year, month, day = (int(part) if part else 1 for part in match.groups())
        if year >= 1 and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]:
            return value
    raise BadArticle(f"“{value[:40]}” is no date; write it as 2013-10-22, 2013-10 or 2013.")


def pasted(text: str) -> str:
    """Pasted text with LF line ends, as a form sends CRLF. Raises BadArticle."""
    text = text.replace("\r\n", "\n")
    check_text(text)
    return text


def decoded(
    upload: bytes, encoding: str | None = None, *, html: bool = False, largest: int | None = LARGEST
) -> Decoded:
    """The characters of an uploaded file, under the encoding given or the one detected.

    A byte order mark decides alone and is dropped; then UTF-8 if the bytes are valid UTF-8; then, in
    HTML, what the page declares; then what charset-normalizer finds likely; Windows-1252 and ISO 8859-1 last.
    Raises BadArticle for a file over `largest` bytes, a binary one, or bytes that the encoding does not know.
    """
    if largest is not None and len(upload) > largest:
        raise BadArticle(f"The file has {len(upload) / 1024**2:.1f} MB; the most is 5 MB. Split it, please.")
    for magic, kind in MAGIC:
        if upload.startswith(magic):
            raise BadArticle(f"This is {kind}, not text; save it as plain text or HTML first.")
    bom = next(((mark, name) for mark, name in BOMS if upload.startswith(mark)), None)
    if bom:
        mark, name = bom
        return _decoded(upload[len(mark) :], name, had_bom=True)
    if b"\x00" in upload and not (encoding or "").startswith("utf-16"):
        raise BadArticle(NUL_FOUND)
    if encoding:
        return _decoded(upload, encoding, had_bom=False)
    for name in _candidates(upload, html):
        try:
            return _decoded(upload, name, had_bom=False)
        except BadArticle:
            continue
    raise AssertionError("ISO 8859-1 reads any bytes.")


def _candidates(upload: bytes, html: bool) -> Iterator[str]:
    yield "utf-8"
    if html and (declared := EncodingDetector.find_declared_encoding(upload, is_html=True)):
        yield declared
    sample = upload[:65_536]  # tells as much as megabytes do, and takes no seconds
    # Too little to guess from: a short text with a few accents is most often from a Western machine.
    if len(sample) < 500 and sum(byte > 127 for byte in sample) < len(sample) * 0.15:
        yield "windows-1252"
    if guess := from_bytes(sample).best():
        yield guess.encoding
    yield "windows-1252"
    yield "iso-8859-1"


def _decoded(content: bytes, encoding: str, *, had_bom: bool) -> Decoded:
    try:
        text = content.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        raise BadArticle(f"The file is not written in {encoding}; choose another encoding.") from None
    return Decoded(text, codecs.lookup(encoding).name.replace("cp125", "windows-125"), had_bom)


def check_text(text: str) -> None:
    """Refuse what cannot be an article's text, with a sentence that says why. Raises BadArticle."""
    if "\x00" in text:
        raise BadArticle(NUL_FOUND)
    if re.search("[\ud800-\udfff]", text):
        raise BadArticle("The text holds half characters (lone surrogates); copy it again from its source.")
    if len(text.encode()) > LARGEST:
        raise BadArticle("The text is over 5 MB; split it into several articles, please.")
    if not re.search(r"\w", text):
        raise BadArticle("There is no text in it; paste the article or choose its file.")
    controls = len(CONTROLS.findall(text))
    if controls > 8 and controls > len(text) / 200:
        raise BadArticle("This looks like a binary file, not text; save it as plain text or HTML first.")


def sha256(text: str) -> str:
    """The hash that names a text: SHA-256 of its UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def _line(name: str, value: str | None) -> str | None:
    text = clean_line(name, value or "", LONGEST_TITLE, BadArticle)
    return " ".join(text.split()) if text else None


# ---- files


@dataclass(frozen=True)
class Reading:
    """What a file says once read: its text as it will be stored, how it was read, and what it says of itself."""

    text: str
    encoding: str
    had_bom: bool = False
    title: str | None = None
    outlet: str | None = None
    author: str | None = None
    url: str | None = None
    published: str | None = None


def media_type_of(file_name: str) -> str:
    return "text/html" if file_name.lower().endswith((".html", ".htm", ".xhtml")) else "text/plain"


def reading_of(upload: bytes, media_type: str, encoding: str | None = None) -> Reading:
    """The text of an uploaded text or HTML file; of a page, its article alone. Raises BadArticle."""
    is_html = media_type == "text/html"
    file = decoded(upload, encoding, html=is_html)
    if is_html:
        text, description = article_of(file.text)
        return Reading(text, file.encoding, file.had_bom, **asdict(description))
    check_text(file.text)
    return Reading(file.text, file.encoding, file.had_bom)


# ---- the article of an uploaded page

# Trafilatura compares every element with many others: a larger page could keep it busy for minutes.
MOST_ELEMENTS = 10_000
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
    prose = sum(map(len, tree.xpath(LONG_RUNS)))
    found = bare_extraction(
        tree, favor_precision=True, include_comments=False, with_metadata=True, date_extraction_params=DATES
    )
    if not isinstance(found, Document):
        return _whole_page(html, Description())
    description = self_described(found.title, found.sitename, found.author, found.url, found.date)
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
    soup = BeautifulSoup(html, "html.parser")
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
