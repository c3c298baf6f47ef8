"""Reads a table of evidence from CSV: one item a row, claims by name; says in one sentence what is wrong with it."""

from collections.abc import Mapping
from typing import TypeVar

from webapp.domain.corroboration.origins import Item
from webapp.domain.csv_rows import csv_rows, place_of, text_of
from webapp.domain.errors import BadEvidence
from webapp.domain.terms import Covers, Credibility, Independence, Reliability, Stance, Term

REQUIRED = ("claim", "item", "stance", "independence")
OPTIONAL = ("origin", "same_origin_as", "source_reliability", "information_credibility", "covers")

T = TypeVar("T", bound=Term)


def read(content: str | bytes) -> dict[str, list[Item]]:
    """The items of each claim, claims in the order met. A row with only a claim is a claim without items.

    Columns as in `REQUIRED` and, where they are there, `OPTIONAL`; others are passed over. An empty cell is *not
    recorded*. Raises BadEvidence, naming the line.
    """
    rows = csv_rows(text_of(content, BadEvidence), BadEvidence)
    _, header = next(rows, (0, []))
    if not header:
        raise BadEvidence("The file is empty.")
    places = {name: place_of(name, header, BadEvidence) for name in REQUIRED}
    places |= {name: place_of(name, header, BadEvidence) for name in OPTIONAL if name in header}
    claims: dict[str, list[Item]] = {}
    lines: dict[tuple[str, str], int] = {}
    for line, row in rows:
        if len(row) != len(header):
            raise BadEvidence(f"Line {line}: {len(row)} cells where the header has {len(header)}.")
        cells = {name: row[place] for name, place in places.items()}
        if not cells["claim"]:
            raise BadEvidence(f"Line {line}: “claim” is empty.")
        items = claims.setdefault(cells["claim"], [])
        if not any(value for name, value in cells.items() if name != "claim"):
            continue
        item = _item(line, cells)
        if (cells["claim"], item.id) in lines:
            raise BadEvidence(f"Line {line}: the claim has an item “{item.id}” already.")
        lines[cells["claim"], item.id] = line
        items.append(item)
    for claim, items in claims.items():
        for item in items:
            _require_other(claim, item, lines)
    return claims


def _item(line: int, cells: Mapping[str, str]) -> Item:
    for name in ("item", "stance", "independence"):
        if not cells[name]:
            raise BadEvidence(f"Line {line}: “{name}” is empty.")
    stance, independence = _term(line, cells, "stance", Stance), _term(line, cells, "independence", Independence)
    assert stance is not None
    assert independence is not None
    return Item(
        cells["item"],
        stance,
        independence,
        cells.get("origin") or None,
        cells.get("same_origin_as") or None,
        _term(line, cells, "source_reliability", Reliability),
        _term(line, cells, "information_credibility", Credibility),
        _term(line, cells, "covers", Covers),
    )


def _term(line: int, cells: Mapping[str, str], name: str, terms: type[T]) -> T | None:
    value = cells.get(name)
    if not value:
        return None
    try:
        return terms(value)
    except ValueError:
        known = ", ".join(term.value for term in terms)
        raise BadEvidence(f"Line {line}: “{name}” is one of {known}; got “{value[:40]}”.") from None


def _require_other(claim: str, item: Item, lines: Mapping[tuple[str, str], int]) -> None:
    """Raises BadEvidence where the item says it has the origin of itself, or of nothing in its claim."""
    line = lines[claim, item.id]
    if item.same_origin_as == item.id:
        raise BadEvidence(f"Line {line}: “{item.id}” names itself in “same_origin_as”.")
    if item.same_origin_as and (claim, item.same_origin_as) not in lines:
        raise BadEvidence(f"Line {line}: “same_origin_as” names “{item.same_origin_as}”, no item of this claim.")
