"""Measures the sentence splitter beside others: accuracy per set, speed, memory and hostile inputs; or fuzzes it.

    python bench/segmentation.py --data DIR     DIR holds *.jsonl with {"set", "id", "text", "spans"} a line
    python bench/segmentation.py --fuzz 600     ten minutes of random nasty texts

Peers are measured when they are installed (`pip install -e .[bench]`), each in a process of its own with a time limit.
"""

import argparse
import importlib
import json
import multiprocessing
import random
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from webapp.domain.segmentation import split
from webapp.domain.segmentation.lines import paragraphs
from webapp.domain.spans import INVISIBLE, why_broken

Splitter = Callable[[str], list[int]]  # a text's sentence ends
OURS = "claimtag"
GOLDEN = "golden-rules"

HOSTILE: dict[str, Callable[[int], str]] = {
    "1 MB without punctuation": lambda n: "word and " * (111_111 * n),
    "1 MB without spaces": lambda n: "abcdefghij" * (100_000 * n),
    "200 kB of `.`": lambda n: "." * (200_000 * n),
    "200 kB of `1. `": lambda n: "1. " * (66_667 * n),
    "200 kB of `(`": lambda n: "(" * (200_000 * n),
    "200 kB of quotes": lambda n: '"' * (200_000 * n),
    "200 kB of blanks": lambda n: " " * (200_000 * n),
    "200 kB of `Mr. A `": lambda n: "Mr. A " * (33_333 * n),
    "200 kB of `. . `": lambda n: ". " * (100_000 * n),
    "200 kB of `! `": lambda n: "! " * (100_000 * n),
    "200 kB of `Mr.A` and no-break": lambda n: "Mr.\xa0A\xa0" * (33_333 * n),
    "200 kB of `.” `": lambda n: ".” " * (66_667 * n),
    "200 kB of `• `": lambda n: "• " * (100_000 * n),
    "100,000 lines": lambda n: "He left.\n" * (100_000 * n),
    "5 MB on one line": lambda n: "The man who went home in the rain said that he had left it there. " * (76_000 * n),
}


class Document(NamedTuple):
    set: str
    text: str
    ends: list[int]


class Counts(NamedTuple):
    """Boundaries that were found, found where there is none, and missed."""

    right: int = 0
    extra: int = 0
    missed: int = 0

    def plus(self, right: int, extra: int, missed: int) -> "Counts":
        return Counts(self.right + right, self.extra + extra, self.missed + missed)

    @property
    def f1(self) -> float:
        return 200 * self.right / max(1, 2 * self.right + self.extra + self.missed)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="folder of *.jsonl files")
    parser.add_argument("--alone", action="store_true", help="leave the peers out")
    parser.add_argument("--limit", type=float, default=20, help="seconds a peer may take for one input (20)")
    parser.add_argument("--fuzz", type=float, metavar="SECONDS", help="feed random nasty texts for so long")
    options = parser.parse_args()
    if options.fuzz:
        fuzz(options.fuzz)
    elif options.data:
        splitters = {OURS: our_ends} | ({} if options.alone else dict(installed_peers()))
        documents = list(read_documents(options.data))
        print_accuracy(documents, splitters, options.limit)
        print_speed(documents, splitters, options.limit)
        print_hostile(splitters, options.limit)
    else:
        parser.error("give --data DIR or --fuzz SECONDS")


# The splitters


def our_ends(text: str) -> list[int]:
    return [span.end for span in split(text)]


def installed_peers() -> Iterator[tuple[str, Splitter]]:
    for name, module, make in [
        ("nupunkt", "nupunkt", nupunkt),
        ("nupunkt+lines", "nupunkt", lambda module: behind_our_lines(nupunkt(module))),
        ("pySBD", "pysbd", pysbd),
        ("Punkt", "punkt", punkt),
        ("Punkt+lines", "punkt", lambda module: behind_our_lines(punkt(module))),
        ("sentencex", "sentencex", sentencex),
        ("syntok", "syntok.segmenter", syntok),
    ]:
        try:
            yield name, make(importlib.import_module(module))
        except ImportError:
            print(f"{name} is not installed and is left out.")


