"""Who acts: what visibility, actions and the audit know of a person, a program, or the machine's own shell."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from webapp.models.project import Role


class Via(enum.StrEnum):
    """How somebody came in."""

    SESSION = "session"
    TOKEN = "token"
    SHELL = "shell"
    MACHINE = "machine"


@dataclass(frozen=True)
class Actor:
    """Whoever acts or reads; the shell has no id and reads all, a machine reads nothing of people's answers."""

    id: int | None
    name: str
    is_admin: bool
    roles: Mapping[int, frozenset[Role]]
    """Held in live projects, by the project's id."""
    via: Via

    @property
    def user_id(self) -> int:
        """The id, for what only a person does."""
        if self.id is None:
            raise ValueError(f"Only a person does this, not {self.name}.")
        return self.id

    @property
    def reads_all(self) -> bool:
        return self.via is Via.SHELL and self.id is None

    def has(self, project_id: int, *roles: Role) -> bool:
        """Whether one of these roles is held in the project."""
        return not self.roles.get(project_id, frozenset()).isdisjoint(roles)

    def projects(self, *roles: Role) -> list[int]:
        """Ids of the live projects in which one of these roles is held."""
        return [project_id for project_id in self.roles if self.has(project_id, *roles)]


SHELL = Actor(None, "the shell of this machine", True, {}, Via.SHELL)
NOBODY = Actor(None, "nobody", False, {}, Via.SESSION)
"""Whoever has not signed in."""
