"""Measures what the verdicts of `claimtag reuse` say of made-up texts, and the time of reuse and look-alikes at two sizes.

    python bench/reuse.py

Texts are words drawn by Zipf's law from a fixed seed. *Set anew*: each word of a dispatch is replaced with this chance,
and one in twenty dropped. *Took over*: this share of a text stands in the other, in one piece; the rest is its own.
"""

import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from itertools import accumulate
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from webapp.domain.lookalikes import Corpus
from webapp.domain.reuse import reuse

RNG = random.Random(5)
VOCABULARY = [f"word{number}" for number in range(2_000)]
WEIGHTS = list(accumulate(1 / (rank + 1) for rank in range(len(VOCABULARY))))
TIMES = 200


def words(count: int) -> list[str]:
    return RNG.choices(VOCABULARY, cum_weights=WEIGHTS, k=count)


def set_anew(dispatch: list[str], chance: float) -> list[str]:
    return [word if RNG.random() > chance else words(1)[0] for word in dispatch if RNG.random() > 0.05]


def took_over(dispatch: list[str], share: float) -> list[str]:
    taken = int(300 * share)
    own, start = words(300 - taken), RNG.randint(0, len(dispatch) - taken)
    at = RNG.randint(0, len(own))
    return own[:at] + dispatch[start : start + taken] + own[at:]


def verdicts(name: str, made_of: Callable[[list[str]], list[str]]) -> None:
    found: Counter[str] = Counter()
    containment = 0.0
    for _ in range(TIMES):
        dispatch = words(400)
        result = reuse(" ".join(made_of(dispatch)), " ".join(dispatch))
        found[result.verdict] += 1
        containment += result.containment_of_a / TIMES
    shares = "  ".join(f"{verdict} {found[verdict] / TIMES:5.0%}" for verdict in ("wholly", "partially", "not"))
    print(f"{name:28} {shares}   containment {containment:.2f}")


def seconds(act: Callable[[], object]) -> float:
    begun = time.process_time()
    act()
    return time.process_time() - begun


def main() -> None:
    for chance in (0.0, 0.2, 0.3, 0.4, 0.5):
        verdicts(f"set anew, {chance:.0%} replaced", lambda dispatch, chance=chance: set_anew(dispatch, chance))
    for share in (0.1, 0.2, 0.3, 0.5, 0.7, 0.9):
        verdicts(f"took over {share:.0%}", lambda dispatch, share=share: took_over(dispatch, share))
    verdicts("nothing in common", lambda _: words(300))
    for count in (80_000, 800_000):
        text = " ".join(words(count))
        print(f"two identical texts of {len(text) / 1e6:.1f} MB: {seconds(lambda text=text: reuse(text, text)):.2f} s")
    for count in (10_000, 100_000):
        texts = [" ".join(words(RNG.randint(8, 28))) for _ in range(count)]
        corpus: list[Corpus] = []
        built = seconds(lambda texts=texts, corpus=corpus: corpus.append(Corpus(texts)))
        asked = seconds(lambda corpus=corpus: [corpus[0].like(number, 10) for number in range(1_000)])
        print(f"{count:,} sentences: read in {built:.1f} s, {asked:.2f} ms a sentence asked for")


if __name__ == "__main__":
    main()
