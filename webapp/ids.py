"""Where the number of a row enters: one that no row can have is refused here and never reaches the database."""

from collections.abc import Iterable

from werkzeug.routing import IntegerConverter, Map

from webapp.domain.errors import NotFound

LARGEST_ID = 2**31 - 1
"""The largest number that a column of either database holds; SQLite alone would take larger ones."""
MOST_DIGITS = len(str(LARGEST_ID))


class RowId(IntegerConverter):
    """The number in an address such as `/articles/<int:article_id>`; a larger one is no address."""

    regex = rf"\d{{1,{MOST_DIGITS}}}"

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=LARGEST_ID)


def whole_number(text: str | None) -> int | None:
    """The number that a field or address carries; None for anything else, also for one larger than an id."""
    number = int(text) if text and text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS else None
    return number if number is not None and number <= LARGEST_ID else None


def row_id(text: str | None) -> int | None:
    """The id by which a list is filtered; None for what is no number. Raises NotFound for one that no row can have."""
    number = whole_number(text)
    if number is None and text and text.isdecimal():
        raise NotFound("There is no row of that number.")
    return number


def row_ids(values: Iterable[str]) -> list[int]:
    """The ids among what a form says, each once; what is none is left out."""
    return list(dict.fromkeys(id_ for value in values if (id_ := row_id(value)) is not None))
