"""From words at places on pages to paragraphs: reading order, lines joined, headers and page numbers left out."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, pairwise, takewhile
from math import inf
from statistics import median
from typing import NamedTuple

EDGE = 0.14
"""The share of a page at its top, and at its bottom, where headers, footers and page numbers stand."""
MOST_ROWS = 3
"""Of headers, or of footers."""
FEWEST_ROWS = 4
"""Of a page on which one sees how far apart its rows are."""
APART = 1.25
"""Times that distance, between a header or footer and the text."""
NARROWEST_GUTTER = 0.6
"""Of the size of the letters, the white between two columns."""
FEWEST_LINES, FEWEST_LETTERS = 3, 12
"""What each of two columns has at least, lines and letters in a line: less are cells of a table, or a list."""
CLOSE = 0.35
"""Of the size of the letters: words that are closer to each other, in either direction, stand on one line."""
SPACE = 0.2
"""Of the size of the letters: more white than this is a space."""
LOOSE = 1.4
"""Times the usual distance of lines: a paragraph begins behind more white than this."""

EARLY = 0.12
"""The share of its column by which the last line of a paragraph is shorter."""
LARGER = 1.15
"""Times the size of the letters: what is larger than this is a headline, and no text that goes on."""

INITIAL = 1.8
"""Times the size of the letters: a letter that is larger than this begins the lines beside it."""
INITIAL_LETTER = re.compile(r"[\"'“„«‘]?\w")

SENTENCE_END = re.compile(r"[.!?…:;。！？]['\"”’»“)\]]*$")
HYPHENS = "-\u2010\u00ad"
BROKEN_WORD = re.compile(rf"(\w+)[{HYPHENS}]$")
SUSPENDED = re.compile(r"(and|or|to|und|oder|bis|et|ou|y|o|e|en|of)\b")
"""A hyphen before these is one of “two- and three-year”, and no word that goes on."""
NO_SPACES = re.compile("[\u2e80-\u9fff\uff00-\uffef]")
"""Letters of scripts that put no space between words."""
PAGE_NUMBER = re.compile(
    r"\W*(?:(?:page|seite|p\.|s\.|pagina|página|стр\.)\s*)?(?:\d{1,4}|[ivxlc]{1,6})"
    r"(?:\s*(?:of|/|von|de|sur|di|из|van)\s*\d{1,4})?\W*",
    re.IGNORECASE,
)


class Words(NamedTuple):
    """Letters drawn one after the other on one line: from where to where, on what height, and how large."""

    start: float
    end: float
    base: float
    size: float
    text: str


class Page(NamedTuple):
    """A page by its lowest and highest point, and what is written on it, in any order."""

    bottom: float
    top: float
    words: Sequence[Words]


Lines = list[Words]


def paragraphs(pages: Sequence[Page]) -> list[str]:
    """The paragraphs of the pages in reading order.

    Columns are read one after the other; a line across them ends both. A header or footer is said, but for its
    digits, at the same height of two pages and of a third of all. A paragraph goes on over the end of a column or page
    where no sentence ends there.
    """
    by_page = [_lines(_with_initials(page.words)) for page in pages]
    alike = _alike_on_pages(by_page)
    columns = [
        column
        for page, lines in zip(pages, by_page, strict=True)
        for column in _columns(_without_furniture(page, lines, alike))
    ]
    usual = _usual_leading(columns)
    return _joined(list(_grouped(columns, usual)))


# ---- lines


def _with_initials(words: Sequence[Words]) -> Sequence[Words]:
    """The words with each large first letter put before the line that it begins; the lines beside it begin under it."""
    sizes = [one.size for one in words if one.text.strip()]
    usual = median(sizes) if sizes else 0.0
    found = list(words)
    for initial in [one for one in words if one.size > INITIAL * usual and INITIAL_LETTER.fullmatch(one.text.strip())]:
        beside = [
            place
            for place, one in enumerate(found)
            if one.size < initial.size / INITIAL
            and -0.5 * one.size < one.start - initial.end < one.size
            and initial.base - CLOSE * one.size <= one.base < initial.base + initial.size
        ]
        if not beside:
            continue
        first = max(beside, key=lambda place: found[place].base)
        for place in beside:
            text = initial.text.strip() if place == first else ""
            found[place] = found[place]._replace(start=initial.start, text=text + found[place].text)
        found.remove(initial)
    return found


def _lines(words: Iterable[Words], close: float = CLOSE) -> Lines:
    """The words with those joined that stand on one line and so close to each other, from the top."""
    found: Lines = []
    for row in _rows(one for one in words if one.text.strip()):
        line = None
        for one in sorted(row):
            gap = one.start - line.end if line else 0.0
            if line and -line.size < gap <= close * max(line.size, one.size):
                line = _one_line(line, one, " " if gap > SPACE * line.size else "")
                continue
            if line:
                found.append(line)
            line = one
        if line:
            found.append(line)
    return [line._replace(text=" ".join(line.text.split())) for line in found]


def _rows(words: Iterable[Words]) -> list[Lines]:
    """The words by the height that they stand on, from the top."""
    rows: list[Lines] = []
    for one in sorted(words, key=lambda one: (-one.base, one.start)):
        if rows and abs(rows[-1][0].base - one.base) <= CLOSE * max(rows[-1][0].size, one.size):
            rows[-1].append(one)
        else:
            rows.append([one])
    return rows


def _one_line(first: Words, then: Words, between: str) -> Words:
    size = max((first, then), key=lambda one: len(one.text)).size
    return Words(first.start, max(first.end, then.end), first.base, size, first.text + between + then.text)


# ---- headers, footers, page numbers


def _alike_on_pages(by_page: Sequence[Lines]) -> set[tuple[str, int]]:
    """What is said, but for its digits, at the same height of two pages and of a third of all."""
    found = Counter(said for lines in by_page for said in {_said(line) for line in lines})
    return {said for said, count in found.items() if count >= max(2, len(by_page) / 3)}


def _said(line: Words) -> tuple[str, int]:
    return re.sub(r"\d+", "#", line.text.casefold()), round(line.base / 4)


def _without_furniture(page: Page, lines: Lines, alike: set[tuple[str, int]]) -> Lines:
    """The lines of a page without its headers, footers and number: the outermost rows at its edges, three at most, in
    which nothing but these stands, and which white sets apart from the text."""
    rows, edge = _rows(lines), EDGE * (page.top - page.bottom)
    at_top = [row for row in rows if row[0].base > page.top - edge]
    at_bottom = [row for row in rows[len(at_top) :] if row[0].base < page.bottom + edge]

    def is_furniture(row: Lines) -> bool:
        return all(_said(line) in alike or PAGE_NUMBER.fullmatch(line.text) for line in row)

    first, last = (
        sum(1 for _ in takewhile(is_furniture, islice(ordered, MOST_ROWS))) for ordered in (at_top, reversed(at_bottom))
    )
    last = len(rows) - last
    steps = [above[0].base - below[0].base for above, below in pairwise(rows)]
    usual = median(steps) if len(rows) > FEWEST_ROWS else 0.0
    while 0 < first < len(rows) and steps[first - 1] < APART * usual:
        first -= 1
    while first < last < len(rows) and steps[last - 1] < APART * usual:
        last += 1
    return [line for row in rows[first:last] for line in row]


# ---- columns


class Band(NamedTuple):
    """What stands between two lines across the page: the lines of both sides, and the one line beneath them."""

    left: Lines
    right: Lines
    beneath: Lines

    @property
    def is_two_columns(self) -> bool:
        return _is_prose(self.left) and _is_prose(self.right) and not self.is_table

    @property
    def is_table(self) -> bool:
        """Rows of cells: what stands on the right has something beside it at its height, a third of it begins with a
        figure, and no line goes on in the next, as prose does that begins its lines with small letters."""
        heights = {round(line.base) for line in self.right}
        beside = [line for line in self.left if round(line.base) in heights]
        figures = [line for line in self.right if line.text[0].isdigit()]
        return (
            len({round(line.base) for line in beside}) == len(heights)
            and len(figures) >= len(self.right) / 3
            and all(line.text[0].isupper() or line.text[0].isdigit() for line in [*beside, *self.right])
        )


def _columns(lines: Lines) -> Iterator[Lines]:
    """The lines of one page, a column at a time and each from its top."""
    gutter = _gutter(lines)
    if gutter is None:
        if lines:
            yield _lines(lines, close=inf)  # however wide its words were set apart
        return
    across: Lines = []
    for band in _bands(lines, gutter):
        if max(len(band.left), len(band.right)) < FEWEST_LINES:  # words set apart, in a line that goes over both
            across += _lines([*band.left, *band.right], close=inf)
        else:
            if across:
                yield across
            across = []
            for side in (band.left, band.right):
                yield from _columns(side)
        across += band.beneath
    if across:
        yield across


def _gutter(lines: Lines) -> float | None:
    """Where the right one of two columns begins: with few lines across the white before it; None: one column."""
    best: tuple[int, float] | None = None
    starts = Counter(round(line.start) for line in lines)
    for start, count in starts.items():
        if count >= FEWEST_LINES:
            bands = _bands(lines, start)
            held = sum(len(band.left) + len(band.right) for band in bands)
            firm = sum(len(band.left) + len(band.right) for band in bands if band.is_two_columns)
            if firm and firm >= held / 2:
                best = min(best or (len(bands), start), (len(bands), start))
    return best[1] if best else None


def _bands(lines: Lines, gutter: float) -> list[Band]:
    """The lines before the place and behind it, as the lines across cut them into bands."""
    left = [line for line in lines if line.end <= gutter - NARROWEST_GUTTER * line.size]
    right = [line for line in lines if line.start >= gutter - 1]
    beside = {*map(id, left), *map(id, right)} - {id(line) for line in _headlines(left, right)}
    across = _lines((line for line in lines if id(line) not in beside), close=inf)
    bands = [Band([], [], [line]) for line in across] + [Band([], [], [])]
    heights = [-line.base for line in across]
    for side, place in ((left, 0), (right, 1)):
        for line in side:
            if id(line) in beside:
                bands[bisect_left(heights, -line.base)][place].append(line)
    return bands


def _headlines(left: Lines, right: Lines) -> Lines:
    """Large lines over two columns that are too short to reach the second: nothing stands beside them."""
    usual = median(line.size for line in right) if right else inf
    return [
        line
        for line in left
        if line.size > LARGER * usual and not any(abs(line.base - other.base) < line.size for other in right)
    ]


def _is_prose(lines: Lines) -> bool:
    return len(lines) >= FEWEST_LINES and sum(len(line.text) for line in lines) >= FEWEST_LETTERS * len(lines)


# ---- paragraphs


def _usual_leading(columns: Sequence[Lines]) -> float:
    """From line to line, in sizes of the letters."""
    steps = [
        (above.base - below.base) / above.size
        for column in columns
        for above, below in pairwise(column)
        if 0.8 * above.size < above.base - below.base < 3 * above.size
    ]
    return median(steps) if steps else 1.2


def _grouped(columns: Sequence[Lines], usual: float) -> Iterator[Lines]:
    """The lines of each paragraph."""
    group: Lines = []
    before = (0.0, 0.0)
    for column in columns:
        sides = min(line.start for line in column), max(line.end for line in column)
        for place, line in enumerate(column):
            goes_on = group and (
                _is_next(group[-1], line, *sides, usual) if place else _goes_over(group[-1], before, line, sides)
            )
            if group and not goes_on:
                yield group
                group = []
            group.append(line)
        before = sides
    if group:
        yield group


def _goes_over(last: Words, before: tuple[float, float], line: Words, sides: tuple[float, float]) -> bool:
    """Whether the paragraph of the last line of a column goes on in the first line of the next one."""
    (left, right), width = before, sides[1] - sides[0]
    is_full = right - last.end <= 0.2 * (right - left) and width <= LOOSE * (right - left)
    return is_full and _alike(last, line) and not SENTENCE_END.search(last.text)


def _is_next(above: Words, line: Words, left: float, right: float, usual: float) -> bool:
    """Whether the line belongs to the paragraph of the one above it in its column."""
    if not _alike(above, line) or not 0 < above.base - line.base <= LOOSE * usual * line.size:
        return False
    white = (right - above.end) / (right - left) if right > left and not BROKEN_WORD.search(above.text) else 0.0
    ends_sentence = bool(SENTENCE_END.search(above.text))
    if line.start - left > 0.8 * line.size:  # an indent, unless all of the paragraph is set in
        return above.start - left >= 0.4 * line.size and white <= EARLY
    return white <= (EARLY if ends_sentence else 3 * EARLY)


def _alike(one: Words, other: Words) -> bool:
    """Whether the letters of both have one size."""
    return one.size / LARGER < other.size < one.size * LARGER


def _joined(groups: Sequence[Lines]) -> list[str]:
    written = Counter(word for group in groups for line in group for word in _compounds(line.text))
    found = []
    for group in groups:
        text = group[0].text
        for line in group[1:]:
            text = _with(text, line.text, written)
        found.append(text.replace("\u00ad", ""))
    return found


def _compounds(text: str) -> list[str]:
    """The words with a hyphen inside, by which those that a line end cut are told."""
    return [word.casefold() for word in re.findall(r"\w+-\w+", text)]


def _with(text: str, more: str, written: Counter[str]) -> str:
    """The text with the next line: a word that a hyphen cut is whole again.

    The hyphen stays before a capital or a digit, and where the article writes the word with it elsewhere.
    """
    cut = BROKEN_WORD.search(text)
    if not cut:
        return text + ("" if NO_SPACES.match(text[-1:]) and NO_SPACES.match(more[:1]) else " ") + more
    if text[-1] == "\u00ad":
        return text[:-1] + more
    if SUSPENDED.match(more):
        return f"{text} {more}"
    rest = re.match(r"\w*", more)
    whole = f"{cut[1]}-{rest[0] if rest else ''}".casefold()
    return text + more if not more[:1].islower() or whole in written else text[:-1] + more
