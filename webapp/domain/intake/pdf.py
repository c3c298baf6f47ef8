"""From a PDF to its text, one paragraph a line, by pypdfium2; for who has installed the extra."""

import json
import re
import subprocess
import sys
from importlib.util import find_spec
from typing import Any

from webapp.domain.errors import BadArticle
from webapp.domain.intake.description import Description, self_described
from webapp.domain.intake.text import ExtractedText, check_text

READER = "webapp.domain.intake.pdf_reader"
LARGEST = 50 * 1024 * 1024
LONGEST = 60
"""Seconds that the reader may take."""

MISSING = "A PDF is read by pypdfium2, which is not installed here: `pip install 'claimtag[pdf]'` gets it."
TOO_LARGE = "The PDF has over 50 MB; save it with smaller pictures, or split it, please."
TOO_SLOW = "The PDF takes over a minute to read; split it, please."
FAULTS = {
    "broken": "This is no readable PDF, or it is damaged; open it in a viewer and print it to a new PDF.",
    "scanned": "The PDF holds no text, only pictures of pages; let a program for text recognition (OCR) read it first.",
    "encrypted": "The PDF asks for a password; save it without one first.",
    "long": "The PDF has over 200 pages, or over 3 million letters; split it into its articles, please.",
    "unreadable": "The PDF does not say which letters it draws; let a program for text recognition (OCR) read it.",
}
FILE_NAME = re.compile(r"Microsoft \w+ - |untitled|.*\.\w{2,4}$", re.IGNORECASE)
"""What programs put in place of a title."""


def extracted(upload: bytes) -> ExtractedText:
    """The text of a PDF, one paragraph a line, and the title of its properties.

    Columns come one after the other and words that a line end cut are whole; headers, footers and page numbers are
    left out. Raises BadArticle for a file that is broken, encrypted, scanned or too large, and without the extra.
    """
    if not find_spec("pypdfium2"):
        raise BadArticle(MISSING)
    if len(upload) > LARGEST:
        raise BadArticle(TOO_LARGE)
    told = _told_by_reader(upload)
    if "fault" in told:
        raise BadArticle(_sentence(told["fault"], told.get("pages", [])))
    check_text(told["text"])
    title = told["title"] if not FILE_NAME.match(told["title"]) else None
    return ExtractedText(told["text"], "pdf", description=self_described(Description(title=title)))


def _told_by_reader(upload: bytes) -> dict[str, Any]:
    """What the reader tells. It has a process of its own: a file that is made to harm ends that alone, in time."""
    try:
        reader = subprocess.run(
            [sys.executable, "-m", READER], input=upload, capture_output=True, timeout=LONGEST, check=False
        )
    except subprocess.TimeoutExpired:
        raise BadArticle(TOO_SLOW) from None
    told: dict[str, Any] = json.loads(reader.stdout) if reader.returncode == 0 else {"fault": "broken"}
    return told


def _sentence(fault: str, scanned: list[int]) -> str:
    if not scanned:
        return FAULTS[fault]
    pages = f"Page {scanned[0]}" if len(scanned) == 1 else f"Pages {', '.join(map(str, scanned[:10]))}"
    rest = "is a picture" if len(scanned) == 1 else "are pictures"
    return f"{pages} of the PDF {rest} without text; let a program for text recognition (OCR) read it first."
