"""A REFI-QDA project is read by a small reader that keeps to the rules of QualCoder's importer, where they are hardest.

Positions are code points with the end behind the last character; the coder is that of the selection; a text is opened as
Python opens one, and where its first end of a line is CRLF, positions are moved back by one for each before them.
"""

import io
import os
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
from lxml import etree

from tests.export.study import make_study
from tests.factories import Person, first_project
from webapp.domain.tags_elsewhere import with_short_ends
from webapp.export.taking import Asked, take
from webapp.models import SHELL

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.sqlite_only("it is about a file, whatever it was made from")]
NAMESPACE = "{urn:QDA-XML:project:1.0}"
SPECS = Path(os.environ.get("CLAIMTAG_SPECS", "none"))
needs_schema = pytest.mark.skipif(
    not (SPECS / "Project.xsd").exists(), reason="CLAIMTAG_SPECS names no folder with Project.xsd and Codebook.xsd"
)


@pytest.fixture
def study(over):
    return over(make_study)


def made(format_="qdpx", reader=SHELL):
    file = io.BytesIO()
    take(first_project(), reader, Asked(format=format_)).fill(file)
    return file


def read(file):
    """What the file says: of each passage its words, by whom, with which codes and note; and the variables of sources."""
    with zipfile.ZipFile(file) as archive:
        project = ElementTree.fromstring(archive.read("project.qde"))
        users = {user.get("guid"): user.get("name") for user in project.iter(f"{NAMESPACE}User")}
        codes = {code.get("guid"): code.get("name") for code in project.iter(f"{NAMESPACE}Code")}
        codable = {code.get("name") for code in project.iter(f"{NAMESPACE}Code") if code.get("isCodable") == "true"}
        passages, sources = [], {}
        for source in project.iter(f"{NAMESPACE}TextSource"):
            raw = archive.read("sources/" + source.get("plainTextPath").removeprefix("internal://")).decode("utf-8-sig")
            text = raw.replace("\r\n", "\n").replace("\r", "\n")
            first_end = raw.find("\n")
            is_crlf = first_end > 0 and raw[first_end - 1] == "\r"
            values = source.iter(f"{NAMESPACE}TextValue")
            sources[source.get("name")] = (text, [value.text for value in values])
            for selection in source.iter(f"{NAMESPACE}PlainTextSelection"):
                start, end = int(selection.get("startPosition")), int(selection.get("endPosition"))
                if is_crlf:
                    start, end = start - raw[:start].count("\r\n"), end - raw[:end].count("\r\n")
                note = selection.find(f"{NAMESPACE}Description")
                named = [codes[ref.get("targetGUID")] for ref in selection.iter(f"{NAMESPACE}CodeRef")]
                assert set(named) <= codable
                assert text[start:end] == selection.get("name")
                passages.append(
                    (text[start:end], users[selection.get("creatingUser")], named, None if note is None else note.text)
                )
    return passages, sources, codable


def test_every_passage_keeps_its_last_character_in_a_text_with_long_ends_of_lines_and_signs_of_two_units(study):
    passages, sources, _ = read(made())

    said = {words for words, *_ in passages}
    assert {"Two came, he said.", "One, as 😀 saw, went last week.", "Three stayed.", "They left."} <= said
    assert all(words[-1] in ".!?" or "Schiff" in words for words in said)
    assert len(sources) == 3
    assert {name.split(" ", 1)[1].split("\n")[0] for name in sources} >= {'Comings, "goings"'}


def test_tags_fields_notes_coders_and_gold_are_where_programs_look_for_them(study):
    passages, _, codable = read(made())

    assert {"FACT", "ATTRIBUTION", "SPECULATION", "OPINION", "NOT_CODABLE"} <= codable
    [(words, codes, note)] = [(words, codes, note) for words, who, codes, note in passages if who == "C90" and note]
    assert (words, note) == ("Two came, he said.", "Why, “he”?")
    assert codes == ["ATTRIBUTION", "Source type: named_person", "Flag: mixed"]
    assert {who for _, who, *_ in passages} == {"C10", "C90", "GOLD"}
    assert ("Two came, he said.", "GOLD", ["FACT"], "An order is an act.") in passages


def test_an_analyst_gets_their_own_passages_and_no_gold(study):
    passages, *_ = read(made(reader=Person(study["bart"])))

    assert {who for _, who, *_ in passages} == {"C10"}


def test_the_same_data_is_the_same_bytes(study):
    assert made().getvalue() == made().getvalue()


def test_ends_of_lines_become_one_sign():
    assert with_short_ends("a\r\nb\rc\nd\r\n") == "a\nb\nc\nd\n"


@needs_schema
@pytest.mark.parametrize(("format_", "schema"), [("qdpx", "Project.xsd"), ("qdc", "Codebook.xsd")])
def test_it_is_valid_by_the_schema(study, format_, schema):
    content = made(format_).getvalue()
    if format_ == "qdpx":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = archive.read("project.qde")
    etree.XMLSchema(etree.parse(SPECS / schema)).assertValid(etree.fromstring(content))
