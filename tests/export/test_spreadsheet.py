"""A workbook holds what the CSV holds: text as text, numbers as numbers, and nothing that a spreadsheet would run."""

import io
import zipfile
from xml.etree import ElementTree

import pytest

from webapp.domain.errors import BadExport
from webapp.export import mentions, spreadsheet
from webapp.export.spreadsheet import write_xlsx

NAMESPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
HEADER = "mention_id,claim_id,kind,article_id,sentence_id,sentence_index,char_start,char_end,text\r\n"


def sheets(*pieces):
    """The cells of each sheet, as text or as a number."""
    file = io.BytesIO()
    write_xlsx(mentions.COLUMNS[:9], [HEADER, *pieces], file)
    with zipfile.ZipFile(file) as archive:
        names = sorted(name for name in archive.namelist() if name.startswith("xl/worksheets/sheet"))
        return [cells(ElementTree.fromstring(archive.read(name))) for name in names]


def cells(sheet):
    assert not list(sheet.iter(f"{NAMESPACE}f"))
    return {cell.get("r"): value(cell) for cell in sheet.iter(f"{NAMESPACE}c")}


def value(cell):
    if cell.get("t") == "inlineStr":
        return "".join(part.text or "" for part in cell.iter(f"{NAMESPACE}t"))
    return float(cell.find(f"{NAMESPACE}v").text)


def test_text_stays_text_and_numbers_are_numbers():
    text = ' =SUM(A1) "x",\r\ny 😀 https://example.org '
    quoted = text.replace('"', '""')
    [sheet] = sheets(f'1e5,=1+1,makes,7,12,1,0,5,"{quoted}"\r\n')

    assert sheet["A1"] == "mention_id"
    told = [sheet[f"{column}2"] for column in "ABCDEFGHI"]
    assert told == ["1e5", "=1+1", "makes", 7, 12, 1, 0, 5, text.replace("\r\n", "_x000D_\n")]


def test_nothing_recorded_is_an_empty_cell():
    [sheet] = sheets(",,,,,,,,\r\n")

    assert [name for name in sheet if name.endswith("2")] == []


def test_more_rows_than_a_sheet_holds_go_on_in_the_next(monkeypatch):
    monkeypatch.setattr(spreadsheet, "MOST_ROWS", 2)
    first, second = sheets(*(f"a,b,makes,{n},1,1,0,5,t\r\n" for n in range(3)))

    assert (first["D3"], second["A1"], second["D2"]) == (1, "mention_id", 2)


def test_a_cell_that_no_spreadsheet_holds_is_refused():
    with pytest.raises(BadExport, match="in the column “text” has more than the 32,767 characters"):
        sheets(f"a,b,makes,7,12,1,0,5,{'x' * 32_768}\r\n")
