"""The figures of a release, as the file tells them that was published."""

import json
from typing import Any


def figures_in(text: str) -> dict[str, Any]:
    """What the file says. Raises ValueError for one that lacks what every release tells."""
    try:
        told = json.loads(text, parse_constant=_no_number)
    except RecursionError:
        raise ValueError("nested too deep") from None
    agreement = _part(told, "agreement")
    tags = _part(agreement, "tags")
    alpha, between, share = (tags.get(name) for name in ("alpha", "alpha_ci", "percent_agreement"))
    is_between = isinstance(between, list) and len(between) == 2 and all(map(_is_number, between))
    if not (
        all(one is None or _is_number(one) for one in (alpha, share))
        and (between is None or is_between)
        and isinstance(tags.get("n_pairable"), int)
        and isinstance(agreement.get("methods_paragraph"), str)
        and all(isinstance(told.get(name), str) for name in ("codebook_version", "codebook_sha256"))
    ):
        raise ValueError("no figures of a release")
    found: dict[str, Any] = told
    return found


def _part(told: Any, name: str) -> dict[str, Any]:
    part = told.get(name) if isinstance(told, dict) else None
    if not isinstance(part, dict):
        raise ValueError(f"no {name}")
    return part


def _is_number(told: Any) -> bool:
    return isinstance(told, int | float) and not isinstance(told, bool)


def _no_number(told: str) -> None:
    raise ValueError(f"{told} is no figure")
