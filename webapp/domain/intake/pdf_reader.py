"""Reads a PDF in a process of its own, which may be ended: the file from standard input, JSON to standard output."""

import ctypes
import json
import math
import sys
from collections import Counter
from itertools import accumulate, groupby
from operator import itemgetter
from typing import Any, NamedTuple
from unicodedata import bidirectional

import pypdfium2
from pypdfium2 import raw

from webapp.domain.intake.pdf_layout import CLOSE, SPACE, Page, Words, paragraphs

if sys.platform != "win32":
    import resource

MOST_PAGES = 200
MOST_LETTERS = 3_000_000
MOST_MEMORY = 2 * 1024**3
LARGEST_GAP = 1.2
"""Times the size of the letters: behind more white something else begins, perhaps a column."""
PICTURE = 0.4
"""The share of a page that a picture covers where the page is scanned."""
FEWEST_LETTERS = 25
LIGATURES = {
    "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "st", "\ufb06": "st",
}  # fmt: skip

Told = dict[str, Any]


class Way(NamedTuple):
    """Into which direction a line is written."""

    x: int
    y: int

    def turned(self, x: float, y: float) -> tuple[float, float]:
        """The place on a page that is turned so that the line goes to the right."""
        return x * self.x + y * self.y, y * self.x - x * self.y


WAYS = (Way(1, 0), Way(0, -1), Way(-1, 0), Way(0, 1))
"""By the quarter turns that PDFium tells of a letter."""


def read(upload: bytes) -> Told:
    """`text` and `title` of the PDF, or the `fault` why there is none, with the `pages` where they matter."""
    try:
        document = pypdfium2.PdfDocument(upload)
        count = len(document)
        if count > MOST_PAGES:
            return {"fault": "long"}
        pages, scanned, letters, unreadable = [], [], 0, 0
        for number in range(count):
            page = document[number]
            drawn, way = _drawn(page)
            letters += len(drawn)
            if letters > MOST_LETTERS:
                return {"fault": "long"}
            unreadable += sum(1 for letter in drawn if not letter.is_readable)
            if len(drawn) < FEWEST_LETTERS and _share_of_pictures(page) > PICTURE:
                scanned.append(number + 1)
            pages.append(_page(page, drawn, way))
            page.close()
        title = document.get_metadata_dict().get("Title", "")
    except pypdfium2.PdfiumError as refused:
        return {"fault": "encrypted" if refused.err_code == raw.FPDF_ERR_PASSWORD else "broken"}
    if scanned or not letters:
        return {"fault": "scanned", "pages": scanned if len(scanned) < count else []}
    if unreadable > letters / 10:
        return {"fault": "unreadable"}
    return {"text": "\n".join(paragraphs(pages)), "title": title}


class Letter(NamedTuple):
    """A letter as it is drawn, the page turned so that its line goes to the right: where, and how large."""

    text: str
    start: float
    end: float
    base: float
    size: float

    @property
    def is_readable(self) -> bool:
        return self.text.isprintable() and self.text != "\ufffd" and not "\ue000" <= self.text <= "\uf8ff"


def _drawn(page: Any) -> tuple[list[Letter], Way]:
    """The letters of the page in the order in which they are drawn, and the way that most of them go; others, as of a
    mark beside the text, are left out."""
    text_page = page.get_textpage()
    x, y, box, matrix = ctypes.c_double(), ctypes.c_double(), raw.FS_RECTF(), raw.FS_MATRIX()
    by_way: dict[Way, list[Letter]] = {way: [] for way in WAYS}
    for place in range(text_page.count_chars()):
        code = raw.FPDFText_GetUnicode(text_page, place)
        if raw.FPDFText_IsHyphen(text_page, place) == 1:
            code = ord("-")
        if code in (0x0A, 0x0D):
            continue
        raw.FPDFText_GetCharOrigin(text_page, place, x, y)
        raw.FPDFText_GetLooseCharBox(text_page, place, box)
        way = WAYS[round(raw.FPDFText_GetCharAngle(text_page, place) / (math.pi / 2)) % 4]
        raw.FPDFText_GetMatrix(text_page, place, matrix)
        size = raw.FPDFText_GetFontSize(text_page, place) * math.hypot(matrix.c, matrix.d)
        (start, _), (end, _) = sorted((way.turned(box.left, box.bottom), way.turned(box.right, box.top)))
        _, base = way.turned(x.value, y.value)
        by_way[way].append(Letter(_character(code), start, end, base, max(size, 0.1)))
    text_page.close()
    most = max(WAYS, key=lambda way: sum(1 for letter in by_way[way] if not letter.text.isspace()))
    return by_way[most], most


