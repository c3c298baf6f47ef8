"""Measures the look-up of sources at the desk among 10,000 entries, beside the same among ten.

    python bench/source_lookup.py [--sources 10000] [--rounds 60]

Runs inside this process on a throw-away SQLite database. Prints milliseconds of whole requests and their ratio.
"""

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.conftest import close, new_client
from tests.factories import Person, make_article, make_outlets
from tests.signing_in import sign_in_as
from webapp import serving
from webapp.app import create_app
from webapp.first_run import ensure_first_things

ASKED = ("o", "outlet", "t", "town 9", "outlet 99", "outlet 12 of town", "17", "zz", "of")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--sources", type=int, default=10_000)
    options.add_argument("--rounds", type=int, default=60)
    chosen = options.parse_args()
    medians = [measured(count, chosen.rounds) for count in (10, chosen.sources)]
    print(f"{'':20} ratio of medians {medians[1] / medians[0]:.1f}")


def measured(count: int, rounds: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Path(folder))
        serving.migrate(app)
        with app.app_context():
            person = Person(ensure_first_things().id)
            article = make_article()
            make_outlets(count)
            client = new_client(app)
            sign_in_as(client, person)
            address = f"/api/v1/articles/{article.id}/sources?q="
            took = sorted(seconds(client, address + words) for _ in range(rounds) for words in ASKED)
            close(app)
    ms = [t * 1000 for t in took]
    print(f"{count:8,} sources     p50 {statistics.median(ms):6.1f}  p95 {ms[int(len(ms) * 0.95)]:6.1f} ms")
    return statistics.median(ms)


def seconds(client, address: str) -> float:
    start = time.perf_counter()
    assert client.get(address).status_code == 200
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
