"""A table in each of its formats, and the page on which it is chosen."""

import csv
import io
import json
import struct
from html import unescape
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from tests.export.study import make_study
from tests.factories import (
    Person,
    answer,
    first_project,
    make_article,
    make_claim,
    make_member,
    make_project,
    sentences_of,
)
from webapp.claims.actions import settle_claim, withdraw_claim
from webapp.db import db, db_write
from webapp.domain.claims import Settlement
from webapp.domain.errors import BadExport
from webapp.domain.export import Column, csv_parts
from webapp.domain.terms import CorroborationStatus, Tag
from webapp.export import formats
from webapp.export.documents import DOCUMENTS
from webapp.export.formats import TABLE_FORMATS
from webapp.export.sav import write_sav
from webapp.export.shapes import SHAPES, table_of
from webapp.export.taking import Asked, take
from webapp.models import SHELL, AuditEvent

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.sqlite_only("it is about a file, whatever it was made from")]


@pytest.fixture
def study(over):
    return over(make_study)


def taken(shape, format_):
    return b"".join(take(first_project(), SHELL, Asked(shape, format_)).pieces)


def told(value, column):
    """What a cell of CSV is in JSON."""
    if value == "":
        return None
    return {"integer": int, "boolean": "true".__eq__, "json": json.loads}.get(column.type, str)(value)


@pytest.mark.parametrize("shape", [shape for shape in SHAPES if shape != "recal"])
def test_a_line_of_json_is_a_row_with_numbers_as_numbers(study, shape):
    table = table_of(shape, first_project(), SHELL)
    rows = list(csv.reader(io.StringIO("".join(table.pieces), newline="")))[1:]
    lines = taken(shape, "jsonl").decode().split("\n")

    assert lines.pop() == ""
    assert rows
    assert list(map(json.loads, lines)) == [
        {column.name: told(cell, column) for column, cell in zip(table.columns, row, strict=True)} for row in rows
    ]


def test_every_format_streams_or_is_filled_whole():
    assert [name for name, one in TABLE_FORMATS.items() if bool(one.stream) == bool(one.fill)] == []


def test_the_page_offers_every_table_and_format_and_each_comes(client, sign_in, study):
    sign_in(Person(study["supervisor"]))
    page = BeautifulSoup(client.get("/export").text, "html.parser")
    offered = [option["value"] for option in page.select("select[name=shape] option")]
    assert sorted(offered) == sorted(SHAPES)
    assert [option["value"] for option in page.select("select[name=format] option")] == list(TABLE_FORMATS)
    assert [button["value"] for button in page.select("button[name=document]")] == list(DOCUMENTS)

    for format_ in (*TABLE_FORMATS.keys() - {"parquet"}, *DOCUMENTS):
        answered = client.post("/export/1/file", data={"format": format_, "safe": "1"})
        assert answered.status_code == 200, format_
        assert answered.headers["Content-Disposition"].startswith("attachment"), format_
        assert len(answered.data) > 100, format_
    assert [client.post("/export/1/file", data={"shape": shape, "safe": "1"}).status_code for shape in offered] == [
        200
    ] * len(offered)


def test_it_is_said_that_no_claim_is_settled_where_a_format_holds_nothing_else(client, sign_in, study):
    settled_none = make_project("Nothing settled")
    supervisor = make_member("both", "supervisor", "analyst", project=settled_none)
    sign_in(supervisor)
    assert client.get("/export").text.count("none is settled yet") == 1
    claim = make_claim("It was so.", sentences_of(make_article(project=settled_none))[0], by=supervisor)
    settle_claim(claim, supervisor, Settlement(CorroborationStatus.CONTESTED, "Two say two."), 0, uuid4())
    assert "none is settled yet" not in client.get("/export").text
    withdraw_claim(claim, supervisor, "Made by mistake.", 1, uuid4())
    assert client.get("/export").text.count("none is settled yet") == 1
    client.post("/logout")
    sign_in(Person(study["supervisor"]))
    assert "none is settled yet" not in client.get("/export").text


def test_an_analyst_is_offered_and_given_no_table_that_compares_people(client, sign_in, study):
    sign_in(Person(study["ann"]))
    page = client.get("/export").text

    assert 'value="gold"' not in page
    assert [client.post("/export/1/file", data={"shape": shape}).status_code for shape in ("gold", "wide", "long")] == [
        404,
        404,
        200,
    ]


