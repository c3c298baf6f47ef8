"""Which sentences of an article the address asks for."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from webapp.domain.errors import BadFilter
from webapp.domain.terms import Tag


@dataclass(frozen=True)
class Wanted:
    """What is wanted; nothing in a field: all sentences, of the running round."""

    disputed: bool = False
    tag: Tag | None = None
    analyst: str | None = None
    """By code."""
    notes: bool = False
    proposed: bool = False
    """Those that look as if they were no part of the article, and wait for a supervisor to say so."""
    round: str | None = None
    others: bool = False
    """Whether a supervisor wants to see what others said before they hand in an answer of their own."""

    @property
    def is_filtered(self) -> bool:
        return bool(self.disputed or self.tag or self.analyst or self.notes or self.proposed)

    def as_args(self) -> dict[str, Any]:
        """What stands in the address, for links that keep the filters."""
        switches = {name: "1" for name in ("disputed", "notes", "proposed", "others") if getattr(self, name)}
        values = {name: str(value) for name in ("tag", "analyst", "round") if (value := getattr(self, name))}
        return switches | values


def wanted_from(args: Mapping[str, str], rounds: Collection[str]) -> Wanted:
    """The filters in an address; empty values ask for nothing. Raises BadFilter for a tag or round there is not."""
    tag, round_ = args.get("tag", "").strip(), args.get("round", "").strip()
    if tag and tag not in {one.value for one in Tag}:
        raise BadFilter(f"There is no tag “{tag[:60]}”; choose from the list.")
    if round_ and round_ not in rounds:
        raise BadFilter(f"There is no round “{round_[:60]}” in this project; choose from the list.")
    return Wanted(
        disputed=bool(args.get("disputed")),
        tag=Tag(tag) if tag else None,
        analyst=args.get("analyst", "").strip() or None,
        notes=bool(args.get("notes")),
        proposed=bool(args.get("proposed")),
        round=round_ or None,
        others=bool(args.get("others")),
    )
