"""What the records of a claim come to, as JSON values and as lines for a terminal."""

from typing import Any

from webapp.domain.corroboration.origins import Count, Origin, proposed
from webapp.domain.terms import Independence, Stance

COUNTS = (
    "n_items",
    "n_origins",
    "independent_supporting",
    "independent_refuting",
    "unknown_supporting",
    "unknown_refuting",
)


def as_json(count: Count) -> dict[str, Any]:
    """Counts, ids of the items of each origin, ids of those derived from the article, and the proposal."""
    proposal = proposed(count)
    return {name: getattr(count, name) for name in COUNTS} | {
        "origins": [[item.id for item in origin.items] for origin in count.origins],
        "derived": [item.id for item in count.derived],
        "proposed_status": proposal.status.value,
        "reason": proposal.reason,
    }


def as_text(count: Count) -> str:
    """The same for people: the proposal, the counts, then each origin with its items."""
    proposal = proposed(count)
    lines = [
        f"  {proposal.status.label.lower()} (proposed): {proposal.reason}",
        f"  {count.n_items} report{_s(count.n_items)}, {count.n_origins} origin{_s(count.n_origins)}",
    ]
    lines += [f"  - {_kind(origin)}: {', '.join(item.id for item in origin.items)}" for origin in count.origins]
    if count.derived:
        lines.append(f"  - from the article itself: {', '.join(item.id for item in count.derived)}")
    return "\n".join(lines)


def _kind(origin: Origin) -> str:
    side = "told both ways" if origin.is_mixed else (origin.side or Stance.NEUTRAL).value
    known = (Independence.INDEPENDENT if origin.is_independent else Independence.UNKNOWN).value
    return f"{side}, {known}" + ("" if origin.side is None or origin.is_credible else ", not credible")


def _s(number: int) -> str:
    return "" if number == 1 else "s"
