"""REFI-QDA (1.5, schema of 2019-03-18), which programs for qualitative research exchange: a project, and a codebook.

Positions are code points, the end behind the last character. Texts have one sign for an end of line, because readers
guess what a longer one is and shift positions after it; `text_sha256` names the text that is kept.
"""

import re
import tempfile
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import IO
from uuid import UUID
from xml.sax.saxutils import escape, quoteattr

from webapp import __version__
from webapp.domain.codebook_files import GROUPS, RULES, Group, described, rule_codes, tag_descriptions
from webapp.domain.tags_elsewhere import CRLF, with_short_ends
from webapp.domain.terms import Flag
from webapp.export.answers import NOT_APPLICABLE
from webapp.export.material import Material, Row, Text, id_of, id_of_answer
from webapp.export.packing import Packing

ORIGIN = f"Claimtag {__version__}"
GOLD = "GOLD"
"""The user who gave the settled tags."""
CHUNK = 2**16
VARIABLES = ("outlet", "author", "published", "url", "language", "text_sha256")


[*_, FLAGS] = GROUPS


def code_of(group: Group, value: str) -> UUID:
    return id_of("code", group.column, value)


def write_project(material: Material, file: IO[bytes]) -> None:
    """Write a `.qdpx`: the texts as they come, and behind them what was said of them."""
    packing = Packing(file)
    try:
        with tempfile.TemporaryFile() as sources:
            users = _write_sources(material, packing, sources)
            sources.seek(0)
            packing.add_pieces("project.qde", _project(material.project.name, users, sources))
        packing.close()
    finally:
        packing.abandon()


def write_codebook(material: Material, file: IO[bytes]) -> None:
    """Write a `.qdc`: the codes, with what the codebook in force says of the tags, and its rules."""
    text = material.project.running.codebook.text
    codes = _codes(tag_descriptions(text)).removesuffix("</Codes>\n")
    file.write(HEAD)
    file.write(f'<CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin={_quoted(ORIGIN)}>\n'.encode())
    file.write(f"{codes}{_rules(text)}</Codes>\n</CodeBook>\n".encode())


HEAD = b'<?xml version="1.0" encoding="utf-8"?>\n'


def _project(name: str, users: Mapping[str, str], sources: IO[bytes]) -> Iterator[bytes]:
    yield HEAD
    yield f'<Project xmlns="urn:QDA-XML:project:1.0" name={_quoted(name)} origin={_quoted(ORIGIN)}>\n'.encode()
    listed = "".join(f'<User guid="{_user(code)}" name={_quoted(users[code])}/>\n' for code in sorted(users))
    yield f"<Users>\n{listed}</Users>\n".encode() if listed else b""
    yield f"<CodeBook>\n{_codes()}</CodeBook>\n".encode()
    known = (f'<Variable guid="{_variable(name)}" name="{name}" typeOfVariable="Text"/>\n' for name in VARIABLES)
    yield f"<Variables>\n{''.join(known)}</Variables>\n".encode()
    if first := sources.read(CHUNK):
        yield b"<Sources>\n" + first
        yield from iter(lambda: sources.read(CHUNK), b"")
        yield b"</Sources>\n"
    yield b"</Project>\n"


def _codes(told: Mapping[str, str] | None = None) -> str:
    """Each field as a code that nothing can be coded with, its values beneath; `told`: what is said of some tags."""
    return f"<Codes>\n{''.join(_group(group, told or {}) for group in GROUPS)}</Codes>\n"


def _group(group: Group, told: Mapping[str, str]) -> str:
    codes = "".join(
        _code(code_of(group, value), group.prefix + value, told.get(group.prefix + value) or described(value))
        for value in group.values
    )
    return _heading(id_of("group", group.column), group.label, codes)


def _rules(codebook: str) -> str:
    """The rules of a codebook, with which nothing can be coded either."""
    codes = "".join(
        _code(id_of("rule", code.name.partition(" ")[0]), code.name, code.description, is_codable=False)
        for code in rule_codes(codebook)
    )
    return _heading(id_of("group", "rule"), RULES, codes) if codes else ""


