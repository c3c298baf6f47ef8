"""Measures `claimtag link` and the start of `claimtag serve` over a large study beside an empty installation.

    python bench/start.py --keep FOLDER [--articles 100000] [--rounds 5]

Takes the study that `bench/pages.py --keep FOLDER` filled (or fills one), and works on a copy. Processor time of each
process up to the link, by turns; prints the medians, the ratios, and the highest memory of the server.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from pages import fill

from tests.live_server import CHECKOUT, LiveServer


def link(instance: Path) -> float:
    begun = os.times()
    environment = {**os.environ, "CLAIMTAG_INSTANCE": str(instance)}
    command = [sys.executable, "-m", "webapp", "link"]
    subprocess.run(command, cwd=CHECKOUT, env=environment, check=True, stdout=subprocess.DEVNULL)
    ended = os.times()
    return ended.children_user + ended.children_system - begun.children_user - begun.children_system


def serve(instance: Path) -> tuple[float, float]:
    """Processor time up to the first answer, and the highest memory in MB a second later; Linux alone tells them."""
    server = LiveServer(instance).start()
    assert server.process
    process = Path(f"/proc/{server.process.pid}")
    times = (process / "stat").read_text().rpartition(")")[2].split()
    time.sleep(1)
    peak = next(line for line in (process / "status").read_text().splitlines() if line.startswith("VmHWM"))
    server.stop()
    return sum(map(int, times[11:13])) / os.sysconf("SC_CLK_TCK"), int(peak.split()[1]) / 1024


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--articles", type=int, default=100_000)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--keep", type=Path, help="the folder that bench/pages.py keeps its databases in")
    said = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        empty, large = Path(folder) / "empty", Path(folder) / "large"
        kept = said.keep / str(said.articles) if said.keep else None
        if kept and (kept / "filled").exists():
            shutil.copytree(kept, large)
        else:
            fill(large, said.articles, seed=1)
        for instance in (empty, large):
            link(instance)  # an older file is migrated, an empty one set up
        measured = [[(link(one), *serve(one)) for one in (empty, large)] for _ in range(said.rounds)]
    for number, name in enumerate(("link", "serve")):
        alone, beside = (statistics.median(one[which][number] for one in measured) for which in (0, 1))
        print(
            f"{name:6} empty {alone:.2f} s, {said.articles:,} articles {beside:.2f} s: {beside / alone:.2f} (aim 1.2)"
        )
    print(
        f"server: at most {max(large[2] for _, large in measured):.0f} MB, empty {max(empty[2] for empty, _ in measured):.0f}"
    )


if __name__ == "__main__":
    main()
