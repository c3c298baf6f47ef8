"""Measures how often the intervals of agreement hold the truth, in made-up studies: the table of `docs/method.md`.

python bench/coverage.py                 2,000 draws a cell
python bench/coverage.py --draws 200     fewer
"""

import argparse
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.domain.agreement.worlds import TAGS, WORLDS, Study, World, make
from webapp.domain.agreement import Report, report
from webapp.domain.agreement.intervals import Interval, on_logit
from webapp.domain.agreement.jackknife import share_spread

SIZES = (5, 12, 40)
TRUE_ARTICLES = 20_000
Figures = dict[str, tuple[float | None, Interval | None]]


def figures(study: Study, world: World) -> Figures:
    """Each figure with its interval, under the name of its row; those of a tag are of the most frequent and the rarest."""
    found = report(study.ratings(world), TAGS, clusters=study.articles)
    told: Figures = {
        "alpha": (found.alpha, found.alpha_ci),
        "pairs that agree": (found.percent_agreement, found.percent_agreement_ci),
        "Gwet's AC1": (found.gwet_ac1, found.gwet_ac1_ci),
        "Cohen's kappa of two": _first_pair(found),
        "an analyst against gold": _with_gold(study),
    }
    for name, tag in (("the most frequent tag", TAGS[0]), ("the rarest tag", TAGS[-1])):
        told[f"specific agreement, {name}"] = (found.specific_agreement[tag], found.specific_agreement_ci[tag])
        told[f"alpha against the rest, {name}"] = (found.alpha_per_category[tag], found.alpha_per_category_ci[tag])
    return told


def _first_pair(found: Report) -> tuple[float | None, Interval | None]:
    pair = next((pair for pair in found.pairs if (pair.a, pair.b) == ("A1", "A2")), None)
    return (pair.cohen_kappa, pair.cohen_kappa_ci) if pair else (None, None)


def _with_gold(study: Study) -> tuple[float | None, Interval | None]:
    read = study.readers == 0
    k = ((study.said == study.true[..., None]).sum(axis=1) * read).sum(axis=1)
    n = read.sum(axis=1) * study.true.shape[1]
    return float(k.sum() / max(n.sum(), 1)), on_logit(share_spread(k, n))


def measure(world: World, articles: int, draws: int) -> dict[str, tuple[int, int, int]]:
    """For each figure: intervals that hold the truth, those whose lower end lies above it, all that there are."""
    truth = figures(make(world, TRUE_ARTICLES, seed=1), world)
    study = make(world, articles * draws, seed=11)
    counted: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for number in range(draws):
        for name, (_, interval) in figures(study.draw(number, articles), world).items():
            true = truth[name][0]
            if interval is not None and true is not None:
                low, high = interval
                counted[name] = list(np.add(counted[name], (low <= true <= high, low > true, 1)))
    return {name: (held, above, all_) for name, (held, above, all_) in counted.items()}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--draws", type=int, default=2_000)
    draws = options.parse_args().draws
    print("covered, in brackets lower ends above the truth and draws with an interval, in per cent\n")
    for name, world in WORLDS.items():
        cells = [measure(world, articles, draws) for articles in SIZES]
        print(f"{name:<48}" + "".join(f"{articles:>9} articles" for articles in SIZES))
        for figure in cells[-1]:
            told = [cell.get(figure, (0, 0, 0)) for cell in cells]
            print(f"  {figure:<46}" + "".join(_cell(held, above, all_, draws) for held, above, all_ in told))
        print()


def _cell(held: int, above: int, all_: int, draws: int) -> str:
    if not all_:
        return f"{'–':>18}"
    return f"{100 * held / all_:>7.1f} ({100 * above / all_:.0f}, {100 * all_ / draws:.0f})".rjust(18)


if __name__ == "__main__":
    main()
