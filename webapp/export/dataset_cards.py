"""A package told to those who have not met one: Croissant 1.1 with its RAI fields, a dataset card, and a page to read.

Nothing is claimed that the program does not know: who may use it and what its coders are like are not stated.
"""

import json
from collections.abc import Sequence
from typing import Any

from webapp.domain.export import Column
from webapp.domain.package_check import DIGEST, MANIFEST
from webapp.export.packing import DESCRIPTION, About, Packed

LICENSE = (
    "Not stated. The articles belong to whoever published them; ask the makers of this package what they allow for the "
    "annotations."
)
CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "arrayShape": "cr:arrayShape",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "description": {"@container": "@language"},
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "name": {"@container": "@language"},
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
TYPES = {"integer": "sc:Integer", "boolean": "sc:Boolean", "time": "sc:DateTime"}
PLATFORM = "Claimtag {}: each analyst at a keyboard, sentence by sentence, without suggestions before the own tag"


def croissant(about: About, files: Sequence[Packed]) -> bytes:
    """`croissant.json`."""
    tables = tables_to_read(files)
    told: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": ["http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0"],
        "name": about.project,
        "description": DESCRIPTION,
        "license": LICENSE,
        "url": f"urn:uuid:{about.id}",
        "creator": {"@type": "sc:Organization", "name": f"The members of the project “{about.project}”"},
        "datePublished": about.created,
        "version": "1.0.0",
        **_rai(about),
        "distribution": [_file_object(file) for file in tables],
        "recordSet": [_record_set(file) for file in tables],
    }
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()


def tables_to_read(files: Sequence[Packed]) -> list[Packed]:
    """The tables with a header, without the records."""
    return [file for file in files if file.table and file.table.has_header and not file.path.startswith("records/")]


def _rai(about: About) -> dict[str, Any]:
    versions = ", ".join(about.codebooks)
    told = {
        "rai:dataAnnotationProtocol": f"Codebook {versions}, which the package holds as codebook-VERSION.md.",
        "rai:dataAnnotationPlatform": [PLATFORM.format(about.app_version)],
        "rai:dataAnnotationAnalysis": [about.agreement] if about.agreement else [],
        "rai:annotationsPerItem": about.per_item,
        "rai:annotatorDemographics": [
            f"{len(about.coders)} people took part, each under a code drawn at random; what they are like is "
            "not recorded."
        ],
        "rai:machineAnnotationTools": list(about.machines) or ["None: every tag was given by a person."],
    }
    return {name: value for name, value in told.items() if value}


def _file_object(file: Packed) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": file.path,
        "name": file.path,
        "contentUrl": file.path,
        "contentSize": f"{file.size} B",
        "encodingFormat": "text/csv",
        "sha256": file.sha256,
    }


def _record_set(file: Packed) -> dict[str, Any]:
    assert file.table
    name = file.table.name
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": file.table.title,
        **({"key": [{"@id": f"{name}/{key}"} for key in file.table.key]} if file.table.key else {}),
        "field": [_field(name, file.path, column) for column in file.table.columns],
    }


def _field(name: str, path: str, column: Column) -> dict[str, Any]:
    return {
        "@type": "cr:Field",
        "@id": f"{name}/{column.name}",
        "name": column.name,
        "description": column.meaning,
        "dataType": TYPES.get(column.type, "sc:Text"),
        "source": {"fileObject": {"@id": path}, "extract": {"column": column.name}},
    }


def card(about: About, files: Sequence[Packed]) -> bytes:
    """`README.md`, whose head tells loaders of data sets which table is which."""
    tables = tables_to_read(files)
    filled = [file for file in tables if file.rows]  # a loader refuses a table without rows
    configs = "".join(
        f"- config_name: {file.table.name}\n  data_files: {file.path}\n" + ("  default: true\n" if not n else "")
        for n, file in enumerate(filled)
        if file.table
    )
    language = f"language:\n- {json.dumps(about.language)}\n" if about.language else ""
    rows = "".join(f"| `{file.path}` | {file.rows:,} | {file.table.title} |\n" for file in tables if file.table)
    return (
        f"---\npretty_name: {json.dumps(about.project, ensure_ascii=False)}\n{language}"
        "annotations_creators:\n- expert-generated\ntask_categories:\n- text-classification\n"
        f"configs:\n{configs}---\n\n"
        f"# {_line(about.project)}\n\n{DESCRIPTION}\n\n"
        f"{about.articles:,} articles, {about.answers:,} answers of all rounds; {len(about.coders)} people took part. "
        f"{about.per_item} "
        f"Codebook {', '.join(about.codebooks)}.\n\n{about.agreement}\n\n"
        f"| file | rows | what a row is |\n|---|---|---|\n{rows}\n"
        f"## Licence\n\n{LICENSE}\n"
    ).encode()


def _line(text: str) -> str:
    return " ".join(text.split())


def read_me(about: About, files: Sequence[Packed]) -> bytes:
    """`README.txt`: what lies where, and how to read and to check it."""
    tables = [file for file in files if file.table]
    widest = max(len(file.path) for file in tables)
    rows = "".join(f"{file.path:<{widest}}  {file.table.title}\n" for file in tables if file.table)
    records = (
        "records/ is the project as it is kept, every revision; `claimtag import` makes the project of it again.\n"
        if about.has_records
        else "It holds what its maker may read; a project cannot be made of it again.\n"
    )
    if about.has_records and not about.has_copies:
        records += "Copies that people uploaded as evidence were left out; their names, sizes and hashes are there.\n"
    return (
        f"{_line(about.project)}\n\n{DESCRIPTION} Made with Claimtag {about.app_version}.\n\n"
        f"{rows}\n"
        "Tables with the columns round and pass hold all rounds and passes: choose one before you count. coder_id is\n"
        "a person under a code; tag_code 1 fact, 2 attribution, 3 speculation, 4 opinion, 8 not codable, 9 none.\n\n"
        "articles/NUMBER.txt is the text of an article as it was imported; char_start and char_end count its code\n"
        "points from 0, the end behind the last character. codebook-VERSION.md are the rules by which people judged.\n"
        f"{records}\n"
        f"{MANIFEST} tells of every file its size and SHA-256, and of every table its columns. {DIGEST} is the\n"
        "SHA-256 of that: print it in a paper, and nobody can change a letter unnoticed.\n"
        "`claimtag export --check FILE.zip` counts and hashes all of it.\n\n"
        "Tables are CSV (RFC 4180) in UTF-8. An empty cell is not recorded, never no. In pandas:\n\n"
        '    pandas.read_csv("long.csv", keep_default_na=False)\n\n'
        f"{about.agreement}\n"
    ).encode()
