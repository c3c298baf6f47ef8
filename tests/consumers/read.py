"""Reads the files of a package as the program of that name does, in that program's own environment; prints JSON.

    python read.py PROGRAM FOLDER

It knows nothing of ours. Who runs it compares what was read with what was written.
"""

import csv
import importlib.metadata
import json
import os
import sys
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"


def frictionless(folder):
    from frictionless import Package

    report = Package(str(folder / "datapackage.json")).validate()
    faults = report.flatten(["type", "message"])
    return {"valid": report.valid, "files": report.stats["tasks"], "faults": faults[:5]}


def mlcroissant(folder):
    import mlcroissant

    dataset = mlcroissant.Dataset(jsonld=str(folder / "croissant.json"))
    told = {}
    for records in dataset.metadata.record_sets:
        rows = list(dataset.records(records.id))
        told[records.id] = len(rows)
        if records.id == "long":
            first = {key.split("/")[1]: str(value) for key, value in rows[0].items()}
    texts = {name: first[name].encode("latin-1", "replace").decode() for name in ("tag", "coder_id")}
    return {"rows": told, "first": {name: text.removeprefix("b'").removesuffix("'") for name, text in texts.items()}}


def pandas(folder):
    import pandas

    table = pandas.read_csv(folder / "long.csv", keep_default_na=False)
    texts = {int(path.stem): path.read_bytes().decode() for path in (folder / "articles").iterdir()}
    cut = [texts[row.article_id][row.char_start : row.char_end] for row in table.itertuples()]
    return {"rows": len(table), "cut": cut == list(table.text), "tags": table.tag.value_counts().to_dict()}


def pyarrow(folder):
    from pyarrow import csv as arrow_csv

    parse = arrow_csv.ParseOptions(newlines_in_values=True)
    told = {}
    for path in sorted(folder.glob("*.csv")):
        if path.name != "recal.csv":
            told[path.stem] = arrow_csv.read_csv(path, parse_options=parse).num_rows
    return {"rows": told}


def datasets(folder):
    import datasets

    datasets.disable_progress_bars()
    cache = str(folder.parent / "cache")
    names = datasets.get_dataset_config_names(str(folder))
    return {
        "rows": {
            name: datasets.load_dataset(str(folder), name, split="train", cache_dir=cache).num_rows for name in names
        }
    }


