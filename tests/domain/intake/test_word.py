"""Word documents: what is text in them, and files made to break or exhaust the reader."""

import io
import struct
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.domain.errors import BadArticle
from webapp.domain.intake import word
from webapp.domain.intake.description import Description
from webapp.domain.intake.word import extracted

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml"'
)
PROPERTIES = """<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"><dc:title>The  bridge</dc:title>
<dc:creator>Ann Bee; Çelik Öz</dc:creator><dcterms:created>2013-10-22T08:15:00Z</dcterms:created></cp:coreProperties>"""


def zipped(parts, how=zipfile.ZIP_DEFLATED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", how) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def docx(body, properties=None, prologue=""):
    document = f"{prologue}<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>"
    return zipped({"word/document.xml": document} | ({"docProps/core.xml": properties} if properties else {}))


def paragraph(*runs, of=""):
    return f"<w:p>{of}" + "".join(f"<w:r>{run}</w:r>" for run in runs) + "</w:p>"


def text(words):
    return f'<w:t xml:space="preserve">{words}</w:t>'


def lines(body):
    return extracted(docx(body)).text.split("\n")


def test_paragraphs_become_lines_and_runs_are_joined():
    body = paragraph(text("The bridge re"), text("opens.")) + paragraph() + paragraph(text("Cars &amp; lorries – ok"))

    assert lines(body) == ["The bridge reopens.", "Cars & lorries – ok"]


def test_tabs_line_breaks_and_hyphens_are_kept():
    body = paragraph(text("a"), "<w:tab/>", text("b"), "<w:br/>", text("c") + "<w:noBreakHyphen/>" + text("d"))

    assert lines(body) == ["a\tb", "c\u2011d"]


def test_tab_stops_are_no_tabs_and_list_items_are_lines():
    of = '<w:pPr><w:numPr><w:ilvl w:val="0"/></w:numPr><w:tabs><w:tab w:val="left" w:pos="720"/></w:tabs></w:pPr>'

    assert lines(paragraph(text("one"), of=of) + paragraph(text("two"), of=of)) == ["one", "two"]


def test_tables_are_read_cell_by_cell():
    def row(*cells):
        return "<w:tr>" + "".join(f"<w:tc>{paragraph(text(cell))}</w:tc>" for cell in cells) + "</w:tr>"

    body = f"<w:tbl><w:tblPr/>{row('Year', 'Cars')}{row('2013', '4,000')}</w:tbl>" + paragraph(text("After."))

    assert lines(body) == ["Year", "Cars", "2013", "4,000", "After."]


def test_links_and_insertions_are_read_deletions_notes_and_hidden_text_are_not():
    body = (
        f"<w:p><w:hyperlink><w:r>{text('The council ')}</w:r></w:hyperlink><w:ins><w:r>{text('voted')}</w:r></w:ins>"
        "<w:del><w:r><w:delText>refused</w:delText><w:tab/></w:r></w:del>"
        f"<w:moveFrom><w:r>{text('moved')}</w:r></w:moveFrom>"
        '<w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>'
        f"<w:r><w:rPr><w:vanish/></w:rPr>{text('secret')}</w:r>"
        f'<w:r><w:rPr><w:vanish w:val="0"/></w:rPr>{text(".")}</w:r></w:p>'
    )

    assert lines(body) == ["The council voted."]


def test_a_text_box_is_read_once_behind_its_paragraph():
    box = f"<w:txbxContent>{paragraph(text('In the box'))}</w:txbxContent>"
    both = (
        f"<mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback><w:pict><v:textbox>{box}</v:textbox>"
        "</w:pict></mc:Fallback></mc:AlternateContent>"
    )

    assert lines(paragraph(text("Before "), both, text("after"))) == ["Before after", "In the box"]


def test_documents_of_the_strict_standard_are_read():
    body = paragraph(text("One."))
    document = f"<w:document {NAMESPACES}>{body}</w:document>".replace(word.WORD[0], word.WORD[1])

    assert extracted(zipped({"word/document.xml": document})).text == "One."


def test_the_title_is_that_of_the_properties_whose_author_and_date_are_those_of_the_file():
    reading = extracted(docx(paragraph(text("One.")), PROPERTIES))

    assert reading.description == Description("The bridge")


def test_properties_may_be_missing_or_empty():
    empty = PROPERTIES[: PROPERTIES.index("<dc:title>")] + "<dc:title/></cp:coreProperties>"

    for properties in (None, empty):
        reading = extracted(docx(paragraph(text("One.")), properties))
        assert reading.description == Description()


def test_a_document_without_text_is_refused():
    with pytest.raises(BadArticle, match="no text in it"):
        extracted(docx(paragraph()))


def test_a_zip_bomb_is_refused_before_it_unpacks():
    with pytest.raises(BadArticle, match="200 times its size"):
        extracted(docx(paragraph(text("a" * 3_000_000))))


def test_a_document_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(word, "LARGEST_PART", 100_000)

    with pytest.raises(BadArticle, match="more than 50 MB"):
        extracted(docx(paragraph(text("a" * 100_001))))


def test_a_size_that_lies_is_not_believed():
    upload = bytearray(docx(paragraph(text("a" * 3_000_000))))
    central = upload.index(b"PK\x01\x02")
    struct.pack_into("<I", upload, central + 24, 10)

    with pytest.raises(BadArticle):
        extracted(bytes(upload))


def test_an_encrypted_member_is_named_as_such():
    upload = bytearray(docx(paragraph(text("One."))))
    upload[upload.index(b"PK\x01\x02") + 8] |= 1

    with pytest.raises(BadArticle, match="encrypted"):
        extracted(bytes(upload))


def test_an_old_or_encrypted_office_file_is_named_as_such():
    with pytest.raises(BadArticle, match="old Word file"):
        extracted(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512))


