"""Hands articles to analysts by a plan: exact overlap, even loads, even pairs, everyone in an order of their own."""

import math
from collections import Counter, deque
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, cycle, islice
from random import Random
from typing import NamedTuple

from webapp.domain.errors import BadPlan, BadProject

# The search that evens out pairs cools in these steps; a step is so many random swaps.
TEMPERATURES = (0.25, 0.23, 0.21, 0.19, 0.17, 0.13, 0.1, 0.0)
SWAPS_A_STEP = 15_000


MOST_ANALYSTS = 1_000
"""That an article may be meant for."""


def check_overlap(overlap: int) -> None:
    """Raises BadProject for a number of analysts that no article can be meant for."""
    if not 1 <= overlap <= MOST_ANALYSTS:
        raise BadProject("The overlap is how many analysts tag each article: 1 or more.")


class Assigned(NamedTuple):
    """One article in the hands of one analyst, at a place (from 1) in that analyst's order."""

    article: int
    analyst: int
    position: int


@dataclass(frozen=True)
class Plan:
    """What is to be handed out, and what everybody would then have; nothing is carried out yet."""

    new: tuple[Assigned, ...]
    loads: Mapping[int, int]
    """Articles per analyst, with those assigned already."""
    pairs: Mapping[tuple[int, int], int]
    """Articles that two analysts share, with those assigned already; the smaller id comes first."""
    for_all: int
    """How many of the articles everybody would have."""

    @property
    def least_shared(self) -> int:
        """Articles, of the two analysts who share fewest."""
        return min(self.pairs.values())

    @property
    def most_shared(self) -> int:
        return max(self.pairs.values())


def plan(
    articles: Iterable[int],
    analysts: Iterable[int],
    overlap: int,
    *,
    seed: int,
    share: float = 0.0,
    existing: Iterable[Assigned] = (),
) -> Plan:
    """The assignments that are missing until every article has `overlap` analysts and a share of them everybody.

    The same arguments give the same plan, in whatever order the ids come. Nothing in `existing` is taken away or
    doubled, and all of it counts: in loads, pairs and overlap, also for articles and analysts not named here
    (an article that has more than `overlap` keeps them). New positions follow the analyst's last one.

    Guaranteed: the overlap; nobody twice; loads within one of each other from an even start, and otherwise as
    even as new assignments can make them (least sum of squares); `share` of the articles, rounded half up, for
    all, first those that most analysts have already.

    Pairs come second to loads. From an even start their counts lie within one of each other for one or two
    analysts an article, and are equal after each whole cycle through all groups of analysts. Else they are
    evened out by a search of fixed length: it meets the least sum of squares in small plans nearly always
    (block designs of some dozen articles among them), but for three and more analysts an article that is not
    proved, and thousands of articles in wide groups may end with counts a few articles apart.

    Raises BadPlan.
    """
    wanted, people = sorted(set(articles)), sorted(set(analysts))
    _check(wanted, people, overlap, share)
    chance = Random(seed)
    chance.shuffle(wanted)
    chance.shuffle(people)
    existing = list(existing)
    deal = _Deal(people, wanted, existing, chance)
    _for_all(deal, math.floor(share * len(wanted) + 0.5 + 1e-9))
    _to_overlap(deal, overlap)
    return Plan(_in_order(deal, existing, seed), *_figures(deal))


def _check(articles: Collection[int], analysts: Collection[int], overlap: int, share: float) -> None:
    if not articles:
        raise BadPlan("There are no articles to hand out; choose some first.")
    if not analysts:
        raise BadPlan("There are no analysts to hand articles to; add some to the project first.")
    if overlap < 1:
        raise BadPlan("Each article needs at least one analyst; set the overlap to 1 or more.")
    if overlap > len(analysts):
        have = "is only 1 analyst" if len(analysts) == 1 else f"are only {len(analysts)} analysts"
        raise BadPlan(f"{overlap} analysts an article are wanted, but there {have}; lower the overlap or add analysts.")
    if not 0 <= share <= 1:
        raise BadPlan("The share of articles for all analysts must lie between 0 and 1 (0 % and 100 %).")


# ---- the state of the deal


