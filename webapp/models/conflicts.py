"""A write that came too late or in vain, each with a sentence for the person who sent it."""

from webapp.domain.errors import DomainError


class Conflict(DomainError):
    """Somebody, or the same person elsewhere, was faster; `current` is the row that counts now."""

    def __init__(self, current: object) -> None:
        super().__init__("This was changed elsewhere in the meantime; choose which of the two is to count.")
        self.current = current


class Gone(DomainError):
    """The article lies in the trash and takes no writes."""


class Incomplete(DomainError):
    """An article cannot be submitted yet; `gaps` names the sentences and what each still needs."""

    def __init__(self, gaps: list[tuple[int, str]]) -> None:
        super().__init__(f"{len(gaps):,} of the sentences still need something before you can submit.")
        self.gaps = gaps


class Locked(DomainError):
    """The article was submitted; its answers are locked until it is returned."""
