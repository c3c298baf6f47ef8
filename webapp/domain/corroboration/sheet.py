"""Reads the sheet of an auto-archiver as items of a claim: one archived address a row, saved from the sheet as CSV.

The columns are those that Bellingcat's auto-archiver writes back to its sheet; others are passed over.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from webapp.domain.corroboration.evidence import TEXTS, EvidenceItem, evidence_from
from webapp.domain.csv_rows import csv_rows, text_of
from webapp.domain.errors import BadEvidence
from webapp.domain.moments import moment
from webapp.domain.plain_text import web_address

LINK = "link"
COLUMNS = {
    LINK: "the address of the item",
    "archive location": "where its archived copy is",
    "archive date": "when it was looked at",
    "upload timestamp": "when it was published, to the day",
    "upload title": "its title",
    "text content": f"the passage; of a longer text the first {TEXTS['quote']:,} characters",
    "archive status": "kept in the note, with the next two",
    "hash": "of the archived file",
    "wacz": "the web archive of it",
    "stance": "where a row differs from what is chosen for all",
    "independence": "the same",
}
IN_NOTE = ("archive status", "hash", "wacz")
MOST_ROWS = 10_000


def items_of_sheet(content: bytes, stance: str, independence: str) -> list[EvidenceItem]:
    """The items of a sheet, each with this stance and independence where its row gives none.

    Raises BadEvidence, naming the first line that is wrong.
    """
    rows = csv_rows(text_of(content, BadEvidence), BadEvidence)
    _, header = next(rows, (0, []))
    if not header:
        raise BadEvidence("The file is empty; save the sheet as CSV and choose that file.")
    names = [name.casefold() for name in header]
    for name in COLUMNS:
        if names.count(name) > 1:
            raise BadEvidence(f"Line 1: there are two columns “{name}”.")
    if LINK not in names:
        raise BadEvidence("Line 1: there is no column “Link”; is it the sheet of an auto-archiver, saved as CSV?")
    items = []
    for line, row in rows:
        if len(row) > len(names):
            raise BadEvidence(f"Line {line:,}: {len(row)} cells where the header has {len(names)}.")
        try:
            items.append(_item(dict(zip(names, row)), {"stance": stance, "independence": independence}))  # noqa: B905
        except BadEvidence as refused:
            raise BadEvidence(f"Nothing came in, because of line {line:,}: {refused}") from None
        if len(items) > MOST_ROWS:
            raise BadEvidence(f"The sheet has more than {MOST_ROWS:,} rows; bring it in by parts.")
    if not items:
        raise BadEvidence("The sheet has no row but its header.")
    return items


def _item(cells: Mapping[str, str], chosen: Mapping[str, str]) -> EvidenceItem:
    if not cells[LINK]:
        raise BadEvidence("“link” is empty.")
    published = _moment(cells, "upload timestamp")
    told: dict[str, Any] = {
        **{name: cells.get(name) or value for name, value in chosen.items()},
        "url": cells[LINK],
        "archive_url": _archive(cells),
        "accessed_at": _moment(cells, "archive date"),
        "published_date": published and published[:10],
        "title": cells.get("upload title"),
        "quote": cells.get("text content", "")[: TEXTS["quote"]],
        "note": "\n".join(f"{name}: {cells[name]}" for name in IN_NOTE if cells.get(name)),
    }
    return evidence_from(told)


def _archive(cells: Mapping[str, str]) -> str | None:
    """The first address where it was archived; a folder of somebody's machine is none."""
    for told in (*cells.get("archive location", "").split("\n"), *cells.get("wacz", "").split("\n")):
        if told.strip().startswith(("http://", "https://")):
            return web_address(told, BadEvidence)
    return None


def _moment(cells: Mapping[str, str], name: str) -> str | None:
    """A moment as archivers write it (ISO 8601, without an offset in UTC), to the second."""
    told = cells.get(name)
    if not told:
        return None
    try:
        at = datetime.fromisoformat(told)
        return moment((at if at.tzinfo is None else at.astimezone(UTC)).replace(tzinfo=None))
    except (ValueError, OverflowError):
        raise BadEvidence(f"“{told[:40]}” in “{name}” is no time; write it as 2026-11-27T09:30:00+00:00.") from None
