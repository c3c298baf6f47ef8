"""List items that stand one after the other on a line: “1. Flour 2. Sugar”, “• Flour • Sugar”."""

import re
from collections.abc import Iterator

_BULLET = re.compile(r"[•⁃‣▪◦●][ \xa0]?")
_INLINE_BULLET = re.compile(r"(?<=[\s\u200b])[•⁃‣▪◦●]")
_MARKER = re.compile(r"(?<!\S)(?P<open>\(?)(?P<rank>\d{1,3}|[a-zA-Z])(?P<close>\.\)|[.)])(?=\s+\S)")
# A number before a full stop may belong to the sentence before it (“in row 2. The”): an item has a capital.
_ITEM_TEXT = re.compile(r"\s+[\"“‘'(\[]?[^\W\d_a-z]")


def items(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The paragraph in pieces that begin at each list item; most paragraphs are one piece."""
    for cut in _cuts(text, start, end):
        yield start, cut
        start = cut
    yield start, end


def _cuts(text: str, start: int, end: int) -> list[int]:
    if _BULLET.match(text, start, end):
        return [match.start() for match in _INLINE_BULLET.finditer(text, start + 1, end)]
    first = _MARKER.match(text, start, end)
    return _following_items(text, first, end) if first else []


def _following_items(text: str, first: re.Match[str], end: int) -> list[int]:
    """The items that count on from the first in its own style: after “a)” comes “b)”, not “2.”."""
    cuts = []
    expected = _next_rank(first["rank"])
    for match in _MARKER.finditer(text, first.end(), end):
        same_style = (match["open"], match["close"]) == (first["open"], first["close"])
        if match["rank"] == expected and same_style and _begins_item(text, match):
            cuts.append(match.start())
            expected = _next_rank(expected)
    return cuts


def _next_rank(rank: str) -> str:
    return str(int(rank) + 1) if rank.isdecimal() else chr(ord(rank) + 1)


def _begins_item(text: str, marker: re.Match[str]) -> bool:
    if marker["rank"].isupper() and marker["close"] == ".":
        return False
    return ")" in marker["close"] or _ITEM_TEXT.match(text, marker.end()) is not None
