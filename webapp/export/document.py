"""The tables of columns in docs/export.md, made from the lists of the shapes.

`make columns` writes them anew.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from webapp.domain.export import Column
from webapp.export import (
    articles,
    claims,
    dates,
    evidence,
    gold,
    history,
    long,
    mentions,
    profiles,
    ratings,
    reliability,
    sources,
    wide,
)

PAGE = Path(__file__).parents[2] / "docs" / "export.md"
SHAPES = {
    "long": long.COLUMNS,
    "history": history.COLUMNS,
    "gold": gold.COLUMNS,
    "wide": (*wide.COLUMNS, wide.column_of("C07")),
    "reliability": reliability.COLUMNS,
    "articles": articles.COLUMNS,
    "sources": sources.COLUMNS,
    "ratings": ratings.COLUMNS,
    "claims": claims.COLUMNS,
    "mentions": mentions.COLUMNS,
    "evidence": evidence.COLUMNS,
    "dates": dates.COLUMNS,
    "profiles": profiles.COLUMNS,
}
HEAD = "| column | type | unit | meaning | allowed values |\n|---|---|---|---|---|\n"


def with_tables(page: str) -> str:
    """The page, with each table between `<!-- columns of a shape -->` and `<!-- end -->` made anew."""
    for shape, columns in SHAPES.items():
        before, after = page.split(f"<!-- columns of {shape} -->\n")
        _, end, rest = after.partition("<!-- end -->")
        page = f"{before}<!-- columns of {shape} -->\n{_table(columns)}{end}{rest}"
    return page


def _table(columns: Sequence[Column]) -> str:
    return HEAD + "".join(map(_row, columns))


def _row(column: Column) -> str:
    allowed = ", ".join(f"`{value}`" for value in column.allowed)
    cells = f"`{column.name}`", column.type, column.unit, column.meaning, allowed
    return re.sub(" +", " ", f"| {' | '.join(cells)} |\n")


if __name__ == "__main__":
    PAGE.write_text(with_tables(PAGE.read_text("utf-8")), "utf-8")
