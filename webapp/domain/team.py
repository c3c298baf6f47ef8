"""A list of people as somebody pastes it: a name on each line, and what the person does."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from webapp.domain.errors import BadAccount, BadTeam
from webapp.domain.plain_text import clear_name

MOST = 200
LONGEST_NAME = 200
DEFAULT = "analyst"
_BETWEEN = re.compile(r"[,;\t]")


@dataclass(frozen=True)
class Listed:
    """One person on the list."""

    name: str
    roles: frozenset[str]


def team_from(text: str, roles: Collection[str]) -> list[Listed]:
    """The people on the list, one a line: `Ana Silva, analyst`, several roles behind each other, none an analyst.

    Raises BadTeam, with a sentence for each line that does not say it.
    """
    found: list[Listed] = []
    faults: list[str] = []
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not lines:
        raise BadTeam(["Write at least one name."])
    if len(lines) > MOST:
        raise BadTeam([f"That are {len(lines):,} people; {MOST} at once are the most."])
    for number, line in lines:
        try:
            one = _listed(line, roles)
            if one.name.casefold() in {other.name.casefold() for other in found}:
                raise BadAccount(f"“{one.name}” stands there twice; keep one of the two.")
        except BadAccount as refused:
            faults.append(f"Line {number}: {refused}")
        else:
            found.append(one)
    if faults:
        raise BadTeam(faults)
    return found


def _listed(line: str, roles: Collection[str]) -> Listed:
    name, *words = (part.strip() for part in _BETWEEN.split(line))
    said = [word.lower() for part in words for word in part.split()]
    if unknown := [word for word in said if word not in roles]:
        raise BadAccount(f"“{unknown[0]}” is no role; write {', '.join(sorted(roles))} behind the name.")
    clean = clear_name(name, LONGEST_NAME, BadAccount)
    if clean is None:
        raise BadAccount("A person needs a name, before the first comma.")
    return Listed(clean, frozenset(said or [DEFAULT]))
