"""What goes out is read by the programs that others read it with: `make consumers` gets them and runs this.

Each runs in an environment of its own, which the tests of the app neither need nor install. What was read is written to
`seeds/opens_in.json`, from which the export page tells what opens where.
"""

import csv
import hashlib
import io
import json
import os
import subprocess
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree

from tests.export.study import make_study
from tests.export.test_package import files_of, pack
from tests.export.test_refi_qda import read as passages_by_the_rules_of_qualcoder
from tests.export.test_web_annotation import found_by
from tests.factories import first_project
from webapp.domain.export import Column, csv_parts
from webapp.domain.package_check import MANIFEST
from webapp.export import long
from webapp.export.sav import write_sav
from webapp.export.taking import Asked, take
from webapp.models import SHELL

PYTHON = os.environ.get("CLAIMTAG_CONSUMERS")
READ = Path(__file__).with_name("read.py")
OPENS_IN = Path(__file__).parents[2] / "seeds" / "opens_in.json"
SPECS = os.environ.get("CLAIMTAG_SPECS")
FILES = {
    "xlsx": "long.xlsx",
    "jsonl": "long.jsonl",
    "webanno": "long.jsonld",
    "qdpx": "long.qdpx",
    "qdc": "long.qdc",
    "stix": "long.stix.json",
    "misp": "long.misp.json",
    "sav": "long.sav",
}
"""What is written beside the package, by its format."""
WIDTHS = (8, 10, 252, 254, 256, 504, 506, 512, 5_000, 32_766)
"""Bytes of texts around which a system file changes how it holds them."""


def needs(spec):
    """Mark a test that reads a specification, which is not ours to hand on."""
    is_there = SPECS and (Path(SPECS) / spec).exists()
    return pytest.mark.skipif(not is_there, reason=f"CLAIMTAG_SPECS names no folder with {spec}")


pytestmark = [
    pytest.mark.skipif(not PYTHON, reason="the programs of others are left out; `make consumers` gets and runs them"),
    pytest.mark.sqlite_only("it is about a file, whatever it was made from"),
]


@pytest.fixture(scope="session")
def kept():
    """The folder of the unpacked package, once it is made."""
    return {}