def _character(code: int) -> str:
    character = chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
    return " " if character.isspace() else LIGATURES.get(character, character)


def _page(page: Any, letters: list[Letter], way: Way) -> Page:
    left, bottom, right, top = page.get_cropbox()
    heights = [way.turned(left, bottom)[1], way.turned(right, top)[1]]
    return Page(min(heights), max(heights), _words(letters))


def _words(letters: list[Letter]) -> list[Words]:
    """The letters that are drawn one after the other on one line; of a page that is written from right to left what is
    seen of it in a mirror, so that its lines, too, go to the right."""
    strong = Counter(_goes_right(letter) for letter in letters)
    if strong[False] > strong[True]:
        return _mirrored(letters)
    return _with_others_turned(letters) if strong[False] else _together(letters)


def _goes_right(letter: Letter) -> bool | None:
    """Whether it is a letter or figure of a script that goes to the right; None for signs of any script."""
    way = bidirectional(letter.text[:1])
    return True if way in ("L", "EN", "AN") else False if way in ("R", "AL") else None


def _with_others_turned(letters: list[Letter]) -> list[Words]:
    """Of a page that goes to the right: words of other scripts among them are read from their right end."""
    ways = [_goes_right(letter) for letter in letters]
    before = list(accumulate(ways, _last_said))
    behind = list(accumulate(reversed(ways), _last_said))[::-1]
    left = [
        way is False or (way is None and {one, other} == {False})
        for way, one, other in zip(ways, before, behind, strict=True)
    ]
    found: list[Words] = []
    for goes_left, some in groupby(zip(left, letters, strict=True), key=itemgetter(0)):
        held = [letter for _, letter in some]
        if goes_left:
            held = sorted(
                (letter for letter in held if not letter.text.isspace()),
                key=lambda letter: (-letter.base, -letter.start),
            )
        found += _together(held)
    return found


def _last_said(before: bool | None, way: bool | None) -> bool | None:
    return before if way is None else way


def _mirrored(letters: list[Letter]) -> list[Words]:
    """Letter by letter, as the layout puts together; figures and names that go to the right stay whole."""
    drawn = [letter for letter in letters if not letter.text.isspace()]
    ways = [_goes_right(letter) for letter in drawn]
    inside = [before and after for before, after in zip([None, *ways], [*ways[1:], None], strict=False)]
    right = [bool(way or (way is None and between)) for way, between in zip(ways, inside, strict=True)]
    found: list[Words] = []
    for goes_right, some in groupby(zip(right, drawn, strict=True), key=itemgetter(0)):
        held = [letter for _, letter in some]
        in_order = sorted(held, key=lambda letter: (-letter.base, letter.start))
        for one in _together(in_order) if goes_right else [Words(*letter[1:], letter.text) for letter in held]:
            found.append(one._replace(start=-one.end, end=-one.start))
    return found


def _together(letters: list[Letter]) -> list[Words]:
    found: list[Words] = []
    here: Words | None = None
    for letter in letters:
        if letter.text.isspace():
            here = here and here._replace(text=here.text + " ")
            continue
        gap = max(letter.start - here.end, here.start - letter.end) if here else 0.0
        if here and not _is_next(here, letter, gap):
            found.append(here)
            here = None
        here = _with(here, letter, gap) if here else Words(*letter[1:], letter.text)
    return [*found, here] if here else found


def _is_next(here: Words, letter: Letter, gap: float) -> bool:
    return gap <= LARGEST_GAP * here.size and abs(letter.base - here.base) <= CLOSE * max(here.size, letter.size)


def _with(here: Words, letter: Letter, gap: float) -> Words:
    """The words with one letter more; they stand where the largest of them stand."""
    largest: Words | Letter = letter if letter.size > here.size else here
    space = " " if gap > SPACE * here.size else ""
    start, end = min(here.start, letter.start), max(here.end, letter.end)
    return Words(start, end, largest.base, largest.size, here.text + space + letter.text)


def _share_of_pictures(page: Any) -> float:
    """How much of the page pictures cover, those that overlap counted twice."""
    left, bottom, right, top = page.get_cropbox()
    covered, whole = 0.0, max(1.0, abs((right - left) * (top - bottom)))
    for picture in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE]):
        x0, y0, x1, y1 = picture.get_bounds()
        covered += abs((x1 - x0) * (y1 - y0))
    return float(covered / whole)


def main() -> None:
    """Answer for the PDF on standard input, with no more memory than an honest one takes."""
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    json.dump(read(sys.stdin.buffer.read()), sys.stdout)


if __name__ == "__main__":
    main()
