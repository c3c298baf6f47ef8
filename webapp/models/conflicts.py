"""A write that came too late or in vain: refusals about a row as it stands (all others: `webapp/domain/errors.py`)."""

from webapp.domain.errors import BadArticle, DomainError, NotFound


class Conflict(DomainError):
    """Somebody, or the same person elsewhere, was faster; `current` is the row that counts now."""

    code = "conflict"

    def __init__(self, current: object) -> None:
        super().__init__("This was changed elsewhere in the meantime; choose which of the two is to count.")
        self.current = current


class Gone(DomainError):
    """The article lies in the trash and takes no writes."""

    def __init__(self) -> None:
        super().__init__("The article lies in the trash; nothing can be saved to it until a supervisor restores it.")


class Replaced(NotFound):
    """A repair of the split replaced the sentence."""

    def __init__(self) -> None:
        super().__init__("This sentence was split or merged meanwhile; reload the page and go on with what came of it.")


class Incomplete(DomainError):
    """An article cannot be submitted yet; `gaps` names the sentences and what each still needs."""

    def __init__(self, gaps: list[tuple[int, str]]) -> None:
        super().__init__(f"{len(gaps):,} of the sentences still need something before you can submit.")
        self.gaps = gaps


class AlreadyImported(BadArticle):
    """The same text is in the project already; `article_id` says where."""

    def __init__(self, article_id: int, title: str) -> None:
        super().__init__(f"This text is in the project already, as “{title}”.")
        self.article_id = article_id


class NotOpen(DomainError):
    """A piece of work takes no answers now, or it is not clear which is meant; `current` is what counts there."""

    code: str
    current: object = None


class Locked(NotOpen):
    """The article was submitted; its answers are locked until it is returned."""

    code = "locked"

    def __init__(self) -> None:
        super().__init__("You submitted this article; its answers are locked until it is returned to you.")


class RoundClosed(NotOpen):
    """The round of the work is over; its answers stay as they are."""

    code = "round_closed"

    def __init__(self) -> None:
        super().__init__("This round is closed and its answers stay as they are; ask a supervisor which one runs now.")


class Withdrawn(NotOpen):
    """The work was taken back before it was begun, or handed over to somebody else."""

    code = "withdrawn"

    def __init__(self) -> None:
        super().__init__(
            "This article is not with you any more, withdrawn or handed over; ask a supervisor to hand it to you again."
        )


class SeveralOpen(NotOpen):
    """A write names no piece of work, and more than one is open."""

    code = "several_open"

    def __init__(self) -> None:
        super().__init__("You have this article to do more than once; reload the page, which says for which of them.")


def refuse_closed(
    *,
    is_replaced: bool = False,
    is_trashed: bool = False,
    is_round_closed: bool = False,
    is_submitted: bool = False,
    is_withdrawn: bool = False,
) -> None:
    """Raises Replaced, Gone, RoundClosed, Locked or Withdrawn, for what takes no more writes."""
    if is_replaced:
        raise Replaced
    if is_trashed:
        raise Gone
    if is_round_closed:
        raise RoundClosed
    if is_submitted:
        raise Locked
    if is_withdrawn:
        raise Withdrawn
