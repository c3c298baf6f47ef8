"""Measures a package beside the long file of the same project, and coming back from it.

    python bench/package.py [--annotations 200000] [--rows 20]

Fills a throw-away database as `bench/export.py` does, writes the long file and the package by turns, three times, and
prints their processor time, the memory that the package added, and how long the checks and the import took.
"""

import argparse
import resource
import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench.export import ANALYSTS, fill
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
    said = options.parse_args()
    folder = Path(tempfile.mkdtemp())
    app = create_app(folder, {"SECRET_KEY": "bench"})
    serving.migrate(app)
    with app.app_context():
        owner = ensure_first_things()
        db.session.remove()
        with db.engine.connect() as connection:
            fill(connection.connection.driver_connection, said.annotations, said.rows // ANALYSTS)
        standings.recount()
        times: dict[str, list[float]] = {"long": [], "package": []}
        for turn in range(3):
            start = time.process_time()
            with (folder / "long.csv").open("w", newline="") as file:
                file.writelines(actions.export_long_csv(db.session.get_one(Project, 1), SHELL))
            times["long"].append(time.process_time() - start)
            before = peak()
            start = time.process_time()
            with (folder / "package.zip").open("wb") as packed:
                written = actions.export_package(db.session.get_one(Project, 1), SHELL, packed)
            times["package"].append(time.process_time() - start)
            if not turn:
                added = peak() - before
        long, package = (sorted(times[name])[1] for name in ("long", "package"))
        print(f"{written.rows['long']:,} answers: long {long:.2f} s, package {package:.2f} s,", end=" ")
        print(f"ratio {package / long:.2f} (budget 3), {added:.0f} MiB added at the first")
        start, before = time.process_time(), peak()
        with PackageFile(folder / "package.zip") as held:
            checked = time.process_time() - start
            start = time.process_time()
            import_package(held, SHELL, owner.id, "Again", lambda _: None)
        came = time.process_time() - start
        print(f"check {checked:.2f} s, import {came:.2f} s, {peak() - before:.0f} MiB added")
    shutil.rmtree(folder)


def peak() -> float:
    """The most memory that this process has held, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
