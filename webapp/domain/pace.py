"""How long somebody takes for a sentence: the median, which one long break does not move."""

from collections.abc import Iterable
from statistics import median


def median_of(seconds: Iterable[int | None]) -> int | None:
    """The median of the seconds that were recorded, in whole ones; None where none were."""
    known = [one for one in seconds if one is not None]
    return round(median(known)) if known else None
