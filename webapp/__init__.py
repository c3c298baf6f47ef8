"""Claimtag: news articles judged sentence by sentence."""

import os

__version__ = "0.1.0"

# Before numpy is loaded: its sums over articles are so short that threads only wait for each other, which takes ten
# times as long and both cores; and with one thread their last digit is the same on every machine.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
