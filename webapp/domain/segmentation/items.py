"""List items: what begins one, and where they stand one after the other on a line (“1. Flour 2. Sugar”)."""

import re
from collections.abc import Iterator

_BULLETS = "•⁃‣▪◦●\x95"  # U+0095 is the bullet of Windows-1252, read as Latin-1
_BULLET = re.compile(rf"[{_BULLETS}]")
_INLINE_BULLET = re.compile(rf"(?<=\s)[{_BULLETS}]")
_MARKER = re.compile(r"(?<!\S)(?P<open>\(?)(?P<rank>\d{1,3}|[a-zA-Z])(?P<close>\.\)|[.)])(?=\s+\S)")
_MARKER_ALONE = re.compile(rf"[{_BULLETS}*·–-]|\d{{1,2}}[.)]")
_ITEM = re.compile(rf"[{_BULLETS}]|[*·–—-]\s|\(?(?:\d{{1,3}}|[a-z]|[ivx]{{1,5}})[.)]\s|[A-Z]\)\s")
_CAPITALISED_TEXT = re.compile(r"\s+[\"“‘'(\[]?[^\W\d_a-z]")


def begins_item(text: str, start: int) -> bool:
    """Whether a line that begins here looks like an item of a list."""
    return _ITEM.match(text, start) is not None


def is_marker(text: str, start: int, end: int) -> bool:
    """Whether this line is a marker and nothing else, as some pages are copied; its text is on the next line."""
    return end - start <= 3 and _MARKER_ALONE.fullmatch(text, start, end) is not None


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
        if match["rank"] == expected and same_style and _is_marker_of_item(text, match):
            cuts.append(match.start())
            expected = _next_rank(expected)
    return cuts


def _next_rank(rank: str) -> str:
    return str(int(rank) + 1) if rank.isdecimal() else chr(ord(rank) + 1)


def _is_marker_of_item(text: str, marker: re.Match[str]) -> bool:
    """“B.” may be an initial, and a number before a full stop the last word of a sentence in small letters."""
    if ")" in marker["close"]:
        return True
    return not marker["rank"].isupper() and _CAPITALISED_TEXT.match(text, marker.end()) is not None
