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
from bisect import bisect_left
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
MOST_UNPACKED = 1_000_000_000
"""Bytes of all texts of a REFI-QDA project, of which one may be named by many sources."""
LONGEST_CELL = 20 * 2**20
MOST_DIGITS = 12
"""Of a position; more than any text has letters for."""


MOST_SEARCHED = 2_000_000_000
"""Characters in which the passages of one file are looked for: a hundred times what a page takes in."""


class Search:
    """How much a file may still make of work: passages that fit nowhere would each have all of a text gone through."""

    def __init__(self, most: int = MOST_SEARCHED) -> None:
        self._left = most

    def spend(self, characters: int) -> None:
        """Raises BadTags where all is spent."""
        self._left -= characters
        if self._left < 0:
            raise BadTags(
                f"Looking for the passages of this file took more than {MOST_SEARCHED:,} characters of texts, as too "
                "few of them are where it says; look whether it is of this project, and bring it in in parts, each "
                "sorted by article."
            )


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


class _Members:
    """The files of a ZIP, told apart as Windows does, and unpacked no more often than a study has texts."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive, self._unpacked = archive, 0
        self._by_name = {one.lower(): one for one in reversed(archive.namelist())}

    def read(self, path: str) -> bytes:
        path = self._by_name.get(path.lower(), path)
        size = self._archive.getinfo(path).file_size
        self._unpacked += size
        if size > MOST_BYTES:
            raise BadTags(f"“{path}” has more than {MOST_BYTES:,} bytes unpacked, which is no text of a study.")
        if self._unpacked > MOST_UNPACKED:
            raise BadTags(
                f"The texts of this project have more than {MOST_UNPACKED:,} bytes unpacked; bring it in in parts."
            )
        return self._archive.read(path)


def _of_project(archive: zipfile.ZipFile) -> Iterator[Said]:
    path = next((one for one in archive.namelist() if one.endswith(".qde")), None)
    if path is None:
        raise BadTags(PACKAGE if MANIFEST in archive.namelist() else NO_PROJECT)
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    members = _Members(archive)
    project = etree.fromstring(members.read(path), parser)
    users = {one.get("guid"): one.get("name") or one.get("guid") for one in project.iter(f"{NAMESPACE}User")}
    codes = {one.get("guid"): one.get("name") for one in project.iter(f"{NAMESPACE}Code")}
    for source in project.iter(f"{NAMESPACE}TextSource"):
        text = _text_of(members, source)
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


def _text_of(members: _Members, source: Any) -> str:
    inline = source.find(f"{NAMESPACE}PlainTextContent")
    if inline is not None:
        return inline.text or ""
    path = (source.get("plainTextPath") or "").removeprefix("internal://")
    return members.read(f"sources/{path}").decode("utf-8-sig")


# ---- where a passage stands


class Passages:
    """Where passages stand in one text."""

    def __init__(self, text: str, search: Search) -> None:
        self.text = text
        self._search = search
        self._wide: list[int] | None = None
        """In units of UTF-16 the places of letters that take two of them, which are found when first asked for."""

    def place_of(self, said: Said) -> tuple[int, int] | None:
        """Where a passage stands in the text it was made in, in code points, without white space at its edges.

        A position may count code points or units of UTF-16, and the last character may be meant to be inside: the
        passage that is quoted tells. None where none of them fits and the quoted words are not there exactly once.
        """
        if said.start is None or said.end is None:
            return self._trimmed(0, len(self.text))
        if said.quoted is None:
            return self._trimmed(said.start, said.end) if self._is_in(said.start, said.end) else None
        wanted = words_of(said.quoted)
        for start, end in self._readings(said.start, said.end):
            if self._is_in(start, end):
                self._search.spend(end - start)
                if words_of(self.text[start:end]) == wanted:
                    return self._trimmed(start, end)
        return self._only_place_of(said.quoted.strip()) if wanted else None

    def _is_in(self, start: int, end: int) -> bool:
        return 0 <= start < end <= len(self.text)

    def _trimmed(self, start: int, end: int) -> tuple[int, int] | None:
        self._search.spend(end - start)
        return trimmed(self.text, start, end)

    def _only_place_of(self, words: str) -> tuple[int, int] | None:
        self._search.spend(len(self.text) // 16)  # as so much faster than words are told apart
        at = self.text.find(words)
        is_only = at >= 0 and self.text.find(words, at + len(words)) < 0
        return trimmed(self.text, at, at + len(words)) if is_only else None

    def _readings(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """What the positions may mean, one by one, as most are what they are first taken for."""
        yield start, end
        yield start, end + 1
        yield self._of_units(start, end)

    def _of_units(self, start: int, end: int) -> tuple[int, int]:
        """Positions in units of UTF-16 as code points; the same where one is inside a letter."""
        if self._wide is None:
            self._wide = [one.start() + n for n, one in enumerate(WIDE.finditer(self.text))]
        before, until = bisect_left(self._wide, start), bisect_left(self._wide, end)
        is_inside = any(at and self._wide[at - 1] == unit - 1 for at, unit in ((before, start), (until, end)))
        return (start, end) if is_inside else (start - before, min(end - until, len(self.text)))


WIDE = re.compile("[\U00010000-\U0010ffff]")
"""A letter of two units in UTF-16."""


def words_of(text: str) -> str:
    """The words of a passage, however the space between them is written."""
    return " ".join(text.split())


def trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The span without white space at its edges; None where nothing is left."""
    return stripped(text, start, end) if text[start:end].strip() else None


def stripped(text: str, start: int, end: int, signs: str | None = None) -> tuple[int, int]:
    """The span without these signs at its edges, by default white space."""
    words = text[start:end]
    kept = words.lstrip(signs)
    begin = start + len(words) - len(kept)
    return begin, begin + len(kept.rstrip(signs))


class Ends:
    """Positions of a text in another one that differs from it by how ends of lines are written."""

    def __init__(self, from_: str, to: str) -> None:
        self._longer = [one.start() for one in re.finditer(CRLF, from_)]
        self._to = [one.start() - n for n, one in enumerate(re.finditer(CRLF, to))]

    def __call__(self, position: int) -> int:
        short = position - bisect_left(self._longer, position)
        return short + bisect_left(self._to, short)


def with_short_ends(text: str) -> str:
    """The text with LF for each end of a line."""
    return text.replace(CRLF, "\n").replace("\r", "\n")
