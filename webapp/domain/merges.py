"""Which entries are one: each merged double leads to the one that stands for it, and never back to itself."""

from collections.abc import Hashable, Mapping
from typing import TypeVar
from uuid import UUID

from webapp.domain.errors import DomainError

Id = TypeVar("Id", bound=Hashable)


def root_of(id_: Id, merges: Mapping[Id, Id]) -> Id:
    """The entry that stands for this one, `merges` telling into which each merged entry went."""
    seen = {id_}
    while (into := merges.get(id_)) is not None and into not in seen:
        id_ = into
        seen.add(into)
    return id_


def in_circles(merges: Mapping[Id, Id]) -> list[Id]:
    """Of all that was merged what leads to no end."""
    steps = steps_to_end(merges)
    return [id_ for id_ in merges if steps[id_] is None]


def steps_to_end(merges: Mapping[Id, Id]) -> dict[Id, int | None]:
    """Of all that was merged how many merges lie before its end, None where there is none; each way is gone once."""
    steps: dict[Id, int | None] = {}
    for id_ in merges:
        way: dict[Id, None] = {}
        while id_ in merges and id_ not in steps and id_ not in way:
            way[id_] = None
            id_ = merges[id_]
        left = None if id_ in way else steps.get(id_, 0)
        for n, passed in enumerate(reversed(way), start=1):
            steps[passed] = None if left is None else left + n
    return steps


def refuse_circle(
    id_: UUID,
    into_id: UUID,
    merges: Mapping[UUID, UUID],
    error: type[DomainError],
    noun: str,
) -> None:
    """Raises `error` where the merge would lead an entry back to itself."""
    if id_ == into_id:
        raise error(f"A {noun} cannot be merged into itself; choose another one.")
    if root_of(into_id, {merged: into for merged, into in merges.items() if merged != id_}) == id_:
        raise error(f"That {noun} was merged into this one already; take that merge back first.")
