"""Measures the long table as JSON Lines and as XLSX beside the bare library writing the same rows.

    python bench/formats.py [--articles 1000,5000] [--keep FOLDER]

Fills a study as `bench/pages.py` does (or takes the one that it kept) and writes each file by turns: as the app does, and
from one SELECT of the sqlite3 module, as `bench/shapes.py` reads it, with json.dumps of a dictionary a row, or with
XlsxWriter in constant memory. Processor time; prints rows a second and the ratio of the medians.
"""

import argparse
import io
import json
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import xlsxwriter

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from pages import SETTINGS, study_of
from shapes import LONG, ROUNDS, timed

from webapp import serving, visibility
from webapp.app import create_app
from webapp.db import db
from webapp.export.long import COLUMNS
from webapp.export.taking import Asked, take
from webapp.models import SHELL, Project

NAMES = [column.name for column in COLUMNS]


def ours(format_: str, project: Project) -> int:
    """Bytes of the file."""
    taken, file = take(project, SHELL, Asked(format=format_)), io.BytesIO()
    if taken.fill:
        taken.fill(file)
    else:
        for piece in taken.pieces or ():
            file.write(piece)
    return file.tell()


def rows() -> Iterator[tuple[Any, ...]]:
    with db.engine.connect() as connection:
        yield from connection.connection.driver_connection.execute(LONG)  # type: ignore[union-attr]


def bare_jsonl() -> int:
    file = io.BytesIO()
    for row in rows():
        file.write(json.dumps(dict(zip(NAMES, row, strict=False)), ensure_ascii=False).encode() + b"\n")
    return file.tell()


def bare_xlsx() -> int:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_urls": False}) as workbook:
        sheet = workbook.add_worksheet()
        for at, row in enumerate(rows()):
            sheet.write_row(at, 0, row)
    return file.tell()


BARE: dict[str, Callable[[], int]] = {"jsonl": bare_jsonl, "xlsx": bare_xlsx}


def measure(instance: Path) -> None:
    app = create_app(instance, SETTINGS)
    serving.migrate(app)
    with app.app_context():
        project = visibility.project_named(None)
        assert project is not None
        count = sum(1 for _ in rows())
        for name, bare in BARE.items():
            both = [(timed(lambda name=name: ours(name, project)), timed(bare)) for _ in range(ROUNDS)]
            took, alone = (statistics.median(one[which][0] for one in both) for which in (0, 1))
            print(
                f"{name:6} {count:8,} rows  {count / took:8,.0f} rows/s  bare {count / alone:8,.0f} rows/s  "
                f"ratio {alone / took:.2f} (aim 0.5)",
                flush=True,
            )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--articles", default="1000,5000", help="sizes, with commas")
    options.add_argument("--keep", type=Path, help="the folder that bench/pages.py keeps its databases in")
    said = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for articles in map(int, said.articles.split(",")):
            measure(study_of(articles, said.keep or Path(folder)))


if __name__ == "__main__":
    main()
