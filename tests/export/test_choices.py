"""What is chosen goes out and nothing else, in every shape and format; and an anonymous export gives nobody away."""

import csv
import io
import re
import zipfile
from importlib.util import find_spec

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from sqlalchemy import select

from tests.export.study import NAMES, make_study
from tests.factories import Person, first_project
from webapp.cli import main
from webapp.db import db
from webapp.domain.errors import BadExport
from webapp.export.choices import Choices, fresh_codes
from webapp.export.documents import DOCUMENTS
from webapp.export.formats import TABLE_FORMATS
from webapp.export.shapes import SHAPES
from webapp.export.taking import Asked, take
from webapp.models import SHELL, AuditEvent

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.sqlite_only("it is about a file, whatever it was made from")]


@pytest.fixture
def study(over):
    return over(make_study)


def made(shape="long", format_="csv", reader=SHELL, **choices):
    taken = take(first_project(), reader, Asked(shape, format_, choices=Choices(**choices)))
    if taken.pieces:
        return b"".join(taken.pieces)
    file = io.BytesIO()
    taken.fill(file)
    return file.getvalue()


def rows(shape="long", **choices):
    return list(csv.DictReader(io.StringIO(made(shape, **choices).decode(), newline="")))


def test_articles_are_chosen_by_number_outlet_and_day_in_every_shape_that_names_them(study):
    number, other = str(study["article"]), str(study["other"])

    def articles(shape, **choices):
        return {row["article_id"] for row in rows(shape, **choices)}

    for shape in ("long", "history", "gold", "wide", "reliability", "mentions", "articles"):
        assert articles(shape, articles=(number,)) == {number}, shape
    assert articles("articles", outlets=("Die Post",)) == {other}
    assert articles("long", since="2013", until="2013-10") == {number}
    assert articles("long", since="2013-10-05") == {number}  # of an article of that month no more is known
    assert articles("long", since="2014") == set()
    with pytest.raises(BadExport, match="no article “999” in what you may take away"):
        rows(articles=("999",))
    with pytest.raises(BadExport, match="“yesterday” is no date"):
        rows(since="yesterday")
    with pytest.raises(BadExport, match="The first day is after the last one"):
        rows(since="2014", until="2013-10-31")
    assert articles("long", since="2013-10-31", until="2013") == {number}


@pytest.mark.page
def test_a_refused_choice_is_said_at_its_field_and_the_others_stay_as_they_were_made(study, client, sign_in):
    sign_in(Person(study["supervisor"]))
    chosen = {"shape": "claims", "format": "jsonl", "outlets": "Die Post", "no_notes": "1"}
    for fault, sentence in (
        ({"outlets": "Der Pfosten"}, "no outlet “Der Pfosten”"),
        ({"articles": "999"}, "no article “999”"),
        ({"analysts": "C11"}, "no analyst “C11”"),
        ({"since": "2013-13"}, "“2013-13” is no date"),
        ({"until": "gestern"}, "“gestern” is no date"),
        ({"fresh_codes": "1", "names": "1"}, "Choose one of the two"),
        ({"shape": "recal"}, "nothing to choose from"),
    ):
        answered = client.post("/export/1/file", data=chosen | fault)
        form = BeautifulSoup(answered.text, "html.parser").select_one("form.export__form")
        [field] = form.select("[aria-invalid=true][autofocus]")
        kept = chosen | fault

        assert answered.status_code == 422
        assert field["name"] == next(iter(fault))
        assert sentence in form.find(id=field["aria-describedby"].split()[-1]).text
        assert form.select_one("details").has_attr("open")
        assert form.select_one("[name=outlets]")["value"] == kept["outlets"]
        assert form.select_one("[name=shape] [selected]")["value"] == kept["shape"]
        assert form.select_one("[name=format] [selected]")["value"] == kept["format"]
        assert form.select_one("[name=no_notes]").has_attr("checked")
        assert not form.select_one("[name=safe]").has_attr("checked")
    assert db.session.scalars(select(AuditEvent).where(AuditEvent.what == "exported")).all() == []


def test_analysts_are_chosen_by_code_and_of_their_answers_those_handed_in(study):
    assert {row["coder_id"] for row in rows(analysts=("C90",))} == {"C90"}
    assert list(rows("wide", analysts=("C90",))[0]) == ["article_id", "sentence_id", "sentence_index", "C90"]
    assert {row["coder_id"] for row in rows(submitted=True)} == {
        row["coder_id"] for row in rows() if row["submitted_at"]
    }
    with pytest.raises(BadExport, match="no analyst “C90”"):
        made(reader=Person(study["bart"]), analysts=("C90",))


