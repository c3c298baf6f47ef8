"""Origins, not links: which reports of a claim rest on one origin, and what status the records propose.

The rule is the codebook's section 9 in exact words (docs/corroboration.md). The order of items never matters.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from webapp.domain.terms import CorroborationStatus, Covers, Credibility, Independence, Reliability, Stance


@dataclass(frozen=True)
class Item:
    """One item of evidence, as far as the rule asks; None is *not recorded*."""

    id: str
    stance: Stance
    independence: Independence
    origin: str | None = None
    same_origin_as: str | None = None
    """The id of another item of the same claim."""
    reliability: Reliability | None = None
    credibility: Credibility | None = None
    covers: Covers | None = None
    """None: the whole claim."""

    @property
    def side(self) -> Stance | None:
        """`supports` or `refutes`; None for what takes no side."""
        return self.stance if self.stance in (Stance.SUPPORTS, Stance.REFUTES) else None

    @property
    def is_incredible(self) -> bool:
        return self.reliability is Reliability.E or self.credibility is Credibility.IMPROBABLE


@dataclass(frozen=True)
class Origin:
    """One origin with its items, by id: at least one."""

    items: tuple[Item, ...]

    @cached_property
    def is_independent(self) -> bool:
        """Whether one of its items, of whatever stance, is marked independent; otherwise it is unknown."""
        return any(item.independence is Independence.INDEPENDENT for item in self.items)

    @property
    def is_mixed(self) -> bool:
        """Whether it is told both ways."""
        return len(self._sides) > 1

    @property
    def side(self) -> Stance | None:
        """The side that all its items take which take one; None for neutral or mixed."""
        return next(iter(self._sides)) if len(self._sides) == 1 else None

    @cached_property
    def is_credible(self) -> bool:
        """False only where every item of its side is unreliable (E) or improbable (5)."""
        side = self.side
        return not all(item.is_incredible for item in self.items if item.side is side)

    @property
    def supports_whole(self) -> bool:
        """Whether it is a credible independent origin that supports, with an item, credible or not, that speaks to the
        whole claim.
        """
        if self.side is not Stance.SUPPORTS or not self.is_independent or not self.is_credible:
            return False
        return any(item.side is Stance.SUPPORTS and item.covers is not Covers.PART for item in self.items)

    @cached_property
    def _sides(self) -> set[Stance]:
        return {item.side for item in self.items if item.side}


@dataclass(frozen=True)
class Count:
    """What the records of one claim come to."""

    n_items: int
    origins: tuple[Origin, ...]
    derived: tuple[Item, ...]
    """Items that come from the article itself: they count for nothing."""

    @property
    def n_origins(self) -> int:
        return len(self.origins)

    @property
    def independent_supporting(self) -> int:
        return self.tally.independent_supporting

    @property
    def independent_refuting(self) -> int:
        return self.tally.independent_refuting

    @property
    def unknown_supporting(self) -> int:
        return self.tally.unknown_supporting

    @property
    def unknown_refuting(self) -> int:
        return self.tally.unknown_refuting

    @cached_property
    def tally(self) -> "Tally":
        credible = [(origin.side, origin.is_independent) for origin in self.origins if origin.is_credible]
        return Tally(
            bool(self.n_items),
            credible.count((Stance.SUPPORTS, True)),
            credible.count((Stance.REFUTES, True)),
            credible.count((Stance.SUPPORTS, False)),
            credible.count((Stance.REFUTES, False)),
            any(origin.supports_whole for origin in self.origins),
            sum(origin.is_mixed for origin in self.origins),
            sum(bool(origin.side) and not origin.is_credible for origin in self.origins),
            len(self.derived),
        )


class Tally(NamedTuple):
    """All that the proposal hangs on: numbers of origins, those of a side credible, and of derived items."""

    has_items: bool
    independent_supporting: int
    independent_refuting: int
    unknown_supporting: int
    unknown_refuting: int
    supports_whole: bool
    """Whether one of the independent supporting origins speaks to the whole claim."""
    told_both_ways: int
    not_credible: int
    derived: int


def counted(items: Iterable[Item], same: Iterable[tuple[str, str]] = ()) -> Count:
    """The items of one claim as origins and what is derived. Ids are unique, and `same_origin_as` names one of them.

    `same` are further pairs of ids that have the same origin.
    """
    ordered = sorted(items, key=lambda item: item.id)
    named = [(item.id, item.same_origin_as) for item in ordered if item.same_origin_as]
    named += same
    linked = _parts(ordered, named)
    derived = {
        item.id for part in linked if any(item.independence is Independence.DERIVED for item in part) for item in part
    }
    others = [item for item in ordered if item.id not in derived]
    ties = [(one, other) for one, other in named if one not in derived]
    first_of: dict[str, str] = {}
    for item in others:
        if key := origin_key(item.origin or ""):
            ties.append((first_of.setdefault(key, item.id), item.id))
    origins = tuple(Origin(tuple(part)) for part in _parts(others, ties))
    return Count(len(ordered), origins, tuple(item for item in ordered if item.id in derived))


def origin_key(origin: str) -> str:
    """The words of an origin as they are compared: case folded, NFKC, white space collapsed, punctuation (category P)
    and white space dropped at the ends, until nothing changes. Empty equals nothing.
    """
    while True:
        key = " ".join(unicodedata.normalize("NFKC", origin.casefold()).split())
        while key and _is_edge(key[0]):
            key = key[1:]
        while key and _is_edge(key[-1]):
            key = key[:-1]
        if key == origin:
            return key
        origin = key


def _is_edge(char: str) -> bool:
    return char.isspace() or unicodedata.category(char).startswith("P")


def _parts(items: Sequence[Item], ties: Sequence[tuple[str, str]]) -> list[list[Item]]:
    """The items in connected parts, each in the order given, parts by their first item."""
    if not ties:
        return [[item] for item in items]
    root = {item.id: item.id for item in items}

    def find(id_: str) -> str:
        while root[id_] != id_:
            root[id_] = id_ = root[root[id_]]
        return id_

    for one, other in ties:
        root[find(one)] = find(other)
    parts: dict[str, list[Item]] = {}
    for item in items:
        parts.setdefault(find(item.id), []).append(item)
    return list(parts.values())


# ---- the proposal


@dataclass(frozen=True)
class Proposal:
    """The status that the records propose, and why; what a person decides is theirs."""

    status: CorroborationStatus
    reason: str


def proposed(count: Count) -> Proposal:
    """The first row of the table that fits."""
    return proposed_by(count.tally)


@lru_cache(maxsize=1_000)
def proposed_by(count: Tally) -> Proposal:
    """The same of the numbers alone."""
    supporting, refuting = count.independent_supporting, count.independent_refuting
    unknown_for, unknown_against = count.unknown_supporting, count.unknown_refuting
    if not count.has_items:
        return Proposal(CorroborationStatus.NOT_STARTED, "Nobody has entered an item.")
    is_supported, is_refuted = bool(supporting or unknown_for), bool(refuting or unknown_against)
    if is_supported and is_refuted:
        return _contested(count)
    if refuting:
        return _said(CorroborationStatus.CONTRADICTED, f"{_of(refuting)} refuting it, none that supports it", count)
    if count.supports_whole:
        whole = "the whole claim" if supporting == 1 else "it, one of them the whole claim"
        reason = f"{_of(supporting)} supporting {whole}, none that refutes it"
        return _said(CorroborationStatus.CORROBORATED, reason, count)
    if supporting:
        part = "but only a part of the claim" if supporting == 1 else "but each only a part of the claim"
        reason = f"{_of(supporting)} supporting it, {part}"
        return _said(CorroborationStatus.PARTIALLY_CORROBORATED, reason, count)
    if unknown_for:
        reason = f"support comes from {_of(unknown_for, 'of unknown independence')} only"
        return _said(CorroborationStatus.PARTIALLY_CORROBORATED, reason, count)
    if unknown_against:
        reason = f"it is refuted, but only by {_of(unknown_against, 'of unknown independence')}"
        return _said(CorroborationStatus.UNCORROBORATED, reason, count)
    return _said(CorroborationStatus.UNCORROBORATED, "no credible origin stands on one side", count)


def _contested(count: Tally) -> Proposal:
    """Rows 2 and 6; where independence is unknown they go beyond the codebook, and say so."""
    sides = {
        "supporting": (count.independent_supporting, count.unknown_supporting),
        "refuting": (count.independent_refuting, count.unknown_refuting),
    }
    told = [f"{_kinds(independent, unknown)} {side} it" for side, (independent, unknown) in sides.items()]
    reason = f"credible origins stand on both sides: {', '.join(told)}"
    if not all(independent for independent, _ in sides.values()):
        weak = [side for side, (independent, _) in sides.items() if not independent]
        reason += f". The codebook asks for independent origins on both sides; here the {' and the '.join(weak)} side "
        reason += "has none that is known to be" if len(weak) == 1 else "have none that are known to be"
    return _said(CorroborationStatus.CONTESTED, reason, count)


def _kinds(independent: int, unknown: int) -> str:
    kinds = {"independent": independent, "of unknown independence": unknown}
    return " and ".join(f"{number} {kind}" for kind, number in kinds.items() if number)


def _of(number: int, kind: str = "independent") -> str:
    if kind == "independent":
        return f"{number} independent origin{'s' if number > 1 else ''}"
    return f"{number} origin{'s' if number > 1 else ''} {kind}"


def _said(status: CorroborationStatus, reason: str, count: Tally) -> Proposal:
    """The proposal, with what was left out named: origins told both ways, incredible ones, what is derived."""
    left_out: Mapping[str, int] = {
        "told both ways, which counts for neither side": count.told_both_ways,
        "not credible (E or 5)": count.not_credible,
    }
    named = [f"{number} origin{'s' if number > 1 else ''} {why}" for why, number in left_out.items() if number]
    if count.derived:
        named.append(f"{count.derived} item{'s' if count.derived > 1 else ''} derived from the article")
    aside = f" Left out: {'; '.join(named)}." if named else ""
    return Proposal(status, f"{reason[0].upper()}{reason[1:]}.{aside}")