def _heading(guid: UUID, name: str, codes: str) -> str:
    return f'<Code guid="{guid}" name={_quoted(name)} isCodable="false">\n{codes}</Code>\n'


def _code(guid: UUID, name: str, description: str, *, is_codable: bool = True) -> str:
    about = f'guid="{guid}" name={_quoted(name)} isCodable="{str(is_codable).lower()}"'
    return f"<Code {about}><Description>{_text(description)}</Description></Code>\n"


# ---- sources


def _write_sources(material: Material, packing: Packing, out: IO[bytes]) -> dict[str, str]:
    """Every text into the package, what was said of it into a file of its own; who said something, by their codes."""
    users: dict[str, str] = {}
    settled = groupby(material.gold(), key=lambda row: row["article_id"])
    newest = next(settled, None)
    for text, rows in material.answers():
        gold: list[Row] = []
        if newest and newest[0] == str(text.number):
            gold, newest = list(newest[1]), next(settled, None)
        said = [*_answered(rows), *_settled(gold)]
        users |= {row["coder_id"]: row.get("coder_name") or row["coder_id"] for row in said}
        guid = id_of("text", text.number, text.text_sha256)
        packing.add(f"sources/{guid}.txt", with_short_ends(text.text).encode())
        out.write(_source(guid, text, said).encode())
    return users


def _answered(rows: Iterable[Row]) -> Iterator[Row]:
    return (row for row in rows if row["tag"])


def _settled(rows: Iterable[Row]) -> Iterator[Row]:
    for row in rows:
        yield {
            **{name: row[name] for name in ("sentence_id", "char_start", "char_end")},
            "tag": row["gold_tag"],
            "note": row["reason"],
            "coder_id": GOLD,
            "updated_at": row["adjudicated_at"],
            "assignment_key": f"{GOLD}/{row['round']}",
        }


def _source(guid: UUID, text: Text, said: Sequence[Row]) -> str:
    places = [found.start() for found in re.finditer(CRLF, text.text)]
    selections = "".join(_selection(text, row, places) for row in said)
    values = "".join(
        f'<VariableValue><VariableRef targetGUID="{_variable(name)}"/>'
        f"<TextValue>{_text(value)}</TextValue></VariableValue>\n"
        for name in VARIABLES
        if (value := getattr(text, name))
    )
    name = f"{text.number} {text.title or ''}".strip()
    head = f'<TextSource guid="{guid}" name={_quoted(name)} plainTextPath="internal://{guid}.txt">'
    return f"{head}\n{selections}{values}</TextSource>\n"


def _selection(text: Text, row: Row, places: Sequence[int]) -> str:
    """One sentence as one analyst coded it."""
    start, end = int(row["char_start"]), int(row["char_end"])
    guid = id_of_answer("selection", row)
    by = f'creatingUser="{_user(row["coder_id"])}" creationDateTime="{row["updated_at"]}"'
    codings = "".join(
        f'<Coding guid="{id_of("coding", guid, code)}" {by}><CodeRef targetGUID="{code}"/></Coding>\n'
        for code in _codes_of(row)
    )
    note = f"<Description>{_text(row['note'])}</Description>" if row["note"] else ""
    name = _quoted(with_short_ends(text.text[start:end]))
    span = f'startPosition="{start - bisect_left(places, start)}" endPosition="{end - bisect_left(places, end)}"'
    return f'<PlainTextSelection guid="{guid}" name={name} {span} {by}>{note}\n{codings}</PlainTextSelection>\n'


def _codes_of(row: Row) -> Iterator[UUID]:
    for group in GROUPS:
        if (value := row.get(group.column, "")) not in ("", NOT_APPLICABLE):
            yield code_of(group, value)
    for flag in Flag:
        if row.get(f"flag_{flag}") == "true":
            yield code_of(FLAGS, flag)


def _user(code: str) -> UUID:
    return id_of("user", code)


def _variable(name: str) -> UUID:
    return id_of("variable", name)


NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML holds in no way; the texts themselves are files of their own."""


def _text(words: str) -> str:
    return escape(NO_XML.sub("\ufffd", words))


def _quoted(words: str) -> str:
    return quoteattr(NO_XML.sub("\ufffd", words), {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})