class _Deal:
    """Who has what so far. Analysts are numbered 0, 1, … in the shuffled order of `people`."""

    def __init__(self, people: list[int], articles: list[int], existing: list[Assigned], chance: Random) -> None:
        self.people, self.articles, self.chance = people, articles, chance
        self.load = [0] * len(people)
        self.pair = [[0] * len(people) for _ in people]
        self.members: dict[int, set[int]] = {article: set() for article in articles}
        self.gone: Counter[int] = Counter()
        self.given: dict[int, list[int]] = {article: [] for article in articles}
        number = {person: n for n, person in enumerate(people)}
        for article, analyst in sorted({(row.article, row.analyst) for row in existing}):
            if analyst in number:
                self._enter(article, number[analyst])
            else:
                self.gone[article] += 1

    def give(self, article: int, analyst: int) -> None:
        self._enter(article, analyst)
        self.given[article].append(analyst)

    def _enter(self, article: int, analyst: int) -> None:
        row, members = self.pair[analyst], self.members.setdefault(article, set())
        for other in members:
            row[other] += 1
            self.pair[other][analyst] += 1
        members.add(analyst)
        self.load[analyst] += 1

    def move(self, article: int, giver: int, taker: int) -> None:
        """Let the taker have an article that was newly given to the giver."""
        members, given = self.members[article], self.given[article]
        members.remove(giver)
        for other in members:
            self._shift(giver, other, -1)
            self._shift(taker, other, +1)
        members.add(taker)
        given[given.index(giver)] = taker
        self.load[giver] -= 1
        self.load[taker] += 1

    def _shift(self, one: int, other: int, by: int) -> None:
        self.pair[one][other] += by
        self.pair[other][one] += by

    def pair_counts(self) -> list[int]:
        return [self.pair[one][other] for one, other in combinations(range(len(self.people)), 2)]

    def is_even(self) -> bool:
        return len(set(self.load)) == 1 and len(set(self.pair_counts())) <= 1


# ---- who gets what


def _for_all(deal: _Deal, count: int) -> None:
    for article in sorted(deal.articles, key=lambda article: -len(deal.members[article]))[:count]:
        for analyst in range(len(deal.people)):
            if analyst not in deal.members[article]:
                deal.give(article, analyst)


def _to_overlap(deal: _Deal, overlap: int) -> None:
    missing = {article: overlap - len(deal.members[article]) - deal.gone[article] for article in deal.articles}
    short = [article for article in deal.articles if missing[article] > 0]
    if deal.is_even() and all(missing[article] == overlap for article in short):
        short = _deal_cycles(deal, short, overlap)
    # Where the choice is narrow goes first: the others can still make up for it.
    short.sort(key=lambda article: len(deal.people) - len(deal.members[article]) - missing[article])
    for article in short:
        for analyst in _fitting(deal, article, missing[article]):
            deal.give(article, analyst)
    _even_loads(deal, short)
    _even_pairs(deal, short)


def _deal_cycles(deal: _Deal, articles: list[int], size: int) -> list[int]:
    """Deal whole cycles through all groups of analysts, pairs to the last article; what is left is returned."""
    if size == 2:
        groups: Iterable[tuple[int, ...]] = cycle(_pairs_in_turn(len(deal.people)))
        whole = len(articles)
    else:
        number = math.comb(len(deal.people), size)
        whole = len(articles) // number * number
        groups = cycle(combinations(range(len(deal.people)), size)) if whole else ()
    for article, group in zip(islice(articles, whole), groups, strict=False):
        for analyst in group:
            deal.give(article, analyst)
    return articles[whole:]


