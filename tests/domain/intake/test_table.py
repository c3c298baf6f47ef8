"""Tables of articles: which columns there are, and what each row gives or why it gives nothing."""

import io
import json
import tracemalloc

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from webapp.domain.errors import BadTable, DoubtfulEncoding
from webapp.domain.intake import table
from webapp.domain.intake.decoding import BROKEN_UTF8, NOT_SAID
from webapp.domain.intake.description import Description
from webapp.domain.intake.table import BadRow, Row, articles_in, columns_of, count_rows, guessed

TABLE = """Headline,Body,Source,Byline,Link,Date
The bridge,"It reopened, at last.
“Good”, she said.",The Paper,Ann Bee,https://paper.example/1,2013-10-22
A toll,One euro.,,,,2013-10
"""


def file_of(content, encoding="utf-8"):
    return io.BytesIO(content if isinstance(content, bytes) else content.encode(encoding))


def rows_of(content, **options):
    return list(articles_in(file_of(content), **options))


def lines_and_texts(content, **options):
    return [(row.line, row.text if isinstance(row, Row) else "bad") for row in rows_of(content, **options)]


def test_a_row_becomes_an_article_with_its_description():
    first, second = rows_of(TABLE)

    assert first.text == "It reopened, at last.\n“Good”, she said."
    assert first.description == Description(
        "The bridge", "The Paper", "Ann Bee", "https://paper.example/1", "2013-10-22"
    )
    assert (first.line, second.line) == (2, 4)
    assert second.description == Description("A toll", published="2013-10")


def test_a_preview_shows_columns_first_rows_and_a_guess():
    preview = columns_of(file_of(TABLE))

    assert preview.columns == ("Headline", "Body", "Source", "Byline", "Link", "Date")
    assert preview.rows[1] == ("A toll", "One euro.", "", "", "", "2013-10")
    assert preview.mapping == {
        "title": "Headline", "text": "Body", "outlet": "Source", "author": "Byline", "url": "Link", "published": "Date",
    }  # fmt: skip
    assert (preview.encoding, preview.delimiter) == ("utf-8", ",")


def test_a_preview_is_short_however_long_the_table_is():
    preview = columns_of(file_of("text\n" + ("x" * 5_000 + "\n") * 100))

    assert [len(row[0]) for row in preview.rows] == [200] * 5


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found(delimiter):
    content = delimiter.join(["title", "text"]) + "\n" + delimiter.join(["T", '"One, two; three\tfour."'])

    assert columns_of(file_of(content)).delimiter == delimiter
    assert rows_of(content)[0].text == "One, two; three\tfour."


