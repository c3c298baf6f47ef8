"""Measures what the verdicts of `claimtag reuse` say of made-up texts, how often a project finds from whom a passage is,
and the time of reuse and look-alikes at two sizes.

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
from zlib import crc32

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from webapp.domain.lookalikes import Corpus
from webapp.domain.passage_hashes import passage_hashes
from webapp.domain.reuse import SHINGLE, reuse

RNG = random.Random(5)
VOCABULARY = [f"word{number}" for number in range(8_000)]
WEIGHTS = list(accumulate(1 / (rank + 1) for rank in range(len(VOCABULARY))))
TIMES = 200


FEW, PROSE = 2_000, 8_000
"""Different words that a text is drawn from; fewer are harder on the verdicts."""


def words(count: int, of: int = FEW) -> list[str]:
    return RNG.choices(VOCABULARY[:of], cum_weights=WEIGHTS[:of], k=count)


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


def recall() -> None:
    """How often the index of passages finds the text of which a passage was taken over, among others that are unlike it.

    A text of sixty to five hundred words gives a passage to one of two hundred others; beside it one shingle of eight
    by chance, as Manber has it.
    """
    corpus = [words(RNG.randint(60, 500), PROSE) for _ in range(2_000)]
    ways: dict[str, Callable[[list[str]], list[int]]] = {
        "kept": lambda words: passage_hashes(" ".join(words)),
        "by chance": one_of_eight,
    }
    indexes = {name: index_of(corpus, way) for name, way in ways.items()}
    for length in (10, 15, 20, 30, 50, 100):
        for chance in (0.0, 0.1, 0.2, 0.3):
            found: Counter[str] = Counter()
            for _ in range(TIMES):
                taken_from = RNG.choice([at for at, text in enumerate(corpus) if len(text) >= length])
                start = RNG.randint(0, len(corpus[taken_from]) - length)
                passage = corpus[taken_from][start : start + length]
                edited = (
                    passage if not chance else [one if RNG.random() > chance else words(1, PROSE)[0] for one in passage]
                )
                own = words(200, PROSE)
                for name, way in ways.items():
                    hits = Counter(at for hash_ in way([*own, *edited]) for at in indexes[name].get(hash_, ()))
                    best = [at for at, count in hits.most_common(12) if count >= 2]
                    found[name] += taken_from in best
            told = "  ".join(f"{name} {found[name] / TIMES:4.0%}" for name in ways)
            print(f"passage of {length:3} words, {chance:.0%} replaced: {told}")


def index_of(corpus: list[list[str]], way: Callable[[list[str]], list[int]]) -> dict[int, list[int]]:
    index: dict[int, list[int]] = {}
    for at, text in enumerate(corpus):
        for hash_ in way(text):
            index.setdefault(hash_, []).append(at)
    return index


def one_of_eight(text: list[str]) -> list[int]:
    numbers = (crc32(" ".join(text[at : at + SHINGLE]).encode()) for at in range(len(text) - SHINGLE + 1))
    return [number for number in set(numbers) if number % 8 == 0]


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
    recall()
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
