"""Tags that were made in other programs, as their files tell them: of which text, which passage, by whom, which label.

Doccano's JSON Lines, Label Studio's JSON and CSV, REFI-QDA projects, and our own long CSV. What a program means by a
position is found out by the passage that it quotes; where it quotes none, positions are code points.
"""

import csv
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from webapp.domain.errors import BadTags
from webapp.domain.package_check import MANIFEST
from webapp.domain.plain_text import storable
from webapp.domain.terms import Tag

CRLF = "\r\n"
MOST_BYTES = 200_000_000
"""Of a file within a ZIP."""
LONGEST_CELL = 20 * 2**20
MOST_DIGITS = 12
"""Of a position; more than any text has letters for."""


@dataclass(frozen=True, slots=True)
class Said:
    """One passage with its labels, as a file tells it."""

    where: str
    """Which line, task or passage of the file, for a person."""
    labels: tuple[str, ...]
    coder: str = ""
    text: str | None = None
    """The whole text that was tagged; None where the file has only its hash."""
    sha256: str = ""
    start: int | None = None
    end: int | None = None
    """None: the text is tagged as a whole."""
    quoted: str | None = None


def said_in(name: str, content: bytes) -> Iterator[Said]:
    """What a file says, told by its content, whatever its name. Raises BadTags for what is none of those formats."""
    if content.startswith(b"PK"):
        return _refi_qda(content)
    try:
        words = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadTags(
            f"“{name}” is no UTF-8 text, and no REFI-QDA project; export it anew from where it was made."
        ) from None
    begin = words.lstrip()[:1]
    if begin == "[":
        return _label_studio(_json(f"“{name}”", words))
    if begin == "{":
        return _doccano(name, words)
    return _table(name, words)


def tags_by_label(given: Iterable[str] = ()) -> dict[str, Tag]:
    """Which label is which tag: by the tag's name, word or number, and as it is given, each as `label=TAG`.

    Raises BadTags for a mapping to no tag.
    """
    known = {word.casefold(): tag for tag in Tag for word in (tag.value, tag.label, str(tag.code))}
    own = {}
    for one in given:
        label, sign, tag = one.rpartition("=")
        if not sign or tag.strip().upper() not in Tag.__members__:
            raise BadTags(f"“{one}” maps no label to a tag; write it as LABEL=TAG, with one of {', '.join(Tag)}.")
        own[label.strip().casefold()] = Tag[tag.strip().upper()]
    return known | own


# ---- the formats


def _json(what: str, words: str) -> Any:
    try:
        return _with_whole_letters(json.loads(words)) if HALF_A_LETTER.search(words) else json.loads(words)
    except (ValueError, RecursionError):
        raise BadTags(f"{what} is no JSON; export the file anew from where it was made.") from None


HALF_A_LETTER = re.compile(r"\\u(?:[dD][89a-fA-F]|0000)")
"""How JSON writes one half of a surrogate pair, which may stand alone, and NUL."""


def _with_whole_letters(told: Any) -> Any:
    """What JSON told, with U+FFFD for what no text in UTF-8 holds and no database stores."""
    if isinstance(told, str):
        return storable(told)
    if isinstance(told, list):
        return [_with_whole_letters(one) for one in told]
    if isinstance(told, dict):
        return {storable(name): _with_whole_letters(one) for name, one in told.items()}
    return told


def _doccano(name: str, words: str) -> Iterator[Said]:
    for number, line in enumerate(words.split("\n"), start=1):
        if not line.strip():
            continue
        told, where = _json(f"Line {number} of “{name}”", line), f"line {number}"
        if not isinstance(told, dict) or not isinstance(text := told.get("text", told.get("data")), str):
            raise BadTags(f"“{name}”, line {number} has no “text”, as doccano’s export has.")
        spans = told.get("entities") or told.get("label") or told.get("labels") or []
        for span in spans if isinstance(spans, list) else [spans]:
            if isinstance(span, str):
                yield Said(where, (span,), _who(told), text)
            elif isinstance(span, dict):
                start, end = _whole(span.get("start_offset")), _whole(span.get("end_offset"))
                yield Said(where, (str(span.get("label", "")),), _who(told), text, start=start, end=end)
            elif isinstance(span, list) and len(span) == 3:
                yield Said(where, (str(span[2]),), _who(told), text, start=_whole(span[0]), end=_whole(span[1]))
            else:
                yield Said(where, (), _who(told), text)


def _who(told: Mapping[str, Any]) -> str:
    return str(told.get("annotator") or told.get("user") or told.get("username") or "")


