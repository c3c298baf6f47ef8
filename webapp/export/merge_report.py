"""What comes of a package and a project that is here: how many rows are new, the same and different, and which."""

import enum
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field


class Fate(enum.IntEnum):
    """What becomes of a row of a package."""

    NEW = 0
    SAME = 1
    DIFFERENT = 2
    """The one that is here stays as it is."""
    LEFT_OUT = 3
    """It hangs on something that is otherwise here."""
    UNNUMBERED = 4
    """New, but its number is another row’s here, so that it goes by its id."""


COMING = (Fate.NEW, Fate.UNNUMBERED)
MOST_NAMED = 10_000
"""Rows that are named one by one, so that a report of millions of them still fits into memory."""


@dataclass(frozen=True)
class Matched:
    """Who a person of the package is in the project."""

    code: str
    here: str | None = None
    """The code of a member, or none for who comes as a placeholder."""
    is_shown: bool = False
    """Whether their own work, which is here already, shows it."""

    def __str__(self) -> str:
        if self.here is None:
            return f"{self.code} comes as a person of their own"
        return f"{self.code} is {self.here} here, {'as their work shows' if self.is_shown else 'as was said'}"


@dataclass
class MergeReport:
    """Every row of a package beside a project."""

    project: str
    counts: dict[str, Counter[Fate]] = field(default_factory=dict)
    """By what the rows are called."""
    differences: dict[tuple[str, int], str] = field(default_factory=dict)
    """By table and row, what is different; the first ones."""
    left_out: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By what the rows are called, and why."""
    unnumbered: list[str] = field(default_factory=list)
    """Rows that give up their number; the first ones."""
    people: list[Matched] = field(default_factory=list)
    fingerprint: str = ""
    """Of all that would come in: another one where anything has changed meanwhile."""

    def total(self, *fates: Fate) -> int:
        return sum(count[fate] for count in self.counts.values() for fate in fates)

    @property
    def new(self) -> int:
        return self.total(*COMING)

    @property
    def same(self) -> int:
        return self.total(Fate.SAME)

    @property
    def different(self) -> int:
        return self.total(Fate.DIFFERENT)

    @property
    def stays_out(self) -> int:
        return self.total(Fate.LEFT_OUT)

    @property
    def told(self) -> dict[str, int]:
        """The four figures, as they go on record."""
        return {"new": self.new, "same": self.same, "different": self.different, "left_out": self.stays_out}

    @property
    def rows(self) -> list[tuple[str, int, int, int, int]]:
        """Of each kind of rows there are any of: its name, how many are new, the same, different, left out."""
        return [
            (
                noun,
                sum(count[fate] for fate in COMING),
                count[Fate.SAME],
                count[Fate.DIFFERENT],
                count[Fate.LEFT_OUT],
            )
            for noun, count in self.counts.items()
            if count
        ]

    @property
    def number_unnumbered(self) -> int:
        return self.total(Fate.UNNUMBERED)

    @property
    def reasons(self) -> list[str]:
        """Why rows stay out, a sentence for each kind and reason."""
        return [f"{noun}, {count:,} of them: {why}" for (noun, why), count in self.left_out.items()]

    def lines(self) -> Iterator[str]:
        """The whole report, for a shell."""
        for noun, new, same, different, out in self.rows:
            yield f"{noun}: {new:,} new, {same:,} the same, {different:,} different, {out:,} left out"
        for one in self.people:
            yield f"person {one}"
        for line in self.differences.values():
            yield f"different: {line}"
        if (more := self.different - len(self.differences)) > 0:
            yield f"different: and {more:,} more"
        for line in self.reasons:
            yield f"left out: {line}"
        for line in self.unnumbered:
            yield f"number taken here: {line} goes by its id"
        if (more := self.number_unnumbered - len(self.unnumbered)) > 0:
            yield f"number taken here: and {more:,} more"