LAUGHS = '<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
ELSEWHERE = '<!DOCTYPE d SYSTEM "http://example.org/d.dtd">'


@pytest.mark.parametrize("prologue", [LAUGHS, OUTSIDE, ELSEWHERE])
def test_a_document_type_is_refused_in_every_part(prologue):
    with pytest.raises(BadArticle, match="DTD"):
        extracted(docx(paragraph(text("&a;")), prologue=prologue))
    with pytest.raises(BadArticle, match="DTD"):
        extracted(docx(paragraph(text("One.")), properties=prologue + PROPERTIES))


@pytest.mark.parametrize(
    "upload",
    [
        b"",
        b"PK\x03\x04 and no more",
        b"plain text",
        zipped({"xl/workbook.xml": "<workbook/>"}),
        zipped({"word/document.xml": "<w:document"}),
        zipped({"word/document.xml": "<?xml version='1.0' encoding='klingon'?><d/>"}),
        zipped({"word/document.xml": "<d/>"}, zipfile.ZIP_BZIP2),
        docx(paragraph(text("&undefined;"))),
        docx(paragraph(text("One.")))[:-30],
    ],
)
def test_a_broken_file_is_refused_in_one_sentence(upload):
    with pytest.raises(BadArticle, match="no readable Word document"):
        extracted(upload)


WHOLE = docx(paragraph(text("The bridge reopens.")) * 3, PROPERTIES)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), min_size=1, max_size=6))
def test_any_damage_is_either_read_over_or_refused(damage):
    upload = bytearray(WHOLE)
    for place, byte in damage:
        upload[place] = byte
    try:
        assert extracted(bytes(upload)).text
    except BadArticle as refused:
        assert str(refused).endswith(".")


@pytest.mark.parametrize("mark", ["<w:x{}/>", '<w:p w:x{}="1"/>'])
def test_countless_names_are_refused(mark):
    with pytest.raises(BadArticle, match="no readable Word document"):
        extracted(docx("".join(mark.format(n) for n in range(5_001))))


def test_nesting_deeper_than_python_can_call_is_read():
    body = "<w:sdt><w:sdtContent>" * 20_000 + paragraph(text("deep down")) + "</w:sdtContent></w:sdt>" * 20_000

    assert lines(body) == ["deep down"]
