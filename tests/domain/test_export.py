"""Any CSV file: read back unchanged, and formulas stopped."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from webapp.domain.export import FORMULA, Cells, Column, csv_parts, guarded

COLUMNS = (Column("id", "integer", "a number"), Column("text", "text", "some words"))


def unguarded(cell):
    """The cell as it was before `guarded`, as docs/export.md tells readers to get it."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell[1:]) else cell


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))


@given(st.lists(TEXTS, min_size=1), st.booleans())
def test_a_csv_read_back_gives_every_text_unchanged(texts, guard):
    file = "".join(csv_parts(COLUMNS, [[["1", text] for text in texts]], guard=guard))
    read = [row["text"] for row in csv.DictReader(io.StringIO(file, newline=""))]

    assert [unguarded(text) if guard else text for text in read] == texts


@given(TEXTS)
def test_the_guard_takes_away_what_it_put(text):
    assert unguarded(guarded(text)) == text


def test_the_guard_stops_formulas_and_leaves_prose():
    assert guarded("=1+1") == "'=1+1"
    assert guarded("'=1+1") == "''=1+1"
    assert guarded("'Tis true") == "'Tis true"
    assert guarded("＝1") == "'＝1"


def test_a_byte_order_mark_comes_first_and_only_on_request():
    assert next(csv_parts(COLUMNS, [], bom=True)) == "\ufeffid,text\r\n"
    assert next(csv_parts(COLUMNS, [])) == "id,text\r\n"


@given(TEXTS, st.booleans())
def test_a_single_cell_is_written_as_csv_writes_it_among_others(text, guard):
    cells = Cells(guard=guard)

    assert f"1,{cells.one(text)},2" == cells(["1", text, "2"])