def nupunkt(module: Any) -> Splitter:
    return lambda text: [end for _, end in module.sent_spans(text)]


def pysbd(module: Any) -> Splitter:
    segmenter = module.Segmenter(language="en", clean=False, char_span=True)
    return lambda text: [span.end for span in segmenter.segment(text)]


def punkt(module: Any) -> Splitter:
    return lambda text: ends_of(text, module.sent_tokenize(text))


def sentencex(module: Any) -> Splitter:
    return lambda text: ends_of(text, module.segment("en", text))


def syntok(module: Any) -> Splitter:
    return lambda text: [
        sentence[-1].offset + len(sentence[-1].value) for lines in module.process(text) for sentence in lines
    ]


def behind_our_lines(splitter: Splitter) -> Splitter:
    return lambda text: [start + at for start, end in paragraphs(text) for at in splitter(text[start:end])]


def ends_of(text: str, sentences: Iterable[str]) -> list[int]:
    """Where the sentences end that a splitter gave back without offsets."""
    ends, position = [], 0
    for sentence in sentences:
        found = text.find(sentence.strip(), position)
        position = position if found < 0 else found + len(sentence.strip())
        ends.append(position)
    return ends


# Accuracy


def read_documents(folder: Path) -> Iterator[Document]:
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").split("\n"):
            if line.strip():
                record = json.loads(line)
                yield Document(record["set"], record["text"], [end for _, end in record["spans"]])


def boundaries(text: str, ends: list[int]) -> set[int]:
    """The gap behind each sentence but the last, told by where the next visible character stands."""
    return {past_gap(text, end) for end in ends} - {past_gap(text, len(text)), 0}


def past_gap(text: str, position: int) -> int:
    while position < len(text) and text[position] in INVISIBLE:
        position += 1
    return position


def score(splitter: Splitter, documents: list[Document]) -> tuple[Counts, int]:
    """The counts of these documents, and how many were split without any mistake."""
    counts, exact = Counts(), 0
    for document in documents:
        wanted = boundaries(document.text, document.ends)
        given = boundaries(document.text, splitter(document.text))
        counts = counts.plus(len(wanted & given), len(given - wanted), len(wanted - given))
        exact += wanted == given
    return counts, exact


def print_accuracy(documents: list[Document], splitters: dict[str, Splitter], limit: float) -> None:
    sets: dict[str, list[Document]] = defaultdict(list)
    for document in documents:
        sets[document.set].append(document)
    pooled: dict[str, Counts] = defaultdict(Counts)
    golden = {}
    print_row("Boundary F1", splitters)
    for name, members in sets.items():
        results = {who: in_own_process(score, limit, splitter, members) for who, splitter in splitters.items()}
        for who, result in results.items():
            counts, exact = result or (Counts(missed=sum(len(d.ends) - 1 for d in members)), 0)
            if name == GOLDEN:
                golden[who] = f"{exact}/{len(members)}"
            else:
                pooled[who] = pooled[who].plus(*counts)
        print_row(name, [f"{result[0].f1:.2f}" if result else "too slow" for result in results.values()])
    print_row("all but the golden rules", [f"{pooled[who].f1:.2f}" for who in splitters])
    print_row("golden rules exact", [golden.get(who, "-") for who in splitters])


# Speed and memory


