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