def test_a_table_of_one_column_needs_no_delimiter():
    assert lines_and_texts("text\nOne.\n") == [(2, "One.")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_encoding_is_found_and_the_mark_dropped(encoding):
    content = "text;title\n" + "“Die Brücke ist geöffnet”, sagte er.;Köln\n" * 40

    rows = rows_of(content.encode(encoding))

    assert len(rows) == 40
    assert (rows[39].text, rows[39].description.title) == ("“Die Brücke ist geöffnet”, sagte er.", "Köln")


FAR_DOWN = "text\n" + "Plain words.\n" * 20_000 + "Café au lait.\n" * 50


def test_a_table_that_does_not_say_its_encoding_is_asked_about():
    content = FAR_DOWN.encode("windows-1252")

    with pytest.raises(DoubtfulEncoding, match="It may be windows-125"):
        rows_of(content)
    assert columns_of(file_of(content)).doubt == NOT_SAID
    assert columns_of(file_of(content), "windows-1252").doubt is None
    for chosen in ({"encoding": "windows-1252"}, {"otherwise": "windows-1252"}):
        assert rows_of(content, **chosen)[-1].text == "Café au lait."


def test_a_table_in_utf_8_with_a_broken_byte_far_down_is_named_with_its_line():
    content = FAR_DOWN.encode()
    cut = content[: content.rindex("é".encode()) + 1]
    broken = content.replace("é".encode(), b"\xc3", 1)

    for upload, line in ((cut, 20_051), (broken, 20_002)):
        with pytest.raises(DoubtfulEncoding, match=f"UTF-8 with broken bytes, the first in line {line:,}") as unsure:
            rows_of(upload, otherwise="windows-1252")
        assert unsure.value.guess == BROKEN_UTF8
        assert [row.text for row in rows_of(upload, encoding=BROKEN_UTF8)].count("Café au lait.") == 49


def test_a_person_may_choose_the_encoding():
    assert rows_of("text\nПривет\n".encode("koi8-r"), encoding="koi8-r")[0].text == "Привет"


@pytest.mark.parametrize("encoding", ["utf-8", "klingon", "base64"])
def test_an_encoding_that_does_not_fit_is_refused(encoding):
    with pytest.raises(BadTable, match="not written in"):
        rows_of(b"text\nOne.\ncaf\xe9\n", encoding=encoding)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_as_on_any_machine_and_blank_ones_are_passed_over(end):
    content = end.join(["", "title,text", "", "A,One.", "", '"B","Two', 'parts."', "C,Three.", ""])

    assert lines_and_texts(content) == [(4, "One."), (6, f"Two{end}parts."), (8, "Three.")]


@pytest.mark.parametrize("beginning", ["", "text\nOne.\n", '{"text": "One."}\n'], ids=["none", "csv", "jsonl"])
def test_a_table_of_empty_lines_is_refused_before_all_of_them_are_read(beginning):
    file = io.BytesIO(beginning.encode() + b"\n" * 300_000)

    with pytest.raises(BadTable, match="over 100,000 empty lines in a row"):
        columns_of(file)
    assert file.tell() < 200_000


def test_as_many_empty_lines_are_passed_over_where_rows_stand_between_them(monkeypatch):
    monkeypatch.setattr(table, "MOST_BLANK", 2)

    assert lines_and_texts("text\n\n\nOne.\n\n\nTwo.\n") == [(4, "One."), (7, "Two.")]


def test_a_bad_row_is_named_and_the_rest_goes_on():
    content = 'text,url,date\nOne.,,\n ,,\nTwo.,nowhere,\nThree.,,soon\nFour.,,,,\nFi"ve.,,\n"Six"x,,\nSeven.,,\n'

    rows = rows_of(content)

    assert [row.line for row in rows if isinstance(row, Row)] == [2, 7, 9]
    reasons = {row.line: row.why for row in rows if isinstance(row, BadRow)}
    assert "no text in it" in reasons[3]
    assert "no web address" in reasons[4]
    assert "no date" in reasons[5]
    assert "5 cells, the header 3" in reasons[6]
    assert "quotation mark" in reasons[8]


def test_a_quotation_that_never_ends_is_named_at_its_beginning():
    assert lines_and_texts('text\nOne.\n"Two.\nThree.\n') == [(2, "One."), (3, "bad")]


def test_a_row_may_be_shorter_than_the_header():
    assert rows_of("text,title\nOne.\n") == [Row(2, "One.", Description())]


def test_a_date_may_carry_a_time():
    rows = rows_of("text,date\nOne.,2013-10-22T10:00:00Z\nTwo.,2013-10-22 10:00\n")

    assert [row.description.published for row in rows] == ["2013-10-22"] * 2


def test_a_row_too_long_for_an_article_is_named_and_the_rest_goes_on(monkeypatch):
    monkeypatch.setattr(table, "LONGEST_RECORD", 50)
    long = "many words, “quoted” and\nbroken into lines, " * 9
    content = f'title,text\nA,One.\nB,"{long}"\nC,{"x" * 60}\nD,"a ""b"" {long}, ""c"""\nE,Two.\n'

    rows = rows_of(content)

    assert [row.text for row in rows if isinstance(row, Row)] == ["One.", "Two."]
    assert [row.line for row in rows if isinstance(row, BadRow)] == [3, 13, 14]
    assert all("longer than two articles" in row.why for row in rows if isinstance(row, BadRow))


def test_memory_does_not_grow_with_the_table():
    file = file_of("text\n" + ("Ten words are in this row of the table here.\n") * 40_000)
    tracemalloc.start()
    try:
        assert sum(1 for _ in articles_in(file)) == 40_000
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


def test_the_mapping_decides_over_the_guess():
    rows = rows_of("text,summary,n\nOne.,Short.,7\n", mapping={"text": "summary", "title": "n"})

    assert rows == [Row(2, "Short.", Description(title="7"))]


@pytest.mark.parametrize(
    ("names", "mapping"),
    [
        (["Full_Text", "Published-At"], {"text": "Full_Text", "published": "Published-At"}),
        (["content", "text"], {"text": "text"}),
        (["id", "x"], {}),
        (["SOURCE", "Article URL"], {"outlet": "SOURCE", "url": "Article URL"}),
    ],
)
def test_common_names_are_known(names, mapping):
    assert guessed(names) == mapping


@pytest.mark.parametrize(
    ("content", "mapping", "sentence"),
    [
        ("id,words\n1,One.\n", None, "No column with the text was found.*The table has “id”, “words”"),
        ("id,words\n1,One.\n", {"title": "words"}, "No column with the text"),
        ("id,words\n1,One.\n", {"text": "word"}, "no column “word”; the table has “id”, “words”"),
        ("id,words\n1,One.\n", {"text": "words", "body": "id"}, "“body” is none of them"),
        ('{"id": 1}\n', None, "The table has “id”"),
        ("", None, "empty"),
        (" \n\n", None, "empty"),
        ("text,text\n", None, "Two columns are called “text”"),
        ('"text\nOne.', None, "header of the table cannot be read"),
        ('[\n{"text": "One."}]', None, "one JSON list"),
        ('[{"text": "One."}]', None, "one JSON list"),
        ('{"text": \n', None, "no JSON object"),
        (b"PK\x03\x04....", None, "an Excel or ZIP file"),
        (b"\xd0\xcf\x11\xe0\xa1", None, "old Office file"),
        (b"text\na\x00b\n", None, "NUL"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_one_sentence(content, mapping, sentence):
    with pytest.raises(BadTable, match=f"(?s){sentence}"):
        rows_of(content, mapping=mapping)


def test_a_preview_needs_no_text_column():
    assert columns_of(file_of("id,words\n1,One.\n")).mapping == {}


def test_a_column_without_a_name_is_numbered():
    assert columns_of(file_of(",text\n0,One.\n")).columns == ("column 1", "text")


def test_jsonl_is_read_line_by_line():
    lines = [
        json.dumps({"text": "One.\nTwo.", "authors": ["Ann Bee", "Çelik Öz"], "title": None}),
        "",
        json.dumps({"title": 7, "text": "Three.", "later": True}),
        "{broken",
        "[" * 100_000,
        json.dumps({"text": {"parts": []}}),
        json.dumps({"title": "No text"}),
        '{"text": "\\ud800"}',
        json.dumps({"text": "Four."}),
    ]

    rows = rows_of("\n".join(lines))

    assert rows[0] == Row(1, "One.\nTwo.", Description(author="Ann Bee; Çelik Öz"))
    assert rows[1] == Row(3, "Three.", Description(title="7"))
    reasons = [(row.line, row.why) for row in rows[2:7]]
    assert [line for line, _ in reasons] == [4, 5, 6, 7, 8]
    for (_, why), sentence in zip(
        reasons, ["JSON object", "JSON object", "must be text", "no text", "lone"], strict=True
    ):
        assert sentence in why
    assert rows[7:] == [Row(9, "Four.", Description())]


def test_a_preview_of_jsonl_has_every_key_of_the_first_rows():
    preview = columns_of(file_of('\ufeff{"text": "One.", "n": 1}\n{"title": "T", "text": "Two."}\n'))

    assert preview.columns == ("text", "n", "title")
    assert preview.rows == (("One.", "1", ""), ("Two.", "", "T"))
    assert (preview.delimiter, preview.mapping) == (None, {"text": "text", "title": "title"})


def test_a_file_is_left_open_and_may_be_read_again():
    file = file_of(TABLE)

    assert columns_of(file) == columns_of(file)
    assert list(articles_in(file)) == list(articles_in(file))
    assert not file.closed


@settings(deadline=None)
@example(b"a\r,")
@given(st.binary(max_size=300) | st.text('",;\n\r ab{}[]:\t', max_size=80).map(str.encode))
def test_any_bytes_are_rows_or_refused(content):
    try:
        for row in articles_in(file_of(content), {"text": "a"}):
            assert row.text if isinstance(row, Row) else row.why.endswith(".")
    except (BadTable, DoubtfulEncoding) as refused:
        assert str(refused).endswith(".")


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (TABLE, 2),
        ('text\n\n"One\ncame."\n,too,many\nTwo came.\n', 3),
        ('{"text": "One came."}\n\nno object\n{"text": 7}\n', 3),
        ("text\nOne came.\n\n\n\nTwo came.\n", 1),
        ("", 0),
    ],
)
def test_the_rows_are_counted_as_they_are_given(content, rows, monkeypatch):
    monkeypatch.setattr(table, "MOST_BLANK", 2)
    assert count_rows(file_of(content), "utf-8") == rows


def test_no_rows_are_counted_where_the_encoding_is_in_doubt():
    assert count_rows(file_of("text\nKöln\n", "windows-1252")) == 0
