"""One row, or NotFound."""

from typing import TypeVar

from sqlalchemy import Select

from webapp.db import db
from webapp.domain.errors import NotFound

Row = TypeVar("Row")


def one(query: Select[Row], noun: str) -> Row:
    """The one row of the query. Raises NotFound."""
    row = db.session.scalar(query)
    if row is None:
        raise NotFound(f"There is no such {noun}, or it is not shared with you.")
    return row
