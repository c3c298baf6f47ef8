"""Answers as W3C Web Annotations (recommendation of 2017-02-23): one for each sentence and analyst.

Each is found by position and by quote; positions are code points of the stored text, which its SHA-256 names.
"""

from collections.abc import Iterator
from typing import IO, Any

from webapp import __version__
from webapp.export.answers import ANSWER_COLUMNS, NOT_APPLICABLE
from webapp.export.json_objects import begin, with_list
from webapp.export.material import Material, Row, Text, id_of, id_of_answer

CONTEXT = ["http://www.w3.org/ns/anno.jsonld", {"claimtag": "urn:claimtag:", "unit": "claimtag:unit"}]
AROUND = 32
"""Characters of prefix and suffix."""
_ASIDE = ("tag", "tag_code", "named", "source_id")
FIELDS = tuple(column.name for column in ANSWER_COLUMNS if column.name not in _ASIDE)


def write(material: Material, file: IO[bytes]) -> None:
    """Write one collection, annotation after annotation."""
    head = {
        "@context": CONTEXT,
        "id": id_of("collection", material.project.name).urn,
        "type": "AnnotationCollection",
        "label": material.project.name,
        "unit": "Positions are Unicode code points of the stored text, from 0, end exclusive; "
        "urn:sha256 names that text by the SHA-256 of its UTF-8.",
        "generator": {"id": "urn:claimtag", "type": "Software", "name": f"Claimtag {__version__}"},
    }
    begin(file, head)
    file.write(b',"first":')
    total = with_list(file, {"type": "AnnotationPage", "startIndex": 0}, "items", _annotations(material))
    file.write(f',"total":{total}}}\n'.encode())


def _annotations(material: Material) -> Iterator[dict[str, Any]]:
    for text, rows in material.answers():
        yield from (annotation(text, row, with_quote=material.has_text) for row in rows if row["tag"])


def annotation(text: Text, row: Row, *, with_quote: bool) -> dict[str, Any]:
    """One answer."""
    told: dict[str, Any] = {
        "id": id_of_answer("answer", row).urn,
        "type": "Annotation",
        "motivation": "classifying",
        "creator": _creator(row),
        "created": row["created_at"],
        "modified": row["updated_at"],
        "body": list(_bodies(row)),
        "target": _target(text, row, with_quote),
    }
    return {name: value for name, value in told.items() if value}


def _creator(row: Row) -> dict[str, str]:
    told = {"id": id_of("coder", row["project"], row["coder_id"]).urn, "nickname": row["coder_id"]}
    return told | ({"name": row["coder_name"]} if row.get("coder_name") else {})


def _bodies(row: Row) -> Iterator[dict[str, str]]:
    yield _said("classifying", row["tag"])
    for name in FIELDS:
        if row[name] not in ("", NOT_APPLICABLE):
            yield _said("tagging", f"{name}={row[name]}")
    if row["note"]:
        yield _said("commenting", row["note"])


def _said(purpose: str, value: str) -> dict[str, str]:
    return {"type": "TextualBody", "purpose": purpose, "format": "text/plain", "value": value}


def _target(text: Text, row: Row, with_quote: bool) -> dict[str, Any]:
    start, end = int(row["char_start"]), int(row["char_end"])
    position = {"type": "TextPositionSelector", "start": start, "end": end}
    quote = {
        "type": "TextQuoteSelector",
        "exact": text.text[start:end],
        "prefix": text.text[max(0, start - AROUND) : start],
        "suffix": text.text[end : end + AROUND],
    }
    target: dict[str, Any] = {
        "source": f"urn:sha256:{text.text_sha256}",
        "selector": [position, quote] if with_quote else [position],
    }
    return target | ({"via": text.url} if text.url else {})