@pytest.fixture
def folder(app, over, kept, tmp_path_factory):
    if "folder" not in kept:
        over(make_study)
        made = tmp_path_factory.mktemp("consumers")
        path, _ = pack(made / "study.zip")
        with zipfile.ZipFile(path) as archive:
            archive.extractall(made / "study")
        columns = [{"name": one.name, "type": one.type, "meaning": one.meaning} for one in long.COLUMNS]
        (made / "study" / "columns.json").write_text(json.dumps(columns), "utf-8")
        wide = [Column(f"c{width}", "text", "as long as its name says") for width in WIDTHS]
        with (made / "study" / "widths.sav").open("wb") as file:
            write_sav(wide, csv_parts(wide, [[["é" * (width // 2) for width in WIDTHS]]]), file)
        for format_, name in FILES.items():
            write(format_, made / "study" / name)
        kept["folder"], kept["files"] = made / "study", files_of(path)
    return kept["folder"]


def write(format_, path):
    taken = take(first_project(), SHELL, Asked("long", format_))
    with path.open("wb") as file:
        if taken.pieces:
            file.writelines(taken.pieces)
        else:
            taken.fill(file)


@pytest.fixture
def rows(folder, kept):
    """How many rows each table that is for reading has, by its name."""
    return {
        name.removesuffix(".csv"): sum(1 for _ in csv.DictReader(io.StringIO(content.decode(), newline="")))
        for name, content in kept["files"].items()
        if name.endswith(".csv") and "/" not in name and name != "recal.csv"
    }


def read_by(program, folder):
    """What the program read; the file that the page shows tells of it from now on."""
    done = subprocess.run([PYTHON, READ, program, folder], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2_000:]
    return json.loads(done.stdout.splitlines()[-1])


def opened(format_, program, version):
    known = json.loads(OPENS_IN.read_text("utf-8")) if OPENS_IN.exists() else []
    others = [one for one in known if (one["format"], one["program"]) != (format_, program)]
    told = {"format": format_, "program": program, "version": version, "date": f"{datetime.now(UTC):%Y-%m-%d}"}
    listed = sorted([*others, told], key=lambda one: (one["format"], one["program"]))
    OPENS_IN.write_text(json.dumps(listed, indent=2) + "\n", "utf-8")


def test_frictionless_finds_the_package_valid_to_the_last_cell(folder, kept):
    told = read_by("frictionless", folder)

    assert told["valid"], told["faults"]
    assert told["files"] == len(json.loads(kept["files"][MANIFEST])["resources"])
    opened("Data Package 2.0", "frictionless", told["version"])


def test_mlcroissant_reads_every_record_set(folder, rows):
    told = read_by("mlcroissant", folder)

    assert told["rows"] == rows
    assert told["first"] == {"tag": "OPINION", "coder_id": "C10"}
    opened("Croissant 1.1", "mlcroissant", told["version"])


def test_pandas_cuts_every_sentence_out_of_its_article(folder, rows):
    told = read_by("pandas", folder)

    assert (told["rows"], told["cut"]) == (rows["long"], True)
    assert sum(told["tags"].values()) == rows["long"]
    opened("CSV", "pandas", told["version"])


def test_pyarrow_reads_every_table(folder, rows):
    told = read_by("pyarrow", folder)

    assert told["rows"] == rows
    opened("CSV", "pyarrow", told["version"])


def test_datasets_loads_every_table_that_has_rows_offline(folder, rows):
    told = read_by("datasets", folder)

    assert told["rows"] == {name: count for name, count in rows.items() if count}
    opened("dataset card", "datasets", told["version"])


def test_openpyxl_reads_every_cell_of_a_workbook_and_no_formula(folder, rows):
    told = read_by("openpyxl", folder)

    assert told | {"version": ""} == {"version": "", "rows": rows["long"], "formulas": 0, "differ": []}
    opened("XLSX", "openpyxl", told["version"])


def test_pandas_reads_lines_of_json(folder, rows):
    told = read_by("pandas_jsonl", folder)

    assert told | {"version": ""} == {"version": "", "rows": rows["long"], "same": True, "ends": True}
    opened("JSON Lines", "pandas", told["version"])


@needs("anno.jsonld")
def test_pyld_expands_every_annotation_by_the_context_of_the_w3c(folder, rows):
    told = read_by("pyld", folder)

    assert told["rows"] == rows["long"]
    assert told["kinds"] == ["TextPositionSelector", "TextQuoteSelector"]
    opened("Web Annotation", "PyLD", told["version"])


BY_RULE = "by rule"
"""Where the page would name a program: a small reader of ours, written after the rules, found every passage."""


def test_web_annotations_name_every_passage_by_the_rules_of_the_recommendation(folder, rows):
    texts = {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in (folder / "articles").iterdir()}
    collection = json.loads((folder / "long.jsonld").read_text("utf-8"))
    targets = [one["target"] for one in collection["first"]["items"]]
    for target in targets:
        path = texts[target["source"].removeprefix("urn:sha256:")]
        assert found_by(target["selector"], path.read_bytes().decode())
    assert len(targets) == rows["long"]
    opened("Web Annotation", BY_RULE, "2017-02-23")


def test_a_project_of_refi_qda_is_read_by_the_rules_of_an_importer(folder, rows):
    passages, sources, _ = passages_by_the_rules_of_qualcoder(folder / "long.qdpx")

    assert len(passages) == rows["long"] + sum(user == "GOLD" for _, user, *_ in passages)
    assert len(sources) == rows["articles"]
    opened("REFI-QDA 1.5", BY_RULE, "2019-03-18")


@needs("Project.xsd")
def test_refi_qda_is_valid_by_its_schemas(folder):
    with zipfile.ZipFile(folder / "long.qdpx") as archive:
        told = {"Project.xsd": archive.read("project.qde"), "Codebook.xsd": (folder / "long.qdc").read_bytes()}
    for schema, content in told.items():
        etree.XMLSchema(etree.parse(Path(SPECS) / schema)).assertValid(etree.fromstring(content))
    opened("REFI-QDA 1.5", "lxml, by the schema", etree.__version__)


def test_stix2_parses_the_bundle_and_finds_all_that_it_refers_to(folder):
    told = read_by("stix2", folder)

    assert told["lost"] == []
    assert {"identity", "note", "opinion", "report"} == set(told["kinds"])
    opened("STIX 2.1", "stix2", told["version"])


def test_pymisp_takes_every_object_for_one_of_its_template(folder, rows):
    told = read_by("pymisp", folder)

    assert (told["faults"], told["lost"]) == ([], [])
    assert told["kinds"]["news-media"] == rows["articles"]
    assert {"intelligence-source-assessment", "annotation"} < set(told["kinds"])
    opened("MISP event", "pymisp, strict", told["version"])


def test_pyreadstat_reads_every_cell_of_a_system_file_with_its_labels(folder, rows):
    told = read_by("pyreadstat", folder)

    assert (told["rows"], told["differ"]) == (rows["long"], [])
    assert told["widths"] == {f"c{width}": width // 2 for width in WIDTHS}
    assert told["tag_code"]["8.0"] == "NOT_CODABLE"
    assert told["missing"] == [{"lo": 8.0, "hi": 8.0}, {"lo": 9.0, "hi": 9.0}]
    opened("SPSS (.sav)", "pyreadstat", told["version"])


def test_pyarrow_writes_and_reads_parquet(folder, rows):
    told = read_by("pyarrow_parquet", folder)

    kinds = {"char_start": "int64", "blind": "bool", "created_at": "timestamp[ms, tz=UTC]"}
    assert told | {"version": ""} == {"version": "", "rows": rows["long"], "same": True, "kinds": kinds}
    opened("Parquet", "pyarrow", told["version"])