def test_what_is_not_known_or_does_not_go_together_is_refused_with_a_sentence(client, sign_in, owner):
    sign_in(owner)
    for asked, status, sentence in (
        ({"shape": "sauces"}, 404, "There is no shape “sauces”."),
        ({"format": "doc"}, 404, "There is no format “doc”."),
        ({"shape": "recal", "format": "xlsx"}, 422, "ReCal reads digits in CSV and nothing else."),
        ({"shape": "gold", "format": "webanno"}, 422, "This format tells of the whole project and takes no shape."),
    ):
        answered = client.post("/export/1/file", data=asked)
        assert (answered.status_code, sentence in answered.text) == (status, True), asked
    assert db.session.scalars(select(AuditEvent).where(AuditEvent.what == "exported")).all() == []


def test_safe_for_spreadsheets_is_ticked_and_named_in_a_file_name_of_any_script(client, sign_in, owner):
    answer(sentences_of(make_article("=One came."))[0], owner, Tag.FACT)
    with db_write():
        first_project().name = "Новости / 新闻"
    sign_in(owner)
    form = BeautifulSoup(client.get("/export").text, "html.parser").select_one("form.export__form")
    assert form.select_one("[name=safe]").has_attr("checked")

    exact, safe = (client.post(form["action"], data=asked) for asked in ({}, {"safe": "1"}))
    assert (exact.data[:3] == b"\xef\xbb\xbf", b"'=One" in exact.data) == (False, False)
    assert (safe.data[:3] == b"\xef\xbb\xbf", b"'=One" in safe.data) == (True, True)
    name = safe.headers["Content-Disposition"]
    assert "%D0%9D%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8_%E6%96%B0%E9%97%BB_long_safe_for_spreadsheets_20" in name
    assert 'filename="long_safe_for_spreadsheets_20' in name
    assert "safe" not in exact.headers["Content-Disposition"]


def test_a_format_that_fails_midway_leaves_a_page_and_no_file(client, sign_in, owner, monkeypatch):
    def fails(_columns, _pieces, file):
        file.write(b"half")
        raise OSError("the disk is full")

    monkeypatch.setitem(TABLE_FORMATS, "xlsx", formats.TableFormat("XLSX", "x/y", "xlsx", fill=fails))
    sign_in(make_member("R", "researcher"))
    client.application.config["PROPAGATE_EXCEPTIONS"] = False
    answered = client.post("/export/1/file", data={"format": "xlsx"})

    assert answered.status_code == 500
    assert "Content-Disposition" not in answered.headers
    assert b"half" not in answered.data


def test_parquet_without_its_extra_is_refused_with_one_sentence(client, sign_in, owner, monkeypatch):
    def is_not_here(name):
        raise ImportError(name)

    monkeypatch.setattr("webapp.export.parquet.import_module", is_not_here)
    monkeypatch.setattr("webapp.export.formats.find_spec", lambda _: None)
    sign_in(owner)
    assert ">Parquet (not installed here)</option>" in client.get("/export").text
    answered = client.post("/export/1/file", data={"format": "parquet"})

    assert answered.status_code == 422
    assert "pyarrow, which is not installed here: `pip install " in unescape(answered.text)
    assert BeautifulSoup(answered.text, "html.parser").select_one("[aria-invalid=true]")["name"] == "format"


COLUMNS = (
    Column("n", "integer", "a number", allowed=("1", "2", "8")),
    Column("word", "text", "a word", allowed=("a", "b", "not_applicable")),
    Column("text", "text", "words"),
)


def as_sav(*rows):
    file = io.BytesIO()
    write_sav(COLUMNS, csv_parts(COLUMNS, [rows]), file)
    return file.getvalue()


def test_a_system_file_counts_its_rows_and_names_its_columns_and_values():
    """That every cell is read as it was written, pyreadstat shows under `make consumers`."""
    content = as_sav(["1", "a", "é" * 300], ["", "not_applicable", ""])

    assert content[:4] == b"$FL2"
    assert struct.unpack_from("<i", content, 80) == (2,)
    assert b"V1=n\tV2=word\tV3=text" in content
    assert b"V3=00600\0\t" in content
    assert all(label in content for label in (b"FACT", b"NOT_CODABLE", b"not_applicable"))
    assert content == as_sav(["1", "a", "é" * 300], ["", "not_applicable", ""])


def test_a_text_that_no_variable_of_spss_holds_is_refused():
    with pytest.raises(BadExport, match="in the column “text” has more than the 32,767 bytes"):
        as_sav(["1", "a", "x" * 32_768])