def test_without_text_offsets_and_hashes_stay_and_without_notes_nothing_that_people_wrote_of_answers(study):
    for row, whole in zip(rows(no_text=True, no_notes=True), rows(), strict=True):
        assert [row[name] for name in ("text", "source_text", "cue_text", "note", "corroboration_note")] == [""] * 5
        assert {name: row[name] for name in ("char_start", "char_end", "text_sha256", "tag")} == {
            name: whole[name] for name in ("char_start", "char_end", "text_sha256", "tag")
        }
    without = made(format_="webanno", no_text=True)
    assert b"TextPositionSelector" in without
    assert b"TextQuoteSelector" not in without
    assert b"Two came" not in without + made(format_="misp", no_text=True)
    with pytest.raises(BadExport, match="made of texts"):
        made(format_="qdpx", no_text=True)


def test_fresh_codes_are_those_of_this_file_alone_and_keep_its_rows_apart(study):
    first, second = rows(fresh_codes=True), rows(fresh_codes=True)

    people = [{row["coder_id"] for row in file} for file in (first, second)]
    assert [len(held) for held in people] == [2, 2]
    assert all(re.fullmatch(r"P\d{4}", code) for code in set.union(*people))
    assert all(row["annotation_id"] == row["assignment_key"] == "" for row in first)
    of_sentences = {}
    for row in first:
        of_sentences.setdefault(row["sentence_id"], []).append(row["coder_id"])
    assert all(codes == sorted(codes) for codes in of_sentences.values())
    for shape, format_ in ANONYMOUS:
        if shape != "recal" and format_ != "xlsx":  # whose cells have such addresses
            words = plain(made(shape, format_, fresh_codes=True))
            assert not re.search(rb"\bC(10|50|77|90)\b", words), (shape, format_)


def test_fresh_codes_are_all_different():
    drawn = fresh_codes(f"C{n}" for n in range(1_500))

    assert len(set(drawn.values())) == 1_500


def test_names_are_for_supervisors_and_on_record(study, client, sign_in):
    supervisor = Person(study["supervisor"])
    assert {row["coder_name"] for row in rows(names=True)} == {NAMES[1], NAMES[2]}
    for reader in (Person(study["ann"]),):
        with pytest.raises(BadExport, match="Names are for supervisors"):
            made(reader=reader, names=True)
    sign_in(supervisor)
    assert NAMES[1].encode() in client.post("/export/1/file", data={"names": "1"}).data
    events = db.session.scalars(select(AuditEvent).where(AuditEvent.what == "exported")).all()
    assert [event.details.get("choices") for event in events] == [{"names": True}] * 2
    assert NAMES[1].encode() not in client.post("/export/1/file").data


def test_the_shell_chooses_by_the_same_words(app, study, monkeypatch):
    monkeypatch.setattr("webapp.cli.exports.prepared_app", lambda: app)

    def run(*words):
        return CliRunner().invoke(main, ["export", *words])

    chosen = run("--analyst", "C10", "--outlet", "The Post", "--no-text", "--since", "2013")
    assert {row["coder_id"] for row in csv.DictReader(io.StringIO(chosen.stdout))} == {"C10"}
    refused = run("--outlet", "The Toast")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "There is no outlet “The Toast”" in refused.stderr
    assert run("--names", "--fresh-codes").exit_code == 2
    assert run("--shape", "package", "--no-text").exit_code == 2


# ---- nobody is given away

HERE = [name for name in TABLE_FORMATS if name != "parquet" or find_spec("pyarrow")]
ANONYMOUS = [
    *((shape, format_) for shape in SHAPES for format_ in HERE if shape != "recal" or format_ == "csv"),
    *(("long", name) for name in DOCUMENTS),
]


def plain(content):
    """Every byte that a file holds, unpacked; of a system file each eight that stand for themselves."""
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return b"\n".join([name.encode() + b"\n" + archive.read(name) for name in archive.namelist()])
    if content[:4] == b"$FL2":
        data = content.index(b"\xe7\x03\x00\x00\x00\x00\x00\x00") + 8
        words, at = content[:data], data
        while at < len(content):
            codes, at = content[at : at + 8], at + 8
            for code in codes:
                if code == 253:
                    words, at = words + content[at : at + 8], at + 8
        return words
    return content


def test_no_byte_of_any_format_names_anybody_or_tells_in_which_order_accounts_were_made(study):
    """Accounts were made in the order C77, C50, C90, C10; whoever is listed is listed by code."""
    secrets = [part.lower().encode() for name in NAMES for part in (name, *name.split())]
    for shape, format_ in ANONYMOUS:
        words = plain(made(shape, format_))
        for secret in secrets:
            assert secret not in words.lower(), (shape, format_, secret)
    users = re.findall(rb'<User guid="[^"]+" name="([^"]+)"', plain(made(format_="qdpx")))
    assert users == sorted(users)
    for shape in ("long", "reliability", "wide"):
        header, *file = csv.reader(io.StringIO(made(shape).decode(), newline=""))
        if shape == "wide":
            assert header[3:] == sorted(header[3:])
            continue
        at = header.index("sentence_id"), header.index("coder_id")
        said = {}
        for row in file:
            said.setdefault(row[at[0]], []).append(row[at[1]])
        assert all(codes == sorted(codes) for codes in said.values()), shape
