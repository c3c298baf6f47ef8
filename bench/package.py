"""Measures a package beside the long file of the same project, and coming back from it.

    python bench/package.py [--annotations 200000] [--rows 20]
    python bench/package.py --keep FOLDER [--articles 10000]      a study with work handed in and settled

Fills a throw-away database as `bench/export.py` does, of answers alone; or takes a copy of a study that `bench/pages.py`
keeps in a folder, and fills that first where it is not there. Writes the long file and the package by turns, three times,
and prints their processor time and that of the longest parts, the memory that the package added, and how long the checks
and the import took.
"""

import argparse
import resource
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from export import ANALYSTS, fill
from pages import SETTINGS, study_of

from webapp import serving, standings
from webapp.app import create_app
from webapp.db import db
from webapp.domain.package_check import PackageFile
from webapp.export import actions
from webapp.export.project_import import import_package
from webapp.first_run import ensure_first_things
from webapp.models import SHELL, Project


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--annotations", type=int, default=200_000)
    options.add_argument("--rows", type=int, default=20, help="rows an article, even")
    options.add_argument("--keep", type=Path, help="the folder that bench/pages.py keeps its databases in")
    options.add_argument("--articles", type=int, default=10_000, help="of the study that is kept there")
    said = options.parse_args()
    folder = Path(tempfile.mkdtemp())
    if said.keep:
        shutil.copytree(study_of(said.articles, said.keep), folder, dirs_exist_ok=True)
    app = create_app(folder, SETTINGS)
    serving.migrate(app)
    with app.app_context():
        owner_id = ensure_first_things().id
        db.session.remove()
        if not said.keep:
            with db.engine.connect() as connection:
                fill(connection.connection.driver_connection, said.annotations, said.rows // ANALYSTS)
            standings.recount()
        times: dict[str, list[float]] = {"long": [], "package": []}
        parts = Parts()
        for turn in range(3):
            start = time.process_time()
            with (folder / "long.csv").open("w", newline="") as file:
                file.writelines(actions.export_long_csv(db.session.get_one(Project, 1), SHELL))
            times["long"].append(time.process_time() - start)
            before = peak()
            start = time.process_time()
            with (folder / "package.zip").open("wb") as packed:
                written = actions.export_package(db.session.get_one(Project, 1), SHELL, packed, parts.begin)
            parts.end()
            times["package"].append(time.process_time() - start)
            if not turn:
                added = peak() - before
        long, package = (sorted(times[name])[1] for name in ("long", "package"))
        print(f"{written.rows['long']:,} answers: long {long:.2f} s, package {package:.2f} s,", end=" ")
        print(f"ratio {package / long:.2f} (budget 3), {added:.0f} MiB added at the first")
        print(", ".join(f"{name} {took:.2f} s" for name, took in parts.longest(8)))
        start, before = time.process_time(), peak()
        with PackageFile(folder / "package.zip") as held:
            checked = time.process_time() - start
            start = time.process_time()
            import_package(held, SHELL, owner_id, "Again", lambda _: None)
        came = time.process_time() - start
        print(f"check {checked:.2f} s, import {came:.2f} s, {peak() - before:.0f} MiB added")
    shutil.rmtree(folder)


class Parts:
    """The processor time of each part of packages, which are told of as they begin."""

    def __init__(self) -> None:
        self._times: dict[str, list[float]] = {}
        self._name, self._since = "", 0.0

    def begin(self, name: str) -> None:
        self.end()
        self._name, self._since = name, time.process_time()

    def end(self) -> None:
        if self._name:
            self._times.setdefault(self._name, []).append(time.process_time() - self._since)
        self._name = ""

    def longest(self, number: int) -> list[tuple[str, float]]:
        """So many parts with their medians."""
        medians = {name: statistics.median(times) for name, times in self._times.items()}
        return sorted(medians.items(), key=lambda one: -one[1])[:number]


def peak() -> float:
    """The most memory that this process has held, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