def timed(splitter: Splitter, text: str) -> tuple[float, float]:
    """Seconds and MiB that splitting takes; the best of three when it is fast."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    best = float("inf")
    for _ in range(3):
        began = time.perf_counter()
        splitter(text)
        best = min(best, time.perf_counter() - began)
        if best > 2:
            break
    return best, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024


def print_speed(documents: list[Document], splitters: dict[str, Splitter], limit: float) -> None:
    text = "\n".join(document.text for document in documents if document.set != GOLDEN)
    size = len(text.encode()) / 1e6
    results = {who: in_own_process(timed, limit, splitter, text) for who, splitter in splitters.items()}
    ours = results[OURS]
    assert ours, f"more than {limit} s"
    print()
    print_row(f"Ordinary text, {size:.1f} MB", splitters)
    print_row("MB/s", [f"{size / r[0]:.2f}" if r else "too slow" for r in results.values()])
    print_row(
        "time, ours = 1", [f"{r[0] / ours[0]:.1f}" if r else f"> {limit / ours[0]:.0f}" for r in results.values()]
    )
    print_row("peak memory, MiB more", [f"{r[1]:.0f}" if r else "-" for r in results.values()])


def print_hostile(splitters: dict[str, Splitter], limit: float) -> None:
    print()
    print_row("Hostile input, seconds", [OURS, "twice it", "ratio", *list(splitters)[1:]])
    for name, make in HOSTILE.items():
        once, twice = timed(our_ends, make(1))[0], timed(our_ends, make(2))[0]
        peers = [in_own_process(timed, limit, peer, make(1)) for who, peer in splitters.items() if who != OURS]
        cells = [f"{once:.3f}", f"{twice:.3f}", f"{twice / once:.1f}"]
        print_row(name, cells + [f"{peer[0]:.3f}" if peer else f"> {limit:.0f}" for peer in peers])


def in_own_process(work: Callable[..., Any], limit: float, *arguments: Any) -> Any:
    """What the work returns, or None when it takes too long or fails: some peers hang on long lines."""
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=lambda: sender.send(work(*arguments)))
    process.start()
    sender.close()
    try:
        return receiver.recv() if receiver.poll(limit) else None
    except EOFError:
        return None
    finally:
        process.kill()
        process.join()


def print_row(name: str, cells: Iterable[str]) -> None:
    print(f"{name:26}" + "".join(f"{cell:>15}" for cell in cells), flush=True)


# Fuzzing

FRAGMENTS = [
    *".!?…。！？؟।:;,-–—()[]{}\"'“”‘’«»„¿¡*_•⁃#$/\\@<>0159",
    *" \t\n\r\v\f\x85\xa0\u00ad\u2003\u2028\u2029\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\x1c\x93\x94\x96\0",
    *["\ud800", "\udfff", "😀", "👩\u200d🚀", "❤\ufe0f", "🇺🇸", "e\u0301", "א", "ב", "ب", "क", "漢", "İ", "ß", "ǅ", "²"],
    *["...", ". . .", "?!", "[17]", "[citation needed]", ":)", "\r\n", "\n\n", "1.", "a)", "(1)", "1.)", "(Smith 55)"],
    *["Mr.", "Gen.", "U.S.", "p.m.", "No.", "Inc.", "J.", "I", "e.g.", "Jan.", "Calif.", "St.", "Yahoo!", "etc."],
    *["the", "The", "he said", "Smith asked", "said", "U", "x", "Monday", "3.5", "1990", "http://a.b/c.D", "a@b.c"],
    *[" the quick brown fox jumps over the lazy dog and runs\n", "At 5 ", " 4 Even ", "needed", "vitamin C. "],
]


def fuzz(seconds: float) -> None:
    seed = time.time_ns()
    chance = random.Random(seed)
    deadline, tried, characters, slowest = time.monotonic() + seconds, 0, 0, 0.0
    while time.monotonic() < deadline:
        text = nasty_text(chance)
        began = time.perf_counter()
        spans = split(text)
        slowest = max(slowest, (time.perf_counter() - began) / (len(text) + 1000))
        if fault := why_broken(text, spans):
            sys.exit(f"{fault}\nText: {text!r}")
        tried, characters = tried + 1, characters + len(text)
    print(f"{tried:,} texts of {characters:,} characters were split without a fault (seed {seed}).")
    print(f"The slowest took {slowest * 1e6:.1f} µs a character.")


def nasty_text(chance: random.Random) -> str:
    """Fragments at random, any characters at random, or one fragment over and over."""
    kind, length = chance.random(), int(2 ** chance.uniform(0, 10))
    if kind < 0.2:
        return "".join(chr(chance.randrange(0x110000)) for _ in range(length))
    if kind < 0.4:
        few = chance.sample(FRAGMENTS, 3)
        return "".join(chance.choice(few) for _ in range(length))
    if kind < 0.7:
        return " ".join(chance.choice(FRAGMENTS) for _ in range(length))
    return "".join(chance.choice(FRAGMENTS) for _ in range(length))


if __name__ == "__main__":
    main()