def openpyxl(folder):
    import openpyxl

    sheet = openpyxl.load_workbook(folder / "long.xlsx").active
    with (folder / "long.csv").open(newline="", encoding="utf-8") as file:
        written = list(csv.reader(file))
    read = [["" if cell.value is None else str(cell.value) for cell in row] for row in sheet.iter_rows()]
    formulas = sum(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
    differ = [
        (a, b) for one, other in zip(read, written, strict=True) for a, b in zip(one, other, strict=True) if a != b
    ]
    return {"rows": len(read) - 1, "formulas": formulas, "differ": differ[:3]}


def pandas_jsonl(folder):
    import pandas

    lines = pandas.read_json(folder / "long.jsonl", lines=True, dtype=False, convert_dates=False)
    table = pandas.read_csv(folder / "long.csv", keep_default_na=False, dtype=str)
    told = lines.apply(lambda column: column.map(lambda cell: cell if isinstance(cell, str) else None))
    words = ["text", "tag", "coder_id", "note", "created_at", "assignment_key"]
    same = all(list(told[name].fillna("")) == list(table[name]) for name in words)
    return {"rows": len(lines), "same": same, "ends": int(lines.char_end.sum()) == sum(map(int, table.char_end))}


def pyld(folder):
    """Expands by the context of the W3C, which `CLAIMTAG_SPECS` has as anno.jsonld."""
    from pyld import jsonld

    context = json.loads((Path(os.environ["CLAIMTAG_SPECS"]) / "anno.jsonld").read_text("utf-8"))

    def load(url, _options):
        assert url == "http://www.w3.org/ns/anno.jsonld", url
        return {"contextUrl": None, "documentUrl": url, "document": context}

    [collection] = jsonld.expand(json.loads((folder / "long.jsonld").read_text("utf-8")), {"documentLoader": load})
    oa = "http://www.w3.org/ns/oa#"
    activity = next(key for key in collection if key.endswith("first")).removesuffix("first")
    [page] = collection[f"{activity}first"]
    [listed] = page[f"{activity}items"]
    bodies = [one[f"{oa}hasBody"] for one in listed["@list"]]
    targets = [one[f"{oa}hasTarget"][0] for one in listed["@list"]]
    kinds = {selector["@type"][0] for target in targets for selector in target[f"{oa}hasSelector"]}
    return {"rows": len(bodies), "kinds": sorted(kind.removeprefix(oa) for kind in kinds)}


def stix2(folder):
    import stix2

    bundle = stix2.parse((folder / "long.stix.json").read_text("utf-8"), allow_custom=False)
    kinds = [one.type for one in bundle.objects]
    known = {one.id for one in bundle.objects}
    named = {ref for one in bundle.objects for ref in one.get("object_refs", [])}
    return {"kinds": {kind: kinds.count(kind) for kind in sorted(set(kinds))}, "lost": sorted(named - known)}


def pymisp(folder):
    import pymisp

    event = pymisp.MISPEvent(strict_validation=True)
    event.load_file(folder / "long.misp.json", validate=True)
    faults, kinds = [], {}
    for one in event.objects:
        kinds[one.name] = kinds.get(one.name, 0) + 1
        strict = pymisp.MISPObject(one.name, strict=True)
        if (strict.template_uuid, str(strict.template_version)) != (one.template_uuid, str(one.template_version)):
            faults.append(f"{one.name} is of another template")
        for attribute in one.attributes:
            told = strict.add_attribute(attribute.object_relation, value=attribute.value)
            if told is None or told.type != attribute.type:
                faults.append(f"{one.name}: {attribute.object_relation} {attribute.type}")
            listed = strict._definition["attributes"][attribute.object_relation].get("values_list")
            if listed and attribute.value not in listed:
                faults.append(f"{attribute.value} is not among {listed}")
        strict.to_json(strict=True)
    uuids = {one.uuid for one in event.objects}
    lost = [ref.referenced_uuid for one in event.objects for ref in one.references if ref.referenced_uuid not in uuids]
    return {"kinds": kinds, "faults": faults[:5], "lost": lost}


def pyreadstat(folder):
    import pyreadstat

    table, about = pyreadstat.read_sav(folder / "long.sav", user_missing=True)
    with (folder / "long.csv").open(newline="", encoding="utf-8") as file:
        written = list(csv.DictReader(file))
    wide, _ = pyreadstat.read_sav(folder / "widths.sav")
    widths = {name: len(wide[name][0]) for name in wide.columns}
    labels = about.variable_value_labels
    differ = []
    for name in table.columns:
        for cell, row in zip(table[name], written, strict=True):
            if name in ("created_at", "updated_at", "submitted_at"):
                told = "" if str(cell) == "NaT" else f"{cell:%Y-%m-%dT%H:%M:%SZ}"
            elif isinstance(cell, float):
                is_word = name in labels and not row[name].isdigit()  # numbers that stand for words
                told = "" if cell != cell else labels[name][cell] if is_word else str(int(cell))
            else:
                told = cell
            if told != row[name] and told != row[name].rstrip(" "):
                differ.append((name, told, row[name]))
    return {
        "rows": len(table),
        "differ": differ[:4],
        "widths": widths,
        "tag_code": labels["tag_code"],
        "missing": about.missing_ranges["tag_code"],
        "labels": about.column_names_to_labels["tag"],
    }


def pyarrow_parquet(folder):
    """Written here, too: by the module of ours that an installation with the extra runs."""
    from types import SimpleNamespace

    from pyarrow import parquet

    sys.path.insert(0, str(Path(__file__).parents[2]))
    from webapp.export.parquet import write_parquet

    columns = [SimpleNamespace(**one) for one in json.loads((folder / "columns.json").read_text("utf-8"))]
    with (
        (folder / "long.csv").open(newline="", encoding="utf-8") as pieces,
        (folder / "long.parquet").open("wb") as file,
    ):
        write_parquet(columns, [pieces.read()], file)
    table = parquet.read_table(folder / "long.parquet")
    with (folder / "long.csv").open(newline="", encoding="utf-8") as file:
        written = list(csv.DictReader(file))
    words = ["text", "tag", "coder_id", "note", "outlet"]
    same = all([cell or "" for cell in table[name].to_pylist()] == [row[name] for row in written] for name in words)
    kinds = {name: str(table.schema.field(name).type) for name in ("char_start", "blind", "created_at")}
    return {"rows": table.num_rows, "same": same, "kinds": kinds}


READ_BY = (
    frictionless,
    mlcroissant,
    pandas,
    pandas_jsonl,
    pyarrow,
    datasets,
    openpyxl,
    pyld,
    pymisp,
    stix2,
    pyreadstat,
    pyarrow_parquet,
)
READERS = {reader.__name__: reader for reader in READ_BY}

if __name__ == "__main__":
    program, folder = sys.argv[1:]
    told = READERS[program](Path(folder))
    print(json.dumps({"version": importlib.metadata.version(program.partition("_")[0]), **told}, default=str))
