"""Broken rules, each with a sentence fit for the person who broke it."""


class DomainError(Exception):
    """A rule of the product was broken; `str()` of it is shown as it stands."""


class BadAnswer(DomainError):
    """An answer holds a value that the codebook does not know."""


class BadNote(DomainError):
    """A corroboration note holds a value that the codebook does not know."""


class BadArticle(DomainError):
    """An article cannot be taken in as it is."""


class NotFound(DomainError):
    """There is no such row, or none that this person may see: the two look alike on purpose."""


class Unavailable(DomainError):
    """The database cannot be used just now: nothing was saved, and the same may be sent again later."""

    def __init__(self, sentence: str, retry_after: int = 5) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after
        """Seconds after which it is worth another try."""


class BadSetting(DomainError):
    """The settings cannot be used as they are."""