def _whole(value: Any) -> int:
    """A position; -1, which stands in no text, for what is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else -1


def _label_studio(tasks: Any) -> Iterator[Said]:
    for task in tasks:
        if not isinstance(task, dict) or not isinstance(task.get("data"), dict):
            raise BadTags("A task of the file has no “data”, as Label Studio’s JSON export has.")
        texts = [value for value in task["data"].values() if isinstance(value, str)]
        text = max(texts, key=len, default="")
        for annotation in _dicts(task.get("annotations")):
            where = f"task {task.get('id')}, annotation {annotation.get('id')}"
            for result in _dicts(annotation.get("result")):
                for value in _dicts([result.get("value")]):
                    yield from _result(where, _completed_by(annotation), text, value)


def _dicts(told: Any) -> Iterator[dict[str, Any]]:
    return (one for one in told if isinstance(one, dict)) if isinstance(told, list) else iter(())


def _names(told: Any) -> tuple[str, ...]:
    return tuple(map(str, told)) if isinstance(told, list) else (str(told),)


def _completed_by(annotation: Mapping[str, Any]) -> str:
    who = annotation.get("completed_by")
    return str(who.get("email") or who.get("id") or "") if isinstance(who, dict) else str(who or "")


def _result(where: str, coder: str, text: str, value: Mapping[str, Any]) -> Iterator[Said]:
    if choices := value.get("choices"):
        yield Said(where, _names(choices), coder, text)
    elif labels := value.get("labels") or value.get("hypertextlabels"):
        start, end = _whole(value.get("start")), _whole(value.get("end"))
        quoted = words if isinstance(words := value.get("text"), str) else None
        yield Said(where, _names(labels), coder, text, start=start, end=end, quoted=quoted)


BESIDE = ("id", "annotator", "annotation_id", "created_at", "updated_at", "lead_time", "text")


def _table(name: str, words: str) -> Iterator[Said]:
    rows = _rows(name, words)
    names = next(rows, [])
    cells = (dict(zip(names, (*row, *[""] * len(names)), strict=False)) for row in rows if row)
    if {"text_sha256", "char_start", "char_end", "coder_id", "tag"} <= set(names):
        return _long(cells)
    labels = [one for one in names if one not in BESIDE]
    if "text" not in names or not labels:
        raise BadTags(
            f"“{name}” is neither JSON of doccano or Label Studio, nor Label Studio’s CSV (a column “text” and one of "
            "labels), nor a long CSV of Claimtag."
        )
    return _label_studio_csv(cells, labels[0])


def _rows(name: str, words: str) -> Iterator[list[str]]:
    """The rows of a table. Raises BadTags, naming the line, for what is no CSV."""
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST_CELL))
    reader = csv.reader(io.StringIO(words, newline=""))
    try:
        yield from reader
    except csv.Error as fault:
        raise BadTags(f"“{name}”, line {reader.line_num}: this is no CSV ({fault}).") from None


def _position(word: str) -> int:
    """A position as a table tells it; -1, which stands in no text, for what is none."""
    return int(word) if word.isascii() and word.isdecimal() and len(word) <= MOST_DIGITS else -1


def _long(rows: Iterable[dict[str, str]]) -> Iterator[Said]:
    for number, row in enumerate(rows, start=1):
        start, end = (_position(row[one]) for one in ("char_start", "char_end"))
        if row["tag"]:
            yield Said(
                f"row {number}",
                (row["tag"],),
                row["coder_id"],
                sha256=row["text_sha256"],
                start=start,
                end=end,
                quoted=row.get("text"),
            )


def _label_studio_csv(rows: Iterable[dict[str, str]], column: str) -> Iterator[Said]:
    for number, row in enumerate(rows, start=1):
        where, coder, cell = f"row {number}", row.get("annotator", ""), row[column].strip()
        if cell.startswith(("[", "{")):
            told = _json(f"The cell of labels in row {number}", cell)
            for value in _dicts(told if isinstance(told, list) else [told]):
                yield from _result(where, coder, row["text"], value)
        elif cell:
            yield Said(where, (cell,), coder, row["text"])


NAMESPACE = "{urn:QDA-XML:project:1.0}"


def _refi_qda(content: bytes) -> Iterator[Said]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield from _of_project(archive)
    except UNREADABLE as fault:
        raise BadTags(
            f"This ZIP is no REFI-QDA project that can be read ({str(fault)[:120]}); export it anew from where it was "
            "made."
        ) from None


PACKAGE = (
    "This ZIP is a package, with more than tags; bring it in on the page “A package”, beside this one under Export."
)
NO_PROJECT = (
    "This ZIP holds no “project.qde”, as a REFI-QDA project (.qdpx) does; export it anew from where it was made."
)
UNREADABLE = (
    zipfile.BadZipFile, zlib.error, EOFError, LookupError, NotImplementedError, OSError, RuntimeError, ValueError,
    etree.XMLSyntaxError,
)  # fmt: skip
"""What Python raises on a ZIP that is damaged, locked or none, and on XML that is none."""


def _member(archive: zipfile.ZipFile, path: str) -> bytes:
    if archive.getinfo(path).file_size > MOST_BYTES:
        raise BadTags(f"“{path}” has more than {MOST_BYTES:,} bytes unpacked, which is no text of a study.")
    return archive.read(path)


def _of_project(archive: zipfile.ZipFile) -> Iterator[Said]:
    path = next((one for one in archive.namelist() if one.endswith(".qde")), None)
    if path is None:
        raise BadTags(PACKAGE if MANIFEST in archive.namelist() else NO_PROJECT)
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    project = etree.fromstring(_member(archive, path), parser)
    users = {one.get("guid"): one.get("name") or one.get("guid") for one in project.iter(f"{NAMESPACE}User")}
    codes = {one.get("guid"): one.get("name") for one in project.iter(f"{NAMESPACE}Code")}
    for source in project.iter(f"{NAMESPACE}TextSource"):
        text = _text_of(archive, source)
        for number, passage in enumerate(source.iter(f"{NAMESPACE}PlainTextSelection"), start=1):
            codings = list(passage.iter(f"{NAMESPACE}Coding"))
            refs = [ref.get("targetGUID") for coding in codings for ref in coding.iter(f"{NAMESPACE}CodeRef")]
            user = passage.get("creatingUser") or next((one.get("creatingUser") for one in codings), None)
            if refs:
                yield Said(
                    f"source “{source.get('name')}”, passage {number}",
                    tuple(codes.get(ref) or "" for ref in refs),
                    users.get(user, ""),
                    text,
                    start=_whole(int(passage.get("startPosition", "-1"))),
                    end=_whole(int(passage.get("endPosition", "-1"))),
                    quoted=passage.get("name"),
                )


def _text_of(archive: zipfile.ZipFile, source: Any) -> str:
    inline = source.find(f"{NAMESPACE}PlainTextContent")
    if inline is not None:
        return inline.text or ""
    path = (source.get("plainTextPath") or "").removeprefix("internal://")
    inside = next((one for one in archive.namelist() if one.lower() == f"sources/{path}".lower()), f"sources/{path}")
    return _member(archive, inside).decode("utf-8-sig")


# ---- where a passage stands


def place_in(text: str, said: Said) -> tuple[int, int] | None:
    """Where the passage stands in the text it was made in, in code points, without white space at its edges.

    A position may count code points or units of UTF-16, and the last character may be meant to be inside: the passage
    that is quoted tells. None where none of them fits and the quoted words are not there exactly once.
    """
    if said.start is None or said.end is None:
        return trimmed(text, 0, len(text))
    if said.quoted is None:
        start, end = said.start, said.end
        return trimmed(text, start, end) if 0 <= start < end <= len(text) else None
    wanted = words_of(said.quoted)
    for start, end in _readings(text, said.start, said.end):
        if 0 <= start < end <= len(text) and words_of(text[start:end]) == wanted:
            return trimmed(text, start, end)
    found = [one.start() for one in re.finditer(re.escape(said.quoted.strip()), text)] if wanted else []
    return trimmed(text, found[0], found[0] + len(said.quoted.strip())) if len(found) == 1 else None


def words_of(text: str) -> str:
    """The words of a passage, however the space between them is written."""
    return " ".join(text.split())


def _readings(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """What the positions may mean, one by one, as most are what they are first taken for."""
    yield start, end
    yield start, end + 1
    yield _of_units(text, start, end)


def _of_units(text: str, start: int, end: int) -> tuple[int, int]:
    """Positions in units of UTF-16 as code points; the same where one is inside a letter."""
    units = text.encode("utf-16-le")
    try:
        return len(units[: 2 * start].decode("utf-16-le")), len(units[: 2 * end].decode("utf-16-le"))
    except UnicodeDecodeError:
        return start, end


def trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The span without white space at its edges; None where nothing is left."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None


class Ends:
    """Positions of a text in another one that differs from it by how ends of lines are written."""

    def __init__(self, from_: str, to: str) -> None:
        self._longer = [one.start() for one in re.finditer(CRLF, from_)]
        self._to = [one.start() - n for n, one in enumerate(re.finditer(CRLF, to))]

    def __call__(self, position: int) -> int:
        short = position - sum(place < position for place in self._longer)
        return short + sum(place < short for place in self._to)


def with_short_ends(text: str) -> str:
    """The text with LF for each end of a line."""
    return text.replace(CRLF, "\n").replace("\r", "\n")