def _pairs_in_turn(people: int) -> list[tuple[int, int]]:
    """Every pair once, in an order whose every beginning has loads within one of each other.

    An even number meets as in a round-robin tournament. An odd number goes round Walecki's cycles through
    everybody, two steps at a time: each cycle is walked twice, and everybody comes up in the same order both times.
    """
    ring, last = people - 1, people - 1
    if people % 2 == 0:
        rounds = [
            [(last, turn), *(((turn + k) % ring, (turn - k) % ring) for k in range(1, people // 2))]
            for turn in range(ring)
        ]
        return [pair for met in rounds for pair in met]
    zigzag = [(k + 1) // 2 if k % 2 else -(k // 2) for k in range(ring)]
    pairs = []
    for turn in range(ring // 2):
        walk = [last, *((step + turn) % ring for step in zigzag)] * 2
        pairs += list(zip(walk[::2], walk[1::2], strict=True))
    return pairs


def _fitting(deal: _Deal, article: int, count: int) -> list[int]:
    """Those with the least load who do not have the article; among equals, who shared least with its analysts."""
    members = deal.members[article]
    start = deal.chance.randrange(len(deal.people))
    free = [n for n in (*range(start, len(deal.people)), *range(start)) if n not in members]
    most = sorted(deal.load[n] for n in free)[count - 1]
    chosen = [n for n in free if deal.load[n] < most]
    together = [*members, *chosen]
    shared = {n: sum(map(deal.pair[n].__getitem__, together)) for n in free if deal.load[n] == most}
    while len(chosen) < count:
        best = min(shared, key=shared.__getitem__)
        del shared[best]
        chosen.append(best)
        row = deal.pair[best]
        for n in shared:
            shared[n] += row[n]
    return chosen


# ---- even loads


def _even_loads(deal: _Deal, articles: list[int]) -> None:
    """Pass new assignments on, from hand to hand, as long as someone with two more can relieve someone with less.

    When no such chain is left, no other way to hand out the same articles has a smaller sum of squared loads.
    """
    if max(deal.load) - min(deal.load) <= 1:
        return
    given: list[set[int]] = [set() for _ in deal.people]
    for article in articles:
        for analyst in deal.given[article]:
            given[analyst].add(article)
    while chain := _first_chain(deal, given):
        for article, one, other in chain:
            deal.move(article, one, other)
            given[one].remove(article)
            given[other].add(article)


def _first_chain(deal: _Deal, given: list[set[int]]) -> list[tuple[int, int, int]]:
    by_load = sorted(range(len(deal.people)), key=lambda analyst: -deal.load[analyst])
    return next(filter(None, (_chain(deal, given, giver) for giver in by_load)), [])


def _chain(deal: _Deal, given: list[set[int]], giver: int) -> list[tuple[int, int, int]]:
    """The shortest chain of moves (article, from, to) to someone with at least two fewer; empty: there is none."""
    came: dict[int, tuple[int, int]] = {giver: (0, giver)}
    queue = deque([giver])
    while queue:
        one = queue.popleft()
        for other in range(len(deal.people)):
            if other in came:
                continue
            article = min((a for a in given[one] if other not in deal.members[a]), default=None)
            if article is None:
                continue
            came[other] = (article, one)
            if deal.load[other] <= deal.load[giver] - 2:
                return list(_back(came, giver, other))
            queue.append(other)
    return []


def _back(came: dict[int, tuple[int, int]], giver: int, taker: int) -> Iterator[tuple[int, int, int]]:
    while taker != giver:
        article, one = came[taker]
        yield article, one, taker
        taker = one


# ---- even pairs


def _even_pairs(deal: _Deal, articles: list[int]) -> None:
    """Swap analysts between two articles, which leaves loads as they are, until pairs are as even as they can be.

    Simulated annealing on the sum of squared pair counts: swaps that make it larger are taken now and then,
    less and less often, so that the search gets out of dead ends.
    """
    articles = [article for article in articles if deal.given[article]]
    excess = sum(count * count for count in deal.pair_counts()) - _least_squares(deal, articles)
    if len(articles) < 2 or excess <= 0:
        return
    for temperature in TEMPERATURES:
        allowed = [math.exp(-worse / temperature) if temperature else 0.0 for worse in range(1, 6)]
        for _ in range(SWAPS_A_STEP):
            excess += _try_swap(deal, articles, allowed)
            if excess <= 0:
                return


def _least_squares(deal: _Deal, articles: list[int]) -> int:
    """A sum of squared pair counts below which no swaps lead: all pairs as even as whole numbers are."""
    least = _even_squares(sum(deal.pair_counts()), math.comb(len(deal.people), 2))
    if len({len(deal.members[article]) for article in articles}) == 1:
        # Then nobody's sum of counts changes by a swap, and each row has a least of its own.
        least = max(least, -(-sum(_even_squares(sum(row), len(row) - 1) for row in deal.pair) // 2))
    return least


def _even_squares(total: int, cells: int) -> int:
    """The sum of squares when `total` is spread as evenly as possible over the cells."""
    if cells == 0:
        return 0
    each, over = divmod(total, cells)
    return (cells - over) * each * each + over * (each + 1) ** 2


def _try_swap(deal: _Deal, articles: list[int], allowed: list[float]) -> int:
    """Exchange two analysts of two random articles if that pays or luck has it; by how much the squares grew."""
    draw = deal.chance.random
    first, second = articles[int(draw() * len(articles))], articles[int(draw() * len(articles))]
    one = deal.given[first][int(draw() * len(deal.given[first]))]
    other = deal.given[second][int(draw() * len(deal.given[second]))]
    of_first, of_second = deal.members[first], deal.members[second]
    if one == other or other in of_first or one in of_second:
        return 0
    row_one, row_other = deal.pair[one], deal.pair[other]
    growth = 0
    for member in of_first:
        if member != one and member not in of_second:
            growth += row_other[member] - row_one[member] + 1
    for member in of_second:
        if member != other and member not in of_first:
            growth += row_one[member] - row_other[member] + 1
    if growth > 0 and (growth > len(allowed) or draw() >= allowed[growth - 1]):
        return 0
    deal.move(first, one, other)
    deal.move(second, other, one)
    return 2 * growth


# ---- the plan


def _in_order(deal: _Deal, existing: Iterable[Assigned], seed: int) -> tuple[Assigned, ...]:
    """The new assignments, each analyst's in an order of their own, behind what they have."""
    last: Counter[int] = Counter()
    for row in existing:
        last[row.analyst] = max(last[row.analyst], row.position)
    received: dict[int, list[int]] = {person: [] for person in sorted(deal.people)}
    for article in sorted(deal.articles):
        for analyst in deal.given[article]:
            received[deal.people[analyst]].append(article)
    for person, articles in received.items():
        Random(f"{seed} {person}").shuffle(articles)
    return tuple(
        Assigned(article, person, position)
        for person, articles in received.items()
        for position, article in enumerate(articles, last[person] + 1)
    )


def _figures(deal: _Deal) -> tuple[dict[int, int], dict[tuple[int, int], int], int]:
    """Loads, pairs and the number of articles that everybody has."""
    by_id = sorted((person, n) for n, person in enumerate(deal.people))
    loads = {person: deal.load[n] for person, n in by_id}
    pairs = {(one, other): deal.pair[n][m] for (one, n), (other, m) in combinations(by_id, 2)}
    return loads, pairs, sum(len(deal.members[article]) == len(deal.people) for article in deal.articles)
