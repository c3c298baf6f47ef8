"""Measures the agreement figures on many annotations: times, memory, and alpha beside other libraries in the same run.

    python bench/agreement.py                                   100,000 sentences × 10 analysts in 2,000 articles
    python bench/agreement.py --sentences 5000 --articles 100   smaller

Peers (`krippendorff`, `nltk`) are measured when they are installed; none is a dependency.
"""

import argparse
import importlib
import importlib.util
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from webapp.domain.agreement import Ratings, count, disputed, pair_tables, report_from_counts
from webapp.domain.agreement.alpha import alpha
from webapp.domain.agreement.intervals import intervals
from webapp.domain.agreement.jackknife import spread
from webapp.domain.agreement.sums import alphas_without_each, sums_without_each, units_of

TAGS = ("FACT", "ATTRIBUTION", "SPECULATION", "OPINION")
NLTK_SENTENCES = 10_000


def made_up(sentences: int, analysts: int, articles: int, seed: int) -> tuple[Ratings, Any]:
    """Every analyst tags every sentence and hits its true tag in three of four; and the article of each sentence."""
    rng = np.random.default_rng(seed)
    unit = np.repeat(np.arange(sentences, dtype=np.int32), analysts)
    coder = np.tile(np.arange(analysts, dtype=np.int32), sentences)
    true = rng.choice(4, size=sentences, p=(0.45, 0.3, 0.1, 0.15))
    slip = rng.random(len(unit)) < 0.25
    tag = np.where(slip, rng.integers(0, 4, len(unit)), true[unit]).astype(np.int32)
    names = tuple(f"A{number}" for number in range(1, analysts + 1))
    return Ratings(unit, coder, tag, sentences, names), np.arange(sentences) * articles // sentences


def best(repeats: int, work: Callable[[], Any]) -> tuple[float, Any]:
    """The shortest time in seconds, and the result."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        result = work()
        times.append(time.perf_counter() - start)
    return min(times), result


def peak_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


def line(name: str, seconds: float, note: str = "") -> None:
    print(f"{name:<58}{seconds:>10.4f} s  {note}".rstrip())


def beside_krippendorff(ratings: Ratings, counts: Any, repeats: int, counting: float, ours: float) -> None:
    peer = importlib.import_module("krippendorff")
    table = np.full((len(ratings.coders), ratings.n_units), np.nan)
    table[ratings.coder, ratings.unit] = ratings.category
    from_ratings, value = best(repeats, lambda: peer.alpha(table, level_of_measurement="nominal"))
    line("krippendorff: alpha from ratings", from_ratings, f"{from_ratings / (counting + ours):.1f} × ours")
    from_counts, again = best(
        repeats, lambda: peer.alpha(value_counts=counts, value_domain=[0, 1, 2, 3], level_of_measurement="nominal")
    )
    line("krippendorff: alpha once counted", from_counts, f"{from_counts / ours:.1f} × ours")
    print(f"largest difference {max(abs(value - alpha(counts)), abs(again - alpha(counts))):.1e}")


def beside_nltk(ratings: Ratings, articles: int, ours: float) -> None:
    """nltk takes one alpha of a few sentences in seconds; scaled in proportion to annotations and articles left out."""
    task = importlib.import_module("nltk.metrics.agreement").AnnotationTask
    some = ratings.unit < NLTK_SENTENCES
    columns = (ratings.coder[some], ratings.unit[some], ratings.category[some])
    rows = [(str(c), str(u), TAGS[v]) for c, u, v in zip(*columns, strict=True)]
    seconds, value = best(1, lambda: task(data=rows).alpha())
    apart = abs(value - alpha(count(ratings, 4)[:NLTK_SENTENCES]))
    line(f"nltk: one alpha of {len(rows):,} annotations", seconds, f"difference {apart:.1e}")
    scaled = seconds * len(ratings.unit) / len(rows) * (articles + 1)
    line(f"nltk: without each of {articles:,} articles, SCALED, not measured", scaled, f"{scaled / ours:,.0f} × ours")


def measure_ours(ratings: Ratings, article: Any, repeats: int) -> tuple[Any, float, float, float]:
    """Prints our times; gives the counts and the times of counting, of alpha, of alpha with its interval."""
    counting, counts = best(repeats, lambda: count(ratings, 4))
    line("counting units × categories", counting)
    pairing, pairs = best(repeats, lambda: pair_tables(ratings, 4, article))
    line("counting pairs of analysts by article", pairing)
    options = {"clusters": article, "pairs": pairs, "coders": ratings.coders}
    page, found = best(repeats, lambda: (report_from_counts(counts, TAGS, **options), disputed(counts)))
    line("the page's statistics once counted, disputes included", page)
    once, _ = best(repeats, lambda: alpha(counts))
    line("alpha once counted", once)
    units = units_of(counts, article)
    summing, sums = best(repeats, lambda: sums_without_each(units_of(counts, article)))
    line("the sums of all figures, without each article", summing)
    again, _ = best(repeats, lambda: spread(alphas_without_each(sums, units, "nominal"), sums.times))
    line("the interval of alpha from these sums", again)
    every, _ = best(repeats, lambda: intervals(counts, article, TAGS, "nominal", 0.5))
    line("the intervals of all figures once counted", every)
    ordinal, _ = best(repeats, lambda: intervals(counts, article, TAGS, "ordinal", 0.5))
    line("the same, alpha ordinal", ordinal)
    print(f"alpha {found[0].alpha:.4f}, interval {found[0].alpha_ci}")
    return counts, counting, once, summing + again


def arguments() -> argparse.Namespace:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--sentences", type=int, default=100_000)
    options.add_argument("--analysts", type=int, default=10)
    options.add_argument("--articles", type=int, default=2_000)
    options.add_argument("--repeats", type=int, default=5, help="the best of so many runs is printed")
    options.add_argument("--seed", type=int, default=1)
    return options.parse_args()


def main() -> None:
    said = arguments()
    empty = peak_mb()
    ratings, article = made_up(said.sentences, said.analysts, said.articles, said.seed)
    laden = peak_mb()
    print(f"{len(ratings.unit):,} annotations, numpy {np.__version__}, best of {said.repeats}\n")
    counts, counting, once, often = measure_ours(ratings, article, said.repeats)
    print(f"peak memory {peak_mb():.0f} MB ({empty:.0f} bare, {laden:.0f} with the annotations)\n")
    if importlib.util.find_spec("krippendorff"):
        beside_krippendorff(ratings, counts, said.repeats, counting, once)
    if importlib.util.find_spec("nltk"):
        beside_nltk(ratings, said.articles, often)


if __name__ == "__main__":
    main()
