"""Runs the browser tests again and again beside busy processes, to find those that fail only on a busy machine.

    python bench/browser_under_load.py [--runs 10] [--busy 2] [words for pytest]

Ends with how many runs passed; exit code 0 when all did.
"""

import argparse
import subprocess
import sys
import time
from pathlib import Path

CHECKOUT = Path(__file__).parent.parent


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=10)
    options.add_argument("--busy", type=int, default=2, help="processes that do nothing but compute")
    given, words = options.parse_known_args()
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(given.busy)]
    try:
        passed = sum(run(number, words) for number in range(1, given.runs + 1))
    finally:
        for process in busy:
            process.kill()
            process.wait()
    print(f"{passed} of {given.runs} runs passed beside {given.busy} busy processes.")
    return 0 if passed == given.runs else 1


def run(number: int, words: list[str]) -> bool:
    begun = time.monotonic()
    command = [sys.executable, "-m", "pytest", "tests/browser", "-q", *words]
    ended = subprocess.run(command, cwd=CHECKOUT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    lines = ended.stdout.rstrip().splitlines()
    print(f"Run {number}, {time.monotonic() - begun:.0f} s: {lines[-1] if lines else 'no output'}", flush=True)
    if ended.returncode:
        print(ended.stdout, flush=True)
    return ended.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
