"""A sample of articles drawn at random, with the chance that each had."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from webapp.domain.errors import BadPlan


@dataclass(frozen=True)
class Sample:
    """Which articles of a frame were drawn."""

    drawn: frozenset[int]
    chances: Mapping[int, tuple[int, int]]
    """Of every article of the frame: how many of its stratum were drawn, of how many; the quotient is its chance."""


EMPTY = Sample(frozenset(), {})


def draw(frame: Mapping[int, str], number: int, *, seed: int) -> Sample:
    """Draw `number` of the articles of a frame, given by id with the stratum of each; without replacement.

    Strata get places in proportion to their size; what is left over goes to the largest remainders (Hamilton), of
    equal ones to those that come first in an order drawn with the seed. A stratum gets one at least as far as there
    are enough, since what has no chance of being drawn cannot be spoken for. The same arguments give the same sample.

    Raises BadPlan for a number that is none of 1 … the size of the frame, or smaller than the number of strata.
    """
    if not 1 <= number <= len(frame):
        raise BadPlan(f"Draw 1 to {len(frame):,} articles; {number:,} were asked for.")
    strata: dict[str, list[int]] = defaultdict(list)
    for article_id in sorted(frame):
        strata[frame[article_id]].append(article_id)
    if number < len(strata):
        raise BadPlan(f"There are {len(strata):,} strata, and each needs an article; draw more, or among all alike.")
    chance = Random(seed)
    places = _places({name: len(ids) for name, ids in strata.items()}, number, chance)
    drawn: set[int] = set()
    chances: dict[int, tuple[int, int]] = {}
    for name, ids in sorted(strata.items()):
        drawn.update(chance.sample(ids, places[name]))
        chances |= dict.fromkeys(ids, (places[name], len(ids)))
    return Sample(frozenset(drawn), chances)


def _places(sizes: Mapping[str, int], number: int, chance: Random) -> dict[str, int]:
    """How many are drawn of each stratum."""
    names = sorted(sizes)
    chance.shuffle(names)
    total = sum(sizes.values())
    quotas = {name: number * sizes[name] / total for name in names}
    places = {name: max(1, math.floor(quotas[name])) for name in names}
    by_remainder = sorted(names, key=lambda name: places[name] - quotas[name])  # stable: equal ones as they were drawn
    while (missing := number - sum(places.values())) > 0:
        for name in [name for name in by_remainder if places[name] < sizes[name]][:missing]:
            places[name] += 1
    while (surplus := sum(places.values()) - number) > 0:
        for name in [name for name in reversed(by_remainder) if places[name] > 1][:surplus]:
            places[name] -= 1
    return places


def draw_for_each(frames: Mapping[int, Sequence[int]], number: int, *, seed: int) -> dict[int, list[int]]:
    """For each person `number` of the articles in their frame, or all where these are fewer, each with an equal chance
    and in the order drawn. The same arguments give the same.
    """
    chance = Random(seed)
    return {who: chance.sample(sorted(ids), min(number, len(ids))) for who, ids in sorted(frames.items())}
